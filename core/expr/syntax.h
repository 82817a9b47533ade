#pragma once
/// Tokens → syntax tree. Operators of one precedence stand side by side in one node, so that a sum of any length is one
/// level deep; what is left of nesting is limited to 500 levels, and the tree's height with it.

#include <string>
#include <vector>

#include "core/expr/language.h"

namespace argscope::expr {

struct Span {
  std::size_t begin = 0, end = 0;  ///< bytes of the source
};

/// One node of the tree. Children are indices into Syntax::nodes.
struct Term {
  enum class Kind {
    Number,     ///< number
    Name,       ///< word, dots included
    None,       ///< None
    Ellipsis,   ///< ...
    Negative,   ///< −child
    Invert,     ///< ~child
    Chain,      ///< child₀ sign₀ child₁ sign₁ …, from left to right
    Power,      ///< child₀ ** child₁
    Compare,    ///< child₀ sign₀ child₁; the sign may be `in`, which only a constraint understands
    Call,       ///< word(children…); a Keyword child is name=value; mark: the word
    Keyword,    ///< word=child
    Index,      ///< child₀[child₁, …]; mark: the brackets
    Slice,      ///< child₀:child₁:child₂, each a None when left out
    Attribute,  ///< child₀.word
    List,       ///< [children…]
    Tuple,      ///< (children…)
    Lambda,     ///< lambda word: child₀
  };
  Kind kind = Kind::Number;
  Span span, mark;  ///< all of it; the part that an error points at
  double number = 0;
  std::string word;
  std::vector<int> children;
  std::vector<Span> signs;
  int height = 1;  ///< levels of the tree below and with this one
};

struct Syntax {
  std::vector<Term> nodes;
  int root = 0;
  const Term& operator[](int k) const { return nodes[static_cast<std::size_t>(k)]; }
};

/// Throws TextError.
Syntax parse(const Text&);

}  // namespace argscope::expr
