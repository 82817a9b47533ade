#include "app/parameter_row.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QSpinBox>
#include <QVBoxLayout>

#include "app/icons.h"
#include "app/numbers.h"
#include "app/range_dialog.h"

namespace argscope::app {

ParameterRow::ParameterRow(Study& study, Player& player, Index knob, Index count, QWidget* parent)
    : QWidget(parent), study_(study), player_(player), first_(knob), count_(count), knob_(knob) {
  build();
  connect_hands();
  show_value();
  show_playing();
  show_sensitivity({}, 0);
}

const Knob& ParameterRow::shown() const { return study_.knobs()[static_cast<std::size_t>(knob_)]; }

QToolButton* ParameterRow::make_button(const QString& name, const QString& tip) {
  auto* button = new QToolButton(this);
  button->setAutoRaise(true);
  button->setIconSize({16, 16});
  button->setAccessibleName(name);
  button->setToolTip(tip);
  return button;
}

void ParameterRow::build() {
  name_ = new QLabel(this);
  name_->setTextFormat(Qt::RichText);
  name_->setWordWrap(true);  // a label says what the number is: all of it is shown
  field_ = new ValueField(this);
  play_ = make_button(tr("Play"), tr("Play along the range; the row's menu has loop, ping-pong and once"));
  slider_ = new DoubleSlider(this);

  auto* top = new QHBoxLayout;
  top->setSpacing(4);
  top->addWidget(name_, 1);
  top->addWidget(field_);
  auto* bottom = new QHBoxLayout;
  bottom->setSpacing(4);
  if (count_ > 1) {
    auto* element = new QSpinBox(this);
    element->setRange(0, static_cast<int>(count_ - 1));
    element->setPrefix(u'#' + QString());
    element->setAccessibleName(tr("Element"));
    element->setToolTip(tr("Which element of the array the slider moves, counted row by row"));
    connect(element, &QSpinBox::valueChanged, this, &ParameterRow::choose_element);
    grid_ = make_button(tr("Grid"), tr("Edit all elements in a grid"));
    connect(grid_, &QToolButton::clicked, this, [this] { emit grid_asked(shown().parameter); });
    bottom->addWidget(element);
    bottom->addWidget(grid_);
  }
  bottom->addWidget(slider_, 1);
  bottom->addWidget(play_);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(8, 4, 8, 4);
  rows->setSpacing(1);
  rows->addLayout(top);
  rows->addLayout(bottom);
}

void ParameterRow::connect_hands() {
  connect(slider_, &DoubleSlider::grabbed, this, [this] {
    drag_ = study_.begin_drag();
    emit chosen(knob_);
  });
  connect(slider_, &DoubleSlider::moved, this, [this](double value) {
    emit chosen(knob_);
    study_.move(knob_, value, drag_);
  });
  connect(slider_, &DoubleSlider::released, this, [this] {
    drag_ = -1;
    study_.end_drag();
  });
  connect(slider_, &DoubleSlider::reset_asked, this, [this] { study_.reset(knob_); });
  connect(slider_, &DoubleSlider::type_asked, this, [this] { field_->setFocus(Qt::ShortcutFocusReason); });
  connect(field_, &ValueField::typed, this, [this](double value) {
    emit chosen(knob_);
    study_.move(knob_, value, -1);
  });
  connect(play_, &QToolButton::clicked, this, &ParameterRow::toggle_play);
}

void ParameterRow::choose_element(int element) {
  knob_ = first_ + element;
  show_value();
  emit chosen(knob_);
}

void ParameterRow::toggle_play() {
  emit chosen(knob_);
  const bool mine = player_.playing() == knob_;
  mine ? player_.stop() : player_.play(knob_, way_);
}

void ParameterRow::show_value() {
  const Knob& knob = shown();
  const double value = study_.theta()(knob_);
  const QString called = knob.label.isEmpty() ? knob.name : knob.label;
  QString text = QStringLiteral("<b>%1</b>").arg(called.toHtmlEscaped());
  if (called != knob.name) text += QStringLiteral(" <i>%1</i>").arg(knob.name.toHtmlEscaped());
  if (!knob.unit.isEmpty()) text += QStringLiteral(" [%1]").arg(knob.unit.toHtmlEscaped());
  text.replace(u'_', QStringLiteral("_&#8203;"));  // a long name may break there
  if (name_->text() != text) name_->setText(text);
  slider_->set_range(knob.low, knob.high, knob.log_scale);
  slider_->set_default(knob.reset_value);
  slider_->set_number(value);
  slider_->setAccessibleName(called);
  slider_->setAccessibleDescription(tr("%1, from %2 to %3").arg(exact(value), exact(knob.low), exact(knob.high)));
  field_->set_number(value);
  field_->setAccessibleName(tr("Value of %1").arg(called));
}

void ParameterRow::show_playing() {
  const bool mine = player_.playing() == knob_;
  play_->setIcon(icon(mine ? Icon::Pause : Icon::Play, palette()));
  play_->setAccessibleName(mine ? tr("Stop") : tr("Play"));
  if (grid_) grid_->setIcon(icon(Icon::Grid, palette()));
}

void ParameterRow::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && play_) show_playing();
}

