#pragma once
/// Asks for the ends of a slider and whether it is logarithmic. OK is possible only for low < high, and for a
/// logarithmic range only above zero; a line says what is missing.

#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>

#include "app/knob.h"
#include "app/value_field.h"

namespace argscope::app {

class RangeDialog : public QDialog {
  Q_OBJECT

 public:
  RangeDialog(const Knob& knob, QWidget* parent);
  double low() const { return low_->number(); }
  double high() const { return high_->number(); }
  bool log_scale() const { return log_->isChecked(); }

 private:
  void check();

  ValueField* low_;
  ValueField* high_;
  QCheckBox* log_;
  QLabel* complaint_;
  QDialogButtonBox* buttons_;
};

}  // namespace argscope::app
