// "Copy as command": what is copied, run as a command line, gives the Jacobian on screen.
#include <gtest/gtest.h>

#include <QTemporaryDir>
#include <fstream>
#include <sstream>

#include "app/command_line.h"
#include "app/exports.h"
#include "core/io/arrays.h"
#include "core/live/session.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

/// A command as a POSIX shell splits it: single quotes, and backslashes outside of them.
std::vector<std::string> words_of(const QString& command) {
  std::vector<std::string> words;
  std::string word;
  bool open = false, any = false;
  const std::string text = command.toStdString();
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '\'') {
      open = !open, any = true;
    } else if (text[k] == '\\' && !open && k + 1 < text.size()) {
      word += text[++k], any = true;
    } else if (text[k] == ' ' && !open) {
      if (any) words.push_back(word);
      word.clear(), any = false;
    } else {
      word += text[k], any = true;
    }
  }
  EXPECT_FALSE(open) << text;
  if (any) words.push_back(word);
  return words;
}

struct RoundTrip : testing::Test {
  QTemporaryDir folder;

  QString path(const char* name) const { return folder.filePath(QString::fromUtf8(name)); }

  ScenePtr saved(const char* name, const std::string& text) const {
    const std::filesystem::path file = path(name).toStdString();
    std::ofstream(file, std::ios::binary) << text;
    return std::make_shared<const io::Scene>(io::parse_scene(text, file, io::Paths::standard()));
  }

  /// Runs the command of a state and compares the file that it writes with the state's own Jacobian.
  void expect_same(const live::SnapshotPtr& state) const {
    ASSERT_TRUE(state->error.empty()) << state->error;
    ASSERT_TRUE(state->trust.defined) << state->trust.reason;
    std::vector<std::string> words = words_of(as_command(*state));
    ASSERT_EQ(words.front(), "argscope");
    ASSERT_EQ(words.back(), "jacobian.npz");
    words.erase(words.begin());
    words.back() = path("jacobian.npz").toStdString();
    std::ostringstream out, err;
    Console console{out, err, false};
    const auto ending = run_command_line(words, console);
    ASSERT_TRUE(std::holds_alternative<Exit>(ending));
    ASSERT_EQ(std::get<Exit>(ending), Exit::Done) << err.str() << as_command(*state).toStdString();
    const expr::Array J = io::read_array(words.back(), "");
    ASSERT_EQ(J.shape, (expr::Shape{state->J.rows(), state->J.cols()}));
    const double size = std::max(state->J.norm(), 1e-12);
    for (Index r = 0; r < state->J.rows(); ++r)
      for (Index c = 0; c < state->J.cols(); ++c)  // both solve to a relative 1e-10, of conditions up to some 1e2
        EXPECT_NEAR(J.values[static_cast<std::size_t>(r * state->J.cols() + c)], state->J(r, c), 1e-7 * size)
            << as_command(*state).toStdString();
  }
};

TEST_F(RoundTrip, OfAMovedSceneGivesItsJacobian) {
  const ScenePtr scene = saved("line.toml", test::ridge_line);
  for (const Vec& theta : {Vec{{1.0, 0.5}}, Vec{{1.0 / 3, -0.7}}, Vec{{1e-5, 1e3}}, Vec{{2.5e5, -1e-300}}})
    expect_same(live::solve_now(scene, theta, {}));
}

TEST_F(RoundTrip, SurvivesNamesThatAShellWouldRead) {
  for (const char* name : {"a b.toml", "it's.toml", "$(x) `y` \"z\".toml", "π & ≤;.toml", "-dash.toml", "#1!*?.toml"})
    expect_same(live::solve_now(saved(name, test::ridge_line), Vec{{2.0, 0.25}}, {}));
}

TEST_F(RoundTrip, CarriesArraysInTheirShape) {
  expect_same(live::solve_now(saved("twelve.toml", test::twelve), Vec::LinSpaced(12, -1, 1), {}));
  expect_same(live::solve_now(saved("images.toml", test::two_images), Vec::LinSpaced(12, 2, -1), {}));
}

TEST_F(RoundTrip, CarriesTheMethodThatWasChosen) {
  const ScenePtr scene = saved("line.toml", test::ridge_line);
  Method method = method_of(*scene);
  method.solver = "lbfgs", method.linear_solver = "lu", method.estimator = "forward-differences";
  const auto chosen = std::make_shared<const io::Scene>(with_method(*scene, method));
  expect_same(live::solve_now(chosen, Vec{{3.0, 0.5}}, {}));
}

