#pragma once
/// Soft discs in a periodic box with every derivative written out by hand, factorized by CHOLMOD: what is possible, and
/// an independent reference. U = ½(1 − r/σ)² for r < σ, σ_ij = (d_i + d_j)/2; the first half of the discs has diameter
/// D, the others 1. Positions are x₀, y₀, x₁, y₁, ….

#include <memory>
#include <vector>

#include "core/types.h"

namespace argscope::app {

class PackingPeer {
 public:
  PackingPeer(Index particles, double box);
  ~PackingPeer();

  /// Finds the pairs near x, and analyses the pattern of the Hessian; good while nothing moves further than a skin.
  void prepare(const Vec& x);
  /// dx*/dD at a minimum, the mean over the discs that have contacts removed.
  Vec jacobian(const Vec& x, double D);
  /// Newton from x until the largest force is at most `tolerance`, then dx*/dD there. Throws std::runtime_error when it
  /// does not get there.
  Vec update(Vec& x, double D, double tolerance);
  /// The numerical factorization alone, of the Hessian that was assembled last.
  void factorize();

 private:
  struct Pair {
    int i, j;
    int at[3];  ///< where the columns of the pair's block begin in the values: (2i, 2i+1) × (2j, 2j+1)
  };
  struct Cholmod;

  void find_pairs(const Vec& x);
  void lay_out_pattern();
  void assemble(const Vec& x, double D);
  Vec solve(const Vec& b);
  double diameter(int i, double D) const { return i < n_ / 2 ? D : 1; }

  int n_;
  double box_;
  std::vector<Pair> pairs_;
  std::vector<int> diagonal_;  ///< where column c begins: its diagonal entry
  std::vector<bool> touched_;  ///< discs that have a contact
  Vec gradient_, mixed_;       ///< ∇U and ∂∇U/∂D at the last assembly
  std::unique_ptr<Cholmod> cholmod_;
};

}  // namespace argscope::app
