#pragma once
/// All estimators of ∂x* side by side at one solution: how far each is from the implicit Jacobian, what it takes and
/// what it remembers. Those that differentiate an iteration take so many steps of one; where the problem's condition is
/// no iteration, of another condition's that the same x* satisfies.

#include <QObject>
#include <QThreadPool>
#include <functional>
#include <limits>
#include <stop_token>

#include "core/live/session.h"
#include "core/sensitivity/estimator.h"

namespace argscope::app {

struct Comparison {
  std::string estimator;
  std::string condition;  ///< whose iteration was differentiated, where that is not the problem's own; or empty
  Index steps = 0;        ///< 0: it takes none
  double error = 0;       ///< ‖J − J_implicit‖ / ‖J_implicit‖ over the columns that were compared; NaN: no J
  double seconds = 0;     ///< to set up and to find those columns
  std::size_t memory_bytes = 0;                             ///< remembered of an iteration
  double bound = std::numeric_limits<double>::quiet_NaN();  ///< of the implicit one's error, where known (bound.h)
  std::string trouble;                                      ///< why J is not to be trusted; empty: nothing is wrong
};

/// What is compared: at a converged state, columns [first, first + count) of J, `steps` steps of iterations.
struct Contest {
  live::SnapshotPtr state;
  Index first = 0, count = 0;
  int steps = 0;
};

/// All columns where they are few, else the one that is looked at.
Contest contest_of(live::SnapshotPtr, Index looked_at, int steps);

/// One row for each of sensitivity::estimators(), in its order, each told when it is done; ends early when stopped.
void compare_estimators(const Contest&, std::stop_token, const std::function<void(const Comparison&)>& tell);

/// The same away from the window's thread.
class ComparisonRun : public QObject {
  Q_OBJECT

 public:
  explicit ComparisonRun(QObject* parent);
  ~ComparisonRun() override;   ///< cancels and waits
  void start(const Contest&);  ///< the one before is cancelled
  void cancel();
  bool running() const { return running_; }

 signals:
  void measured(const argscope::app::Comparison&);
  void running_changed();

 private:
  QThreadPool pool_;
  std::stop_source stop_;
  int number_ = 0;
  bool running_ = false;
};

}  // namespace argscope::app
