#pragma once
/// The Jacobian in four ways: heat map, table, singular values and modes; and what the constraints hold where there
/// are some. All show one state, the last one solved and
/// differentiated; when the derivative is undefined they show the reason instead.

#include <QComboBox>
#include <QDockWidget>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>

#include "app/constraints_model.h"
#include "app/heat_map.h"
#include "app/jacobian_model.h"
#include "app/spectrum.h"
#include "app/study.h"

namespace argscope::app {

class JacobianDock : public QDockWidget {
  Q_OBJECT

 public:
  JacobianDock(Study& study, QWidget* parent);
  QString selection_as_tsv() const;  ///< the selected cells' rows and columns; all when none is selected
  bool table_has_focus() const;
  void add_note(const QString& note);  ///< said below the reason where there is no Jacobian; empty: none
  const QString& reason() const { return map_->reason(); }
  JacobianModel& model() { return *model_; }
  const ConstraintsModel& constraints() const { return *constraints_; }

 signals:
  void column_picked(Index column);

 private:
  QWidget* make_table_page();
  QWidget* make_constraints_page();
  void show_state();
  void show_page();
  void show_constraints();

  Study& study_;
  live::SnapshotPtr state_;
  QString note_;
  QTabWidget* tabs_;
  HeatMap* map_;
  JacobianModel* model_;
  QSortFilterProxyModel* sorted_;
  QTableView* table_;
  SpectrumPage* spectrum_;
  ConstraintsModel* constraints_;
  QWidget* constraints_page_;
};

}  // namespace argscope::app
