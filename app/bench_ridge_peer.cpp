#include "app/bench_ridge_peer.h"

#include <fmt/format.h>

#include <stdexcept>

extern "C" {
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dpotri_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dpotrs_(const char* uplo, const int* n, const int* nrhs, const double* a, const int* lda, double* b,
             const int* ldb, int* info);
}

namespace argscope::app {
namespace {

constexpr std::string_view scipy = R"(
import scipy.linalg as la
rows, cols, scalar = map(int, sys.argv[1:])
X = np.random.RandomState(1).randn(rows, cols)
y = np.random.RandomState(2).randn(rows)
G, b, d = np.asfortranarray(X.T @ X), X.T @ y, np.arange(cols)
def answer(scale):
    H = G.copy(order='F')
    H[d, d] += 10 * scale
    c = la.cho_factor(H, lower=True, overwrite_a=True, check_finite=False)
    w = la.cho_solve(c, b, check_finite=False)
    if scalar:
        return la.cho_solve(c, -w, check_finite=False)
    return la.cho_solve(c, np.asfortranarray(np.diag(-w)), overwrite_b=True, check_finite=False).T
)";

void require(int info, const char* routine) {
  if (info != 0) throw std::runtime_error(fmt::format("{} failed (info {})", routine, info));
}

void solve_spd(const Mat& L, MutMat B) {
  const int n = static_cast<int>(L.rows()), count = static_cast<int>(B.cols());
  int info = 0;
  dpotrs_("L", &n, &count, L.data(), &n, B.data(), &n, &info);
  require(info, "potrs");
}

}  // namespace

Mat random_spd(Index n) {
  const Mat R = Mat::Random(n, n);
  Mat A = R * R.transpose();
  A.diagonal().array() += static_cast<double>(n);
  return A;
}

void factorize_spd(Mat& A) {
  const int n = static_cast<int>(A.rows());
  int info = 0;
  dpotrf_("L", &n, A.data(), &n, &info);
  require(info, "potrf");
}

RidgePeer::RidgePeer(const Mat& X, const Vec& y) : G_(X.transpose() * X), b_(X.transpose() * y) {}

void RidgePeer::update(const Vec& theta) {
  H_ = G_;
  H_.diagonal() += theta;
  factorize_spd(H_);
  w_ = b_;
  solve_spd(H_, w_);
  const int n = static_cast<int>(H_.rows());
  int info = 0;
  dpotri_("L", &n, H_.data(), &n, &info);
  require(info, "potri");
  J_ = H_.selfadjointView<Eigen::Lower>();
  for (Index k = 0; k < J_.cols(); ++k) J_.col(k) *= -w_[k];
}

void RidgePeer::update_scalar(double t) {
  H_ = G_;
  H_.diagonal().array() += t;
  factorize_spd(H_);
  w_ = b_;
  solve_spd(H_, w_);
  J_ = -w_;
  solve_spd(H_, J_);
}

Script scipy_ridge() { return {"SciPy", "python3-scipy", scipy, false}; }

}  // namespace argscope::app
