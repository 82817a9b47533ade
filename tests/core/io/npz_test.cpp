#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "core/io/bytes.h"
#include "core/io/npy.h"
#include "core/io/random.h"
#include "tests/core/io/errors.h"

namespace argscope::io {
namespace {

using expr::Shape;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::string& bytes, const std::string& entry) {
  return io::error_of([&] { parse_npz(bytes, entry, "a.npz"); });
}

/// A zip with one stored entry, as numpy.savez writes it: sizes of 0xffffffff and a zip64 field in the local header.
std::string stored_as_numpy_does(const std::string& name, const std::string& content) {
  const auto crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
  const auto size = static_cast<std::uint32_t>(content.size());
  std::string out = "PK\3\4";
  for (const std::uint16_t field : {45, 0, 0, 0, 33}) append_little(out, field);
  for (const std::uint32_t field : {crc, 0xffffffffu, 0xffffffffu}) append_little(out, field);
  for (const std::size_t field : {name.size(), std::size_t{20}}) append_little(out, static_cast<std::uint16_t>(field));
  out += name;
  for (const std::uint16_t field : {1, 16}) append_little(out, field);
  for (int i = 0; i < 2; ++i) append_little(out, std::uint64_t{size});
  out += content;
  const auto start = static_cast<std::uint32_t>(out.size());
  out += "PK\1\2";
  for (const std::uint16_t field : {45, 45, 0, 0, 0, 33}) append_little(out, field);
  for (const std::uint32_t field : {crc, size, size}) append_little(out, field);
  append_little(out, static_cast<std::uint16_t>(name.size()));
  out.append(16, '\0');
  out += name;
  const auto end = static_cast<std::uint32_t>(out.size());
  out += "PK\5\6";
  for (const std::uint16_t field : {0, 0, 1, 1}) append_little(out, field);
  for (const std::uint32_t field : {end - start, start}) append_little(out, field);
  return out + std::string(2, '\0');
}

const std::vector<NamedValue> two = {{"w", {{2}, {1, 2}}, {}}, {"b", {{}, {7}}, {}}};

TEST(Npz, ReadsBackEveryArrayByName) {
  RandomState random(4);
  std::vector<NamedValue> values;
  for (const Shape& shape : {Shape{}, Shape{40}, Shape{0}, Shape{30, 4}, Shape{2, 3, 2}}) {
    values.push_back({"array" + std::to_string(values.size()), {shape, {}}, {}});
    for (Index i = 0; i < shape.size(); ++i) values.back().array.values.push_back(random.normal());
  }
  const auto bytes = format_npz(values, {{"scene", "ridge"}});
  for (const auto& value : values) {
    const auto again = parse_npz(bytes, value.name, "a.npz");
    EXPECT_EQ(again.shape, value.array.shape);
    EXPECT_EQ(again.values, value.array.values);
  }
}

TEST(Npz, ReadsWhatNumPyStores) {
  const auto bytes = stored_as_numpy_does("x.npy", format_npy({{3}, {1, 2, 3}}, {}));
  EXPECT_THAT(parse_npz(bytes, "x", "a.npz").values, ElementsAre(1, 2, 3));
  EXPECT_THAT(parse_npz(bytes, "", "a.npz").values, ElementsAre(1, 2, 3));
}

TEST(Npz, AsksForANameWhenThereAreSeveral) {
  EXPECT_THAT(error_of(format_npz(two, {}), ""), HasSubstr("a.npz: holds several arrays; say which one of: w, b"));
  EXPECT_THAT(error_of(format_npz(two, {}), "v"), HasSubstr("a.npz: has no array 'v'; it has: w, b"));
}

TEST(Npz, NoticesAFlippedBitAnywhere) {
  const auto good = format_npz({two.front()}, {});
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    try {
      const auto array = parse_npz(bad, "w", "a.npz");
      EXPECT_THAT(array.values, ElementsAre(1, 2)) << i;  // a bit that nothing depends on, such as the date
    } catch (const DataError&) {
    }
  }
}

TEST(Npz, NoticesAFileCutShort) {
  const auto good = format_npz(two, {});
  for (std::size_t size = 0; size < good.size() - 2; ++size) {
    EXPECT_NE(error_of(good.substr(0, size), "w"), "no error") << size;
  }
  EXPECT_THAT(error_of("", "w"), HasSubstr("is not a complete .npz file"));
}

TEST(Npz, SaysThatAnUnknownMethodIsUnknown) {
  auto bytes = stored_as_numpy_does("x.npy", format_npy({{1}, {1}}, {}));
  bytes[bytes.find("PK\1\2") + 10] = 12;  // bzip2
  EXPECT_THAT(error_of(bytes, "x"), HasSubstr("a.npz (x.npy): zip method 12 is not known"));
}

TEST(Npz, KeepsItsMetadataInTheArchivesComment) {
  const auto bytes = format_npz(two, {{"scene", "ridge"}, {"theta", "10"}});
  EXPECT_TRUE(bytes.ends_with(R"({"scene":"ridge","theta":"10"})"));
}

TEST(Npz, ShortensMetadataThatDoesNotFit) {
  const auto bytes = format_npz(two, {{"scene", "ridge"}, {"theta", std::string(70000, '1')}});
  EXPECT_TRUE(bytes.ends_with(R"({"scene":"ridge","theta":"too long to be kept here"})"));
  EXPECT_THAT(parse_npz(bytes, "w", "a.npz").values, ElementsAre(1, 2));
}

}  // namespace
}  // namespace argscope::io
