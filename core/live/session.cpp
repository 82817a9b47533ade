#include "core/live/session.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "core/live/engine.h"
#include "core/parallel.h"

namespace argscope::live {

namespace {

using Clock = std::chrono::steady_clock;

/// A stage shorter than this (seconds, as last measured) joins the publication of the one before it.
constexpr double brief = 0.005;
/// A Jacobian longer than this shows the dragged parameter's column first.
constexpr double tedious = 0.03;
/// A curve that grows is shown this often.
constexpr std::chrono::milliseconds often{100};

int thread_count(int asked) { return asked > 0 ? asked : std::max(1, int(std::thread::hardware_concurrency()) - 1); }

/// Runs a stage and remembers how long it took; before the first time it counts as long.
class Pace {
 public:
  template <class Stage>
  bool run(const Stage& stage) {
    const auto begin = Clock::now();
    const bool done = stage();
    const double took = std::chrono::duration<double>(Clock::now() - begin).count();
    seconds_ = done ? took : std::max(took, seconds_);
    return done;
  }
  bool within(double limit) const { return seconds_ < limit; }

 private:
  double seconds_ = std::numeric_limits<double>::infinity();
};

struct Asked {
  std::uint64_t number = 0;
  Vec theta;
  Index dragged = -1;
};

}  // namespace

struct Session::Worker {
  Worker(std::shared_ptr<const io::Scene> its_scene, const SessionOptions& its_options, OnPublish its_listener)
      : scene(std::move(its_scene)),
        options(its_options),
        on_publish(std::move(its_listener)),
        engine(scene, options) {}

  // The window's side.
  std::uint64_t submit(Vec theta, Index dragged);
  void compare();
  void cancel();
  bool answered(std::uint64_t request) const;

  // The thread's side.
  void run(std::stop_token quit);
  bool take(const std::stop_token& quit);
  void answer();
  void answer_stages();
  void differentiate(Snapshot&, bool& published);
  void draw(Snapshot&);
  bool draw_sweeps(Snapshot&);
  void answer_comparison();
  void publish(Snapshot);
  void publish_error(const std::string& words);
  void finish_answer();

  const std::shared_ptr<const io::Scene> scene;
  const SessionOptions options;
  const OnPublish on_publish;

  mutable std::mutex mutex;
  mutable std::condition_variable_any changed;
  // Under the mutex:
  std::optional<Asked> pending, running;
  bool comparison_asked = false, comparison_runs = false;
  std::uint64_t submitted = 0, last_answered = 0, revision = 0;
  SnapshotPtr latest;
  Clock::time_point since;
  std::stop_source solving, differentiating;

