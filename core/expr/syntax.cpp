#include "core/expr/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/expr/lexer.h"

namespace argscope::expr {

namespace {

using Kind = Term::Kind;

constexpr int deepest = 500;          ///< levels of nesting, as a person counts them
constexpr int highest = 4 * deepest;  ///< levels of the tree: each level of nesting may hold several operators

/// Binary operators from loose to tight, as in Python.
constexpr std::array<std::array<std::string_view, 5>, 4> levels{{{"|"}, {"&"}, {"+", "-"}, {"*", "/", "//", "%", "@"}}};
constexpr std::array<std::string_view, 6> comparisons{"<", "<=", ">", ">=", "==", "!="};
constexpr std::array<std::string_view, 4> attributes{"T", "shape", "size", "ndim"};
constexpr std::array<std::string_view, 16> reserved{"lambda", "and",  "or",    "not",  "in",   "is",    "if", "else",
                                                    "None",   "True", "False", "none", "true", "false", "pi", "inf"};

const std::string too_deep =
    fmt::format("nested more than {} levels deep; name a part of it in [definitions]", deepest);

template <class Words>
bool among(std::string_view word, const Words& words) {
  return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
}

class Parser {
 public:
  explicit Parser(const Text& text) : text_(text), tokens_(tokenize(text)) {}

  Syntax run() {
    if (now().kind == Token::Kind::End) throw error_in(text_, 0, 0, "expected an expression, found nothing");
    tree_.root = expression();
    if (now().kind != Token::Kind::End) refuse_rest();
    return std::move(tree_);
  }

