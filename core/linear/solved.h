#pragma once
/// What every method has in common: the null space is kept out of B and of X, columns are cut into fixed blocks and
/// solved in parallel, the residual is measured, and a solve that is worse than rounding explains is refined.

#include <mutex>

#include "core/linear/kernel.h"

namespace argscope::linear {

class Solved final : public Factorization {
 public:
  Solved(Attempt, Index n, const Options&);
  SolveReport solve(ConstMat B, MutMat X) const override { return run(B, X, Direction::Forward); }
  SolveReport solve_transposed(ConstMat B, MutMat X) const override { return run(B, X, Direction::Transposed); }
  void precondition(MutMat X) const override;
  const Quality& quality() const override { return quality_; }
  double condition_number() const override;

 private:
  struct Block;
  SolveReport run(ConstMat B, MutMat X, Direction) const;
  Block first_pass(ConstMat B, MutMat X, Direction, Index column) const;
  void second_pass(ConstMat B, MutMat X, Direction, Block&) const;
  bool worth_a_step(const Steps&) const;
  void refine(const Mat& right, MutMat X, Mat& R, Vec& residual, Direction, Block&) const;
  SolveReport merge(const std::vector<Block>&) const;
  bool solve_diagonal(ConstMat B, MutMat X, Direction, std::vector<Block>&) const;
  bool good_enough(std::vector<Block>&, Direction, SolveReport&) const;
  Vec remove_from_right_side(MutMat, Direction) const;
  void remove_from_solution(MutMat, Direction) const;
  double compute_condition() const;

  std::unique_ptr<const Kernel> kernel_;
  NullSpace null_;
  Options options_;
  Quality quality_;
  double norm_ = 0;
  mutable std::once_flag once_;
  mutable double condition_ = 0;
};

}  // namespace argscope::linear
