#pragma once
/// The catalogue of ways to find ∂x*(θ): each is a row of a table, and a linear map known by its products both ways.

#include <mutex>
#include <span>

#include "core/sensitivity/trust.h"

namespace argscope::sensitivity {

/// What an estimator starts from.
struct Setting {
  const System& system;    ///< ∂F where the solver ended; outlives the estimator
  solve::Request request;  ///< at the solution
  solve::Options solve;    ///< as the person asked: iterations, step, tolerance
};

/// What an estimator has to say of itself.
struct Account {
  Index steps = 0;               ///< of the iteration that it differentiates, terms of its series, or solves
  std::size_t memory_bytes = 0;  ///< remembered of that iteration
  std::string refusal;           ///< why its numbers must not be shown; empty: they may
  bool differs = true;           ///< from A J = B, by an amount that one product tells
};

/// J (n × p) of one solution. Immutable but for what it remembers; callable from many threads. The bits do not depend
/// on their number. Where `stop` is requested a result may be empty.
class Estimator {
 public:
  virtual ~Estimator() = default;
  virtual Mat push(ConstMat dtheta, std::stop_token) const = 0;  ///< J dθ, columns
  virtual Mat pull(ConstMat dx, std::stop_token) const = 0;      ///< Jᵀ dx, columns
  virtual Mat columns(Index first, Index count, std::stop_token) const = 0;
  virtual bool prefers_pull(Index rows) const = 0;  ///< so many rows of products are cheaper by pull than by columns
  virtual Account account() const { return {}; }
};

using EstimatorPtr = std::unique_ptr<Estimator>;

/// Has all of J or nothing: formed when first asked for, then kept.
class Formed : public Estimator {
 public:
  Mat push(ConstMat dtheta, std::stop_token) const override;
  Mat pull(ConstMat dx, std::stop_token) const override;
  Mat columns(Index first, Index count, std::stop_token) const override;
  bool prefers_pull(Index) const override { return false; }

 protected:
  virtual Mat form(std::stop_token) const = 0;  ///< n × p; empty when stopped
  Mat whole(std::stop_token) const;

 private:
  mutable std::mutex forming_;
  mutable Mat J_;
};

struct EstimatorEntry {
  std::string_view name;
  std::string_view summary;  ///< one line
  bool iterates;             ///< differentiates x ← S(x, θ), so the problem must have one
  bool crosses_kinks;        ///< is defined at a kink too
  EstimatorPtr (*build)(const Setting&);
};

std::span<const EstimatorEntry> estimators();
const EstimatorEntry* estimator_named(std::string_view);  ///< hyphen equals underscore; null: no such estimator

/// Why the estimator cannot be had of such a problem, in a sentence; empty: it can.
std::string unsuitable(std::string_view estimator, const optimality::Model&);

EstimatorPtr implicit(const Setting&);
EstimatorPtr central(const Setting&);
EstimatorPtr forward(const Setting&);
EstimatorPtr unrolled_forward(const Setting&);
EstimatorPtr unrolled_reverse(const Setting&);
EstimatorPtr truncated(const Setting&);
EstimatorPtr one_step(const Setting&);
EstimatorPtr neumann(const Setting&);
EstimatorPtr aid_fixed_point(const Setting&);
EstimatorPtr aid_cg(const Setting&);
EstimatorPtr smoothed(const Setting&);
EstimatorPtr stochastic(const Setting&);
EstimatorPtr stochastic_biased(const Setting&);

/// Columns [first, first + count) of the identity.
Mat unit_columns(Index size, Index first, Index count);
/// A fixed combination of all columns, none of which can hide in it.
Vec combination(Index size);

}  // namespace argscope::sensitivity
