#include "app/comparison.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>

#include "app/method.h"
#include "core/sensitivity/bound.h"
#include "core/sensitivity/scene_options.h"

namespace argscope::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Index most_columns = 64;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Conditions that are iterations and that a minimum may satisfy beside its own.
constexpr const char* iterations[] = {"proximal_gradient", "projected_gradient"};

/// The state's solution seen as one of another condition, which the estimator can follow; none: there is no such.
std::optional<solve::Solution> seen_otherwise(const live::Snapshot& state, std::string_view estimator) {
  for (const char* condition : iterations) {
    if (!unfit(*state.scene, condition).empty()) continue;
    try {
      auto statement = std::make_shared<optimality::Statement>(*state.scene->statement);
      statement->condition = condition;
      const Vec x = state.solution.x.head(state.model->primal_size());
      solve::Solution seen;
      seen.model = optimality::build_model(statement, x, state.theta);
      if (!sensitivity::unsuitable(estimator, *seen.model).empty()) continue;
      seen.status = solve::Status::Converged;
      seen.x = seen.model->completed(x, state.theta);
      seen.relative_residual = state.solution.relative_residual;
      return seen;
    } catch (const std::exception&) {  // the condition cannot take the problem's clauses: the next may
    }
  }
  return std::nullopt;
}

sensitivity::Options options_for(const Contest& contest, const sensitivity::EstimatorEntry& entry) {
  sensitivity::Options options = sensitivity::options_of(*contest.state->scene);
  options.method = entry.name;
  if (entry.iterates) options.solve.iterations = contest.steps;
  options.force = true;  // the error is told, and why the number is not to be trusted beside it
  return options;
}

struct Found {
  Mat J;
  Comparison row;
};

Found find(const Contest& contest, const sensitivity::EstimatorEntry& entry, std::stop_token stop) {
  Found found;
  found.row.estimator = entry.name;
  found.row.error = nan;
  const live::Snapshot& state = *contest.state;
  solve::Solution solution = state.solution;
  found.row.trouble = sensitivity::unsuitable(entry.name, *state.model);
  if (!found.row.trouble.empty()) {
    const auto other = seen_otherwise(state, entry.name);
    if (!other) return found;
    solution = *other;
    found.row.condition = solution.model->condition();
  }
  const auto begin = Clock::now();
  linear::Factorizer factorizer;
  const sensitivity::Sensitivity s(solution, state.theta, options_for(contest, entry), factorizer);
  found.J = s.columns(contest.first, contest.count, std::move(stop));
  found.row.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  found.row.steps = s.trust().steps;
  found.row.memory_bytes = s.trust().memory_bytes;
  found.row.trouble = s.trust().defined ? "" : s.trust().reason;
  if (found.J.rows() > state.model->primal_size()) found.J = Mat(found.J.topRows(state.model->primal_size()));
  return found;
}

double distance(const Mat& J, const Mat& reference) {
  if (J.rows() != reference.rows() || J.cols() != reference.cols()) return nan;
  const double size = reference.norm(), off = (J - reference).norm();
  return size > 0 ? off / size : off;
}

double bound_of(const live::Snapshot& state, const Mat& J) {
  if (J.cols() != state.theta.size() || !(J.norm() > 0)) return nan;
  const auto bound = sensitivity::jacobian_bound(*state.model, state.solution.x, state.theta);
  // of all numbers together, as errors are: at most as many singular values as rows or columns, none above the bound
  return bound ? std::sqrt(static_cast<double>(std::min(J.rows(), J.cols()))) * bound->value() / J.norm() : nan;
}

}  // namespace

Contest contest_of(live::SnapshotPtr state, Index looked_at, int steps) {
  const Index columns = state->theta.size();
  if (columns <= most_columns) return {std::move(state), 0, columns, steps};
  return {std::move(state), std::clamp<Index>(looked_at, 0, columns - 1), 1, steps};
}

void compare_estimators(const Contest& contest, std::stop_token stop,
                        const std::function<void(const Comparison&)>& tell) {
  Mat reference;
  for (const sensitivity::EstimatorEntry& entry : sensitivity::estimators()) {
    if (stop.stop_requested()) return;
    try {
      Found found = find(contest, entry, stop);
      if (stop.stop_requested()) return;
      if (entry.build == sensitivity::implicit) {
        reference = found.J;
        found.row.bound = bound_of(*contest.state, reference);
      }
      if (found.J.size() > 0) found.row.error = distance(found.J, reference);
      tell(found.row);
    } catch (const std::exception& error) {
      Comparison row;
      row.estimator = entry.name, row.error = nan, row.trouble = error.what();
      tell(row);
    }
  }
}

ComparisonRun::ComparisonRun(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

ComparisonRun::~ComparisonRun() {
  stop_.request_stop();
  pool_.waitForDone();
}

void ComparisonRun::cancel() {
  stop_.request_stop();
  ++number_;
  if (std::exchange(running_, false)) emit running_changed();
}

void ComparisonRun::start(const Contest& contest) {
  cancel();
  stop_ = {};
  running_ = true;
  emit running_changed();
  pool_.start([this, contest, stop = stop_.get_token(), number = number_] {
    const auto here = [&](auto what) {
      QMetaObject::invokeMethod(
          this,
          [this, number, what] {
            if (number == number_) what();
          },
          Qt::QueuedConnection);
    };
    compare_estimators(contest, stop, [&](const Comparison& row) { here([this, row] { emit measured(row); }); });
    here([this] {
      running_ = false;
      emit running_changed();
    });
  });
}

}  // namespace argscope::app
