#pragma once
/// Syntax tree → graph nodes, by the functions of build.h. What those refuse (ShapeError) gets its place in the text.

#include <map>

#include "core/expr/array.h"
#include "core/expr/syntax.h"

namespace argscope::expr {

/// The body of a lambda while it is being built: its own graph, its variable, and the outer values that it captures.
struct Scope {
  Scope* outer = nullptr;
  Graph* graph = nullptr;
  std::string variable;
  Id state = -1;
  Ids captured;               ///< outer nodes
  Ids inputs;                 ///< the inner inputs that stand for them
  std::map<Id, Id> inner_of;  ///< outer node → inner node
};

class Compiler {
 public:
  /// References are kept. Errors point into `text`.
  Compiler(Graph&, const Text&, const Syntax&, Names&);

  Graph& graph() const { return scope_ ? *scope_->graph : graph_; }
  const Term& term(int node) const { return tree_[node]; }

  Id array(int node);                      ///< any expression
  Array constant(int node);                ///< one that depends on no variable or parameter
  double number(int node);                 ///< a constant scalar
  Index whole(int node);                   ///< a constant scalar without fraction
  std::vector<Index> lengths(int node);    ///< a whole number, or a tuple, list or array of them; each at least −1
  std::optional<double> known(Id) const;   ///< the value of a scalar that depends on no variable or parameter
  std::optional<Array> settled(Id) const;  ///< the value of an array that depends on none
  Ids elements(int node);                  ///< of a list or tuple

  /// state ← lambda(state), `steps` times.
  Id loop(int lambda, Id init, Index steps);

  [[noreturn]] void fail(Span, const std::string& message) const;

  /// Runs body; a ShapeError in it becomes a TextError at `span`.
  template <class Body>
  auto placed(Span span, const Body& body) const {
    try {
      return body();
    } catch (const ShapeError& e) {
      fail(span, e.what());
    }
  }

 private:
  Id compile(const Term&);
  Id name(const Term&);
  Id chain(const Term&);
  Id chained(std::string_view sign, Id left, Id right);
  Id comparison(const Term&);
  Id attribute(const Term&);
  Id list(const Term&);
  std::optional<Id> literal_list(const Term&);
  Id call(const Term&);
  std::optional<Id> find(std::string_view name, Scope*);
  Id capture(Id outer, Scope&);
  std::string_view sign(Span) const;

  Graph& graph_;
  const Text& text_;
  const Syntax& tree_;
  Names& names_;
  Scope* scope_ = nullptr;
};

/// base[items…], in core/expr/indexing.cpp.
Id index(Compiler&, const Term&);

}  // namespace argscope::expr
