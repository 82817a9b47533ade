#pragma once
/// Every command of the window in one table: its name, keys, menu and what it does. Menus, toolbar, the picture's own
/// menu, the command palette and the list of keys are made of it.

#include <QAction>
#include <QHash>
#include <QMenu>
#include <QObject>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "app/icons.h"
#include "core/io/scene.h"
#include "views/stage.h"

namespace argscope::app {

class MainWindow;

class WindowActions : public QObject {
  Q_OBJECT

 public:
  explicit WindowActions(MainWindow& window);

  QAction* find(const QString& id) const { return by_id_.value(id); }  ///< null: no such command
  void trigger(const QString& id);
  QList<QAction*> all() const { return order_; }
  void open_picture_menu(const QPoint& global);
  void open_palette();
  void show_keys();
  void renew_icons();                  ///< after a change of theme
  void renew_views(const io::Scene&);  ///< the list of single views, and which parts of the picture are on
  QString keys_as_html() const;

 private:
  struct Spec {
    QString id, text, keys, hint;  ///< keys: as QKeySequence reads them, several with "; "; "\t…": shown only
    std::optional<Icon> icon;
    std::function<void()> run;
  };
  void add(QMenu* menu, const Spec&);
  void add_switch(QMenu* menu, const QString& id, const QString& text, const QString& keys, bool on,
                  const std::function<void(bool)>&);
  void build_file_menu();
  void build_export_menu();
  void build_edit_menu();
  void build_solve_menu();
  void build_view_menu();
  void build_dock_menu(QMenu* view);
  void build_theme_menu(QMenu* view);
  void build_help_menu();
  void build_toolbar();
  void renew_recent();
  static QString plain(QString text);  ///< for a menu: an ampersand of the text marks no letter

  MainWindow& window_;
  QHash<QString, QAction*> by_id_;
  QHash<QAction*, Icon> icons_;
  QList<QAction*> order_;
  std::vector<std::pair<QAction*, bool views::Look::*>> parts_;  ///< what switches which part of the picture
  QMenu* recent_ = nullptr;
  QMenu* views_ = nullptr;
};

}  // namespace argscope::app
