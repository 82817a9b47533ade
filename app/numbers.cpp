#include "app/numbers.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

#include "core/expr/language.h"
#include "core/expr/program.h"

namespace argscope::app {
namespace {

class NoNames : public expr::Names {
 public:
  std::optional<expr::Id> find(std::string_view) override { return std::nullopt; }
  std::vector<std::string> all() const override { return {}; }
};

QString words(const char* text) { return QCoreApplication::translate("numbers", text); }

double evaluate(const QString& text) {
  expr::Graph graph;
  NoNames names;
  const expr::Id id = expr::compile(graph, {text.toStdString(), {}}, names);
  const expr::Array array = expr::evaluate_constant(graph, id);
  if (array.values.size() != 1) throw expr::ShapeError(array.shape.str());
  return array.values.front();
}

}  // namespace

std::variant<double, QString> parse_number(const QString& text) {
  QString plain = text.trimmed();
  plain.replace(QChar(0x2212), u'-');
  if (plain.isEmpty()) return words("type a number, such as 1e-3 or 2*pi");
  bool literal = false;
  QLocale plainly = QLocale::c();
  plainly.setNumberOptions(QLocale::RejectGroupSeparator);  // to some a comma is the point: 1,000 is no number here
  double value = plainly.toDouble(plain, &literal);
  try {
    if (!literal) value = evaluate(plain);
  } catch (const expr::TextError& error) {
    return QString::fromStdString(error.message());
  } catch (const expr::ShapeError& error) {
    return words("expected one number, not an array: %1").arg(QString::fromStdString(error.what()));
  }
  if (!std::isfinite(value)) return words("the value is not finite");
  return value;
}

QString readable(double value, int digits) {
  if (std::isnan(value)) return words("undefined");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  QString text = QString::number(value, 'g', digits);
  text.replace(u'-', QChar(0x2212));
  return text;
}

QString exact(double value) { return QString::number(value, 'g', QLocale::FloatingPointShortest); }

QString readable_time(double seconds) {
  if (seconds < 1) return QStringLiteral("%1 ms").arg(QString::number(seconds * 1e3, 'g', 3));
  return QStringLiteral("%1 s").arg(QString::number(seconds, 'g', 3));
}

}  // namespace argscope::app
