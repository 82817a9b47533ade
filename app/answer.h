#pragma once
/// The course of a command that solves: x*, then ∂x* where x* may be spoken of, then an ending that is never silent
/// about what is missing.

#include <chrono>

#include "app/report.h"

namespace argscope::app {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin);

/// What one job has led to so far.
class Answer {
 public:
  /// Solves. Every output is in `found` by name, with nothing known of it yet.
  explicit Answer(const Job&);

  /// Factorizes at the solution and notes what is known of ∂x*. A refusal of the derivative is a refusal of the whole
  /// answer when `needed`. Nothing happens when x* may not be shown or there is no θ.
  void differentiate(bool needed);

  bool may_show_solution() const { return why.empty() || job.force; }
  /// The derivative when its numbers may be shown, else null.
  const sensitivity::Sensitivity* shown_derivative() const;
  /// A function of the model at the solution; the name is one of function_names().
  const optimality::Function& function(const std::string& name) const { return *found.solution.model->function(name); }

  const Job& job;
  solve::Memory memory;
  Findings found;
  std::optional<sensitivity::Sensitivity> derivative;  ///< null: not asked for
  std::string why;                                     ///< there is no honest answer; empty: there is one
};

/// Ends a command: prints the report or the summary, and on the error stream why there is no honest answer (`why`;
/// empty: there is one). NoAnswer, unless the job is forced.
Exit conclude(const Job&, const Findings&, const std::string& why, Console&);

}  // namespace argscope::app
