#pragma once
/// A Statement made computable: x is all variables flattened and joined in file order, and behind them the multipliers
/// when the optimality condition has some; θ is all parameters likewise.
/// A Model is immutable and thread-safe. Pair lists are part of it: when x has moved far, `at` gives a renewed one.

#include <memory>

#include "core/expr/shape.h"
#include "core/linear/operator.h"
#include "core/optimality/statement.h"

namespace argscope::optimality {

/// ∂₁ and ∂₂ of a function of (x, θ), frozen at one point.
struct Linearization {
  linear::OperatorPtr dx, dtheta;
};

/// y = h(x, θ), an array-valued expression. y is flattened row-major.
class Function {
 public:
  virtual ~Function() = default;
  virtual const expr::Shape& shape() const = 0;
  virtual void value(ConstVec x, ConstVec theta, MutVec y) const = 0;
  virtual Linearization linearize(ConstVec x, ConstVec theta) const = 0;
  Vec value_at(ConstVec x, ConstVec theta) const;
};

/// Where the numbers of one variable or parameter stand in x or θ.
struct Slot {
  std::string name;
  expr::Shape shape;
  Index offset = 0;
  Index size() const { return shape.size(); }
};

/// The cone K that a block of constraints s(x) ∈ K is about; its multipliers y ∈ K* stand in x as v = y − s.
enum class Cone { Zero, Nonnegative, Other };

/// A place where a derivative may switch: the smallest |a − b| of a comparison, |x| of an abs, gap of a maximum.
struct KinkMargin {
  double value = 0;   ///< relative to the size of its operands; infinity: nothing can switch
  std::string where;  ///< "where(near.r < s, …), element 17"
};

class Model {
 public:
  virtual ~Model() = default;
  virtual const Statement& statement() const = 0;
  virtual const std::vector<Slot>& variables() const = 0;
  virtual const std::vector<Slot>& parameters() const = 0;
  virtual const std::vector<Slot>& unknowns() const = 0;  ///< variables and multipliers: all slots of x
  virtual const std::vector<Cone>& cones() const = 0;     ///< of the multipliers, which stand last in unknowns()
  virtual Index size() const = 0;                         ///< of x
  virtual Index primal_size() const = 0;                  ///< of the variables in x, which stand first
  virtual Index parameter_size() const = 0;               ///< of θ
  virtual Vec start(ConstVec theta) const = 0;
  /// A whole x from the variables alone: slacks what the constraints leave; multipliers zero, and where a constraint is
  /// violated by how much it is.
  virtual Vec completed(ConstVec variables, ConstVec theta) const = 0;
  virtual Vec initial_parameters() const = 0;

  virtual bool has_objective() const = 0;
  virtual bool minimizes() const = 0;  ///< F is the gradient of the objective
  virtual double objective(ConstVec x, ConstVec theta) const = 0;
  virtual double objective_and_gradient(ConstVec x, ConstVec theta, MutVec gradient) const = 0;

  /// The value ℓ(θ) of the minimum as a function L(x, θ) whose ∂₂ at a solution is ∇ℓ: the objective, or the Lagrangian
  /// f − ⟨y, s⟩ where the condition has multipliers. Null: no objective, or sets that move with a parameter and no
  /// multipliers to tell what that costs.
  virtual const Function* minimum() const { return nullptr; }

  /// The optimality mapping F: a row of the catalogue; linearize().dx is symmetric when minimizes().
  virtual const Function& optimality() const = 0;
  virtual std::string_view condition() const = 0;         ///< a name of condition_names()
  virtual std::string_view caveat() const { return ""; }  ///< what J by this condition is not; empty: it is exact
  // What some solvers look at beside F; null: the problem has no such thing.
  virtual const Function* slope() const { return nullptr; }       ///< ∇₁f of the smooth part of an objective
  virtual const Function* residuals() const { return nullptr; }   ///< r, of a smooth objective ½‖r‖²
  virtual const Function* projection() const { return nullptr; }  ///< Π(x), where bounds are the only constraints
  // Of a map T = G(x − η∇₁f, θ), a proximal operator or a projection after a gradient step:
  virtual Vec step_lengths() const { return {}; }  ///< η, one an unknown; empty: the condition is no such map
  virtual linear::OperatorPtr outer_slope(ConstVec, ConstVec) const { return nullptr; }  ///< ∂₁G there; null likewise

  /// The size of the terms that F is the sum of, at (x, θ): what a relative residual is measured against.
  virtual double residual_scale(ConstVec x, ConstVec theta) const = 0;

  /// By the name of a variable, parameter, definition, output, or "view K.KEY"; null: no such name.
  virtual const Function* function(std::string_view name) const = 0;

  /// Whether ∂₁F changes with x: when not, a factorization at any x is the one at x*.
  virtual bool curvature_depends_on_x() const = 0;

  virtual KinkMargin kink_margin(ConstVec x, ConstVec theta) const = 0;
  /// One number for each place where the derivative of F may switch; it does where the number changes its sign.
  virtual Vec switches(ConstVec, ConstVec) const { return {}; }
  virtual std::string switch_name(Index) const { return ""; }  ///< in words as KinkMargin::where

  /// Directions that leave every pair displacement unchanged (n × k, orthonormal columns), when x enters through pairs
  /// alone: the translations.
  virtual const Mat& symmetries() const = 0;
  /// Says in words what a null vector of ∂₁F is: "translation along x", "rattler 17", "coordinate w[3]".
  virtual std::string name_mode(ConstVec x, ConstVec theta, ConstVec mode) const = 0;

  virtual bool holds_at(ConstVec x, ConstVec theta) const = 0;  ///< the pair lists still contain every pair
};

using ModelPtr = std::shared_ptr<const Model>;

/// Throws expr::TextError for a statement that cannot be compiled. Pairs are found at (x, θ).
ModelPtr build_model(std::shared_ptr<const Statement>, ConstVec x, ConstVec theta);  ///< x: the variables at least
ModelPtr build_model(std::shared_ptr<const Statement>);                              ///< at the scene's start
/// The model itself when its pair lists hold at (x, θ), else one with renewed lists.
ModelPtr model_at(const ModelPtr&, std::shared_ptr<const Statement>, ConstVec x, ConstVec theta);

/// Splits "name[3]"-like labels: the name of element k of x or θ, such as "w[3]" or "x[4, 1]".
std::string element_name(const std::vector<Slot>&, Index k);

}  // namespace argscope::optimality
