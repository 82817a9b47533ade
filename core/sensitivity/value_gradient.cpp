#include "core/sensitivity/value_gradient.h"

#include <limits>

#include "core/sensitivity/estimator.h"

namespace argscope::sensitivity {

namespace {

Vec by_theorem(const System& system, const Setting& setting, const Vec& along_x) {
  System factored = system;
  auto [dx, dtheta] = system.model->optimality().linearize(system.x, system.theta);
  factored.A = std::move(dx);
  factored.B = std::move(dtheta);
  factored.factorization = linear::Factorizer().factorize(factored.A, {}, system.model->symmetries());
  if (!factored.factorization->quality().usable)
    return Vec::Constant(system.theta.size(), std::numeric_limits<double>::quiet_NaN());
  return implicit({factored, setting.request, setting.solve})->pull(along_x, {});
}

}  // namespace

Vec value_gradient(ValueEstimator by, const optimality::Function& L, const solve::Solution& at, ConstVec theta,
                   const solve::Options& options) {
  const auto of_L = L.linearize(at.x, theta);
  const Mat one = Mat::Ones(1, 1);
  Mat direct(theta.size(), 1), along_x(at.x.size(), 1);
  of_L.dtheta->apply_transposed(one, direct);
  if (by == ValueEstimator::Analytic) return direct;
  of_L.dx->apply_transposed(one, along_x);
  const System system{at.model, at.x, theta, nullptr, nullptr, nullptr};
  const std::shared_ptr<const optimality::Statement> statement(at.model, &at.model->statement());
  Setting setting{system, {at.model, statement, theta, at.x}, options};
  setting.solve.iterations = at.iterations;
  if (by == ValueEstimator::Implicit) return direct.col(0) + by_theorem(system, setting, along_x);
  return direct + unrolled_reverse(setting)->pull(along_x, {});
}

}  // namespace argscope::sensitivity
