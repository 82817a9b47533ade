#include "app/one_sided.h"

#include <cmath>

#include "app/method.h"
#include "app/numbers.h"
#include "core/optimality/model.h"

namespace argscope::app {
namespace {

constexpr Index most_named = 4;
/// One-sided derivatives are found a step of 1e-5 of the parameter away (sides.h): closer ones are the same.
constexpr double alike = 1e-3;

bool differ(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) != std::isnan(b);
  return std::abs(a - b) > alike * std::max({1e-9, std::abs(a), std::abs(b)});
}

QString side(double value) { return std::isnan(value) ? OneSided::tr("none") : readable(value, 4); }

bool at_kink(const live::Snapshot& state) {
  return state.has_jacobian && state.error.empty() && !state.trust.defined && state.trust.at_kink;
}

}  // namespace

QString side_words(const live::Snapshot& state, const sensitivity::Sides& sides, Index knob, Index most) {
  if (sides.falling.cols() != 1 || sides.growing.cols() != 1) return {};
  const Index n = state.model->primal_size();
  const std::string of = optimality::element_name(state.model->parameters(), knob);
  if (sides.falling.hasNaN() && sides.growing.hasNaN())
    return OneSided::tr("Neither side has a derivative along %1").arg(QString::fromStdString(of));
  QStringList parts;
  Index differing = 0;
  for (Index i = 0; i < n; ++i) {
    const double falling = sides.falling(i, 0), growing = sides.growing(i, 0);
    if (!differ(falling, growing) || differing++ >= most) continue;
    const QString name = QString::fromStdString(optimality::element_name(state.model->variables(), i));
    const QString text = parts.isEmpty() ? OneSided::tr("∂%1/∂%2 = %3 as %2 falls, %4 as it grows")
                                         : OneSided::tr("∂%1/∂%2 = %3 falling, %4 growing");
    parts << text.arg(name, QString::fromStdString(of), side(falling), side(growing));
  }
  if (differing == 0) return OneSided::tr("Along %1 alone both sides agree").arg(QString::fromStdString(of));
  if (differing > most) parts << OneSided::tr("%1 more differ").arg(differing - most);
  if (differing < n) parts << OneSided::tr("%1 alike on both sides").arg(n - differing);
  return OneSided::tr("One-sided: %1").arg(parts.join(QStringLiteral("; ")));
}

OneSided::OneSided(Study& study, QObject* parent) : QObject(parent), study_(study) {
  pool_.setMaxThreadCount(1);
  connect(&study_, &Study::published, this, &OneSided::renew);
  connect(&study_, &Study::opened, this, [this] {
    knob_ = 0;
    renew();
  });
}

OneSided::~OneSided() {
  stop_.request_stop();
  pool_.waitForDone();
}

void OneSided::look_at(Index knob) {
  knob_ = knob;
  renew();
}

void OneSided::renew() {
  const live::SnapshotPtr& state = study_.snapshot();
  if (state && !state->has_jacobian && study_.differentiated()) return;  // x* came first; J follows
  if (!state || !at_kink(*state) || knob_ >= state->theta.size()) {
    stop_.request_stop();
    asked_.reset();
    ++number_;
    return say({});
  }
  const bool same = asked_ && asked_->theta == state->theta && asked_->scene == state->scene && asked_knob_ == knob_;
  if (!same) find(state);
}

void OneSided::find(const live::SnapshotPtr& state) {
  stop_.request_stop();
  stop_ = {};
  asked_ = state;
  asked_knob_ = knob_;
  say({});
  pool_.start([this, state, knob = knob_, number = ++number_, stop = stop_.get_token()] {
    const solve::Request at{state->model, state->scene->statement, state->theta, state->solution.x};
    QString words;
    try {
      const auto sides = sensitivity::one_sided_derivatives(at, solve_options(*state->scene), knob, 1, stop);
      words = side_words(*state, sides, knob, most_named);
    } catch (const std::exception& error) {
      words = QString::fromUtf8(error.what());
    }
    QMetaObject::invokeMethod(
        this,
        [this, words, number] {
          if (number == number_) say(words);
        },
        Qt::QueuedConnection);
  });
}

void OneSided::say(const QString& words) {
  if (words == words_) return;
  words_ = words;
  emit changed();
}

}  // namespace argscope::app
