#include "core/linear/solved.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "core/linear/condition.h"
#include "core/parallel.h"

namespace argscope::linear {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(), epsilon = std::numeric_limits<double>::epsilon();
constexpr double worth_refining = 1e-13;  ///< ‖AX − B‖ / ‖B‖ below this is rounding
constexpr double stable =
    16 * epsilon;  ///< and below this times ‖A‖‖X‖ / ‖B‖ it is the matrix's condition, not the method
constexpr double slack = 2;  ///< what an iterative method's residual, computed anew, may exceed its tolerance by
constexpr double direct_failure = 1e-6;  ///< a direct method that leaves more than this has not solved the system

/// ±1, the same for a column wherever and whenever it is solved.
double sign_of(Index column) {
  return (static_cast<std::uint64_t>(column + 1) * 0x9E3779B97F4A7C15u) >> 63 ? -1.0 : 1.0;
}

bool is_diagonal(ConstMat B) {
  if (B.rows() != B.cols() || B.rows() == 1) return false;
  for (Index c = 0; c < B.cols(); ++c) {
    if ((B.col(c).head(c).array() != 0).any() || (B.col(c).tail(B.rows() - c - 1).array() != 0).any()) return false;
  }
  return true;
}

Vec column_norms(ConstMat B) { return B.colwise().norm().transpose(); }

double ratio(double part, double whole) {
  const double value = part == 0 ? 0 : part / whole;
  return std::isnan(value) ? infinity : value;
}

double worst_ratio(const Vec& part, const Vec& whole) {
  double worst = 0;
  for (Index c = 0; c < part.size(); ++c) worst = std::max(worst, ratio(part(c), whole(c)));
  return worst;
}

}  // namespace

/// One block's share of the report. The sketch is the sum of its columns, each with a fixed sign and divided by ‖b‖:
/// one product with A then tells of all columns' residuals at once.
struct Solved::Block {
  double inconsistency = 0, residual = 0;
  Steps steps;
  Vec b, x;

  Block() = default;
  explicit Block(Index n) : b(Vec::Zero(n)), x(Vec::Zero(n)) {}
};

Solved::Solved(Attempt attempt, Index n, const Options& options)
    : kernel_(std::move(attempt.kernel)), null_(std::move(attempt.null)), options_(options) {
  quality_.method = attempt.method;
  quality_.usable = kernel_ != nullptr;
  quality_.why = std::move(attempt.why);
  if (!quality_.usable) return;
  quality_.null_modes = null_.modes();
  quality_.rank = n - quality_.null_modes;
  quality_.null_space = null_.right;
  quality_.null_coordinates = null_.right_coordinates;
  quality_.negative = attempt.negative;
  quality_.effort = kernel_->effort();
  norm_ = kernel_->iterative() ? 0 : kernel_->norm();
}

Vec Solved::remove_from_right_side(MutMat B, Direction direction) const {
  return direction == Direction::Forward ? null_.remove_left(B) : null_.remove_right(B);
}

void Solved::remove_from_solution(MutMat X, Direction direction) const {
  direction == Direction::Forward ? null_.remove_right(X) : null_.remove_left(X);
}

/// Column by column, so that each is read and written while it is near.
Solved::Block Solved::first_pass(ConstMat B, MutMat X, Direction direction, Index column) const {
  Block block(B.rows());
  Vec weights(B.cols());
  for (Index c = 0; c < B.cols(); ++c) {
    const double norm = B.col(c).norm();
    X.col(c) = B.col(c);
    weights(c) = norm > 0 ? sign_of(column + c) / norm : 0;
    block.b += weights(c) * B.col(c);
    block.inconsistency = std::max(block.inconsistency, ratio(remove_from_right_side(X.col(c), direction)(0), norm));
  }
  block.steps = kernel_->solve(X, direction);
  block.inconsistency = std::max(block.inconsistency, block.steps.inconsistency);
  for (Index c = 0; c < B.cols(); ++c) {
    remove_from_solution(X.col(c), direction);
    block.x += weights(c) * X.col(c);
  }
  return block;
}

/// With a diagonal right-hand side, as many Jacobians have, the solution is the inverse with its columns scaled.
bool Solved::solve_diagonal(ConstMat B, MutMat X, Direction direction, std::vector<Block>& blocks) const {
  if (null_.modes() > 0 || direction != Direction::Forward || !is_diagonal(B) || !kernel_->inverse(X)) return false;
  const Index width = kernel_->block();
  parallel_blocks(B.cols(), width, [&](Index first, Index count) {
    const auto d = B.diagonal().segment(first, count);
    Block& block = blocks[first / width] = Block(B.rows());
    for (Index c = 0; c < count; ++c) {
      const double sign = d(c) == 0 ? 0 : sign_of(first + c) * (d(c) / d(c));  // not-a-number where d is not finite
      block.b(first + c) = sign;
      block.x += sign * X.col(first + c);
      X.col(first + c) *= d(c);
    }
  });
  return true;
}

/// Residuals column by column, and steps of refinement for the columns that gain by them.
void Solved::second_pass(ConstMat B, MutMat X, Direction direction, Block& block) const {
  Mat right = B, R(B.rows(), B.cols());
  remove_from_right_side(right, direction);
  const Vec norms = column_norms(B);
  kernel_->multiply(X, R, direction);
  R = right - R;
  Vec residual = column_norms(R);
  const double goal = kernel_->iterative() ? slack * options_.tolerance : worth_refining;
  const auto poor = [&] { return worst_ratio(residual, norms) > goal && R.allFinite() && worth_a_step(block.steps); };
  for (int step = 0; step < options_.refinements && poor(); ++step) {
    const Vec before = residual;
    refine(right, X, R, residual, direction, block);
    if (!(residual.array() < 0.5 * before.array()).any()) break;
  }
  block.residual = worst_ratio(residual, norms);
}

