#include "core/optimality/model.h"

#include <fmt/format.h>

#include <cmath>

#include "core/optimality/gauss_newton_mapping.h"
#include "core/optimality/hessian.h"
#include "core/optimality/kinks.h"
#include "core/optimality/least_squares.h"
#include "core/optimality/magnitude.h"
#include "core/optimality/modes.h"
#include "core/optimality/newton_mapping.h"

namespace argscope::optimality {

using namespace expr;

namespace {

/// F as a Function whose ∂₁F knows its structure.
class Mapping final : public Function {
 public:
  explicit Mapping(const ProblemPtr& p)
      : problem_(p),
        values_(p, p->mapping, {p->size}),
        dx_(std::make_shared<Differential>(p, p->mapping, Differential::With::X)),
        hessian_(std::make_shared<const HessianStructure>(p)) {}

  const Shape& shape() const override { return values_.shape(); }
  void value(ConstVec x, ConstVec theta, MutVec y) const override { values_.value(x, theta, y); }
  Linearization linearize(ConstVec x, ConstVec theta) const override {
    Linearization l = values_.linearize(x, theta);
    if (problem_->is_gradient()) l.dx = std::make_shared<HessianOperator>(problem_, dx_, hessian_, x, theta);
    return l;
  }
  bool depends_on_x() const {
    return !problem_->is_gradient() || !hessian_->sums() || hessian_->sums()->depends_on_x();
  }

 private:
  ProblemPtr problem_;
  GraphFunction values_;
  std::shared_ptr<const Differential> dx_;
  std::shared_ptr<const HessianStructure> hessian_;
};

class CompiledModel final : public Model {
 public:
  explicit CompiledModel(ProblemPtr p)
      : problem_(std::move(p)),
        unknowns_(problem_->unknowns()),
        mapping_(problem_),
        symmetries_(translations(*problem_)) {
    if (!problem_->slope.empty()) slope_ = function_of(problem_->slope);
    if (!problem_->bounded.empty()) projection_ = function_of(problem_->bounded);
    if (problem_->minimum >= 0) minimum_ = function_of({problem_->minimum});
    if (!problem_->moved.empty())
      outer_ = std::make_shared<const Differential>(problem_, problem_->mapped, problem_->moved);
    if (problem_->condition == "newton") newton_ = std::make_unique<const NewtonMapping>(mapping_);
    for (const auto& [name, id] : problem_->named)
      functions_.emplace(name, std::make_unique<const GraphFunction>(problem_, Ids{id}, problem_->graph.shape(id)));
    if (problem_->condition != "gauss_newton") return;
    if (!residuals())
      problem_->fail("gauss_newton needs an objective that is a sum of squares, such as sum((f(x) - y)**2)");
    gauss_newton_ = std::make_unique<const GaussNewtonMapping>(mapping_, *residuals());
  }

  const Statement& statement() const override { return *problem_->statement; }
  const std::vector<Slot>& variables() const override { return problem_->variables; }
  const std::vector<Slot>& parameters() const override { return problem_->parameters; }
  const std::vector<Slot>& unknowns() const override { return unknowns_; }
  Index size() const override { return problem_->size; }
  const std::vector<Cone>& cones() const override { return problem_->cones; }
  Index primal_size() const override {
    return problem_->multipliers.empty() ? problem_->size : problem_->multipliers.front().offset;
  }
  Index parameter_size() const override { return problem_->parameter_size; }
  Vec start(ConstVec theta) const override { return completed(start_of(statement()), theta); }
  Vec completed(ConstVec primal, ConstVec theta) const override {
    if (problem_->multipliers.empty()) return primal;
    Vec x = Vec::Zero(size());
    x.head(primal.size()) = primal;
    const Vec F = mapping_.value_at(x, theta);  // with all multipliers zero, F of a constraint is s(x)
    for (std::size_t k = 0; k < problem_->multipliers.size(); ++k) {
      const Slot& m = problem_->multipliers[k];
      if (problem_->cones[k] != Cone::Zero) x.segment(m.offset, m.size()) = -F.segment(m.offset, m.size());
    }
    return x;
  }
  Vec initial_parameters() const override { return parameters_of(statement()); }

  bool has_objective() const override { return problem_->objective >= 0; }
  bool minimizes() const override { return problem_->condition == "stationary"; }
  double objective(ConstVec x, ConstVec theta) const override {
    double f = 0;
    double* const out[] = {&f};
    objective_.get([&] { return compiled({problem_->objective}); }).run(*problem_, x, theta, out);
    return f;
  }
  double objective_and_gradient(ConstVec x, ConstVec theta, MutVec gradient) const override {
    const PointProgram& program = both_.get([&] {
      Ids outs = {problem_->objective};
      outs.insert(outs.end(), problem_->mapping.begin(), problem_->mapping.end());
      return compiled(outs);
    });
    double f = 0;
    std::vector<double*> out = {&f};
    for (const Slot& s : problem_->variables) out.push_back(gradient.data() + s.offset);
    program.run(*problem_, x, theta, out);
    return f;
  }

  const Function* minimum() const override { return minimum_.get(); }

