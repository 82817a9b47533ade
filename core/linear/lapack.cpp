#include "core/linear/lapack.h"

#include <cstddef>

extern "C" {
void openblas_set_num_threads(int);
void dgemm_(const char*, const char*, const int*, const int*, const int*, const double*, const double*, const int*,
            const double*, const int*, const double*, double*, const int*, std::size_t, std::size_t);
void dgemv_(const char*, const int*, const int*, const double*, const double*, const int*, const double*, const int*,
            const double*, double*, const int*, std::size_t);
void dsyrk_(const char*, const char*, const int*, const int*, const double*, const double*, const int*, const double*,
            double*, const int*, std::size_t, std::size_t);
void dsymm_(const char*, const char*, const int*, const int*, const double*, const double*, const int*, const double*,
            const int*, const double*, double*, const int*, std::size_t, std::size_t);
void dsymv_(const char*, const int*, const double*, const double*, const int*, const double*, const int*, const double*,
            double*, const int*, std::size_t);
void dtrsm_(const char*, const char*, const char*, const char*, const int*, const int*, const double*, const double*,
            const int*, double*, const int*, std::size_t, std::size_t, std::size_t, std::size_t);
void dtrsv_(const char*, const char*, const char*, const int*, const double*, const int*, double*, const int*,
            std::size_t, std::size_t, std::size_t);
void dpotrf_(const char*, const int*, double*, const int*, int*, std::size_t);
void dpocon_(const char*, const int*, const double*, const int*, const double*, double*, double*, int*, int*,
             std::size_t);
void dgetrf_(const int*, const int*, double*, const int*, int*, int*);
void dgecon_(const char*, const int*, const double*, const int*, const double*, double*, double*, int*, int*,
             std::size_t);
void dlaswp_(const int*, double*, const int*, const int*, const int*, const int*, const int*);
void dsytrf_rk_(const char*, const int*, double*, const int*, double*, int*, double*, const int*, int*, std::size_t);
void dsytrs_3_(const char*, const int*, const int*, const double*, const int*, const double*, const int*, double*,
               const int*, int*, std::size_t);
void dsycon_3_(const char*, const int*, const double*, const int*, const double*, const int*, const double*, double*,
               double*, int*, int*, std::size_t);
void dsyevd_(const char*, const char*, const int*, double*, const int*, double*, double*, const int*, int*, const int*,
             int*, std::size_t, std::size_t);
void dgesdd_(const char*, const int*, const int*, double*, const int*, double*, double*, const int*, double*,
             const int*, double*, const int*, int*, int*, std::size_t);
}

