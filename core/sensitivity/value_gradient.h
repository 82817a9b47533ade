#pragma once
/// The gradient of a minimum's value ℓ(θ) = min_x L(x, θ), estimated where a solver stopped. The envelope theorem needs
/// no ∂x* at the minimizer; the estimators differ in what they make of the distance e from it. Ablin, Peyré and Moreau,
/// Super-efficiency of automatic differentiation for functions defined as a minimum, 2020; Mehmood and Ochs,
/// Differentiating the value function by using convex duality, 2021.

#include <span>

#include "core/solve/solver.h"

namespace argscope::sensitivity {

enum class ValueEstimator {
  Analytic,  ///< g¹ = ∂₂L: errs by O(e)
  Automatic,  ///< g² = ∂₂L + Jᵀ∂₁L, J of as many plain steps from the start as the solver took (sgd: of its own steps):
              ///< O(e·(J − J*)) + O(e²)
  Implicit,  ///< g³ = ∂₂L + Jᵀ∂₁L, J by the implicit function theorem at x: O(e²)
  Dual,  ///< y* = argmax ⟨θ, y⟩ − L*(0, y) of an L that is convex in (x, θ) together: what ∂₂L is at x*, whether or
         ///< not x* is unique or depends smoothly on θ. Iterates y_k of its own: dual_descent.h
};

struct ValueEstimatorEntry {
  std::string_view name;
  std::string_view summary;  ///< one line
  ValueEstimator by;
};

std::span<const ValueEstimatorEntry> value_estimators();
const ValueEstimatorEntry* value_estimator_named(std::string_view);  ///< hyphen equals underscore; null: none such

/// Along all of θ. L is a scalar, the objective of at.model or its Lagrangian (Model::minimum). `options`: how x was
/// found; of the step that the automatic estimator takes. Not-a-number where the implicit one meets a singular ∂₁F.
Vec value_gradient(ValueEstimator, const optimality::Function& L, const solve::Solution& at, ConstVec theta,
                   const solve::Options&);

/// Why there is no such gradient of such a problem, whatever the solution, in a sentence; empty: there is.
std::string unsuitable(ValueEstimator, const optimality::Model&);
/// Why ℓ has no gradient at this solution: multipliers that are not unique. Empty: none is known.
std::string undefined(const solve::Solution& at, ConstVec theta, linear::Factorizer&);
/// Why there is no dual in θ[first, first + count) with the others held: L is not convex in x and those together. It is
/// looked at here, at the scene's start and halfway, so that a problem may pass whose L is not convex elsewhere. Empty:
/// there is one.
std::string without_dual(const solve::Solution& at, ConstVec theta, Index first, Index count);

/// The options by which x must be found for the automatic estimator to differentiate the way to it: a solver of plain
/// steps in place of "auto", and a fixed step length. An empty solver: the one that was asked for takes other steps.
solve::Options plain_steps(const optimality::Model&, ConstVec theta, solve::Options);

}  // namespace argscope::sensitivity
