#include "app/value_field.h"

#include <QKeyEvent>

#include "app/numbers.h"
#include "app/theme.h"

namespace argscope::app {

ValueField::ValueField(QWidget* parent) : QLineEdit(parent) {
  setAlignment(Qt::AlignRight);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(this, &QLineEdit::returnPressed, this, &ValueField::commit);
  show_number();
}

QSize ValueField::sizeHint() const {
  return {fontMetrics().horizontalAdvance(QStringLiteral("−0.000000e−00")), QLineEdit::sizeHint().height()};
}

void ValueField::set_number(double value) {
  number_ = value;
  if (!hasFocus() || !isModified()) show_number();
}

bool ValueField::readable_text() const { return !isModified() || std::holds_alternative<double>(parse_number(text())); }

void ValueField::show_number() {
  setText(hasFocus() ? exact(number_) : readable(number_, 6));
  setModified(false);
  setCursorPosition(0);
  complain({});
}

void ValueField::commit() {
  if (!isModified()) return;
  const std::variant<double, QString> parsed = parse_number(text());
  if (const QString* reason = std::get_if<QString>(&parsed)) return complain(*reason);
  number_ = std::get<double>(parsed);
  show_number();
  emit typed(number_);
}

void ValueField::complain(const QString& reason) {
  setToolTip(reason.isEmpty() ? exact(number_) : reason);
  setAccessibleDescription(reason);
  QPalette colors = parentWidget() ? parentWidget()->palette() : QPalette();
  if (!reason.isEmpty()) colors.setColor(QPalette::Text, colors_of(colors).bad);
  setPalette(reason.isEmpty() ? QPalette() : colors);
}

void ValueField::focusInEvent(QFocusEvent* event) {
  QLineEdit::focusInEvent(event);
  if (!isModified()) show_number();
  selectAll();
}

void ValueField::focusOutEvent(QFocusEvent* event) {
  QLineEdit::focusOutEvent(event);
  commit();
  if (!isModified()) show_number();
}

void ValueField::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Escape) return QLineEdit::keyPressEvent(event);
  show_number();
}

}  // namespace argscope::app
