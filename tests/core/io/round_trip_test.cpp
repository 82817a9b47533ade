// What is written is what was meant: every format that can be read again, every shape, every kind of number; and text
// formats that a strict reader of theirs takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/io/bytes.h"
#include "core/io/formats.h"
#include "core/io/random.h"

namespace argscope::io {
namespace {

namespace fs = std::filesystem;
using expr::Shape;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double inf = std::numeric_limits<double>::infinity();

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all{Shape{},     Shape{1},    Shape{5},       Shape{1, 1},       Shape{1, 4},
                                      Shape{4, 1}, Shape{3, 4}, Shape{2, 3, 2}, Shape{1, 2, 1, 3}, Shape{0},
                                      Shape{0, 3}, Shape{3, 0}, Shape{2, 0, 4}};
  return all;
}

/// Every kind of double: signs, zeros of both signs, the least and the greatest, and not-a-number.
double any_number(RandomState& random) {
  const double special[] = {0.0, -0.0, inf, -inf, std::nan(""), 5e-324, 1.7976931348623157e308, 0.1, -1e-310, 1e22};
  const auto k = static_cast<std::size_t>(random.uniform() * 30);
  return k < std::size(special) ? special[k] : random.normal() * std::pow(10, 600 * random.uniform() - 300);
}

expr::Array any_array(const Shape& shape, RandomState& random) {
  expr::Array a{shape, {}};
  for (Index i = 0; i < shape.size(); ++i) a.values.push_back(any_number(random));
  return a;
}

/// The same bits, but that one not-a-number is as good as another.
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::isnan(x) ? std::isnan(y) : std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

class RoundTrip : public testing::Test {
 protected:
  RoundTrip() : folder(fs::path(testing::TempDir()) / ("argscope-trip-" + std::to_string(::getpid()))) {
    fs::create_directories(folder);
  }
  ~RoundTrip() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(RoundTrip, OfNpyAndNpzKeepsEveryBitOfEveryShape) {
  RandomState random(21);
  for (const std::string ending : {".npy", ".npz"})
    for (const Shape& shape : shapes())
      for (const Metadata& metadata : {Metadata{}, Metadata{{"scene", "ärger"}, {"bad", "\xff\n\"PK\5\6"}}}) {
        const expr::Array a = any_array(shape, random);
        const fs::path path = folder / ("größe α" + ending);
        write_arrays(path, {{"w", a, {}}}, metadata);
        ASSERT_NO_THROW({
          const expr::Array again = read_array(path, "");
          EXPECT_EQ(again.shape, shape);
          EXPECT_TRUE(same(again.values, a.values)) << ending << " " << shape.str();
        }) << ending
           << " " << shape.str();
      }
}

TEST_F(RoundTrip, OfCsvKeepsTheNumbersInRowsOfTheLeadingAxis) {
  RandomState random(22);
  for (const Shape& shape : shapes()) {
    if (shape.size() == 0) continue;  // a table without numbers is refused when it is read
    const expr::Array a = any_array(shape, random);
    write_arrays(folder / "a.csv", {{"w", a, {"a, \"b\"", "#", "c\r\nd"}}}, {{"key\n1,2", "3\r4"}});
    const expr::Array again = read_array(folder / "a.csv", "");
    const Index rows = shape.rows(), width = shape.size() / rows;
    EXPECT_EQ(again.shape, width == 1 ? (Shape{rows}) : (Shape{rows, width})) << shape.str();
    EXPECT_TRUE(same(again.values, a.values)) << shape.str();
  }
}

TEST_F(RoundTrip, OfAnEmptyTableIsRefusedInWords) {
  write_arrays(folder / "a.csv", {{"w", {{0, 3}, {}}, {}}}, {});
  try {
    read_array(folder / "a.csv", "");
    FAIL() << "it has no numbers";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a.csv: holds no numbers"));
  }
}

TEST(Json, IsJsonOfEveryShapeAndEveryText) {
  RandomState random(23);
  std::vector<NamedValue> values;
  for (const Shape& shape : shapes())
    values.push_back({"v" + std::to_string(values.size()), any_array(shape, random), {}});
  const auto json = nlohmann::json::parse(format_json(values, {{"quote\"", "\\ \n \x01 \xff ü"}}));
  ASSERT_EQ(json["arrays"].size(), values.size());
  for (const NamedValue& v : values) {
    const auto& entry = json["arrays"][v.name];
    ASSERT_EQ(entry["shape"].size(), static_cast<std::size_t>(v.array.shape.rank()));
    const auto flat = v.array.shape.rank() == 0 ? nlohmann::json::array({entry["values"]}) : entry["values"].flatten();
    if (v.array.shape.size() == 0) continue;
    std::size_t finite = 0, nulls = 0;
    for (const auto& e : flat) (e.is_null() ? nulls : finite) += 1;
    const auto expected =
        std::count_if(v.array.values.begin(), v.array.values.end(), [](double x) { return std::isfinite(x); });
    EXPECT_EQ(finite, static_cast<std::size_t>(expected)) << v.array.shape.str();
    EXPECT_EQ(finite + nulls, v.array.values.size()) << v.array.shape.str();
  }
}

// --- Matrix Market

/// Reads what format_mtx writes, as strictly as the format asks: comments only between the first line and the sizes.
expr::Array strict_mtx(const std::string& text) {
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "%%MatrixMarket matrix coordinate real general");
  while (std::getline(in, line) && line.starts_with('%')) EXPECT_EQ(line.find('\r'), line.npos);
  std::istringstream sizes(line);
  Index rows = -1, columns = -1, entries = -1;
  sizes >> rows >> columns >> entries;
  EXPECT_TRUE(sizes && sizes.eof()) << line;
  expr::Array a{{rows, columns}, std::vector<double>(static_cast<std::size_t>(rows * columns))};
  for (Index k = 0; k < entries; ++k) {
    Index i = 0, j = 0;
    std::string number;
    in >> i >> j >> number;
    EXPECT_TRUE(in && i >= 1 && i <= rows && j >= 1 && j <= columns) << k << " of " << text;
    a.values[static_cast<std::size_t>((i - 1) * columns + j - 1)] = std::stod(number);
  }
  in >> line;
  EXPECT_TRUE(in.eof());
  return a;
}

TEST(Mtx, IsReadBackByAStrictReader) {
  RandomState random(24);
  for (const Shape& shape : shapes()) {
    expr::Array a{shape, {}};
    for (Index i = 0; i < shape.size(); ++i) a.values.push_back(random.uniform() < 0.4 ? 0.0 : random.normal());
    const expr::Array again = strict_mtx(format_mtx({"w", a, {}}, {{"scene", "ridge"}}));
    EXPECT_EQ(again.shape, (Shape{shape.rows(), shape.width()})) << shape.str();
    EXPECT_EQ(again.values, a.values) << shape.str();
  }
}

TEST(Mtx, KeepsEveryTextInItsComments) {
  for (const std::string text : {"two\nlines", "two\r\nlines", "\r5 5 5", "\n1 1 1"}) {
    const expr::Array again = strict_mtx(format_mtx({text, {{1, 2}, {3, 4}}, {}}, {{text, text}}));
    EXPECT_THAT(again.values, ElementsAre(3, 4)) << testing::PrintToString(text);
  }
}

// --- VTK's XML

/// Whether the text is one XML element with its parts in order, by the rules of XML 1.0 that could be broken here:
/// tags nest, no two hyphens in a comment, no < and no & alone, no control characters.
std::string fault_of_xml(const std::string& text) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x20 && c != '\n' && c != '\t' && c != '\r') return "control character";
    if (text[at] == '&' && text.find(';', at) > at + 5) return "a lone &";
    if (text[at] != '<') {
      ++at;
      continue;
    }
    if (text.compare(at, 4, "<!--") == 0) {
      const std::size_t hyphens = text.find("--", at + 4);
      if (hyphens == text.npos || text[hyphens + 2] != '>') return "two hyphens in a comment";
      for (std::size_t k = at; k < hyphens; ++k)
        if (static_cast<unsigned char>(text[k]) < 0x20 && text[k] != '\n') return "control character in a comment";
      at = hyphens + 3;
      continue;
    }
    const std::size_t end = text.find('>', at);
    const std::string tag = text.substr(at + 1, end - at - 1);
    if (end == text.npos || tag.find('<') != tag.npos) return "a tag without end: " + tag;
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "an open quotation: " + tag;
    for (const char t : tag)
      if (static_cast<unsigned char>(t) < 0x20) return "control character in a tag";
    if (tag[0] != '/') {
      open.push_back(tag.substr(0, tag.find(' ')));
    } else {
      if (open.empty() || open.back() != tag.substr(1)) return "</" + tag + "> does not close";
      open.pop_back();
    }
    at = end + 1;
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

