// Pictures of every built-in scene, drawn off screen and compared with those that were looked at once.
#include <gtest/gtest.h>
#include <png.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "core/io/arrays.h"
#include "core/io/scene.h"
#include "views/stage.h"

namespace argscope::views {
namespace {

namespace fs = std::filesystem;

constexpr int width = 640, height = 420, tile = 20;
constexpr int across = width / tile, down = height / tile;

const fs::path root = ARGSCOPE_SOURCE_DIR;

io::Paths paths() { return {{root / "scenes"}, {root / "assets/data"}}; }

std::vector<std::string> scenes() {
  std::vector<std::string> names;
  for (const fs::path& p : io::built_in_scenes(paths())) names.push_back(p.stem().string());
  return names;
}

/// Grey levels (0 to 255) averaged over tiles: blind to antialiasing and fonts' last pixels, not to a missing layer.
std::vector<double> tiles(const std::vector<double>& grey) {
  std::vector<double> mean(static_cast<std::size_t>(across * down), 0);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      mean[static_cast<std::size_t>(y / tile * across + x / tile)] +=
          grey[static_cast<std::size_t>(y * width + x)] / (tile * tile);
  return mean;
}

std::vector<double> drawn(const std::string& name) {
  const auto scene = std::make_shared<const io::Scene>(io::read_scene(name, paths()));
  Vec theta(0);
  for (const auto& p : scene->statement->parameters)
    for (const double v : p.value.values) {
      theta.conservativeResize(theta.size() + 1);
      theta[theta.size() - 1] = v;
    }
  const auto snapshot = live::solve_now(scene, theta, {});
  EXPECT_TRUE(snapshot->error.empty()) << snapshot->error;
  EXPECT_TRUE(snapshot->trust.defined) << snapshot->trust.reason;
  const auto rgba = render_to_pixels(snapshot, nullptr, {}, width, height);
  std::vector<double> grey;
  for (std::size_t k = 0; k < rgba.size(); k += 4)
    grey.push_back(0.299 * rgba[k] + 0.587 * rgba[k + 1] + 0.114 * rgba[k + 2]);
  return grey;
}

void write_grey(const fs::path& path, const std::vector<double>& grey) {
  std::vector<unsigned char> bytes;
  for (const double g : grey) bytes.push_back(static_cast<unsigned char>(std::lround(g)));
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_GRAY;
  ASSERT_TRUE(png_image_write_to_file(&image, path.c_str(), 0, bytes.data(), 0, nullptr));
}

class GoldenPicture : public testing::TestWithParam<std::string> {};

TEST_P(GoldenPicture, LooksAsItDid) {
  const fs::path golden = root / "tests/golden" / (GetParam() + ".png");
  const std::vector<double> now = drawn(GetParam());
  ASSERT_EQ(now.size(), static_cast<std::size_t>(width * height));
  if (std::getenv("ARGSCOPE_WRITE_GOLDEN")) write_grey(golden, now);
  std::vector<double> before = io::read_array(golden, "").values;  // 0 to 1
  for (double& g : before) g *= 255;
  const auto a = tiles(now), b = tiles(before);
  double total = 0;
  for (std::size_t k = 0; k < a.size(); ++k) total += std::abs(a[k] - b[k]) / static_cast<double>(a.size());
  // A packing may settle into another minimum on another processor: its discs lie elsewhere, its tiles are as grey.
  const double allowed = GetParam().starts_with("packing") ? 30 : 4;
  EXPECT_LE(total, allowed);
}

INSTANTIATE_TEST_SUITE_P(OfEveryScene, GoldenPicture, testing::ValuesIn(scenes()), [](const auto& test) {
  std::string name = test.param;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
});

}  // namespace
}  // namespace argscope::views
