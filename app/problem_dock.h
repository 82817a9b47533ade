#pragma once
/// The scene's text, checked as one types. A mistake is underlined where it stands, its message below. Apply opens the
/// text in the window; the owner keeps the camera and the values of parameters that still exist.

#include <QDockWidget>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimer>

#include "app/scene_checker.h"
#include "app/toml_highlighter.h"

namespace argscope::app {

class ProblemDock : public QDockWidget {
  Q_OBJECT

 public:
  explicit ProblemDock(QWidget* parent);
  /// What the window shows now; the editor's undo history starts over unless the text is the same.
  void show_scene(const io::Scene&);
  /// The same when the window came to the scene by way of the text here: what was typed since stays.
  void keep_text(const io::Scene&);
  void show_text(const SceneText&, const SceneReading& trouble);  ///< a scene that could not be opened, to be mended
  QString text() const { return editor_->toPlainText(); }
  std::filesystem::path path() const { return path_; }
  void set_path(const std::filesystem::path&);
  bool modified() const { return editor_->document()->isModified(); }
  void set_saved() { editor_->document()->setModified(false); }
  QString message() const { return message_->text(); }
  int error_line() const { return error_line_; }  ///< 0: no mistake
  QPlainTextEdit& editor() { return *editor_; }
  bool apply_possible() const { return apply_->isEnabled(); }
  void apply();

 signals:
  void applied(const argscope::app::SceneReading& reading);
  void modified_changed();

 protected:
  void changeEvent(QEvent*) override;

 private:
  void start_check();
  void show_reading(const SceneReading&);
  void underline(int line, int column);

  QPlainTextEdit* editor_;
  TomlHighlighter* highlighter_;
  QLabel* message_;
  QPushButton* apply_;
  SceneChecker checker_;
  QTimer pause_;  ///< since the last key
  std::filesystem::path path_;
  std::optional<SceneReading> reading_;  ///< of the text as it stands; none: being checked
  QString applied_text_;
  int error_line_ = 0;
  bool apply_when_read_ = false;
};

}  // namespace argscope::app
