#include "core/io/names.h"

#include "core/linear/factorize.h"
#include "core/optimality/conditions.h"

namespace argscope::io {

/// Solvers stand above this room; a test in tests/core/solve holds the two lists together.
Words solvers() {
  return {.available = {"auto",
                        "newton",
                        "lbfgs",
                        "lbfgsb",
                        "gradient_descent",
                        "accelerated_gradient",
                        "sgd",
                        "fire",
                        "gauss_newton",
                        "levenberg_marquardt",
                        "fixed_point",
                        "anderson",
                        "broyden",
                        "bisection",
                        "proximal_gradient",
                        "projected_gradient",
                        "mirror_descent",
                        "block_coordinate_descent",
                        "sinkhorn",
                        "interior_point",
                        "operator_splitting",
                        "ipopt"}};
}

Words conditions() {
  Words words;
  for (std::string_view name : optimality::condition_names()) words.available.emplace_back(name);
  return words;
}

Words estimators() {
  return {{"implicit", "unrolled-forward", "unrolled-reverse", "truncated", "one-step", "neumann", "aid-fixed-point",
           "aid-cg", "finite-differences", "forward-differences", "smoothed", "stochastic", "stochastic-biased"},
          {"analytic", "automatic", "dual"},
          "is of a minimum's value, not of the solution: argscope gradient SCENE --method NAME"};
}

Words linear_solvers() {
  Words words;
  for (std::string_view name : linear::method_names()) words.available.emplace_back(name);
  return words;
}

}  // namespace argscope::io
