#include "app/range_dialog.h"

#include <QFormLayout>
#include <QPushButton>

namespace argscope::app {

RangeDialog::RangeDialog(const Knob& knob, QWidget* parent)
    : QDialog(parent),
      low_(new ValueField(this)),
      high_(new ValueField(this)),
      log_(new QCheckBox(tr("Logarithmic"), this)),
      complaint_(new QLabel(this)),
      buttons_(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this)) {
  setWindowTitle(tr("Range of %1").arg(knob.name));
  low_->set_number(knob.low);
  high_->set_number(knob.high);
  log_->setChecked(knob.log_scale);
  auto* form = new QFormLayout(this);
  form->addRow(tr("From"), low_);
  form->addRow(tr("To"), high_);
  form->addRow(QString(), log_);
  form->addRow(complaint_);
  form->addRow(buttons_);
  connect(low_, &ValueField::typed, this, &RangeDialog::check);
  connect(high_, &ValueField::typed, this, &RangeDialog::check);
  connect(low_, &QLineEdit::textChanged, this, &RangeDialog::check);
  connect(high_, &QLineEdit::textChanged, this, &RangeDialog::check);
  connect(log_, &QCheckBox::toggled, this, &RangeDialog::check);
  connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
  check();
}

void RangeDialog::check() {
  QString missing;
  if (!low_->readable_text() || !high_->readable_text())
    missing = tr("Both ends are numbers, such as 1e-3 or 2*pi.");
  else if (low() >= high())
    missing = tr("The range must begin below where it ends.");
  else if (log_scale() && low() <= 0)
    missing = tr("A logarithmic range must begin above zero.");
  complaint_->setText(missing);
  buttons_->button(QDialogButtonBox::Ok)->setEnabled(missing.isEmpty());
}

}  // namespace argscope::app
