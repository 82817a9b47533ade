#include "core/linear/reduced.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/linear/blocks.h"
#include "core/linear/lapack.h"
#include "core/linear/random.h"
#include "core/parallel.h"

namespace argscope::linear {

namespace {

enum class Lines { Rows, Columns };

struct Split {
  Lines lines = Lines::Rows;
  std::vector<Index> support, others;
  double unit = 1;  ///< c of the others' rows or columns
};

/// Which unknowns are given outright by rows (or columns) of A.
Split split(const LinearOperator& A, Lines lines) {
  const Index n = A.rows();
  const Vec r = fixed_random(n);
  Mat y(n, 1);
  lines == Lines::Rows ? A.apply(r, y) : A.apply_transposed(r, y);
  const Index plus = (y.array() == r.array()).count(), minus = (y.array() == -r.array()).count();
  Split s;
  s.lines = lines;
  s.unit = plus >= minus ? 1 : -1;
  for (Index i = 0; i < n; ++i) (y(i) == s.unit * r(i) ? s.others : s.support).push_back(i);
  return s;
}

/// A_SN or A_NSᵀ, whichever there is.
class Coupling {
 public:
  /// Of rows: A's products. Of columns: `below`, the columns of the support in the others' rows.
  Coupling(OperatorPtr A, const Split& s, Mat below) : A_(std::move(A)), split_(s), below_(std::move(below)) {}

  Mat to_support(const Mat& of_others) const {
    if (split_.lines == Lines::Columns) return from_below(lapack::Op::Transposed, of_others);
    return through(of_others, split_.others, split_.support, Direction::Forward);
  }
  Mat to_others(const Mat& of_support) const {
    if (split_.lines == Lines::Columns) return from_below(lapack::Op::None, of_support);
    return through(of_support, split_.support, split_.others, Direction::Transposed);
  }

 private:
  Mat from_below(lapack::Op op, const Mat& X) const {
    Mat Y(op == lapack::Op::None ? below_.rows() : below_.cols(), X.cols());
    lapack::product(1, lapack::view(below_), op, lapack::view(X), lapack::Op::None, 0, lapack::panel(Y));
    return Y;
  }
  Mat through(const Mat& X, const std::vector<Index>& from, const std::vector<Index>& to, Direction direction) const {
    Mat whole = Mat::Zero(A_->rows(), X.cols()), moved(A_->rows(), X.cols());
    whole(from, Eigen::all) = X;
    direction == Direction::Forward ? A_->apply(whole, moved) : A_->apply_transposed(whole, moved);
    return moved(to, Eigen::all);
  }

  OperatorPtr A_;
  const Split& split_;
  Mat below_;
};

class Reduced final : public Kernel {
 public:
  Reduced(const OperatorPtr& A, Split s, Mat below, std::unique_ptr<const Kernel> inner)
      : A_(A), split_(std::move(s)), coupling_(A, split_, std::move(below)), inner_(std::move(inner)) {}

  Steps solve(MutMat X, Direction direction) const override {
    const auto &support = split_.support, &others = split_.others;
    const bool others_first = (direction == Direction::Forward) == (split_.lines == Lines::Rows);
    Mat given = X(others, Eigen::all) / split_.unit, rest = X(support, Eigen::all);
    if (others_first && !others.empty() && !given.isZero(0)) rest -= coupling_.to_support(given);
    const Steps steps = inner_->solve(rest, direction);
    if (!others_first && !others.empty()) given -= coupling_.to_others(rest) / split_.unit;
    X(others, Eigen::all) = given;
    X(support, Eigen::all) = rest;
    return steps;
  }
  void multiply(ConstMat X, MutMat Y, Direction direction) const override {
    direction == Direction::Forward ? A_->apply(X, Y) : A_->apply_transposed(X, Y);
  }
  Index block() const override { return inner_->block(); }
  double norm() const override { return split_.others.empty() ? inner_->norm() : std::max(1.0, inner_->norm()); }

