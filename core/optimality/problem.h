#pragma once
/// A Statement compiled onto one graph, with its pair lists: what every function of a Model shares.

#include <map>
#include <mutex>

#include "core/expr/program.h"
#include "core/optimality/model.h"
#include "core/optimality/pairs.h"

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

/// Immutable after construction but for the graph, which grows as derivatives are asked for, under `growing`.
class Problem {
 public:
  /// Throws expr::TextError. Pairs are found at (x, θ).
  Problem(std::shared_ptr<const Statement>, ConstVec x, ConstVec theta);

  std::shared_ptr<const Statement> statement;
  std::vector<Slot> variables, parameters;
  Index size = 0, parameter_size = 0;

  mutable std::mutex growing;
  mutable expr::Graph graph;
  expr::Ids inputs;    ///< variables, parameters, then i, j, image of each list of pairs
  expr::Ids x, theta;  ///< the first of those
  expr::Ids mapping;   ///< per variable: the objective's gradient, F, or T − x
  expr::Id objective = -1;
  std::map<std::string, expr::Id, std::less<>> named;  ///< what Model::function knows
  std::vector<FoundPairs> pairs;

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
  void compile();
  void compile_mapping(class ProblemNames&);
};

}  // namespace argscope::optimality
