#pragma once
/// Dense methods. Each takes a square matrix whose known null space has been filled in (see fill_null_space), and
/// either returns a kernel or leaves the matrix as it was and says why it cannot.

#include "core/linear/kernel.h"

namespace argscope::linear::dense {

/// A = L Lᵀ, or −A = L Lᵀ when the trace is negative. Refuses when a pivot is not positive, or is smaller than
/// `rank_tolerance` times the diagonal entry that it comes from (a measure that no scaling of the unknowns changes).
Attempt cholesky(Mat& A, const Options&);
/// A = P L D Lᵀ Pᵀ after a scaling by powers of two that brings the rows to about one. Refuses when the scaled matrix's
/// condition is beyond 1 / rank_tolerance.
Attempt ldlt(Mat& A, const Options&);
/// P A = L U after a scaling of rows and columns by powers of two; refuses as ldlt does.
Attempt lu(Mat& A, const Options&);
/// A P = Q [T 0; 0 0] Z: QR with pivoting by columns, then from the right. Diagonal entries of R below `rank_tolerance`
/// times the greatest count as zero; solutions are of minimum norm as those of min_norm, at a tenth of its cost.
Attempt qr(Mat& A, const Options&);
/// The pseudo-inverse, from eigenvalues and eigenvectors (symmetric) or singular values and vectors; finds what is left
/// of the null space by `rank_tolerance`.
Attempt min_norm(Mat& A, bool symmetric, const Options&);

/// A ← A with its null space lifted to the size of its diagonal: exact, because a solution for a right-hand side off
/// the left null space has no part along the right one. Returns that size, 0 when there was nothing to lift.
double fill_null_space(Mat& A, const NullSpace&);

}  // namespace argscope::linear::dense
