#pragma once
/// Answers one θ after another on one thread, each from where the last one ended. A snapshot in the making is the
/// Engine's to change; the Session publishes copies.

#include <optional>

#include "core/live/fields.h"
#include "core/live/pictures.h"
#include "core/live/session.h"
#include "core/sensitivity/predictor.h"

namespace argscope::live {

class Engine {
 public:
  Engine(std::shared_ptr<const io::Scene>, const SessionOptions&);

  /// θ, x* and the values of all fields. When cancelled, only `solution.status` says something.
  Snapshot solve(const Vec& theta, std::stop_token, const solve::OnIteration&);

  /// Factorizes at the solution: fills Snapshot::trust but for what takes long.
  void trust(Snapshot&);
  bool whole_jacobian(const Snapshot&) const;  ///< few enough numbers to keep all columns
  /// Column k of J and of every field. False: stopped, nothing changed.
  bool differentiate_column(Snapshot&, Index k, std::stop_token);
  /// J and the derivative of every field. False: stopped.
  bool differentiate(Snapshot&, std::stop_token);
  /// Total derivative of a function of the model, after trust() of the same snapshot. Empty: stopped.
  Mat total(const Snapshot&, const std::string& function, std::stop_token) const;
  /// Where x* goes as θ[dragged] alone goes down or up its range: Snapshot::courses. False: stopped, nothing changed.
  bool follow(Snapshot&, Index dragged, std::stop_token) const;
  /// The condition number, and the comparison with central differences when the session asked for it. False: stopped.
  bool examine(Snapshot&, std::stop_token);
  /// Fills Trust::difference_agreement; not-a-number when a solve beside θ did not converge. False: stopped.
  bool compare_with_differences(Snapshot&, std::stop_token) const;

  void draw_grids(Snapshot&);  ///< landscape views
  /// Curve views. On the way to the first ones, on_point hears of what there is so far. False: stopped.
  bool draw_sweeps(Snapshot&, const SweepCache::OnPoint& on_point, std::stop_token);

 private:
  /// One step from the last solution; where that is far for particles, in pieces with a solve after each.
  std::optional<Vec> predicted(const Vec& theta, std::stop_token);
  solve::Solution solved(const Vec& theta, Vec start, solve::Memory&, std::stop_token, const solve::OnIteration&);
  solve::Solution best_of_starts(const Vec& theta, std::stop_token, const solve::OnIteration&);
  bool better(const Vec& guess, const Vec& plain, const Vec& theta) const;

  std::shared_ptr<const io::Scene> scene_;
  SessionOptions session_;
  solve::Options solve_options_;
  sensitivity::Options sensitivity_options_;
  solve::Memory memory_, sweep_memory_;
  optimality::ModelPtr model_;
  std::optional<Vec> good_x_;  ///< of the last converged solution, and its θ
  Vec good_theta_;
  sensitivity::Predictor predictor_;
  std::optional<sensitivity::Sensitivity> sensitivity_;  ///< at the last solution that was differentiated
  Vec sensitivity_theta_;
  GridCache grids_;
  SweepCache sweeps_;
};

}  // namespace argscope::live
