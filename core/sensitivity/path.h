#pragma once
/// x* along a straight way of θ, predicted in pieces: from switch to switch of the active set (a weight that wakes, a
/// constraint that lets go, a contact that opens) x* goes along its derivative, and beyond each switch along that of
/// the next active set. Exact where F is piecewise affine and the way enters it so: lasso and elastic net in their
/// strengths (homotopy: Osborne, Presnell & Turlach 2000; Efron, Hastie, Johnstone & Tibshirani 2004), quadratic
/// programs in their right-hand sides (parametric programming). Elsewhere it errs by the square of the way, as one
/// straight line does, but no longer by the kinks.

#include "core/sensitivity/sensitivity.h"

namespace argscope::sensitivity {

/// x*(θ + t·way) ≈ x + (t − from)·slope for from ≤ t ≤ to; the pieces of a path join.
struct Piece {
  double from = 0, to = 1;
  Vec x, slope;
  std::string switched;  ///< what did at `from`; empty for the first piece
};

struct PathOptions {
  int pieces = 8;  ///< at most
  linear::Options linear;
};

/// At least one piece. `slope`: J·way at the solution. Ends before t = 1 where there are too many pieces, where the
/// next active set determines no derivative, or where both of its sides claim x* (a turning point): then the last
/// piece's `to` is below 1. Where `stop` is requested: what is known so far.
std::vector<Piece> follow(const solve::Request& at_solution, const Vec& slope, const Vec& way, const PathOptions&,
                          std::stop_token);

}  // namespace argscope::sensitivity
