#include "app/parameters_dock.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/array_grid.h"

namespace argscope::app {
namespace {

constexpr Index rows_for_small_arrays = 6;  // an array up to this size gets a slider for each element

// The scroll area's viewport would otherwise paint a ground of its own over the dock's.
QScrollArea* scrolling(QWidget* content, QWidget* parent) {
  auto* area = new QScrollArea(parent);
  area->setWidget(content);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  return area;
}

}  // namespace

ParametersDock::ParametersDock(Study& study, Player& player, QWidget* parent)
    : QDockWidget(tr("Parameters"), parent),
      study_(study),
      player_(player),
      choices_(new ChoicesPanel(this)),
      order_(new QComboBox(this)),
      pace_(new QComboBox(this)),
      list_(new QWidget(this)),
      stack_(new QVBoxLayout(list_)) {
  setObjectName(QStringLiteral("parameters"));
  stack_->setContentsMargins(0, 0, 0, 0);
  stack_->setSpacing(0);
  auto* body = new QWidget(this);
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addWidget(make_header());
  layout->addWidget(choices_);
  layout->addWidget(scrolling(list_, body), 1);
  setWidget(body);
  connect(&study_, &Study::opened, this, &ParametersDock::rebuild);
  connect(&study_, &Study::moved, this, &ParametersDock::show_values);
  connect(&study_, &Study::knob_changed, this, &ParametersDock::show_values);
  connect(&study_, &Study::published, this, &ParametersDock::show_derivative);
  connect(&player_, &Player::changed, this, [this] {
    for (ParameterRow* row : rows_) row->show_playing();
  });
}

QWidget* ParametersDock::make_header() {
  auto* header = new QWidget(this);
  auto* layout = new QHBoxLayout(header);
  layout->setContentsMargins(8, 4, 8, 2);
  order_->addItems({tr("Scene's order"), tr("Most sensitive first")});
  order_->setAccessibleName(tr("Order of the parameters"));
  order_->setToolTip(tr("Order of the rows; sensitivity is ‖∂x/∂θₖ‖"));
  pace_->addItems({tr("Live"), tr("On release"), tr("Manual")});
  pace_->setAccessibleName(tr("When to solve"));
  pace_->setToolTip(tr("Live: solve while dragging. On release: predict while dragging. Manual: predict until F5."));
  connect(order_, &QComboBox::currentIndexChanged, this, &ParametersDock::sort_rows);
  connect(pace_, &QComboBox::currentIndexChanged, this,
          [this](int index) { study_.set_pace(static_cast<Study::Pace>(index)); });
  for (QComboBox* box : {order_, pace_}) box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  layout->addWidget(order_);
  layout->addWidget(pace_);
  return header;
}

void ParametersDock::rebuild() {
  for (ParameterRow* row : rows_) row->deleteLater();
  rows_.clear();
  norms_.clear();
  chosen_ = 0;
  if (!study_.scene()) return;
  choices_->show_choices(study_.scene()->statement->choices);
  Index first = 0;
  for (const optimality::Parameter& parameter : study_.scene()->statement->parameters) {
    const Index count = static_cast<Index>(parameter.value.values.size());
    if (count > rows_for_small_arrays) add_row(first, count);
    for (Index e = 0; e < count && count <= rows_for_small_arrays; ++e) add_row(first + e, 1);
    first += count;
  }
  sort_rows();
}

void ParametersDock::add_row(Index first, Index count) {
  auto* row = new ParameterRow(study_, player_, first, count, list_);
  connect(row, &ParameterRow::chosen, this, &ParametersDock::choose);
  connect(row, &ParameterRow::grid_asked, this, [this](std::size_t parameter) {
    auto* dialog = new ArrayGridDialog(study_, parameter, window());
    dialog->show();
  });
  rows_.push_back(row);
}

void ParametersDock::choose(Index knob) {
  if (knob == chosen_) return;
  chosen_ = knob;
  emit knob_chosen(knob);
}

void ParametersDock::toggle_play() {
  if (player_.playing() >= 0) return player_.stop();
  if (study_.theta().size() > 0) player_.play(std::min(chosen_, study_.theta().size() - 1), Player::Way::PingPong);
}

void ParametersDock::show_values() {
  for (ParameterRow* row : rows_) row->show_value();
}

void ParametersDock::show_derivative() {
  const live::SnapshotPtr& state = study_.snapshot();
  if (!state || !state->has_jacobian) return;
  renew_norms(*state);
  const double greatest = norms_.empty() ? 0 : *std::max_element(norms_.begin(), norms_.end());
  for (ParameterRow* row : rows_) {
    const std::size_t k = static_cast<std::size_t>(row->knob());
    if (k >= norms_.size())
      row->show_sensitivity({}, 0);
    else
      row->show_sensitivity(norms_[k], greatest > 0 ? norms_[k] / greatest : 0);
    row->show_trusted(study_.trusted(row->knob()));
    row->show_switches(*state);
  }
  if (order_->currentIndex() == 1 && !study_.dragging()) sort_rows();
}

// While a large J is on its way, the one column that is there renews its own norm and the others stay.
void ParametersDock::renew_norms(const live::Snapshot& state) {
  const std::size_t count = static_cast<std::size_t>(study_.theta().size());
  if (!state.trust.defined) return norms_.clear();
  if (norms_.size() != count) norms_.assign(count, 0);
  for (std::size_t k = 0; k < count; ++k) {
    const Index column = state.column_of(state.J, static_cast<Index>(k));
    if (column >= 0) norms_[k] = state.J.col(column).norm();
  }
}

void ParametersDock::sort_rows() {
  std::vector<std::size_t> order(rows_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto strength = [this](std::size_t row) {
    double most = -1;
    for (Index k = rows_[row]->first(); k < rows_[row]->first() + rows_[row]->count(); ++k)
      if (k < static_cast<Index>(norms_.size())) most = std::max(most, norms_[static_cast<std::size_t>(k)]);
    return most;
  };
  if (order_->currentIndex() == 1)
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return strength(a) > strength(b); });
  while (stack_->count() > 0) delete stack_->takeAt(0);
  QWidget* before = pace_;
  for (const std::size_t row : order) {
    stack_->addWidget(rows_[row]);
    QWidget::setTabOrder(before, rows_[row]);
    before = rows_[row];
  }
  stack_->addStretch(1);
}

}  // namespace argscope::app
