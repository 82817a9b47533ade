#pragma once
/// The Hessian of an objective from its affine frontier: H = Σ S_kᵀ D_kl S_l. One program computes every D at once, a
/// seed a column of a row; then H is added up in a kept pattern (sparse) or by matrix products (dense). What cannot
/// change with (x, θ), such as XᵀX of a least-squares problem, is computed once.

#include "core/optimality/affine.h"
#include "core/optimality/bottleneck.h"
#include "core/optimality/function.h"

namespace argscope::optimality {

class StructuredHessian {
 public:
  /// Null when the objective has no such structure. Grows the problem's graph.
  static std::shared_ptr<const StructuredHessian> find(const ProblemPtr&);

  bool sparse() const { return sparse_; }
  bool depends_on_x() const { return depends_on_x_; }
  linear::PatternedMatrix lower(ConstVec x, ConstVec theta) const;  ///< when sparse()
  Mat dense(ConstVec x, ConstVec theta) const;                      ///< when not
  /// When not sparse(), and all that can change is one number that the whole diagonal has: what cannot, and that
  /// number.
  std::optional<linear::ShiftedMatrix> fixed_and_shift(ConstVec x, ConstVec theta) const;

 private:
  /// One output of the program: rows × width of D_kl's column `seed`, shaped as frontier node k.
  struct Block {
    std::size_t k, l;
    Index seed, rows, width_k, width_l, offset;
    expr::Id node;
    bool fixed;
  };
  /// How the values become the numbers of H: entry e is Σ coefficient · value over [start[e], start[e + 1]).
  struct Sums {
    std::shared_ptr<const linear::SparsePattern> pattern;
    std::vector<int> start, value;
    std::vector<double> coefficient;
  };

  /// SᵀDS = factor · value · I
  struct Shift {
    Index value;
    double factor;
  };

  explicit StructuredHessian(ProblemPtr p) : problem_(std::move(p)) {}
  bool build_blocks();
  void choose_form();
  void find_dependence();
  bool diagonal(const Block&) const;
  void find_shifts();
  Sums sums() const;
  Mat contribution(const Block&, const double* values) const;
  std::vector<double> values(ConstVec x, ConstVec theta) const;
  const std::shared_ptr<const Mat>& fixed_part(const std::vector<double>& values) const;

  ProblemPtr problem_;
  std::vector<AffineNode> frontier_;
  std::vector<Block> blocks_;
  Index value_count_ = 0;
  bool sparse_ = true;
  bool depends_on_x_ = true;
  std::unique_ptr<const PointProgram> program_;
  std::vector<Mat> dense_S_;  ///< of frontier nodes whose S is full; else empty
  Lazy<Sums> sums_;
  std::vector<char> diagonal_;  ///< of frontier nodes whose S has one entry a row: SᵀDS is diagonal with D
  std::vector<Shift> shifts_;   ///< of the blocks that can change; empty: none can, or not as a multiple of I
  Lazy<std::shared_ptr<const Mat>> fixed_part_;  ///< dense form: what nothing changes
};

/// What is known of the Hessian of a problem, wherever it is taken.
class HessianStructure {
 public:
  explicit HessianStructure(ProblemPtr p) : problem_(std::move(p)) {}
  const std::shared_ptr<const StructuredHessian>& sums() const;  ///< null: it is known by its products only
  const std::shared_ptr<const Bottleneck>& bottleneck() const;   ///< null: there is none

 private:
  ProblemPtr problem_;
  Lazy<std::shared_ptr<const StructuredHessian>> sums_;
  Lazy<std::shared_ptr<const Bottleneck>> bottleneck_;
};

/// ∂₁F of a minimization at one point.
class HessianOperator final : public PointOperator {
 public:
  HessianOperator(ProblemPtr, std::shared_ptr<const Differential>, std::shared_ptr<const HessianStructure>, ConstVec x,
                  ConstVec theta);
  linear::Structure structure() const override;
  std::shared_ptr<const linear::PatternedMatrix> sparse() const override;
  Mat dense() const override;
  std::optional<linear::DiagonalAndProduct> diagonal_and_product() const override;
  std::optional<linear::ShiftedMatrix> fixed_and_shift() const override;

 private:
  std::shared_ptr<const HessianStructure> known_;
  std::shared_ptr<const StructuredHessian> hessian_;  ///< null: products only
  Vec x_, theta_;
  Lazy<std::shared_ptr<const linear::PatternedMatrix>> sparse_;
};

}  // namespace argscope::optimality
