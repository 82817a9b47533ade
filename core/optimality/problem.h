#pragma once
/// A Statement compiled onto one graph, with its pair lists: what every function of a Model shares.

#include <map>
#include <mutex>

#include "core/expr/program.h"
#include "core/optimality/model.h"
#include "core/optimality/pairs.h"
#include "core/optimality/point_values.h"

namespace argscope::optimality {

/// One [pairs.NAME] at the moment it was found.
struct FoundPairs {
  PairList list;
  Index variable = 0;  ///< index of the variable that holds the positions
  expr::Id i = -1, j = -1, image = -1, displacement = -1, distance = -1;
  expr::Id box = -1, cutoff = -1;                ///< nodes over the parameters; box −1: open space
  Vec positions, box_lengths;                    ///< when the list was made
  double listed_cutoff = 0;                      ///< cutoff and skin
  bool one_length = true;                        ///< the box is a cube
  bool follows_theta = false;                    ///< box or cutoff depend on a parameter
  std::shared_ptr<const expr::Program> measure;  ///< parameters → cutoff, box
};

/// z = x_k − η_k ∇_k f on its way into a proximal operator or a projection.
struct ProximalStep {
  std::size_t variable = 0;
  std::string clause;  ///< the text of the penalty or the constraint
};

/// Immutable after construction but for the graph, which grows as derivatives are asked for, under `growing`.
class Problem {
 public:
  /// Throws expr::TextError. Pairs are found at (x, θ).
  Problem(std::shared_ptr<const Statement>, ConstVec x, ConstVec theta);

  std::shared_ptr<const Statement> statement;
  std::vector<Slot> variables, parameters;
  std::vector<Slot> multipliers;  ///< one array a constraint of a Lagrangian; they stand behind the variables in x
  std::vector<Cone> cones;        ///< of the multipliers
  Index size = 0, parameter_size = 0;
  std::string_view condition;  ///< a name of condition_names()

  mutable std::mutex growing;
  mutable expr::Graph graph;
  mutable Remembered remembered;  ///< what is known of the last points
  expr::Ids inputs;               ///< variables, parameters, i, j, image of each list of pairs, multipliers
  expr::Ids x, theta;             ///< variables and multipliers; parameters
  expr::Ids mapping;              ///< F, one block an entry of `x`
  expr::Id smooth = -1;           ///< f, of a minimization
  expr::Ids slope;                ///< ∇₁f, one block a variable
  expr::Ids moved, mapped;  ///< z = x − η∇₁f and T = G(z, θ), one block a variable, of conditions of that form
  Vec lengths;              ///< η of those, one an unknown; else empty
  expr::Ids bounded;        ///< Π(x), one block a variable, where a projected_gradient condition is about bounds alone
  expr::Id objective = -1;  ///< f and the penalties
  expr::Id minimum = -1;    ///< what Model::minimum is
  std::map<expr::Id, std::string> labels;  ///< what a node is to a person: the constraint that a multiplier belongs to
  std::map<expr::Id, ProximalStep> proximal;           ///< by their nodes
  std::map<std::string, expr::Id, std::less<>> named;  ///< what Model::function knows
  std::vector<FoundPairs> pairs;

  bool is_gradient() const {  ///< mapping is ∇₁f
    return condition == "stationary" || condition == "newton" || condition == "gauss_newton";
  }
  /// Variables and multipliers: all slots of x.
  std::vector<Slot> unknowns() const;
  /// A new input behind the others of x; `constraint` is its text.
  expr::Id add_multiplier(const std::string& name, const expr::Shape& shape, Cone, const std::string& constraint);
  [[noreturn]] void fail(const std::string& message) const;  ///< at what is minimized

  /// Pointers to the numbers of `inputs` at (x, θ).
  std::vector<const double*> at(ConstVec x, ConstVec theta) const;
  /// The pair lists still contain every pair.
  bool holds_at(ConstVec x, ConstVec theta) const;

 private:
  void add_inputs();
  void find_all_pairs(ConstVec x, ConstVec theta);
  FoundPairs found(const Pairs&, class ProblemNames&, ConstVec x, ConstVec theta);
  void add_pair_nodes(const std::string& name, FoundPairs&);
  std::pair<double, Vec> measured(const FoundPairs&, ConstVec theta) const;  ///< cutoff and box
  void compile(ConstVec x, ConstVec theta);
  void compile_minimum(class ProblemNames&, ConstVec x, ConstVec theta);
  void compile_equations(class ProblemNames&);
};

}  // namespace argscope::optimality
