#include "core/live/fields.h"

#include <algorithm>

#include "core/sensitivity/along.h"

namespace argscope::live {

namespace {

Mat unit_column(Index size, Index k) {
  Mat e = Mat::Zero(size, 1);
  e(k, 0) = 1;
  return e;
}

/// ∂₁h J + ∂₂h, for the columns of θ that J has.
Mat through(const optimality::Function& h, const Snapshot& at, const Mat& J) {
  if (J.cols() < at.theta.size())
    return sensitivity::along(h, at.solution.x, at.theta, J, unit_column(at.theta.size(), at.only_column));
  const auto [dx, dtheta] = h.linearize(at.solution.x, at.theta);
  Mat result(h.shape().size(), J.cols());
  dx->apply(J, result);
  return result + dtheta->dense();
}

/// A field that is a variable has its rows of J.
const optimality::Slot* variable(const optimality::Model& model, const std::string& name) {
  const auto& slots = model.variables();
  const auto slot = std::ranges::find(slots, name, &optimality::Slot::name);
  return slot == slots.end() ? nullptr : &*slot;
}

bool differentiate_field(Field& field, const Snapshot& at, const sensitivity::Sensitivity& s, std::stop_token stop) {
  const Index p = at.theta.size();
  if (const auto* slot = variable(*at.model, field.name)) {
    field.derivative = at.J.middleRows(slot->offset, slot->size());
    return true;
  }
  const auto* h = at.model->function(field.name);
  const bool all_by_adjoints = at.J.cols() != p && field.value.size() <= 8 && field.value.size() * p <= most_entries;
  if (all_by_adjoints) {
    field.derivative = s.total(*h, stop);
    return field.derivative.cols() == p;
  }
  const bool one = field.value.size() * p > most_entries && p > 1;
  if (one && at.only_column < 0) return true;
  field.derivative = through(*h, at, one ? Mat(at.J.col(at.column_of(at.J, at.only_column))) : at.J);
  return !stop.stop_requested();
}

}  // namespace

std::vector<Field> evaluate_fields(const optimality::Model& model, const Vec& x, const Vec& theta) {
  std::vector<Field> fields;
  for (const auto& slot : model.variables())
    fields.push_back({slot.name, slot.shape, x.segment(slot.offset, slot.size()), {}});
  const auto add = [&](const std::vector<optimality::NamedText>& named) {
    for (const auto& text : named)
      if (const auto* h = model.function(text.name))
        fields.push_back({text.name, h->shape(), h->value_at(x, theta), {}});
  };
  add(model.statement().outputs);
  add(model.statement().expressions);
  return fields;
}

bool differentiate_fields(Snapshot& snapshot, const sensitivity::Sensitivity& s, std::stop_token stop) {
  for (Field& field : snapshot.fields)
    if (!differentiate_field(field, snapshot, s, stop)) return false;
  return true;
}

}  // namespace argscope::live
