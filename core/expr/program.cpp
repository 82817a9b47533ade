#include "core/expr/program.h"

#include <cblas.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "core/expr/plan.h"

namespace argscope::expr {

void Workspace::Free::operator()(double* p) const { std::free(p); }

double* Workspace::reserve(std::size_t doubles) {
  if (doubles > size_) {
    const std::size_t bytes = (doubles * sizeof(double) + 63) / 64 * 64;
    memory_.reset(static_cast<double*>(std::aligned_alloc(64, bytes)));
    if (!memory_) throw std::bad_alloc();
    size_ = bytes / sizeof(double);
  }
  return memory_.get();
}

Program::Program(const Graph& g, const Ids& inputs, const Ids& outputs, int lanes)
    : plan_(std::make_unique<Plan>(Plan::make(g, inputs, outputs, lanes, true))) {}
Program::Program(Plan plan) : plan_(std::make_unique<Plan>(std::move(plan))) {}
Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

int Program::lanes() const { return plan_->lanes; }
std::size_t Program::steps() const { return plan_->steps.size(); }

namespace {

void run_copy(const Copy& c, const Running& now) {
  double* to = now.write(c.to);
  if (c.uniform) {
    std::fill_n(to, c.size * c.times, c.value);
    return;
  }
  const double* from = now.read(c.from);
  for (Index k = 0; k < c.size; ++k) to = std::fill_n(to, c.times, from[k]);
}

/// Our own loops over blocks use the cores; a product inside one of them must not start threads of its own.
void keep_blas_single() {
  static const bool once = [] { return openblas_set_num_threads(1), true; }();
  static_cast<void>(once);
}

}  // namespace

void Program::run(std::span<const double* const> inputs, std::span<double* const> outputs, Workspace& workspace) const {
  keep_blas_single();
  double* memory = workspace.reserve(static_cast<std::size_t>(plan_->memory + plan_->scratch));
  const Running now{inputs, outputs, memory, memory + plan_->memory, plan_.get()};
  for (const Step& step : plan_->steps) {
    if (const auto* loop = std::get_if<Loop>(&step))
      run_loop(*loop, now);
    else if (const auto* whole = std::get_if<WholeArray>(&step))
      run_whole(*whole, plan_->lanes, now);
    else
      run_copy(std::get<Copy>(step), now);
  }
}

Array evaluate_constant(const Graph& g, Id id) {
  const Id out[] = {id};
  for (Id k : reachable(g, out, {}))
    if (g[k].op == Op::Input) throw ShapeError("depends on '" + g[k].name + "', where a constant is needed");
  Array a{g.shape(id), std::vector<double>(static_cast<std::size_t>(g.shape(id).size()))};
  const Program program(Program::Plan::make(g, {}, {id}, 1, false));
  Workspace workspace;
  double* const to[] = {a.values.data()};
  program.run({}, to, workspace);
  return a;
}

}  // namespace argscope::expr
