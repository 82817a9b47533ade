#pragma once
/// A + μI, and how large μ must be for it to be positive definite.

#include "core/linear/factorize.h"

namespace argscope::solve {

/// A + μI with the structure of A; a sparse A whose pattern has its whole diagonal shares the pattern.
linear::OperatorPtr shifted(const linear::OperatorPtr& A, double mu);

/// About the size of A's entries: the largest number on the diagonal of a sparse or dense A, else |A g| / |g|.
double magnitude(const linear::LinearOperator& A, const Vec& g);

/// The method that finds out cheaply whether it can solve with A: sparse for a large sparse symmetric A, else
/// automatic.
linear::Method quick_method(const linear::LinearOperator& A);

/// The same for a symmetric A that is only of use when positive definite.
linear::Method definite_method(const linear::LinearOperator& A);

/// The symmetric A + μI is positive definite as far as the factorization can tell, and can be solved with.
bool positive(const linear::Quality&);

}  // namespace argscope::solve
