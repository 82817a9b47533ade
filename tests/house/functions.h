#pragma once
/// Where functions begin and end, found by their braces. It trusts clang-format: a body's brace has a blank before it,
/// an initializer's has none.

#include <string>
#include <string_view>
#include <vector>

namespace argscope::house {

struct Function {
  std::string head;  ///< its declaration's first line
  int line;          ///< on which it begins, from 1
  int lines;         ///< up to and with its closing brace
};

/// Of `code`, which holds no comments and no literals. Lambdas belong to the function around them.
std::vector<Function> functions_of(std::string_view code);

}  // namespace argscope::house
