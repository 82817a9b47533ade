// Documents hold together whatever is written in them: SVG as XML, PDF as a table of objects.
#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "core/io/arrays.h"
#include "tests/views/samples.h"
#include "views/type.h"

namespace argscope::views {
namespace {

using samples::Sample;
namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("argscope_documents_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

std::string written(const Sample& sample, const char* name, const std::map<std::string, std::string>& metadata) {
  const Folder folder;
  render_to_file(sample, Look(), 400, 300, folder.path / name, metadata);
  std::ifstream file(folder.path / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Why a text is no well-formed XML, as far as documents need to be; empty: it is.
std::string complaint_about_xml(const std::string& xml) {
  std::vector<std::string> open;
  const std::regex attributes(R"re((\s+[\w:-]+="[^"<]*")*\s*/?)re"), entity("&(amp|lt|gt|quot);");
  for (std::size_t k = 0; k < xml.size();) {
    if (static_cast<unsigned char>(xml[k]) < 0x20 && xml[k] != '\n' && xml[k] != '\t') return "a control character";
    if (xml[k] == '&' &&
        !std::regex_search(xml.begin() + std::ptrdiff_t(k), xml.end(), entity, std::regex_constants::match_continuous))
      return "a lone ampersand: " + xml.substr(k, 20);
    if (xml[k] != '<') {
      ++k;
      continue;
    }
    const std::size_t end = xml.find('>', k);
    if (end == xml.npos) return "a tag without an end";
    const std::string tag = xml.substr(k + 1, end - k - 1);
    k = end + 1;
    if (tag[0] == '?') continue;
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return "</" + tag + "> closes nothing";
      open.pop_back();
      continue;
    }
    const std::string name = tag.substr(0, tag.find_first_of(" /\n"));
    if (tag.size() < 4000 && !std::regex_match(tag.substr(name.size()), attributes)) return "attributes of " + tag;
    if (tag.back() != '/') open.push_back(name);
  }
  return open.empty() ? "" : open.back() + " is not closed";
}

/// Whether every object stands where the table says, and every stream is as long as it says.
void expect_whole_pdf(const std::string& pdf, const std::string& of) {
  const std::size_t mark = pdf.rfind("startxref\n");
  ASSERT_NE(mark, pdf.npos) << of;
  const auto table = static_cast<std::size_t>(std::stoul(pdf.substr(mark + 10)));
  int first = 0, count = 0;
  ASSERT_EQ(std::sscanf(pdf.c_str() + table, "xref\n%d %d\n", &first, &count), 2) << of;
  const std::size_t rows = pdf.find('\n', table + 5) + 1;
  for (int k = 1; k < count; ++k) {
    const auto at = static_cast<std::size_t>(std::stoul(pdf.substr(rows + 20 * std::size_t(k), 10)));
    const std::string head = std::to_string(k) + " 0 obj\n";
    ASSERT_EQ(pdf.substr(at, head.size()), head) << of;
    const std::size_t length = pdf.find("/Length ", at), stream = pdf.find("stream\n", at);
    const std::size_t next = pdf.find("endobj", at);
    if (length == pdf.npos || stream == pdf.npos || stream > next) continue;
    const auto bytes = static_cast<std::size_t>(std::stoul(pdf.substr(length + 8)));
    ASSERT_EQ(pdf.substr(stream + 7 + bytes, 10), "\nendstream") << of << " object " << k;
  }
}

const char* const titles[]{
    "a < b & \"c\" > 'd'", "]]> <!-- </svg>", "(unbalanced ) \\ paren (", "π ≤ ∂x/∂θ ‖·‖", "", " ", "tab\tand\nline",
    "\x01\x1b control",    "&amp; already"};

TEST(Svg, IsXmlForEveryKindAndTitle) {
  for (const auto& [name, sample] : samples::all())
    EXPECT_EQ(complaint_about_xml(written(sample, "a.svg", {})), "") << name;
  for (const char* title : titles) {
    Sample s = samples::bars();
    s.scene->views[0].title = title;
    const std::string xml = written(s, "a.svg", {{title, title}, {"theta", "1 < 2 & 3"}});
    EXPECT_EQ(complaint_about_xml(xml), "") << title;
    EXPECT_NE(xml.find("theta: 1 &lt; 2 &amp; 3"), xml.npos);
  }
}

TEST(Svg, HasTheSizeThatWasAskedFor) {
  const std::string xml = written(samples::bars(), "a.svg", {});
  EXPECT_NE(xml.find("width=\"400\" height=\"300\" viewBox=\"0 0 400 300\""), xml.npos);
}

TEST(Pdf, HasItsObjectsWhereItsTableSaysForEveryKindAndTitle) {
  if (Type::file(TextSize::Normal).empty()) GTEST_SKIP() << "DejaVu Sans is not installed";
  for (const auto& [name, sample] : samples::all()) expect_whole_pdf(written(sample, "a.pdf", {}), name);
  for (const char* title : titles) {
    Sample s = samples::bars();
    s.scene->views[0].title = title;
    const std::string pdf = written(s, "a.pdf", {{title, title}});
    expect_whole_pdf(pdf, title);
    EXPECT_NE(pdf.find("/MediaBox [0 0 400 300]"), pdf.npos);
  }
}

TEST(Pictures, AreWrittenWithMetadataOfAnyLength) {
  const std::string longer(200, 'k'), text(300000, 'v');
  for (const char* name : {"a.png", "a.svg", "a.pdf"})
    EXPECT_GT(written(samples::bars(), name, {{longer, text}, {"", "no key"}, {"empty", ""}}).size(), 3000U) << name;
}

TEST(Pictures, AreRefusedBeforeAnythingIsDrawnWhereTheyCannotBe) {
  const Folder folder;
  const auto refuse = [&](const char* name, int width, int height) {
    EXPECT_THROW(render_to_file(samples::bars(), Look(), width, height, folder.path / name, {}), io::DataError)
        << name << " " << width << " " << height;
  };
  for (const char* name : {"a", "a.", "a.jpg", ".png", "png", "a.svgz"}) refuse(name, 50, 50);
  for (const auto& [width, height] : {std::pair{0, 50}, {50, 0}, {-1, 50}, {16385, 50}, {50, 1 << 30}})
    refuse("a.svg", width, height);
  EXPECT_TRUE(fs::is_empty(folder.path));
  for (const char* name : {"a.PNG", "a.Svg", "a.PDF"})
    EXPECT_NO_THROW(render_to_file(samples::bars(), Look(), 50, 50, folder.path / name, {})) << name;
}

}  // namespace
}  // namespace argscope::views
