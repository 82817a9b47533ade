#include "app/knob.h"

#include <QStringList>
#include <algorithm>

namespace argscope::app {
namespace {

QString element_suffix(const expr::Shape& shape, Index element) {
  if (shape.rank() == 0) return {};
  QStringList places;
  Index rest = element;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    places.prepend(QString::number(rest % shape[axis]));
    rest /= shape[axis];
  }
  return u'[' + places.join(QStringLiteral(", ")) + u']';
}

}  // namespace

std::vector<Knob> knobs_of(const optimality::Statement& statement) {
  std::vector<Knob> knobs;
  for (std::size_t p = 0; p < statement.parameters.size(); ++p) {
    const optimality::Parameter& parameter = statement.parameters[p];
    for (std::size_t e = 0; e < parameter.value.values.size(); ++e) {
      Knob knob;
      knob.parameter = p;
      knob.element = static_cast<Index>(e);
      knob.index = static_cast<Index>(knobs.size());
      const QString suffix = element_suffix(parameter.value.shape, knob.element);
      knob.name = QString::fromStdString(parameter.name) + suffix;
      knob.label = parameter.label.empty() ? QString() : QString::fromStdString(parameter.label) + suffix;
      knob.unit = QString::fromStdString(parameter.unit);
      knob.reset_value = parameter.value.values[e];
      knob.low = parameter.low;
      knob.high = parameter.high;
      knob.log_scale = parameter.log_scale;
      widen(knob, knob.reset_value);
      knobs.push_back(std::move(knob));
    }
  }
  return knobs;
}

Vec reset_values(const std::vector<Knob>& knobs) {
  Vec theta(static_cast<Index>(knobs.size()));
  for (const Knob& knob : knobs) theta(knob.index) = knob.reset_value;
  return theta;
}

void widen(Knob& knob, double value) {
  knob.low = std::min(knob.low, value);
  knob.high = std::max(knob.high, value);
  if (knob.low <= 0) knob.log_scale = false;
}

}  // namespace argscope::app