 private:
  OperatorPtr A_;
  Split split_;
  Coupling coupling_;
  std::unique_ptr<const Kernel> inner_;
};

/// The support's places, group by group.
std::vector<Part> parts_of(const std::vector<Index>& support, std::span<const int> groups) {
  std::map<int, Part> parts;
  for (std::size_t k = 0; k < support.size(); ++k)
    parts[groups.empty() ? 0 : groups[static_cast<std::size_t>(support[k])]].unknowns.push_back(static_cast<Index>(k));
  std::vector<Part> all;
  for (auto& [group, part] : parts) all.push_back(std::move(part));
  return all;
}

Index largest(const std::vector<Part>& parts) {
  std::size_t most = 0;
  for (const Part& p : parts) most = std::max(most, p.unknowns.size());
  return static_cast<Index>(most);
}

/// Fills in the parts' matrices: product k is with the k-th unit vector of every part. Returns the others' rows of the
/// support's columns where there is one part.
Mat form(const LinearOperator& A, const Split& s, std::vector<Part>& parts) {
  constexpr Index width = 8;  // as many as one block of directions
  const bool one = parts.size() == 1 && s.lines == Lines::Columns;
  Mat below(one ? static_cast<Index>(s.others.size()) : 0, static_cast<Index>(s.support.size()));
  for (Part& p : parts) p.A.resize(static_cast<Index>(p.unknowns.size()), static_cast<Index>(p.unknowns.size()));
  const auto place = [&](Index k) { return s.support[static_cast<std::size_t>(k)]; };
  parallel_blocks(largest(parts), width, [&](Index first, Index count) {
    Mat E = Mat::Zero(A.cols(), count), AE(A.rows(), count);
    for (const Part& p : parts)
      for (Index k = first; k < std::min(first + count, p.A.cols()); ++k)
        E(place(p.unknowns[static_cast<std::size_t>(k)]), k - first) = 1;
    A.apply(E, AE);
    for (Part& p : parts)
      for (Index k = first; k < std::min(first + count, p.A.cols()); ++k)
        for (Index i = 0; i < p.A.rows(); ++i)
          p.A(i, k) = AE(place(p.unknowns[static_cast<std::size_t>(i)]), k - first);
    if (one) below.middleCols(first, count) = AE(s.others, Eigen::all);
  });
  return below;
}

}  // namespace

Attempt reduced(const OperatorPtr& A, const Options& options) {
  constexpr double worthwhile = 0.8;  // of the unknowns may be left
  constexpr Index most = 3000;        // in one part
  const auto refuse = [](std::string why) {
    return Attempt{.kernel = nullptr, .method = Method::Lu, .null = {}, .negative = -1, .why = std::move(why)};
  };
  const bool symmetric = A->structure().symmetric;
  const auto groups = A->groups();
  const auto few = [&](const Split& s) {
    return static_cast<double>(s.support.size()) <= worthwhile * static_cast<double>(A->rows());
  };
  Split s = split(*A, Lines::Rows);
  if (groups.empty() && !few(s)) s = split(*A, Lines::Columns);
  if (s.support.empty() || (groups.empty() && !few(s))) return refuse("few unknowns are given outright");
  std::vector<Part> parts = parts_of(s.support, groups);
  if (!groups.empty() && !few(s) && parts.size() == 1) return refuse("there is one group");
  if (largest(parts) > most) return refuse("too many unknowns are left");
  Mat below = form(*A, s, parts);
  for (const Part& p : parts)
    if (!p.A.allFinite()) return refuse("the matrix has entries that are not finite");
  Attempt inner = blocks(std::move(parts), symmetric, options);
  if (!inner.kernel) return inner;
  if (symmetric && s.unit < 0 && inner.negative >= 0) inner.negative += static_cast<Index>(s.others.size());
  inner.kernel = std::make_unique<Reduced>(A, std::move(s), std::move(below), std::move(inner.kernel));
  return inner;
}

}  // namespace argscope::linear
