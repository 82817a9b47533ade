/// A barycenter of histograms by mirror descent on a sum of costs of transport, each cost's slope taken from t steps of
/// Sinkhorn's iteration: Ablin, Peyré and Moreau 2020, section on Wasserstein barycenters, at a small size.

#include <gtest/gtest.h>

#include <cmath>

#include "core/sensitivity/value_gradient.h"
#include "tests/core/sensitivity/slope.h"
#include "tests/core/sensitivity/stated.h"

namespace argscope::sensitivity {
namespace {

using testing::slope;
using testing::Stated;

constexpr const char* transport = R"toml(
[data.draws]
random = "uniform"
shape = [3, 12]
seed = 0
[data.a]
value = "draws/reshape(sum(draws, axis=1), (3, 1))"
[data.C]
value = "(reshape(arange(12), (12, 1)) - arange(12))**2/121"
[data.eps]
value = 0.05
[parameters.b]
value = "ones(12)/12"
range = [1e-9, 1]
[variables.g]
shape = [3, 12]
[definitions]
f = "eps*(log(a) - logsumexp((reshape(g, (3, 1, 12)) - C)/eps, axis=2))"
L = """sum(f*a) + sum(g*b)
  - eps*sum(exp((reshape(f, (3, 12, 1)) + reshape(g, (3, 1, 12)) - C)/eps))"""
[problem]
fixed_point.g = "eps*(log(b) - logsumexp((reshape(f, (3, 12, 1)) - C)/eps, axis=1))"
[solve]
solver = "fixed_point"
iterations = 1
)toml";

class Barycenter {
 public:
  Barycenter() { options_.solver = "fixed_point", options_.tolerance = 1e-300; }

  Vec found(ValueEstimator by, int t, int outer) {
    Vec b = s_.theta;
    for (int k = 0; k < outer; ++k) {
      const auto at = solved(b, t);
      Vec G = value_gradient(by, *at.model->function("L"), at, b, options_);
      G.array() -= G.mean();
      b = b.array() * (-G.array()).exp();
      b /= b.sum();
    }
    return b;
  }
  double cost(const Vec& b) {
    const auto at = solved(b, 400);
    return at.model->function("L")->value_at(at.x, b)[0];
  }

 private:
  solve::Solution solved(const Vec& b, int t) {
    options_.iterations = t;
    return solve::solve({s_.model, s_.scene.statement, b, s_.model->start(b)}, options_, memory_, {}, {});
  }

  Stated s_{transport};
  solve::Options options_;
  solve::Memory memory_;
};

TEST(T6, OfABarycenterTheAutomaticSlopeEndsNearerFromEightStepsOn) {
  Barycenter bary;
  constexpr int outer = 200, enough = 60;
  const double least = bary.cost(bary.found(ValueEstimator::Analytic, enough, 3 * outer));
  std::vector<double> times, analytic, automatic;  // exp(t): a log is taken of it; what each ends above
  for (int t : {4, 8, 16}) {
    const auto above = [&](ValueEstimator by) { return bary.cost(bary.found(by, t, outer)) - least; };
    times.push_back(std::exp(t));
    analytic.push_back(above(ValueEstimator::Analytic));
    automatic.push_back(above(ValueEstimator::Automatic));
    if (t >= 8) {
      EXPECT_LT(automatic.back(), analytic.back()) << t;
    }
  }
  EXPECT_GE(slope(times, automatic) / slope(times, analytic), 1.7);  // 2 in the limit of many steps
}

}  // namespace
}  // namespace argscope::sensitivity
