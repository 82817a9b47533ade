#include "app/constraints_model.h"

#include <algorithm>
#include <cmath>

#include "app/numbers.h"
#include "core/optimality/model.h"

namespace argscope::app {
namespace {

/// Of the largest multiplier or slack of its constraint: less is next to zero.
constexpr double next_to_zero = 1e-7;

constexpr std::string_view prefix = "multiplier_";

/// The text of the constraint that "multiplier_2_1" belongs to.
QString text_of(const optimality::Statement& statement, const std::string& multiplier) {
  const auto number = static_cast<std::size_t>(std::atoi(multiplier.c_str() + prefix.size()));
  const bool known = number >= 1 && number <= statement.constraints.size();
  return known ? QString::fromStdString(statement.constraints[number - 1].source) : QString();
}

Vec named(const live::Snapshot& state, const std::string& name) {
  const optimality::Function* f = state.model->function(name);
  return f != nullptr ? f->value_at(state.solution.x, state.theta) : Vec();
}

ConstraintRow::State state_of(double multiplier, double slack, double size) {
  if (std::max(std::abs(multiplier), std::abs(slack)) <= next_to_zero * size) return ConstraintRow::State::Weak;
  return std::abs(multiplier) > std::abs(slack) ? ConstraintRow::State::Active : ConstraintRow::State::Inactive;
}

void add_rows(const live::Snapshot& state, const optimality::Slot& slot, std::vector<ConstraintRow>& rows) {
  const Vec y = named(state, slot.name), s = named(state, "slack_" + slot.name.substr(prefix.size()));
  const double size = std::max(y.size() ? y.cwiseAbs().maxCoeff() : 0, s.size() ? s.cwiseAbs().maxCoeff() : 0);
  for (Index k = 0; k < y.size(); ++k) {
    const double slack = k < s.size() ? s[k] : 0;
    const std::string name = optimality::element_name({{slot.name, slot.shape, 0}}, k);
    rows.push_back({QString::fromStdString(name), text_of(state.model->statement(), slot.name), y[k], slack,
                    s.size() ? state_of(y[k], slack, size) : ConstraintRow::State::Equality});
  }
}

}  // namespace

std::vector<ConstraintRow> constraint_rows(const live::Snapshot& state) {
  std::vector<ConstraintRow> rows;
  const bool solved = state.model && state.solution.x.size() == state.model->size() && state.error.empty();
  if (!solved) return rows;
  const std::vector<optimality::Slot>& all = state.model->unknowns();
  for (std::size_t k = state.model->variables().size(); k < all.size(); ++k) add_rows(state, all[k], rows);
  return rows;
}

QString words(ConstraintRow::State state) {
  switch (state) {
    case ConstraintRow::State::Equality: return ConstraintsModel::tr("equality");
    case ConstraintRow::State::Active: return ConstraintsModel::tr("active");
    case ConstraintRow::State::Inactive: return ConstraintsModel::tr("not active");
    case ConstraintRow::State::Weak: return ConstraintsModel::tr("weakly active");
  }
  return {};
}

void ConstraintsModel::show_state(const live::Snapshot* state) {
  std::vector<ConstraintRow> fresh = state ? constraint_rows(*state) : std::vector<ConstraintRow>();
  const bool same_rows = fresh.size() == rows_.size();
  if (!same_rows) beginResetModel();
  rows_ = std::move(fresh);
  if (!same_rows) return endResetModel();
  if (!rows_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int ConstraintsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ConstraintsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 5; }

QVariant ConstraintsModel::data(const QModelIndex& at, int role) const {
  if (!at.isValid() || at.row() >= rowCount()) return {};
  const ConstraintRow& row = rows_[static_cast<std::size_t>(at.row())];
  if (role == Qt::ToolTipRole) return row.text;
  if (role == Qt::TextAlignmentRole && at.column() > 0 && at.column() < 3)
    return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  const bool equality = row.state == ConstraintRow::State::Equality;
  switch (at.column()) {
    case 0: return row.name;
    case 1: return readable(row.multiplier, 4);
    case 2: return equality ? QStringLiteral("–") : readable(row.slack, 4);
    case 3: return words(row.state);
    default: return row.text;
  }
}

QVariant ConstraintsModel::headerData(int section, Qt::Orientation way, int role) const {
  if (role != Qt::DisplayRole) return {};
  if (way == Qt::Vertical) return section;
  const QString titles[] = {tr("Constraint"), tr("Multiplier"), tr("Slack"), tr("State"), tr("As stated")};
  return titles[std::clamp(section, 0, 4)];
}

}  // namespace argscope::app
