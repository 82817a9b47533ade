/// Predicted steps along curves that are known.
#include "core/sensitivity/predictor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace argscope::sensitivity {
namespace {

struct Curve {
  std::function<Vec(double)> x, slope;
};

Curve smooth() {
  return {[](double t) {
            return Vec{{std::sin(t), std::exp(t), t * t * t}};
          },
          [](double t) {
            return Vec{{std::cos(t), std::exp(t), 3 * t * t}};
          }};
}

/// Errors of a Predictor that walks through these places, step by step.
std::vector<double> errors(const Curve& curve, const std::vector<double>& places) {
  Predictor predictor;
  std::vector<double> all;
  for (std::size_t k = 1; k < places.size(); ++k) {
    const double from = places[k - 1], to = places[k];
    const Vec moved = curve.x(to) - curve.x(from);
    all.push_back((predictor.step(Vec{{from}}, Vec{{to}}, curve.slope(from) * (to - from)) - moved).norm());
    predictor.arrived(moved);
  }
  return all;
}

double euler(const Curve& curve, double from, double to) {
  return (curve.x(from) + curve.slope(from) * (to - from) - curve.x(to)).norm();
}

TEST(Predictor, IsOfThirdOrderOnceTheStepsGoOn) {
  const auto last = [](double h) { return errors(smooth(), {0.5 - 3 * h, 0.5 - 2 * h, 0.5 - h, 0.5}).back(); };
  for (const double h : {0.1, 0.03, 0.01}) EXPECT_NEAR(std::log2(last(h) / last(h / 2)), 3, 0.2) << h;
  EXPECT_LT(last(0.01), 0.05 * euler(smooth(), 0.49, 0.5));
}

TEST(Predictor, TakesStepsOfAnyLength) {
  const auto all = errors(smooth(), {0, 0.01, 0.03, 0.04, 0.07, 0.075, 0.08});
  for (std::size_t k = 2; k < all.size(); ++k) EXPECT_LT(all[k], 2e-4) << k;
  EXPECT_LT(all.back(), 0.2 * euler(smooth(), 0.075, 0.08));
}

TEST(Predictor, IsEulersWhereTheWayTurnsOrWasLeft) {
  const std::vector<double> back = {0, 0.1, 0.2, 0.3, 0.2}, leapt = {0, 0.1, 0.2, 0.3};
  EXPECT_NEAR(errors(smooth(), back).back(), euler(smooth(), 0.3, 0.2), 1e-15);
  Predictor predictor;
  const Curve curve = smooth();
  for (const double t : {0.0, 0.1, 0.2}) {
    predictor.step(Vec{{t}}, Vec{{t + 0.1}}, curve.slope(t) * 0.1);
    predictor.arrived(curve.x(t + 0.1) - curve.x(t));
  }
  const Vec slope = curve.slope(0.9) * 0.1;  // from a place that it has not heard of
  EXPECT_EQ(predictor.step(Vec{{0.9}}, Vec{{1.0}}, slope), slope);
  const Vec other = Vec{{1, 2, 3}};  // in another direction
  EXPECT_EQ(predictor.step(Vec{{1.0, 0.0}}, Vec{{1.0, 0.1}}, other), other);
}

TEST(Predictor, IsEulersAfterAJumpOfTheSlope) {
  const Curve hinge{[](double t) { return Vec{{std::max(t, 0.0)}}; },
                    [](double t) { return Vec{{t < 0 ? 0.0 : 1.0}}; }};
  const auto all = errors(hinge, {-0.35, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 0.35});
  EXPECT_NEAR(all[3], 0.05, 1e-15) << "nothing foretells the hinge";
  for (std::size_t k = 4; k < all.size(); ++k) EXPECT_LT(all[k], 1e-15) << k << ": the line beyond it";
}

}  // namespace
}  // namespace argscope::sensitivity
