#include "app/exports.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QRegularExpression>

#include "app/jacobian_model.h"
#include "app/numbers.h"
#include "core/io/arrays.h"
#include "core/io/lower_case.h"

namespace argscope::app {
namespace {

constexpr int largest_side = 16384;

std::string text_of(double value) { return exact(value).toStdString(); }

/// The scene as the command line finds it again: a built-in's name, or the path.
QString scene_argument(const io::Scene& scene) {
  for (const std::filesystem::path& path : io::built_in_scenes(io::Paths::standard()))
    if (path == scene.path) return QString::fromStdString(scene.name);
  return scene.path.empty() ? QStringLiteral("scene.toml") : QString::fromStdString(scene.path.string());
}

/// A parameter's value as --set takes it: a number, or a flat or nested JSON array.
QString json_value(const optimality::Parameter& parameter, const double* values, int axis, Index& at) {
  if (axis == parameter.value.shape.rank()) return exact(values[at++]);
  QStringList parts;
  for (Index k = 0; k < parameter.value.shape[axis]; ++k) parts << json_value(parameter, values, axis + 1, at);
  return u'[' + parts.join(QStringLiteral(", ")) + u']';
}

QString numbers_in_a_row(const Vec& values, Index first, Index count) {
  QStringList parts;
  for (Index k = first; k < first + count; ++k) parts << exact(values(k));
  return parts.join(QStringLiteral(", "));
}

/// How the scene's text says that it is solved, before a person chose otherwise.
Method as_written(const io::Scene& scene) {
  io::Choices choices;
  for (const optimality::Choice& choice : scene.statement->choices) choices[choice.name] = choice.value;
  try {
    return method_of(io::parse_scene(scene.text, scene.path, io::Paths::standard(), choices));
  } catch (const std::exception&) {
    return {};  // its data are gone: then everything is said
  }
}

/// The options that say how x* and its derivative are found, where that is not what the scene's text says. Without an
/// end that the text states, the solver gets more steps than it takes.
QStringList method_options(const io::Scene& scene) {
  constexpr int no_end = 1'000'000;
  QStringList words;
  const auto add = [&](const char* option, const std::string& value, const std::string& written) {
    if (value != written) words << QLatin1String(option) << quoted(QString::fromStdString(value));
  };
  const Method method = method_of(scene), written = as_written(scene);
  add("--condition", method.condition, written.condition);
  add("--solver", method.solver, written.solver);
  add("--method", method.estimator, written.estimator);
  add("--linear-solver", method.linear_solver, written.linear_solver);
  add("--tolerance", text_of(method.tolerance), text_of(written.tolerance));
  if (method.iterations != written.iterations)
    words << QStringLiteral("--iterations") << QString::number(method.iterations.value_or(no_end));
  if (method.step && method.step != written.step)
    words << QStringLiteral("--step") << QString::fromStdString(text_of(*method.step));
  add("--decay", text_of(method.decay), text_of(written.decay));
  return words;
}

}  // namespace

std::map<std::string, std::string> metadata_of(const live::Snapshot& state, const SavedSession& session) {
  std::map<std::string, std::string> data;
  data["Software"] = "Argscope " ARGSCOPE_VERSION;
  data["Title"] = state.scene->title;
  data["scene"] = state.scene->name;
  for (const auto& [name, value] : session.choices) data[name] = std::to_string(value);
  for (const Knob& knob : knobs_of(*state.scene->statement))
    if (state.theta.size() <= 64) data["theta " + knob.name.toStdString()] = text_of(state.theta(knob.index));
  data["solver"] = state.solution.solver;
  data["status"] = std::string(solve::name(state.solution.status));
  data["condition"] = state.scene->solve.condition;
  data["estimator"] = state.scene->differentiate.method;
  data["tolerance"] = text_of(state.scene->solve.tolerance);
  data["residual"] = text_of(state.solution.relative_residual);
  if (state.has_jacobian) {
    data["derivative"] = state.trust.defined ? "defined" : "undefined: " + state.trust.reason;
    data["linear residual"] = text_of(state.trust.linear_residual);
  }
  data["camera"] = session.camera;
  data[session_key] = to_json(session);
  return data;
}

QString state_as_text(const live::Snapshot& state) {
  QStringList lines{QString::fromStdString(state.scene->title)};
  for (const Knob& knob : knobs_of(*state.scene->statement))
    lines << QStringLiteral("%1 = %2").arg(knob.name, exact(state.theta(knob.index)));
  if (state.solution.status != solve::Status::Converged) {
    lines << QStringLiteral("no solution: %1")
                 .arg(QString::fromStdString(std::string(solve::name(state.solution.status))));
    return lines.join(u'\n') + u'\n';
  }
  const optimality::ModelPtr& model = state.solution.model;
  if (model && state.solution.x.size() == model->size()) {
    for (const optimality::Slot& slot : model->variables())
      lines << QStringLiteral("%1* = [%2]")
                   .arg(QString::fromStdString(slot.name),
                        numbers_in_a_row(state.solution.x, slot.offset, slot.size()));
  }
  for (const optimality::NamedText& output : state.scene->statement->outputs) {
    const live::Field* field = state.field(output.name);
    if (field)
      lines << QStringLiteral("%1 = %2").arg(QString::fromStdString(output.name),
                                             numbers_in_a_row(field->value, 0, field->value.size()));
  }
  return lines.join(u'\n') + u'\n';
}

QString quoted(const QString& word) {
  static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:=,+-]+$"));
  if (plain.match(word).hasMatch()) return word;
  QString inside = word;
  return u'\'' + inside.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString as_command(const live::Snapshot& state) {
  QStringList words{QStringLiteral("argscope"), QStringLiteral("jacobian"), quoted(scene_argument(*state.scene))};
  for (const optimality::Choice& choice : state.scene->statement->choices)
    words << QStringLiteral("--set")
          << QStringLiteral("%1=%2").arg(QString::fromStdString(choice.name)).arg(choice.value);
  Index offset = 0;
  for (const optimality::Parameter& parameter : state.scene->statement->parameters) {
    Index at = 0;
    const QString value = json_value(parameter, state.theta.data() + offset, 0, at);
    words << QStringLiteral("--set") << quoted(QString::fromStdString(parameter.name) + u'=' + value);
    offset += parameter.value.shape.size();
  }
  words << method_options(*state.scene) << QStringLiteral("--out") << QStringLiteral("jacobian.npz");
  return words.join(u' ');
}

void export_jacobian(const live::Snapshot& state, const std::filesystem::path& path,
                     const std::map<std::string, std::string>& metadata) {
  if (!state.has_jacobian || !state.trust.defined)
    throw io::DataError("there is no Jacobian to write: " + state.trust.reason);
  const auto array = [](const Mat& M, const expr::Shape& shape) {
    expr::Array result{shape, std::vector<double>(static_cast<std::size_t>(M.size()))};
    Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(result.values.data(), M.rows(),
                                                                                       M.cols()) = M;
    return result;
  };
  io::NamedValue J{"jacobian", array(state.J, {state.J.rows(), state.J.cols()}), {}};
  for (Index k = 0; k < state.J.cols(); ++k) J.column_names.push_back(column_name(state, k).toStdString());
  std::vector<io::NamedValue> all{std::move(J)};
  const std::string ending = io::ending_of(path);
  if (ending == ".npz" || ending == ".json") {
    const Index n = state.J.rows();
    all.push_back({"x", array(state.solution.x.head(n), {n}), {}});
    all.push_back({"theta", array(state.theta, {state.theta.size()}), {}});
  }
  io::write_arrays(path, all, metadata);
}

PictureDialog::PictureDialog(QSize proposed, QWidget* parent)
    : QDialog(parent),
      width_(new QSpinBox(this)),
      height_(new QSpinBox(this)),
      transparent_(new QCheckBox(tr("Transparent ground"), this)),
      overlay_(new QCheckBox(tr("Health strip and captions"), this)) {
  setWindowTitle(tr("Export picture"));
  for (QSpinBox* side : {width_, height_}) {
    side->setRange(16, largest_side);
    side->setSuffix(tr(" px"));
  }
  width_->setValue(proposed.width());
  height_->setValue(proposed.height());
  overlay_->setChecked(true);
  auto* form = new QFormLayout(this);
  form->addRow(tr("Width"), width_);
  form->addRow(tr("Height"), height_);
  form->addRow(QString(), transparent_);
  form->addRow(QString(), overlay_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  form->addRow(buttons);
}

bool PictureDialog::transparent() const { return transparent_->isChecked(); }
bool PictureDialog::overlay() const { return overlay_->isChecked(); }

}  // namespace argscope::app
