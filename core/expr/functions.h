#pragma once
/// The functions of the language: one table, a row each. `usage` is also the declaration: it names the parameters, and
/// those with a default may be left out or given by keyword.

#include <span>

#include "core/expr/compiler.h"

namespace argscope::expr {

class Arguments;

struct Function {
  std::string_view usage;  ///< "sum(x, axis=None, keepdims=False)"
  std::string_view summary;
  Id (*build)(Graph&, const Arguments&);

  std::string_view name() const { return usage.substr(0, usage.find('(')); }
};

/// The arguments of one call, matched to the parameters of its function. Mistakes are TextErrors at the argument.
class Arguments {
 public:
  /// `usage` declares the parameters, as a row of the table does: "huber(r, delta=1)".
  Arguments(Compiler&, const Term& call, std::string_view usage);

  bool given(std::size_t parameter) const;  ///< present, and not None
  Id array(std::size_t parameter) const;
  Ids arrays(std::size_t parameter) const;  ///< a list of arrays
  Array constant(std::size_t parameter) const;
  std::optional<Array> settled(std::size_t parameter) const;  ///< its value, if no variable or parameter is in it
  double number(std::size_t parameter, double otherwise) const;
  Index whole(std::size_t parameter, Index otherwise) const;
  bool flag(std::size_t parameter) const;                ///< left out: false
  std::optional<int> axis(std::size_t parameter) const;  ///< None or left out: none
  Shape shape(std::size_t parameter) const;
  std::vector<Index> lengths(std::size_t parameter) const;  ///< a shape in which −1 stands for what is left
  Id loop(std::size_t lambda, Id init, Index steps) const;
  [[noreturn]] void fail(std::size_t parameter, const std::string& message) const;

 private:
  int node(std::size_t parameter) const;

  Compiler& compiler_;
  Span call_;
  std::vector<int> nodes_;  ///< one a parameter; −1: left out
};

/// Sorted by name within each group.
std::span<const Function> elementwise_functions();
std::span<const Function> reduction_functions();
std::span<const Function> array_functions();
std::span<const Function> linear_functions();
std::span<const Function> relaxation_functions();

const Function* function_named(std::string_view);  ///< null: no such function
bool is_set_or_penalty(std::string_view);          ///< the name of one (core/sets), which an expression cannot call

}  // namespace argscope::expr
