#include "core/io/constants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/expr/program.h"

namespace argscope::io {

namespace {

using expr::Array;
using expr::Id;
using expr::Shape;

/// Names of values that are known already.
class KnownNames : public expr::Names {
 public:
  KnownNames(expr::Graph& g, const Reading& r, Known known) : graph_(g), reading_(r), known_(known) {
    for (const auto& d : r.statement.definitions) place_of_.emplace(d.name, place_of_.size());
  }

  std::optional<Id> find(std::string_view name) override {
    if (const auto it = found_.find(name); it != found_.end()) return it->second;
    const auto id = look_up(name);
    if (id) found_[std::string(name)] = *id;
    return id;
  }

  std::vector<std::string> all() const override {
    std::vector<std::string> names;
    for (const auto& [name, what] : reading_.names) names.push_back(name);
    return names;
  }

 private:
  std::optional<Id> look_up(std::string_view name) {
    const optimality::Statement& s = reading_.statement;
    for (const auto& d : s.data)
      if (d.name == name) return constant(d.array);
    if (known_ == Known::Everything) {
      for (const auto& p : s.parameters)
        if (p.name == name) return constant(p.value);
      if (const auto id = definition(name)) return id;
    }
    const auto it = reading_.names.find(std::string(name));
    if (it == reading_.names.end()) return std::nullopt;
    throw expr::ShapeError(fmt::format("'{}' is {}, which is not known here: {}", name, it->second,
                                       known_ == Known::Data
                                           ? "only data and choices may be named, each after it is stated"
                                           : "no variable may be named"));
  }

  /// Compiles what the definition needs first, in order, so that a long line of definitions does not nest.
  std::optional<Id> definition(std::string_view name) {
    const auto& all = reading_.statement.definitions;
    const auto wanted = place_of_.find(name);
    if (wanted == place_of_.end()) return std::nullopt;
    std::set<std::size_t> needed{wanted->second};
    for (auto k = needed.rbegin(); k != needed.rend(); ++k)
      for (const auto& use : expr::names_used(all[*k].text))
        if (const auto other = place_of_.find(use.name); other != place_of_.end() && !found_.contains(use.name))
          needed.insert(other->second);
    for (auto k : needed) {
      const auto& d = all[k];
      found_[d.name] = expr::compile(graph_, d.text, *this);
    }
    return found_.find(name)->second;
  }

  Id constant(const Array& a) {
    if (a.shape.rank() == 0) return graph_.constant(a.values[0], a.shape);
    return graph_.constant(a.values, a.shape);
  }

  expr::Graph& graph_;
  const Reading& reading_;
  Known known_;
  std::map<std::string_view, std::size_t> place_of_;  ///< of each definition
  std::map<std::string, Id, std::less<>> found_;
};

Array evaluated(Reading& r, const expr::Text& text, Known known) {
  expr::Graph g;
  KnownNames names(g, r, known);
  const Id id = expr::compile(g, text, names);
  return expr::evaluate_constant(g, id);
}

/// Reads nested arrays without recursion deeper than an array has axes.
class Literal {
 public:
  Literal(const Section& s, const toml::node& n) : section_(s) { add(n, 0); }

  Array take() { return {shape_, std::move(values_)}; }

 private:
  void add(const toml::node& n, int level) {
    if (const toml::array* a = n.as_array()) {
      if (level >= Shape::max_rank) section_.file().fail(n.source(), "an array has at most 4 axes");
      const auto length = static_cast<Index>(a->size());
      if (length == 0) section_.file().fail(n.source(), "an empty array has no meaning here");
      if (level == shape_.rank() && values_.empty()) shape_ = shape_.appended(length);
      if (level >= shape_.rank() || shape_[level] != length) ragged(n);
      for (const toml::node& child : *a) add(child, level + 1);
      return;
    }
    if (!n.is_number()) section_.file().fail(n.source(), fmt::format("expected a number, not {}", type_of(n)));
    if (level != shape_.rank()) ragged(n);
    values_.push_back(n.value<double>().value_or(0));
  }

  [[noreturn]] void ragged(const toml::node& n) const {
    section_.file().fail(n.source(), "the rows of an array must have one length");
  }

  const Section& section_;
  Shape shape_;
  std::vector<double> values_;
};

void check_finite(const Section& s, const Entry& e, const Array& a) {
  for (std::size_t k = 0; k < a.values.size(); ++k)
    if (!std::isfinite(a.values[k]))
      s.fail(e, fmt::format("'{}' is not finite: element {} is {}", e.name,
                            element_place(a.shape, static_cast<Index>(k)), a.values[k]));
}

}  // namespace

Array read_value(Reading& r, const Section& s, const Entry& e, Known known) {
  const toml::node& n = *e.value;
  Array a;
  if (n.is_number())
    a = {{}, {n.value<double>().value_or(0)}};
  else if (n.is_array())
    a = Literal(s, n).take();
  else if (n.is_string())
    a = evaluated(r, r.expression(s, e), known);
  else
    s.fail(e, fmt::format("'{}' must be a number, an array or an expression in quotes, not {}", e.name, type_of(n)));
  check_finite(s, e, a);
  return a;
}

Index read_whole(Reading& r, const Section& s, const Entry& e, Index least) {
  const Array a = read_value(r, s, e, Known::Data);
  const double v = a.shape.size() == 1 ? a.values[0] : 0.5;
  if (v != std::floor(v) || std::abs(v) > 1e15) s.fail(e, fmt::format("'{}' must be a whole number", e.name));
  if (v < static_cast<double>(least)) s.fail(e, fmt::format("'{}' must be at least {}, not {}", e.name, least, v));
  return static_cast<Index>(v);
}

Shape read_shape(Reading& r, const Section& s, const Entry& e) {
  Shape shape;
  double size = 1;
  auto append = [&](const toml::node& n) {
    if (shape.rank() == Shape::max_rank) s.file().fail(n.source(), "an array has at most 4 axes");
    const Entry length{e.name, e.at, &n};
    shape = shape.appended(read_whole(r, s, length, 1));
    size *= static_cast<double>(shape[shape.rank() - 1]);
  };
  if (const toml::array* a = e.value->as_array()) {
    for (const toml::node& n : *a) append(n);
  } else {
    append(*e.value);
  }
  if (size > 1e9) s.fail(e, "an array of this shape is too large");
  return shape;
}

Array fitted(const Section& s, const Entry& e, const Array& a, const Shape& shape) {
  if (a.shape == shape) return a;
  if (a.shape.rank() != 0)
    s.fail(e, fmt::format("'{}' has shape {}, but {} is expected", e.name, a.shape.str(), shape.str()));
  return {shape, std::vector<double>(static_cast<std::size_t>(shape.size()), a.values[0])};
}

std::string element_place(const Shape& shape, Index k) {
  std::string place;
  for (int axis = shape.rank(); axis-- > 0; k /= shape[axis])
    place = std::to_string(k % shape[axis]) + (place.empty() ? "" : ", ") + place;
  return place.empty() ? "" : "[" + place + "]";
}

}  // namespace argscope::io
