#pragma once
/// ∂x*(θ) by an estimator of the catalogue (estimator.h), first of all by the implicit function theorem: A J = B with
/// A = −∂₁F, B = ∂₂F; and whether it can be trusted.

#include <stop_token>

#include "core/sensitivity/differences.h"

namespace argscope::sensitivity {

/// Everything the health strip shows and the report prints.
struct Trust {
  bool defined = false;  ///< false: J must not be shown; `reason` says why
  std::string reason;
  std::vector<std::string> warnings;
  double solution_residual = 0;  ///< relative
  /// ‖AJ − B‖ / ‖B‖ at the solution; where J is made of solves elsewhere, that of the implicit one.
  double linear_residual = 0;
  std::optional<double> condition_number;
  Index rank = 0;
  Index null_modes = 0;
  std::vector<std::string> null_mode_names;
  double inconsistency = 0;  ///< ‖U₀ᵀB‖ / ‖B‖
  Index negative_curvature = 0;
  optimality::KinkMargin kink;
  bool at_kink = false;                        ///< the derivatives of the two sides differ (sides.h has them)
  std::optional<double> difference_agreement;  ///< relative, when differences were asked for
  std::string linear_solver;
  Index steps = 0;               ///< that the estimator takes; 0: it takes none
  std::size_t memory_bytes = 0;  ///< that it remembers of them
};

struct Options {
  std::string method = "implicit";  ///< a name of estimator_names()
  linear::Options linear;
  bool force = false;    ///< give the numbers even where `defined` is false
  solve::Options solve;  ///< how x was found: estimators that iterate take its iterations, step and tolerance
};

std::vector<std::string_view> estimator_names();  ///< "implicit" first

class Sensitivity {
 public:
  /// Linearizes and factorizes at the solution, reusing its factorization when it has one. `theta` is the solution's.
  Sensitivity(const solve::Solution&, ConstVec theta, const Options&, linear::Factorizer&);
  ~Sensitivity();
  Sensitivity(Sensitivity&&) noexcept;

  const Trust& trust() const;  ///< complete but for condition_number and difference_agreement
  void estimate_condition();   ///< fills Trust::condition_number
  // Where trust().defined is false and force was not asked for, every number is not-a-number.
  Mat push(ConstMat dtheta) const;  ///< J dθ, columns
  Mat pull(ConstMat dx) const;      ///< Jᵀ dx, columns
  /// All columns, or those of θ[first, first + count). Empty when stopped. Blocks in parallel; the bits do not depend
  /// on the number of threads.
  Mat jacobian(std::stop_token) const;
  Mat columns(Index first, Index count, std::stop_token) const;
  /// Total derivative of a function of (x, θ): ∂₁h J + ∂₂h, by one pull a row where the estimator prefers that to all
  /// columns.
  Mat total(const optimality::Function& h, std::stop_token) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace argscope::sensitivity
