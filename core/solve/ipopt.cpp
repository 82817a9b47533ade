/// Ipopt for equalities and inequalities, linear or not: it sees f, ∇f, s(x) and ∂s; its solution and multipliers
/// become a place from which Newton's method finishes.

#include <IpIpoptApplication.hpp>
#include <IpSolveStatistics.hpp>
#include <IpTNLP.hpp>
#include <algorithm>
#include <cmath>

#include "core/solve/walk.h"

namespace argscope::solve {

namespace {

using Ipopt::Index;
using Ipopt::Number;

class Program final : public Ipopt::TNLP {
 public:
  explicit Program(Walk& walk)
      : walk_(walk),
        n_(walk.here().model->primal_size()),
        m_(walk.size() - n_),
        free_(Vec::Constant(m_, 1)),
        x(walk.here().x.head(n_)),
        y(Vec::Zero(m_)) {
    const auto& model = *walk.here().model;
    for (std::size_t k = 0; k < model.cones().size(); ++k) {
      const auto& slot = model.unknowns()[model.variables().size() + k];
      if (model.cones()[k] == optimality::Cone::Nonnegative) free_.segment(slot.offset - n_, slot.size()).setZero();
    }
  }

  bool get_nlp_info(Index& n, Index& m, Index& entries, Index& hessian, IndexStyleEnum& style) override {
    n = static_cast<Index>(n_), m = static_cast<Index>(m_);
    entries = n * m, hessian = 0;
    style = C_STYLE;
    return true;
  }
  bool get_bounds_info(Index, Number* low, Number* high, Index, Number* least, Number* most) override {
    std::fill_n(low, n_, -1e19), std::fill_n(high, n_, 1e19), std::fill_n(least, m_, 0.0);
    for (argscope::Index i = 0; i < m_; ++i) most[i] = free_[i] != 0 ? 0 : 1e19;
    return true;
  }
  bool get_starting_point(Index, bool, Number* start, bool, Number*, Number*, Index, bool, Number*) override {
    std::copy_n(x.data(), n_, start);
    return true;
  }
  bool eval_f(Index, const Number* at, bool, Number& f) override {
    f = walk_.here().model->objective(state(at), walk_.theta());
    return std::isfinite(f);
  }
  bool eval_grad_f(Index, const Number* at, bool, Number* g) override {
    const Vec slope = walk_.here().model->slope()->value_at(state(at), walk_.theta());
    std::copy_n(slope.data(), n_, g);
    return slope.allFinite();
  }
  /// With all multipliers zero, F of a constraint is s(x).
  bool eval_g(Index, const Number* at, bool, Index, Number* s) override {
    const Vec F = walk_.here().model->optimality().value_at(state(at), walk_.theta());
    std::copy_n(F.data() + n_, m_, s);
    return F.allFinite();
  }
  bool eval_jac_g(Index, const Number* at, bool, Index, Index, Index* row, Index* col, Number* values) override {
    if (!values) {
      for (Index i = 0, e = 0; i < m_; ++i)
        for (Index j = 0; j < n_; ++j, ++e) row[e] = i, col[e] = j;
      return true;
    }
    const Mat M = walk_.here().model->optimality().linearize(state(at), walk_.theta()).dx->dense();
    for (Index i = 0, e = 0; i < m_; ++i)
      for (Index j = 0; j < n_; ++j, ++e) values[e] = M(n_ + i, j);
    return M.allFinite();
  }
  bool intermediate_callback(Ipopt::AlgorithmMode, Index, Number, Number, Number, Number, Number, Number, Number,
                             Number, Index, const Ipopt::IpoptData*, Ipopt::IpoptCalculatedQuantities*) override {
    return walk_.verdict() != Status::Cancelled;
  }
  void finalize_solution(Ipopt::SolverReturn, Index, const Number* at, const Number*, const Number*, Index,
                         const Number*, const Number* lambda, Number, const Ipopt::IpoptData*,
                         Ipopt::IpoptCalculatedQuantities*) override {
    x = Eigen::Map<const Vec>(at, n_);
    y = -Eigen::Map<const Vec>(lambda, m_);  // its Lagrangian adds λᵀs where ours subtracts yᵀs
  }

  /// (x, v) with v = y − s.
  Vec solution() {
    Vec s(m_), z(n_ + m_);
    eval_g(0, x.data(), true, 0, s.data());
    for (argscope::Index i = 0; i < m_; ++i)
      z[n_ + i] = free_[i] != 0 ? y[i] : (y[i] > s[i] ? std::max(y[i], 0.0) : -std::max(s[i], 0.0));
    z.head(n_) = x;
    return z;
  }

 private:
  Vec state(const Number* at) const {
    Vec z = Vec::Zero(n_ + m_);
    z.head(n_) = Eigen::Map<const Vec>(at, n_);
    return z;
  }

  Walk& walk_;
  argscope::Index n_, m_;
  Vec free_;  ///< 1: an equality

 public:
  Vec x, y;
};

}  // namespace

Status ipopt(Walk& walk, double tolerance) {
  const Ipopt::SmartPtr<Program> program = new Program(walk);
  const Ipopt::SmartPtr<Ipopt::IpoptApplication> solver = IpoptApplicationFactory();
  const auto options = solver->Options();
  options->SetIntegerValue("print_level", 0);
  options->SetStringValue("sb", "yes");
  options->SetStringValue("hessian_approximation", "limited-memory");
  options->SetNumericValue("tol", std::max(1e-9, tolerance));
  options->SetIntegerValue("max_iter", walk.options().iterations.value_or(3000));
  const bool ready = solver->Initialize() == Ipopt::Solve_Succeeded;
  const auto status = ready ? solver->OptimizeTNLP(program) : Ipopt::Internal_Error;
  walk.trial().x = program->solution();
  walk.evaluate_trial();
  const auto statistics = solver->Statistics();
  if (std::isfinite(walk.trial().residual)) walk.accept(IsValid(statistics) ? statistics->IterationCount() : 0);
  switch (status) {
    case Ipopt::Solve_Succeeded:
    case Ipopt::Solved_To_Acceptable_Level: return Status::Converged;
    case Ipopt::Infeasible_Problem_Detected: walk.explain("no point satisfies the constraints, says Ipopt"); break;
    case Ipopt::Diverging_Iterates:
      walk.explain("the objective falls without end within the constraints, says Ipopt");
      break;
    case Ipopt::User_Requested_Stop: return Status::Cancelled;
    case Ipopt::Maximum_Iterations_Exceeded: return Status::IterationLimit;
    default: walk.explain("Ipopt ended without a solution");
  }
  return Status::Stalled;
}

}  // namespace argscope::solve
