#include "core/io/formats.h"
#include "tests/core/io/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <zlib.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace argscope::io {
namespace {

using expr::Shape;
using testing::ElementsAre;
using testing::HasSubstr;

std::string idx(char type, const std::string& dims, const std::string& data) {
  return std::string("\0\0", 2) + type + static_cast<char>(dims.size() / 4) + dims + data;
}

template <class Parse>
std::string error_of(const Parse& parse, const std::string& bytes) {
  return io::error_of([&] { parse(bytes, "file"); });
}

std::string png(png_uint_32 format, png_uint_32 width, png_uint_32 height, const std::vector<png_byte>& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = format;
  image.width = width;
  image.height = height;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string bytes(size, '\0');
  png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr);
  return bytes.substr(0, size);
}

TEST(Idx, ReadsImagesAsTheyAreStored) {
  const auto images = parse_idx(idx('\x08', std::string("\0\0\0\2\0\0\0\1\0\0\0\2", 12), "\x01\x02\x03\xff"), "images");
  EXPECT_EQ(images.shape, (Shape{2, 1, 2}));
  EXPECT_THAT(images.values, ElementsAre(1, 2, 3, 255));
}

TEST(Idx, ReadsEveryTypeOfElement) {
  const std::string one("\0\0\0\1", 4);
  EXPECT_THAT(parse_idx(idx('\x09', one, "\xff"), "").values, ElementsAre(-1));
  EXPECT_THAT(parse_idx(idx('\x0B', one, "\xff\xfe"), "").values, ElementsAre(-2));
  EXPECT_THAT(parse_idx(idx('\x0C', one, std::string("\0\0\1\0", 4)), "").values, ElementsAre(256));
  EXPECT_THAT(parse_idx(idx('\x0D', one, std::string("\x3f\x80\0\0", 4)), "").values, ElementsAre(1));
  EXPECT_THAT(parse_idx(idx('\x0E', one, std::string("\xbf\xf0\0\0\0\0\0\0", 8)), "").values, ElementsAre(-1));
}

TEST(Idx, SaysWhatItCannotRead) {
  EXPECT_THAT(error_of(parse_idx, "idx"), HasSubstr("file: is not an IDX file"));
  EXPECT_THAT(error_of(parse_idx, idx('\x07', "", "")), HasSubstr("elements of IDX type 7 are not known"));
  EXPECT_THAT(error_of(parse_idx, std::string("\0\0\x08\2\0\0", 6)), HasSubstr("ends within its header"));
  EXPECT_THAT(error_of(parse_idx, idx('\x08', std::string("\0\0\0\5", 4), "abcd")), HasSubstr("ends before its last"));
  EXPECT_THAT(error_of(parse_idx, idx('\x08', std::string(20, '\1'), "")), HasSubstr("has 5 axes"));
}

TEST(Png, ReadsGreyBetweenZeroAndOne) {
  const auto picture = parse_png(png(PNG_FORMAT_GRAY, 3, 2, {0, 51, 102, 153, 204, 255}), "file");
  EXPECT_EQ(picture.shape, (Shape{2, 3}));
  EXPECT_THAT(picture.values, ElementsAre(0, 0.2, 0.4, 0.6, 0.8, 1));
}

TEST(Png, WeighsColoursIntoGrey) {
  const auto picture = parse_png(png(PNG_FORMAT_RGB, 3, 1, {255, 255, 255, 0, 255, 0, 0, 0, 255}), "file");
  EXPECT_EQ(picture.shape, (Shape{1, 3}));
  EXPECT_EQ(picture.values[0], 1);
  EXPECT_GT(picture.values[1], picture.values[2]);  // green looks brighter than blue
}

TEST(Png, LaysTransparencyOntoWhite) {
  EXPECT_THAT(parse_png(png(PNG_FORMAT_GA, 2, 1, {0, 0, 0, 255}), "file").values, ElementsAre(1, 0));
}

TEST(Png, SaysWhatItCannotRead) {
  EXPECT_THAT(error_of(parse_png, "GIF89a"), HasSubstr("file: is not a readable PNG: "));
  const auto whole = png(PNG_FORMAT_GRAY, 3, 2, {0, 51, 102, 153, 204, 255});
  EXPECT_THAT(error_of(parse_png, whole.substr(0, 45)), HasSubstr("is not a readable PNG"));
}

