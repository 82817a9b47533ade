#include "app/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "core/parallel.h"

namespace argscope::app {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// The implicit derivative at the answer, and what the checks need to know of it.
struct Subject {
  const Answer& answer;
  sensitivity::Sensitivity J;
  Mat null_space;
  double condition = 1;

  explicit Subject(const Answer& a) : answer(a), J(make(a)), null_space(null_space_of(a)) {
    condition = a.derivative->trust().condition_number.value_or(1);
  }
  const Vec& theta() const { return answer.job.theta; }
  Index size() const { return answer.job.model->size(); }
  const sensitivity::Trust& trust() const { return J.trust(); }

 private:
  static sensitivity::Sensitivity make(const Answer& a) {
    linear::Factorizer factorizer;
    sensitivity::Options options = sensitivity_options(a.job);
    options.method = "implicit";
    return {a.found.solution, a.job.theta, options, factorizer};
  }
  static Mat null_space_of(const Answer& a) {
    const solve::Solution& s = a.found.solution;
    if (s.factorization) return s.factorization->quality().null_space;
    linear::Factorizer factorizer;
    const auto at = s.model->optimality().linearize(s.x, a.job.theta);
    return factorizer.factorize(at.dx, sensitivity_options(a.job).linear, s.model->symmetries())->quality().null_space;
  }
};

std::string how_many(std::size_t some, Index all) {
  if (static_cast<Index>(some) == all) return fmt::format("all {} columns", all);
  return fmt::format("{} of {} columns", some, all);
}

Mat random_matrix(Index rows, Index cols, unsigned seed) {
  std::mt19937 bits(seed);
  std::normal_distribution<double> normal;
  Mat M(rows, cols);
  for (double& m : M.reshaped()) m = normal(bits);
  return M;
}

Mat columns(const Subject& s, const std::vector<Index>& chosen) {
  Mat J(s.size(), static_cast<Index>(chosen.size()));
  for (Index k = 0; k < J.cols(); ++k) J.col(k) = s.J.columns(chosen[static_cast<std::size_t>(k)], 1, {});
  return J;
}

Mat differences(const Subject& s, const std::vector<Index>& chosen) {
  const Job& job = s.answer.job;
  const solve::Solution& solution = s.answer.found.solution;
  const solve::Request at{solution.model, job.scene->statement, job.theta, solution.x};
  Mat D(s.size(), static_cast<Index>(chosen.size()));
  for (Index k = 0; k < D.cols(); ++k)
    D.col(k) = sensitivity::central_differences(at, solve_options(*job.scene), chosen[static_cast<std::size_t>(k)], 1,
                                                s.null_space, {});
  return D;
}

/// An entry of J that is small, yet not rounding: x moves by a thousandth of itself, or of the scene's start, while θ
/// moves by all of itself.
double small_slope(const Subject& s) {
  const auto size = [](const Vec& v) { return v.size() > 0 ? v.cwiseAbs().maxCoeff() : 0.0; };
  const auto or_one = [](double most) { return most > 1e-12 ? most : 1.0; };
  const Vec start = s.answer.job.model->start(s.theta());
  return 1e-3 * or_one(std::max(size(s.answer.found.solution.x), size(start))) / or_one(size(s.theta()));
}

/// Motion along null directions is not determined, and the differences have none of it.
Mat without(const Mat& null_space, Mat J) {
  if (null_space.cols() > 0) J -= null_space * (null_space.transpose() * J);
  return J;
}

/// Differences of solves: rounding of x* (ε·cond) over a step of about 1e-5, beside the 1e-6 that a right derivative
/// reaches where the truncation error is small.
CheckRow against_differences(const Subject& s) {
  const std::vector<Index> chosen = spread(s.theta().size(), 24);
  const Mat J = without(s.null_space, columns(s, chosen)), D = differences(s, chosen);
  CheckRow row{"dx*/dtheta against central differences", how_many(chosen.size(), s.theta().size()), 0, 0, ""};
  const double scale = std::max(D.colwise().norm().maxCoeff(), small_slope(s));
  row.achieved = D.allFinite() ? (J - D).colwise().norm().maxCoeff() / scale : std::nan("");
  row.allowed = 1e-6 * std::max(1.0, s.condition * 1e-4);
  if (std::isnan(row.achieved))
    row.note = "a displaced solve did not converge";
  else if (std::isfinite(s.trust().kink.value))
    row.note = fmt::format("kink margin {:.2g}", s.trust().kink.value);
  return row;
}

/// vᵀ(J u) against uᵀ(Jᵀ v): two different solves whose results agree to ε·cond.
CheckRow forward_against_adjoint(const Subject& s) {
  const Mat U = random_matrix(s.theta().size(), 3, 1), V = random_matrix(s.size(), 3, 2);
  const Mat JU = s.J.push(U), JtV = s.J.pull(V);
  const double scale = std::max({JU.norm() * V.norm(), U.norm() * JtV.norm(), small_slope(s) * U.norm() * V.norm()});
  CheckRow row{"forward against adjoint", "3 x 3 random directions", 0, 0, ""};
  row.achieved = (V.transpose() * JU - JtV.transpose() * U).cwiseAbs().maxCoeff() / scale;
  row.allowed = std::max(1e-12, 64 * epsilon * s.condition);
  return row;
}

CheckRow one_thread_against_two(const Subject& s) {
  const Index count = std::min<Index>(s.theta().size(), 64);
  const auto work = [&](int threads) {
    return with_threads(threads, [&] { return Subject(s.answer).J.columns(0, count, {}); });
  };
  const Mat one = work(1), two = work(2);
  const bool same = std::memcmp(one.data(), two.data(), sizeof(double) * static_cast<std::size_t>(one.size())) == 0;
  CheckRow row{"one thread against two", how_many(static_cast<std::size_t>(count), s.theta().size()), 0, 0, ""};
  row.achieved = same ? 0 : std::max((one - two).cwiseAbs().maxCoeff(), std::numeric_limits<double>::min());
  row.note = same ? "the same bits" : "the bits differ";
  return row;
}

/// What the derivative's own refusal is held to (linear::Options::consistency).
CheckRow null_modes(const Subject& s) {
  const double allowed = sensitivity_options(s.answer.job).linear.consistency;
  return {"null modes leave B alone", fmt::format("{} null modes", s.trust().null_modes), s.trust().inconsistency,
          allowed, ""};
}

/// The backward error of a stable solve is some ε; the residual of one may exceed it by the condition number at most.
CheckRow linear_residual(const Subject& s) {
  const double allowed = std::max(1e-10, 64 * epsilon * s.condition);
  return {"linear solve ||AJ - B||/||B||", s.trust().linear_solver, s.trust().linear_residual, allowed, ""};
}

/// vᵀ(∂₁h J + ∂₂h) for a random v, two ways: by one adjoint solve and by the columns of J.
CheckRow output_gradient(const Subject& s, const std::string& name) {
  const optimality::Function& h = s.answer.function(name);
  const optimality::Linearization at = h.linearize(s.answer.found.solution.x, s.theta());
  const Index rows = h.shape().size();
  const Mat v = random_matrix(rows, 1, 3);
  Mat along_x(s.size(), 1), adjoint(s.theta().size(), 1);
  at.dx->apply_transposed(v, along_x);
  at.dtheta->apply_transposed(v, adjoint);
  adjoint += s.J.pull(along_x);
  const std::vector<Index> chosen = spread(s.theta().size(), 24);
  double difference = 0, scale = 0;
  for (const Index k : chosen) {
    Mat through_x(rows, 1), direct(rows, 1);
    const Mat column = s.J.columns(k, 1, {});
    at.dx->apply(column, through_x);
    at.dtheta->apply(Vec::Unit(s.theta().size(), k), direct);
    difference = std::max(difference, std::abs(v.col(0).dot(through_x.col(0) + direct.col(0)) - adjoint(k, 0)));
    // Terms, not sums: a derivative that is zero because its terms cancel is zero up to their rounding.
    scale = std::max(scale, along_x.norm() * column.norm() + v.norm() * direct.norm());
  }
  CheckRow row{fmt::format("d {} by adjoint against columns", name), how_many(chosen.size(), s.theta().size()), 0, 0,
               ""};
  row.achieved = scale > 0 ? difference / scale : difference;
  row.allowed = std::max(1e-10, 256 * epsilon * s.condition);
  return row;
}

}  // namespace

std::vector<Index> spread(Index count, Index most) {
  std::vector<Index> chosen;
  const Index some = std::min(count, most);
  for (Index k = 0; k < some; ++k) chosen.push_back(some == 1 ? 0 : k * (count - 1) / (some - 1));
  return chosen;
}

std::vector<CheckRow> check_all(const Answer& answer) {
  const Subject s(answer);
  std::vector<CheckRow> rows{against_differences(s), forward_against_adjoint(s), one_thread_against_two(s),
                             null_modes(s), linear_residual(s)};
  for (const auto& output : answer.job.scene->statement->outputs) rows.push_back(output_gradient(s, output.name));
  return rows;
}

}  // namespace argscope::app
