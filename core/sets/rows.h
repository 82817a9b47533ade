#pragma once
/// Words for building sets: the rows of an array's last axis and the arguments that go with them.

#include "core/expr/functions.h"
#include "core/expr/routine.h"
#include "core/sets/sets.h"

namespace argscope::sets {

using expr::Arguments;
using expr::Graph;
using expr::Id;
using expr::Ids;
using expr::Op;
using expr::Shape;

Id row_sum(Graph&, Id a);        ///< keeps the axis, with length 1
Id row_norm(Graph&, Id a);       ///< Euclidean, keeps the axis; derivative 0 at 0
Id positive_part(Graph&, Id a);  ///< max(0, a), with derivative 0 at 0
Id less(Graph&, Id a, Id b);     ///< the mask a < b
Id is_positive(Graph&, Id a);    ///< the mask 0 < a
/// a/b, and 0 where b is 0; b ≥ 0.
Id ratio_or_zero(Graph&, Id a, Id b);

Index row_length(const Graph&, Id z);  ///< of the last axis; a scalar is refused
Index row_count(const Graph&, Id z);
/// z as a matrix, a row of its last axis each.
Id as_matrix(Graph&, Id z);
/// Columns first … first + count of a matrix, as (rows, count) or another shape of that size.
Id columns(Graph&, Id matrix, Index first, Index count);
/// Entry `at` of each row, as (…, 1); entries `first`, first + 1, …
Id entry_of_rows(Graph&, Id z, Index at);
Id rest_of_rows(Graph&, Id z, Index first);
/// M v for each row: M (rows, n, k), v (rows, k).
Id rowwise_product(Graph&, Id M, Id v);

/// Argument k: numbers that broadcast to the shape of z.
Id per_entry(Graph&, const Arguments&, std::size_t k, Id z);
/// Argument k: one number, or one for each row of z; broadcasts against (…, 1).
Id per_row(Graph&, const Arguments&, std::size_t k, Id z);
/// Argument k, one a row, or `otherwise` when left out; a negative one is refused, or becomes not-a-number.
Id radius(Graph&, const Arguments&, std::size_t k, Id z, double otherwise);
/// low − z ≤ 0 and z − high ≤ 0; a bound that is infinite everywhere is no constraint.
Constraints between(Graph&, Id z, Id low, Id high);
/// a where the mask holds, not-a-number elsewhere.
Id only_where(Graph&, Id mask, Id a);

}  // namespace argscope::sets
