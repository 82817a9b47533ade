#pragma once
/// Where x* goes next as θ is moved step after step. Where a step goes on as the last one did, the two-step formula of
/// Adams and Bashforth,
///
///   x + JΔ + ½ c (JΔ − c s₋),   s₋ = J₋Δ₋, Δ = c Δ₋,
///
/// whose error is of third order (Allgower & Georg, Numerical Continuation Methods, 1990), else Euler's x + JΔ. After a
/// jump of J, as where a contact is made, the longer formula is the worse one: it is used where it would have been the
/// better one the last time.

#include "core/types.h"

namespace argscope::sensitivity {

class Predictor {
 public:
  /// x(to) − x(from), predicted; `slope` is J (to − from) with J taken at `from`.
  Vec step(const Vec& from, const Vec& to, const Vec& slope);
  /// What it has come to.
  void arrived(const Vec& moved);

 private:
  Vec from_, to_, slope_;  // of the last step; empty: there is none
  Vec long_;               // what the longer formula made of it; empty: it could not be used
  bool trusted_ = false;
};

}  // namespace argscope::sensitivity
