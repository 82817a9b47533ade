#pragma once
/// What a person states of a problem: text, data and ranges; nothing derived. A Statement does not change after it is
/// read; everything else follows from it (core/optimality/model.h).

#include <optional>
#include <string>
#include <vector>

#include "core/expr/array.h"
#include "core/expr/language.h"

namespace argscope::optimality {

struct Parameter {
  std::string name, label, unit;
  expr::Array value;         ///< the scene's value: where sliders start
  double low = 0, high = 1;  ///< range of every element; finite, low < high
  bool log_scale = false;    ///< then low > 0
};

/// A whole number that a person chooses and that is not differentiated: a seed, a count. Choices are settled before
/// anything else is read, so they may size arrays and seed random data; a new choice means reading the scene again
/// (io::parse_scene). In `data` each stands as a scalar of its name, after which it is a number like any other.
struct Choice {
  std::string name, label;
  Index value = 0;
  Index low = 0, high = 0;  ///< low ≤ value ≤ high
};

struct Variable {
  std::string name;
  expr::Array start;
};

struct NamedText {
  std::string name;
  expr::Text text;
};

struct NamedArray {
  std::string name;
  expr::Array array;
};

/// The unordered pairs of rows of a variable that are closer than a cutoff, periodic images included. The names
/// NAME.i, NAME.j (indices), NAME.d (minimum-image displacement), NAME.r (its length) stand for them.
struct Pairs {
  std::string name;
  std::string of;                 ///< a variable of shape (k, 2) or (k, 3)
  std::optional<expr::Text> box;  ///< edge length(s), of the parameters; none: open space
  expr::Text cutoff;              ///< of the parameters
};

enum class Kind { Minimize, Root, FixedPoint };

struct Statement {
  std::vector<NamedArray> data;
  std::vector<Choice> choices;  ///< not part of θ
  std::vector<Parameter> parameters;
  std::vector<Variable> variables;
  std::vector<Pairs> pairs;
  std::vector<NamedText> definitions;  ///< in an order in which each names only earlier ones
  Kind kind = Kind::Minimize;
  std::vector<NamedText> problem;       ///< Minimize: one; Root, FixedPoint: one a variable, in order of variables
  std::optional<expr::Text> penalty;    ///< Minimize: "theta*norm1(w)"
  std::vector<expr::Text> constraints;  ///< Minimize: "w in simplex()", "A @ w == b", "G @ w <= h"
  std::string condition = "auto";       ///< the optimality condition to differentiate through: a name of conditions()
  std::optional<double> step;           ///< of the conditions that take a step; none: from the curvature at the start
  std::vector<NamedText> outputs;
  std::vector<NamedText> expressions;  ///< what views show, named "view K.KEY"
};

}  // namespace argscope::optimality
