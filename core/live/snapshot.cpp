#include <algorithm>

#include "core/live/session.h"

namespace argscope::live {

const Field* Snapshot::field(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

Index Snapshot::column_of(const Mat& derivative, Index k) const {
  if (derivative.cols() == theta.size()) return k;
  return derivative.cols() == 1 && only_column == k ? 0 : -1;
}

namespace {

/// value + derivative · Δθ; false where a column that is needed is not there.
bool moved(const Snapshot& from, const Mat& derivative, const Vec& difference, Vec& value) {
  if (derivative.cols() == difference.size()) {
    value += derivative * difference;
    return true;
  }
  for (Index k = 0; k < difference.size(); ++k) {
    if (difference[k] == 0) continue;
    const Index column = from.column_of(derivative, k);
    if (column < 0) return false;
    value += derivative.col(column) * difference[k];
  }
  return true;
}

}  // namespace

Ghost predict(const Snapshot& from, ConstVec theta) {
  if (!from.has_jacobian || from.J.cols() == 0 || theta.size() != from.theta.size()) return {};
  const Vec difference = theta - from.theta;
  Ghost ghost{theta, from.solution.x.head(from.J.rows()), {}};
  if (!moved(from, from.J, difference, ghost.x)) return {};
  for (const Field& field : from.fields) {
    Field guess{field.name, field.shape, field.value, {}};
    if (moved(from, field.derivative, difference, guess.value)) ghost.fields.push_back(std::move(guess));
  }
  return ghost;
}

}  // namespace argscope::live
