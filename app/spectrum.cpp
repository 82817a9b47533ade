#include "app/spectrum.h"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/jacobian_model.h"
#include "app/numbers.h"
#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr double most_work = 5e7;  // multiplications: about 50 ms
constexpr double reach = 0.25;     // of a knob's range: how far the slider goes at most
constexpr double decades_shown = 12;

}  // namespace

std::optional<Spectrum> spectrum_of(const Mat& J) {
  const double work = static_cast<double>(J.size()) * static_cast<double>(std::min(J.rows(), J.cols()));
  if (J.size() == 0 || work > most_work || !J.allFinite()) return std::nullopt;
  Mat core = J;
  if (J.rows() > 2 * J.cols())
    core = Eigen::HouseholderQR<Mat>(J).matrixQR().topRows(J.cols()).triangularView<Eigen::Upper>();
  const Eigen::BDCSVD<Mat> svd(core, Eigen::ComputeThinV);
  return Spectrum{svd.singularValues(), svd.matrixV()};
}

SpectrumBars::SpectrumBars(QWidget* parent) : QWidget(parent) {
  setMinimumSize(80, 80);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAccessibleName(tr("Singular values of the Jacobian"));
}

void SpectrumBars::show_values(const Vec& sigma) {
  sigma_ = sigma;
  QStringList spoken;
  for (Index k = 0; k < std::min<Index>(sigma.size(), 20); ++k) spoken << readable(sigma(k), 3);
  setAccessibleDescription(spoken.join(QStringLiteral(", ")));
  update();
}

void SpectrumBars::set_chosen(int mode) {
  chosen_ = mode;
  update();
}

double SpectrumBars::bar_width() const {
  return sigma_.size() > 0 ? std::min(28.0, (width() - 16.0) / static_cast<double>(sigma_.size())) : 0;
}

void SpectrumBars::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Colors colors = colors_of(palette());
  if (sigma_.size() == 0 || !(sigma_(0) > 0)) return;
  const double room = height() - fontMetrics().height() - 12.0, wide = bar_width();
  const double least = sigma_.minCoeff();
  const double decades = std::clamp(
      std::log10(sigma_(0) / std::max(least, sigma_(0) * std::pow(10, -decades_shown))) + 1, 2.0, decades_shown);
  for (Index k = 0; k < sigma_.size(); ++k) {
    const double part = 1 + std::log10(std::max(sigma_(k), 1e-300) / sigma_(0)) / decades;
    const double tall = std::max(part, 0.0) * room;
    const double gap = wide > 4 ? 2 : 0;
    const QRectF bar(8 + static_cast<double>(k) * wide, 4 + room - tall, std::max(wide - gap, 1.0),
                     std::max(tall, 1.0));
    painter.fillRect(bar, k == chosen_ ? colors.sensitivity : colors.accent);
  }
  painter.setPen(colors.faint_text);
  painter.drawText(8, height() - 4, tr("σ: %1 … %2, logarithmic").arg(readable(sigma_(0), 3), readable(least, 3)));
}

void SpectrumBars::mousePressEvent(QMouseEvent* event) {
  if (sigma_.size() == 0) return;
  const int mode = static_cast<int>((event->position().x() - 8) / bar_width());
  if (mode >= 0 && mode < sigma_.size()) emit picked(mode);
}

SpectrumPage::SpectrumPage(Study& study, QWidget* parent)
    : QWidget(parent),
      study_(study),
      bars_(new SpectrumBars(this)),
      modes_(new QComboBox(this)),
      slider_(new DoubleSlider(this)),
      text_(new QLabel(this)) {
  modes_->setAccessibleName(tr("Mode"));
  modes_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  slider_->set_range(-1, 1, false);
  slider_->set_default(0);
  slider_->setAccessibleName(tr("Along the mode"));
  slider_->setToolTip(tr("Moves θ along vₖ; to first order x moves along uₖ, by σₖ"));
  text_->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->addWidget(modes_);
  row->addWidget(slider_, 1);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(bars_, 1);
  layout->addLayout(row);
  layout->addWidget(text_);
  connect(bars_, &SpectrumBars::picked, modes_, &QComboBox::setCurrentIndex);
  connect(modes_, &QComboBox::currentIndexChanged, this, &SpectrumPage::choose);
  connect(slider_, &DoubleSlider::grabbed, this, &SpectrumPage::begin_move);
  connect(slider_, &DoubleSlider::moved, this, &SpectrumPage::move_along);
  connect(slider_, &DoubleSlider::released, this, &SpectrumPage::end_move);
}

