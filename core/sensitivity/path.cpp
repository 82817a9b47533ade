#include "core/sensitivity/path.h"

#include <cmath>

namespace argscope::sensitivity {
namespace {

constexpr double resolution = 1e-11;  ///< of t, within which switches count as one
constexpr double aside = 1e-7;        ///< of t, so far beyond a switch the next active set is looked at

/// Where the path stands: its last piece, the model whose pair lists hold there, and the gaps a little after `from`.
class Follower {
 public:
  Follower(const solve::Request& at, Vec way, const linear::Options& linear, std::stop_token stop)
      : request_(at), way_(std::move(way)), linear_(linear), stop_(std::move(stop)), model_(at.model) {}

  /// The first t in (from, 1] at which a switch changes its sign along the piece; none: no switch does.
  std::optional<double> next_switch(const Piece&);
  /// The piece beyond a switch; none: the next active set does not say where x* goes on.
  std::optional<Piece> beyond(const Piece&, double t);

 private:
  Vec theta(double t) const { return request_.theta + t * way_; }
  Vec gaps(const Piece& p, double t) const { return model_->switches(p.x + (t - p.from) * p.slope, theta(t)); }
  std::optional<Vec> slope_near(const Vec& x, double t) const;

  const solve::Request& request_;
  const Vec way_;
  const linear::Options& linear_;
  const std::stop_token stop_;
  optimality::ModelPtr model_;
  Index switching_ = -1;  ///< the gap that closed at the last next_switch()
};

bool opposite(double a, double b) { return (a < 0 && b > 0) || (a > 0 && b < 0); }

/// Where the first of the gaps that change sign between two points is zero, were they straight: a fraction of the way.
double first_zero(const Vec& before, const Vec& after, Index& which) {
  double first = 2;
  for (Index k = 0; k < before.size(); ++k) {
    if (!opposite(before[k], after[k])) continue;
    const double t = before[k] / (before[k] - after[k]);
    if (t < first) first = t, which = k;
  }
  return first;
}

std::optional<double> Follower::next_switch(const Piece& p) {
  constexpr int most_steps = 60;
  double low = std::min(p.from + aside / 2, 1.0), high = 1;
  Vec before = gaps(p, low), after = gaps(p, high);
  if (before.size() == 0 || !after.allFinite() || first_zero(before, after, switching_) > 1) return std::nullopt;
  for (int step = 0; step < most_steps && high - low > resolution; ++step) {
    if (stop_.stop_requested()) return std::nullopt;
    // straight gaps close where they are expected to; others are halved in between
    const double expected = low + (high - low) * first_zero(before, after, switching_);
    const double t = step % 3 == 2 ? (low + high) / 2 : std::min(expected + resolution / 2, high);
    const Vec there = gaps(p, t);
    Index ignored = -1;
    if (first_zero(before, there, ignored) <= 1) {
      if (t >= high) break;
      high = t, after = there;
    } else {
      low = t, before = there;
    }
  }
  return high;
}

/// dx*/dt by the active set of (x, θ(t)).
std::optional<Vec> Follower::slope_near(const Vec& x, double t) const {
  const Vec at = theta(t);
  auto [A, B] = model_->optimality().linearize(x, at);
  linear::Factorizer factorizer;
  const auto factorization = factorizer.factorize(A, linear_, model_->symmetries());
  if (!factorization->quality().usable || factorization->quality().rank == 0) return std::nullopt;
  Mat right(x.size(), 1), slope(x.size(), 1);
  B->apply(way_, right);
  const linear::SolveReport report = factorization->solve(-right, slope);
  if (!report.converged || report.inconsistency > linear_.consistency || !slope.allFinite()) return std::nullopt;
  return Vec(slope);
}

std::optional<Piece> Follower::beyond(const Piece& p, double t) {
  Piece next{t, 1, p.x + (t - p.from) * p.slope, {}, {}};
  model_ = optimality::model_at(model_, request_.statement, next.x, theta(t));
  const double past = std::min(aside, 1 - t);
  const Vec probe = next.x + past * p.slope;
  const Vec expected = model_->switches(probe, theta(t + past));
  const auto slope = slope_near(probe, t + past);
  if (!slope) return std::nullopt;
  next.slope = *slope;
  const Vec found = gaps(next, t + past);
  if (found.size() != expected.size() || switching_ >= found.size()) return std::nullopt;
  if (opposite(found[switching_], expected[switching_])) return std::nullopt;
  next.switched = model_->switch_name(switching_);
  return next;
}

}  // namespace

std::vector<Piece> follow(const solve::Request& at, const Vec& slope, const Vec& way, const PathOptions& options,
                          std::stop_token stop) {
  std::vector<Piece> pieces{{0, 1, at.start, slope, {}}};
  Follower follower(at, way, options.linear, stop);
  while (!stop.stop_requested()) {
    const auto t = follower.next_switch(pieces.back());
    if (!t) break;
    pieces.back().to = *t;
    if (*t >= 1 || int(pieces.size()) >= options.pieces) break;
    auto next = follower.beyond(pieces.back(), *t);
    if (!next) break;
    pieces.push_back(std::move(*next));
  }
  return pieces;
}

}  // namespace argscope::sensitivity
