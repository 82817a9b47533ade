// Areas under the curve on the patients of the scene "dictionary-golub", as mean ± deviation over its ten splits: the
// table that the scene shows.
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>

#include "core/solve/adam.h"
#include "tests/core/sensitivity/flagships.h"

namespace argscope::testing {
namespace {

constexpr Index splits = 10;

struct Areas {
  double mean = 0, deviation = 0;
};

Areas over_splits(const std::function<double(Index split)>& area) {
  Vec areas(splits);
  for (Index split = 0; split < splits; ++split) areas[split] = area(split);
  return {areas.mean(), std::sqrt((areas.array() - areas.mean()).square().sum() / (splits - 1))};
}

/// Against the row of the scene's table, which has three digits. Other roundings on another machine may turn a pair of
/// patients around, and each is worth 1/360 of the mean.
void expect_row(const std::string& classifier, const Areas& areas) {
  const std::string about = Flagship::read("dictionary-golub", {}).about;
  const std::string row = about.substr(about.find("| " + classifier + " |"));
  double mean = 0, deviation = 0;
  const std::string cell = row.substr(row.find("0.", 0) < row.find("1.", 0) ? row.find("0.") : row.find("1."));
  ASSERT_EQ(std::sscanf(cell.c_str(), "%lf ± %lf", &mean, &deviation), 2) << row;
  EXPECT_NEAR(areas.mean, mean, 0.01) << classifier;
  EXPECT_NEAR(areas.deviation, deviation, 0.02) << classifier;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  return text.substr(text.find(from), text.find(to) - text.find(from));
}

/// The scene's patients under a logistic classifier that sees their 100 genes.
double area_of_logistic(const std::string& problem, Index split) {
  const std::string scene = Flagship::read("dictionary-golub", {}).text;
  const std::string text = between(scene, "[data.golub]", "[parameters.l1]") + R"toml([parameters.strength]
value = 0.05
range = [1e-3, 1]
)toml" + between(scene, "[parameters.split]", "[variables.codes]") +
                           R"toml([variables.w]
shape = [100]
[variables.b]
shape = []
[definitions]
score = "X @ w + b"
[problem]
)toml" + problem + "\n[outputs]\n" +
                           between(scene, "test_auc", "share_of_zeros");
  Stated s(io::parse_scene(text, "golub.toml", io::Paths::standard(), {{"split", split}}));
  EXPECT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  return s.solution.model->function("test_auc")->value_at(s.solution.x, s.theta)[0];
}

/// θ of the scene: l1, l2, four atoms of 100 genes, four weights, one offset.
constexpr Index first_atom = 2, atom_numbers = 400, classifier_numbers = 5;

void descend(Flagship& s, const std::string& output, Index first, Index count, int steps) {
  solve::Adam adam(0.02, count);
  for (int k = 0; k < steps; ++k) {
    Vec theta = s.theta;
    theta.segment(first, count) += adam.step(s.hypergradient(output).segment(first, count));
    s.move_to(theta);
    ASSERT_EQ(s.solution.status, solve::Status::Converged) << s.solution.message;
  }
}

double area_of_dictionary(bool task_driven, Index split) {
  Flagship s("dictionary-golub", {{"split", split}});
  descend(s, "unexplained", first_atom, atom_numbers, 60);
  descend(s, "train_loss", first_atom + atom_numbers, classifier_numbers, 60);
  if (task_driven) descend(s, "train_loss", first_atom, atom_numbers + classifier_numbers, 60);
  return s.output("test_auc");
}

TEST(T13, FindsTheHypergradientOfTheDictionaryOfGenes) {
  Flagship s("dictionary-golub");
  s.theta.tail(classifier_numbers).setConstant(0.3);
  s.move_to(Vec(s.theta));
  const Vec gradient = s.hypergradient("train_loss"), here = s.theta, direction = gradient / gradient.norm();
  constexpr double h = 1e-5;  // short enough that no code wakes; h² and rounding/h are both 1e-10
  s.move_to(here + h * direction);
  const double above = s.output("train_loss");
  s.move_to(here - h * direction);
  EXPECT_NEAR(gradient.norm(), (above - s.output("train_loss")) / (2 * h), 1e-8 * gradient.norm());
}

TEST(T13, ReachesTheAreasThatTheSceneOfLeukaemiaShows) {
  const std::string loss = "minimize = \"mean(logistic_loss(is_myeloid[:25], score[:25]))";
  const auto logistic = [&](const std::string& rest) {
    return over_splits([&](Index split) { return area_of_logistic(loss + rest, split); });
  };
  const auto dictionary = [](bool task_driven) {
    return over_splits([&](Index split) { return area_of_dictionary(task_driven, split); });
  };
  expect_row("logistic, l1", logistic("\"\npenalty = \"strength*norm1(w)\""));
  expect_row("logistic, l2", logistic(" + strength*sum(w**2)\""));
  expect_row("dictionary that explains, then logistic", dictionary(false));
  expect_row("task-driven dictionary", dictionary(true));
}

}  // namespace
}  // namespace argscope::testing
