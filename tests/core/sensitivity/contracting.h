#pragma once
/// Problems that an iteration solves, and one estimator of their derivative.

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "tests/core/sensitivity/stated.h"

namespace argscope::testing {

struct Stating {
  std::string_view name;
  std::string text;
};

/// Problems with an iteration that contracts: smooth, proximal, projected, mirrored and stated outright.
inline std::vector<Stating> contracting() {
  const std::string data = R"toml(
[data.X]
random = "normal"
shape = [12, 5]
seed = 3
[data.y]
random = "normal"
shape = [12]
seed = 4
)toml";
  const std::string theta = "[parameters.theta]\nvalue = {}\nrange = [-10, 10]\n";
  const std::string w = "[variables.w]\nshape = [5]\nstart = \"{}\"\n";
  const auto problem = [&](std::string_view value, std::string_view start, const std::string& rest) {
    return data + fmt::format(fmt::runtime(theta), value) + fmt::format(fmt::runtime(w), start) + "[problem]\n" + rest;
  };
  return {
      {"ridge", problem("2.0", "zeros(5)", "minimize = \"0.5*sum((X @ w - y)**2) + 0.5*theta*sum(w**2)\"\n")},
      {"ridges", problem("[1.0, 2.0, 3.0, 4.0, 5.0]", "ones(5)",
                         "minimize = \"0.5*sum((X @ w - y)**2) + 0.5*sum(theta*w**2)\"\n")},
      {"targets", problem("\"y\"", "zeros(5)", "minimize = \"0.5*sum((X @ w - theta)**2) + 0.5*sum(w**2)\"\n")},
      {"mean", problem("0.5", "zeros(5)", "minimize = \"mean((X @ w - y)**2) + 0.5*theta*sum(w**2)\"\n")},
      {"logistic", problem("1.0", "zeros(5)", "minimize = \"sum(log(1 + exp(-y*(X @ w)))) + 0.5*theta*sum(w**2)\"\n")},
      {"lasso", problem("1.5", "zeros(5)", "minimize = \"0.5*sum((X @ w - y)**2)\"\npenalty = \"theta*norm1(w)\"\n")},
      {"simplex", problem("2.0", "full(5, 0.2)",
                          "minimize = \"0.5*sum((X @ w - theta*y)**2)\"\nsubject_to = [\"w in simplex()\"]\n")},
      {"mirror", problem("0.3", "full(5, 0.2)",
                         "minimize = \"0.5*sum((w - theta*y[:5])**2) + sum(w*log(w))\"\n"
                         "subject_to = [\"w in simplex()\"]\ncondition = \"mirror_descent\"\n")},
      {"map", problem("1.0", "zeros(5)", "fixed_point.w = \"0.5*tanh(0.2*X[:5] @ w + theta*y[:5])\"\n")},
  };
}

inline std::string contracting(std::string_view name) {
  for (const Stating& s : contracting())
    if (s.name == name) return s.text;
  throw std::invalid_argument(fmt::format("no problem is called '{}'", name));
}

/// Forced, so that what is wrong with it can be looked at.
inline sensitivity::Sensitivity by(Stated& s, std::string method, std::optional<int> iterations = {}) {
  sensitivity::Options options;
  options.method = std::move(method);
  options.force = true;
  options.solve = s.options;
  options.solve.iterations = iterations;
  return {s.solution, s.theta, options, s.memory.factorizer};
}

/// ½(ax − b)² + ½θx², lesson 2.
struct Lesson {
  double a = 1, b = 2, theta = 1;
  double h() const { return a * a + theta; }
  double x() const { return a * b / h(); }
  double J() const { return -x() / h(); }

  Stated stated(double eta) const {
    return Stated(fmt::format(R"toml(
[parameters.theta]
value = {}
range = [0.1, 10]
[variables.x]
start = 0.0
[problem]
minimize = "0.5*({}*x - {})**2 + 0.5*theta*x**2"
[solve]
step = {}
)toml",
                              theta, a, b, eta));
  }
  double error_after(int k, double eta) const {
    const double rho = 1 - eta * h();
    return std::abs(x()) * std::abs(std::pow(rho, k) / h() + k * eta * std::pow(rho, k - 1));
  }
};

}  // namespace argscope::testing
