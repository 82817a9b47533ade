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

/// Where a piece of text stands in its file. Lines and columns count from 1, columns in characters; line 0 is the
/// file as a whole. An empty file name prints as "<text>".
struct Location {
  std::string file;
  int line = 1;
  int column = 1;
};

struct Place {
  int line = 1, column = 1;
};

struct Text {
  std::string source;
  Location at;  ///< of the first character of source
  /// Of each byte of source, where escapes or line joins moved them; null: source stands in its file as it is.
  std::shared_ptr<const std::vector<Place>> places = nullptr;
};

/// A mistake in a scene or an expression. what() is the whole message, ready to print:
///   ridge.toml:12:24: unknown name 'thta' (did you mean 'theta'?)
///     0.5*sum((X @ w - y)**2) + thta
///                               ^~~~
class TextError : public std::runtime_error {
 public:
  TextError(Location at, std::string message, const std::string& excerpt);
  const Location& at() const { return at_; }
  const std::string& message() const { return message_; }  ///< without place and excerpt

 private:
  Location at_;
  std::string message_;
};

/// A mistake in bytes [begin, end) of a text: finds the place, cuts out the line and marks them.
TextError error_in(const Text&, std::size_t begin, std::size_t end, const std::string& message);

/// How an expression finds what it names. Dotted names ("near.r") are one name.
class Names {
 public:
  virtual ~Names() = default;
  virtual std::optional<Id> find(std::string_view name) = 0;  ///< may compile a definition on first use
  virtual std::vector<std::string> all() const = 0;           ///< to offer the nearest
};

/// Throws TextError: syntax, unknown name or function, shapes that do not fit, more than 500 levels of nesting.
/// Never overflows the stack. Constant sub-expressions may size arrays: zeros((n, 3)), arange(10).
Id compile(Graph&, const Text&, Names&);

/// A name that a text uses, where it first does. Functions and the variable of a lambda are not among them.
struct NameUse {
  std::string name;
  std::size_t begin = 0, end = 0;  ///< bytes of the source
};
std::vector<NameUse> names_used(const Text&);  ///< in order of appearance; throws as compile does for syntax

struct FunctionDoc {
  std::string name, usage, summary;
};
std::vector<FunctionDoc> functions();  ///< every function of the language, sorted by name

/// Words that cannot name anything else: pi, inf, lambda, and, …
bool is_reserved(std::string_view name);

/// The entries of `candidates` that look most like `name`, nearest first, at most three; hyphen equals underscore.
std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace argscope::expr
