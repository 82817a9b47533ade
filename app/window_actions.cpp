#include "app/window_actions.h"

#include <QActionGroup>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QToolBar>

#include "app/command_palette.h"
#include "app/main_window.h"
#include "app/window_commands.h"

namespace argscope::app {

QString WindowActions::plain(QString text) { return text.replace(u'&', QStringLiteral("&&")); }

WindowActions::WindowActions(MainWindow& window) : QObject(&window), window_(window) {
  build_file_menu();
  build_edit_menu();
  build_solve_menu();
  build_view_menu();
  build_help_menu();
  build_toolbar();
  renew_icons();
  renew_recent();
  connect(&window_.documents(), &SceneDocuments::recent_changed, this, &WindowActions::renew_recent);
}

void WindowActions::add(QMenu* menu, const Spec& spec) {
  const bool shown_only = spec.keys.startsWith(u'\t');
  QAction* action = menu->addAction(shown_only ? spec.text + spec.keys : spec.text);
  if (!shown_only && !spec.keys.isEmpty()) {
    QList<QKeySequence> keys;
    for (const QString& key : spec.keys.split(QStringLiteral("; "))) keys << QKeySequence(key);
    action->setShortcuts(keys);
  }
  if (!spec.hint.isEmpty()) action->setStatusTip(spec.hint);
  if (spec.icon) icons_[action] = *spec.icon;
  connect(action, &QAction::triggered, this, spec.run);
  by_id_[spec.id] = action;
  order_ << action;
}

void WindowActions::add_switch(QMenu* menu, const QString& id, const QString& text, const QString& keys, bool on,
                               const std::function<void(bool)>& change) {
  add(menu, {id, text, keys, {}, {}, [] {}});
  QAction* action = by_id_[id];
  action->setCheckable(true);
  action->setChecked(on);
  connect(action, &QAction::toggled, this, change);
}

void WindowActions::trigger(const QString& id) {
  if (QAction* action = find(id)) action->trigger();
}

void WindowActions::build_file_menu() {
  QMenu* menu = window_.menuBar()->addMenu(tr("&File"));
  SceneDocuments& documents = window_.documents();
  add(menu, {"new", tr("&New scene"), "Ctrl+N", tr("Start a scene in the editor"), {}, [this] {
               window_.documents().open_new();
               window_.problem().show();
               window_.problem().raise();
             }});
  add(menu, {"open", tr("&Open…"), "Ctrl+O", tr("Open a scene, a session or an exported picture"), Icon::Open,
             [&documents] { documents.ask_open(); }});
  add(menu, {"gallery", tr("&Gallery"), "Ctrl+G", tr("The built-in scenes"), Icon::Gallery,
             [this] { window_.show_gallery(); }});
  recent_ = menu->addMenu(tr("Open &recent"));
  menu->addSeparator();
  add(menu, {"save", tr("&Save scene"), "Ctrl+S", {}, Icon::Save, [&documents] { documents.save(); }});
  add(menu, {"save-as", tr("Save scene &as…"), "Ctrl+Shift+S", {}, {}, [&documents] { documents.save_as(); }});
  add(menu, {"save-session",
             tr("Save s&ession…"),
             {},
             tr("Scene, parameters, camera and look in one file"),
             {},
             [&documents] { documents.save_session(); }});
  menu->addSeparator();
  build_export_menu();
  menu->addSeparator();
  add(menu, {"quit", tr("&Quit"), "Ctrl+Q", {}, {}, [this] { window_.close(); }});
}

void WindowActions::build_export_menu() {
  QMenu* menu = window_.menuBar()->actions().front()->menu();
  add(menu, {"export-picture", tr("Export &picture…"), "F12", tr("PNG, SVG or PDF at any size"), Icon::Camera,
             [this] { export_picture(window_); }});
  add(menu,
      {"export-jacobian", tr("Export &Jacobian…"), "Ctrl+E", tr("As .npz, .npy, .csv, .json or .mtx"), {}, [this] {
         ask_export_jacobian(window_);
       }});
  add(menu, {"copy", tr("&Copy picture or table"), "Ctrl+C", {}, {}, [this] { copy_picture_or_table(window_); }});
  add(menu,
      {"copy-state", tr("Copy state as &text"), "Ctrl+Shift+C", tr("Parameters, solution and outputs"), {}, [this] {
         copy_state(window_);
       }});
  add(menu, {"copy-command",
             tr("Copy as co&mmand"),
             {},
             tr("The command line that gives the same Jacobian"),
             Icon::Terminal,
             [this] { copy_command(window_); }});
}

void WindowActions::build_edit_menu() {
  QMenu* menu = window_.menuBar()->addMenu(tr("&Edit"));
  QUndoStack& history = window_.study().history();
  add(menu, {"undo", tr("&Undo"), "Ctrl+Z", {}, Icon::Undo, [&history] { history.undo(); }});
  add(menu, {"redo", tr("&Redo"), "Ctrl+Y; Ctrl+Shift+Z", {}, Icon::Redo, [&history] { history.redo(); }});
  add(menu, {"reset", tr("Reset &all parameters"), "Ctrl+R", {}, Icon::Reset, [this] {
               Study& study = window_.study();
               study.move_all(reset_values(study.knobs()), tr("reset of all parameters"), -1);
             }});
  menu->addSeparator();
  add(menu, {"palette", tr("&Command palette…"), "Ctrl+Shift+P", tr("Every command by name"), {}, [this] {
               open_palette();
             }});
  QAction* undo = by_id_["undo"];
  QAction* redo = by_id_["redo"];
  undo->setEnabled(false);
  redo->setEnabled(false);
  connect(&history, &QUndoStack::canUndoChanged, undo, &QAction::setEnabled);
  connect(&history, &QUndoStack::canRedoChanged, redo, &QAction::setEnabled);
  connect(&history, &QUndoStack::undoTextChanged, undo,
          [undo](const QString& what) { undo->setText(what.isEmpty() ? tr("&Undo") : tr("&Undo %1").arg(what)); });
  connect(&history, &QUndoStack::redoTextChanged, redo,
          [redo](const QString& what) { redo->setText(what.isEmpty() ? tr("&Redo") : tr("&Redo %1").arg(what)); });
}

void WindowActions::build_solve_menu() {
  QMenu* menu = window_.menuBar()->addMenu(tr("&Solve"));
  add(menu, {"solve", tr("&Solve now"), "F5", {}, {}, [this] { window_.study().solve_now(); }});
  add(menu,
      {"compare",
       tr("Check against finite &differences"),
       "Ctrl+D",
       tr("Compare the Jacobian with central differences of full solves; the health strip says how well they agree"),
       {},
       [this] { window_.study().compare(); }});
  add(menu, {"estimators",
             tr("Compare &estimators"),
             "Ctrl+Shift+D",
             tr("All estimators of the derivative at this solution: error against the implicit one, time, memory"),
             {},
             [this] {
               window_.method().show();
               window_.method().raise();
               window_.method().compare_button().click();
             }});
  add(menu, {"cancel", tr("&Cancel"), "\tEsc", tr("End the running solve; the last good state stays"), {}, [this] {
               window_.player().stop();
               window_.study().cancel();
             }});
  add(menu, {"play", tr("&Play or stop the chosen parameter"), "\tSpace", {}, {}, [this] {
               window_.parameters().toggle_play();
             }});
}

void WindowActions::build_help_menu() {
  QMenu* menu = window_.menuBar()->addMenu(tr("&Help"));
  add(menu, {"about-scene", tr("About this &scene"), "F1", {}, {}, [this] { show_about_scene(window_); }});
  add(menu, {"keys", tr("&Keys and gestures"), "\tH", {}, {}, [this] { show_keys(); }});
  add(menu, {"about", tr("&About Argscope"), {}, {}, {}, [this] { show_about(window_); }});
}

void WindowActions::build_toolbar() {
  QToolBar* bar = window_.addToolBar(tr("Tools"));
  bar->setObjectName(QStringLiteral("tools"));
  bar->setIconSize({18, 18});
  for (const char* id :
       {"gallery", "open", "save", "", "undo", "redo", "reset", "", "export-picture", "copy-command"}) {
    if (QAction* action = find(QLatin1String(id)))
      bar->addAction(action);
    else
      bar->addSeparator();
  }
}

void WindowActions::renew_icons() {
  for (auto it = icons_.cbegin(); it != icons_.cend(); ++it) it.key()->setIcon(icon(it.value(), window_.palette()));
}

void WindowActions::renew_recent() {
  recent_->clear();
  for (const QString& path : window_.documents().recent())
    recent_->addAction(plain(QFileInfo(path).fileName()), this, [this, path] { window_.open(path); })
        ->setStatusTip(path);
  recent_->setEnabled(!recent_->isEmpty());
}

void WindowActions::open_palette() {
  auto* palette = new CommandPalette(order_, &window_);
  const QPoint top = window_.mapToGlobal(QPoint((window_.width() - palette->width()) / 2, 70));
  palette->move(top);
  palette->show();
}

QString WindowActions::keys_as_html() const {
  QString rows;
  const auto row = [&rows](const QString& key, const QString& what) {
    rows += QStringLiteral("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>")
                .arg(key.toHtmlEscaped(), what.toHtmlEscaped());
  };
  for (const QAction* action : order_) {
    QString text = action->text();
    text.remove(u'&');
    QString keys = text.section(u'\t', 1);
    for (const QKeySequence& key : action->shortcuts())
      keys += (keys.isEmpty() ? QString() : QStringLiteral(", ")) + key.toString(QKeySequence::NativeText);
    if (!keys.isEmpty()) row(keys, text.section(u'\t', 0, 0));
  }
  rows += QStringLiteral("<tr><td colspan=2>&nbsp;</td></tr>");
  row(tr("Left drag"), tr("pan in 2-D, rotate in 3-D; with Shift, or middle drag: pan"));
  row(tr("Wheel, right drag"), tr("zoom, the wheel to the cursor"));
  row(tr("Double click"), tr("centre; on nothing: reset the view"));
  row(tr("On a slider"),
      tr("Shift: a tenth, Ctrl+Shift: a hundredth; arrows, Page, Home, End; double click resets; Enter types"));
  return QStringLiteral("<table cellpadding=2>%1</table>").arg(rows);
}

void WindowActions::show_keys() {
  auto* box =
      new QMessageBox(QMessageBox::NoIcon, tr("Keys and gestures"), keys_as_html(), QMessageBox::Close, &window_);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

}  // namespace argscope::app
