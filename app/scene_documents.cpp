#include "app/scene_documents.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QImageReader>
#include <QMessageBox>
#include <QSettings>

#include "app/ask_place.h"
#include "core/io/arrays.h"

namespace argscope::app {
namespace {

constexpr int most_recent = 10;

const char* const fresh_scene = R"toml(title   = "A new problem"
summary = "The point of a line that is nearest to a target"

[parameters.theta]
value = 1.0
range = [0.1, 10]
scale = "log"

[variables.x]
start = "0.0"

[problem]
minimize = "0.5*(x - 2)**2 + 0.5*theta*x**2"

[[views]]
kind = "curve"
show = "x"
parameter = "theta"
)toml";

struct FileText {
  QString text;
  QString trouble;  ///< empty: the text is there
};

FileText text_of(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly))
    return {{}, SceneDocuments::tr("Cannot open %1: %2").arg(path, file.errorString())};
  return {QString::fromUtf8(file.readAll()), {}};
}

/// The session in an exported picture or a session's file.
FileText session_text_of(const QString& path) {
  if (!path.endsWith(QStringLiteral(".png"), Qt::CaseInsensitive)) return text_of(path);
  const QString text = QImageReader(path).text(QLatin1String(session_key));
  if (!text.isEmpty()) return {text, {}};
  return {{}, SceneDocuments::tr("%1 holds no session: only pictures that Argscope saved do.").arg(path)};
}

/// The file behind a built-in's name; empty: there is none.
QString built_in_path(const QString& name) {
  QString wanted = name;
  wanted.replace(u'-', u'_');
  for (const std::filesystem::path& path : io::built_in_scenes(io::Paths::standard())) {
    QString stem = QString::fromStdString(path.stem().string());
    if (stem.replace(u'-', u'_') == wanted) return QString::fromStdString(path.string());
  }
  return {};
}

SceneReading so_solved(SceneReading reading, const std::optional<Method>& method) {
  if (method) reading.scene = std::make_shared<const io::Scene>(with_method(*reading.scene, *method));
  return reading;
}

bool is_built_in(const std::filesystem::path& path) {
  const auto all = io::built_in_scenes(io::Paths::standard());
  return std::find(all.begin(), all.end(), path) != all.end();
}

}  // namespace

Vec carried_over(const optimality::Statement& kept, const Vec& theta, const optimality::Statement& fresh) {
  Vec values = reset_values(knobs_of(fresh));
  Index to = 0;
  for (const optimality::Parameter& parameter : fresh.parameters) {
    const Index size = parameter.value.shape.size();
    Index from = 0;
    for (const optimality::Parameter& old : kept.parameters) {
      const bool same = old.name == parameter.name && old.value.shape == parameter.value.shape;
      if (same) values.segment(to, size) = theta.segment(from, size);
      from += old.value.shape.size();
    }
    to += size;
  }
  return values;
}

SceneDocuments::SceneDocuments(Study& study, ProblemDock& editor, Viewport& viewport, QWidget* window)
    : QObject(window), study_(study), editor_(editor), viewport_(viewport), window_(window), reader_(this) {
  connect(&reader_, &SceneChecker::checked, this, &SceneDocuments::finish);
  connect(&editor_, &ProblemDock::applied, this, &SceneDocuments::apply);
}

void SceneDocuments::read(SceneText source, Prepare then, Prepare otherwise) {
  then_ = std::move(then);
  otherwise_ = std::move(otherwise);
  reader_.check(std::move(source));
}

void SceneDocuments::read_for_editor(SceneText source, Prepare then) {
  read(std::move(source), std::move(then),
       [this](const SceneReading& reading) { editor_.show_text(reading.source, reading); });
}

void SceneDocuments::finish(const SceneReading& reading) {
  const Prepare then = std::exchange(then_, {}), otherwise = std::exchange(otherwise_, {});
  if (reading.scene && then) return then(reading);
  if (otherwise) otherwise(reading);
  emit failed(reading.whole);
}

void SceneDocuments::show(const SceneReading& reading, const std::optional<Vec>& theta, const std::string& camera) {
  study_.open(reading.scene, theta);
  if (!camera.empty()) viewport_.set_camera(camera);
  editor_.show_scene(*reading.scene);
  emit shown();
}

void SceneDocuments::open(const QString& name_or_path) {
  if (!may_discard()) return;
  const QString built_in = built_in_path(name_or_path);
  open_file(built_in.isEmpty() ? name_or_path : built_in);
}

void SceneDocuments::open_file(const QString& path) {
  emit reading(path);
  const QString ending = QFileInfo(path).suffix().toLower();
  if (ending == u"png" || ending == u"json") return open_session_file(path);
  const FileText file = text_of(path);
  if (!file.trouble.isEmpty()) return emit failed(file.trouble);
  const QString whole = QFileInfo(path).absoluteFilePath();
  read_for_editor({file.text, whole.toStdString(), {}}, [this, whole](const SceneReading& reading) {
    show(reading, std::nullopt, {});
    remember(whole);
  });
}

void SceneDocuments::open_session_file(const QString& path) {
  const FileText file = session_text_of(path);
  if (!file.trouble.isEmpty()) return emit failed(file.trouble);
  const std::variant<SavedSession, std::string> session = from_json(file.text.toStdString());
  if (const std::string* trouble = std::get_if<std::string>(&session))
    return emit failed(path + QStringLiteral(": ") + QString::fromStdString(*trouble));
  open_session(std::get<SavedSession>(session));
}