  const Function& optimality() const override {
    if (newton_) return *newton_;
    if (gauss_newton_) return *gauss_newton_;
    return mapping_;
  }
  std::string_view condition() const override { return problem_->condition; }
  std::string_view caveat() const override {
    return gauss_newton_ ? "Gauss-Newton's matrix stands for the Hessian: J is exact only where residuals vanish" : "";
  }
  const Function* slope() const override { return slope_.get(); }
  const Function* projection() const override { return projection_.get(); }
  Vec step_lengths() const override { return problem_->lengths; }
  linear::OperatorPtr outer_slope(ConstVec x, ConstVec theta) const override {
    return outer_ ? std::make_shared<const PointOperator>(problem_, outer_, x, theta) : nullptr;
  }
  const Function* residuals() const override {
    return residuals_
        .get([&] {
          const std::lock_guard lock(problem_->growing);
          const auto r = problem_->is_gradient() ? residuals_of(*problem_, problem_->smooth) : std::nullopt;
          return r ? function_of(*r) : nullptr;
        })
        .get();
  }
  double residual_scale(ConstVec x, ConstVec theta) const override {
    // A mapping of a single term is as large as its own residual: there the scale is a fraction of that at the start.
    constexpr double of_start = 1e-8;
    const double at_start = scale_at_start_.get([&] { return largest_at_start(start(theta)); });
    const double here = newton_ ? largest(x) : largest_term(x, theta);  // Newton's F is a step of x
    return std::isfinite(at_start) ? std::max(here, of_start * at_start) : here;
  }

  const Function* function(std::string_view name) const override {
    const auto it = functions_.find(name);
    return it == functions_.end() ? nullptr : it->second.get();
  }

  bool curvature_depends_on_x() const override { return mapping_.depends_on_x(); }
  KinkMargin kink_margin(ConstVec x, ConstVec theta) const override {
    return kinks().nearest(x, theta, residual_scale(x, theta));
  }
  Vec switches(ConstVec x, ConstVec theta) const override { return kinks().gaps(x, theta); }
  std::string switch_name(Index k) const override { return kinks().name(k); }
  const Mat& symmetries() const override { return symmetries_; }
  std::string name_mode(ConstVec, ConstVec, ConstVec mode) const override { return describe_mode(*problem_, mode); }
  bool holds_at(ConstVec x, ConstVec theta) const override { return problem_->holds_at(x, theta); }

  static Vec start_of(const Statement& s) {
    Vec x(0);
    for (const Variable& v : s.variables) append(x, v.start);
    return x;
  }
  static Vec parameters_of(const Statement& s) {
    Vec theta(0);
    for (const Parameter& p : s.parameters) append(theta, p.value);
    return theta;
  }

 private:
  static void append(Vec& to, const Array& a) {
    const Index n = to.size();
    to.conservativeResize(n + a.shape.size());
    to.tail(a.shape.size()) = Eigen::Map<const Vec>(a.values.data(), a.shape.size());
  }

  /// Several nodes as one vector.
  std::unique_ptr<const GraphFunction> function_of(const Ids& nodes) const {
    Index size = 0;
    for (Id y : nodes) size += problem_->graph.shape(y).size();
    return std::make_unique<const GraphFunction>(problem_, nodes, Shape{size});
  }

  PointProgram compiled(const Ids& outs) const {
    const std::lock_guard lock(problem_->growing);
    return PointProgram(*problem_, outs);
  }

  const Kinks& kinks() const {
    return *kinks_.get([&] {
      const std::lock_guard lock(problem_->growing);
      return std::make_shared<const Kinks>(problem_, problem_->mapping);
    });
  }

  static double largest(ConstVec v) { return v.size() ? v.cwiseAbs().maxCoeff() : 0; }

  double largest_at_start(ConstVec x) const {
    const Vec theta = parameters_of(statement());
    return newton_ ? std::max(largest(x), largest(newton_->value_at(x, theta))) : largest_term(x, theta);
  }

  double largest_term(ConstVec x, ConstVec theta) const {
    const PointProgram& program = terms_.get([&] {
      Ids outs;
      {
        const std::lock_guard lock(problem_->growing);
        for (Id F : problem_->mapping) outs.push_back(magnitude(problem_->graph, F));
      }
      return compiled(outs);
    });
    Vec terms(problem_->size);
    std::vector<double*> out;
    for (const Slot& s : unknowns_) out.push_back(terms.data() + s.offset);
    program.run(*problem_, x, theta, out);
    return terms.size() ? terms.maxCoeff() : 0;
  }

  ProblemPtr problem_;
  std::vector<Slot> unknowns_;
  Mapping mapping_;
  std::unique_ptr<const NewtonMapping> newton_;
  std::unique_ptr<const GaussNewtonMapping> gauss_newton_;
  std::unique_ptr<const GraphFunction> slope_, projection_, minimum_;
  std::shared_ptr<const Differential> outer_;
  Lazy<std::unique_ptr<const GraphFunction>> residuals_;
  Mat symmetries_;
  std::map<std::string, std::unique_ptr<const GraphFunction>, std::less<>> functions_;
  Lazy<PointProgram> objective_, both_, terms_;
  Lazy<double> scale_at_start_;
  Lazy<std::shared_ptr<const Kinks>> kinks_;
};

}  // namespace

ModelPtr build_model(std::shared_ptr<const Statement> statement, ConstVec x, ConstVec theta) {
  return std::make_shared<const CompiledModel>(std::make_shared<const Problem>(std::move(statement), x, theta));
}

ModelPtr build_model(std::shared_ptr<const Statement> statement) {
  const Vec x = CompiledModel::start_of(*statement), theta = CompiledModel::parameters_of(*statement);
  return build_model(std::move(statement), x, theta);
}

ModelPtr model_at(const ModelPtr& model, std::shared_ptr<const Statement> statement, ConstVec x, ConstVec theta) {
  return model->holds_at(x, theta) ? model : build_model(std::move(statement), x, theta);
}

}  // namespace argscope::optimality
