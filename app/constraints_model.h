#pragma once
/// The constraints of a problem at its solution, one row an entry: its multiplier, its slack, and which of the two
/// holds.

#include <QAbstractTableModel>

#include "core/live/session.h"

namespace argscope::app {

struct ConstraintRow {
  enum class State { Equality, Active, Inactive, Weak };  ///< Weak: multiplier and slack are both next to zero
  QString name;                                           ///< "multiplier_1[2]", as outputs may use it
  QString text;                                           ///< the constraint as the scene states it
  double multiplier = 0, slack = 0;                       ///< slack of an equality: 0
  State state = State::Equality;
};

/// Empty where the optimality condition has no multipliers or there is no solution.
std::vector<ConstraintRow> constraint_rows(const live::Snapshot&);

QString words(ConstraintRow::State);

class ConstraintsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  explicit ConstraintsModel(QObject* parent) : QAbstractTableModel(parent) {}
  void show_state(const live::Snapshot*);  ///< null: an empty table

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex&, int role) const override;
  QVariant headerData(int section, Qt::Orientation, int role) const override;

 private:
  std::vector<ConstraintRow> rows_;
};

}  // namespace argscope::app
