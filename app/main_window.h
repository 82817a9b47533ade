#pragma once
/// The program's window: puts viewport, docks, strip and menus together and tells each what it needs of the others.
/// What they do is theirs; here is only the wiring.

#include <QLabel>
#include <QMainWindow>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>

#include "app/gallery.h"
#include "app/health_strip.h"
#include "app/jacobian_dock.h"
#include "app/log_dock.h"
#include "app/method_dock.h"
#include "app/one_sided.h"
#include "app/parameters_dock.h"
#include "app/problem_dock.h"
#include "app/scene_documents.h"
#include "app/theme.h"
#include "app/viewport.h"

namespace argscope::app {

class WindowActions;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  MainWindow();
  ~MainWindow() override;

  Study& study() { return *study_; }
  Player& player() { return *player_; }
  Viewport& viewport() { return *viewport_; }
  Gallery& gallery() { return *gallery_; }
  ParametersDock& parameters() { return *parameters_; }
  JacobianDock& jacobian() { return *jacobian_; }
  MethodDock& method() { return *method_; }
  ProblemDock& problem() { return *problem_; }
  LogDock& log() { return *log_; }
  HealthStrip& strip() { return *strip_; }
  SceneDocuments& documents() { return *documents_; }
  WindowActions& actions() { return *actions_; }

  void open(const QString& name_or_path) { documents_->open(name_or_path); }
  void show_gallery();
  bool gallery_shown() const { return pages_->currentIndex() == 0; }
  void set_theme(Theme);
  void restore_layout();             ///< docks where they were at first
  void say(const QString& message);  ///< status bar and log

 protected:
  void closeEvent(QCloseEvent*) override;
  void keyPressEvent(QKeyEvent*) override;
  void dragEnterEvent(QDragEnterEvent*) override;
  void dropEvent(QDropEvent*) override;
  void changeEvent(QEvent*) override;

 private:
  void show_study();  ///< the page with the picture, and what the gallery had put away
  void put_away();    ///< what has nothing to say in the gallery
  void bring_back();
  void build_docks();
  void build_status_bar();
  void connect_study();
  void connect_documents();
  void show_scene();
  void look_at(Index knob);  ///< whose column picture, docks and strip show
  void show_working(double seconds, int iteration);
  void show_idle();
  void show_note();       ///< what the strip says behind its message
  void dress_viewport();  ///< hands the theme on to the picture
  void load_settings();
  void save_settings();

  Study* study_;
  Player* player_;
  QStackedWidget* pages_;
  Gallery* gallery_;
  Viewport* viewport_;
  HealthStrip* strip_;
  ParametersDock* parameters_;
  JacobianDock* jacobian_;
  MethodDock* method_;
  ProblemDock* problem_;
  LogDock* log_;
  SceneDocuments* documents_;
  OneSided* one_sided_;
  QLabel* state_text_ = nullptr;
  QToolButton* cancel_ = nullptr;
  QByteArray first_layout_;
  QString refusal_;  ///< why the method that was chosen last cannot be; empty: it can, or the state has changed since
  QToolBar* health_ = nullptr;  ///< holds strip_
  QList<QWidget*> put_away_;    ///< what was visible when the gallery came
  std::unique_ptr<WindowActions> actions_;
};

}  // namespace argscope::app
