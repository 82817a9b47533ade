#pragma once
/// How x* and its derivative are found: condition, solver, tolerance, iterations, estimator and linear solver, each an
/// undoable step; and all estimators compared at the present solution.

#include <QComboBox>
#include <QDockWidget>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>

#include "app/comparison.h"
#include "app/method_switch.h"
#include "app/value_field.h"

namespace argscope::app {

class MethodDock : public QDockWidget {
  Q_OBJECT

 public:
  MethodDock(Study& study, QWidget* parent);

  QComboBox& box(const QString& name) const;  ///< "condition", "solver", "estimator", "linear solver"
  ValueField& tolerance() { return *tolerance_; }
  QSpinBox& iterations() { return *iterations_; }
  QSpinBox& steps() { return *steps_; }
  QPushButton& compare_button() { return *compare_; }
  QTableWidget& table() { return *table_; }
  QString complaint() const { return complaint_->text(); }
  bool outdated() const { return !outdated_->isHidden(); }  ///< the table is of a state that is no more
  void look_at(Index knob) { looked_at_ = knob; }           ///< whose column is compared where J is large

 signals:
  void refused(const QString& why);

 private:
  struct Choice {
    QString name;
    std::string Method::*part;
    QComboBox* box;
  };
  QWidget* make_choices();
  QWidget* make_comparison();
  void add_choice(QFormLayout*, const QString& name, std::string Method::*part, const std::vector<std::string>& names);
  void ask(const Method&, const QString& what);
  void show_method();
  void show_automatic();  ///< what "auto" has come to
  void refuse(const QString& why);
  void compare();
  void add_row(const Comparison&);
  void show_running();
  void mark_outdated();

  Study& study_;
  MethodSwitch* switch_;
  ComparisonRun* run_;
  std::vector<Choice> choices_;
  ValueField* tolerance_;
  QSpinBox* iterations_;
  QLabel* complaint_;
  QSpinBox* steps_;
  QPushButton* compare_;
  QTableWidget* table_;
  QLabel* outdated_;
  Index looked_at_ = 0;
};

}  // namespace argscope::app
