// Scenes between editor, files and window: what was typed is never lost unasked, what is broken is told and mended.
#include <gtest/gtest.h>

#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTimer>
#include <fstream>
#include <iterator>
#include <random>

#include "app/exports.h"
#include "app/window_actions.h"
#include "core/io/arrays.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using test::wait_for;

/// Answers dialogs as a person would, as long as this lives: files by name, questions by a button.
class Answers {
 public:
  Answers(QString file, QMessageBox::StandardButton button) : file_(std::move(file)), button_(button) {
    QObject::connect(&timer_, &QTimer::timeout, [this] { answer(); });
    timer_.start(20);
  }
  int asked() const { return asked_; }

 private:
  void answer() {
    QWidget* widget = QApplication::activeModalWidget();
    if (auto* files = qobject_cast<QFileDialog*>(widget)) {
      if (file_.isEmpty()) return files->reject();
      files->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(file_);
      static_cast<QDialog*>(files)->accept();
    } else if (auto* question = qobject_cast<QMessageBox*>(widget)) {
      ++asked_;
      question->button(button_)->click();
    } else if (auto* dialog = qobject_cast<QDialog*>(widget)) {
      dialog->accept();
    }
  }

  QTimer timer_;
  QString file_;
  QMessageBox::StandardButton button_;
  int asked_ = 0;
};

