#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/io/arrays.h"

namespace argscope::io {
namespace {

/// One selection's text, read from left to right.
class Selection {
 public:
  Selection(const std::string& text, Index count) : text_(text), count_(count) {}

  std::vector<Index> read() {
    std::vector<Index> chosen;
    do part(chosen);
    while (accept(','));
    if (at_ != text_.size()) throw wrong(fmt::format("'{}' is not expected here", text_.substr(at_)));
    if (chosen.empty()) throw wrong("it selects nothing");
    return chosen;
  }

 private:
  void part(std::vector<Index>& chosen) {
    const auto first = number();
    if (!accept(':')) {
      if (!first) throw wrong("a number is missing");
      const Index index = *first < 0 ? *first + count_ : *first;
      if (index < 0 || index >= count_) throw wrong(fmt::format("there is no {}", *first));
      return chosen.push_back(index);
    }
    const auto last = number();
    const Index step = accept(':') ? number().value_or(1) : 1;
    if (step <= 0) throw wrong("a step must be positive");
    const Index end = bound(last.value_or(count_));
    const Index most = std::min(step, count_ + 1);  // a longer one ends as well, but could overflow
    for (Index i = bound(first.value_or(0)); i < end; i += most) chosen.push_back(i);
  }

  /// A slice's end counts from the back when negative. Beyond the data it is an error, unlike Python's: whoever asks
  /// for 300 rows should not work with 200 unawares.
  Index bound(Index end) const {
    const Index index = end < 0 ? end + count_ : end;
    if (index < 0 || index > count_) throw wrong(fmt::format("{} is beyond the end", end));
    return index;
  }

  std::optional<Index> number() {
    skip_blanks();
    Index value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) throw wrong("a number is too large");
    if (error != std::errc{}) return {};
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  bool accept(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  DataError wrong(const std::string& what) const {
    return DataError(fmt::format("selection \"{}\" out of {} (0 to {}): {}; write it as in \"0:9\" or \"0,3,5:20:5\"",
                                 text_, count_, count_ - 1, what));
  }

  const std::string& text_;
  Index count_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Index> parse_selection(const std::string& text, Index count) { return Selection(text, count).read(); }

}  // namespace argscope::io
