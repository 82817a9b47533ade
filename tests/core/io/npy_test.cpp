#include "core/io/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/io/bytes.h"
#include "core/io/random.h"
#include "tests/core/io/errors.h"

namespace argscope::io {
namespace {

using expr::Shape;
using testing::ElementsAre;
using testing::HasSubstr;

/// An .npy of the given version with the given header text.
std::string npy(int version, const std::string& header, const std::string& data) {
  std::string out = "\x93NUMPY";
  out += static_cast<char>(version);
  out += '\0';
  if (version == 1) append_little(out, static_cast<std::uint16_t>(header.size()));
  if (version != 1) append_little(out, static_cast<std::uint32_t>(header.size()));
  return out + header + data;
}

std::string header(const std::string& descr, const std::string& fortran, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }          \n";
}

template <class T>
std::string little(std::initializer_list<T> numbers) {
  std::string out;
  for (const T number : numbers) append_little(out, number);
  return out;
}

std::string error_of(const std::string& bytes) {
  return io::error_of([&] { parse_npy(bytes, "a.npy"); });
}

TEST(Npy, ReadsEveryTypeOfRealNumber) {
  const auto read = [](const std::string& descr, const std::string& data) {
    return parse_npy(npy(1, header(descr, "False", "(2,)"), data), "a.npy").values;
  };
  EXPECT_THAT(read("<f8", little<double>({1.5, -2})), ElementsAre(1.5, -2));
  EXPECT_THAT(read("<f4", little<float>({1.5, -2})), ElementsAre(1.5, -2));
  EXPECT_THAT(read("<i8", little<std::int64_t>({1, -2})), ElementsAre(1, -2));
  EXPECT_THAT(read("<i4", little<std::int32_t>({1, -2})), ElementsAre(1, -2));
  EXPECT_THAT(read("<i2", little<std::int16_t>({1, -2})), ElementsAre(1, -2));
  EXPECT_THAT(read("|i1", little<std::int8_t>({1, -2})), ElementsAre(1, -2));
  EXPECT_THAT(read("<u8", little<std::uint64_t>({1, 2})), ElementsAre(1, 2));
  EXPECT_THAT(read("<u4", little<std::uint32_t>({1, 4294967295})), ElementsAre(1, 4294967295));
  EXPECT_THAT(read("<u2", little<std::uint16_t>({1, 65535})), ElementsAre(1, 65535));
  EXPECT_THAT(read("|u1", little<std::uint8_t>({1, 255})), ElementsAre(1, 255));
  EXPECT_THAT(read("|b1", little<std::uint8_t>({1, 0})), ElementsAre(1, 0));
}

TEST(Npy, ReadsBigEndianNumbers) {
  EXPECT_THAT(parse_npy(npy(1, header(">i4", "False", "(2,)"), std::string("\0\0\1\0\xff\xff\xff\xfe", 8)), "").values,
              ElementsAre(256, -2));
}

TEST(Npy, ReadsEveryVersionOfTheHeader) {
  for (const int version : {1, 2, 3}) {
    const auto array = parse_npy(npy(version, header("<f8", "False", "(1, 2)"), little<double>({3, 4})), "");
    EXPECT_EQ(array.shape, (Shape{1, 2})) << version;
    EXPECT_THAT(array.values, ElementsAre(3, 4)) << version;
  }
}

TEST(Npy, TurnsFortranOrderIntoRows) {
  const auto matrix = parse_npy(npy(1, header("<f8", "True", "(2, 3)"), little<double>({1, 4, 2, 5, 3, 6})), "");
  EXPECT_THAT(matrix.values, ElementsAre(1, 2, 3, 4, 5, 6));
  const auto cube =
      parse_npy(npy(1, header("|u1", "True", "(2, 2, 2)"), little<std::uint8_t>({0, 4, 2, 6, 1, 5, 3, 7})), "");
  EXPECT_THAT(cube.values, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(Npy, ReadsScalarsAndEmptyArrays) {
  EXPECT_EQ(parse_npy(npy(1, header("<f8", "False", "()"), little<double>({7})), "").shape, Shape{});
  EXPECT_EQ(parse_npy(npy(1, header("<f8", "False", "(0, 3)"), ""), "").shape, (Shape{0, 3}));
  EXPECT_EQ(parse_npy(npy(1, header("<f8", "True", "(0, 3)"), ""), "").shape, (Shape{0, 3}));
}

TEST(Npy, SaysWhatItCannotRead) {
  EXPECT_THAT(error_of("PK"), HasSubstr("a.npy: is not an .npy file; save it with numpy.save"));
  EXPECT_THAT(error_of(npy(1, header("<c16", "False", "(1,)"), "")),
              HasSubstr("type '<c16' are not plain real numbers"));
  EXPECT_THAT(error_of(npy(1, "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,)}", "")),
              HasSubstr("holds records"));
  EXPECT_THAT(error_of(npy(4, header("<f8", "False", "(1,)"), "")), HasSubstr("version 4 is not known"));
  EXPECT_THAT(error_of(npy(1, header("<f8", "False", "(1, 1, 1, 1, 1)"), std::string(8, '\0'))),
              HasSubstr("has 5 axes"));
  EXPECT_THAT(error_of(npy(1, header("<f8", "False", "(-1,)"), "")), HasSubstr("shape cannot be read"));
  EXPECT_THAT(error_of(npy(1, "{'descr': '<f8'}", "")), HasSubstr("the header has no 'fortran_order'"));
}

TEST(Npy, SaysWhenTheFileIsCutShort) {
  const auto whole = format_npy({{2, 3}, {1, 2, 3, 4, 5, 6}}, {});
  for (std::size_t size = 6; size < whole.size(); ++size) {
    EXPECT_THAT(error_of(whole.substr(0, size)), HasSubstr("fetch the file again")) << size;
  }
  EXPECT_THAT(error_of(npy(1, header("<f8", "False", "(4294967296, 4294967296)"), "")), HasSubstr("ends before"));
}

TEST(Npy, WritesWhatNumPyWrites) {
  const auto bytes = format_npy({{2, 3}, {1, 2, 3, 4, 5, 6}}, {});
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\1\0", 8));
  EXPECT_THAT(bytes, HasSubstr("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"));
  EXPECT_EQ(bytes[127], '\n');
  EXPECT_EQ(bytes.size(), 128 + 6 * sizeof(double));
}

TEST(Npy, ReadsBackTheSameBitsWithMetadataBehindThem) {
  RandomState random(2);
  for (const Shape& shape : {Shape{}, Shape{5}, Shape{0}, Shape{3, 4}, Shape{2, 3, 2}, Shape{2, 1, 3, 2}}) {
    expr::Array array{shape, {}};
    for (Index i = 0; i < shape.size(); ++i) array.values.push_back(random.normal());
    const auto again = parse_npy(format_npy(array, {{"scene", "ridge"}}), "");
    EXPECT_EQ(again.shape, shape);
    EXPECT_EQ(again.values, array.values);
  }
}

}  // namespace
}  // namespace argscope::io