std::string content(const QString& path) {
  std::ifstream file(path.toStdString(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// x = nt for a whole number n; three numbers that n may choose from.
const char* const chosen_number = R"toml(title = "A choice"
[data.c]
value = [1.0, 2.0, 4.0]
[parameters.n]
value = 1
range = [0, 5]
integer = true
[parameters.t]
value = 1.0
range = [0, 9]
[variables.x]
shape = [1]
[problem]
minimize = "sum((x - c[n]*t)**2)"
)toml";

struct Editing : testing::Test {
  QTemporaryDir folder;

  QString path(const char* name) const { return folder.filePath(QString::fromUtf8(name)); }
  QString saved(const char* name, const std::string& text) const {
    std::ofstream(path(name).toStdString(), std::ios::binary) << text;
    return path(name);
  }
  static std::unique_ptr<MainWindow> window_on_file(const QString& file, const std::string& text) {
    auto window = test::window_on(test::twelve);
    window->open(file);
    EXPECT_TRUE(wait_for([&] { return window->study().scene()->text == text && window->study().answered(); }));
    return window;
  }
  static void type_at_end(MainWindow& window, const QString& text) {
    window.problem().editor().moveCursor(QTextCursor::End);
    window.problem().editor().insertPlainText(text);
  }
  static QSpinBox& choice(MainWindow& window) { return *window.parameters().choices().findChild<QSpinBox*>(); }
};

TEST_F(Editing, AChoiceKeepsWhatWasTypedMeanwhile) {
  const auto window = test::window_on(chosen_number);
  type_at_end(*window, "# a thought not yet applied\n");
  const QString typed = window->problem().text();
  choice(*window).setValue(2);
  ASSERT_TRUE(wait_for(
      [&] { return window->study().scene()->statement->choices[0].value == 2 && window->study().answered(); }));
  EXPECT_NEAR(window->study().snapshot()->solution.x(0), 4, 1e-8);
  EXPECT_EQ(window->problem().text(), typed);
  EXPECT_TRUE(window->problem().modified());
  EXPECT_TRUE(wait_for([&] { return window->problem().apply_possible(); })) << "it can still be applied";
}

TEST_F(Editing, AChoiceThatCannotBeLeavesEverythingAsItWas) {
  const auto window = test::window_on(chosen_number);
  type_at_end(*window, "# a thought\n");
  const QString typed = window->problem().text();
  const ScenePtr before = window->study().scene();
  choice(*window).setValue(5);  // there are three numbers
  ASSERT_TRUE(wait_for([&] { return choice(*window).value() == 1; })) << "the box says what is";
  EXPECT_EQ(window->study().scene(), before);
  EXPECT_EQ(window->problem().text(), typed);
  EXPECT_FALSE(window->log().text().isEmpty());
  choice(*window).setValue(2);
  EXPECT_TRUE(wait_for([&] { return window->study().scene()->statement->choices[0].value == 2; }));
}

TEST_F(Editing, LinesMayEndInAnyWay) {
  std::string text;
  for (const char* c = test::ridge_line; *c != 0; ++c) text += *c == '\n' ? std::string("\r\n") : std::string(1, *c);
  const auto window = window_on_file(saved("lines.toml", text), text);
  ASSERT_TRUE(wait_for([&] { return window->problem().message().contains("No mistakes"); }));
  test::settle(400);  // the check of what stands there comes after a pause
  EXPECT_FALSE(window->problem().apply_possible()) << "nothing is new";
  EXPECT_FALSE(window->problem().modified());
}

TEST_F(Editing, ABrokenFileIsShownMendedAppliedAndSaved) {
  std::string broken = test::ridge_line;
  broken.replace(broken.find("theta*x**2"), 10, "thta*x**2");
  const QString file = saved("broken.toml", broken);
  const auto window = test::window_on(test::twelve);
  window->open(file);
  ASSERT_TRUE(wait_for([&] { return window->problem().error_line() > 0; }));
  EXPECT_EQ(window->study().theta().size(), 12) << "the scene before stays";
  EXPECT_EQ(window->problem().text().toStdString(), broken);
  EXPECT_FALSE(window->problem().apply_possible());
  EXPECT_TRUE(window->problem().isVisible());
  window->problem().editor().setPlainText(QString::fromUtf8(test::ridge_line));
  window->problem().editor().document()->setModified(true);
  window->problem().apply();
  ASSERT_TRUE(wait_for([&] { return window->study().theta().size() == 2; }));
  window->actions().trigger("save");
  EXPECT_EQ(content(file), test::ridge_line);
  EXPECT_FALSE(window->problem().modified());
}

TEST_F(Editing, NoMutilationOfATextIsMoreThanAMistake) {
  const std::string whole = test::ridge_line;
  std::mt19937 random(4);
  int wrong = 0;
  for (int trial = 0; trial < 300; ++trial) {
    std::string text = whole;
    const std::size_t at = random() % text.size();
    switch (random() % 5) {
      case 0: text.erase(at, 1 + random() % 30); break;
      case 1: text.insert(at, 1, static_cast<char>(random() % 127 + 1)); break;
      case 2: text.insert(at, "π\"[=("); break;
      case 3: text.resize(at); break;
      default: text.replace(at, 1, "\t"); break;
    }
    const SceneReading reading = read_now({QString::fromStdString(text), {}, {}}, io::Paths::standard());
    if (reading.scene) continue;
    ++wrong;
    EXPECT_FALSE(reading.message.isEmpty());
    EXPECT_FALSE(reading.whole.isEmpty());
    EXPECT_LE(reading.line, QString::fromStdString(text).count(u'\n') + 1) << text;
    EXPECT_GE(reading.column, 0);
  }
  EXPECT_GT(wrong, 100);
}

TEST_F(Editing, AMistakeIsUnderlinedWhereverItStands) {
  const auto window = test::window_on(test::ridge_line);
  ProblemDock& dock = window->problem();
  const std::pair<const char*, const char*> mistakes[]{{"x - 2", "x - π2"},
                                                       {"value = 1.0", "value = "},
                                                       {"[variables.y]", "[variables.y"},
                                                       {"show = \"x\"", "sho = \"x\""}};
  for (const auto& [right, wrong] : mistakes) {
    dock.editor().setPlainText(QString::fromUtf8(test::ridge_line).replace(right, QString::fromUtf8(wrong)));
    ASSERT_TRUE(wait_for([&] { return dock.error_line() > 0; })) << wrong;
    ASSERT_EQ(dock.editor().extraSelections().size(), 2) << wrong;
    const QTextCursor mark = dock.editor().extraSelections()[1].cursor;
    EXPECT_EQ(mark.blockNumber() + 1, dock.error_line());
    EXPECT_FALSE(dock.apply_possible());
    dock.editor().setPlainText(QString::fromUtf8(test::ridge_line));
    ASSERT_TRUE(wait_for([&] { return dock.error_line() == 0 && dock.message().contains("No mistakes"); }));
    EXPECT_TRUE(dock.editor().extraSelections().isEmpty());
  }
}

TEST_F(Editing, UnsavedTextIsAskedAboutAndKeptWhenAPersonSaysSo) {
  const QString file = saved("mine.toml", test::ridge_line);
  const auto window = window_on_file(file, test::ridge_line);
  type_at_end(*window, "# mine\n");
  EXPECT_TRUE(window->isWindowModified());
  {
    const Answers cancel({}, QMessageBox::Cancel);
    window->open("ridge");
    EXPECT_FALSE(window->close());
    window->actions().trigger("new");
    test::settle(50);
    EXPECT_EQ(cancel.asked(), 3);
    EXPECT_TRUE(window->problem().text().endsWith("# mine\n"));
    EXPECT_EQ(window->study().scene()->text, test::ridge_line);
  }
  {
    const Answers save({}, QMessageBox::Save);
    window->open(saved("other.toml", test::twelve));
    ASSERT_TRUE(wait_for([&] { return window->study().theta().size() == 12; }));
    EXPECT_EQ(save.asked(), 1);
    EXPECT_EQ(content(file), std::string(test::ridge_line) + "# mine\n");
  }
  type_at_end(*window, "# lost\n");
  const Answers discard({}, QMessageBox::Discard);
  EXPECT_TRUE(window->close());
  EXPECT_EQ(content(path("other.toml")), test::twelve);
}

TEST_F(Editing, ABuiltInSceneIsSavedElsewhere) {
  const auto window = test::window_on(test::twelve);
  window->open("kinks");
  ASSERT_TRUE(wait_for([&] { return window->study().scene()->name == "kinks"; }));
  const QString own = QString::fromStdString(window->study().scene()->path.string());
  const std::string before = content(own);
  type_at_end(*window, "# mine\n");
  const Answers answers(path("copy.toml"), QMessageBox::Yes);
  window->actions().trigger("save");
  EXPECT_EQ(content(own), before);
  EXPECT_EQ(content(path("copy.toml")), before + "# mine\n");
  EXPECT_FALSE(window->problem().modified());
}

TEST_F(Editing, NamesWithoutAnEndingGetTheRightOne) {
  const auto window = test::window_on(test::ridge_line);
  const std::pair<const char*, const char*> rows[]{
      {"save-as", ".toml"}, {"save-session", ".json"}, {"export-jacobian", ".npz"}, {"export-picture", ".png"}};
  for (const auto& [command, ending] : rows) {
    const QString name = path("plain") + QLatin1String(ending);
    const Answers answers(path("plain"), QMessageBox::Yes);
    window->actions().trigger(QLatin1String(command));
    EXPECT_TRUE(QFile::exists(name)) << command << ": " << window->log().text().toStdString();
  }
  EXPECT_FALSE(QFile::exists(path("plain")));
  EXPECT_EQ(io::read_array(path("plain.npz").toStdString(), "jacobian").shape, (expr::Shape{2, 2}));
}

TEST_F(Editing, JacobiansAreExportedInEveryFormatAndCase) {
  const auto window = test::window_on(test::ridge_line);
  const Mat J = window->study().snapshot()->J;
  for (const char* name : {"J.NPZ", "J.Npy", "J.JSON"}) {
    const Answers answers(path(name), QMessageBox::Yes);
    window->actions().trigger("export-jacobian");
    ASSERT_TRUE(QFile::exists(path(name))) << name << window->log().text().toStdString();
    if (QString(name).endsWith("y") || QString(name).endsWith("csv"))
      EXPECT_EQ(io::read_array(path(name).toStdString(), "").values[0], J(0, 0)) << name;
  }
  EXPECT_EQ(io::read_array(path("J.NPZ").toStdString(), "theta").values, (std::vector<double>{1, 0.5}));
}

TEST_F(Editing, AnExportThatCannotBeIsTold) {
  const auto window = test::window_on(test::ridge_line);
  const Answers answers(path("J.xyz"), QMessageBox::Yes);
  for (const char* command : {"export-jacobian", "export-picture"}) {
    window->actions().trigger(QLatin1String(command));
    EXPECT_TRUE(window->log().text().contains("J.xyz")) << command;
  }
  EXPECT_FALSE(QFile::exists(path("J.xyz")));
}

TEST_F(Editing, ASessionBringsBackParametersMethodAndLook) {
  const auto window = test::window_on(test::ridge_line);
  Study& study = window->study();
  study.move_all(Vec{{3.0, -0.25}}, "both", -1);
  QComboBox& box = window->method().box("solver");
  box.setCurrentIndex(box.findData("lbfgs"));
  emit box.activated(box.currentIndex());
  ASSERT_TRUE(wait_for([&] { return study.scene()->solve.solver == "lbfgs" && study.answered(); }));
  window->actions().trigger("ghost");
  window->viewport().zoom_by(2);
  const std::string camera = window->viewport().camera();
  {
    const Answers answers(path("s.json"), QMessageBox::Yes);
    window->actions().trigger("save-session");
  }
  const auto other = test::window_on(test::twelve);
  other->open(path("s.json"));
  ASSERT_TRUE(wait_for([&] { return other->study().theta().size() == 2 && other->study().answered(); }));
  test::settle(60);
  EXPECT_EQ(other->study().theta(), study.theta());
  EXPECT_EQ(method_of(*other->study().scene()), method_of(*study.scene()));
  EXPECT_EQ(other->viewport().camera(), camera);
  EXPECT_FALSE(other->viewport().look().ghost);
  EXPECT_FALSE(other->actions().find("ghost")->isChecked());
  EXPECT_TRUE(other->actions().find("arrows")->isChecked());
}

TEST_F(Editing, RecentFilesAreTheLastTenNewestFirstAndOnce) {
  QStringList before;
  for (int k = 0; k < 10; ++k) before << path(("old" + std::to_string(k) + ".toml").c_str());
  QSettings().setValue("recent", before);
  const auto window = test::window_on(test::ridge_line);
  for (const char* name : {"old5.toml", "new.toml"}) {
    window->open(saved(name, test::ridge_line));
    ASSERT_TRUE(wait_for([&] { return window->documents().recent().value(0) == path(name); }));
  }
  const QStringList recent = window->documents().recent();
  EXPECT_EQ(recent.mid(0, 3), (QStringList{path("new.toml"), path("old5.toml"), path("old0.toml")}));
  EXPECT_EQ(recent.size(), 10);
  EXPECT_EQ(recent.count(path("old5.toml")), 1);
  EXPECT_FALSE(recent.contains(path("old9.toml")));
}

}  // namespace
}  // namespace argscope::app
