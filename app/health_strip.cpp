#include "app/health_strip.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/theme.h"

namespace argscope::app {
namespace {

QString state_word(Icon icon) {
  switch (icon) {
    case Icon::Good: return HealthStrip::tr("good");
    case Icon::Warn: return HealthStrip::tr("to be watched");
    case Icon::Bad: return HealthStrip::tr("bad");
    default: return HealthStrip::tr("unknown");
  }
}

}  // namespace

HealthStrip::HealthStrip(Study& study, QWidget* parent)
    : QWidget(parent), study_(study), grid_(new QGridLayout), message_(new QLabel(this)) {
  grid_->setHorizontalSpacing(14);
  grid_->setVerticalSpacing(1);
  for (std::size_t k = 0; k < health_of(nullptr).size(); ++k) {
    auto* cell = new QWidget(this);
    cells_.push_back({cell, new QLabel(cell), new QLabel(cell)});
    cells_.back().text->setTextFormat(Qt::RichText);
    cells_.back().text->setMinimumWidth(1);
    auto* row = new QHBoxLayout(cell);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(cells_.back().icon);
    row->addWidget(cells_.back().text, 1);
  }
  arrange(static_cast<int>(cells_.size()));
  message_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // a line of its own: the picture never jumps
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(8, 4, 8, 4);
  rows->setSpacing(2);
  rows->addLayout(grid_);
  rows->addWidget(message_);
  setAccessibleName(tr("Health of the solution and its derivative"));
  connect(&study_, &Study::published, this, &HealthStrip::show_state);
  connect(&study_, &Study::opened, this, &HealthStrip::show_state);
  connect(&study_, &Study::staleness_changed, this, &HealthStrip::show_state);
  connect(&study_, &Study::comparing_changed, this, &HealthStrip::show_state);
  show_state();
}

void HealthStrip::show_state() {
  const live::SnapshotPtr& state = study_.snapshot();
  const bool between = state && !state->has_jacobian && study_.differentiated() && state->error.empty();
  const live::Snapshot* shown = between ? study_.differentiated().get() : state.get();  // no flicker between x* and J
  items_ = health_of(shown);
  if (study_.comparing()) {
    items_.back().icon = Icon::Unknown;
    items_.back().value = tr("comparing…");
  }
  const Colors colors = colors_of(palette());
  for (std::size_t k = 0; k < items_.size(); ++k) {
    const HealthItem& item = items_[k];
    cells_[k].icon->setPixmap(icon(item.icon, palette()).pixmap(14, 14));
    cells_[k].text->setText(QStringLiteral("<span style='color:%1'>%2</span> %3")
                                .arg(colors.faint_text.name(), item.name.toHtmlEscaped(), item.value.toHtmlEscaped()));
    // room for any number: nothing moves or is cut while values change in a drag
    cells_[k].text->setMinimumWidth(fontMetrics().horizontalAdvance(item.name + QStringLiteral(" 0.00e−00")));
    for (QLabel* label : {cells_[k].icon, cells_[k].text}) {
      label->setToolTip(item.explanation);
      label->setAccessibleName(tr("%1: %2, %3").arg(item.name, item.value, state_word(item.icon)));
    }
  }
  QString message = health_message(shown);
  if (study_.stale()) message = tr("Not solved here yet: the picture is the last good state.") + u' ' + message;
  if (!note_.isEmpty()) message = note_ + QStringLiteral(".  ") + message;
  message_->setText(message.section(u'\n', 0, 0));
  message_->setToolTip(message);
  setAccessibleDescription(spoken());
}

void HealthStrip::add_note(const QString& note) {
  note_ = note;
  show_state();
}

QString HealthStrip::spoken() const {
  QStringList parts;
  for (const HealthItem& item : items_) parts << tr("%1: %2, %3").arg(item.name, item.value, state_word(item.icon));
  if (!message_->text().isEmpty()) parts << message_->text();
  return parts.join(QStringLiteral("; "));
}

// By the longest values that the items may have, not by the present ones: the strip's height stands still in a drag.
int HealthStrip::columns_for(int width) const {
  const int count = static_cast<int>(cells_.size());
  const int each =
      fontMetrics().horizontalAdvance(QStringLiteral("Linear solve 0.00e−00   ")) + 18 + grid_->horizontalSpacing();
  return width >= count * each ? count : width >= (count + 1) / 2 * each ? (count + 1) / 2 : 2;
}

void HealthStrip::arrange(int columns) {
  if (columns == columns_) return;
  columns_ = columns;
  for (int k = 0; k < static_cast<int>(cells_.size()); ++k)
    grid_->addWidget(cells_[static_cast<std::size_t>(k)].whole, k / columns, k % columns, Qt::AlignLeft);
  for (int k = 0; k <= static_cast<int>(cells_.size()); ++k) grid_->setColumnStretch(k, k == columns ? 1 : 0);
  updateGeometry();
}

void HealthStrip::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange(columns_for(width() - 16));
}

void HealthStrip::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && !items_.empty()) show_state();
}

}  // namespace argscope::app
