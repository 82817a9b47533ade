#include "views/frame.h"

#include <cmath>

#include <fmt/format.h>

#include "core/optimality/model.h"

namespace argscope::views {

const live::Field* find(const std::vector<live::Field>& fields, const std::string& name) {
  for (const live::Field& f : fields)
    if (f.name == name && f.value.size() == f.shape.size()) return &f;
  return nullptr;
}

std::string parameter_name(const live::Snapshot& snapshot, Index k) {
  if (snapshot.scene && snapshot.scene->statement) {
    Index first = 0;
    for (const optimality::Parameter& p : snapshot.scene->statement->parameters) {
      const Index size = p.value.shape.size();
      if (k < first + size) return optimality::element_name({{p.name, p.value.shape, 0}}, k - first);
      first += size;
    }
  }
  return fmt::format("θ[{}]", k);
}

std::string partial(const std::string& of, const std::string& wrt) { return fmt::format("∂{}/∂{}", of, wrt); }

const live::Field* Frame::field(const std::string& key) const {
  const auto name = spec->expressions.find(key);
  return name == spec->expressions.end() ? nullptr : find(snapshot->fields, name->second);
}

const live::Field* Frame::ghost_field(const std::string& key) const {
  const auto name = spec->expressions.find(key);
  if (ghost == nullptr || !look.ghost || name == spec->expressions.end()) return nullptr;
  const live::Field* now = field(key);
  const live::Field* then = find(ghost->fields, name->second);
  return now != nullptr && then != nullptr && now->shape == then->shape ? then : nullptr;
}

std::optional<double> Frame::told(const std::string& key) const {
  const auto n = spec->numbers.find(key);
  return n == spec->numbers.end() ? std::nullopt : std::optional(n->second);
}

bool Frame::flag(const std::string& key, bool otherwise) const { return told(key).value_or(otherwise ? 1 : 0) != 0; }

std::string Frame::word(const std::string& key) const {
  const auto w = spec->words.find(key);
  return w == spec->words.end() ? "" : w->second;
}

std::string Frame::listed(const std::string& key, Index k) const {
  const auto list = spec->lists.find(key);
  if (list == spec->lists.end() || k < 0 || k >= static_cast<Index>(list->second.size())) return "";
  return list->second[static_cast<std::size_t>(k)];
}

bool Frame::derivative_known() const { return snapshot->has_jacobian && snapshot->trust.defined; }

std::optional<Vec> Frame::derivative(const live::Field& f, Index k) const {
  if (!derivative_known() || k < 0 || f.value.size() == 0 || f.derivative.rows() != f.value.size()) return std::nullopt;
  const Index column = snapshot->column_of(f.derivative, k);
  if (column < 0 || column >= f.derivative.cols()) return std::nullopt;
  Vec J = f.derivative.col(column);
  return J.allFinite() ? std::optional(std::move(J)) : std::nullopt;
}

std::optional<Vec> Frame::derivative(const live::Field& f) const { return derivative(f, look.column); }

// An arrow is scaled until it is seen: rounding, where nothing moves, must not be.
std::optional<Vec> Frame::arrows(const live::Field& f) const {
  constexpr double rounding = 1e-12;
  std::optional<Vec> J = look.arrows ? derivative(f) : std::nullopt;
  if (!J || J->size() == 0 || look.column >= snapshot->theta.size()) return J;
  const double moved = J->cwiseAbs().maxCoeff() * std::abs(snapshot->theta[look.column]);
  if (moved > 0 && moved <= rounding * f.value.cwiseAbs().maxCoeff()) J->setZero();
  return J;
}

std::string Frame::caption(const std::string& key) const {
  if (const auto s = spec->sources.find(key); s != spec->sources.end()) return s->second;
  const auto e = spec->expressions.find(key);
  return e == spec->expressions.end() ? word(key) : e->second;
}

std::string Frame::element(const std::string& key, Index k) const {
  const live::Field* f = field(key);
  std::string name = caption(key);
  if (name.find_first_of(" +-*/@") != std::string::npos) name = "(" + name + ")";
  return f == nullptr ? name : optimality::element_name({{name, f->shape, 0}}, k);
}

std::string Frame::parameter() const { return parameter_name(*snapshot, look.column); }

Coloring Frame::coloring() const { return {tint_named(word("colormap")), told("low"), told("high"), look.dark}; }

}  // namespace argscope::views
