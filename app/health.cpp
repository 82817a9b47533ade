#include "app/health.h"

#include <QCoreApplication>
#include <cmath>

#include "app/numbers.h"

namespace argscope::app {
namespace {

QString words(const char* text) { return QCoreApplication::translate("health", text); }

// Bounds of "good" and "to be watched". A residual of 1e-8 costs the derivative about as many digits as a central
// difference loses; a condition number of 1e8 leaves half of a double's sixteen digits.
constexpr double good_residual = 1e-8, poor_residual = 1e-5;
constexpr double good_linear = 1e-8, poor_linear = 1e-4;
constexpr double good_condition = 1e8, poor_condition = 1e13;
constexpr double near_kink = 1e-3, at_kink = 1e-9;
constexpr double good_agreement = 1e-5, poor_agreement = 1e-2;

Icon small_is_good(double value, double good, double poor) {
  if (!(value <= poor)) return Icon::Bad;
  return value <= good ? Icon::Good : Icon::Warn;
}

HealthItem solution(const live::Snapshot& state) {
  const solve::Solution& solution = state.solution;
  HealthItem item{Icon::Bad, words("Solution"), readable(solution.relative_residual, 2), {}};
  const QString status = QString::fromStdString(std::string(solve::name(solution.status)));
  if (solution.status == solve::Status::Converged)
    item.icon = small_is_good(solution.relative_residual, good_residual, poor_residual);
  else
    item.value = status;
  item.explanation =
      words(
          "Residual of the optimality condition, relative to the size of its terms; solver %1, %2 after %3 iterations.")
          .arg(QString::fromStdString(solution.solver), status)
          .arg(solution.iterations);
  return item;
}

HealthItem linear(const sensitivity::Trust& trust) {
  return {small_is_good(trust.linear_residual, good_linear, poor_linear), words("Linear solve"),
          readable(trust.linear_residual, 2),
          words("‖AJ − B‖ / ‖B‖: how well the Jacobian satisfies its own equation; solved by %1.")
              .arg(QString::fromStdString(trust.linear_solver))};
}

HealthItem condition(const sensitivity::Trust& trust) {
  HealthItem item{Icon::Unknown, words("Condition"), QStringLiteral("–"),
                  words("Condition number of A: by how much errors grow.")};
  if (!trust.condition_number) return item;
  item.icon = small_is_good(*trust.condition_number, good_condition, poor_condition);
  item.value = readable(*trust.condition_number, 3);
  return item;
}

HealthItem rank(const live::Snapshot& state) {
  const sensitivity::Trust& trust = state.trust;
  HealthItem item{Icon::Good, words("Rank"), words("%1 of %2").arg(trust.rank).arg(state.solution.x.size()),
                  words("Directions that the problem determines.")};
  if (trust.null_modes == 0) return item;
  item.icon = trust.defined ? Icon::Warn : Icon::Bad;
  item.value += words(", %1 free").arg(trust.null_modes);
  QStringList names;
  for (const std::string& name : trust.null_mode_names) names << QString::fromStdString(name);
  item.explanation += u' ' + words("Free: %1. J is the one of least norm.").arg(names.join(QStringLiteral(", ")));
  return item;
}

HealthItem kink(const sensitivity::Trust& trust) {
  HealthItem item{Icon::Good, words("Kink"), words("none"),
                  words("Distance to the nearest place where the derivative switches.")};
  if (std::isinf(trust.kink.value)) return item;
  item.value = readable(trust.kink.value, 2);
  item.icon = trust.kink.value > near_kink ? Icon::Good : trust.kink.value > at_kink ? Icon::Warn : Icon::Bad;
  item.explanation += u' ' + words("Nearest: %1.").arg(QString::fromStdString(trust.kink.where));
  return item;
}

HealthItem agreement(const sensitivity::Trust& trust) {
  HealthItem item{Icon::Unknown, words("Differences"), words("not asked"),
                  words("Agreement with central differences of full solves, relative; after each release of a slider "
                        "where that is quick, and on demand: Ctrl+D.")};
  if (!trust.difference_agreement) return item;
  if (std::isnan(*trust.difference_agreement)) {
    item.icon = Icon::Warn;
    item.value = words("no answer");
    item.explanation += u' ' + words("A solve beside these parameters did not converge.");
    return item;
  }
  item.icon = small_is_good(*trust.difference_agreement, good_agreement, poor_agreement);
  item.value = readable(*trust.difference_agreement, 2);
  return item;
}

std::vector<HealthItem> nothing_known() {
  std::vector<HealthItem> items;
  for (const char* name : {"Solution", "Linear solve", "Condition", "Rank", "Kink", "Differences"})
    items.push_back({Icon::Unknown, words(name), QStringLiteral("–"), words("Not known yet.")});
  return items;
}

}  // namespace

std::vector<HealthItem> health_of(const live::Snapshot* state) {
  std::vector<HealthItem> items = nothing_known();
  if (!state) return items;
  items[0] = solution(*state);
  if (!state->has_jacobian) return items;
  items[1] = linear(state->trust);
  items[2] = condition(state->trust);
  items[3] = rank(*state);
  items[4] = kink(state->trust);
  items[5] = agreement(state->trust);
  if (state->trust.defined) return items;
  items[1].icon = Icon::Bad;
  items[1].value = words("undefined");
  items[1].explanation = QString::fromStdString(state->trust.reason);
  return items;
}

QString health_message(const live::Snapshot* state) {
  if (!state) return {};
  if (!state->error.empty()) return QString::fromStdString(state->error);
  if (state->has_jacobian && !state->trust.defined)
    return words("No derivative here: %1").arg(QString::fromStdString(state->trust.reason));
  if (!state->solution.message.empty()) return QString::fromStdString(state->solution.message);
  if (state->has_jacobian && !state->trust.warnings.empty())
    return QString::fromStdString(state->trust.warnings.front());
  return {};
}

}  // namespace argscope::app
