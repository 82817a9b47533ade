#pragma once
/// Small statements for tests, written as a scene would be.

#include <memory>
#include <string>

#include "core/optimality/model.h"

namespace argscope::optimality {

struct Written {
  std::vector<Variable> variables;
  std::vector<Parameter> parameters;
  std::vector<NamedArray> data;
  std::vector<Pairs> pairs;
  std::vector<std::pair<std::string, std::string>> definitions, outputs;
  std::string minimize;
  std::vector<std::string> root, fixed_point;
  std::string penalty;
  std::vector<std::string> constraints;
  std::string condition = "auto";
  std::optional<double> step;
};

inline expr::Text text(const std::string& source) { return {source, {"test", 1, 1}}; }

inline std::shared_ptr<const Statement> stated(const Written& w) {
  auto s = std::make_shared<Statement>();
  s->variables = w.variables;
  s->parameters = w.parameters;
  s->data = w.data;
  s->pairs = w.pairs;
  for (const auto& [name, source] : w.definitions) s->definitions.push_back({name, text(source)});
  for (const auto& [name, source] : w.outputs) s->outputs.push_back({name, text(source)});
  s->kind = !w.minimize.empty() ? Kind::Minimize : !w.root.empty() ? Kind::Root : Kind::FixedPoint;
  if (!w.minimize.empty()) s->problem.push_back({"minimize", text(w.minimize)});
  for (const std::string& source : w.root) s->problem.push_back({"root", text(source)});
  for (const std::string& source : w.fixed_point) s->problem.push_back({"fixed_point", text(source)});
  if (!w.penalty.empty()) s->penalty = text(w.penalty);
  for (const std::string& source : w.constraints) s->constraints.push_back(text(source));
  s->condition = w.condition;
  s->step = w.step;
  return s;
}

inline Parameter parameter(const std::string& name, expr::Array value) {
  Parameter p;
  p.name = name;
  p.value = std::move(value);
  p.low = 0.01;
  p.high = 10;
  return p;
}

inline expr::Array filled(const expr::Shape& shape, auto&& value_of) {
  expr::Array a{shape, {}};
  for (Index k = 0; k < shape.size(); ++k) a.values.push_back(value_of(k));
  return a;
}

}  // namespace argscope::optimality