TEST(Png, MakesNoRoomForPixelsThatTheFileCannotHold) {
  std::string huge = png(PNG_FORMAT_GRAY, 3, 2, {0, 51, 102, 153, 204, 255});
  const std::string size("\0\1\x86\xa0", 4);  // 100,000
  huge.replace(16, 4, size).replace(20, 4, size);
  const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(huge.data() + 12), 17);  // of the header's name and content
  for (std::size_t k = 0; k < 4; ++k) huge[29 + k] = static_cast<char>(sum >> (24 - 8 * k) & 255);
  EXPECT_THAT(error_of(parse_png, huge), HasSubstr("too short for the 100000 x 100000 pixels"));
}

TEST(Json, WritesNamesShapesAndNestedLists) {
  const double inf = std::numeric_limits<double>::infinity();
  const auto text =
      format_json({{"W", {{2, 2}, {1, 2.5, 3, inf}}, {"a", "b"}}, {"f", {{}, {0.1}}, {}}}, {{"scene", "ridge"}});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["arrays"]["W"]["shape"], nlohmann::json::parse("[2, 2]"));
  EXPECT_EQ(json["arrays"]["W"]["columns"], nlohmann::json::parse(R"(["a", "b"])"));
  EXPECT_EQ(json["arrays"]["W"]["values"], nlohmann::json::parse("[[1, 2.5], [3, null]]"));
  EXPECT_EQ(json["arrays"]["f"]["shape"], nlohmann::json::array());
  EXPECT_EQ(json["arrays"]["f"]["values"], 0.1);
  EXPECT_EQ(json["metadata"]["scene"], "ridge");
}

TEST(Mtx, WritesTheEntriesThatAreNotZero) {
  EXPECT_EQ(format_mtx({"J", {{2, 3}, {0, 1.5, 0, 0, 0, -2}}, {}}, {{"scene", "ridge"}}),
            "%%MatrixMarket matrix coordinate real general\n% name: J\n% scene: ridge\n2 3 2\n1 2 1.5\n2 3 -2\n");
}

TEST(Mtx, WritesAVectorAsAColumn) {
  EXPECT_THAT(format_mtx({"w", {{2}, {3, 4}}, {}}, {}), HasSubstr("2 1 2\n1 1 3\n2 1 4\n"));
}

TEST(Vtk, PutsRowsAtPointsAndTheRestApart) {
  const std::vector<NamedValue> values = {
      {"energy", {{}, {0.5}}, {}}, {"x", {{2, 2}, {1, 2, 3, 4}}, {}}, {"r < 1", {{2}, {5, 6}}, {}}};
  EXPECT_EQ(format_vtk(values, {{"scene", "two--discs"}}, VtkKind::PolyData),
            R"(<VTKFile type="PolyData" version="0.1" byte_order="LittleEndian">
<!-- scene: two__discs -->
<PolyData>
<FieldData>
<DataArray type="Float64" Name="energy" NumberOfTuples="1" NumberOfComponents="1" format="ascii">
0.5
</DataArray>
</FieldData>
<Piece NumberOfPoints="2" NumberOfVerts="2">
<PointData>
<DataArray type="Float64" Name="r &lt; 1" NumberOfTuples="2" NumberOfComponents="1" format="ascii">
5
6
</DataArray>
</PointData>
<Points>
<DataArray type="Float64" Name="x" NumberOfTuples="2" NumberOfComponents="3" format="ascii">
1 2 0
3 4 0
</DataArray>
</Points>
<Verts>
<DataArray type="Int64" Name="connectivity" format="ascii"> 0 1</DataArray>
<DataArray type="Int64" Name="offsets" format="ascii"> 1 2</DataArray>
</Verts>
</Piece>
</PolyData>
</VTKFile>
)");
}

TEST(Vtk, WritesVerticesIntoAnUnstructuredGrid) {
  const auto text = format_vtk({{"x", {{2, 3}, {1, 2, 3, 4, 5, 6}}, {}}}, {}, VtkKind::UnstructuredGrid);
  EXPECT_THAT(text, HasSubstr(R"(<Piece NumberOfPoints="2" NumberOfCells="2">)"));
  EXPECT_THAT(text, HasSubstr(R"(Name="types" format="ascii"> 1 1</DataArray>)"));
}

TEST(Vtk, NeedsPositions) {
  const auto write = [](const std::string&, const std::string&) {
    return format_vtk({{"w", {{4}, {1, 2, 3, 4}}, {}}}, {}, VtkKind::PolyData);
  };
  EXPECT_THAT(error_of(write, ""), HasSubstr("needs positions, an array of k × 2 or k × 3"));
}

}  // namespace
}  // namespace argscope::io
