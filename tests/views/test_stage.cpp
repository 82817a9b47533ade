#include <gtest/gtest.h>
#include <vtkNew.h>
#include <vtkRenderWindow.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/io/arrays.h"
#include "tests/views/samples.h"

namespace argscope::views {
namespace {

using samples::different_pixels;

/// Pictures on a graphics card, real or in software; left out where there is no display.
class Stages : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("DISPLAY") == nullptr) GTEST_SKIP() << "no display; run under xvfb-run";
    folder_ = std::filesystem::temp_directory_path() / ("argscope_views_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  static std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
  }
  std::filesystem::path folder_;
};

TEST_F(Stages, DrawEveryKindInLightAndDark) {
  for (const bool dark : {false, true}) {
    Look look;
    look.dark = dark;
    const auto empty = render_to_pixels(nullptr, nullptr, look, 300, 220);
    EXPECT_EQ(empty[0] < 100, dark);
    for (const auto& [name, sample] : samples::all())
      EXPECT_GT(different_pixels(render_to_pixels(sample, nullptr, look, 300, 220), empty), 2000) << name;
  }
}

TEST_F(Stages, LeaveTheHealthStripToTheWindowWhenAskedTo) {
  const auto sample = samples::packing(9, 1);
  Look with, without;
  without.health = false;
  const auto foot = [](const std::vector<unsigned char>& pixels) {
    return std::vector<unsigned char>(pixels.end() - 4L * 400 * 12, pixels.end());  // twelve rows
  };
  const auto strip = foot(paint_to_pixels(sample, nullptr, with, 400, 300));
  const auto bare = foot(paint_to_pixels(sample, nullptr, without, 400, 300));
  EXPECT_GT(different_pixels(strip, bare), 1000);
}

TEST_F(Stages, SurviveAOnePixelWindowAndNoSnapshot) {
  EXPECT_EQ(render_to_pixels(samples::packing(9, 1), nullptr, Look(), 1, 1).size(), 4U);
  EXPECT_EQ(render_to_pixels(nullptr, nullptr, Look(), 1, 1).size(), 4U);
}

TEST_F(Stages, LeaveTheBackgroundClearWhenAskedTo) {
  Look look;
  look.transparent = true;
  look.overlay = false;
  const auto picture = render_to_pixels(samples::packing(16, 1), nullptr, look, 200, 150);
  EXPECT_EQ(picture[3], 0);
  Index solid = 0;
  for (std::size_t k = 3; k < picture.size(); k += 4) solid += picture[k] == 255;
  EXPECT_GT(solid, 1000);
  look.transparent = false;
  EXPECT_EQ(render_to_pixels(samples::packing(16, 1), nullptr, look, 200, 150)[3], 255);
}

TEST_F(Stages, ChangeOnlyWhereTheGhostIs) {
  const auto s = samples::bars();
  Look look;
  look.overlay = false;
  const live::Ghost ghost = samples::ghost_of(*s.snapshot, 0.5);
  const auto with = render_to_pixels(s, &ghost, look, 400, 300), without = render_to_pixels(s, nullptr, look, 400, 300);
  EXPECT_GT(different_pixels(with, without), 50);
  EXPECT_LT(different_pixels(with, without), 400 * 300 / 10);
}

TEST_F(Stages, GiveTheSamePictureWhenUpdatedInPlace) {
  vtkNew<vtkRenderWindow> window;
  window->SetOffScreenRendering(1);
  window->SetSize(320, 240);
  Stage stage(window);
  const auto shown = [&](const live::SnapshotPtr& s) {
    stage.update(s, nullptr, Look());
    stage.render();
    unsigned char* pixels = window->GetPixelData(0, 0, 319, 239, 0);
    std::vector<unsigned char> copy(pixels, pixels + 320 * 240 * 3);
    delete[] pixels;
    return copy;
  };
  const auto first = shown(samples::packing(64, 1));
  for (const auto& [name, sample] : samples::all()) shown(sample);
  shown(nullptr);
  EXPECT_EQ(shown(samples::packing(64, 1)), first);
}

TEST_F(Stages, WritePicturesWithTheirMetadata) {
  const std::map<std::string, std::string> about{{"theta", "1.5"}, {"solver", "newton"}};
  for (const char* name : {"a.png", "a.svg", "a.pdf"})
    render_to_file(samples::side_by_side(), Look(), 500, 400, folder_ / name, about);
  const std::string png = text_of(folder_ / "a.png"), svg = text_of(folder_ / "a.svg"),
                    pdf = text_of(folder_ / "a.pdf");
  EXPECT_EQ(png.substr(1, 3), "PNG");
  EXPECT_NE(png.find("tEXt"), std::string::npos);
  EXPECT_NE(png.find("newton"), std::string::npos);
  EXPECT_NE(svg.find("theta: 1.5"), std::string::npos);
  EXPECT_NE(svg.find("Packing of two sizes</text>"), std::string::npos);
  EXPECT_EQ(pdf.substr(0, 5), "%PDF-");
  EXPECT_NE(pdf.find("startxref"), std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator(folder_))  // no temporary file stays behind
    EXPECT_EQ(entry.path().stem(), "a");
}

TEST_F(Stages, RefuseAnEndingOrAPlaceThatTheyCannotWrite) {
  EXPECT_THROW(render_to_file(samples::bars(), Look(), 50, 50, folder_ / "a.gif", {}), io::DataError);
  EXPECT_THROW(render_to_file(samples::bars(), Look(), 0, 50, folder_ / "a.png", {}), io::DataError);
  EXPECT_THROW(render_to_file(samples::bars(), Look(), 50, 50, folder_ / "no" / "such" / "a.svg", {}), io::DataError);
}

TEST_F(Stages, WriteDocumentsOfEveryKind) {
  for (const auto& [name, sample] : samples::all())
    for (const char* ending : {".svg", ".pdf"}) {
      render_to_file(sample, Look(), 300, 200, folder_ / (name + ending), {});
      EXPECT_GT(std::filesystem::file_size(folder_ / (name + ending)), 1000U) << name;
    }
}

}  // namespace
}  // namespace argscope::views