void ParameterRow::show_sensitivity(std::optional<double> norm, double fraction) {
  slider_->set_sensitivity(norm ? fraction : 0);
  const QString strength = norm ? readable(*norm, 4) : tr("not defined or not known here");
  slider_->setToolTip(tr("%1: ‖∂x/∂θ‖ = %2 (orange bar, against the greatest)\nShift drags at a tenth, Ctrl+Shift at a "
                         "hundredth; double click resets; Enter types")
                          .arg(shown().name, strength));
}

void ParameterRow::show_trusted(std::optional<std::pair<double, double>> band) { slider_->set_trusted(band); }

void ParameterRow::show_switches(const live::Snapshot& state) {
  std::vector<DoubleSlider::Switch> switches;
  const double here = state.theta[knob_];
  for (const live::Course& course : state.courses) {
    if (course.element != knob_) continue;
    for (const live::Stretch& stretch : course.stretches)
      if (stretch.piece.from > 0)
        switches.push_back(
            {here + stretch.piece.from * (course.goal - here), QString::fromStdString(stretch.piece.switched)});
  }
  slider_->set_switches(std::move(switches));
}

void ParameterRow::contextMenuEvent(QContextMenuEvent* event) { open_menu(event->globalPos()); }

void ParameterRow::open_menu(const QPoint& where) {
  QMenu menu;
  const Knob knob = shown();
  menu.addAction(tr("Reset to %1").arg(readable(knob.reset_value, 6)), this, [this] { study_.reset(knob_); });
  menu.addAction(tr("Set as default"), this, [this] { study_.set_default(knob_); });
  menu.addAction(tr("Range…"), this, &ParameterRow::ask_range);
  QAction* log = menu.addAction(tr("Logarithmic"));
  log->setCheckable(true);
  log->setChecked(knob.log_scale);
  log->setEnabled(knob.low > 0);
  connect(log, &QAction::toggled, this, [this, knob](bool on) { study_.set_range(knob_, knob.low, knob.high, on); });
  QMenu* animate = menu.addMenu(tr("Animate"));
  const std::pair<Player::Way, QString> ways[] = {
      {Player::Way::Loop, tr("Loop")}, {Player::Way::PingPong, tr("Ping-pong")}, {Player::Way::Once, tr("Once")}};
  for (const auto& [way, text] : ways) {
    animate->addAction(text, this, [this, chosen_way = way] {
      way_ = chosen_way;
      player_.play(knob_, way_);
    });
  }
  menu.addSeparator();
  menu.addAction(tr("Copy value"), this, &ParameterRow::copy);
  menu.exec(where);
}

void ParameterRow::ask_range() {
  const Knob& knob = shown();
  RangeDialog dialog(knob, window());
  if (dialog.exec() == QDialog::Accepted) study_.set_range(knob_, dialog.low(), dialog.high(), dialog.log_scale());
}

void ParameterRow::copy() const { QApplication::clipboard()->setText(exact(study_.theta()(knob_))); }

}  // namespace argscope::app