/// A method that gave up would give up again.
bool Solved::worth_a_step(const Steps& steps) const {
  return !kernel_->iterative() || steps.ending == Ending::Solved || steps.ending == Ending::Stagnated;
}

/// X + A⁻¹ R for the columns whose residual, R, becomes smaller by it.
void Solved::refine(const Mat& right, MutMat X, Mat& R, Vec& residual, Direction direction, Block& block) const {
  Mat refined = R;
  const Steps more = kernel_->solve(refined, direction);
  remove_from_solution(refined, direction);
  block.steps.iterations += more.iterations;
  refined += X;
  Mat after(R.rows(), R.cols());
  kernel_->multiply(refined, after, direction);
  after = right - after;
  for (Index c = 0; c < X.cols(); ++c) {
    const double norm = after.col(c).norm();
    if (!(norm < residual(c))) continue;
    X.col(c) = refined.col(c);
    R.col(c) = after.col(c);
    residual(c) = norm;
  }
}

SolveReport Solved::merge(const std::vector<Block>& blocks) const {
  SolveReport report;
  for (const Block& block : blocks) {
    report.inconsistency = std::max(report.inconsistency, block.inconsistency);
    report.residual = std::max(report.residual, block.residual);
    report.iterations = std::max(report.iterations, block.steps.iterations);
    report.ending = std::max(report.ending, block.steps.ending);
  }
  report.consistent = report.inconsistency <= options_.consistency;
  return report;
}

/// Whether the sketch of all columns says that rounding explains the residual.
bool Solved::good_enough(std::vector<Block>& blocks, Direction direction, SolveReport& report) const {
  Vec b = std::move(blocks[0].b), x = std::move(blocks[0].x), r(b.size());
  for (std::size_t k = 1; k < blocks.size(); ++k) b += blocks[k].b, x += blocks[k].x;
  remove_from_right_side(b, direction);
  kernel_->multiply(x, r, direction);
  report.residual = (b - r).norm();
  return report.residual <= std::max(worth_refining, stable * norm_ * x.norm());
}

SolveReport Solved::run(ConstMat B, MutMat X, Direction direction) const {
  if (!quality_.usable) {
    X.setConstant(std::numeric_limits<double>::quiet_NaN());
    return {.residual = infinity,
            .inconsistency = 0,
            .converged = false,
            .consistent = false,
            .iterations = 0,
            .ending = Ending::BrokeDown};
  }
  if (B.size() == 0) return {};
  if (B.data() == X.data()) return run(Mat(B), X, direction);
  const Index width = kernel_->block();
  std::vector<Block> blocks((B.cols() + width - 1) / width);
  const auto every_block = [&](const auto& body) {
    if (blocks.size() == 1) return body(Index{0}, B.cols());
    parallel_blocks(B.cols(), width, body);
  };
  if (!solve_diagonal(B, X, direction, blocks)) {
    every_block([&](Index first, Index count) {
      blocks[first / width] = first_pass(B.middleCols(first, count), X.middleCols(first, count), direction, first);
    });
  }
  SolveReport report = merge(blocks);
  const bool exact = kernel_->iterative() || !good_enough(blocks, direction, report);
  if (exact) {
    every_block([&](Index first, Index count) {
      second_pass(B.middleCols(first, count), X.middleCols(first, count), direction, blocks[first / width]);
    });
    report = merge(blocks);
  }
  const double failure = kernel_->iterative() ? slack * options_.tolerance : direct_failure;
  report.converged = report.residual <= failure && (report.ending == Ending::Solved || kernel_->iterative());
  if (report.converged) report.ending = Ending::Solved;
  if (!report.converged && report.ending == Ending::Solved) report.ending = Ending::Stagnated;
  return report;
}

void Solved::precondition(MutMat X) const {
  if (!quality_.usable) {
    X.setConstant(std::numeric_limits<double>::quiet_NaN());
    return;
  }
  remove_from_right_side(X, Direction::Forward);
  kernel_->solve(X, Direction::Forward);
  remove_from_solution(X, Direction::Forward);
}

double Solved::condition_number() const {
  std::call_once(once_, [this] { condition_ = quality_.usable ? compute_condition() : infinity; });
  return condition_;
}

double Solved::compute_condition() const {
  if (const auto known = kernel_->condition()) return *known;
  const Index n = quality_.rank + quality_.null_modes;
  if (n == 0) return 1;
  bool solved = true;
  Vec u(n);
  const double greatest = root_of_greatest(n, [&](Vec& v) {
    remove_from_solution(v, Direction::Forward);
    kernel_->multiply(v, u, Direction::Forward);
    remove_from_right_side(u, Direction::Forward);
    kernel_->multiply(u, v, Direction::Transposed);
    remove_from_solution(v, Direction::Forward);
  });
  const double inverse_of_least = root_of_greatest(n, [&](Vec& v) {
    remove_from_right_side(v, Direction::Transposed);
    solved = kernel_->solve_roughly(v, Direction::Transposed).ending == Ending::Solved && solved;
    remove_from_solution(v, Direction::Transposed);
    solved = kernel_->solve_roughly(v, Direction::Forward).ending == Ending::Solved && solved;
    remove_from_solution(v, Direction::Forward);
  });
  return solved ? greatest * inverse_of_least : infinity;
}

}  // namespace argscope::linear