namespace argscope::linear::lapack {

namespace {

constexpr char lower = 'L';

int narrow(Index i) { return static_cast<int>(i); }

/// OpenBLAS keeps the number for the whole process: set before the first call, never again.
void hold_to_one_thread() {
  static const bool held = [] { return openblas_set_num_threads(1), true; }();
  static_cast<void>(held);
}

}  // namespace

Panel panel(MutMat A) { return {A.data(), A.rows(), A.cols(), A.outerStride()}; }
ConstPanel view(ConstMat A) { return {A.data(), A.rows(), A.cols(), A.outerStride()}; }
Panel part(const Panel& A, Index row, Index col, Index rows, Index cols) {
  return {A.data + row + col * A.ld, rows, cols, A.ld};
}

void product(double alpha, ConstPanel A, Op a, ConstPanel B, Op b, double beta, Panel C) {
  if (C.rows == 0 || C.cols == 0) return;
  hold_to_one_thread();
  const int m = narrow(C.rows), n = narrow(C.cols), k = narrow(a == Op::None ? A.cols : A.rows);
  const int lda = narrow(A.ld), ldb = narrow(B.ld), ldc = narrow(C.ld), one = 1;
  const char opa = static_cast<char>(a), opb = static_cast<char>(b);
  if (n == 1 && b == Op::None) {
    const int rows = narrow(A.rows), cols = narrow(A.cols);
    dgemv_(&opa, &rows, &cols, &alpha, A.data, &lda, B.data, &one, &beta, C.data, &one, 1);
  } else {
    dgemm_(&opa, &opb, &m, &n, &k, &alpha, A.data, &lda, B.data, &ldb, &beta, C.data, &ldc, 1, 1);
  }
}

void subtract_square(ConstPanel A, Panel C) {
  hold_to_one_thread();
  const int n = narrow(C.rows), k = narrow(A.cols), lda = narrow(A.ld), ldc = narrow(C.ld);
  const double minus = -1, one = 1;
  const char none = 'N';
  dsyrk_(&lower, &none, &n, &k, &minus, A.data, &lda, &one, C.data, &ldc, 1, 1);
}

void symmetric_product(ConstPanel A, Part triangle, ConstPanel B, Panel C) {
  if (C.rows == 0 || C.cols == 0) return;
  hold_to_one_thread();
  const int m = narrow(C.rows), n = narrow(C.cols), lda = narrow(A.ld), ldb = narrow(B.ld), ldc = narrow(C.ld);
  const double one = 1, zero = 0;
  const char left = 'L', uplo = static_cast<char>(triangle);
  const int step = 1;
  if (n == 1) {
    dsymv_(&uplo, &m, &one, A.data, &lda, B.data, &step, &zero, C.data, &step, 1);
  } else {
    dsymm_(&left, &uplo, &m, &n, &one, A.data, &lda, B.data, &ldb, &zero, C.data, &ldc, 1, 1);
  }
}

void solve_triangle(ConstPanel T, Side s, Part p, Op o, Diagonal d, Panel X) {
  if (X.rows == 0 || X.cols == 0) return;
  hold_to_one_thread();
  const int m = narrow(X.rows), n = narrow(X.cols), ldt = narrow(T.ld), ldx = narrow(X.ld), step = 1;
  const double one = 1;
  const char side = static_cast<char>(s), uplo = static_cast<char>(p), op = static_cast<char>(o);
  const char diagonal = static_cast<char>(d);
  if (n == 1 && s == Side::Left) {
    dtrsv_(&uplo, &op, &diagonal, &m, T.data, &ldt, X.data, &step, 1, 1, 1);
  } else {
    dtrsm_(&side, &uplo, &op, &diagonal, &m, &n, &one, T.data, &ldt, X.data, &ldx, 1, 1, 1, 1);
  }
}

int cholesky(Panel A) {
  hold_to_one_thread();
  const int n = narrow(A.rows), ld = narrow(A.ld);
  int info = 0;
  dpotrf_(&lower, &n, A.data, &ld, &info, 1);
  return info;
}

int lu(Panel A, int* pivots) {
  hold_to_one_thread();
  const int m = narrow(A.rows), n = narrow(A.cols), ld = narrow(A.ld);
  int info = 0;
  dgetrf_(&m, &n, A.data, &ld, pivots, &info);
  return info;
}

void swap_rows(Panel A, const int* pivots, Index first, Index last, bool backwards) {
  const int n = narrow(A.cols), ld = narrow(A.ld), k1 = narrow(first) + 1, k2 = narrow(last), step = backwards ? -1 : 1;
  if (n > 0) dlaswp_(&n, A.data, &ld, &k1, &k2, pivots, &step);
}

int ldlt(Mat& A, Vec& off, std::vector<int>& pivots) {
  hold_to_one_thread();
  const int n = narrow(A.rows()), work_size = 64 * std::max(n, 1);
  off.resize(n);
  pivots.resize(n);
  Vec work(work_size);
  int info = 0;
  dsytrf_rk_(&lower, &n, A.data(), &n, off.data(), pivots.data(), work.data(), &work_size, &info, 1);
  return info;
}

int ldlt_solve(const Mat& A, const Vec& off, const std::vector<int>& pivots, MutMat X) {
  const int n = narrow(A.rows()), m = narrow(X.cols()), ldx = narrow(X.outerStride());
  int info = 0;
  dsytrs_3_(&lower, &n, &m, A.data(), &n, off.data(), pivots.data(), X.data(), &ldx, &info, 1);
  return info;
}

double ldlt_rcond(const Mat& A, const Vec& off, const std::vector<int>& pivots, double norm1) {
  const int n = narrow(A.rows());
  Vec work(2 * n);
  std::vector<int> iwork(n);
  double rcond = 0;
  int info = 0;
  dsycon_3_(&lower, &n, A.data(), &n, off.data(), pivots.data(), &norm1, &rcond, work.data(), iwork.data(), &info, 1);
  return rcond;
}

double cholesky_rcond(const Mat& L, double norm1) {
  const int n = narrow(L.rows());
  Vec work(3 * n);
  std::vector<int> iwork(n);
  double rcond = 0;
  int info = 0;
  dpocon_(&lower, &n, L.data(), &n, &norm1, &rcond, work.data(), iwork.data(), &info, 1);
  return rcond;
}

double lu_rcond(const Mat& LU, double norm1) {
  const int n = narrow(LU.rows());
  const char one_norm = '1';
  Vec work(4 * n);
  std::vector<int> iwork(n);
  double rcond = 0;
  int info = 0;
  dgecon_(&one_norm, &n, LU.data(), &n, &norm1, &rcond, work.data(), iwork.data(), &info, 1);
  return rcond;
}

int symmetric_eigen(Mat& A, Vec& values) {
  hold_to_one_thread();
  const int n = narrow(A.rows());
  const int work_size = 1 + 6 * n + 2 * n * n, iwork_size = 3 + 5 * n;
  const char vectors = 'V';
  values.resize(n);
  Vec work(work_size);
  std::vector<int> iwork(iwork_size);
  int info = 0;
  dsyevd_(&vectors, &lower, &n, A.data(), &n, values.data(), work.data(), &work_size, iwork.data(), &iwork_size, &info,
          1, 1);
  return info;
}

int svd(Mat& A, Mat& U, Vec& s, Mat& Vt) {
  hold_to_one_thread();
  const int n = narrow(A.rows());
  const int work_size = 4 * n * n + 7 * n + 64 * n + 64;
  const char all = 'A';
  U.resize(n, n);
  Vt.resize(n, n);
  s.resize(n);
  Vec work(work_size);
  std::vector<int> iwork(8 * n);
  int info = 0;
  dgesdd_(&all, &n, &n, A.data(), &n, s.data(), U.data(), &n, Vt.data(), &n, work.data(), &work_size, iwork.data(),
          &info, 1);
  return info;
}

}  // namespace argscope::linear::lapack
