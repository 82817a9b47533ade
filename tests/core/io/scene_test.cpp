// What a scene file becomes.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "core/io/arrays.h"
#include "core/io/names.h"
#include "core/io/random.h"
#include "core/optimality/model.h"
#include "tests/core/io/scenes.h"

namespace argscope::io {
namespace {

const optimality::NamedArray& data(const Scene& s, const std::string& name) {
  for (const auto& d : s.statement->data)
    if (d.name == name) return d;
  throw std::logic_error("no data " + name);
}

TEST(Scene, StatesWhatItsFileSays) {
  const Scene s = parsed(small_scene());
  EXPECT_EQ(s.name, "small");
  EXPECT_EQ(s.title, "Small");
  EXPECT_EQ(s.text, small_scene());
  const auto& st = *s.statement;
  ASSERT_EQ(st.parameters.size(), 1u);
  EXPECT_EQ(st.parameters[0].name, "theta");
  EXPECT_EQ(st.parameters[0].label, "theta");
  EXPECT_EQ(st.parameters[0].low, 0.5);
  EXPECT_EQ(st.parameters[0].high, 8);
  EXPECT_TRUE(st.parameters[0].log_scale);
  ASSERT_EQ(st.variables.size(), 1u);
  EXPECT_EQ(st.variables[0].start.values, (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(st.kind, optimality::Kind::Minimize);
  EXPECT_EQ(st.problem[0].text.at.line, 14);
  EXPECT_EQ(st.problem[0].text.at.column, 13);
  EXPECT_EQ(s.solve.tolerance, 1e-9);
  EXPECT_EQ(s.solve.solver, "auto");
  EXPECT_EQ(s.differentiate.method, "implicit");
  ASSERT_EQ(s.views.size(), 1u);
  EXPECT_EQ(s.views[0].kind, "bars");
  EXPECT_EQ(s.views[0].expressions.at("show"), "view 0.show");
  EXPECT_EQ(s.views[0].sources.at("show"), "w");
  EXPECT_EQ(st.expressions[0].name, "view 0.show");
}

TEST(Scene, SaysHowStepsShrink) {
  EXPECT_EQ(parsed(small_scene()).solve.decay, 0);
  const Scene s = parsed(with(small_scene(), "tolerance = 1e-9", "solver = \"sgd\"\nstep = 0.1\ndecay = 0.8"));
  EXPECT_EQ(s.solve.solver, "sgd");
  EXPECT_EQ(s.solve.step, 0.1);
  EXPECT_EQ(s.solve.decay, 0.8);
}

TEST(Scene, KeepsTheOrderOfTheFile) {
  const Scene s = parsed(with(small_scene(), "[parameters.theta]",
                              "[parameters.zeta]\nvalue = 1\n[parameters.alpha]\nvalue = -2\n[parameters.theta]"));
  ASSERT_EQ(s.statement->parameters.size(), 3u);
  EXPECT_EQ(s.statement->parameters[0].name, "zeta");
  EXPECT_EQ(s.statement->parameters[1].name, "alpha");
  EXPECT_EQ(s.statement->parameters[0].low, 0);  // no range: from 0 to twice the value
  EXPECT_EQ(s.statement->parameters[0].high, 2);
  EXPECT_EQ(s.statement->parameters[1].low, -4);
}

TEST(Scene, TakesHyphenAndUnderscoreForTheSame) {
  std::string text = with(small_scene(), "[parameters.theta]", "[parameters.the-ta]");
  text = with(text, "theta*sum", "the_ta*sum");
  EXPECT_EQ(parsed(text).statement->parameters[0].name, "the_ta");
  const Scene s =
      parsed(small_scene() + "[differentiate]\nlinear-solver = \"min_norm\"\nmethod = \"finite_differences\"\n");
  EXPECT_EQ(s.differentiate.linear_solver, "min-norm");
  EXPECT_EQ(s.differentiate.method, "finite-differences");
}

TEST(Scene, OrdersDefinitionsByWhatTheyNeed) {
  const Scene s = parsed(
      with(small_scene(), "residual = \"a*w - 1\"", "c = \"b + 1\"\nresidual = \"a*w - 1 + 0*c\"\nb = \"sum(a)\""));
  ASSERT_EQ(s.statement->definitions.size(), 3u);
  EXPECT_EQ(s.statement->definitions[0].name, "b");
  EXPECT_EQ(s.statement->definitions[1].name, "c");
  EXPECT_EQ(s.statement->definitions[2].name, "residual");
}

TEST(Scene, ReadsTenThousandDefinitionsInALine) {
  std::string more = "d0 = \"sum(a)\"\n";
  for (int k = 1; k < 10000; ++k) more += "d" + std::to_string(k) + " = \"d" + std::to_string(k - 1) + " + 1\"\n";
  const Scene s =
      parsed(with(with(small_scene(), "residual =", more + "residual ="), "\"ones(3)\"", "\"d9999 + zeros(3)\""));
  EXPECT_EQ(s.statement->variables[0].start.values[0], 6 + 9999);
}

TEST(Scene, LetsAStartNameDataParametersAndDefinitions) {
  const Scene s = parsed(
      with(with(small_scene(), "\"ones(3)\"", "\"theta*a + k\""), "residual =", "k = \"a[1]*theta\"\nresidual ="));
  EXPECT_EQ(s.statement->variables[0].start.values, (std::vector<double>{6, 8, 10}));
}

TEST(Scene, StartsAtZeroWhenNothingIsSaid) {
  const Scene s = parsed(with(small_scene(), "start = \"ones(3)\"\n", ""));
  EXPECT_EQ(s.statement->variables[0].start.values, (std::vector<double>{0, 0, 0}));
}

TEST(Scene, ReadsRootsInTheOrderOfTheVariables) {
  const Scene s = parsed(
      "[parameters.p]\nvalue = 1\n[variables.u]\nshape = [2]\n[variables.v]\nshape = []\n"
      "[problem]\nroot.v = \"v - p\"\nroot.u = \"u - v\"\n");
  EXPECT_EQ(s.statement->kind, optimality::Kind::Root);
  EXPECT_EQ(s.statement->problem[0].name, "u");
  EXPECT_EQ(s.statement->problem[1].name, "v");
}

TEST(Scene, LetsAnOutputWatchADefinitionUnderItsOwnName) {
  const Scene s = parsed(with(small_scene(), "error = \"mean(residual**2)\"", "residual = \"residual\""));
  EXPECT_EQ(s.statement->outputs[0].name, "residual");
}

// --- data

TEST(SceneData, ReadsFilesBesideTheSceneFirst) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "argscope_scene";
  std::filesystem::create_directories(folder);
  write_whole(folder / "t.csv", "# two columns\np,q\n1,10\n2,20\n3,60\n");
  const std::string text = with(small_scene(), "value = [1, 2, 3]", "file = \"t.csv\"\ncolumns = 1");
  const Scene s = parse_scene(text, folder / "s.toml", Paths{});
  EXPECT_EQ(data(s, "a").array.values, (std::vector<double>{10, 20, 60}));
  EXPECT_EQ(data(s, "a").array.shape, (expr::Shape{3}));
}

TEST(SceneData, SelectsBeforeItStandardizes) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "argscope_scene";
  std::filesystem::create_directories(folder);
  write_whole(folder / "t.csv", "1,10\n2,20\n3,60\n400,7\n");
  const std::string text =
      with(small_scene(), "value = [1, 2, 3]", "file = \"t.csv\"\ncolumns = \"1\"\nrows = \"0:3\"\nstandardize = true");
  const Scene s = parse_scene(with(text, "a*w", "a[:, 0]*w"), folder / "s.toml", Paths{});
  const expr::Array& a = data(s, "a").array;
  EXPECT_EQ(a.shape, (expr::Shape{3, 1}));
  // Mean 30, population deviation √((400 + 100 + 900)/3), as numpy.std gives it.
  const double deviation = std::sqrt(1400.0 / 3);
  EXPECT_NEAR(a.values[0], -20 / deviation, 1e-15);
  EXPECT_NEAR(a.values[2], 30 / deviation, 1e-15);
}

TEST(SceneData, TakesTheFirstFileThatAPatternFits) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "argscope_patterns";
  std::filesystem::create_directories(folder / "a-labels");
  write_whole(folder / "b-labels.csv", "1\n2\n3\n");
  write_whole(folder / "c-labels.csv", "4\n5\n6\n");
  const std::string text = with(small_scene(), "value = [1, 2, 3]", "file = \"*-labels*\"");
  EXPECT_EQ(data(parse_scene(text, folder / "s.toml", Paths{}), "a").array.values, (std::vector<double>{1, 2, 3}));
}

TEST(SceneData, HasSomethingElseWhereThereIsNoFile) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "argscope_otherwise";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string text =
      with(small_scene(), "value = [1, 2, 3]", "file = \"t.csv\"\nrows = \"1:4\"\notherwise = \"arange(3)\"");
  EXPECT_EQ(data(parse_scene(text, folder / "s.toml", Paths{}), "a").array.values, (std::vector<double>{0, 1, 2}));
  write_whole(folder / "t.csv", "9\n8\n7\n6\n");
  EXPECT_EQ(data(parse_scene(text, folder / "s.toml", Paths{}), "a").array.values, (std::vector<double>{8, 7, 6}));
}

