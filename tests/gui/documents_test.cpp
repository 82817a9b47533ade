// Sessions, exports and the way a scene goes into the window.
#include <gtest/gtest.h>

#include <QTemporaryDir>

#include "app/exports.h"
#include "app/gallery.h"
#include "app/saved_session.h"
#include "app/scene_documents.h"
#include "core/io/arrays.h"
#include "core/live/session.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

live::SnapshotPtr solved() {
  const ScenePtr scene = test::scene_from(test::ridge_line);
  return live::solve_now(scene, reset_values(knobs_of(*scene->statement)), {});
}

TEST(SavedSession, ComesBackFromItsText) {
  SavedSession session;
  session.text = "title = \"π ≥ 3\"\n";
  session.path = "somewhere/scene.toml";
  session.choices = {{"seed", 7}};
  session.theta = {0.1, 1.0 / 3, -1e-300};
  session.camera = "0 1 2";
  session.look.ghost = false;
  session.look.column = 4;
  const std::string text = to_json(session);
  for (const char c : text) ASSERT_LT(static_cast<unsigned char>(c), 128);  // PNG text chunks are Latin-1
  const auto back = from_json(text);
  ASSERT_TRUE(std::holds_alternative<SavedSession>(back));
  const SavedSession& read = std::get<SavedSession>(back);
  EXPECT_EQ(read.text, session.text);
  EXPECT_EQ(read.path, session.path);
  EXPECT_EQ(read.choices, session.choices);
  EXPECT_EQ(read.theta, session.theta);
  EXPECT_EQ(read.camera, session.camera);
  EXPECT_FALSE(read.look.ghost);
  EXPECT_EQ(read.look.column, 4);
}

TEST(SavedSession, KeepsTheMethodAndRefusesOneThatDoesNotExist) {
  SavedSession session;
  session.text = test::ridge_line;
  Method method = method_of(*test::scene_from(test::ridge_line));
  method.solver = "newton";
  method.iterations = 3;
  method.step = 0.25;
  method.decay = 0.5;
  session.method = method;
  std::string text = to_json(session);
  const auto back = from_json(text);
  ASSERT_TRUE(std::holds_alternative<SavedSession>(back));
  EXPECT_EQ(std::get<SavedSession>(back).method, method);
  text.replace(text.find("\"newton\""), 8, "\"newtom\"");
  const auto wrong = from_json(text);
  ASSERT_TRUE(std::holds_alternative<std::string>(wrong));
  EXPECT_NE(std::get<std::string>(wrong).find("newton"), std::string::npos) << std::get<std::string>(wrong);
}

TEST(SavedSession, SaysWhatIsWrongWithAText) {
  for (const char* text :
       {"", "{", "[]", "{}", "{\"argscope_session\": 1}", "{\"argscope_session\": 99, \"scene\": {}}",
        "{\"argscope_session\": 1, \"scene\": {\"path\": 3, \"text\": \"\"}}",
        "{\"argscope_session\": 1, \"scene\": {\"path\": \"\", \"text\": \"\"}, \"theta\": \"x\"}"}) {
    const auto back = from_json(text);
    ASSERT_TRUE(std::holds_alternative<std::string>(back)) << text;
    EXPECT_FALSE(std::get<std::string>(back).empty());
  }
}

TEST(Exports, TheCommandNamesEveryParameterAndQuotesForAShell) {
  EXPECT_EQ(quoted("plain-1.5"), "plain-1.5");
  EXPECT_EQ(quoted("it's [1, 2]"), "'it'\\''s [1, 2]'");
  const QString command = as_command(*solved());
  EXPECT_TRUE(command.startsWith("argscope jacobian scene.toml --set theta=1 --set shift=0.5 --out "))
      << command.toStdString();
}

TEST(Exports, TheCommandSaysWhatWasChosenInTheMethodDock) {
  live::Snapshot state = *solved();
  Method method = method_of(*state.scene);
  method.solver = "lbfgs";
  method.estimator = "one-step";
  method.tolerance = 1e-6;
  method.iterations = 7;
  method.step = 0.125;
  state.scene = std::make_shared<const io::Scene>(with_method(*state.scene, method));
  const QString command = as_command(state);
  EXPECT_TRUE(
      command.contains(" --solver lbfgs --method one-step --tolerance 1e-06 --iterations 7 --step 0.125 --out "))
      << command.toStdString();
}

TEST(Exports, TheStateAsTextHoldsParametersSolutionAndOutputs) {
  const QString text = state_as_text(*solved());
  EXPECT_TRUE(text.contains("theta = 1\n"));
  EXPECT_TRUE(text.contains("x* = ["));
  EXPECT_TRUE(text.contains("total = "));
}

TEST(Exports, TheJacobianIsWrittenWithItsNamesAndReadsBack) {
  const QTemporaryDir folder;
  const std::filesystem::path file = folder.filePath("J.npz").toStdString();
  const live::SnapshotPtr state = solved();
  export_jacobian(*state, file, metadata_of(*state, {}));
  const expr::Array J = io::read_array(file, "jacobian");
  EXPECT_EQ(J.shape, (expr::Shape{2, 2}));
  EXPECT_EQ(J.values[0], state->J(0, 0));
  EXPECT_EQ(J.values[1], state->J(0, 1));
  EXPECT_EQ(io::read_array(file, "theta").values.size(), 2u);
}

TEST(Exports, AnUndefinedJacobianIsNotWritten) {
  live::Snapshot state = *solved();
  state.trust.defined = false;
  EXPECT_THROW(export_jacobian(state, "J.npz", {}), io::DataError);
}

TEST(Exports, MetadataSayWhereTheNumbersComeFrom) {
  const auto data = metadata_of(*solved(), {});
  EXPECT_EQ(data.at("theta theta"), "1");
  EXPECT_EQ(data.at("status"), "converged");
  EXPECT_TRUE(data.contains("Software"));
  EXPECT_TRUE(std::holds_alternative<SavedSession>(from_json(data.at(session_key))));
}

TEST(CarriedOver, KeepsParametersThatStillExist) {
  const ScenePtr old = test::scene_from(test::ridge_line);
  std::string text = test::ridge_line;
  text.replace(text.find("[parameters.theta]"), 0, "[parameters.fresh]\nvalue = 3.0\nrange = [0, 5]\n");
  const ScenePtr next = test::scene_from(text);
  const Vec theta = carried_over(*old->statement, Vec{{8.0, -0.25}}, *next->statement);
  EXPECT_EQ(theta, (Vec{{3.0, 8.0, -0.25}}));
}

TEST(GalleryCards, OfferEveryBuiltInSceneWithATitle) {
  const io::Paths paths = io::Paths::standard();
  const std::vector<GalleryEntry> entries = gallery_entries(paths);
  EXPECT_EQ(entries.size(), io::built_in_scenes(paths).size());
  for (const GalleryEntry& entry : entries) EXPECT_FALSE(entry.title.isEmpty()) << entry.name.toStdString();
}

}  // namespace
}  // namespace argscope::app