TEST_F(RoundTrip, SaysSoWhereAPersonTookBackWhatTheSceneSays) {
  const std::string text = std::string(test::ridge_line) +
                           "[solve]\nsolver = \"gradient_descent\"\ntolerance = 1e-3\nstep = 0.1\n"
                           "[differentiate]\nmethod = \"one-step\"\nlinear_solver = \"cg\"\n";
  const ScenePtr scene = saved("rough.toml", text);
  Method method = method_of(*scene);
  EXPECT_FALSE(as_command(*live::solve_now(scene, Vec{{1.0, 0.5}}, {})).contains("--solver")) << "the file says it";
  method.solver = "auto", method.tolerance = 1e-10, method.estimator = "implicit", method.linear_solver = "auto";
  const auto chosen = std::make_shared<const io::Scene>(with_method(*scene, method));
  const live::SnapshotPtr state = live::solve_now(chosen, Vec{{1.0, 0.5}}, {});
  const QString command = as_command(*state);
  for (const char* part : {"--solver auto", "--tolerance 1e-10", "--method implicit", "--linear-solver auto"})
    EXPECT_TRUE(command.contains(part)) << command.toStdString();
  EXPECT_NEAR(state->J(0, 0), -0.5, 1e-8);  // the relative tolerance is 1e-10
  expect_same(state);
}

TEST_F(RoundTrip, SaysSoWhereAPersonLetTheSolverGoOn) {
  const std::string text = std::string(test::ridge_line) + "[solve]\nsolver = \"gradient_descent\"\niterations = 2\n";
  const ScenePtr scene = saved("early.toml", text);
  Method method = method_of(*scene);
  method.iterations.reset();
  const auto chosen = std::make_shared<const io::Scene>(with_method(*scene, method));
  expect_same(live::solve_now(chosen, Vec{{1.0, 0.5}}, {}));
}

TEST_F(RoundTrip, CarriesChoices) {
  const std::string text =
      "[parameters.n]\nvalue = 3\nrange = [1, 5]\ninteger = true\n[parameters.t]\nvalue = 1.0\nrange = [0, 9]\n"
      "[variables.x]\nshape = [2]\n[problem]\nminimize = \"sum((x - n*t)**2)\"\n";
  const std::filesystem::path file = path("choice.toml").toStdString();
  std::ofstream(file) << text;
  const auto scene = std::make_shared<const io::Scene>(io::parse_scene(text, file, io::Paths::standard(), {{"n", 5}}));
  const live::SnapshotPtr state = live::solve_now(scene, Vec{{2.0}}, {});
  EXPECT_NEAR(state->J(0, 0), 5, 1e-8);  // x = nt
  expect_same(state);
}

class BuiltInCommand : public RoundTrip, public testing::WithParamInterface<const char*> {};

TEST_P(BuiltInCommand, GivesTheSameJacobian) {
  const auto scene = std::make_shared<const io::Scene>(io::read_scene(GetParam(), io::Paths::standard()));
  const live::SnapshotPtr state = live::solve_now(scene, reset_values(knobs_of(*scene->statement)), {});
  EXPECT_TRUE(as_command(*state).startsWith(QStringLiteral("argscope jacobian ") + GetParam()))
      << as_command(*state).toStdString();
  expect_same(state);
}

INSTANTIATE_TEST_SUITE_P(Scenes, BuiltInCommand, testing::Values("ridge", "lasso", "kinks", "cosine", "portfolio"),
                         [](const auto& test) { return std::string(test.param); });

TEST(ShellWords, AreQuotedWhereAShellWouldReadMore) {
  for (const char* plain : {"theta=1", "a/b.toml", "1e-3", "x:y", "a,b", "+1"}) EXPECT_EQ(quoted(plain), plain);
  for (const char* word :
       {"", " ", "a b", "it's", "''", "$x", "`x`", "a\"b", "a\\b", "~", "*", "a\nb", "π", "(1)", "#"}) {
    const auto back = words_of(QStringLiteral("x ") + quoted(QString::fromUtf8(word)));
    ASSERT_EQ(back.size(), 2u) << word;
    EXPECT_EQ(back[1], word);
  }
}

}  // namespace
}  // namespace argscope::app
