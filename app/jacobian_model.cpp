#include "app/jacobian_model.h"

#include <limits>

#include "app/numbers.h"

namespace argscope::app {

Index theta_of_column(const live::Snapshot& state, Index column) {
  const bool one_of_many = state.J.cols() == 1 && state.theta.size() != 1;
  return one_of_many ? state.only_column : column;
}

double scaled_entry(const live::Snapshot& state, Index i, Index column) {
  const double x = state.solution.x(i);
  if (x == 0) return std::numeric_limits<double>::quiet_NaN();
  return state.J(i, column) * state.theta(theta_of_column(state, column)) / x;
}

QString row_name(const live::Snapshot& state, Index i) {
  return QString::fromStdString(optimality::element_name(state.solution.model->variables(), i));
}

QString column_name(const live::Snapshot& state, Index column) {
  const Index k = theta_of_column(state, column);
  return QString::fromStdString(optimality::element_name(state.solution.model->parameters(), k));
}

JacobianModel::JacobianModel(QObject* parent) : QAbstractTableModel(parent) {}

void JacobianModel::show_state(live::SnapshotPtr state) {
  const auto size = [](const live::SnapshotPtr& s) {
    return s ? std::pair(s->J.rows(), s->J.cols()) : std::pair(Index{0}, Index{0});
  };
  const bool same_table = state && state_ && size(state) == size(state_) && state->scene == state_->scene;
  if (same_table) {
    state_ = std::move(state);
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    return;
  }
  beginResetModel();
  state_ = std::move(state);
  endResetModel();
}

void JacobianModel::set_kind(Kind kind) {
  beginResetModel();
  kind_ = kind;
  endResetModel();
}

int JacobianModel::rowCount(const QModelIndex& parent) const {
  if (parent.isValid() || !state_) return 0;
  return static_cast<int>(kind_ == Kind::ColumnNorms ? state_->J.cols() : state_->J.rows());
}

int JacobianModel::columnCount(const QModelIndex& parent) const {
  if (parent.isValid() || !state_) return 0;
  return kind_ == Kind::ColumnNorms ? 1 : static_cast<int>(state_->J.cols());
}

double JacobianModel::number(int row, int column) const {
  switch (kind_) {
    case Kind::Raw: return state_->J(row, column);
    case Kind::Scaled: return scaled_entry(*state_, row, column);
    case Kind::ColumnNorms: return state_->J.col(row).norm();
  }
  return std::numeric_limits<double>::quiet_NaN();
}

QVariant JacobianModel::data(const QModelIndex& at, int role) const {
  if (!at.isValid() || !state_) return {};
  if (role == Qt::DisplayRole) return readable(number(at.row(), at.column()), 6);
  if (role == Qt::EditRole) return number(at.row(), at.column());
  if (role == Qt::TextAlignmentRole) return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
  return {};
}

QVariant JacobianModel::headerData(int section, Qt::Orientation side, int role) const {
  if (role != Qt::DisplayRole || !state_) return {};
  if (kind_ == Kind::ColumnNorms)
    return side == Qt::Horizontal ? QStringLiteral("‖∂x/∂θ‖") : column_name(*state_, section);
  return side == Qt::Horizontal ? column_name(*state_, section) : row_name(*state_, section);
}

QString as_tsv(const JacobianModel& model, const std::vector<int>& rows, const std::vector<int>& columns) {
  QString text;
  for (const int column : columns) text += u'\t' + model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
  text += u'\n';
  for (const int row : rows) {
    text += model.headerData(row, Qt::Vertical, Qt::DisplayRole).toString();
    for (const int column : columns) text += u'\t' + QString::number(model.number(row, column), 'g', 17);
    text += u'\n';
  }
  return text;
}

}  // namespace argscope::app
