#pragma once
/// Text → tokens. Blanks, line ends and comments (# to the end of the line) separate tokens and mean nothing.

#include <string_view>
#include <vector>

#include "core/expr/language.h"

namespace argscope::expr {

struct Token {
  enum class Kind { Number, Name, Sign, End };
  Kind kind = Kind::End;
  std::size_t begin = 0, end = 0;  ///< bytes of the source
  double number = 0;
};

/// The last token is End. Throws TextError for a character or number that the language does not have.
std::vector<Token> tokenize(const Text&);

}  // namespace argscope::expr
