#include "tests/core/sets/trial.h"

#include <gtest/gtest.h>

#include "core/expr/derivatives.h"
#include "core/expr/syntax.h"

namespace argscope::sets::check {

using namespace expr;

Vec random_numbers(Random& random, Index count, double low, double high) {
  std::uniform_real_distribution<double> draw(low, high);
  return Vec::NullaryExpr(count, [&] { return draw(random); });
}

Function::Function(const std::string& source, std::string_view usage, const Shape& shape, const Values& parameters,
                   const Build& build) {
  Graph g;
  GivenNames names(g, parameters, true);
  const Text text{source, {}};
  const Syntax tree = parse(text);
  Compiler compiler(g, text, tree, names);
  Ids wrt{g.input("z", shape, false)};
  Values stated = parameters;
  for (const auto& [name, value] : parameters) {
    wrt.push_back(*names.find(name));
    const Vec numbers = Eigen::Map<const Vec>(value.values.data(), static_cast<Index>(value.values.size()));
    Vec joined(parameters_.size() + numbers.size());
    joined << parameters_, numbers;
    parameters_ = joined;
  }
  const Ids outs{build(g, wrt[0], Arguments(compiler, tree[tree.root], usage))};
  Ids dirs;
  for (Id w : wrt) {
    dirs.push_back(g.input("direction", g.shape(w), true));
    sizes_.push_back(g.shape(w).size());
    inputs_ += sizes_.back();
  }
  z_size_ = shape.size();
  outputs_ = g.shape(outs[0]).size();
  const Ids tangents = jvp(g, outs, wrt, dirs);
  const Ids seeds{g.input("cotangent", g.shape(outs[0]), true)};
  const Ids pulled = expr::transpose(g, tangents, seeds, dirs);
  value_ = std::make_unique<Program>(g, wrt, outs, 1);
  Ids with_dirs = wrt, with_seed = wrt;
  with_dirs.insert(with_dirs.end(), dirs.begin(), dirs.end());
  with_seed.insert(with_seed.end(), seeds.begin(), seeds.end());
  push_ = std::make_unique<Program>(g, with_dirs, tangents, 1);
  pull_ = std::make_unique<Program>(g, with_seed, pulled, 1);
}

Vec Function::point(const Vec& z) const {
  Vec all(inputs_);
  all << z, parameters_;
  return all;
}

Vec Function::operator()(const Vec& point) const { return run(*value_, point, Vec(), outputs_); }
Vec Function::push(const Vec& point, const Vec& direction) const { return run(*push_, point, direction, outputs_); }
Vec Function::pull(const Vec& point, const Vec& cotangent) const { return run(*pull_, point, cotangent, inputs_); }

Vec Function::run(const Program& program, const Vec& point, const Vec& more, Index size) const {
  std::vector<const double*> inputs;
  Index at = 0;
  for (Index n : sizes_) inputs.push_back(point.data() + at), at += n;
  at = 0;
  if (more.size() == inputs_)
    for (Index n : sizes_) inputs.push_back(more.data() + at), at += n;
  else if (more.size() > 0)
    inputs.push_back(more.data());
  Vec result(size);
  std::vector<double*> outputs;
  at = 0;
  if (&program == pull_.get())
    for (Index n : sizes_) outputs.push_back(result.data() + at), at += n;
  else
    outputs.push_back(result.data());
  Workspace workspace;
  program.run(inputs, outputs, workspace);
  return result;
}

Vec difference(const Function& f, const Vec& point, const Vec& d) {
  constexpr double h = 1e-4;
  return (8 * (f(point + h * d) - f(point - h * d)) - (f(point + 2 * h * d) - f(point - 2 * h * d))) / (12 * h);
}

bool near_kink(const Function& f, const Vec& point, const Vec& d) {
  constexpr double h = 1e-3;
  const Vec here = f(point), after = (f(point + h * d) - here) / h, before = (here - f(point - h * d)) / h;
  return !((after - before).norm() < 0.02 * (1 + after.norm()));
}

void expect_derivatives(const Function& f, const std::string& what, double spread, Random& random) {
  constexpr int draws = 24;
  int tried = 0;
  for (int k = 0; k < draws; ++k) {
    const Vec point = f.point(random_numbers(random, f.z_size(), -spread, spread));
    Vec d = random_numbers(random, f.inputs(), -1, 1);
    if (near_kink(f, point, d)) continue;
    ++tried;
    const Vec expected = difference(f, point, d), actual = f.push(point, d);
    // rounding 1e-15/h and a truncation h⁴ times a fifth derivative that grows towards an apex
    ASSERT_LE((actual - expected).norm(), 2e-7 * (1 + expected.norm()))
        << what << "\nat " << point.transpose() << "\nalong " << d.transpose() << "\ntangent " << actual.transpose()
        << "\ndifference " << expected.transpose();
    const Vec seed = random_numbers(random, actual.size(), -1, 1);
    // the same products, added in another order
    ASSERT_NEAR(seed.dot(actual), f.pull(point, seed).dot(d), 1e-11 * (1 + actual.norm())) << what;
  }
  EXPECT_GE(tried, draws / 3) << what << ": too many points near a kink";
}

}  // namespace argscope::sets::check