TEST(SceneData, DrawsNumPysStreams) {
  const std::string text =
      with(small_scene(), "[parameters", "[data.D]\nrandom = \"normal\"\nshape = [2, 3]\nseed = 29\n[parameters");
  const expr::Array d = data(parsed(text), "D").array;
  RandomState stream(29);
  EXPECT_EQ(d.shape, (expr::Shape{2, 3}));
  for (double v : d.values) EXPECT_EQ(v, stream.normal());
}

TEST(SceneData, EvaluatesExpressionsOverEarlierData) {
  const std::string text = with(small_scene(), "[parameters",
                                "[data.b]\nvalue = \"2*a[::-1]\"\n[data.c]\nvalue = \"outer(a, b)\"\n[parameters");
  EXPECT_EQ(data(parsed(text), "c").array.values, (std::vector<double>{6, 4, 2, 12, 8, 4, 18, 12, 6}));
}

TEST(SceneData, ReadsNestedLiterals) {
  const std::string text =
      with(small_scene(), "[parameters", "[data.b]\nvalue = [[1, 2.5], [3, -4e1], [5, 6]]\n[parameters");
  const expr::Array b = data(parsed(text), "b").array;
  EXPECT_EQ(b.shape, (expr::Shape{3, 2}));
  EXPECT_EQ(b.values, (std::vector<double>{1, 2.5, 3, -40, 5, 6}));
}

