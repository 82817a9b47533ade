#pragma once
/// The values that a snapshot carries (every variable, output and view expression) and their derivatives.

#include "core/live/session.h"

namespace argscope::live {

/// More derivative entries than these are not kept for one field; one column is.
inline constexpr Index most_entries = 4'000'000;

/// Values only.
std::vector<Field> evaluate_fields(const optimality::Model&, const Vec& x, const Vec& theta);

/// Fills every field's derivative from J, all columns or only_column. Fields of few elements get all columns by adjoint
/// solves where J has just one. False: stopped.
bool differentiate_fields(Snapshot&, const sensitivity::Sensitivity&, std::stop_token);

}  // namespace argscope::live
