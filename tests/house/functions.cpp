#include "tests/house/functions.h"

#include <regex>

namespace argscope::house {
namespace {

enum class Brace { Scope, Function, Initializer };

struct Open {
  Brace kind;
  std::string head;
  int line;
};

Brace kind_of(const std::string& head, char before) {
  if (before != ' ' && before != '\n') return Brace::Initializer;
  static const std::regex type(
      R"(^\s*(template\s*<.*>\s*)?(inline\s+)?(typedef\s+)?(namespace|class|struct|union|enum|extern)\b[^()]*$)");
  if (std::regex_search(head, type)) return Brace::Scope;
  return head.find('(') == head.npos ? Brace::Scope : Brace::Function;
}

class Scanner {
 public:
  std::vector<Function> run(std::string_view code) {
    char before = '\n';
    for (const char c : code) {
      step(c, before);
      if (c == '\n') ++line_;
      before = c;
    }
    return std::move(found_);
  }

 private:
  void step(char c, char before) {
    if (c == '{') {
      open_.push_back({inside_function() ? Brace::Scope : kind_of(head_, before), head_, head_line_});
      functions_ += open_.back().kind == Brace::Function;
      head_.clear();
    } else if (c == '}') {
      close();
    } else if (c == ';' && parentheses_ == 0) {
      head_.clear();
    } else {
      parentheses_ += c == '(' ? 1 : c == ')' ? -1 : 0;
      extend(c);
    }
  }

  void extend(char c) {
    if (head_.empty() && (c == ' ' || c == '\n')) return;
    if (head_.empty()) head_line_ = line_;
    head_ += c == '\n' ? ' ' : c;
  }

  void close() {
    head_.clear();
    if (open_.empty()) return;
    const Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.kind == Brace::Initializer) {  // of a member in front of a constructor's body, say
      head_ = closed.head + ' ';
      head_line_ = closed.line;
    }
    if (closed.kind != Brace::Function) return;
    --functions_;
    found_.push_back({closed.head.substr(0, 80), closed.line, line_ - closed.line + 1});
  }

  bool inside_function() const { return functions_ > 0; }

  std::vector<Open> open_;
  std::vector<Function> found_;
  std::string head_;
  int head_line_ = 1, line_ = 1, functions_ = 0, parentheses_ = 0;
};

}  // namespace

std::vector<Function> functions_of(std::string_view code) { return Scanner().run(code); }

}  // namespace argscope::house
