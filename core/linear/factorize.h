#pragma once
/// Solving A X = B: a method chosen by structure or by name, factored once, used many times, transposed for free; each
/// solve says how good it is. Nothing here fails in silence and nothing returns zeros for a failure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/linear/operator.h"

namespace argscope::linear {

/// Direct: Cholesky, Ldlt, Lu, Qr, Sparse, MinNorm. By products only (see krylov.h): the others.
enum class Method { Auto, Cholesky, Ldlt, Lu, Qr, Sparse, Cg, Minres, Gmres, Bicgstab, NormalCg, Lsqr, Lsmr, MinNorm };
std::string_view name(Method);  ///< "auto", "cholesky", …, "normal-cg", "lsqr", "lsmr", "min-norm"
std::optional<Method> method_named(std::string_view);  ///< hyphen equals underscore
std::vector<std::string_view> method_names();          ///< as in the enumeration
bool iterative(Method);                                ///< solves by products with A, to a tolerance

/// Of the iterative methods. Jacobi: by the diagonal, which only a sparse or dense matrix can give; a singular system's
/// solution is then not the one of minimum norm, but for the null vectors that are named.
enum class Preconditioner { None, Jacobi };

struct Options {
  Method method = Method::Auto;
  Preconditioner preconditioner = Preconditioner::None;
  double tolerance = 1e-12;       ///< of the iterative methods: ‖AX − B‖ ≤ tolerance ‖B‖, column by column
  int iterations = 0;             ///< of the iterative methods; 0: four times the size, at least 200
  int refinements = 2;            ///< steps of iterative refinement at most, where a residual is more than rounding
  double rank_tolerance = 1e-11;  ///< singular values below this times the greatest count as zero
  double consistency = 1e-8;  ///< ‖U₀ᵀB‖ ≤ consistency ‖B‖ (U₀: left null vectors) counts as consistent

  bool operator==(const Options&) const = default;
};

/// What is known of the matrix.
struct Quality {
  Method method = Method::Auto;  ///< the one that was used
  Index rank = 0;  ///< an iterative method does not find it: the size less the null vectors that were named
  Index null_modes = 0;
  std::vector<int> null_coordinates;  ///< unknowns whose row and column are zero (a particle without contacts)
  Mat null_space;       ///< n × (null_modes − null_coordinates.size()), orthonormal: the other right null vectors
  Index negative = -1;  ///< negative eigenvalues of a symmetric matrix; −1: unknown
  double effort = 0;    ///< floating-point operations of making it, over those of solving for one column; 0: unknown
  bool usable = true;   ///< false: no solution can be had; `why` says so
  std::string why;
};

/// All null vectors as columns, n × null_modes: unit vectors of the null coordinates, then `null_space`. Large when
/// many particles have no contacts.
Mat null_basis(const Quality&);

/// Why a solve ended, from good to bad.
enum class Ending {
  Solved,
  Stagnated,     ///< steps no longer made the residual smaller, or it is greater than the method's recurrence believed
  Limit,         ///< all iterations were used
  Inconsistent,  ///< the residual that is left is out of A's range: X is a least-squares solution
  BrokeDown      ///< the method met a division by zero, a matrix that it is not for, or numbers that are not finite
};
std::string_view words(Ending);

/// What is known of one solve.
struct SolveReport {
  /// max over columns of ‖A x − b‖ / ‖b‖, b without its part along the left null space where that is known. A direct
  /// method measures all columns at once on their sum with signs, each divided by ‖b‖, and column by column where that
  /// is more than rounding.
  double residual = 0;
  double inconsistency = 0;  ///< max over columns of ‖U₀ᵀ b‖ / ‖b‖; 0 when nonsingular
  bool converged = true;     ///< the residual, computed anew, is within the tolerance
  bool consistent = true;
  int iterations = 0;              ///< of the column that took most
  Ending ending = Ending::Solved;  ///< of the column that fared worst
};

class Factorization {
 public:
  virtual ~Factorization() = default;
  /// Minimum-norm X when A is singular and B consistent. Blocks of columns in parallel; the bits of X do not depend on
  /// the number of threads. Callable from many threads.
  virtual SolveReport solve(ConstMat B, MutMat X) const = 0;
  virtual SolveReport solve_transposed(ConstMat B, MutMat X) const = 0;
  /// X ← A⁻¹ X as the factors of a direct method give it at first, of minimum norm, on this thread: nothing is
  /// measured.
  virtual void precondition(MutMat X) const = 0;
  virtual const Quality& quality() const = 0;
  /// σ_max / σ_min over the nonzero singular values, within a factor of two; computed on first call, then kept.
  virtual double condition_number() const = 0;
};

/// Keeps symbolic analyses between factorizations of matrices that share a pattern; the eigenvectors of a dense matrix
/// that often comes again with another multiple of the identity added; and the last factorization of a matrix that is
/// known by its products alone: one that sends a random vector where the last one sent it, to the last bit, is the same
/// but for rounding. One thread at a time.
class Factorizer {
 public:
  Factorizer();
  ~Factorizer();
  Factorizer(Factorizer&&) noexcept;
  Factorizer& operator=(Factorizer&&) noexcept;

  /// `null_candidates` (n × k, may have no columns): directions suspected to be null vectors, such as translations;
  /// used after a check that A annihilates them. Rows of zeros are found by themselves.
  std::shared_ptr<const Factorization> factorize(OperatorPtr A, const Options&, const Mat& null_candidates);

 private:
  struct Cache;
  std::unique_ptr<Cache> cache_;
};

}  // namespace argscope::linear
