#pragma once
/// Relaxations of discrete choices, as graphs. Values are exact up to rounding; derivatives too, to the third order at
/// least, but of subset_by_distance, which is piecewise linear. Of an exponential family x = ∇log Z(u), and ∂x/∂u is
/// its covariance.

#include <vector>

#include "core/expr/build.h"

namespace argscope::expr {

/// P(i ∈ S) for subsets S of k, P(S) ∝ exp Σ_S u; u (n,), 0 < k < n. The sum over all subsets by O(nk) partial sums.
Id subset_marginals(Graph&, Id u, Index k);
/// sigmoid(u − c), Σ = k.
Id subset_by_binary_entropy(Graph&, Id u, Index k);
/// clip(u − c, 0, 1), Σ = k; at a tie those that are 0 or 1 stay.
Id subset_by_distance(Graph&, Id u, Index k);

/// P(e ∈ T) for spanning trees T of a connected graph, P(T) ∝ exp Σ_T u; u (edges,).
Id tree_marginals(Graph&, Id u, const std::vector<Index>& i, const std::vector<Index>& j, Index vertices);

/// P(i → j ∈ T) for trees T directed away from the root, P(T) ∝ exp Σ_T U; U (n, n). The diagonal and the edges into
/// the root are 0. By the matrix-tree theorem (Tutte 1948).
Id arborescence_marginals(Graph&, Id U, Index root);

/// exp(U + f + g), rows and columns summing to 1; U (n, n). Not-a-number where 10⁵ scalings do not suffice.
Id doubly_stochastic(Graph&, Id U);

}  // namespace argscope::expr
