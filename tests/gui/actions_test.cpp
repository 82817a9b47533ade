// Every command of the window: once in the menus, with the keys that the interface promises, harmless at any time.
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDropEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTimer>
#include <fstream>
#include <map>

#include "app/window_actions.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::wait_for;

/// Closes whatever dialog a command opens, as long as this lives.
class DialogCloser {
 public:
  DialogCloser() {
    QObject::connect(&timer_, &QTimer::timeout, [this] {
      for (QWidget* widget : QApplication::topLevelWidgets())
        if (auto* dialog = qobject_cast<QDialog*>(widget); dialog && dialog->isVisible()) ++closed_, dialog->reject();
    });
    timer_.start(20);
  }
  int closed() const { return closed_; }

 private:
  QTimer timer_;
  int closed_ = 0;
};

std::vector<QAction*> in_menus(const QMenu& menu) {
  std::vector<QAction*> all;
  for (QAction* action : menu.actions()) {
    if (action->isSeparator()) continue;
    if (action->menu()) {
      const auto below = in_menus(*action->menu());
      all.insert(all.end(), below.begin(), below.end());
    } else {
      all.push_back(action);
    }
  }
  return all;
}

std::vector<QAction*> in_menus(const MainWindow& window) {
  std::vector<QAction*> all;
  for (const QAction* top : window.menuBar()->actions()) {
    const auto below = in_menus(*top->menu());
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

/// One window for all that only look at it.
struct Actions : testing::Test {
  static void SetUpTestSuite() { window = test::window_on(test::ridge_line); }
  static void TearDownTestSuite() { window.reset(); }
  static inline std::unique_ptr<MainWindow> window;
};

TEST_F(Actions, StandOnceInTheMenus) {
  const auto shown = in_menus(*window);
  for (QAction* action : window->actions().all())
    EXPECT_EQ(std::count(shown.begin(), shown.end(), action), 1) << action->text().toStdString();
  std::map<QString, int> names;
  for (const QAction* action : window->actions().all()) ++names[QString(action->text()).remove(u'&')];
  for (const auto& [name, count] : names) EXPECT_EQ(count, 1) << name.toStdString();
}

TEST_F(Actions, HaveTheKeysThatTheInterfacePromises) {
  const std::pair<const char*, const char*> promised[]{{"new", "Ctrl+N"},          {"open", "Ctrl+O"},
                                                       {"save", "Ctrl+S"},         {"save-as", "Ctrl+Shift+S"},
                                                       {"undo", "Ctrl+Z"},         {"redo", "Ctrl+Y"},
                                                       {"redo", "Ctrl+Shift+Z"},   {"copy", "Ctrl+C"},
                                                       {"about-scene", "F1"},      {"copy-state", "Ctrl+Shift+C"},
                                                       {"full-screen", "F11"},     {"export-picture", "F12"},
                                                       {"palette", "Ctrl+Shift+P"}};
  for (const auto& [id, keys] : promised) {
    const QAction* action = window->actions().find(QLatin1String(id));
    ASSERT_NE(action, nullptr) << id;
    EXPECT_TRUE(action->shortcuts().contains(QKeySequence(QLatin1String(keys)))) << id << " " << keys;
  }
  const QString all = window->actions().keys_as_html();
  for (const char* keys : {"Ctrl+N", "Ctrl+Shift+Z", "F12", "Esc", "Space", ">H<", "Wheel"})
    EXPECT_TRUE(all.contains(QLatin1String(keys))) << keys;
}

TEST_F(Actions, ShareNoKeyWithAnyButtonOrMenu) {
  std::map<QString, QString> owners;
  const auto claim = [&](const QKeySequence& keys, const QString& owner) {
    if (keys.isEmpty()) return;
    EXPECT_TRUE(owners.emplace(keys.toString(), owner).second)
        << keys.toString().toStdString() << " is of " << owners[keys.toString()].toStdString() << " and of "
        << owner.toStdString();
  };
  for (const QAction* action : window->findChildren<QAction*>())
    for (const QKeySequence& keys : action->shortcuts()) claim(keys, action->text());
  for (const auto* button : window->findChildren<QAbstractButton*>()) claim(button->shortcut(), button->text());
}

TEST(ActionsAlone, AreHarmlessBeforeAnythingIsOpen) {
  MainWindow window;
  window.show();
  (void)QTest::qWaitForWindowExposed(&window);
  const DialogCloser closer;
  for (QAction* action : window.actions().all()) {
    const QString id = action->text();
    if (id.contains("Quit") || id.contains("New scene")) continue;
    action->trigger();
    test::settle(5);
    EXPECT_EQ(window.study().scene(), nullptr) << id.toStdString();
  }
  window.set_theme(Theme::Light);
  window.showNormal();
  for (const Qt::Key key : {Qt::Key_Space, Qt::Key_Escape, Qt::Key_H}) QTest::keyClick(&window, key);
  EXPECT_TRUE(window.isVisible());
  EXPECT_GT(closer.closed(), 3) << "open, save and the rest ask where";
}

TEST(ActionsAlone, LeaveAnOpenSceneAnsweredWhateverIsTriggered) {
  const auto window = test::window_on(test::ridge_line);
  const DialogCloser closer;
  for (QAction* action : window->actions().all()) {
    const QString name = action->text();
    if (name.contains("Quit") || name.contains("New scene") || name.contains("Play")) continue;
    action->trigger();
    test::settle(10);
    ASSERT_NE(window->study().scene(), nullptr) << name.toStdString();
  }
  ASSERT_TRUE(wait_for([&] { return window->study().answered(); }));
  window->set_theme(Theme::Light);
  window->showNormal();
  EXPECT_EQ(window->study().theta(), (Vec{{1.0, 0.5}}));
}

TEST_F(Actions, OnTheViewTurnItsPartsOnAndOff) {
  const std::pair<const char*, bool views::Look::*> parts[]{
      {"arrows", &views::Look::arrows}, {"ghost", &views::Look::ghost}, {"overlay", &views::Look::overlay}};
  for (const auto& [id, part] : parts) {
    QAction* action = window->actions().find(QLatin1String(id));
    const bool before = window->viewport().look().*part;
    EXPECT_EQ(action->isChecked(), before) << id;
    action->trigger();
    EXPECT_EQ(window->viewport().look().*part, !before) << id;
    action->trigger();
    EXPECT_EQ(window->viewport().look().*part, before) << id;
  }
}

TEST_F(Actions, OnDocksShowAndHideThem) {
  for (const char* id : {"dock-parameters", "dock-jacobian", "dock-method", "dock-problem", "dock-log"}) {
    QAction* action = window->actions().find(QLatin1String(id));
    ASSERT_NE(action, nullptr) << id;
    const bool before = action->isChecked();
    action->trigger();
    EXPECT_EQ(action->isChecked(), !before) << id;
  }
  window->actions().trigger("restore-layout");
  EXPECT_FALSE(window->parameters().isHidden());
  EXPECT_TRUE(window->log().isHidden());
}

TEST(Menus, NameViewsAndFilesAsTheyAreCalled) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("R&D.toml");
  std::string text = test::ridge_line;
  text += "[[views]]\nkind = \"bars\"\nshow = \"x\"\ntitle = \"loss & gain\"\n";
  std::ofstream(path.toStdString()) << text;
  const auto window = test::window_on(test::ridge_line);
  window->open(path);
  ASSERT_TRUE(wait_for([&] { return window->study().scene()->text == text; }));
  QStringList shown;
  for (const QAction* action : in_menus(*window)) shown << action->text();
  EXPECT_TRUE(shown.contains("loss && gain")) << "a single & would be taken for a mnemonic";
  EXPECT_TRUE(shown.contains("R&&D.toml"));
}

TEST(WindowTitle, NamesTheSceneWhateverItIsCalled) {
  const auto window = test::window_on(test::ridge_line);
  EXPECT_TRUE(window->windowTitle().startsWith("Two lines"));
  const QTemporaryDir folder;
  const QString path = folder.filePath("nameless.toml");
  std::string text = test::ridge_line;
  text.erase(0, text.find('\n') + 1);
  std::ofstream(path.toStdString()) << text;
  window->open(path);
  ASSERT_TRUE(wait_for([&] { return window->study().scene()->text == text; }));
  EXPECT_TRUE(window->windowTitle().startsWith("nameless")) << window->windowTitle().toStdString();
}

void drop(MainWindow& window, const QMimeData& data) {
  QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &enter);
  QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &event);
}

