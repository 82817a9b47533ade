#pragma once
/// Small scenes whose solutions are known in closed form, one for each solver.

#include <string>

#include "core/io/scene.h"
#include "core/solve/solver.h"

namespace argscope::testing {

/// A problem with its one solution, in the order of the variables.
struct Known {
  std::string name, scene;
  std::vector<double> solution;
};

inline std::string with_w(const std::string& problem) {
  return "[data.c]\nvalue = [1, -2, 3, 0.5]\n[data.M]\nrandom = \"normal\"\nshape = [8, 4]\nseed = 3\n"
         "[parameters.theta]\nvalue = 0.5\nrange = [0.1, 1]\n[variables.w]\nshape = [4]\nstart = \"full(4, 0.25)\"\n"
         "[problem]\n" +
         problem;
}

inline const Known& quadratic() {
  static const Known k{
      "quadratic", with_w("minimize = \"0.5*theta*sum((w - c)**2*[1, 2, 3, 10])\"\n"), {1, -2, 3, 0.5}};
  return k;
}
/// No sample pulls away from the minimum.
inline const Known& squares() {
  static const Known k{"squares", with_w("minimize = \"theta*mean((M @ w - M @ c)**2)\"\n"), {1, -2, 3, 0.5}};
  return k;
}
inline const Known& lasso() {
  static const Known k{
      "lasso", with_w("minimize = \"0.5*sum((w - c)**2)\"\npenalty = \"theta*norm1(w)\"\n"), {0.5, -1.5, 2.5, 0}};
  return k;
}
inline const Known& boxed() {
  static const Known k{"box",
                       with_w("minimize = \"0.5*sum((w - c)**2)\"\nsubject_to = [\"w in box(-theta, theta)\"]\n"),
                       {0.5, -0.5, 0.5, 0.5}};
  return k;
}
inline const Known& simplex() {
  static const Known k{"simplex",
                       with_w("minimize = \"0.5*theta*sum((w - [0.4, 0.3, 0.2, 0.1])**2)\"\n"
                              "subject_to = [\"w in simplex()\"]\ncondition = \"mirror_descent\"\n"),
                       {0.4, 0.3, 0.2, 0.1}};
  return k;
}
/// The sum of c is 2.5; 2 is shared by all but one, which the bound holds: (1, −2, 3, 0.5) − 1/3, and −1 instead of −2.
inline const Known& program() {
  static const Known k{
      "program",
      with_w("minimize = \"0.5*sum((w - c)**2)\"\nsubject_to = [\"sum(w) == 5*theta\", \"w >= -1\"]\n"),
      {2.0 / 3, -1, 8.0 / 3, 1.0 / 6}};
  return k;
}
inline const Known& contraction() {
  static const Known k{"contraction", with_w("fixed_point.w = \"theta*w + c\"\n"), {2, -4, 6, 1}};
  return k;
}
inline const Known& equation() {
  static const Known k{"equation",
                       "[parameters.theta]\nvalue = 8.0\nrange = [1, 9]\n[variables.x]\nshape = []\nstart = \"1.5\"\n"
                       "[problem]\nroot.x = \"x**3 - theta\"\n",
                       {2}};
  return k;
}
inline const Known& blocks() {
  static const Known k{"blocks",
                       "[parameters.theta]\nvalue = 0.5\nrange = [0.1, 1]\n[variables.f]\nshape = []\n[variables.g]\n"
                       "shape = []\n[problem]\nfixed_point.f = \"theta*g + 1\"\nfixed_point.g = \"theta*f\"\n",
                       {4.0 / 3, 2.0 / 3}};
  return k;
}

struct Pairing {
  std::string_view solver;
  const Known& problem;
};

/// Every solver on each kind of problem that it is for.
inline const std::vector<Pairing>& pairings() {
  static const std::vector<Pairing> all{{"auto", quadratic()},
                                        {"auto", squares()},
                                        {"auto", lasso()},
                                        {"auto", boxed()},
                                        {"auto", simplex()},
                                        {"auto", program()},
                                        {"auto", contraction()},
                                        {"auto", equation()},
                                        {"auto", blocks()},
                                        {"newton", quadratic()},
                                        {"newton", lasso()},
                                        {"newton", contraction()},
                                        {"newton", equation()},
                                        {"lbfgs", quadratic()},
                                        {"lbfgs", squares()},
                                        {"lbfgsb", boxed()},
                                        {"gradient_descent", quadratic()},
                                        {"accelerated_gradient", quadratic()},
                                        {"accelerated_gradient", lasso()},
                                        {"sgd", squares()},
                                        {"fire", quadratic()},
                                        {"gauss_newton", squares()},
                                        {"levenberg_marquardt", squares()},
                                        {"fixed_point", contraction()},
                                        {"anderson", contraction()},
                                        {"broyden", contraction()},
                                        {"broyden", equation()},
                                        {"bisection", equation()},
                                        {"proximal_gradient", lasso()},
                                        {"projected_gradient", boxed()},
                                        {"mirror_descent", simplex()},
                                        {"block_coordinate_descent", lasso()},
                                        {"block_coordinate_descent", blocks()},
                                        {"sinkhorn", blocks()},
                                        {"interior_point", program()},
                                        {"operator_splitting", program()},
                                        {"ipopt", program()}};
  return all;
}

/// A scene's problem, ready to be solved many times.
struct Ready {
  io::Scene scene;
  optimality::ModelPtr model;
  Vec theta;
  solve::Memory memory;
  solve::Options options;

  explicit Ready(const std::string& text)
      : scene(io::parse_scene(text, {}, io::Paths::standard())),
        model(optimality::build_model(scene.statement)),
        theta(model->initial_parameters()) {}
  Ready(const std::string& text, std::string_view solver) : Ready(text) { options.solver = solver; }

  Vec start() const { return model->start(theta); }
  solve::Solution from(const Vec& start) { return from(start, {}, {}); }
  solve::Solution from(const Vec& start, std::stop_token stop, const solve::OnIteration& on_iteration) {
    return solve::solve({model, scene.statement, theta, start}, options, memory, std::move(stop), on_iteration);
  }
  /// The unknowns of which the first are these variables.
  Vec at(const std::vector<double>& variables) const {
    return model->completed(Vec::Map(variables.data(), static_cast<Index>(variables.size())), theta);
  }
  double error(const solve::Solution& s, const std::vector<double>& solution) const {
    const Vec known = Vec::Map(solution.data(), static_cast<Index>(solution.size()));
    return (s.x.head(model->primal_size()) - known).cwiseAbs().maxCoeff();
  }
};

}  // namespace argscope::testing
