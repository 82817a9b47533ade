#include "core/io/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <locale>
#include <optional>
#include <sstream>

#include "core/io/lower_case.h"

namespace argscope::io {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

struct Line {
  std::string_view text;  ///< without comment and line end
  Index number;           ///< from 1
};

/// How much of `text` lies before the first of `marks` that stands outside quotation marks.
std::size_t unquoted_until(std::string_view text, std::string_view marks) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && marks.find(text[i]) != marks.npos) return i;
  }
  return text.size();
}

/// The lines that hold something.
std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (Index number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find_first_of("\n\r"), text.size());
    auto line = text.substr(0, end);
    const bool crlf = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(text.size(), end + (crlf ? 2 : 1)));
    line = line.substr(0, unquoted_until(line, "#"));
    if (!trimmed(line).empty()) lines.push_back({line, number});
  }
  return lines;
}

/// ';', ',' or ' ', where ' ' stands for runs of blanks.
char separator_of(std::string_view line) {
  if (line.find(';') != std::string_view::npos) return ';';
  if (line.find(',') != std::string_view::npos) return ',';
  return ' ';
}

std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  if (separator == ' ') {
    for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
      const auto end = unquoted_until(line, blanks);
      fields.push_back(line.substr(0, end));
      line.remove_prefix(end);
    }
    return fields;
  }
  for (;;) {
    const auto end = unquoted_until(line, {&separator, 1});
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

std::string_view unquoted(std::string_view field) {
  const bool quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
  return quoted ? trimmed(field.substr(1, field.size() - 2)) : field;
}

/// How people write that a value is not there.
bool is_missing(std::string_view field) {
  const std::string lower = lower_case(std::string(field));
  for (const char* word : {"", "nan", "na", "n/a", "null", "none", "?", "-"}) {
    if (lower == word) return true;
  }
  return false;
}

/// Of a number that a double cannot hold: infinite, or zero.
double beyond_range(std::string_view field) {
  std::istringstream in{std::string(field)};
  in.imbue(std::locale::classic());
  double number = 0;  // the greatest double when it is too large
  in >> number;
  return std::abs(number) < 1 ? number : std::copysign(std::numeric_limits<double>::infinity(), number);
}

std::optional<double> number_in(std::string_view field) {
  field = unquoted(field);
  if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (error == std::errc::invalid_argument || end != field.data() + field.size()) return {};
  return error == std::errc{} ? number : beyond_range(field);
}

bool all_numbers(std::string_view line) {
  return std::ranges::all_of(fields_of(line, separator_of(line)), [](auto field) { return bool(number_in(field)); });
}

/// So many bytes at most, and no character cut in two.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (text[most] & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

bool is_text(std::string_view field) { return !is_missing(unquoted(field)) && !number_in(field); }

class Table {
 public:
  Table(std::string_view text, const std::string& name) : name_(name), lines_(lines_of(text)) {
    if (text.find('\0') != text.npos) throw DataError(name + ": is not text in UTF-8; save it as csv, UTF-8, again");
    if (lines_.empty()) throw DataError(name + ": holds no numbers; expected at least one row of them");
    // The first line may be a header, whose words may hold anything; numbers alone are none, and the second never is.
    separator_ = separator_of(lines_[lines_.size() > 1 && !all_numbers(lines_[0].text) ? 1 : 0].text);
    if (begins_with_header()) lines_.erase(lines_.begin());
    if (lines_.empty()) throw DataError(name + ": holds a header and no numbers below it");
    columns_ = fields_of(lines_.front().text, separator_).size();
  }

  expr::Array values() const {
    std::vector<double> values;
    for (const auto& line : lines_) {
      const auto fields = fields_of(line.text, separator_);
      if (fields.size() != columns_) throw ragged(line, fields);
      for (const auto field : fields) {
        values.push_back(number_in(field).value_or(std::numeric_limits<double>::quiet_NaN()));
      }
    }
    const auto rows = static_cast<Index>(lines_.size());
    if (columns_ == 1) return {{rows}, std::move(values)};
    return {{rows, static_cast<Index>(columns_)}, std::move(values)};
  }

  std::string complaint(std::size_t flat) const {
    const Line& line = lines_.at(flat / columns_);
    const auto field = fields_of(line.text, separator_).at(flat % columns_);
    const auto word = beginning(unquoted(field), 40);
    if (word.empty()) return at(line, field, "a value is missing; fill it in, or leave its row or column out");
    if (!is_text(field)) {
      return at(line, field,
                fmt::format("'{}' is not a finite number; fill it in, or leave its row or column out", word));
    }
    return at(line, field,
              fmt::format("expected a number, found '{}'; numbers are written 1.5 or 1e-3, and a line that "
                          "starts with # is a comment",
                          word));
  }

 private:
  /// Words above numbers. Words above words are a column of text.
  bool begins_with_header() const {
    const auto first = fields_of(lines_.front().text, separator_);
    const auto second = fields_of(lines_.size() > 1 ? lines_[1].text : "", separator_);
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (is_text(first[i]) && (i >= second.size() || !is_text(second[i]))) return true;
    }
    return false;
  }

  DataError ragged(const Line& line, const std::vector<std::string_view>& fields) const {
    const auto place = fields[std::min(fields.size() - 1, columns_)];
    return DataError(at(line, place,
                        fmt::format("expected {} values, as in line {}, found {}; every row needs as many as the first",
                                    columns_, lines_.front().number, fields.size())));
  }

  std::string at(const Line& line, std::string_view field, std::string_view what) const {
    return fmt::format("{}:{}:{}: {}", name_, line.number, field.data() - line.text.data() + 1, what);
  }

  const std::string& name_;
  std::vector<Line> lines_;
  char separator_;
  std::size_t columns_;
};

/// The byte-order mark that spreadsheets write.
std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\n") == std::string::npos) return name;
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c == '\n' ? ' ' : c);
  return out + '"';
}

std::string header_of(const NamedValue& value, Index columns) {
  if (value.column_names.empty() && columns == 1) return quoted(value.name);
  std::string header;
  for (Index j = 0; j < columns; ++j) {
    if (j > 0) header += ',';
    const auto index = static_cast<std::size_t>(j);
    header += index < value.column_names.size() ? quoted(value.column_names[index])
                                                : quoted(fmt::format("{}[{}]", value.name, j));
  }
  return header;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

}  // namespace

expr::Array parse_csv(std::string_view text, const std::string& name) {
  return Table(without_mark(text), name).values();
}

std::string csv_complaint(std::string_view text, const std::string& name, Index flat) {
  return Table(without_mark(text), name).complaint(static_cast<std::size_t>(flat));
}

std::string format_csv(const NamedValue& value, const Metadata& metadata) {
  std::string out;
  for (const auto& [key, text] : metadata) out += fmt::format("# {}: {}\n", one_line(key), one_line(text));
  const Index rows = value.array.shape.rows();
  const Index columns = rows == 0 ? 0 : value.array.shape.size() / rows;
  out += fmt::format("# {}\n", one_line(header_of(value, columns)));
  auto number = value.array.values.begin();
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j) {
      if (j > 0) out += ',';
      fmt::format_to(std::back_inserter(out), "{:.17g}", *number++);
    }
    out += '\n';
  }
  return out;
}

}  // namespace argscope::io