void SpectrumPage::show_state(const live::SnapshotPtr& state) {
  state_ = state;
  fresh_ = true;
  if (isVisible()) compute();
}

void SpectrumPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  compute();
}

void SpectrumPage::compute() {
  if (!fresh_ || drag_ >= 0) return;
  fresh_ = false;
  const bool whole = state_ && state_->trust.defined && state_->J.cols() == state_->theta.size();
  spectrum_ = whole ? spectrum_of(state_->J) : std::nullopt;
  bars_->show_values(spectrum_ ? spectrum_->sigma : Vec());
  const int count = spectrum_ ? static_cast<int>(spectrum_->sigma.size()) : 0;
  if (modes_->count() != count) {
    const QSignalBlocker quiet(modes_);
    modes_->clear();
    for (int k = 0; k < count; ++k) modes_->addItem(tr("mode %1").arg(k + 1));
    mode_ = 0;
  }
  slider_->setEnabled(count > 0);
  describe();
}

void SpectrumPage::choose(int mode) {
  mode_ = std::max(mode, 0);
  slider_->set_number(0);
  describe();
}

void SpectrumPage::describe() {
  bars_->set_chosen(mode_);
  if (!spectrum_ || mode_ >= spectrum_->sigma.size()) {
    text_->setText(state_ ? tr("No singular values: J is undefined here, or too large to decompose while you wait.")
                          : QString());
    return;
  }
  const Vec v = spectrum_->V.col(mode_);
  std::vector<Index> order(static_cast<std::size_t>(v.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return std::abs(v(a)) > std::abs(v(b)); });
  QStringList terms;
  for (std::size_t k = 0; k < std::min<std::size_t>(order.size(), 4); ++k)
    terms << QStringLiteral("%1 %2").arg(readable(v(order[k]), 3), column_name(*state_, order[k]));
  const QString more = order.size() > 4 ? QStringLiteral(", …") : QString();
  text_->setText(
      tr("σ = %1; v = %2").arg(readable(spectrum_->sigma(mode_), 4), terms.join(QStringLiteral(", ")) + more));
}

// The whole slider covers a step that takes no knob further than a quarter of its range.
void SpectrumPage::begin_move() {
  if (!spectrum_ || spectrum_->V.rows() != study_.theta().size()) return;
  drag_ = study_.begin_drag();
  from_ = study_.theta();
  along_ = spectrum_->V.col(mode_);
  double longest = std::numeric_limits<double>::infinity();
  for (const Knob& knob : study_.knobs()) {
    const double share = std::abs(along_(knob.index));
    if (share > 0) longest = std::min(longest, reach * (knob.high - knob.low) / share);
  }
  along_ *= std::isfinite(longest) ? longest : 0;
}

void SpectrumPage::move_along(double amount) {
  const bool by_key = drag_ < 0;
  if (by_key) begin_move();
  if (drag_ < 0) return;
  Vec theta = from_ + amount * along_;
  for (const Knob& knob : study_.knobs()) theta(knob.index) = std::clamp(theta(knob.index), knob.low, knob.high);
  study_.move_all(theta, tr("move along mode %1").arg(mode_ + 1), drag_);
  if (by_key) end_move();
}

void SpectrumPage::end_move() {
  drag_ = -1;
  study_.end_drag();
  slider_->set_number(0);
  compute();
}

}  // namespace argscope::app
