#include "core/optimality/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/expr/derivatives.h"
#include "core/optimality/conditions.h"
#include "core/optimality/steps.h"

namespace argscope::optimality {

using namespace expr;

namespace {

std::vector<Slot> slots(const auto& stated, auto&& shape_of) {
  std::vector<Slot> all;
  Index offset = 0;
  for (const auto& s : stated) {
    all.push_back({s.name, shape_of(s), offset});
    offset += all.back().size();
  }
  return all;
}

Index total(const std::vector<Slot>& slots) { return slots.empty() ? 0 : slots.back().offset + slots.back().size(); }

[[noreturn]] void fail_at(const Text& text, const std::string& message) {
  throw error_in(text, 0, text.source.size(), message);
}

}  // namespace

/// Finds what a scene's expressions name; a definition is compiled on first use. Definitions stand in an order in which
/// each names only earlier ones, so compiling them does not nest.
class ProblemNames : public Names {
 public:
  explicit ProblemNames(const Problem& p) : problem_(p) {
    const auto put = [&](const std::vector<Slot>& s, const Ids& ids) {
      for (std::size_t k = 0; k < s.size(); ++k) known_[s[k].name] = ids[k];
    };
    put(p.variables, p.x);
    put(p.parameters, p.theta);
  }

  std::optional<Id> find(std::string_view name) override {
    if (const auto it = known_.find(name); it != known_.end()) return it->second;
    for (const NamedArray& d : problem_.statement->data)
      if (d.name == name) return put(name, problem_.graph.constant(d.array.values, d.array.shape));
    return std::nullopt;
  }

  std::vector<std::string> all() const override {
    std::vector<std::string> names;
    for (const auto& [name, id] : known_) names.push_back(name);
    for (const NamedArray& d : problem_.statement->data) names.push_back(d.name);
    return names;
  }

  Id put(std::string_view name, Id id) { return known_[std::string(name)] = id; }
  Id compile(const Text& text) { return expr::compile(problem_.graph, text, *this); }