// --- choices

const char* with_choices = R"toml([parameters.seed]
value = 3
range = [0, 19]
integer = true
label = "start"
[parameters.n]
value = 4
integer = true
[data.draws]
random = "uniform"
shape = ["n", 2]
seed = "seed"
[parameters.p]
value = "ones(n)"
[variables.x]
shape = ["n", 2]
start = "draws*n"
[problem]
minimize = "sum((x - draws)**2) + n*sum(p**2)"
)toml";

TEST(Choices, SizeAndSeedAScene) {
  const Scene s = parsed(with_choices);
  ASSERT_EQ(s.statement->choices.size(), 2u);
  EXPECT_EQ(s.statement->choices[0].label, "start");
  EXPECT_EQ(s.statement->choices[1].high, 99);
  ASSERT_EQ(s.statement->parameters.size(), 1u);
  RandomState stream(3);
  EXPECT_EQ(s.statement->variables[0].start.values[0], 4 * stream.uniform());
}

TEST(Choices, ReadTheSceneAgain) {
  const Scene s = parse_scene(with_choices, "s.toml", Paths{}, {{"seed", 11}, {"n", 7}});
  EXPECT_EQ(s.statement->choices[0].value, 11);
  EXPECT_EQ(s.statement->parameters[0].value.shape, (expr::Shape{7}));
  RandomState stream(11);
  EXPECT_EQ(s.statement->variables[0].start.values[0], 7 * stream.uniform());
}

TEST(Choices, AreKnownBeforeTheDataThatTheyAreAbout) {
  const std::string text = std::string(with_choices) + "[data.missing]\nfile = \"nowhere.csv\"\n";
  const Settable names = settable_in({"s.toml", text});
  EXPECT_EQ(names.choices, (std::vector<std::string>{"seed", "n"}));
  EXPECT_EQ(names.parameters, (std::vector<std::string>{"p"}));
  EXPECT_THROW(settable_in({"s.toml", "[parameters"}), expr::TextError);
  EXPECT_TRUE(settable_in({"s.toml", "title = \"none\""}).choices.empty());
}

