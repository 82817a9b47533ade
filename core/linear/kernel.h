#pragma once
/// What a method must offer: solves with a matrix that is nonsingular once its null space is set aside. Everything
/// around it (null space, blocks, residuals, refinement, condition) is common and lives in `Solved`.

#include <memory>
#include <optional>
#include <string>

#include "core/linear/factorize.h"
#include "core/linear/null_space.h"

namespace argscope::linear {

enum class Direction { Forward, Transposed };

struct Steps {
  int iterations = 0;
  Ending ending = Ending::Solved;
  double inconsistency = 0;  ///< max over columns of ‖A x − b‖ / ‖b‖ where x is known to be a least-squares solution
};

/// Immutable; callable from many threads.
class Kernel {
 public:
  virtual ~Kernel() = default;
  /// X ← A⁻¹ X (or A⁻ᵀ X) for one block of columns; X has no part along the left null space.
  virtual Steps solve(MutMat X, Direction) const = 0;
  /// The same to about four digits, as the condition asks for.
  virtual Steps solve_roughly(MutMat X, Direction direction) const { return solve(X, direction); }
  /// Y = A X (or Aᵀ X), for residuals: with the matrix as it was given, not with its factors.
  virtual void multiply(ConstMat X, MutMat Y, Direction) const = 0;
  virtual Index block() const = 0;  ///< columns solved together
  virtual bool iterative() const { return false; }
  virtual double norm() const = 0;  ///< about ‖A‖, at most a few times too great
  /// X ← A⁻¹ at less than the cost of solving with the identity; false, X unspecified: there is no such way.
  virtual bool inverse(MutMat) const { return false; }
  virtual std::optional<double> condition() const { return {}; }  ///< when known already
  virtual double effort() const { return 0; }                     ///< see Quality::effort
};

/// A method's outcome: a kernel, or none and why not.
struct Attempt {
  std::unique_ptr<const Kernel> kernel;
  Method method = Method::Auto;
  NullSpace null;
  Index negative = -1;
  std::string why;
};

}  // namespace argscope::linear
