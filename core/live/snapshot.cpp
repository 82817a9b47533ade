#include <algorithm>
#include <optional>

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

/// The course of the only entry of θ that moves, and how far along it that is; none: several move, or it is not known.
std::optional<std::pair<const Course*, double>> course_to(const Snapshot& from, const Vec& difference) {
  Index entry = 0;
  if (difference.size() == 0 || difference.cwiseAbs().maxCoeff(&entry) == 0) return std::nullopt;
  if ((difference.array() != 0).count() != 1) return std::nullopt;
  for (const Course& course : from.courses) {
    const double t = difference[entry] / (course.goal - from.theta[entry]);
    if (course.element == entry && t > 0) return std::pair{&course, t};
  }
  return std::nullopt;
}

/// Beyond the first switch; the last stretch goes on where the course ends.
Ghost beyond_switch(const Snapshot& from, ConstVec theta, const Course& course, double t) {
  const auto later = [&](const Stretch& s) { return t <= s.piece.to; };
  const auto it = std::ranges::find_if(course.stretches, later);
  const Stretch& stretch = it == course.stretches.end() ? course.stretches.back() : *it;
  const double along = t - stretch.piece.from;
  Ghost ghost{theta, (stretch.piece.x + along * stretch.piece.slope).head(from.J.rows()), {}};
  for (const Field& field : stretch.fields)
    ghost.fields.push_back({field.name, field.shape, field.value + along * field.derivative.col(0), {}});
  return ghost;
}

}  // namespace

Ghost predict(const Snapshot& from, ConstVec theta) {
  if (!from.has_jacobian || from.J.cols() == 0 || theta.size() != from.theta.size()) return {};
  const Vec difference = theta - from.theta;
  if (const auto course = course_to(from, difference); course && course->second > course->first->stretches[0].piece.to)
    return beyond_switch(from, theta, *course->first, course->second);
  Ghost ghost{theta, from.solution.x.head(from.J.rows()), {}};
  if (!moved(from, from.J, difference, ghost.x)) return {};
  for (const Field& field : from.fields) {
    Field guess{field.name, field.shape, field.value, {}};
    if (moved(from, field.derivative, difference, guess.value)) ghost.fields.push_back(std::move(guess));
  }
  return ghost;
}

}  // namespace argscope::live
