#include "core/linear/scaling.h"

#include <cmath>

namespace argscope::linear {

namespace {

constexpr int passes = 3;  // each takes the square root of what is left of the spread

double power_of_two_near(double x) { return x > 0 && std::isfinite(x) ? std::exp2(std::round(std::log2(x))) : 1.0; }

Vec inverse_roots(const Vec& largest) {
  return largest.unaryExpr([](double x) { return 1 / power_of_two_near(std::sqrt(x)); });
}

}  // namespace

Vec symmetric_scaling(const Mat& A) {
  Vec s = Vec::Ones(A.rows());
  for (int pass = 0; pass < passes; ++pass) {
    Vec largest(A.cols());
    for (Index j = 0; j < A.cols(); ++j) largest(j) = s(j) * A.col(j).cwiseAbs().cwiseProduct(s).maxCoeff();
    s.array() *= inverse_roots(largest).array();
  }
  return s;
}

std::pair<Vec, Vec> general_scaling(const Mat& A) {
  Vec r = Vec::Ones(A.rows()), c = Vec::Ones(A.cols());
  for (int pass = 0; pass < passes; ++pass) {
    Vec row = Vec::Zero(A.rows()), column(A.cols());
    for (Index j = 0; j < A.cols(); ++j) {
      const Vec scaled = c(j) * A.col(j).cwiseAbs().cwiseProduct(r);
      column(j) = scaled.maxCoeff();
      row = row.cwiseMax(scaled);
    }
    r.array() *= inverse_roots(row).array();
    c.array() *= inverse_roots(column).array();
  }
  return {r, c};
}

}  // namespace argscope::linear