 private:
  /// Counts levels of nesting for as long as it lives.
  class Level {
   public:
    explicit Level(Parser& p) : parser_(p) {
      if (++parser_.depth_ > deepest) p.fail(too_deep);
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  const Token& now() const { return tokens_[at_]; }
  std::string_view word(const Token& t) const {
    return std::string_view(text_.source).substr(t.begin, t.end - t.begin);
  }
  bool sees(std::string_view sign) const { return now().kind != Token::Kind::End && word(now()) == sign; }
  Span take() {
    const Span s{now().begin, now().end};
    ++at_;
    return s;
  }
  bool accept(std::string_view sign) {
    if (!sees(sign)) return false;
    ++at_;
    return true;
  }
  std::string found() const {
    if (now().kind == Token::Kind::End) return "the end";
    return fmt::format("'{}'", word(now()).substr(0, 40));
  }
  [[noreturn]] void fail(const std::string& message) const { throw error_in(text_, now().begin, now().end, message); }
  Span expect(std::string_view sign, std::string_view why) {
    if (!sees(sign)) refuse_word(), fail(fmt::format("expected '{}' {}, found {}", sign, why, found()));
    return take();
  }

  int add(Kind kind, Span span, Span mark, std::vector<int> children) {
    Term t;
    t.kind = kind;
    t.span = span;
    t.mark = mark;
    t.children = std::move(children);
    for (int child : t.children) t.height = std::max(t.height, tree_[child].height + 1);
    if (t.height > highest) throw error_in(text_, mark.begin, mark.end, too_deep);
    tree_.nodes.push_back(std::move(t));
    return static_cast<int>(tree_.nodes.size()) - 1;
  }
  int add_word(Kind kind, Span span, std::string w, std::vector<int> children) {
    const int node = add(kind, span, span, std::move(children));
    tree_.nodes.back().word = std::move(w);
    return node;
  }
  std::size_t begin_of(int node) const { return tree_[node].span.begin; }
  std::size_t end_of(int node) const { return tree_[node].span.end; }
  std::size_t last_end() const { return tokens_[at_ - 1].end; }

  /// Python's words that arrays do not understand.
  void refuse_word() const {
    if (sees("and")) fail("'and' does not work on arrays: write (a) & (b)");
    if (sees("or")) fail("'or' does not work on arrays: write (a) | (b)");
    if (sees("not")) fail("'not' does not work on arrays: write ~(mask)");
    if (sees("if") || sees("else")) fail("write where(condition, a, b) for a choice");
    if (sees("is")) fail("'is' has no meaning in an expression");
  }
  [[noreturn]] void refuse_rest() const {
    refuse_word();
    if (sees("=")) fail("'=' gives a keyword its value inside a call; write == to compare");
    if (sees(")") || sees("]")) fail(fmt::format("'{}' closes nothing that was opened", word(now())));
    if (sees(",")) fail("one expression is expected here; write [a, b] for an array of several");
    fail(fmt::format("expected an operator, found {}", found()));
  }

  int expression() {
    const Level level(*this);
    if (sees("lambda")) return lambda();
    const int left = chain(0);
    if (!comparing()) return left;
    const Span sign = take();
    const int right = chain(0);
    if (comparing()) fail("comparisons do not chain: write (a < b) & (b < c)");
    const int node = add(Kind::Compare, {begin_of(left), end_of(right)}, sign, {left, right});
    tree_.nodes.back().signs = {sign};
    return node;
  }
  bool comparing() const { return (now().kind == Token::Kind::Sign && among(word(now()), comparisons)) || sees("in"); }

  int lambda() {
    const Span start = take();
    if (now().kind != Token::Kind::Name) fail("expected the name of the variable after 'lambda', found " + found());
    if (is_reserved(word(now()))) fail(fmt::format("'{}' cannot name a variable", word(now())));
    const std::string variable(word(now()));
    take();
    if (sees(",")) fail("a lambda of one variable is expected; stack several into one array");
    expect(":", "after the variable of 'lambda'");
    const int body = expression();
    return add_word(Kind::Lambda, {start.begin, end_of(body)}, variable, {body});
  }

  int chain(std::size_t level) {
    if (level == levels.size()) return unary();
    const int first = chain(level + 1);
    if (now().kind != Token::Kind::Sign || !among(word(now()), levels[level])) return first;
    std::vector<int> operands{first};
    std::vector<Span> signs;
    while (now().kind == Token::Kind::Sign && among(word(now()), levels[level])) {
      signs.push_back(take());
      operands.push_back(chain(level + 1));
    }
    const Span span{begin_of(first), end_of(operands.back())};
    const int node = add(Kind::Chain, span, signs.front(), std::move(operands));
    tree_.nodes.back().signs = std::move(signs);
    return node;
  }

  int unary() {
    if (!sees("-") && !sees("+") && !sees("~")) return power();
    const Level level(*this);
    const bool negative = sees("-"), invert = sees("~");
    const Span sign = take();
    const int child = unary();
    if (!negative && !invert) return child;
    return add(negative ? Kind::Negative : Kind::Invert, {sign.begin, end_of(child)}, sign, {child});
  }

  int power() {
    const int base = postfix();
    if (!sees("**")) return base;
    const Level level(*this);
    const Span sign = take();
    const int exponent = unary();
    return add(Kind::Power, {begin_of(base), end_of(exponent)}, sign, {base, exponent});
  }

  int postfix() {
    int node = atom();
    while (true) {
      if (sees("["))
        node = index(node);
      else if (sees("."))
        node = member(node);
      else if (sees("("))
        fail("this is not a function; write * for a product");
      else
        return node;
    }
  }

  int index(int base) {
    const Span open = take();
    std::vector<int> children{base};
    if (sees("]")) fail("expected an index between the brackets");
    do {
      if (sees("]")) break;
      children.push_back(index_item());
    } while (accept(","));
    const Span close = expect("]", "to close the index");
    return add(Kind::Index, {begin_of(base), close.end}, {open.begin, close.end}, std::move(children));
  }

  int nothing() { return add(Kind::None, {now().begin, now().begin}, {now().begin, now().begin}, {}); }

  int index_item() {
    if (sees("...")) {
      const Span s = take();
      return add(Kind::Ellipsis, s, s, {});
    }
    const std::size_t begin = now().begin;
    auto bound = [&] { return sees(":") || sees(",") || sees("]") ? nothing() : expression(); };
    const int first = bound();
    if (!sees(":")) return first;
    std::vector<int> bounds{first};
    while (bounds.size() < 3 && accept(":")) bounds.push_back(bound());
    while (bounds.size() < 3) bounds.push_back(nothing());
    const Span span{begin, last_end()};
    return add(Kind::Slice, span, span, std::move(bounds));
  }

  int member(int base) {
    take();
    if (now().kind != Token::Kind::Name) fail("expected a name after '.', found " + found());
    const std::string name(word(now()));
    const Span mark = take();
    if (sees("(")) return call(name, mark, {base});
    const int node = add_word(Kind::Attribute, {begin_of(base), mark.end}, name, {base});
    tree_.nodes.back().mark = mark;
    return node;
  }

  /// The opening parenthesis comes next; `children` holds what stands before the dot of a method.
  int call(const std::string& name, Span mark, std::vector<int> children) {
    take();
    while (!sees(")")) {
      children.push_back(argument());
      if (!accept(",")) break;
    }
    const Span close = expect(")", fmt::format("or ',' in the arguments of {}", name.substr(0, 40)));
    const int node = add_word(Kind::Call, {mark.begin, close.end}, name, std::move(children));
    tree_.nodes.back().mark = mark;
    return node;
  }

  int argument() {
    const bool keyword =
        now().kind == Token::Kind::Name && tokens_[at_ + 1].kind == Token::Kind::Sign && word(tokens_[at_ + 1]) == "=";
    if (!keyword) return expression();
    const std::string name(word(now()));
    const Span mark = take();
    take();
    const int value = expression();
    const int node = add_word(Kind::Keyword, {mark.begin, end_of(value)}, name, {value});
    tree_.nodes.back().mark = mark;
    return node;
  }

  int atom() {
    if (now().kind == Token::Kind::Number) {
      const double value = now().number;
      const Span s = take();
      const int node = add(Kind::Number, s, s, {});
      tree_.nodes.back().number = value;
      return node;
    }
    if (now().kind == Token::Kind::Name) return name();
    if (sees("(")) return parenthesis();
    if (sees("[")) return list();
    fail(fmt::format("expected a number, a name or '(', found {}", found()));
  }

  int name() {
    refuse_word();
    if (sees("lambda")) fail("a lambda stands only as the first argument of loop");
    Span s = take();
    std::string full(word(tokens_[at_ - 1]));
    if (full == "None" || full == "newaxis") return add(Kind::None, s, s, {});
    if (sees("(")) return call(full, s, {});
    while (sees(".") && tokens_[at_ + 1].kind == Token::Kind::Name && !among(word(tokens_[at_ + 1]), attributes)) {
      const bool method = word(tokens_[at_ + 2]) == "(";
      const bool numpy = full == "np" || full == "numpy" || full == "np.linalg";
      if (method && !numpy) break;
      take();
      full.append(".").append(word(now()));
      s.end = take().end;
      if (method) return call(full.substr(full.rfind('.') + 1), s, {});
      if (numpy && full != "np.linalg") full = full.substr(full.rfind('.') + 1);
    }
    return add_word(Kind::Name, s, full, {});
  }

  /// A parenthesis, or a tuple when there is a comma or nothing in it.
  int parenthesis() {
    const Span open = take();
    std::vector<int> children;
    bool tuple = sees(")");
    while (!sees(")")) {
      children.push_back(expression());
      if (!sees(",")) break;
      take();
      tuple = true;
    }
    const Span close = expect(")", "to close the parenthesis");
    const Span span{open.begin, close.end};
    if (tuple) return add(Kind::Tuple, span, span, std::move(children));
    tree_.nodes[static_cast<std::size_t>(children[0])].span = span;
    return children[0];
  }

  int list() {
    const Span open = take();
    std::vector<int> children;
    while (!sees("]")) {
      children.push_back(expression());
      if (!accept(",")) break;
    }
    const Span close = expect("]", "to close the list");
    const Span span{open.begin, close.end};
    if (children.empty()) throw error_in(text_, span.begin, span.end, "an empty list has no meaning here");
    return add(Kind::List, span, span, std::move(children));
  }

  const Text& text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Syntax tree_;
};

}  // namespace

bool is_reserved(std::string_view name) { return among(name, reserved); }

Syntax parse(const Text& text) { return Parser(text).run(); }

}  // namespace argscope::expr
