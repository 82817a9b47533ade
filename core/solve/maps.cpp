/// Iterations of a map x ← T(x), F = T − x: what proximal, projected and mirror gradient steps have in common. None of
/// them looks at an objective. Of a smooth minimization T is the gradient step x − η∇f.

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <deque>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

/// The least residual so far, and how long ago: an iteration that stopped making progress has arrived or is lost.
class Progress {
 public:
  bool stopped(double residual) {
    if (residual < 0.99 * best_) {
      best_ = residual;
      since_ = 0;
    }
    return ++since_ > patience;
  }

 private:
  static constexpr int patience = 5000;
  double best_ = std::numeric_limits<double>::infinity();
  int since_ = 0;
};

/// T(x) − x at `here`: F of a map; −η∇f of a smooth minimization, with the step that was asked for or 1/‖∇²f‖ here.
class Move {
 public:
  explicit Move(Walk& walk) : walk_(walk) {
    if (!walk.minimizes()) return;
    along_ = walk.options().step ? -*walk.options().step : -1 / curvature();
  }
  Vec operator()() const { return along_ * walk_.here().F; }
  Vec of(const Vec& F) const { return along_ * F; }

 private:
  /// Power iteration with products, a little above what it finds.
  double curvature() {
    const auto H = walk_.linearize().matrix;
    Mat v = walk_.here().F + Vec::Constant(walk_.size(), 1e-3), Hv(v.rows(), 1);
    double greatest = 0;
    for (int k = 0; k < 30 && v.norm() > 0; ++k) {
      v /= v.norm();
      H->apply(v, Hv);
      greatest = std::max(greatest, Hv.norm());
      v = Hv;
    }
    return greatest > 0 ? 1.1 * greatest : 1;
  }

  Walk& walk_;
  double along_ = 1;
};

void put(Walk& walk, const Vec& x) {
  walk.trial().x = x;
  walk.evaluate_trial_without_objective();
}

/// `step` puts the trial.
template <class Step>
Status iterate(Walk& walk, double tolerance, const Step& step) {
  Progress progress;
  for (;;) {
    if (walk.reached(tolerance)) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    if (progress.stopped(walk.here().residual)) return walk.stuck();
    step();
    walk.accept();
  }
}

}  // namespace

Status map_iteration(Walk& walk, double tolerance) {
  const Move move(walk);
  return iterate(walk, tolerance, [&] { put(walk, walk.here().x + move()); });
}

/// The part of a step that is safe to take. A gradient step with ηL ≤ 1 moves no two points apart and none past the
/// other; from ΔT = T(y) − T(z) and Δ = y − z follows ηL ≥ 1 + ‖ΔT‖/‖Δ‖ where the ratio exceeds 1, and
/// ηL ≥ 1 − ΔT·Δ/‖Δ‖² where it does. F is a direction of descent whatever η, so a part of it will do.
class Damping {
 public:
  /// Whether the part has become smaller.
  bool learn(const Vec& y, const Vec& T) {
    double curvature = 1;
    if (y_.size() > 0) {
      const Vec between = y - y_, moved = T - T_;
      const double apart = moved.norm() / between.norm(), past = -moved.dot(between) / between.squaredNorm();
      if (apart > 1 + rounding) curvature = 1 + apart;
      if (past > rounding) curvature = std::max(curvature, 1 + past);
    }
    y_ = y, T_ = T;
    if (!(part_ * curvature > 1)) return false;
    part_ = 1 / curvature;
    return true;
  }
  double part() const { return part_; }

 private:
  static constexpr double rounding = 1e-6;
  double part_ = 1;
  Vec y_, T_;
};

/// FISTA (Beck & Teboulle 2009) with restart by the gradient scheme of O'Donoghue & Candès 2015: `here` is the point y
/// at which T is evaluated, and T(y) = y + move the iterate; a part of the move where a step that nobody asked for
/// turns out to be too long.
Status accelerated(Walk& walk, double tolerance) {
  walk.run_by("accelerated_gradient");
  const Move move(walk);
  Vec last = walk.here().x;
  double t = 1;
  Damping damping;
  const bool literal = walk.options().step.has_value();
  return iterate(walk, tolerance, [&] {
    const Vec F = move();
    const bool shorter = !literal && damping.learn(walk.here().x, walk.here().x + F);
    const Vec next = walk.here().x + damping.part() * F;
    const bool turned = shorter || -F.dot(next - last) > 0;
    if (turned) t = 1;
    const double grown = 0.5 * (1 + std::sqrt(1 + 4 * t * t));
    put(walk, next + (turned ? 0 : (t - 1) / grown) * (next - last));
    t = grown;
    last = next;
  });
}

