#include "core/optimality/steps.h"

#include <cmath>
#include <random>

namespace argscope::optimality {

namespace {

class Slope {
 public:
  Slope(const Problem& p, ConstVec theta) : p_(p), theta_(theta), program_(p.graph, p.inputs, p.slope, 1) {}

  Vec at(const Vec& x) {
    Vec g(x.size());
    std::vector<double*> out;
    for (const Slot& s : p_.variables) out.push_back(g.data() + s.offset);
    program_.run(p_.at(x, theta_), out, workspace_);
    return g;
  }

 private:
  const Problem& p_;
  Vec theta_;
  expr::Program program_;
  expr::Workspace workspace_;
};

/// ‖H‖ on the coordinates [first, first + count), a little above.
double curvature(Slope& slope, const Vec& x, Index first, Index count) {
  constexpr int iterations = 30;
  constexpr double margin = 1.1;  // power iteration comes from below
  std::mt19937 draw(5);
  Vec v = Vec::Zero(x.size());
  for (Index k = 0; k < count; ++k) v[first + k] = (draw() >> 5) * 0x1p-26 - 1;
  const double h = 1e-6 * (1 + x.cwiseAbs().maxCoeff());
  const Vec here = slope.at(x);
  double greatest = 0;
  for (int k = 0; k < iterations && v.norm() > 0; ++k) {
    v *= h / v.norm();
    Vec change = Vec::Zero(x.size());
    change.segment(first, count) = (slope.at(x + v) - here).segment(first, count);
    if (!change.allFinite()) return 0;
    greatest = std::max(greatest, change.norm() / h);
    v = change;
  }
  return margin * greatest;
}

}  // namespace

std::vector<double> safe_steps(const Problem& p, ConstVec x, ConstVec theta, bool one_each) {
  Slope slope(p, theta);
  std::vector<double> steps;
  const auto put = [&](Index first, Index count) {
    const double L = curvature(slope, x, first, count);
    steps.push_back(L > 0 ? 1 / L : 1.0);
  };
  if (!one_each) put(0, x.size());
  if (one_each)
    for (const Slot& s : p.variables) put(s.offset, s.size());
  return steps;
}

}  // namespace argscope::optimality
