#pragma once
/// The live heart, free of any toolkit: newest θ in, immutable snapshots out. One worker, one pending request; a newer
/// θ replaces the pending one; a solve that has begun is finished (it is the next warm start); a Jacobian is cancelled
/// by a newer θ. Only immutable values cross threads.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/io/scene.h"
#include "core/sensitivity/path.h"

namespace argscope::live {

/// The value of one expression and its total derivative in every θ.
struct Field {
  std::string name;  ///< the Model function's name: a variable, an output, "view K.KEY"
  expr::Shape shape;
  Vec value;
  /// size × θ; one column, that of Snapshot::only_column, where all would be too many numbers or are not yet known; no
  /// columns when undefined or not yet known at all.
  Mat derivative;
};

/// A curve of one parameter: an expression's values along its range, other parameters as in the snapshot.
struct Sweep {
  std::string parameter;
  Index element = 0;  ///< flat index into θ
  std::vector<double> at;
  std::vector<Field> fields;  ///< one for each point: value of `name`
  std::vector<bool> converged;
  /// Where the snapshot stands at a kink: the value's slopes (size × 2) as the parameter falls and as it grows. A
  /// column is not-a-number where that side has none. Empty: no kink here.
  Mat sides = {};
};

/// Values of an expression on a grid over two entries of x, everything else as in the snapshot.
struct Grid {
  std::string name;
  Index first = 0, second = 0;  ///< flat indices into x
  double low[2]{}, high[2]{};
  Index rows = 0, cols = 0;  ///< values[r * cols + c]: second at row r, first at column c
  std::vector<double> values;
};

/// One piece of x*'s path along an entry of θ; each field has its value where the piece begins, and as its derivative
/// one column: along the whole way.
struct Stretch {
  sensitivity::Piece piece;
  std::vector<Field> fields;  ///< none of the first stretch: those of the snapshot
};

/// Where x* is predicted to go as one entry of θ alone goes to an end of its range, from switch to switch.
struct Course {
  Index element = -1;  ///< of θ
  double goal = 0;     ///< that end
  std::vector<Stretch> stretches;
};

struct Timings {
  double solve = 0, jacobian = 0, fields = 0;  ///< seconds
};

/// θ, x*, J and what follows from them, solved together. Never changed once published.
struct Snapshot {
  std::uint64_t revision = 0;  ///< grows with each publication
  std::uint64_t request = 0;   ///< which submit() it answers
  Vec theta;
  std::shared_ptr<const io::Scene> scene;
  optimality::ModelPtr model;
  solve::Solution solution;
  bool has_jacobian = false;  ///< trust and derivatives are filled
  /// Of the variables, without multipliers: their number × θ's when has_jacobian and trust.defined; or only_column.
  Mat J;
  Index only_column = -1;  ///< the entry of θ that J stands for when it has one column and θ more entries
  sensitivity::Trust trust;
  std::vector<Field> fields;  ///< variables, outputs, view expressions
  std::vector<Sweep> sweeps;
  std::vector<Grid> grids;
  std::vector<Course> courses;  ///< of the dragged entry, else the first, down and up; none where nothing switches
  Timings timings;
  std::string error;  ///< an exception's words; the rest is then the last good state
  const Field* field(std::string_view name) const;
  /// Which column of J, or of a Field's derivative, is that of θ[k]; −1: not there.
  Index column_of(const Mat& derivative, Index k) const;
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

/// x* + J(θ − θ₀) and every field alike, beyond a switch along its course where that is known: what the picture shows
/// before the solver answers. Empty when J is not defined.
struct Ghost {
  Vec theta;
  Vec x;                      ///< the variables
  std::vector<Field> fields;  ///< derivatives left empty
};
Ghost predict(const Snapshot&, ConstVec theta);

struct SessionOptions {
  int threads = 0;                 ///< 0: one less than the cores, at least 1
  bool differences_check = false;  ///< after each Jacobian, compare with central differences
  bool force = false;              ///< derivatives even where they are not defined
  optimality::ModelPtr model;      ///< of the scene's statement when somebody has built it already; null: built on use
  std::optional<Vec> start;        ///< the variables to solve from at first, before the scene's own start
};

class Session {
 public:
  using OnPublish = std::function<void(const Snapshot&)>;  ///< called on the worker's thread after each publication
  Session(std::shared_ptr<const io::Scene>, const SessionOptions&, OnPublish);
  ~Session();  ///< cancels what runs and joins

  /// Returns the request's number. `dragged`: flat index into θ whose column comes first; −1: none.
  std::uint64_t submit(Vec theta, Index dragged);
  /// Once nothing newer is asked, compares the last answer's J with central differences of full solves and publishes
  /// the answer again with Trust::difference_agreement. A newer θ or cancel() ends it unpublished.
  void compare();
  void cancel();               ///< ends the running solve; the last good snapshot stays
  SnapshotPtr latest() const;  ///< null until the first publication
  bool busy() const;
  double busy_seconds() const;  ///< how long the running request has been worked on; 0 when idle
  int iteration() const;        ///< of the running solve
  /// Blocks until the request has been answered in full (solution and Jacobian) or replaced, or time is out.
  SnapshotPtr wait(std::uint64_t request, std::chrono::milliseconds) const;

 private:
  struct Worker;
  std::unique_ptr<Worker> worker_;
};

/// Solves and differentiates at once, on the calling thread: for pictures, the command line and tests.
SnapshotPtr solve_now(std::shared_ptr<const io::Scene>, const Vec& theta, const SessionOptions&);

}  // namespace argscope::live
