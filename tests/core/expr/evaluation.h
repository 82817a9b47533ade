#pragma once
/// Text → numbers, for tests of the language.

#include <map>

#include "core/expr/language.h"
#include "core/expr/program.h"

namespace argscope::expr {

using Values = std::map<std::string, Array, std::less<>>;

/// Names that stand for given values: as constants, or as inputs whose values are not known.
class GivenNames : public Names {
 public:
  GivenNames(Graph& g, const Values& values, bool as_inputs) : graph_(g), values_(values), as_inputs_(as_inputs) {}

  std::optional<Id> find(std::string_view name) override {
    const auto it = values_.find(name);
    if (it == values_.end()) return std::nullopt;
    if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
    const Array& a = it->second;
    const Id id = as_inputs_ ? graph_.input(it->first, a.shape, false) : graph_.constant(a.values, a.shape);
    if (as_inputs_) inputs.push_back(id), pointers.push_back(a.values.data());
    return ids_[it->first] = id;
  }

  std::vector<std::string> all() const override {
    std::vector<std::string> names;
    for (const auto& [name, value] : values_) names.push_back(name);
    return names;
  }

  Ids inputs;
  std::vector<const double*> pointers;

 private:
  Graph& graph_;
  const Values& values_;
  bool as_inputs_;
  std::map<std::string, Id, std::less<>> ids_;
};

inline Array evaluate(const Text& text, const Values& values) {
  Graph g;
  GivenNames names(g, values, false);
  return evaluate_constant(g, compile(g, text, names));
}

/// The same, through a program whose inputs are the values.
inline Array run(const Text& text, const Values& values) {
  Graph g;
  GivenNames names(g, values, true);
  const Id y = compile(g, text, names);
  Array result{g.shape(y), std::vector<double>(static_cast<std::size_t>(g.shape(y).size()))};
  double* out = result.values.data();
  Workspace workspace;
  Program(g, names.inputs, {y}, 1).run(names.pointers, {&out, 1}, workspace);
  return result;
}

/// What the language says to a wrong text; empty when it says nothing.
inline std::string complaint(const Text& text, const Values& values) {
  Graph g;
  GivenNames names(g, values, true);
  try {
    compile(g, text, names);
  } catch (const TextError& e) {
    return e.what();
  }
  return "";
}

}  // namespace argscope::expr
