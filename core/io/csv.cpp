#include "core/io/csv.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

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

/// The lines that hold something.
std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (Index number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find_first_of("\n\r"), text.size());
    auto line = text.substr(0, end);
    const bool crlf = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(text.size(), end + (crlf ? 2 : 1)));
    line = line.substr(0, line.find('#'));
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
      const auto end = std::min(line.find_first_of(blanks), line.size());
      fields.push_back(line.substr(0, end));
      line.remove_prefix(end);
    }
    return fields;
  }
  for (;;) {
    const auto end = line.find(separator);
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

std::string_view unquoted(std::string_view field) {
  const bool quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
  return quoted ? trimmed(field.substr(1, field.size() - 2)) : field;
}

/// How people write that a value is not there.
bool is_missing(std::string_view field) {
  std::string lower(field);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const char* word : {"", "nan", "na", "n/a", "null", "none", "?", "-"}) {
    if (lower == word) return true;
  }
  return false;
}

std::optional<double> number_in(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (end != field.data() + field.size()) return {};
  if (error == std::errc::result_out_of_range) {
    const bool tiny = field.find("e-") != field.npos || field.find("E-") != field.npos;
    return tiny ? std::optional(0.0) : std::nullopt;
  }
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& name) : name_(name), lines_(lines_of(text)) {
    if (lines_.empty()) throw DataError(name + ": holds no numbers; expected at least one row of them");
    // The first line may be a header, whose words may hold anything; the second never is.
    separator_ = separator_of(lines_[lines_.size() > 1 ? 1 : 0].text);
  }

  expr::Array read() {
    const std::size_t first = is_header(lines_.front()) ? 1 : 0;
    if (first == lines_.size()) throw DataError(name_ + ": holds a header and no numbers below it");
    const Line& model = lines_[first];
    const auto columns = fields_of(model.text, separator_).size();
    std::vector<double> values;
    for (std::size_t i = first; i < lines_.size(); ++i) {
      const auto fields = fields_of(lines_[i].text, separator_);
      if (fields.size() != columns) throw ragged(lines_[i], fields, model.number, columns);
      for (const auto field : fields) values.push_back(number(lines_[i], field));
    }
    const auto rows = static_cast<Index>(lines_.size() - first);
    if (columns == 1) return {{rows}, std::move(values)};
    return {{rows, static_cast<Index>(columns)}, std::move(values)};
  }

 private:
  bool is_header(const Line& line) const {
    for (auto field : fields_of(line.text, separator_)) {
      field = unquoted(field);
      if (!is_missing(field) && !number_in(field)) return true;
    }
    return false;
  }

  double number(const Line& line, std::string_view field) const {
    const auto bare = unquoted(field);
    const auto number = number_in(bare);
    if (number && !std::isnan(*number)) return *number;
    if (is_missing(bare)) {
      throw at(line, field, bare.empty() ? "a value is missing" : fmt::format("'{}' is not a value", bare),
               "fill it in, or remove the row");
    }
    throw at(line, field, fmt::format("expected a number, found '{}'", bare.substr(0, 40)),
             "numbers are written 1.5 or 1e-3; start a line with # to make it a comment");
  }

  DataError ragged(const Line& line, const std::vector<std::string_view>& fields, Index model,
                   std::size_t columns) const {
    const auto place = fields[std::min(fields.size() - 1, columns)];
    const auto what = fmt::format("expected {} values, as in line {}, found {}", columns, model, fields.size());
    return at(line, place, what, "every row needs as many values as the first");
  }

  DataError at(const Line& line, std::string_view field, std::string_view what, std::string_view mend) const {
    const auto column = field.data() - line.text.data() + 1;
    return DataError(fmt::format("{}:{}:{}: {}; {}", name_, line.number, column, what, mend));
  }

  const std::string& name_;
  std::vector<Line> lines_;
  char separator_;
};

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
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // the byte-order mark that spreadsheets write
  if (text.find('\0') != text.npos) throw DataError(name + ": is not text in UTF-8; save it as csv, UTF-8, again");
  return Reader(text, name).read();
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