void SceneDocuments::open_session(const SavedSession& session) {
  read_for_editor({QString::fromStdString(session.text), session.path, session.choices},
                  [this, session](const SceneReading& reading) {
                    views::Look look = viewport_.look();
                    look.arrows = session.look.arrows;
                    look.ghost = session.look.ghost;
                    look.overlay = session.look.overlay;
                    look.column = session.look.column;
                    look.view = session.look.view;
                    viewport_.set_look(look);
                    show(so_solved(reading, session.method),
                         Eigen::Map<const Vec>(session.theta.data(), static_cast<Index>(session.theta.size())),
                         session.camera);
                  });
}

void SceneDocuments::open_new() {
  if (!may_discard()) return;
  read_for_editor({QString::fromUtf8(fresh_scene), {}, {}},
                  [this](const SceneReading& reading) { show(reading, std::nullopt, {}); });
}

void SceneDocuments::ask_open() {
  const QString path = QFileDialog::getOpenFileName(
      window_, tr("Open"), {}, tr("Scenes, sessions and saved pictures (*.toml *.json *.png);;All files (*)"));
  if (!path.isEmpty()) open(path);
}

void SceneDocuments::keep_state_and_show(const SceneReading& reading) {
  const ScenePtr& old = study_.scene();
  const std::string camera = viewport_.camera();
  std::optional<Vec> theta;
  if (old) theta = carried_over(*old->statement, study_.theta(), *reading.scene->statement);
  study_.open(reading.scene, theta);
  if (!camera.empty()) viewport_.set_camera(camera);
  editor_.keep_text(*reading.scene);
  emit shown();
}

// The editor checks a text with the choices that it states; those a person made stay where they still exist.
void SceneDocuments::apply(const SceneReading& reading) {
  if (!study_.scene()) return keep_state_and_show(reading);
  io::Choices kept;
  for (const optimality::Choice& choice : reading.scene->statement->choices) {
    for (const optimality::Choice& old : study_.scene()->statement->choices) {
      const bool stays = old.name == choice.name && old.value != choice.value;
      if (stays && old.value >= choice.low && old.value <= choice.high) kept[old.name] = old.value;
    }
  }
  if (kept.empty()) return keep_state_and_show(reading);
  SceneText source = reading.source;
  source.choices = kept;
  read_for_editor(std::move(source), [this](const SceneReading& again) { keep_state_and_show(again); });
}

void SceneDocuments::choose(const io::Choices& choices) {
  if (!study_.scene()) return;
  const io::Scene& scene = *study_.scene();
  read(
      {QString::fromStdString(scene.text), scene.path, choices},
      [this, method = method_of(scene)](const SceneReading& reading) {
        keep_state_and_show(so_solved(reading, method));
      },
      [this](const SceneReading&) { emit choice_failed(); });
}

bool SceneDocuments::may_discard() {
  if (!editor_.modified()) return true;
  const QMessageBox::StandardButton answer =
      QMessageBox::question(window_, tr("Unsaved scene"), tr("The scene's text has changes that are not saved."),
                            QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Save);
  if (answer == QMessageBox::Save) return save();
  return answer == QMessageBox::Discard;
}

bool SceneDocuments::save() {
  if (editor_.path().empty() || is_built_in(editor_.path())) return save_as();
  if (!write(editor_.path(), editor_.text().toStdString())) return false;
  editor_.set_saved();
  return true;
}

bool SceneDocuments::save_as() {
  const QString path = ask_place({tr("Save scene"), QStringLiteral("scene.toml"), tr("Scenes (*.toml)")}, window_);
  if (path.isEmpty() || !write(path.toStdString(), editor_.text().toStdString())) return false;
  editor_.set_path(path.toStdString());
  editor_.set_saved();
  remember(path);
  return true;
}

bool SceneDocuments::save_session() {
  const QString path =
      ask_place({tr("Save session"), QStringLiteral("session.json"), tr("Sessions (*.json)")}, window_);
  return !path.isEmpty() && write(path.toStdString(), to_json(present()));
}

bool SceneDocuments::write(const std::filesystem::path& path, const std::string& text) {
  try {
    io::write_whole(path, text);
    return true;
  } catch (const std::exception& error) {
    emit failed(QString::fromUtf8(error.what()));
    return false;
  }
}

SavedSession SceneDocuments::present() const {
  SavedSession session;
  session.camera = viewport_.camera();
  session.look = viewport_.look();
  if (!study_.scene()) return session;
  session.text = study_.scene()->text;
  session.path = study_.scene()->path;
  for (const optimality::Choice& choice : study_.scene()->statement->choices)
    session.choices[choice.name] = choice.value;
  session.method = method_of(*study_.scene());
  session.theta.assign(study_.theta().begin(), study_.theta().end());
  return session;
}

QStringList SceneDocuments::recent() const { return QSettings().value(QStringLiteral("recent")).toStringList(); }

void SceneDocuments::remember(const QString& path) {
  QStringList paths = recent();
  paths.removeAll(path);
  paths.prepend(path);
  while (paths.size() > most_recent) paths.removeLast();
  QSettings().setValue(QStringLiteral("recent"), paths);
  emit recent_changed();
}

}  // namespace argscope::app
