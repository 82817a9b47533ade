/// What a snapshot carries: fields, ghosts, landscapes, curves.

#include <gtest/gtest.h>

#include <thread>

#include "tests/core/live/scenes.h"

namespace argscope::live {
namespace {

using namespace std::chrono_literals;
using testing::options_with;
using testing::scene_of;
using testing::vec;

SnapshotPtr solved(const std::shared_ptr<const optimality::Model>& model, const Vec& theta) {
  return solve_now(scene_of(model), theta, options_with(model));
}

TEST(Snapshot, CarriesVariablesAndOutputsWithTotalDerivatives) {
  const Vec theta = vec({1, 0.5});
  const auto s = solved(testing::pulled(), theta);
  const double x = testing::pulled_answer(theta);
  ASSERT_NE(s->field("x"), nullptr);
  EXPECT_NEAR(s->field("x")->value[0], x, 1e-14);
  EXPECT_NEAR(s->field("x")->derivative(0, 0), -x / 2, 1e-14);
  const auto* output = s->field("double");
  ASSERT_NE(output, nullptr);
  EXPECT_NEAR(output->value[0], 2 * x + 1, 1e-14);
  EXPECT_NEAR(output->derivative(0, 0), -x + 1, 1e-14);
  EXPECT_NEAR(output->derivative(0, 1), 1, 1e-14);
  EXPECT_EQ(s->field("no such"), nullptr);
}

TEST(Ghost, IsTheLessonsPrediction) {
  // Lesson 1: at θ = 1, x* = 1 and J = −½; θ = 2 is predicted at ½ and solved at ⅔; halving the step quarters the
  // error.
  const auto s = solved(testing::pulled(), vec({1, 0}));
  EXPECT_NEAR(s->J(0, 0), -0.5, 1e-15);
  const auto error = [&](double theta) {
    return predict(*s, vec({theta, 0})).x[0] - testing::pulled_answer(vec({theta, 0}));
  };
  EXPECT_NEAR(predict(*s, vec({2, 0})).x[0], 0.5, 1e-15);
  EXPECT_NEAR(error(1 + 1e-3) / error(1 + 0.5e-3), 4, 0.01);  // the next term is of relative size 1e-3
}

TEST(Ghost, MovesEveryFieldAndIsExactWhereTheyAreLinear) {
  const auto s = solved(testing::pulled(), vec({1, 0}));
  const Ghost ghost = predict(*s, vec({1, 3}));  // x* is linear in the second parameter
  EXPECT_EQ(ghost.theta, vec({1, 3}));
  ASSERT_EQ(ghost.fields.size(), 2u);
  EXPECT_NEAR(ghost.x[0], 2.5, 1e-14);
  EXPECT_NEAR(ghost.fields[1].value[0], 6, 1e-14);
  EXPECT_EQ(ghost.fields[1].derivative.size(), 0);
}

/// x_j = sign(c_j)(|c_j| − θ)₊ with c = (3, −2, 0.5): lesson 3.
std::shared_ptr<const io::Scene> thresholded() {
  return std::make_shared<const io::Scene>(io::parse_scene(R"toml(title = "Soft thresholding"
[parameters.theta]
value = 0.3
range = [0.1, 4]
[parameters.other]
value = 0.0
range = [-1, 1]
[variables.x]
shape = [3]
[data.c]
value = [3, -2, 0.5]
[problem]
minimize = "0.5*sum((x - c - other)**2)"
penalty = "theta*norm1(x)"
[outputs]
squares = "x**2 + theta"
)toml",
                                                           "kinks.toml", io::Paths{}));
}

Vec soft(double theta) {
  const Vec c = vec({3, -2, 0.5});
  return c.array().sign() * (c.array().abs() - theta).max(0);
}

TEST(Ghost, FollowsTheActiveSetOfTheDraggedParameter) {
  Session session(thresholded(), {}, {});
  auto s = session.wait(session.submit(vec({1.0, 0}), 0), 10s);
  for (int k = 0; k < 1000 && session.busy(); ++k) std::this_thread::sleep_for(10ms);  // it comes after the answer
  s = session.latest();
  ASSERT_EQ(s->courses.size(), 2u) << "down, where x[2] wakes, and up, where x[1] and x[0] fall asleep";
  for (double theta : {0.2, 0.4, 0.9, 1.5, 2.5, 3.5}) {
    const Ghost ghost = predict(*s, vec({theta, 0}));
    EXPECT_LT((ghost.x - soft(theta)).norm(), 1e-9) << theta;
    // a square along a straight piece is predicted by its tangent where the piece begins
    const auto& squares = ghost.fields[1].value;
    EXPECT_NEAR(squares[0],
                (theta > 2 && theta < 3 ? 1 + 2 * 1 * (2 - theta) + theta
                 : theta < 3            ? squares[0]
                                        : theta),
                1e-9)
        << theta;
  }
  EXPECT_LT((predict(*s, vec({1.0, 0.5})).x - (s->solution.x + 0.5 * s->J.col(1))).norm(), 1e-15)
      << "another parameter goes straight";
}

TEST(Ghost, OfTheSameParametersIsTheSolution) {
  const auto s = solved(testing::rosenbrock(), vec({100}));
  EXPECT_EQ(predict(*s, s->theta).x, s->solution.x);
}

TEST(Ghost, IsEmptyForParametersOfAnotherSize) {
  const auto s = solved(testing::pulled(), vec({1, 0}));
  EXPECT_EQ(predict(*s, vec({1})).x.size(), 0);
}

/// x* = Bθ with so many parameters that J would not be kept whole.
std::shared_ptr<testing::HandModel> wide(Index n, Index p) {
  const Mat B = testing::random_matrix(n, p, 1);
  testing::Formulae f{Vec::Zero(n),
                      Vec::Ones(p),
                      [=](const Vec& x, const Vec& t) { return 0.5 * (x - B * t).squaredNorm(); },
                      [=](const Vec& x, const Vec& t) -> Vec { return x - B * t; },
                      [=](const Vec&, const Vec&) -> Mat { return Mat::Identity(n, n); },
                      [=](const Vec&, const Vec&) -> Mat { return -B; }};
  f.functions["first"] = std::make_shared<testing::HandFunction>(
      expr::Shape{}, [](const Vec& x, const Vec&) { return x.head(1); },
      [=](const Vec&, const Vec&) -> Mat { return Vec::Unit(n, 0).transpose(); },
      [=](const Vec&, const Vec&) -> Mat { return Mat::Zero(1, p); });
  auto model = std::make_shared<testing::HandModel>(std::move(f));
  model->stated().outputs = {{"first", {}}};
  return model;
}

TEST(Snapshot, KeepsTheDraggedColumnWhereAllWouldBeTooMany) {
  const Index n = 41, p = 100'000;
  const auto model = wide(n, p);
  const Mat B = testing::random_matrix(n, p, 1);
  Session session(scene_of(model), options_with(model), {});
  const auto s = session.wait(session.submit(Vec::Ones(p), 7), 120s);
  ASSERT_TRUE(s->trust.defined) << s->trust.reason;
  EXPECT_EQ(s->only_column, 7);
  ASSERT_EQ(s->J.cols(), 1);
  EXPECT_LT((s->J.col(0) - B.col(7)).norm(), 1e-12);
  EXPECT_EQ(s->column_of(s->J, 7), 0);
  EXPECT_EQ(s->column_of(s->J, 8), -1);
  // A small output has its whole gradient, by one adjoint solve.
  ASSERT_EQ(s->field("first")->derivative.cols(), p);
  EXPECT_LT((s->field("first")->derivative.row(0) - B.row(0)).norm(), 1e-10);
  // A ghost along the dragged parameter, none along another.
  Vec moved = s->theta;
  moved[7] += 1;
  EXPECT_LT((predict(*s, moved).x - s->solution.x - B.col(7)).norm(), 1e-10);
  moved[8] += 1;
  EXPECT_EQ(predict(*s, moved).x.size(), 0);
}

io::ViewSpec landscape() {
  io::ViewSpec view;
  view.kind = "landscape";
  view.expressions["show"] = "height";
  view.words["x"] = "x";
  view.numbers = {{"low", -1}, {"high", 3}, {"low_second", -2}, {"high_second", 2}};
  return view;
}

std::shared_ptr<testing::HandModel> valley() {
  const auto model = testing::rosenbrock();
  testing::Formulae f{
      vec({-1.2, 1}),
      vec({100}),
      [model](const Vec& x, const Vec& t) { return model->objective(x, t); },
      [model](const Vec& x, const Vec& t) { return model->optimality().value_at(x, t); },
      [model](const Vec& x, const Vec& t) { return model->optimality().linearize(x, t).dx->dense(); },
      [model](const Vec& x, const Vec& t) { return model->optimality().linearize(x, t).dtheta->dense(); }};
  f.functions["height"] = std::make_shared<testing::HandFunction>(
      expr::Shape{}, [model](const Vec& x, const Vec& t) { return vec({model->objective(x, t)}); },
      [model](const Vec& x, const Vec& t) -> Mat { return model->optimality().value_at(x, t).transpose(); },
      [](const Vec& x, const Vec&) { return testing::scalar(std::pow(x[1] - x[0] * x[0], 2)); });
  return std::make_shared<testing::HandModel>(std::move(f));
}

TEST(Landscape, HoldsTheFunctionAtItsNodes) {
  const auto model = valley();
  auto scene = scene_of(model);
  scene->views = {landscape()};
  const auto s = solve_now(scene, vec({100}), options_with(model));
  ASSERT_EQ(s->grids.size(), 1u);
  const Grid& grid = s->grids[0];
  EXPECT_EQ(grid.name, "height");
  ASSERT_EQ(Index(grid.values.size()), grid.rows * grid.cols);
  for (const auto& [r, c] : {std::pair<Index, Index>{0, 0}, {0, 63}, {63, 0}, {20, 41}}) {
    const Vec x = vec({-1 + 4 * double(c) / 63, -2 + 4 * double(r) / 63});
    const double expected = model->objective(x, s->theta);
    EXPECT_NEAR(grid.values[std::size_t(r * grid.cols + c)], expected, 1e-12 * (1 + expected));
  }
}

TEST(Landscape, IsNotDrawnForAVariableThatIsNotThere) {
  const auto model = valley();
  auto scene = scene_of(model);
  scene->views = {landscape()};
  scene->views[0].words["x"] = "y";
  EXPECT_TRUE(solve_now(scene, vec({100}), options_with(model))->grids.empty());
  scene->views[0].words["x"] = "x";
  scene->views[0].numbers["second"] = 5;
  EXPECT_TRUE(solve_now(scene, vec({100}), options_with(model))->grids.empty());
}

io::ViewSpec curve(const std::string& parameter) {
  io::ViewSpec view;
  view.kind = "curve";
  view.expressions["show"] = "double";
  view.words["parameter"] = parameter;
  view.numbers = {{"low", 0}, {"high", 4}, {"points", 21}};
  return view;
}

TEST(Curve, HoldsTheSolvedValuesAlongItsParameter) {
  const auto model = testing::pulled();
  auto scene = scene_of(model);
  scene->views = {curve("theta[0]")};
  const auto s = solve_now(scene, vec({1, 0.5}), options_with(model));
  ASSERT_EQ(s->sweeps.size(), 1u);
  const Sweep& sweep = s->sweeps[0];
  EXPECT_EQ(sweep.element, 0);
  ASSERT_EQ(sweep.at.size(), 21u);
  EXPECT_EQ(sweep.at.front(), 0);
  EXPECT_EQ(sweep.at.back(), 4);
  for (std::size_t k = 0; k < sweep.at.size(); ++k) {
    EXPECT_TRUE(sweep.converged[k]);
    EXPECT_NEAR(sweep.fields[k].value[0], 2 * testing::pulled_answer(vec({sweep.at[k], 0.5})) + sweep.at[k], 1e-12);
  }
}

TEST(Curve, IsKeptWhileOnlyItsOwnParameterMoves) {
  std::atomic<int> evaluations = 0;
  auto f = testing::quartic();
  f.functions["double"] = std::make_shared<testing::HandFunction>(
      expr::Shape{}, [](const Vec& x, const Vec&) { return x; },
      [](const Vec&, const Vec&) { return testing::scalar(1); },
      [](const Vec&, const Vec&) { return testing::scalar(0); });
  const auto model = std::make_shared<testing::WatchedModel>(std::move(f), [&](const Vec&) { ++evaluations; });
  auto scene = scene_of(model);
  scene->views = {curve("theta")};
  Session session(scene, options_with(model), {});
  const auto idle = [&] {
    while (session.busy()) std::this_thread::yield();
  };
  session.submit(vec({1}), 0);
  idle();
  ASSERT_EQ(session.latest()->sweeps.size(), 1u);
  const auto values = session.latest()->sweeps[0].fields;
  const int before = evaluations;
  session.submit(vec({1.01}), 0);
  idle();
  EXPECT_LT(evaluations - before, 20);  // one solve, not twenty-one
  ASSERT_EQ(session.latest()->sweeps.size(), 1u);
  EXPECT_EQ(session.latest()->sweeps[0].fields[3].value, values[3].value);
}

TEST(SolveNow, LetsExceptionsThrough) {
  const auto model =
      std::make_shared<testing::WatchedModel>(testing::quartic(), [](const Vec&) { throw std::runtime_error("no"); });
  EXPECT_THROW(solve_now(scene_of(model), vec({1}), options_with(model)), std::runtime_error);
}

TEST(SolveNow, IsTheSessionsAnswer) {
  const auto packing = std::make_shared<const testing::Packing>(24, 0.6, 0.98, 2);
  const auto now = solved(packing, vec({0.6}));
  Session session(scene_of(packing), options_with(packing), {});
  const auto live = session.wait(session.submit(vec({0.6}), 0), 60s);
  EXPECT_EQ(now->solution.x, live->solution.x);
  EXPECT_EQ(now->J, live->J);
}

}  // namespace
}  // namespace argscope::live