TEST(Vtk, IsWellFormedWhateverTheNamesHold) {
  for (const std::string text :
       {"plain", "a < b & c > \"d\"", "a--b--", "-->", "-", "ü α", "tab\there", "\x01\x02", "]]>", "two\nlines"})
    for (const VtkKind kind : {VtkKind::PolyData, VtkKind::UnstructuredGrid}) {
      const std::string written = format_vtk(
          {{"x", {{2, 2}, {1, 2, 3, 4}}, {}}, {text, {{2}, {5, 6}}, {}}, {text, {{}, {7}}, {}}}, {{text, text}}, kind);
      EXPECT_EQ(fault_of_xml(written), "") << testing::PrintToString(text);
    }
}

TEST(Vtk, HoldsAsManyTuplesAsItSays) {
  for (const Index count : {0, 1, 7}) {
    const expr::Array x{{count, 3}, std::vector<double>(static_cast<std::size_t>(3 * count), 0.5)};
    const expr::Array e{{count}, std::vector<double>(static_cast<std::size_t>(count), 2)};
    for (const VtkKind kind : {VtkKind::PolyData, VtkKind::UnstructuredGrid}) {
      const std::string text = format_vtk({{"x", x, {}}, {"e", e, {}}}, {}, kind);
      EXPECT_EQ(fault_of_xml(text), "");
      EXPECT_THAT(text, HasSubstr("NumberOfPoints=\"" + std::to_string(count) + "\""));
      std::size_t triples = 0;
      for (std::size_t at = 0; (at = text.find("\n0.5 0.5 0.5", at)) != text.npos; ++at) ++triples;
      EXPECT_EQ(triples, static_cast<std::size_t>(count));
    }
  }
}

}  // namespace
}  // namespace argscope::io