  std::atomic<int> iteration = 0;
  // The thread's own:
  Engine engine;
  Asked now;
  std::stop_token stop_solving, stop_differentiating;
  Pace trusting, jacobian, examining, grids, sweeps;
  std::jthread thread;  // last: it is joined before anything else goes away
};

std::uint64_t Session::Worker::submit(Vec theta, Index dragged) {
  const std::lock_guard lock(mutex);
  pending = Asked{++submitted, std::move(theta), dragged};
  comparison_asked = false;
  differentiating.request_stop();
  changed.notify_all();
  return submitted;
}

void Session::Worker::compare() {
  const std::lock_guard lock(mutex);
  comparison_asked = true;
  changed.notify_all();
}

void Session::Worker::cancel() {
  const std::lock_guard lock(mutex);
  pending.reset();
  comparison_asked = false;
  solving.request_stop();
  differentiating.request_stop();
  changed.notify_all();
}

bool Session::Worker::answered(std::uint64_t request) const {
  const bool waits = pending && pending->number == request;
  const bool runs = running && running->number == request;
  return last_answered >= request || (!waits && !runs);
}

void Session::Worker::run(std::stop_token quit) {
  with_threads(thread_count(options.threads), [&] {
    while (take(quit)) comparison_runs ? answer_comparison() : answer();
  });
}

bool Session::Worker::take(const std::stop_token& quit) {
  std::unique_lock lock(mutex);
  running.reset();
  comparison_runs = false;
  changed.notify_all();
  if (!changed.wait(lock, quit, [&] { return pending.has_value() || comparison_asked; })) return false;
  comparison_runs = !pending && std::exchange(comparison_asked, false);
  running = comparison_runs ? now : std::move(*pending);
  pending.reset();
  now = *running;
  since = Clock::now();
  iteration = 0;
  solving = {};
  differentiating = {};
  stop_solving = solving.get_token();
  stop_differentiating = differentiating.get_token();
  return !quit.stop_requested();
}

void Session::Worker::answer() {
  try {
    answer_stages();
  } catch (const std::exception& e) {
    publish_error(e.what());
  } catch (...) {
    publish_error("an unknown error");
  }
  finish_answer();
}

void Session::Worker::answer_stages() {
  Snapshot snapshot = engine.solve(now.theta, stop_solving, [&](const solve::Iterate& i) { iteration = i.iteration; });
  if (snapshot.solution.status == solve::Status::Cancelled) return;
  snapshot.request = now.number;
  bool published = false;
  if (!trusting.within(brief) || !jacobian.within(brief)) {
    publish(snapshot);
    published = true;
  }
  trusting.run([&] {
    engine.trust(snapshot);
    return true;
  });
  differentiate(snapshot, published);
  if (!snapshot.has_jacobian) {
    if (!published) publish(std::move(snapshot));
    return;
  }
  draw(snapshot);
}

/// Leaves has_jacobian false when a newer θ has come.
void Session::Worker::differentiate(Snapshot& snapshot, bool& published) {
  const bool whole = engine.whole_jacobian(snapshot);
  const bool column_first = now.dragged >= 0 && (!whole || !jacobian.within(tedious)) && snapshot.theta.size() > 1;
  if (column_first && engine.differentiate_column(snapshot, now.dragged, stop_differentiating)) {
    publish(snapshot);
    published = true;
  }
  if (!whole) {
    snapshot.has_jacobian = true;
    return;
  }
  snapshot.has_jacobian = false;
  jacobian.run([&] { return engine.differentiate(snapshot, stop_differentiating); });
}

/// What may take long and is not waited for: each stage is published apart unless it was brief the last time.
void Session::Worker::draw(Snapshot& snapshot) {
  const auto stage = [&](Pace& pace, bool wanted, const auto& work) {
    if (!wanted) return true;
    if (!pace.within(brief)) publish(snapshot);
    return pace.run(work);
  };
  const auto views = [&](std::string_view kind) {
    return std::ranges::any_of(scene->views, [&](const io::ViewSpec& view) { return view.kind == kind; });
  };
  const bool finite = snapshot.solution.x.allFinite();
  stage(grids, finite && views("landscape"), [&] {
    engine.draw_grids(snapshot);
    return true;
  });
  stage(examining, finite, [&] { return engine.examine(snapshot, stop_differentiating); });
  publish(snapshot);
  finish_answer();
  if (!finite || snapshot.theta.size() == 0) return;
  if (jacobian.within(tedious)) {  // each piece of a course costs about as much
    if (!engine.follow(snapshot, std::max<Index>(now.dragged, 0), stop_differentiating)) return;
    if (!snapshot.courses.empty()) publish(snapshot);
  }
  if (!views("curve") || stop_differentiating.stop_requested()) return;
  if (sweeps.run([&] { return draw_sweeps(snapshot); })) publish(std::move(snapshot));
}

/// The first curves are shown while they grow.
bool Session::Worker::draw_sweeps(Snapshot& snapshot) {
  auto shown = Clock::now();
  const auto on_point = [&](const std::vector<Sweep>& so_far) {
    if (Clock::now() - shown < often) return;
    snapshot.sweeps = so_far;
    publish(snapshot);
    shown = Clock::now();
  };
  return engine.draw_sweeps(snapshot, on_point, stop_differentiating);
}

/// A check that fails says nothing against the answer that it was to check.
void Session::Worker::answer_comparison() {
  const SnapshotPtr answer = [this] {
    const std::lock_guard lock(mutex);
    return latest;
  }();
  if (!answer || !answer->has_jacobian || !answer->trust.defined || !answer->error.empty()) return;
  Snapshot compared = *answer;
  try {
    if (engine.compare_with_differences(compared, stop_differentiating)) publish(std::move(compared));
  } catch (const std::exception& e) {
    compared.trust.difference_agreement = std::numeric_limits<double>::quiet_NaN();
    compared.trust.warnings.push_back(std::string("the comparison with differences failed: ") + e.what());
    publish(std::move(compared));
  }
}

void Session::Worker::publish(Snapshot snapshot) {
  SnapshotPtr published;
  {
    const std::lock_guard lock(mutex);
    snapshot.revision = ++revision;
    published = latest = std::make_shared<const Snapshot>(std::move(snapshot));
  }
  if (on_publish) on_publish(*published);
}

void Session::Worker::publish_error(const std::string& words) {
  Snapshot snapshot;
  {
    const std::lock_guard lock(mutex);
    if (latest) snapshot = *latest;
  }
  if (!snapshot.scene) {
    snapshot.scene = scene;
    snapshot.theta = now.theta;
  }
  snapshot.request = now.number;
  snapshot.error = words;
  publish(std::move(snapshot));
}

void Session::Worker::finish_answer() {
  const std::lock_guard lock(mutex);
  last_answered = std::max(last_answered, now.number);
  changed.notify_all();
}

Session::Session(std::shared_ptr<const io::Scene> scene, const SessionOptions& options, OnPublish on_publish)
    : worker_(std::make_unique<Worker>(std::move(scene), options, std::move(on_publish))) {
  worker_->thread = std::jthread([worker = worker_.get()](std::stop_token quit) { worker->run(std::move(quit)); });
}

Session::~Session() {
  worker_->thread.request_stop();
  worker_->cancel();
  worker_->thread.join();
}

std::uint64_t Session::submit(Vec theta, Index dragged) { return worker_->submit(std::move(theta), dragged); }
void Session::compare() { worker_->compare(); }
void Session::cancel() { worker_->cancel(); }

SnapshotPtr Session::latest() const {
  const std::lock_guard lock(worker_->mutex);
  return worker_->latest;
}

bool Session::busy() const {
  const std::lock_guard lock(worker_->mutex);
  return worker_->running || worker_->pending || worker_->comparison_asked;
}

double Session::busy_seconds() const {
  const std::lock_guard lock(worker_->mutex);
  return worker_->running ? std::chrono::duration<double>(Clock::now() - worker_->since).count() : 0.0;
}

int Session::iteration() const { return worker_->iteration; }

SnapshotPtr Session::wait(std::uint64_t request, std::chrono::milliseconds patience) const {
  std::unique_lock lock(worker_->mutex);
  worker_->changed.wait_for(lock, patience, [&] { return worker_->answered(request); });
  return worker_->latest;
}

SnapshotPtr solve_now(std::shared_ptr<const io::Scene> scene, const Vec& theta, const SessionOptions& options) {
  return with_threads(thread_count(options.threads), [&] {
    Engine engine(scene, options);
    Snapshot snapshot = engine.solve(theta, {}, {});
    engine.trust(snapshot);
    if (engine.whole_jacobian(snapshot))
      engine.differentiate(snapshot, {});
    else if (theta.size() > 0)
      engine.differentiate_column(snapshot, 0, {});
    snapshot.has_jacobian = true;
    if (snapshot.solution.x.allFinite()) {
      engine.draw_grids(snapshot);
      engine.examine(snapshot, {});
      engine.draw_sweeps(snapshot, {}, {});
    }
    snapshot.revision = 1;
    return std::make_shared<const Snapshot>(std::move(snapshot));
  });
}

}  // namespace argscope::live