 private:
  const Problem& problem_;
  std::map<std::string, Id, std::less<>> known_;
};

Problem::Problem(std::shared_ptr<const Statement> stated, ConstVec at_x, ConstVec at_theta)
    : statement(std::move(stated)) {
  variables = slots(statement->variables, [](const Variable& v) { return v.start.shape; });
  parameters = slots(statement->parameters, [](const Parameter& p) { return p.value.shape; });
  size = total(variables);
  parameter_size = total(parameters);
  add_inputs();
  find_all_pairs(at_x, at_theta);
  compile(at_x.head(size), at_theta);
}

void Problem::add_inputs() {
  for (const Slot& s : variables) x.push_back(graph.input(s.name, s.shape, false));
  for (const Slot& s : parameters) theta.push_back(graph.input(s.name, s.shape, false));
  inputs = x;
  inputs.insert(inputs.end(), theta.begin(), theta.end());
}

namespace {

/// The list also holds pairs a little beyond the cutoff, so that it stays complete while x moves a little.
constexpr double skin = 0.1;

void check_box(const Text& text, const Vec& box, const Shape& box_shape, Index dimension) {
  const bool fits = box_shape.rank() == 0 || (box_shape.rank() == 1 && box_shape[0] == dimension);
  if (!fits)
    fail_at(text,
            fmt::format("the box is one length or {}, one an axis; this has shape {}", dimension, box_shape.str()));
  if (!(box.minCoeff() > 0) || !box.allFinite()) fail_at(text, "the edge length of a box must be positive");
}

}  // namespace

void Problem::find_all_pairs(ConstVec at_x, ConstVec at_theta) {
  if (statement->pairs.empty()) return;
  ProblemNames names(*this);
  // definitions that name neither variables nor pairs may stand in a box or a cutoff
  for (const NamedText& d : statement->definitions) {
    try {
      names.put(d.name, names.compile(d.text));
    } catch (const TextError&) {
      continue;  // names pairs, or is wrong: compile() says so
    }
  }
  for (const Pairs& p : statement->pairs) {
    pairs.push_back(found(p, names, at_x, at_theta));
    const FoundPairs& f = pairs.back();
    inputs.insert(inputs.end(), {f.i, f.j, f.image});
  }
}

FoundPairs Problem::found(const Pairs& p, ProblemNames& names, ConstVec at_x, ConstVec at_theta) {
  FoundPairs f;
  f.variable = std::find_if(variables.begin(), variables.end(), [&](const Slot& s) { return s.name == p.of; }) -
               variables.begin();
  if (f.variable == static_cast<Index>(variables.size()))
    fail_at(p.cutoff, "pairs are of a variable; there is none named '" + p.of + "'");
  const Slot& of = variables[static_cast<std::size_t>(f.variable)];
  if (of.shape.rank() != 2 || of.shape[1] < 2 || of.shape[1] > 3)
    fail_at(p.cutoff,
            fmt::format("pairs need positions of shape (k, 2) or (k, 3); '{}' has shape {}", p.of, of.shape.str()));
  f.cutoff = names.compile(p.cutoff);
  if (p.box) f.box = names.compile(*p.box);
  if (graph.shape(f.cutoff).rank() != 0)
    fail_at(p.cutoff, "a cutoff is one number; this has shape " + graph.shape(f.cutoff).str());
  const auto depends = [&](Id on) {
    return graph.depends_on(f.cutoff, on) || (f.box >= 0 && graph.depends_on(f.box, on));
  };
  if (std::any_of(x.begin(), x.end(), depends))
    fail_at(p.cutoff, "box and cutoff of pairs may name data and parameters, not variables");
  f.follows_theta = std::any_of(theta.begin(), theta.end(), depends);
  if (f.box >= 0) f.one_length = graph.shape(f.box).size() == 1;
  if (f.box >= 0 && graph.shape(f.box).size() > 3)
    fail_at(*p.box, "the box is one length or one an axis, not an array of shape " + graph.shape(f.box).str());
  f.measure = std::make_shared<const Program>(graph, theta, f.box < 0 ? Ids{f.cutoff} : Ids{f.cutoff, f.box}, 1);
  const auto [cutoff, box] = measured(f, at_theta);
  if (!(cutoff > 0 && std::isfinite(cutoff)))
    fail_at(p.cutoff, fmt::format("the cutoff of pairs must be a positive number, not {}", cutoff));
  if (p.box) check_box(*p.box, box, graph.shape(f.box), of.shape[1]);
  f.box_lengths = box;
  f.positions = at_x.segment(of.offset, of.size());
  f.listed_cutoff = cutoff * (1 + skin);
  f.list = find_pairs(f.positions.data(), of.shape[0], of.shape[1], f.box_lengths, f.listed_cutoff);
  add_pair_nodes(p.name, f);
  return f;
}

void Problem::add_pair_nodes(const std::string& name, FoundPairs& f) {
  const Id positions = x[static_cast<std::size_t>(f.variable)];
  const Index n = f.list.size();
  f.i = graph.input(name + ".i", {n}, false);
  f.j = graph.input(name + ".j", {n}, false);
  f.image = graph.input(name + ".image", {n, graph.shape(positions)[1]}, false);
  f.displacement = sub(graph, gather(graph, positions, f.i), gather(graph, positions, f.j));
  if (f.box >= 0) f.displacement = sub(graph, f.displacement, mul(graph, f.image, f.box));
  f.distance = norm(graph, f.displacement, 1);
}

std::pair<double, Vec> Problem::measured(const FoundPairs& f, ConstVec at_theta) const {
  double cutoff = 0;
  const Index dimension = variables[static_cast<std::size_t>(f.variable)].shape[1];
  Vec box(f.box < 0 ? 0 : dimension);
  std::vector<const double*> in;
  for (const Slot& s : parameters) in.push_back(at_theta.data() + s.offset);
  std::vector<double*> out = {&cutoff};
  Vec stated(3);  // one length or one an axis
  stated.setConstant(std::numeric_limits<double>::quiet_NaN());
  if (f.box >= 0) out.push_back(stated.data());
  Workspace workspace;
  f.measure->run(in, out, workspace);
  for (Index a = 0; a < box.size(); ++a) box[a] = f.one_length ? stated[0] : stated[a];
  return {cutoff, box};
}

void Problem::compile(ConstVec at_x, ConstVec at_theta) {
  ProblemNames names(*this);
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const std::string& name = statement->pairs[k].name;
    names.put(name + ".i", pairs[k].i);
    names.put(name + ".j", pairs[k].j);
    names.put(name + ".d", pairs[k].displacement);
    names.put(name + ".r", pairs[k].distance);
  }
  for (std::size_t k = 0; k < variables.size(); ++k) named[variables[k].name] = x[k];
  for (std::size_t k = 0; k < parameters.size(); ++k) named[parameters[k].name] = theta[k];
  for (const NamedText& d : statement->definitions) named[d.name] = names.put(d.name, names.compile(d.text));
  if (statement->kind == Kind::Minimize)
    compile_minimum(names, at_x, at_theta);
  else
    compile_equations(names);
  for (const auto& [name, id] : named) names.put(name, id);  // multipliers and slacks may be watched too
  for (const NamedText& o : statement->outputs) named[o.name] = names.put(o.name, names.compile(o.text));
  for (const NamedText& e : statement->expressions) named[e.name] = names.compile(e.text);
}

