#include "views/format.h"

#include <fmt/format.h>

#include <cmath>

namespace argscope::views {

namespace {

std::string with_minus(const std::string& ascii) {
  std::string s;
  for (const char c : ascii) c == '-' ? s += "−" : s += c;
  return s;
}

/// "1.2e-13"
std::string scientific(double v, int digits) {
  const std::string s = fmt::format("{:.{}e}", v, digits - 1);
  const auto e = s.find('e');
  std::string mantissa = s.substr(0, e);
  if (mantissa.find('.') != std::string::npos) mantissa.erase(mantissa.find_last_not_of('0') + 1);
  if (mantissa.back() == '.') mantissa.pop_back();
  return mantissa + "e" + std::to_string(std::stoi(s.substr(e + 1)));
}

}  // namespace

std::string number(double v) { return number(v, 4); }

std::string number(double v, int digits) {
  if (std::isnan(v)) return "not a number";
  if (std::isinf(v)) return v > 0 ? "∞" : "−∞";
  if (v == 0) return "0";
  const std::string s = fmt::format("{:.{}g}", v, digits);
  return with_minus(s.find('e') == std::string::npos ? s : scientific(v, digits - 1));
}

std::string power_of_ten(int exponent) {
  if (exponent == 0) return "1";
  if (exponent == 1) return "10";
  static constexpr const char* raised[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string s = exponent < 0 ? "10⁻" : "10";
  for (const char c : std::to_string(std::abs(exponent))) s += raised[c - '0'];
  return s;
}

std::string fixed(double v, int digits) {
  const std::string s = fmt::format("{:.{}f}", v, digits);
  const bool zero = s.find_first_not_of("-0.") == std::string::npos;
  return with_minus(zero && s[0] == '-' ? s.substr(1) : s);
}

}  // namespace argscope::views
