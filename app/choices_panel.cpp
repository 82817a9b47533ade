#include "app/choices_panel.h"

#include <QFormLayout>
#include <QSpinBox>
#include <QTimer>
#include <algorithm>
#include <limits>

namespace argscope::app {
namespace {

constexpr int settle_ms = 250;

int to_int(Index value) {
  constexpr Index low = std::numeric_limits<int>::min(), high = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp(value, low, high));
}

bool alike(const optimality::Choice& a, const optimality::Choice& b) {
  return a.name == b.name && a.label == b.label && a.low == b.low && a.high == b.high;
}

}  // namespace

ChoicesPanel::ChoicesPanel(QWidget* parent) : QWidget(parent), rows_(new QFormLayout(this)), settle_(new QTimer(this)) {
  rows_->setContentsMargins(8, 4, 8, 4);
  settle_->setSingleShot(true);
  settle_->setInterval(settle_ms);
  connect(settle_, &QTimer::timeout, this, &ChoicesPanel::changed);
  hide();
}

void ChoicesPanel::show_choices(const std::vector<optimality::Choice>& choices) {
  io::Choices fresh;
  for (const optimality::Choice& choice : choices) fresh[choice.name] = choice.value;
  settle_->stop();
  setVisible(!choices.empty());
  const bool as_before =
      fresh == chosen_ && std::equal(choices.begin(), choices.end(), shown_.begin(), shown_.end(), alike);
  if (as_before) return;  // the spin box that is being used keeps its focus
  chosen_ = std::move(fresh);
  shown_ = choices;
  while (rows_->rowCount() > 0) rows_->removeRow(0);
  for (const optimality::Choice& choice : choices) add_row(choice);
}

void ChoicesPanel::add_row(const optimality::Choice& choice) {
  auto* number = new QSpinBox(this);
  number->setRange(to_int(choice.low), to_int(choice.high));
  number->setValue(to_int(choice.value));
  number->setKeyboardTracking(false);
  const QString called = QString::fromStdString(choice.label.empty() ? choice.name : choice.label);
  number->setAccessibleName(called);
  number->setToolTip(tr("%1: a choice, not differentiated; the scene is read again").arg(called));
  connect(number, &QSpinBox::valueChanged, this, [this, name = choice.name](int value) {
    chosen_[name] = value;
    settle_->start();
  });
  rows_->addRow(called, number);
}

}  // namespace argscope::app
