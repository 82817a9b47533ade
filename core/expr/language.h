#pragma once
/// Text → graph. The language is NumPy's notation (the scene reference lists it); there is one grammar and one table of
/// functions, and everything a scene says in text goes through `compile`.

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/expr/build.h"

namespace argscope::expr {

/// Where a piece of text stands in its file. Lines and columns count from 1; an empty file name prints as "<text>".
struct Location {
  std::string file;
  int line = 1;
  int column = 1;
};

struct Text {
  std::string source;
  Location at;           ///< of the first character of source
};

/// A mistake in a scene or an expression. what() is the whole message, ready to print:
///   ridge.toml:12:24: unknown name 'thta' (did you mean 'theta'?)
///     0.5*sum((X @ w - y)**2) + thta
///                               ^~~~
class TextError : public std::runtime_error {
 public:
  TextError(Location at, std::string message, std::string excerpt);
  const Location& at() const { return at_; }
  const std::string& message() const { return message_; }   ///< without place and excerpt

 private:
  Location at_;
  std::string message_;
};

/// How an expression finds what it names. Dotted names ("near.r") are one name.
class Names {
 public:
  virtual ~Names() = default;
  virtual std::optional<Id> find(std::string_view name) = 0;   ///< may compile a definition on first use
  virtual std::vector<std::string> all() const = 0;            ///< to offer the nearest
};

/// Throws TextError: syntax, unknown name or function, shapes that do not fit, more than 500 levels of nesting.
/// Never overflows the stack. Constant sub-expressions may size arrays: zeros((n, 3)), arange(10).
Id compile(Graph&, const Text&, Names&);

struct FunctionDoc {
  std::string name, usage, summary;
};
std::vector<FunctionDoc> functions();              ///< every function of the language, sorted by name

/// The entries of `candidates` that look most like `name`, nearest first, at most three; hyphen equals underscore.
std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace argscope::expr