void Problem::compile_minimum(ProblemNames& names, ConstVec at_x, ConstVec at_theta) {
  const Text& text = statement->problem.front().text;
  smooth = names.compile(text);
  if (graph.shape(smooth).size() != 1)
    fail(fmt::format("what is minimized must be one number; this has shape {} (a sum or mean is missing)",
                     graph.shape(smooth).str()));
  smooth = objective = reshape(graph, smooth, {});
  slope = gradient(graph, smooth, x);
  Clauses clauses;
  for (const Text& c : statement->constraints) clauses.constraints.push_back(read_constraint(graph, c, names));
  if (statement->penalty) clauses.penalties = read_penalty(graph, *statement->penalty, names, x);
  for (const PenaltyTerm& t : clauses.penalties) {
    const Id value = t.clause->placed([&] { return t.penalty->value(graph, *t.arguments); });
    objective = add(graph, objective, mul(graph, t.scale, value));
  }
  minimum = objective;
  const Condition* chosen = &natural_condition(*this, clauses);
  if (statement->condition != "auto") chosen = minimum_condition_named(statement->condition);
  if (!chosen) fail(fmt::format("a minimization has no condition '{}'", statement->condition));
  condition = chosen->name;
  std::vector<double> steps;
  if (chosen->step != Condition::Step::None && statement->step) steps = {*statement->step};
  if (chosen->step != Condition::Step::None && !statement->step)
    steps = safe_steps(*this, at_x, at_theta, chosen->step == Condition::Step::OneEach);
  chosen->build(*this, clauses, steps);
}

void Problem::compile_equations(ProblemNames& names) {
  condition = statement->kind == Kind::Root ? "root" : "fixed_point";
  for (std::size_t k = 0; k < variables.size(); ++k) {
    const Text& text = statement->problem[k].text;
    Id F = names.compile(text);
    if (graph.shape(F) != variables[k].shape)
      throw error_in(text, 0, text.source.size(),
                     fmt::format("the expression for '{}' must have its shape {}, not {}", variables[k].name,
                                 variables[k].shape.str(), graph.shape(F).str()));
    if (statement->kind == Kind::FixedPoint) F = sub(graph, F, x[k]);
    mapping.push_back(F);
  }
}

Id Problem::add_multiplier(const std::string& name, const Shape& shape, Cone cone, const std::string& constraint) {
  const Id v = graph.input(name, shape, false);
  multipliers.push_back({name, shape, size});
  cones.push_back(cone);
  size += shape.size();
  x.push_back(v);
  inputs.push_back(v);
  labels[v] = fmt::format("constraint '{}'", constraint);
  return v;
}

std::vector<Slot> Problem::unknowns() const {
  std::vector<Slot> all = variables;
  all.insert(all.end(), multipliers.begin(), multipliers.end());
  return all;
}

void Problem::fail(const std::string& message) const {
  const Text& text = statement->problem.front().text;
  throw error_in(text, 0, text.source.size(), message);
}

std::vector<const double*> Problem::at(ConstVec at_x, ConstVec at_theta) const {
  std::vector<const double*> pointers;
  pointers.reserve(inputs.size());
  for (const Slot& s : variables) pointers.push_back(at_x.data() + s.offset);
  for (const Slot& s : parameters) pointers.push_back(at_theta.data() + s.offset);
  for (const FoundPairs& f : pairs)
    pointers.insert(pointers.end(), {f.list.i.data(), f.list.j.data(), f.list.image.data()});
  for (const Slot& s : multipliers) pointers.push_back(at_x.data() + s.offset);
  return pointers;
}

namespace {

/// How many boxes two of the listed positions are apart along an axis, at most; one at least.
double boxes_between(const FoundPairs& f, const Vec& box) {
  const Index d = box.size();
  double most = 1;
  for (Index a = 0; a < d && f.positions.size() > 0; ++a) {
    const auto along = f.positions(Eigen::seqN(a, f.positions.size() / d, d));
    most = std::max(most, (along.maxCoeff() - along.minCoeff()) / box[a]);
  }
  return most;
}

}  // namespace

bool Problem::holds_at(ConstVec at_x, ConstVec at_theta) const {
  for (const FoundPairs& f : pairs) {
    const Slot& of = variables[static_cast<std::size_t>(f.variable)];
    double reach = 0, farthest = 0, cutoff = f.listed_cutoff / (1 + skin);
    if (f.follows_theta) {
      const auto [now, box] = measured(f, at_theta);
      cutoff = now;
      // an image may be several boxes away; its distance then changes by as many edge lengths
      if (box.size() > 0)
        reach = (box - f.box_lengths).norm() * (1 + boxes_between(f, box) + f.listed_cutoff / box.minCoeff());
    }
    for (Index p = 0; p < of.shape[0]; ++p) {
      const Index d = of.shape[1];
      farthest = std::max(farthest, (at_x.segment(of.offset + p * d, d) - f.positions.segment(p * d, d)).squaredNorm());
    }
    if (!(cutoff + 2 * std::sqrt(farthest) + reach <= f.listed_cutoff)) return false;
  }
  return true;
}

}  // namespace argscope::optimality
