#pragma once
/// The Jacobian as a table: raw, scaled ∂ln x/∂ln θ, or the norms of its columns. Rows and columns carry the names of
/// the elements of x and θ.

#include <QAbstractTableModel>

#include "core/live/session.h"

namespace argscope::app {

class JacobianModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum class Kind { Raw, Scaled, ColumnNorms };

  explicit JacobianModel(QObject* parent);
  void show_state(live::SnapshotPtr);  ///< one with a Jacobian, or null: an empty table
  void set_kind(Kind);
  Kind kind() const { return kind_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex&, int role) const override;  ///< EditRole: the number in full, for sorting
  QVariant headerData(int section, Qt::Orientation, int role) const override;

  double number(int row, int column) const;

 private:
  live::SnapshotPtr state_;
  Kind kind_ = Kind::Raw;
};

/// Which entry of θ a column of J belongs to: J may hold one column of many.
Index theta_of_column(const live::Snapshot&, Index column);

/// ∂ln xᵢ/∂ln θ of a column of J; not-a-number where xᵢ = 0.
double scaled_entry(const live::Snapshot&, Index i, Index column);

/// Names of elements as the tables show them.
QString row_name(const live::Snapshot&, Index i);
QString column_name(const live::Snapshot&, Index column);

/// The table as tab-separated text with names in the first row and column, 17 digits. `rows`: which, in this order.
QString as_tsv(const JacobianModel&, const std::vector<int>& rows, const std::vector<int>& columns);

}  // namespace argscope::app
