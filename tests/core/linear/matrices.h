#pragma once
/// Random matrices with known properties, and direct answers to compare with.

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "core/linear/factorize.h"

namespace argscope::linear::testing {

using Generator = std::mt19937_64;

inline Mat random_matrix(Index rows, Index cols, Generator& generator) {
  std::normal_distribution<double> normal;
  return Mat::NullaryExpr(rows, cols, [&](Index, Index) { return normal(generator); });
}

inline Mat random_orthogonal(Index n, Generator& generator) {
  return Eigen::HouseholderQR<Mat>(random_matrix(n, n, generator)).householderQ() * Mat::Identity(n, n);
}

/// Symmetric with the given eigenvalues.
inline Mat with_eigenvalues(const Vec& values, Generator& generator) {
  const Mat Q = random_orthogonal(values.size(), generator);
  const Mat A = Q * values.asDiagonal() * Q.transpose();
  return 0.5 * (A + A.transpose());
}

inline Mat with_singular_values(const Vec& values, Generator& generator) {
  return random_orthogonal(values.size(), generator) * values.asDiagonal() *
         random_orthogonal(values.size(), generator);
}

inline Mat positive_definite(Index n, double condition, Generator& generator) {
  return with_eigenvalues(Vec::LinSpaced(n, 0, 1).unaryExpr([&](double t) { return std::pow(condition, -t); }),
                          generator);
}

inline Mat pseudo_inverse(const Mat& A, double tolerance) {
  const Eigen::JacobiSVD<Mat> svd(A, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Vec s = svd.singularValues();
  const Vec inverse = s.unaryExpr([&](double x) { return x > tolerance * s(0) ? 1 / x : 0.0; });
  return svd.matrixV() * inverse.asDiagonal() * svd.matrixU().transpose();
}

/// The nonzero entries of A, or of its lower triangle; every diagonal entry is kept.
inline PatternedMatrix patterned(const Mat& A, bool lower) {
  auto pattern = std::make_shared<SparsePattern>();
  PatternedMatrix out;
  pattern->rows = static_cast<int>(A.rows());
  pattern->cols = static_cast<int>(A.cols());
  pattern->column_start.push_back(0);
  for (Index j = 0; j < A.cols(); ++j) {
    for (Index i = lower ? j : 0; i < A.rows(); ++i) {
      if (A(i, j) == 0 && i != j) continue;
      pattern->row.push_back(static_cast<int>(i));
      out.values.push_back(A(i, j));
    }
    pattern->column_start.push_back(static_cast<int>(pattern->row.size()));
  }
  out.pattern = std::move(pattern);
  return out;
}

/// Discs near a triangular lattice in a periodic square box, a spring between neighbours: the Hessian of a packing,
/// with the two translations as null vectors, and two more for each disc without springs.
struct Network {
  int side = 0;
  std::vector<std::pair<int, int>> springs;
  std::vector<double> angle;

  Network(int side_, double kept, Generator& generator) : side(side_) {
    std::uniform_real_distribution<double> uniform(0, 1);
    const auto disc = [&](int x, int y) { return ((y + side) % side) * side + (x + side) % side; };
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const std::pair<int, double> neighbours[] = {
            {disc(x + 1, y), 0.0}, {disc(x, y + 1), 1.0}, {disc(x + 1, y - 1), 2.0}};
        for (const auto& [other, third] : neighbours) {
          if (uniform(generator) > kept) continue;
          springs.emplace_back(disc(x, y), other);
          angle.push_back(third * 1.0471975511965976 + 0.3 * (uniform(generator) - 0.5));
        }
      }
    }
  }
  int unknowns() const { return 2 * side * side; }

  /// The Hessian's lower triangle; a disc in `loose` loses its springs. `stress` < 0 pulls the springs' tangents down.
  PatternedMatrix hessian(double stress, const std::vector<int>& loose) const {
    std::vector<std::vector<std::pair<int, double>>> columns(unknowns());
    const auto add = [&](int i, int j, double value) {
      if (i < j) return;
      auto& column = columns[j];
      const auto at = std::find_if(column.begin(), column.end(), [&](const auto& entry) { return entry.first == i; });
      at == column.end() ? void(column.emplace_back(i, value)) : void(at->second += value);
    };
    for (int i = 0; i < unknowns(); ++i) add(i, i, 0);
    for (std::size_t s = 0; s < springs.size(); ++s) {
      const auto [p, q] = springs[s];
      const bool cut = std::count(loose.begin(), loose.end(), p) + std::count(loose.begin(), loose.end(), q) > 0;
      const double n[2] = {std::cos(angle[s]), std::sin(angle[s])}, t[2] = {-n[1], n[0]};
      for (int a = 0; a < 2; ++a) {
        for (int b = 0; b < 2; ++b) {
          const double k = cut ? 0 : n[a] * n[b] + stress * t[a] * t[b];
          add(2 * p + a, 2 * p + b, k);
          add(2 * q + a, 2 * q + b, k);
          add(2 * p + a, 2 * q + b, -k);
          add(2 * q + a, 2 * p + b, -k);
        }
      }
    }
    return pack(columns);
  }

  Mat translations() const {
    Mat Z = Mat::Zero(unknowns(), 2);
    for (int i = 0; i < unknowns(); ++i) Z(i, i % 2) = 1;
    return Z;
  }

 private:
  PatternedMatrix pack(std::vector<std::vector<std::pair<int, double>>>& columns) const {
    auto pattern = std::make_shared<SparsePattern>();
    PatternedMatrix out;
    pattern->rows = pattern->cols = unknowns();
    pattern->column_start.push_back(0);
    for (auto& column : columns) {
      std::sort(column.begin(), column.end());
      for (const auto& [row, value] : column) {
        pattern->row.push_back(row);
        out.values.push_back(value);
      }
      pattern->column_start.push_back(static_cast<int>(pattern->row.size()));
    }
    out.pattern = std::move(pattern);
    return out;
  }
};

inline std::shared_ptr<const Factorization> factorized(OperatorPtr A, Method method) {
  Options options;
  options.method = method;
  const Index n = A->rows();
  return Factorizer().factorize(std::move(A), options, Mat(n, 0));
}

inline Mat solved(const Factorization& factorization, const Mat& B) {
  Mat X(B.rows(), B.cols());
  factorization.solve(B, X);
  return X;
}

/// Knows nothing but products.
class ProductsOnly final : public LinearOperator {
 public:
  ProductsOnly(Mat A, bool symmetric) : A_(std::move(A)), symmetric_(symmetric) {}
  Index rows() const override { return A_.rows(); }
  Index cols() const override { return A_.cols(); }
  void apply(ConstMat X, MutMat Y) const override { Y = A_ * X; }
  void apply_transposed(ConstMat X, MutMat Y) const override { Y = A_.transpose() * X; }
  Structure structure() const override { return {.symmetric = symmetric_}; }

 private:
  Mat A_;
  bool symmetric_;
};

/// Eigenvalues or singular values in [1, 10] but for `modes` zeros.
inline Vec values_with_zeros(Index n, Index modes) {
  Vec values = Vec::LinSpaced(n, 1, 10);
  values.head(modes).setZero();
  return values;
}

struct Outcome {
  Mat X;
  SolveReport report;
};

inline Outcome solve(const Factorization& factorization, const Mat& B) {
  Outcome out{Mat(B.rows(), B.cols()), {}};
  out.report = factorization.solve(B, out.X);
  return out;
}

}  // namespace argscope::linear::testing