TEST(Choices, MayLeaveTheirRange) {
  EXPECT_EQ(parse_scene(with_choices, "s.toml", Paths{}, {{"seed", 40}}).statement->choices[0].high, 40);
}

TEST(Choices, ThatDoNotExistAreRefused) {
  try {
    parse_scene(with_choices, "s.toml", Paths{}, {{"sed", 1}});
    FAIL();
  } catch (const expr::TextError& e) {
    EXPECT_STREQ(e.what(), "s.toml: the scene has no choice 'sed' (did you mean 'seed'?)");
  }
}

// --- views

TEST(SceneViews, SortKeysByTheirType) {
  const Scene s = parsed(with(
      small_scene(), "kind = \"bars\"\nshow = \"w\"",
      "kind = \"curve\"\ntitle = \"t\"\nshow = \"2*w\"\nparameter = \"theta\"\ntangent = false\n"
      "points = 9\nlabels = [\"a\", \"b\", \"c\"]\n[[views]]\nkind = \"heatmap\"\nshow = \"jacobian\"\nof = \"w\""));
  ASSERT_EQ(s.views.size(), 2u);
  const ViewSpec& curve = s.views[0];
  EXPECT_EQ(curve.title, "t");
  EXPECT_EQ(curve.words.at("parameter"), "theta");
  EXPECT_EQ(curve.numbers.at("tangent"), 0);
  EXPECT_EQ(curve.numbers.at("points"), 9);
  EXPECT_EQ(curve.lists.at("labels").size(), 3u);
  EXPECT_EQ(s.views[1].words.at("show"), "jacobian");
  EXPECT_EQ(s.views[1].words.at("of"), "w");
  EXPECT_TRUE(s.views[1].expressions.empty());
}

TEST(SceneViews, HaveADocumentedKeyForEverything) {
  for (const ViewKindDoc& k : view_kinds()) {
    EXPECT_FALSE(k.summary.empty()) << k.name;
    for (const KeyDoc& key : k.keys) {
      EXPECT_FALSE(key.summary.empty()) << k.name << "." << key.name;
      EXPECT_TRUE(key.type == "expression" || key.type == "number" || key.type == "word" || key.type == "words" ||
                  key.type == "switch");
    }
  }
}

// --- built-in scenes

TEST(BuiltInScenes, AllReadAndCompile) {
  const auto paths = built_in_scenes(Paths::standard());
  EXPECT_GE(paths.size(), 6u);
  for (const auto& path : paths) {
    SCOPED_TRACE(path.stem().string());
    const Scene s = read_scene(path.stem().string(), Paths::standard());
    EXPECT_FALSE(s.title.empty());
    EXPECT_FALSE(s.summary.empty());
    EXPECT_GT(s.about.size(), 200u);
    EXPECT_FALSE(s.views.empty());
    EXPECT_FALSE(s.statement->outputs.empty());
    const auto model = optimality::build_model(s.statement);
    const Vec theta = model->initial_parameters();
    EXPECT_TRUE(!model->minimizes() || std::isfinite(model->objective(model->start(theta), theta)));
  }
}

TEST(BuiltInScenes, AreFoundByNameWithEitherDash) {
  EXPECT_EQ(read_scene("packing_constant_fraction", Paths::standard()).name, "packing-constant-fraction");
}

TEST(BuiltInScenes, StartThePackingWhereNumPyWould) {
  const Scene s = read_scene("packing", Paths::standard());
  RandomState stream(0);
  const double L = std::sqrt(64 * 3.14159265358979323846 * (0.6 * 0.6 + 1) / 4 / 0.98);
  for (double v : s.statement->variables[0].start.values)
    EXPECT_NEAR(v, stream.uniform() * L, 1e-14);  // one rounding of L
}

TEST(StrangersScene, IsReadByItsPath) {
  const Scene s = read_scene(std::string(ARGSCOPE_SOURCE_DIR) + "/tests/data/catenary.toml", Paths{});
  EXPECT_EQ(s.name, "catenary");
  EXPECT_LT(std::count(s.text.begin(), s.text.end(), '\n'), 20);
  EXPECT_EQ(s.statement->variables[0].start.shape, (expr::Shape{19, 2}));
}

TEST(SceneNames, HoldEveryMethodOfTheLinearRoom) { EXPECT_EQ(linear_solvers().available.front(), "auto"); }

}  // namespace
}  // namespace argscope::io
