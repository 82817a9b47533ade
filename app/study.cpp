#include "app/study.h"

#include <limits>

namespace argscope::app {
namespace {

constexpr std::chrono::milliseconds stale_after{100};
constexpr std::uint64_t not_submitted = std::numeric_limits<std::uint64_t>::max();
constexpr int watch_every_ms = 250;
constexpr double tolerated_gap = 0.05;
constexpr double short_comparison = 1;  // second
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// θ before and after; the moves of one drag are one step.
class MoveCommand : public QUndoCommand {
 public:
  MoveCommand(Study& study, Vec after, Index dragged, int drag, const QString& what)
      : QUndoCommand(what),
        study_(study),
        before_(study.theta()),
        after_(std::move(after)),
        dragged_(dragged),
        drag_(drag) {}

  int id() const override { return drag_ < 0 ? -1 : 1; }
  void redo() override { study_.apply(after_, dragged_); }
  void undo() override { study_.apply(before_, dragged_); }
  bool mergeWith(const QUndoCommand* next) override {
    const auto* later = dynamic_cast<const MoveCommand*>(next);
    if (!later || later->drag_ != drag_ || later->dragged_ != dragged_) return false;
    after_ = later->after_;
    setText(later->text());
    return true;
  }

 private:
  Study& study_;
  Vec before_, after_;
  Index dragged_;
  int drag_;
};

class MethodCommand : public QUndoCommand {
 public:
  struct Side {
    ScenePtr scene;
    optimality::ModelPtr model;
  };
  MethodCommand(Study& study, Side before, Side after, const QString& what)
      : QUndoCommand(what), study_(study), before_(std::move(before)), after_(std::move(after)) {}
  void redo() override { study_.adopt(after_.scene, after_.model); }
  void undo() override { study_.adopt(before_.scene, before_.model); }