TEST(Drops, OpenFilesAndNothingElse) {
  const auto window = test::window_on(test::twelve);
  QMimeData empty, comment, text, remote, file;
  empty.setData("text/uri-list", "");
  comment.setData("text/uri-list", "# no address\r\n");
  text.setText("ridge");
  remote.setUrls({QUrl("https://example.org/scene.toml")});
  for (const QMimeData* data : {&empty, &comment, &text, &remote}) {
    drop(*window, *data);
    test::settle(20);
    EXPECT_EQ(window->study().theta().size(), 12);
  }
  const QTemporaryDir folder;
  std::ofstream(folder.filePath("dropped π.toml").toStdString()) << test::ridge_line;
  file.setUrls({QUrl::fromLocalFile(folder.filePath("dropped π.toml"))});
  drop(*window, file);
  EXPECT_TRUE(wait_for([&] { return window->study().theta().size() == 2; }));
}

TEST(WindowSizes, OfAnyKindAreSurvived) {
  const auto window = test::window_on(test::soft_threshold);
  for (const QSize size : {QSize(1, 1), QSize(3000, 200), QSize(200, 1500), QSize(640, 480), QSize(1000, 700)}) {
    window->resize(size);
    window->study().move(0, 0.5 + 1e-3 * size.width(), -1);
    test::settle(40);
    EXPECT_FALSE(window->viewport().grabFramebuffer().isNull());
  }
  EXPECT_TRUE(wait_for([&] { return window->study().answered(); }));
}

}  // namespace
}  // namespace argscope::app
