#pragma once
/// What Krylov methods share: columns in lockstep, the scalings of Jacobi's preconditioner, the rules for ending.
///
/// A method is a `Column`: the recurrence of one right-hand side. Each step asks for `products.size()` products, one
/// after the other: `wanted(k)` is what to multiply, `take(k, product, x)` uses it. A column that has an ending is
/// asked no more.

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/linear/condition.h"
#include "core/linear/kernel.h"

namespace argscope::linear::krylov {

/// With the matrix that is solved with, with its transpose, or with the factors of another that is near to it.
enum class Product { Same, Adjoint, Preconditioner };

struct Rules {
  double tolerance, rank_tolerance;
  Index restart;   ///< vectors that GMRES remembers
  Vec unweighted;  ///< the residual is this, times the recurrence's own; empty: they are the same
};

class Column {
 public:
  Column(const Vec& b, const Rules& rules) : rules_(&rules), size_(norm(b)) {
    if (!end_if_small(size_) && !std::isfinite(size_)) end(Ending::BrokeDown);
  }
  std::optional<Ending> ending() const { return ending_; }
  double inconsistency() const { return ending_ == Ending::Inconsistent ? left_ / size_ : 0; }
  void finish(MutVec) {}  ///< all iterations are used: x takes what it has not

 protected:
  void end(Ending ending) { ending_ = ending; }
  /// The norm of the true residual, from the recurrence's.
  double norm(const Vec& r) const {
    return rules_->unweighted.size() ? rules_->unweighted.cwiseProduct(r).norm() : r.norm();
  }
  bool weighted() const { return rules_->unweighted.size() > 0; }
  bool end_if_small(double residual) {
    left_ = residual;
    if (residual <= rules_->tolerance * size_) ending_ = Ending::Solved;
    return ending_.has_value();
  }
  /// ‖Aᵀr‖ so small beside ‖A‖‖r‖ that r is a left null vector.
  bool end_if_orthogonal(double adjoint_residual, double matrix_norm, double residual) {
    left_ = residual;
    if (adjoint_residual <= rules_->rank_tolerance * matrix_norm * residual) ending_ = Ending::Inconsistent;
    return ending_.has_value();
  }
  const Rules& rules() const { return *rules_; }

 private:
  const Rules* rules_;
  double size_, left_ = 0;
  std::optional<Ending> ending_;
};

/// A between two diagonal matrices: solves with L A R, where L and R are Jacobi's; empty: the identity.
struct Scalings {
  Vec left, right;
};

struct Parts {
  OperatorPtr A;
  Scalings scalings;
  Rules rules;
  int limit;
  std::shared_ptr<const Factorization> near;  ///< what Product::Preconditioner is with; null: no method asks for it
};

template <class Recurrence>
class Krylov final : public Kernel {
 public:
  explicit Krylov(Parts p)
      : A_(std::move(p.A)),
        scalings_(std::move(p.scalings)),
        rules_(std::move(p.rules)),
        limit_(p.limit),
        near_(std::move(p.near)) {}
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    direction == Direction::Forward ? A_->apply(X, Y) : A_->apply_transposed(X, Y);
  }
  Index block() const override { return 8; }  // as wide as the operator's own slabs
  bool iterative() const override { return true; }
  double norm() const override { return spectral_norm(*A_); }

  Steps solve(MutMat X, Direction direction) const override {
    if (scalings_.left.size() > 0) X = scalings_.left.asDiagonal() * X;
    const Steps steps = iterate(X, direction);
    if (scalings_.right.size() > 0) X = scalings_.right.asDiagonal() * X;
    return steps;
  }

 private:
  Steps iterate(MutMat X, Direction direction) const {
    std::vector<Recurrence> columns;
    Vec units(X.cols());
    for (Index c = 0; c < X.cols(); ++c) columns.emplace_back(X.col(c) / (units[c] = unit_of(X.col(c))), rules_);
    X.setZero();
    Mat V(X.rows(), X.cols()), Y(X.rows(), X.cols());
    for (int step = 0;; ++step) {
      std::vector<Index> active;
      for (Index c = 0; c < X.cols(); ++c) {
        if (!columns[c].ending()) active.push_back(c);
      }
      if (active.empty() || step == limit_) {
        const Steps steps = summary(columns, X, step);
        X = X * units.asDiagonal();
        return steps;
      }
      for (std::size_t k = 0; k < Recurrence::products.size(); ++k) {
        const auto width = static_cast<Index>(active.size());
        for (Index i = 0; i < width; ++i) V.col(i) = columns[active[i]].wanted(k);
        product(V.leftCols(width), Y.leftCols(width), direction, Recurrence::products[k]);
        for (Index i = 0; i < width; ++i) {
          if (!columns[active[i]].ending()) columns[active[i]].take(k, Y.col(i), X.col(active[i]));
        }
      }
    }
  }

  static Steps summary(std::vector<Recurrence>& columns, MutMat X, int steps) {
    Steps all{.iterations = steps, .ending = Ending::Solved, .inconsistency = 0};
    for (Index c = 0; c < X.cols(); ++c) {
      if (!columns[c].ending()) columns[c].finish(X.col(c));
      all.ending = std::max(all.ending, columns[c].ending().value_or(Ending::Limit));
      all.inconsistency = std::max(all.inconsistency, columns[c].inconsistency());
    }
    return all;
  }

  /// Y = L A R X, or with L and R about Aᵀ; for the adjoint of that the two change places. Spoils X.
  void product(MutMat X, MutMat Y, Direction direction, Product which) const {
    if (which == Product::Preconditioner) {
      Y = X;
      return near_->precondition(Y);
    }
    const bool same = which == Product::Same;
    const Vec &before = same ? scalings_.right : scalings_.left, &after = same ? scalings_.left : scalings_.right;
    if (before.size() > 0) X = before.asDiagonal() * X;
    multiply(X, Y, same == (direction == Direction::Forward) ? Direction::Forward : Direction::Transposed);
    if (after.size() > 0) Y = after.asDiagonal() * Y;
  }

  OperatorPtr A_;
  Scalings scalings_;
  Rules rules_;
  int limit_;
  std::shared_ptr<const Factorization> near_;
};

using KernelPtr = std::unique_ptr<const Kernel>;
template <class Recurrence>
KernelPtr kernel_of(Parts p) {
  return std::make_unique<Krylov<Recurrence>>(std::move(p));
}

KernelPtr cg(Parts);
KernelPtr minres(Parts);
KernelPtr gmres(Parts);
KernelPtr bicgstab(Parts);
KernelPtr normal_cg(Parts);
KernelPtr lsqr(Parts);
KernelPtr lsmr(Parts);

}  // namespace argscope::linear::krylov
