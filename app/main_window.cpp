#include "app/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QSettings>
#include <QStatusBar>
#include <QUrl>
#include <QVBoxLayout>
#include <cmath>

#include "app/numbers.h"
#include "app/window_actions.h"

namespace argscope::app {
namespace {

constexpr double cancel_after = 1;  // seconds
constexpr int layout_version = 2;
constexpr int message_ms = 8000;
constexpr int smallest_picture = 270;

/// The first file of a drop; empty: there is none. A list of addresses may hold nothing but comments.
QString dropped_file(const QMimeData* data) {
  const QList<QUrl> places = data->urls();
  return places.isEmpty() ? QString() : places.front().toLocalFile();
}

}  // namespace

MainWindow::MainWindow()
    : study_(new Study(this)),
      player_(new Player(*study_, this)),
      pages_(new QStackedWidget(this)),
      gallery_(new Gallery(this)),
      viewport_(new Viewport(*study_, this)),
      strip_(new HealthStrip(*study_, this)),
      parameters_(new ParametersDock(*study_, *player_, this)),
      jacobian_(new JacobianDock(*study_, this)),
      method_(new MethodDock(*study_, this)),
      problem_(new ProblemDock(this)),
      log_(new LogDock(*study_, this)),
      documents_(new SceneDocuments(*study_, *problem_, *viewport_, this)),
      one_sided_(new OneSided(*study_, this)) {
  setWindowTitle(tr("Argscope[*]"));
  setAcceptDrops(true);
  setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
  auto* page = new QWidget(this);
  page->setMinimumWidth(smallest_picture);  // in a small window the docks give way first
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(viewport_, 1);
  pages_->addWidget(gallery_);
  pages_->addWidget(page);
  setCentralWidget(pages_);
  health_ = new QToolBar(tr("Health"), this);  // as wide as the window: its words need the room
  health_->setObjectName(QStringLiteral("health"));
  health_->setMovable(false);
  health_->addWidget(strip_);
  addToolBar(Qt::BottomToolBarArea, health_);
  build_docks();
  build_status_bar();
  actions_ = std::make_unique<WindowActions>(*this);
  resize(1280, 820);
  first_layout_ = saveState(layout_version);
  connect_study();
  connect_documents();
  load_settings();
  dress_viewport();
  put_away();
}

MainWindow::~MainWindow() {
  study_->close();  // the worker ends while everything that it informs is still there
}

void MainWindow::build_docks() {
  addDockWidget(Qt::LeftDockWidgetArea, parameters_);
  addDockWidget(Qt::RightDockWidgetArea, jacobian_);
  addDockWidget(Qt::RightDockWidgetArea, method_);
  addDockWidget(Qt::RightDockWidgetArea, problem_);
  addDockWidget(Qt::BottomDockWidgetArea, log_);
  tabifyDockWidget(jacobian_, method_);
  tabifyDockWidget(method_, problem_);
  jacobian_->raise();
  resizeDocks({parameters_, jacobian_}, {300, 330}, Qt::Horizontal);
  resizeDocks({log_}, {120}, Qt::Vertical);
  log_->hide();
}

void MainWindow::build_status_bar() {
  state_text_ = new QLabel(this);
  state_text_->setContentsMargins(16, 0, 0, 0);  // a long message ends before it
  cancel_ = new QToolButton(this);
  cancel_->setText(tr("Cancel"));
  cancel_->setToolTip(tr("End the running solve; the last good state stays (Esc)"));
  cancel_->hide();
  statusBar()->addPermanentWidget(state_text_);
  statusBar()->addPermanentWidget(cancel_);
  connect(cancel_, &QToolButton::clicked, study_, &Study::cancel);
}

void MainWindow::connect_study() {
  connect(study_, &Study::opened, this, &MainWindow::show_scene);
  connect(study_, &Study::working, this, &MainWindow::show_working);
  connect(study_, &Study::idle, this, &MainWindow::show_idle);
  connect(study_, &Study::published, this, [this] {
    if (study_->answered()) show_idle();
    if (refusal_.isEmpty()) return;
    refusal_.clear();
    show_note();
  });
  connect(parameters_, &ParametersDock::knob_chosen, this, &MainWindow::look_at);
  connect(jacobian_, &JacobianDock::column_picked, this, &MainWindow::look_at);
  connect(viewport_, &Viewport::menu_asked, this, [this](const QPoint& place) { actions_->open_picture_menu(place); });
  connect(viewport_, &Viewport::failed, this, &MainWindow::say);
  connect(one_sided_, &OneSided::changed, this, &MainWindow::show_note);
  connect(method_, &MethodDock::refused, this, [this](const QString& why) {
    refusal_ = why;
    show_note();
    say(why);
  });
}

void MainWindow::connect_documents() {
  connect(gallery_, &Gallery::picked, documents_, &SceneDocuments::open);
  connect(&parameters_->choices(), &ChoicesPanel::changed, this,
          [this] { documents_->choose(parameters_->choices().chosen()); });
  connect(documents_, &SceneDocuments::reading, this,
          [this](const QString& what) { statusBar()->showMessage(tr("Reading %1").arg(what)); });
  connect(documents_, &SceneDocuments::shown, this, &MainWindow::show_study);
  connect(documents_, &SceneDocuments::choice_failed, this,
          [this] { parameters_->choices().show_choices(study_->scene()->statement->choices); });
  connect(documents_, &SceneDocuments::failed, this, [this](const QString& message) {
    say(message);
    if (problem_->error_line() == 0) return;
    problem_->show();
    problem_->raise();
  });
  connect(problem_, &ProblemDock::modified_changed, this, [this] { setWindowModified(problem_->modified()); });
}

void MainWindow::look_at(Index knob) {
  views::Look look = viewport_->look();
  look.column = knob;
  viewport_->set_look(look);
  parameters_->set_chosen(knob);
  method_->look_at(knob);
  one_sided_->look_at(knob);
}

void MainWindow::show_scene() {
  if (!study_->scene()) return;
  const io::Scene& scene = *study_->scene();
  QString title = QString::fromStdString(scene.title.empty() ? scene.name : scene.title);
  title.replace(QStringLiteral("[*]"), QStringLiteral("[*][*]"));  // a scene's own is no mark of unsaved text
  setWindowTitle(tr("%1[*] — Argscope").arg(title));
  statusBar()->showMessage(QString::fromStdString(scene.summary), message_ms);
  views::Look look = viewport_->look();
  const bool column_fits = look.column >= 0 && look.column < study_->theta().size();
  const bool view_fits = look.view >= -1 && look.view < static_cast<int>(scene.views.size());
  if (!column_fits || !view_fits) {
    look.column = 0;
    look.view = -1;
    viewport_->set_look(look);
  }
  look_at(look.column);
  actions_->renew_views(scene);
}

void MainWindow::show_gallery() {
  if (!gallery_shown()) put_away();
  pages_->setCurrentIndex(0);
  gallery_->list().setFocus();
}

void MainWindow::show_study() {
  if (gallery_shown()) bring_back();
  pages_->setCurrentIndex(1);
}

void MainWindow::put_away() {
  put_away_.clear();
  for (QWidget* part :
       std::initializer_list<QWidget*>{parameters_, jacobian_, method_, problem_, log_, health_, state_text_}) {
    if (part->isHidden()) continue;
    put_away_ << part;
    part->hide();
  }
}

void MainWindow::bring_back() {
  for (QWidget* part : std::as_const(put_away_)) part->show();
  if (put_away_.contains(jacobian_)) jacobian_->raise();
  put_away_.clear();
}

void MainWindow::show_working(double seconds, int iteration) {
  const bool long_enough = seconds >= cancel_after;
  cancel_->setVisible(long_enough);
  if (long_enough) state_text_->setText(tr("solving: iteration %1, %2").arg(iteration).arg(readable_time(seconds)));
}

void MainWindow::show_idle() {
  cancel_->hide();
  const live::SnapshotPtr& state = study_->snapshot();
  if (!state) return state_text_->clear();
  QString text = tr("solved in %1, Jacobian in %2")
                     .arg(readable_time(state->timings.solve), readable_time(state->timings.jacobian));
  if (const double wait = study_->latency().last_solution_ms(); wait > 0)
    text += tr(";  answered %1 after the move").arg(readable_time(wait / 1000));
  if (std::isfinite(study_->prediction_gap()))
    text = tr("prediction missed by %1 % of the move;  ").arg(readable(100 * study_->prediction_gap(), 2)) + text;
  state_text_->setText(text);
}

void MainWindow::show_note() {
  strip_->add_note(refusal_.isEmpty() ? one_sided_->words() : refusal_);
  jacobian_->add_note(one_sided_->words());
}

void MainWindow::say(const QString& message) {
  statusBar()->showMessage(message.section(u'\n', 0, 0), message_ms);
  log_->say(message);
}

void MainWindow::set_theme(Theme theme) {
  QSettings().setValue(QStringLiteral("theme"), name_of(theme));
  apply_theme(*qApp, theme);
}

void MainWindow::dress_viewport() {
  views::Look look = viewport_->look();
  look.dark = is_dark(palette());
  viewport_->set_look(look);
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() != QEvent::PaletteChange || !actions_) return;
  dress_viewport();
  actions_->renew_icons();
}

