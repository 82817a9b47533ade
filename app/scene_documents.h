#pragma once
/// Scenes on their way between files, the editor and the study: new, open (scene, session or exported picture), apply,
/// choose, save. Reading happens away from the window's thread; what cannot be read ends in the editor to be mended.

#include <QObject>
#include <QStringList>
#include <functional>

#include "app/problem_dock.h"
#include "app/saved_session.h"
#include "app/study.h"
#include "app/viewport.h"

namespace argscope::app {

class SceneDocuments : public QObject {
  Q_OBJECT

 public:
  SceneDocuments(Study& study, ProblemDock& editor, Viewport& viewport, QWidget* window);

  void open(const QString& name_or_path);  ///< a built-in's name, a .toml, a session's .json or an exported .png
  void open_new();
  void ask_open();
  bool save();  ///< asks for a place when there is none; false: not saved
  bool save_as();
  bool save_session();
  void apply(const SceneReading&);  ///< of edited text: camera and values of parameters that still exist stay
  void choose(const io::Choices&);
  bool may_discard();  ///< asks when the editor holds unsaved text
  QStringList recent() const;
  SavedSession present() const;  ///< the window's state now

 signals:
  void reading(const QString& what);  ///< a scene is being read
  void shown();                       ///< a scene is open
  void failed(const QString& message);
  void choice_failed();  ///< the scene cannot be what was chosen: it stays as it is
  void recent_changed();

 private:
  using Prepare = std::function<void(const SceneReading&)>;
  void read(SceneText, Prepare then, Prepare otherwise);
  void read_for_editor(SceneText, Prepare then);  ///< what cannot be read is shown there
  void finish(const SceneReading&);
  void show(const SceneReading&, const std::optional<Vec>& theta, const std::string& camera);
  void open_file(const QString& path);
  void open_session_file(const QString& path);
  void open_session(const SavedSession&);
  void keep_state_and_show(const SceneReading&);
  bool write(const std::filesystem::path&, const std::string& text);
  void remember(const QString& path);

  Study& study_;
  ProblemDock& editor_;
  Viewport& viewport_;
  QWidget* window_;
  SceneChecker reader_;
  Prepare then_, otherwise_;
};

/// Values of `kept` for parameters of the same name and size, the new scene's own for the others.
Vec carried_over(const optimality::Statement& kept, const Vec& theta, const optimality::Statement& fresh);

}  // namespace argscope::app
