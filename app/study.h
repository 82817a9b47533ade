#pragma once
/// One scene under study: θ where the sliders are, the session that solves for it, the last good state and the ghost
/// between the two. Every change of θ goes through here and onto one undo stack; one drag is one step.
///
/// Window thread only. The session's worker is heard through queued, coalesced events.

#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <atomic>
#include <deque>
#include <memory>
#include <optional>

#include "app/knob.h"
#include "app/latency.h"
#include "core/live/session.h"

namespace argscope::app {

using ScenePtr = std::shared_ptr<const io::Scene>;

class Study : public QObject {
  Q_OBJECT

 public:
  enum class Pace { Live, OnRelease, Manual };  ///< when a moved slider asks the solver

  explicit Study(QObject* parent);
  ~Study() override;

  /// Starts over with a scene; θ is the scene's own, or `theta` where its size fits. Parameters' ranges are the
  /// scene's.
  void open(ScenePtr scene, const std::optional<Vec>& theta);
  void close();  ///< ends the worker; what was shown is forgotten

  const ScenePtr& scene() const { return scene_; }  ///< null: nothing is open
  const std::vector<Knob>& knobs() const { return knobs_; }
  const Vec& theta() const { return theta_; }
  const live::SnapshotPtr& snapshot() const { return snapshot_; }              ///< the last published; null: none yet
  const live::SnapshotPtr& differentiated() const { return differentiated_; }  ///< the last one with trust and J
  const live::Ghost* ghost() const { return ghost_ ? &*ghost_ : nullptr; }     ///< null: the picture is where θ is
  bool answered() const;                 ///< the snapshot is of scene() and θ, with its derivative
  bool stale() const { return stale_; }  ///< some move has waited for its answer for 100 ms or more
  bool dragging() const { return drag_ >= 0; }
  double prediction_gap() const { return gap_; }  ///< ‖ghost − x*‖ / ‖x* − x₀‖ of the last answer; NaN: unknown
  /// Where moving this knob alone keeps the prediction's error below 5 % of the move, judged by curvature seen in the
  /// last answers; none: not seen yet.
  std::optional<std::pair<double, double>> trusted(Index knob) const;
  Pace pace() const { return pace_; }
  QUndoStack& history() { return history_; }
  LatencyMeter& latency() { return latency_; }

  int begin_drag();  ///< returns its number
  void end_drag();
  /// Moves one knob as an undoable step; steps of one drag (number ≥ 0) merge. −1: a step of its own.
  void move(Index knob, double value, int drag);
  void move_all(const Vec& theta, const QString& what, int drag);
  void reset(Index knob);
  void set_range(Index knob, double low, double high, bool log_scale);
  void set_default(Index knob);  ///< the present value becomes where reset goes
  void set_pace(Pace);
  void solve_now();
  void compare();  ///< the Jacobian with central differences, unless θ moves first
  bool comparing() const { return comparing_; }
  void cancel();

  /// From now on the scene is solved and differentiated as `scene` says, from where x* is: an undoable step. It differs
  /// from the open one in its method alone; `model` is of its statement.
  void change_method(ScenePtr scene, optimality::ModelPtr model, const QString& what);

  // What the undo stack calls; not undoable by themselves.
  void apply(const Vec& theta, Index dragged);
  void adopt(ScenePtr scene, optimality::ModelPtr model);

 signals:
  void opened();
  void moved();                   ///< θ or the ghost changed
  void knob_changed(Index knob);  ///< its range or default changed
  void published();               ///< snapshot() is new
  void staleness_changed();
  void comparing_changed();
  void method_changed();  ///< scene() is the same problem, solved or differentiated in another way
  void working(double seconds, int iteration);  ///< about four times a second while the solver runs
  void idle();

 private:
  void start_session(std::optional<Vec> start);
  void submit(Index dragged);
  bool comparison_is_short() const;
  void take_latest();
  void measure_gap(const live::Snapshot& fresh);
  void renew_ghost();
  void expect(std::uint64_t request);
  void check_staleness();
  void watch();
  void set_comparing(bool);

  ScenePtr scene_;
  optimality::ModelPtr model_;  ///< of scene_ where somebody has built it already; null: its session does
  std::vector<Knob> knobs_;
  Vec theta_;
  live::SnapshotPtr snapshot_, differentiated_;
  std::optional<live::Ghost> ghost_;
  QUndoStack history_;
  LatencyMeter latency_;
  Pace pace_ = Pace::Live;
  int drag_ = -1, drags_ = 0;
  Index dragged_ = -1;
  struct Waiting {
    std::uint64_t request;  ///< the greatest number: not yet submitted
    Clock::time_point since;
  };
  std::deque<Waiting> waiting_;  ///< moves that no snapshot answers yet, oldest first
  bool stale_ = false;
  bool comparing_ = false;
  double gap_;
  std::vector<double> bends_;  ///< gap a unit of each knob's move; NaN: not seen
  QTimer stale_timer_, watch_timer_;
  std::atomic<bool> heard_{false};  ///< an event is queued for the worker's publications
  AnswerTimes answers_;
  std::unique_ptr<live::Session> session_;  ///< last: its worker ends before what it touches
};

}  // namespace argscope::app