 private:
  Study& study_;
  Side before_, after_;
};

}  // namespace

Study::Study(QObject* parent) : QObject(parent), gap_(nan) {
  stale_timer_.setSingleShot(true);
  stale_timer_.setTimerType(Qt::PreciseTimer);
  watch_timer_.setInterval(watch_every_ms);
  connect(&stale_timer_, &QTimer::timeout, this, &Study::check_staleness);
  connect(&watch_timer_, &QTimer::timeout, this, &Study::watch);
}

Study::~Study() { session_.reset(); }

void Study::close() {
  session_.reset();
  scene_.reset();
  model_.reset();
  snapshot_.reset();
  differentiated_.reset();
  ghost_.reset();
  knobs_.clear();
  theta_.resize(0);
  history_.clear();
  latency_.clear();
  stale_timer_.stop();
  watch_timer_.stop();
  drag_ = dragged_ = -1;
  gap_ = nan;
  bends_.clear();
  waiting_.clear();
  stale_ = comparing_ = false;
}

void Study::open(ScenePtr scene, const std::optional<Vec>& theta) {
  close();
  scene_ = std::move(scene);
  knobs_ = knobs_of(*scene_->statement);
  theta_ = reset_values(knobs_);
  bends_.assign(knobs_.size(), nan);
  if (theta && theta->size() == theta_.size()) theta_ = *theta;
  for (Knob& knob : knobs_) widen(knob, theta_(knob.index));
  start_session(std::nullopt);
  emit opened();
  submit(-1);
}

void Study::start_session(std::optional<Vec> start) {
  live::SessionOptions options;
  options.model = model_;
  options.start = std::move(start);
  session_.reset();
  answers_.take();  // the new session counts anew
  session_ = std::make_unique<live::Session>(scene_, options, [this](const live::Snapshot& s) {
    if (s.has_jacobian && s.error.empty()) answers_.add(s.request, Clock::now());
    if (!heard_.exchange(true)) QMetaObject::invokeMethod(this, &Study::take_latest, Qt::QueuedConnection);
  });
}

void Study::change_method(ScenePtr scene, optimality::ModelPtr model, const QString& what) {
  history_.push(new MethodCommand(*this, {scene_, model_}, {std::move(scene), std::move(model)}, what));
}

void Study::adopt(ScenePtr scene, optimality::ModelPtr model) {
  const bool solved = snapshot_ && snapshot_->solution.status == solve::Status::Converged;
  std::optional<Vec> start;
  if (solved) start = snapshot_->solution.x.head(snapshot_->model->primal_size());
  scene_ = std::move(scene);
  model_ = std::move(model);
  waiting_.clear();  // a new session counts its requests from one
  latency_.clear();
  start_session(std::move(start));
  emit method_changed();
  submit(-1);
}

bool Study::answered() const {
  return snapshot_ && snapshot_->has_jacobian && snapshot_->error.empty() && snapshot_->scene == scene_ &&
         snapshot_->theta == theta_;
}

int Study::begin_drag() { return drag_ = drags_++; }

void Study::end_drag() {
  drag_ = -1;
  if (pace_ == Pace::OnRelease && !answered()) submit(dragged_);
  if (pace_ != Pace::Manual && comparison_is_short()) compare();
}

// Four solves a column (central differences at two step lengths), each about as long as the last solve.
bool Study::comparison_is_short() const {
  return snapshot_ && 4 * static_cast<double>(theta_.size()) * snapshot_->timings.solve <= short_comparison;
}

void Study::move(Index knob, double value, int drag) {
  Knob& turned = knobs_[static_cast<std::size_t>(knob)];
  if (value == theta_(knob)) return;
  latency_.moved(Clock::now());
  if (value < turned.low || value > turned.high) {
    widen(turned, value);
    emit knob_changed(knob);
  }
  Vec after = theta_;
  after(knob) = value;
  history_.push(new MoveCommand(*this, std::move(after), knob, drag, tr("change of %1").arg(turned.name)));
}

void Study::move_all(const Vec& theta, const QString& what, int drag) {
  if (theta.size() != theta_.size() || theta == theta_) return;
  latency_.moved(Clock::now());
  for (Knob& knob : knobs_) {
    if (theta(knob.index) >= knob.low && theta(knob.index) <= knob.high) continue;
    widen(knob, theta(knob.index));
    emit knob_changed(knob.index);
  }
  history_.push(new MoveCommand(*this, theta, -1, drag, what));
}

void Study::reset(Index knob) { move(knob, knobs_[static_cast<std::size_t>(knob)].reset_value, -1); }

void Study::set_range(Index knob, double low, double high, bool log_scale) {
  Knob& turned = knobs_[static_cast<std::size_t>(knob)];
  turned.low = low;
  turned.high = high;
  turned.log_scale = log_scale && low > 0;
  widen(turned, theta_(knob));
  emit knob_changed(knob);
}

void Study::set_default(Index knob) {
  knobs_[static_cast<std::size_t>(knob)].reset_value = theta_(knob);
  emit knob_changed(knob);
}

void Study::set_pace(Pace pace) {
  pace_ = pace;
  if (pace_ == Pace::Live && scene_ && !answered()) submit(dragged_);
}

void Study::solve_now() {
  if (scene_) submit(dragged_);
}

void Study::compare() {
  if (!session_) return;
  session_->compare();
  set_comparing(true);
  watch_timer_.start();
}

void Study::cancel() {
  if (session_) session_->cancel();
  set_comparing(false);
}

void Study::set_comparing(bool on) {
  if (std::exchange(comparing_, on) != on) emit comparing_changed();
}

void Study::apply(const Vec& theta, Index dragged) {
  theta_ = theta;
  dragged_ = dragged;
  renew_ghost();
  if (ghost_) latency_.ghost_ready();
  const bool waits = pace_ == Pace::Manual || (pace_ == Pace::OnRelease && dragging());
  waits ? expect(not_submitted) : submit(dragged);
  emit moved();
}

void Study::submit(Index dragged) {
  if (!session_) return;
  const std::uint64_t request = session_->submit(theta_, dragged);
  latency_.asked(request);
  expect(request);
  set_comparing(false);
  if (!watch_timer_.isActive()) watch_timer_.start();
}

void Study::expect(std::uint64_t request) {
  for (Waiting& move : waiting_)
    if (move.request == not_submitted) move.request = request;
  waiting_.push_back({request, Clock::now()});
  check_staleness();
}

void Study::take_latest() {
  heard_ = false;
  if (!session_) return;
  live::SnapshotPtr fresh = session_->latest();
  for (const auto& [request, at] : answers_.take()) latency_.solved(request, at);
  if (!fresh || fresh == snapshot_) return;
  if (fresh->has_jacobian && fresh->error.empty()) {
    measure_gap(*fresh);
    differentiated_ = fresh;
  }
  snapshot_ = std::move(fresh);
  renew_ghost();
  check_staleness();
  if (snapshot_->trust.difference_agreement) set_comparing(false);
  emit published();
}

/// How far the linear prediction from the last differentiated state missed, relative to how far x* moved.
void Study::measure_gap(const live::Snapshot& fresh) {
  if (!differentiated_ || differentiated_->theta == fresh.theta) return;
  const live::Ghost guess = live::predict(*differentiated_, fresh.theta);
  const Index n = guess.x.size();
  const bool comparable = n > 0 && n == fresh.model->primal_size() && n <= differentiated_->solution.x.size();
  const double moved = comparable ? (fresh.solution.x.head(n) - differentiated_->solution.x.head(n)).norm() : 0;
  gap_ = moved > 0 ? (fresh.solution.x.head(n) - guess.x).norm() / moved : nan;
  const Vec step = (fresh.theta - differentiated_->theta).cwiseAbs();
  Index turned = 0;
  const double distance = step.maxCoeff(&turned);
  const bool alone = step.sum() == distance;
  if (alone && gap_ > 0) bends_[static_cast<std::size_t>(turned)] = gap_ / distance;
}

// The gap, relative to the move, grows in proportion to it: x* is smooth between kinks.
std::optional<std::pair<double, double>> Study::trusted(Index knob) const {
  const double bend = bends_[static_cast<std::size_t>(knob)];
  if (!(bend > 0) || !differentiated_ || !differentiated_->trust.defined) return std::nullopt;
  const double centre = differentiated_->theta(knob), reach = tolerated_gap / bend;
  return std::pair(centre - reach, centre + reach);
}

void Study::renew_ghost() {
  ghost_.reset();
  const bool needed = snapshot_ && differentiated_ && snapshot_->theta != theta_;
  if (!needed || !differentiated_->trust.defined) return;
  live::Ghost guess = live::predict(*differentiated_, theta_);
  if (guess.x.size() > 0) ghost_ = std::move(guess);
}

// A drag whose answers keep coming, each a little late, is not stale: what counts is the oldest unanswered move.
void Study::check_staleness() {
  const bool whole = snapshot_ && snapshot_->has_jacobian && snapshot_->error.empty() && snapshot_->scene == scene_;
  while (whole && !waiting_.empty() && waiting_.front().request <= snapshot_->request) waiting_.pop_front();
  const auto age = waiting_.empty() ? Clock::duration{} : Clock::now() - waiting_.front().since;
  const bool was = std::exchange(stale_, !waiting_.empty() && age >= stale_after);
  stale_timer_.stop();
  if (!waiting_.empty() && !stale_) stale_timer_.start(std::chrono::ceil<std::chrono::milliseconds>(stale_after - age));
  if (was != stale_) emit staleness_changed();
}

void Study::watch() {
  if (session_ && session_->busy()) return emit working(session_->busy_seconds(), session_->iteration());
  watch_timer_.stop();
  set_comparing(false);
  emit idle();
}

}  // namespace argscope::app
