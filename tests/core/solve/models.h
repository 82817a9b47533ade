#pragma once
/// Small problems whose values and derivatives are written by hand: oracles that owe nothing to the expression engine.

#include <Eigen/Cholesky>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <random>

#include "core/optimality/model.h"

namespace argscope::testing {

using expr::Shape;
using optimality::Function;
using optimality::KinkMargin;
using optimality::Linearization;
using optimality::Slot;

/// An array-valued function given by its value and its two partial derivatives.
class HandFunction final : public Function {
 public:
  using Value = std::function<Vec(const Vec& x, const Vec& theta)>;
  using Partial = std::function<Mat(const Vec& x, const Vec& theta)>;
  HandFunction(Shape shape, Value value, Partial dx, Partial dtheta)
      : HandFunction(shape, std::move(value), std::move(dx), std::move(dtheta), false) {}
  HandFunction(Shape shape, Value value, Partial dx, Partial dtheta, bool symmetric)
      : shape_(shape),
        value_(std::move(value)),
        dx_(std::move(dx)),
        dtheta_(std::move(dtheta)),
        symmetric_(symmetric) {}
  const Shape& shape() const override { return shape_; }
  void value(ConstVec x, ConstVec theta, MutVec y) const override { y = value_(x, theta); }
  Linearization linearize(ConstVec x, ConstVec theta) const override {
    return {linear::dense_operator(dx_(x, theta), symmetric_), linear::dense_operator(dtheta_(x, theta), false)};
  }

 private:
  Shape shape_;
  Value value_;
  Partial dx_, dtheta_;
  bool symmetric_;
};

/// What a hand-written problem consists of. Without `f` it is a root or, when `fixed_point`, a fixed point.
struct Formulae {
  Vec start, theta;
  std::function<double(const Vec&, const Vec&)> f;
  HandFunction::Value F;
  HandFunction::Partial dx, dtheta;
  bool fixed_point = false;
  std::function<KinkMargin(const Vec&, const Vec&)> kink = {};
  std::map<std::string, std::shared_ptr<Function>, std::less<>> functions = {};
  bool quadratic = false;  ///< ∂₁F is the same everywhere
};

class HandModel : public optimality::Model {
 public:
  explicit HandModel(Formulae f)
      : f_(std::move(f)),
        F_(Shape{f_.start.size()}, f_.F, f_.dx, f_.dtheta, bool(f_.f)),
        variables_{{"x", Shape{f_.start.size()}, 0}},
        parameters_{{"theta", Shape{f_.theta.size()}, 0}},
        symmetries_(f_.start.size(), 0) {
    optimality::Parameter theta{"theta", "", "", {Shape{f_.theta.size()}, {}}, -10, 10, false};
    theta.value.values.assign(f_.theta.begin(), f_.theta.end());
    statement_.parameters = {theta};
    statement_.variables = {{"x", {Shape{f_.start.size()}, {f_.start.begin(), f_.start.end()}}}};
  }
  const optimality::Statement& statement() const override { return statement_; }
  const std::vector<Slot>& variables() const override { return variables_; }
  const std::vector<Slot>& parameters() const override { return parameters_; }
  const std::vector<Slot>& unknowns() const override { return variables_; }
  const std::vector<optimality::Cone>& cones() const override { return cones_; }
  Index primal_size() const override { return size(); }
  Vec completed(ConstVec variables, ConstVec) const override { return variables; }
  bool has_objective() const override { return bool(f_.f); }
  Index size() const override { return f_.start.size(); }
  Index parameter_size() const override { return f_.theta.size(); }
  Vec start(ConstVec) const override { return f_.start; }
  Vec initial_parameters() const override { return f_.theta; }
  bool minimizes() const override { return bool(f_.f); }
  double objective(ConstVec x, ConstVec theta) const override { return f_.f(x, theta); }
  double objective_and_gradient(ConstVec x, ConstVec theta, MutVec g) const override {
    g = f_.F(x, theta);
    return f_.f(x, theta);
  }
  const Function& optimality() const override { return F_; }
  std::string_view condition() const override { return f_.f ? "stationary" : f_.fixed_point ? "fixed_point" : "root"; }
  double residual_scale(ConstVec x, ConstVec theta) const override {
    // The size of the linear model's terms: enough for a hand-written problem.
    return 1e-3 + f_.dx(x, theta).cwiseAbs().maxCoeff() * (1e-3 + x.cwiseAbs().maxCoeff());
  }
  const Function* function(std::string_view name) const override {
    const auto found = f_.functions.find(name);
    return found == f_.functions.end() ? nullptr : found->second.get();
  }
  bool curvature_depends_on_x() const override { return !f_.quadratic; }
  KinkMargin kink_margin(ConstVec x, ConstVec theta) const override {
    return f_.kink ? f_.kink(x, theta) : KinkMargin{std::numeric_limits<double>::infinity(), ""};
  }
  const Mat& symmetries() const override { return symmetries_; }
  std::string name_mode(ConstVec, ConstVec, ConstVec mode) const override {
    Index at = 0;
    mode.cwiseAbs().maxCoeff(&at);
    return "coordinate x[" + std::to_string(at) + "]";
  }
  bool holds_at(ConstVec, ConstVec) const override { return true; }
  optimality::Statement& stated() { return statement_; }  ///< for tests that add outputs and views