/// Anderson acceleration of type II with a short memory (Walker & Ni 2011); a step whose coefficients are wild is
/// replaced by the plain one.
Status anderson(Walk& walk, double tolerance) {
  constexpr std::size_t depth = 8;
  std::deque<std::pair<Vec, Vec>> changes;  // of F and of T
  Vec last_F, last_T;
  const Move move(walk);
  return iterate(walk, tolerance, [&] {
    const Vec F = move(), T = walk.here().x + F;
    if (last_F.size() > 0) changes.emplace_back(F - last_F, T - last_T);
    if (changes.size() > depth) changes.pop_front();
    last_F = F;
    last_T = T;
    Mat dF(F.size(), static_cast<Index>(changes.size())), dT(dF.rows(), dF.cols());
    for (std::size_t k = 0; k < changes.size(); ++k) {
      dF.col(static_cast<Index>(k)) = changes[k].first;
      dT.col(static_cast<Index>(k)) = changes[k].second;
    }
    if (dF.cols() == 0) return put(walk, T);
    const Vec gamma = dF.colPivHouseholderQr().solve(F);
    const bool tame = gamma.allFinite() && gamma.cwiseAbs().maxCoeff() < 1e4;
    put(walk, tame ? T - dT * gamma : T);
  });
}

/// Gauss–Seidel over the variables: each block is stepped with what the earlier ones have become.
Status block_coordinate_descent(Walk& walk, double tolerance) {
  const Move move(walk);
  return iterate(walk, tolerance, [&] {
    const auto& blocks = walk.here().model->variables();
    Vec x = walk.here().x, F = walk.here().F;
    for (std::size_t k = 0; k < blocks.size(); ++k) {
      if (k > 0) walk.here().model->optimality().value(x, walk.theta(), F);
      x.segment(blocks[k].offset, blocks[k].size()) += move.of(F).segment(blocks[k].offset, blocks[k].size());
    }
    put(walk, x);
  });
}

/// Broyden's good method (Broyden 1965) from the exact ∂₁F of the start, for roots and maps alike; a step that makes
/// ‖F‖ grow is halved.
Status broyden(Walk& walk, double tolerance) {
  const auto start = walk.factor(1e-12, Care::Thorough).factorization;
  if (!start->quality().usable) {
    walk.explain("Broyden's method starts from a factor of ∂₁F, and that is singular: " + start->quality().why);
    return Status::Stalled;
  }
  Mat inverse(walk.size(), walk.size());
  start->solve(Mat::Identity(walk.size(), walk.size()), inverse);
  return iterate(walk, tolerance, [&] {
    const Vec F = walk.here().F;
    Vec p = -inverse * F;
    put(walk, walk.here().x + p);
    for (int k = 0; k < 20 && !(walk.trial().F.norm() < 2 * F.norm()); ++k) {
      p *= 0.5;
      put(walk, walk.here().x + p);
    }
    const Vec change = inverse * (walk.trial().F - F);
    const double size = p.dot(change);
    if (std::abs(size) > 1e-14 * p.squaredNorm()) inverse += (p - change) / size * (p.transpose() * inverse);
  });
}

/// The root of one equation in one unknown: brackets it by steps that double, then halves.
Status bisection(Walk& walk) {
  walk.allow(2000);
  const auto value = [&](double x) {
    return walk.here().model->optimality().value_at(Vec::Constant(1, x), walk.theta())[0];
  };
  const double from = walk.here().x[0], at_start = walk.here().F[0];
  double a = from, b = from, width = 1e-3 * (1 + std::abs(from));
  for (;; width *= 2) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    if (width > 1e150) {
      walk.explain("no change of sign was found on either side of the start: give a start with a root beside it");
      return Status::Stalled;
    }
    if (value(from + width) * at_start <= 0) {
      a = from, b = from + width;
      break;
    }
    if (value(from - width) * at_start <= 0) {
      a = from - width, b = from;
      break;
    }
  }
  const bool rising = value(a) < 0;
  for (;;) {
    if (walk.arrived()) return Status::Converged;
    if (const auto end = walk.verdict()) return *end;
    const double middle = 0.5 * (a + b);
    if (middle == a || middle == b) return walk.stuck();
    put(walk, Vec::Constant(1, middle));
    walk.accept();
    ((walk.here().F[0] < 0) == rising ? a : b) = middle;
  }
}

}  // namespace argscope::solve