void MainWindow::restore_layout() {
  restoreState(first_layout_, layout_version);
  if (gallery_shown()) put_away();
}

void MainWindow::load_settings() {
  const QSettings settings;
  const QByteArray place = settings.value(QStringLiteral("geometry")).toByteArray();
  if (!place.isEmpty()) restoreGeometry(place);
  restoreState(settings.value(QStringLiteral("layout")).toByteArray(), layout_version);
}

void MainWindow::save_settings() {
  QSettings settings;
  settings.setValue(QStringLiteral("geometry"), saveGeometry());
  settings.setValue(QStringLiteral("layout"), saveState(layout_version));
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!documents_->may_discard()) return event->ignore();
  if (gallery_shown()) bring_back();  // the layout to keep is that of a study
  save_settings();
  player_->stop();
  study_->cancel();
  event->accept();
}

// Plain keys come here only when no field wanted them: typing a space or an h in the editor stays typing.
void MainWindow::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Space: return actions_->trigger(QStringLiteral("play"));
    case Qt::Key_Escape:
      if (gallery_shown() && study_->scene()) return show_study();
      return actions_->trigger(QStringLiteral("cancel"));
    case Qt::Key_H: return actions_->trigger(QStringLiteral("keys"));
    default: QMainWindow::keyPressEvent(event);
  }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (!dropped_file(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  if (const QString path = dropped_file(event->mimeData()); !path.isEmpty()) open(path);
}

}  // namespace argscope::app