 private:
  Formulae f_;
  HandFunction F_;
  std::vector<Slot> variables_, parameters_;
  std::vector<optimality::Cone> cones_;
  Mat symmetries_;
  optimality::Statement statement_;
};

inline Vec vec(std::initializer_list<double> values) { return Vec::Map(values.begin(), Index(values.size())); }
inline Mat scalar(double value) { return Mat::Constant(1, 1, value); }

inline Mat random_matrix(Index rows, Index cols, unsigned seed) {
  std::mt19937 draw(seed);
  std::normal_distribution<double> normal;
  return Mat::NullaryExpr(rows, cols, [&] { return normal(draw); });
}

/// ½‖Xw − y‖² + ½ Σ θⱼ wⱼ²: w* = (XᵀX + diag θ)⁻¹Xᵀy, ∂w* = −(XᵀX + diag θ)⁻¹ diag w*.
struct Ridge {
  Mat X;
  Vec y;
  Ridge(Index m, Index d, unsigned seed) : X(random_matrix(m, d, seed)), y(random_matrix(m, 1, seed + 1)) {}
  Mat hessian(const Vec& theta) const { return X.transpose() * X + Mat(theta.asDiagonal()); }
  Vec solution(const Vec& theta) const { return hessian(theta).llt().solve(X.transpose() * y); }
  Mat jacobian(const Vec& theta) const { return -hessian(theta).llt().solve(Mat(solution(theta).asDiagonal())); }
  std::shared_ptr<HandModel> model() const {
    const Ridge self = *this;
    return std::make_shared<HandModel>(
        Formulae{Vec::Zero(X.cols()),
                 Vec::Ones(X.cols()),
                 [self](const Vec& w, const Vec& theta) {
                   return 0.5 * (self.X * w - self.y).squaredNorm() + 0.5 * theta.dot(w.cwiseAbs2());
                 },
                 [self](const Vec& w, const Vec& theta) -> Vec {
                   return self.X.transpose() * (self.X * w - self.y) + theta.cwiseProduct(w);
                 },
                 [self](const Vec&, const Vec& theta) { return self.hessian(theta); },
                 [](const Vec& w, const Vec&) -> Mat { return w.asDiagonal(); },
                 false,
                 {},
                 {},
                 true});
  }
};

/// cos x = θ x.
inline std::shared_ptr<HandModel> cosine_root() {
  return std::make_shared<HandModel>(
      Formulae{vec({1}),
               vec({1}),
               {},
               [](const Vec& x, const Vec& t) { return vec({std::cos(x[0]) - t[0] * x[0]}); },
               [](const Vec& x, const Vec& t) { return scalar(-std::sin(x[0]) - t[0]); },
               [](const Vec& x, const Vec&) { return scalar(-x[0]); }});
}

/// x = θ cos x by T = θ cos x.
inline std::shared_ptr<HandModel> cosine_fixed_point() {
  return std::make_shared<HandModel>(
      Formulae{vec({1}),
               vec({0.5}),
               {},
               [](const Vec& x, const Vec& t) { return vec({t[0] * std::cos(x[0]) - x[0]}); },
               [](const Vec& x, const Vec& t) { return scalar(-t[0] * std::sin(x[0]) - 1); },
               [](const Vec& x, const Vec&) { return scalar(std::cos(x[0])); },
               true});
}

/// ½(x₀ − θ₁)² + ¼x₁⁴ − ½θ₀x₁²: a saddle at x₁ = 0 when θ₀ > 0, minima at x₁ = ±√θ₀.
inline std::shared_ptr<HandModel> double_well(Vec start) {
  return std::make_shared<HandModel>(
      Formulae{std::move(start), vec({1, 0}),
               [](const Vec& x, const Vec& t) {
                 return 0.5 * std::pow(x[0] - t[1], 2) + 0.25 * std::pow(x[1], 4) - 0.5 * t[0] * x[1] * x[1];
               },
               [](const Vec& x, const Vec& t) {
                 return vec({x[0] - t[1], std::pow(x[1], 3) - t[0] * x[1]});
               },
               [](const Vec& x, const Vec& t) -> Mat {
                 return vec({1, 3 * x[1] * x[1] - t[0]}).asDiagonal();
               },
               [](const Vec& x, const Vec&) -> Mat { return (Mat(2, 2) << 0, -1, -x[1], 0).finished(); }});
}

/// (1 − x₀)² + θ(x₁ − x₀²)²: the banana valley, minimum (1, 1).
inline std::shared_ptr<HandModel> rosenbrock() {
  return std::make_shared<HandModel>(Formulae{
      vec({-1.2, 1}), vec({100}),
      [](const Vec& x, const Vec& t) { return std::pow(1 - x[0], 2) + t[0] * std::pow(x[1] - x[0] * x[0], 2); },
      [](const Vec& x, const Vec& t) {
        const double r = x[1] - x[0] * x[0];
        return vec({-2 * (1 - x[0]) - 4 * t[0] * x[0] * r, 2 * t[0] * r});
      },
      [](const Vec& x, const Vec& t) -> Mat {
        const double cross = -4 * t[0] * x[0];
        return (Mat(2, 2) << 2 - 4 * t[0] * (x[1] - 3 * x[0] * x[0]), cross, cross, 2 * t[0]).finished();
      },
      [](const Vec& x, const Vec&) -> Mat {
        const double r = x[1] - x[0] * x[0];
        return vec({-4 * x[0] * r, 2 * r});
      }});
}

}  // namespace argscope::testing
