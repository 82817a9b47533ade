// Binary files that are cut, swollen or made of something else: one message, which names the file and what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <functional>
#include <random>

#include "core/io/bytes.h"
#include "core/io/formats.h"
#include "core/io/npy.h"

namespace argscope::io {
namespace {

using expr::Shape;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Reader = std::function<expr::Array(std::string_view, const std::string&)>;

std::string picture() {
  const std::vector<png_byte> pixels{0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6};
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = PNG_FORMAT_GRAY;
  image.width = 4;
  image.height = 3;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string bytes(size, '\0');
  png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr);
  return bytes.substr(0, size);
}

/// A reader, and a small good file for it.
struct Format {
  std::string name;
  Reader read;
  std::string whole;
};

const expr::Array small{{2, 3}, {1, -2, 0.5, 4, 1e300, 6}};

std::vector<Format> formats() {
  return {
      {"npy", parse_npy, format_npy(small, {})},
      {"npz", [](std::string_view b, const std::string& n) { return parse_npz(b, "w", n); },
       format_npz({{"w", small, {}}, {"b", {{}, {7}}, {}}}, {{"scene", "ridge"}})},
      {"idx", parse_idx, std::string("\0\0\x0B\2\0\0\0\2\0\0\0\1\0\1\xff\xff", 16)},
      {"png", parse_png, picture()},
      {"gzip", [](std::string_view b, const std::string& n) { return parse_npy(gunzip(b, n), n); },
       gzip(format_npy(small, {}))},
  };
}

/// What the reader says; empty: it reads. Anything but a DataError is a failure of the test.
std::string said(const Reader& read, std::string_view bytes) {
  try {
    const expr::Array a = read(bytes, "some.file");
    EXPECT_EQ(static_cast<std::size_t>(a.shape.size()), a.values.size());
  } catch (const DataError& error) {
    EXPECT_STRNE(error.what(), "");
    return error.what();
  }
  return "";
}

class Damage : public testing::TestWithParam<std::size_t> {
 protected:
  const Format format = formats()[GetParam()];
};

TEST_P(Damage, IsNotSeenInAGoodFile) { EXPECT_EQ(said(format.read, format.whole), ""); }

TEST_P(Damage, OfACutAtAnyByteIsNamed) {
  for (std::size_t size = 0; size < format.whole.size(); ++size) {
    const std::string words = said(format.read, format.whole.substr(0, size));
    // The last chunk of a PNG (IEND, 12 bytes) and a comment at an archive's end hold no number: either way is right.
    const bool without_numbers = (format.name == "png" && size + 12 >= format.whole.size()) || format.name == "npz";
    if (words.empty() && without_numbers) continue;
    EXPECT_THAT(words, StartsWith("some.file")) << format.name << " of " << size << " bytes";
    EXPECT_THAT(words, HasSubstr(": ")) << size;
  }
}

TEST_P(Damage, OfAnyOneByteEndsInNumbersOrOneMessage) {
  std::mt19937 random(7);
  int refused = 0;
  for (int trial = 0; trial < 1500; ++trial) {
    std::string bytes = format.whole;
    bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    const std::string words = said(format.read, bytes);
    if (words.empty()) continue;
    ++refused;
    EXPECT_THAT(words, StartsWith("some.file"));
    EXPECT_LT(words.size(), 400u);
  }
  EXPECT_GT(refused, 50) << "most of a file's head matters";
}

TEST_P(Damage, OfNothingAndOfOtherKindsOfFileIsNamed) {
  for (const Format& other : formats()) {
    if (other.name == format.name) continue;
    EXPECT_THAT(said(format.read, other.whole), StartsWith("some.file: ")) << other.name << " as " << format.name;
  }
  for (const std::string& bytes : {std::string(), std::string("x"), std::string(3000, '\0'), std::string("1,2\n3,4\n")})
    EXPECT_THAT(said(format.read, bytes), StartsWith("some.file: ")) << bytes.size() << " bytes";
}

INSTANTIATE_TEST_SUITE_P(Binary, Damage, testing::Range(std::size_t{0}, formats().size()),
                         [](const auto& given) { return formats()[given.param].name; });

// --- npy headers

std::string npy_of(const std::string& descr, const std::string& fortran, const std::string& shape, Index bytes) {
  const std::string header = "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
  std::string out("\x93NUMPY\1\0", 8);
  append_little(out, static_cast<std::uint16_t>(header.size()));
  return out + header + std::string(static_cast<std::size_t>(bytes), '\0');
}

TEST(NpyHeader, SaysWhichTypeIsNone) {
  for (const std::string type : {"<c8", "<f2", "<f16", "|S5", "<U3", "|O", "<M8[s]", "f8", "", "<x8"})
    EXPECT_THAT(said(parse_npy, npy_of(type, "False", "(1,)", 64)),
                StartsWith("some.file: elements of type '" + type + "' are not plain real numbers"));
}

TEST(NpyHeader, OfAShapeThatTheFileCannotHoldSaysSo) {
  for (const std::string shape : {"(2,)", "(9223372036854775807,)", "(4294967296, 4294967296)", "(1000000, 1000000)",
                                  "(3037000500, 3037000500)", "(2, 9223372036854775807)"})
    EXPECT_THAT(said(parse_npy, npy_of("<f8", "False", shape, 15)), HasSubstr("ends before its last element")) << shape;
  for (const std::string shape : {"(-1,)", "(1.5,)", "('a',)", "3", "[3]", "(99999999999999999999,)", "(2, x)"})
    EXPECT_THAT(said(parse_npy, npy_of("<f8", "False", shape, 64)), HasSubstr("shape cannot be read")) << shape;
}

TEST(NpyHeader, OfNoElementsIsAnEmptyArrayWhereverTheZeroStands) {
  for (const std::string fortran : {"False", "True"})
    for (const auto& [text, shape] : std::vector<std::pair<std::string, Shape>>{{"(0,)", Shape{0}},
                                                                                {"(0, 3)", Shape{0, 3}},
                                                                                {"(3, 0)", Shape{3, 0}},
                                                                                {"(2, 0, 5)", Shape{2, 0, 5}},
                                                                                {"(7, 4, 0)", Shape{7, 4, 0}}}) {
      const std::string bytes = npy_of("<f8", fortran, text, 0);
      EXPECT_EQ(said(parse_npy, bytes), "") << text;
      if (said(parse_npy, bytes).empty()) {
        EXPECT_EQ(parse_npy(bytes, "").shape, shape);
      }
    }
}

TEST(NpyHeader, TellsTheOrderOfBytesAndOfAxes) {
  std::string big = npy_of(">f8", "True", "(2, 2)", 0);
  for (const double value : {1.0, 3.0, 2.0, 4.0}) {
    std::string raw;
    append_little(raw, value);
    big.append(raw.rbegin(), raw.rend());
  }
  EXPECT_THAT(parse_npy(big, "").values, ElementsAre(1, 2, 3, 4));
}

TEST(IdxHeader, OfNoElementsIsAnEmptyArrayWhereverTheZeroStands) {
  EXPECT_EQ(said(parse_idx, std::string("\0\0\x08\2\0\0\0\0\0\0\0\3", 12)), "");
  EXPECT_EQ(said(parse_idx, std::string("\0\0\x08\2\0\0\0\3\0\0\0\0", 12)), "");
}

TEST(IdxHeader, OfMoreElementsThanAddressesSaysSo) {
  EXPECT_THAT(said(parse_idx, std::string("\0\0\x0E\3", 4) + std::string(12, '\xff') + "abc"),
              HasSubstr("ends before its last element"));
}

TEST(Npz, OfAWrongMemberNamesTheMember) {
  const std::string bytes = format_npz({{"first", small, {}}, {"second", small, {}}}, {});
  EXPECT_THAT(said([](std::string_view b, const std::string& n) { return parse_npz(b, "third", n); }, bytes),
              StartsWith("some.file: has no array 'third'; it has: first, second"));
  std::string damaged = bytes;
  const std::size_t data = damaged.find("first.npy") + 9 + 20;
  damaged[data] = static_cast<char>(~damaged[data]);
  EXPECT_THAT(said([](std::string_view b, const std::string& n) { return parse_npz(b, "first", n); }, damaged),
              StartsWith("some.file (first.npy): "));
  EXPECT_EQ(said([](std::string_view b, const std::string& n) { return parse_npz(b, "second", n); }, damaged), "");
}

TEST(Gzip, KeepsAnyBytesOfAnyLength) {
  std::mt19937 random(11);
  for (const std::size_t size : {0, 1, 2, 255, 65536, 262144, 262145, 700000}) {
    std::string plain(size, '\0');
    for (char& c : plain) c = static_cast<char>(random() % (size % 2 ? 256 : 3));
    EXPECT_EQ(gunzip(gzip(plain), ""), plain) << size;
    EXPECT_EQ(inflate_bare(deflate_bare(plain), size, ""), plain) << size;
    EXPECT_THROW(inflate_bare(deflate_bare(plain), size + 1, ""), DataError) << size;
    if (size > 0) {
      EXPECT_THROW(inflate_bare(deflate_bare(plain), size - 1, ""), DataError) << size;
    }
  }
}

}  // namespace
}  // namespace argscope::io
