#pragma once
/// What a command found, for people and for machines. The JSON report has every key of its schema always; what is not
/// known or was not asked is null, and so is every number that is not finite.

#include <nlohmann/json.hpp>

#include "app/job.h"
#include "core/io/arrays.h"
#include "core/live/session.h"
#include "core/sensitivity/sides.h"

namespace argscope::app {

using Json = nlohmann::ordered_json;

/// One output: its value, and its total derivative (size × θ; no columns: not known or not asked).
struct OutputFinding {
  std::string name;
  expr::Shape shape;
  Vec value;  ///< empty: no honest value
  Mat derivative;
};

/// What is known of ∂x*.
struct DerivativeFinding {
  sensitivity::Trust trust;
  std::optional<sensitivity::Sides> sides;  ///< of the variables, at a kink
  Index rows = 0, cols = 0;                 ///< of the array that was asked for
  double seconds = 0;
};

struct Findings {
  solve::Solution solution;
  std::optional<DerivativeFinding> derivative;  ///< none: not asked, or there is no solution
  std::vector<OutputFinding> outputs;
  bool forced = false;         ///< numbers are given although there is no honest answer
  std::string file;            ///< written; empty: none
  Json more = Json::object();  ///< what one command adds, under its own keys
};

/// Numbers in the shape of an array: nested lists; a scalar as a number; null where not finite.
Json nested(const double* values, const expr::Shape&);

/// What a snapshot of the job's scene knows.
Findings findings_of(const Job&, const live::Snapshot&);

Json report(const Job&, const Findings&);

/// "12.3 ms".
std::string in_words(double seconds);
/// At most eight numbers of six digits, with the shape in front: "(3,)  1  -0.5  0.25".
std::string preview(const expr::Shape&, const Vec& values);
/// A few lines about the solution, its derivative and the outputs.
std::string summary(const Job&, const Findings&);

/// What files carry beside their numbers: version, scene, θ, solver, tolerance, residual, and whether they were forced.
io::Metadata metadata(const Job&, const Findings&);

/// Outputs' values at the solution; with their derivatives when `derivative` is not null.
std::vector<OutputFinding> find_outputs(const Job&, const solve::Solution&, const sensitivity::Sensitivity* derivative);

}  // namespace argscope::app
