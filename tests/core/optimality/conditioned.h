#pragma once
/// One statement for each optimality condition, with everything that a condition can hold: what property tests run
/// over.

#include <random>

#include "tests/core/optimality/statements.h"

namespace argscope::optimality {

struct Conditioned {
  std::string name;
  Written written;
  bool exact = true;      ///< linearize() is the derivative of value() everywhere, not at a solution alone
  bool positive = false;  ///< points are drawn with positive entries
};

inline Vec drawn(std::mt19937& random, Index n, double low, double high) {
  std::uniform_real_distribution<double> draw(low, high);
  return Vec::NullaryExpr(n, [&] { return draw(random); });
}

/// Two variables, a vector and a matrix, that meet; three parameters.
inline Written coupled_by(const std::string& condition, const std::string& penalty,
                          const std::vector<std::string>& constraints) {
  return {.variables = {{"x", {{3}, {0.3, -0.2, 0.9}}}, {"w", {{2, 2}, {0.4, 0.1, -0.6, 0.8}}}},
          .parameters = {parameter("t", {{3}, {0.7, 1.1, 0.9}})},
          .data = {{"M", {{4, 3}, {1, 0.5, -0.3, 0.2, 1, 0.4, -0.6, 0.1, 1, 0.3, 0.3, 0.3}}},
                   {"c", {{4}, {1, -1, 0.5, 2}}}},
          .minimize =
              "0.5*sum((M @ x - t[0]*c)**2) + 0.1*sum(exp(t[1]*x)) + 0.5*sum((w - t[2]*x[0])**2) + "
              "0.05*sum((w.T @ w)**2)",
          .penalty = penalty,
          .constraints = constraints,
          .condition = condition,
          .step = 0.3};
}

inline Written squares(const std::string& condition) {
  Written w = coupled_by(condition, "", {});
  w.minimize = "0.5*sum((M @ x - t[0]*c)**2) + 0.5*sum((exp(t[1]*x) - t[2])**2) + sum((w - t[2]*x[0])**2)";
  return w;
}

inline std::vector<Conditioned> conditioned() {
  return {
      {"stationary", coupled_by("stationary", "", {})},
      {"newton", coupled_by("newton", "", {}), false},
      {"gauss_newton", squares("gauss_newton"), false},
      {"proximal_gradient", coupled_by("proximal_gradient", "t[0]*norm1(x) + 0.2*total_variation(w)/t[2]", {})},
      {"proximal_nuclear", coupled_by("proximal_gradient", "elastic_net(x, t[0], t[1]) + 0.2*nuclear_norm(w)", {})},
      {"proximal_beside_a_set", coupled_by("proximal_gradient", "t[0]*norm2_squared(x)", {"w in l2_ball(t[2])"})},
      {"block_proximal_gradient", coupled_by("block_proximal_gradient", "t[1]*norm1(w)", {"x in simplex(t[0])"})},
      {"projected_gradient", coupled_by("projected_gradient", "", {"x in simplex(t[1])", "w in l1_ball(t[2])"})},
      {"projected_bounds", coupled_by("projected_gradient", "", {"x in box(-t[0], t[1])"})},
      {"projected_section", coupled_by("projected_gradient", "", {"x in box_section(-1, t[1], 1, t[0])"})},
      {"mirror_descent", coupled_by("mirror_descent", "", {"x in simplex()", "w in simplex(t[1])"}), true, true},
      {"kkt", coupled_by("kkt", "", {"x >= -t[0]", "sum(x) == t[1]", "w in box(-1, t[2])", "x @ x <= 4*t[0]"})},
      {"conic", coupled_by("conic", "",
                           {"concatenate([t[1:2], x]) in second_order_cone()", "w in psd_cone()",
                            "x - t[0] in exponential_cone()", "w[0] in nonnegative_cone()"})},
      {"root",
       {.variables = {{"u", {{3}, {0.1, 0.5, -0.4}}}, {"v", {{}, {0.4}}}},
        .parameters = {parameter("p", {{2, 2}, {0.3, 1.2, 0.8, 2}})},
        .root = {"cos(u) - p[0, 0]*u*v", "v*p[1, 1] - sum(u*p[0, 1])**3"}}},
      {"fixed_point",
       {.variables = {{"z", {{4}, {0.1, 0.5, -0.4, 2}}}},
        .parameters = {parameter("s", {{2}, {0.3, 0.8}})},
        .fixed_point = {"tanh(s[0]*cumsum(z) + s[1])"}}},
  };
}

}  // namespace argscope::optimality
