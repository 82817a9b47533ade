#pragma once
/// Sessions on hand-written problems.

#include <atomic>
#include <functional>

#include "core/live/session.h"
#include "tests/core/solve/packing.h"

namespace argscope::testing {

/// ½(x − 2)² + ½θ₀x² − θ₁x: x* = (2 + θ₁)/(1 + θ₀). The output "double" is 2x + θ₀.
inline std::shared_ptr<HandModel> pulled() {
  Formulae f{
      vec({0}),
      vec({1, 0}),
      [](const Vec& x, const Vec& t) { return 0.5 * std::pow(x[0] - 2, 2) + 0.5 * t[0] * x[0] * x[0] - t[1] * x[0]; },
      [](const Vec& x, const Vec& t) { return vec({x[0] - 2 + t[0] * x[0] - t[1]}); },
      [](const Vec&, const Vec& t) { return scalar(1 + t[0]); },
      [](const Vec& x, const Vec&) -> Mat { return (Mat(1, 2) << x[0], -1).finished(); }};
  f.functions["double"] = std::make_shared<HandFunction>(
      Shape{}, [](const Vec& x, const Vec& t) { return vec({2 * x[0] + t[0]}); },
      [](const Vec&, const Vec&) { return scalar(2); },
      [](const Vec&, const Vec&) -> Mat { return (Mat(1, 2) << 1, 0).finished(); });
  auto model = std::make_shared<HandModel>(std::move(f));
  model->stated().outputs = {{"double", {}}};
  return model;
}

inline double pulled_answer(const Vec& theta) { return (2 + theta[1]) / (1 + theta[0]); }

/// Does what it is told before every evaluation: waits, throws, counts.
class WatchedModel final : public HandModel {
 public:
  using Watch = std::function<void(const Vec& theta)>;
  WatchedModel(Formulae f, Watch watch) : HandModel(std::move(f)), watch_(std::move(watch)) {}
  double objective_and_gradient(ConstVec x, ConstVec theta, MutVec g) const override {
    watch_(theta);
    return HandModel::objective_and_gradient(x, theta, g);
  }

 private:
  Watch watch_;
};

/// (x − θ)⁴ + ½x²: a few Newton steps from anywhere, so a watch is called several times a solve.
inline Formulae quartic() {
  return {vec({0}),
          vec({1}),
          [](const Vec& x, const Vec& t) { return std::pow(x[0] - t[0], 4) + 0.5 * x[0] * x[0]; },
          [](const Vec& x, const Vec& t) { return vec({4 * std::pow(x[0] - t[0], 3) + x[0]}); },
          [](const Vec& x, const Vec& t) { return scalar(12 * std::pow(x[0] - t[0], 2) + 1); },
          [](const Vec& x, const Vec& t) { return scalar(-12 * std::pow(x[0] - t[0], 2)); }};
}

inline std::shared_ptr<io::Scene> scene_of(const std::shared_ptr<const optimality::Model>& model) {
  auto scene = std::make_shared<io::Scene>();
  scene->name = "by hand";
  scene->statement = {model, &model->statement()};
  return scene;
}

inline live::SessionOptions options_with(std::shared_ptr<const optimality::Model> model) {
  live::SessionOptions options;
  options.threads = 1;
  options.model = std::move(model);
  return options;
}

}  // namespace argscope::testing
