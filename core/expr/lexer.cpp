#include "core/expr/lexer.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>

namespace argscope::expr {

namespace {

using Kind = Token::Kind;

/// Longest first, so that "**" is not two stars.
constexpr std::array<std::string_view, 29> signs{"...", "**", "//", "==", "!=", "<=", ">=", "<", ">", "=",
                                                 "+",   "-",  "*",  "/",  "%",  "@",  "&",  "|", "~", "(",
                                                 ")",   "[",  "]",  ",",  ":",  ".",  "{",  "}", ";"};

struct Advice {
  std::string_view sign, words;
};
/// What people write that is not part of the language.
constexpr std::array<Advice, 8> advice{{{"−", "write the minus sign as -"},
                                        {"×", "write * for a product"},
                                        {"·", "write * for a product, @ for a matrix product"},
                                        {"²", "write **2 for a square"},
                                        {"^", "write ** for a power"},
                                        {"!", "write ~mask for the opposite of a mask"},
                                        {"'", "quoted text has no meaning inside an expression"},
                                        {"\"", "quoted text has no meaning inside an expression"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(const Text& text) : text_(text), source_(text.source) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    for (skip_blanks(); at_ < source_.size(); skip_blanks()) tokens.push_back(next());
    tokens.push_back({Kind::End, source_.size(), source_.size(), 0});
    return tokens;
  }

 private:
  char peek(std::size_t ahead) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

  void skip_blanks() {
    while (at_ < source_.size()) {
      if (source_[at_] == '#')
        at_ = std::min(source_.find('\n', at_), source_.size());
      else if (std::isspace(static_cast<unsigned char>(source_[at_])))
        ++at_;
      else
        break;
    }
  }

  Token next() {
    for (const Advice& a : advice)
      if (source_.substr(at_).starts_with(a.sign) && !source_.substr(at_).starts_with("!="))
        throw error_in(text_, at_, at_ + a.sign.size(), std::string(a.words));
    if (is_digit(peek(0)) || (peek(0) == '.' && is_digit(peek(1)))) return number();
    if (is_letter(peek(0))) return name();
    for (std::string_view s : signs) {
      if (!source_.substr(at_).starts_with(s)) continue;
      at_ += s.size();
      return {Kind::Sign, at_ - s.size(), at_, 0};
    }
    throw error_in(text_, at_, at_ + 1, fmt::format("the character '{}' has no meaning here", source_[at_]));
  }

  Token name() {
    const std::size_t begin = at_;
    while (at_ < source_.size() && (is_letter(source_[at_]) || is_digit(source_[at_]))) ++at_;
    return {Kind::Name, begin, at_, 0};
  }

  Token number() {
    const std::size_t begin = at_;
    double value = 0;
    const auto [end, trouble] = std::from_chars(source_.data() + at_, source_.data() + source_.size(), value);
    at_ = static_cast<std::size_t>(end - source_.data());
    if (trouble == std::errc::result_out_of_range)
      throw error_in(text_, begin, at_, "this number does not fit in double precision");
    if (is_letter(peek(0)) || is_digit(peek(0)) || (peek(0) == '.' && is_digit(peek(1)))) {
      const std::size_t glued = at_;
      while (is_letter(peek(0)) || is_digit(peek(0)) || peek(0) == '.') ++at_;
      throw error_in(text_, glued, at_, "expected an operator after the number, such as *");
    }
    return {Kind::Number, begin, at_, value};
  }

  const Text& text_;
  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(const Text& text) { return Lexer(text).run(); }

}  // namespace argscope::expr
