#pragma once
/// The few BLAS and LAPACK routines that this room uses, with OpenBLAS held to one thread: parallel work is cut into
/// blocks by core/parallel.h, and nested threads would only fight. Matrices are column-major; `ld` is a leading
/// dimension. Routines that can fail return LAPACK's info (0: success).

#include <vector>

#include "core/types.h"

namespace argscope::linear::lapack {

enum class Side : char { Left = 'L', Right = 'R' };
enum class Part : char { Lower = 'L', Upper = 'U' };
enum class Op : char { None = 'N', Transposed = 'T' };
enum class Diagonal : char { Stored = 'N', Unit = 'U' };

/// A rectangle of a column-major matrix.
struct Panel {
  double* data;
  Index rows, cols, ld;
};
struct ConstPanel {
  const double* data;
  Index rows, cols, ld;
  ConstPanel(const double* d, Index r, Index c, Index l) : data(d), rows(r), cols(c), ld(l) {}
  ConstPanel(const Panel& p) : data(p.data), rows(p.rows), cols(p.cols), ld(p.ld) {}
};
Panel panel(MutMat A);
ConstPanel view(ConstMat A);
Panel part(const Panel& A, Index row, Index col, Index rows, Index cols);

/// C = α op(A) op(B) + β C
void product(double alpha, ConstPanel A, Op a, ConstPanel B, Op b, double beta, Panel C);
/// The lower triangle of C = C − A Aᵀ.
void subtract_square(ConstPanel A, Panel C);
/// C = A B with A symmetric, read from one triangle.
void symmetric_product(ConstPanel A, Part, ConstPanel B, Panel C);
/// X = op(T)⁻¹ X, or X op(T)⁻¹ from the right.
void solve_triangle(ConstPanel T, Side, Part, Op, Diagonal, Panel X);

int cholesky(Panel A);  ///< lower triangle
int lu(Panel A, int* pivots);
void swap_rows(Panel A, const int* pivots, Index first, Index last, bool backwards);

/// Bounded Bunch–Kaufman, A = P U D Uᵀ Pᵀ in the lower triangle; `off` receives D's off-diagonal.
int ldlt(Mat& A, Vec& off, std::vector<int>& pivots);
int ldlt_solve(const Mat& A, const Vec& off, const std::vector<int>& pivots, MutMat X);
double ldlt_rcond(const Mat& A, const Vec& off, const std::vector<int>& pivots, double norm1);
double cholesky_rcond(const Mat& L, double norm1);
double lu_rcond(const Mat& LU, double norm1);

/// Eigenvalues ascending; eigenvectors replace A.
int symmetric_eigen(Mat& A, Vec& values);
/// A = U diag(s) Vt; A is destroyed; s descending.
int svd(Mat& A, Mat& U, Vec& s, Mat& Vt);

}  // namespace argscope::linear::lapack
