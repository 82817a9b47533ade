// [parameters.NAME]: what a person drags, and the whole numbers that a person chooses.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/io/constants.h"

namespace argscope::io {

namespace {

/// [low, high] of a parameter, as stated; none: not stated.
std::optional<std::pair<double, double>> range_of(const Section& s) {
  const Entry* e = s.find("range");
  if (!e) return std::nullopt;
  const toml::array* a = e->value->as_array();
  if (!a || a->size() != 2 || !a->get(0)->is_number() || !a->get(1)->is_number())
    s.fail(*e, "'range' must be two numbers: range = [low, high]");
  const double low = *a->get(0)->value<double>(), high = *a->get(1)->value<double>();
  if (!std::isfinite(low) || !std::isfinite(high) || low >= high)
    s.fail(*e, "'range' must be two finite numbers, the lower one first");
  return std::pair{low, high};
}

bool read_scale(const Section& s) {
  const std::string scale = s.string("scale", "linear");
  if (scale == "linear" || scale == "log") return scale == "log";
  s.fail(*s.find("scale"),
         fmt::format("'scale' must be \"linear\" or \"log\"{}", did_you_mean(scale, {"linear", "log"})));
}

/// Where none is stated: two decades to each side, or twice the greatest value.
std::pair<double, double> usual_range(const expr::Array& value, bool log_scale) {
  const auto [least, greatest] = std::minmax_element(value.values.begin(), value.values.end());
  if (log_scale) return {*least / 100, *greatest * 100};
  const double reach = 2 * std::max(std::abs(*least), std::abs(*greatest));
  if (reach == 0) return {-1, 1};
  return {*least < 0 ? -reach : 0, reach};
}

void check_range(const Section& s, const optimality::Parameter& p) {
  if (p.log_scale && !(p.low > 0)) {
    const Entry* e = s.find("range") ? s.find("range") : s.find("value");
    s.fail(*e, fmt::format("a logarithmic range must be above 0, but '{}' begins at {}; write scale = \"linear\", or a "
                           "small positive number such as 1e-3",
                           p.name, p.low));
  }
  for (double v : p.value.values)
    if (v < p.low || v > p.high)
      s.fail(*s.find("value"),
             fmt::format("the value {} of '{}' lies outside its range [{}, {}]", v, p.name, p.low, p.high));
}

optimality::Choice read_choice(const Section& s, const Entry& name) {
  s.allow({"value", "range", "label", "integer"});
  optimality::Choice c;
  c.name = name.name;
  c.label = s.string("label", c.name);
  const auto value = s.whole("value");
  if (!value) s.fail_key(name, fmt::format("'value' is missing: the number that '{}' starts with", c.name));
  const auto range = range_of(s).value_or(
      std::pair{std::min(0.0, static_cast<double>(*value)), std::max(99.0, static_cast<double>(*value))});
  c.value = *value;
  c.low = static_cast<Index>(std::ceil(range.first));
  c.high = static_cast<Index>(std::floor(range.second));
  if (c.value < c.low || c.value > c.high)
    s.fail(*s.find("value"),
           fmt::format("the value {} of '{}' lies outside its range [{}, {}]", c.value, c.name, c.low, c.high));
  return c;
}

}  // namespace

bool is_choice(const Section& parameter) { return parameter.flag("integer", false); }

void read_choices(Reading& r, const Section& parameters, const Choices& chosen) {
  Choices left = chosen;
  for (const Entry& e : parameters.entries()) {
    const Section s = parameters.section(e);
    if (!is_choice(s)) continue;
    optimality::Choice c = read_choice(s, e);
    if (const auto it = left.find(c.name); it != left.end()) {
      c.value = it->second;
      c.low = std::min(c.low, c.value);
      c.high = std::max(c.high, c.value);
      left.erase(it);
    }
    r.claim(parameters, e, "a choice");
    r.statement.data.push_back({c.name, {{}, {static_cast<double>(c.value)}}});
    r.statement.choices.push_back(std::move(c));
  }
  if (left.empty()) return;
  std::vector<std::string> names;
  for (const auto& c : r.statement.choices) names.push_back(c.name);
  const std::string& wrong = left.begin()->first;
  parameters.file().fail(fmt::format("the scene has no choice '{}'{}", wrong, did_you_mean(wrong, names)));
}

void read_parameters(Reading& r, const Section& parameters) {
  for (const Entry& e : parameters.entries()) {
    const Section s = parameters.section(e);
    if (is_choice(s)) continue;
    s.allow({"value", "range", "scale", "label", "unit", "integer"});
    const Entry* value = s.find("value");
    if (!value) s.fail_key(e, fmt::format("'value' is missing: where '{}' starts", e.name));
    optimality::Parameter p;
    p.name = e.name;
    p.label = s.string("label", e.name);
    p.unit = s.string("unit", "");
    p.value = read_value(r, s, *value, Known::Data);
    if (p.value.shape.size() == 0) s.fail(*value, fmt::format("'{}' has no elements", e.name));
    p.log_scale = read_scale(s);
    std::tie(p.low, p.high) = range_of(s).value_or(usual_range(p.value, p.log_scale));
    check_range(s, p);
    r.claim(parameters, e, "a parameter");
    r.statement.parameters.push_back(std::move(p));
  }
  if (r.statement.parameters.empty())
    parameters.file().fail("the scene has no parameter to drag; state one: [parameters.theta] with value = 1.0");
}

}  // namespace argscope::io
