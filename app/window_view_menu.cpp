// The View menu: what the picture shows, which docks there are, light or dark.
#include <QActionGroup>
#include <QMenuBar>
#include <QSettings>

#include "app/main_window.h"
#include "app/window_actions.h"

namespace argscope::app {

void WindowActions::build_view_menu() {
  QMenu* menu = window_.menuBar()->addMenu(tr("&View"));
  const auto look_switch = [&](const QString& id, const QString& text, const QString& keys, bool views::Look::*part) {
    add_switch(menu, id, text, keys, window_.viewport().look().*part, [this, part](bool on) {
      views::Look look = window_.viewport().look();
      look.*part = on;
      window_.viewport().set_look(look);
    });
    parts_.emplace_back(by_id_[id], part);
  };
  look_switch("arrows", tr("&Jacobian field"), "Ctrl+1", &views::Look::arrows);
  look_switch("ghost", tr("&Prediction"), "Ctrl+2", &views::Look::ghost);
  look_switch("overlay", tr("&Captions"), "Ctrl+3", &views::Look::overlay);
  views_ = menu->addMenu(tr("&Views"));
  add(menu, {"reset-view", tr("&Reset view"), "Ctrl+0", {}, {}, [this] { window_.viewport().reset_camera(-1); }});
  menu->addSeparator();
  build_dock_menu(menu);
  menu->addSeparator();
  build_theme_menu(menu);
  add_switch(menu, "full-screen", tr("&Full screen"), "F11", false,
             [this](bool on) { on ? window_.showFullScreen() : window_.showNormal(); });
  add_switch(menu, "presenter", tr("&Larger type"), "Ctrl+L", false, [this](bool on) {
    views::Look look = window_.viewport().look();
    look.scale = on ? 1.6 : 1;
    window_.viewport().set_look(look);
  });
}

void WindowActions::build_dock_menu(QMenu* view) {
  for (QDockWidget* dock :
       {static_cast<QDockWidget*>(&window_.parameters()), static_cast<QDockWidget*>(&window_.jacobian()),
        static_cast<QDockWidget*>(&window_.method()), static_cast<QDockWidget*>(&window_.problem()),
        static_cast<QDockWidget*>(&window_.log())}) {
    QAction* toggle = dock->toggleViewAction();
    view->addAction(toggle);
    by_id_[QStringLiteral("dock-") + dock->objectName()] = toggle;
    order_ << toggle;
  }
  add(view, {"restore-layout", tr("Restore &layout"), {}, {}, {}, [this] { window_.restore_layout(); }});
}

void WindowActions::build_theme_menu(QMenu* view) {
  QMenu* menu = view->addMenu(tr("&Theme"));
  auto* group = new QActionGroup(this);
  const Theme now = theme_named(QSettings().value(QStringLiteral("theme")).toString());
  const std::pair<Theme, QString> themes[] = {
      {Theme::System, tr("Theme: &system")}, {Theme::Light, tr("Theme: &light")}, {Theme::Dark, tr("Theme: &dark")}};
  for (const auto& [theme, text] : themes) {
    add(menu, {QStringLiteral("theme-") + name_of(theme), text, {}, {}, {}, [this, chosen = theme] {
                 window_.set_theme(chosen);
               }});
    QAction* action = order_.back();
    action->setCheckable(true);
    action->setChecked(theme == now);
    group->addAction(action);
  }
}

void WindowActions::renew_views(const io::Scene& scene) {
  for (const auto& [action, part] : parts_) {
    const QSignalBlocker quiet(action);
    action->setChecked(window_.viewport().look().*part);
  }
  views_->clear();
  auto* group = new QActionGroup(views_);
  const int count = static_cast<int>(scene.views.size());
  for (int view = -1; view < count; ++view) {
    QString text = tr("All side by side");
    if (view >= 0) {
      const io::ViewSpec& spec = scene.views[static_cast<std::size_t>(view)];
      text = plain(QString::fromStdString(spec.title.empty() ? spec.kind : spec.title));
    }
    QAction* action = views_->addAction(text, this, [this, view] {
      views::Look look = window_.viewport().look();
      look.view = view;
      window_.viewport().set_look(look);
    });
    action->setCheckable(true);
    action->setChecked(window_.viewport().look().view == view);
    group->addAction(action);
  }
  views_->setEnabled(count > 1);
}

void WindowActions::open_picture_menu(const QPoint& global) {
  QMenu menu;
  for (const char* id :
       {"reset-view", "", "arrows", "ghost", "overlay", "", "export-picture", "copy", "copy-state", "copy-command"}) {
    if (QAction* action = find(QLatin1String(id)))
      menu.addAction(action);
    else
      menu.addSeparator();
  }
  if (views_->isEnabled()) menu.insertMenu(find(QStringLiteral("arrows")), views_);
  menu.exec(global);
}

}  // namespace argscope::app
