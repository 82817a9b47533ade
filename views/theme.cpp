#include "views/theme.h"

#include <cmath>

namespace argscope::views {

namespace {

constexpr Color rgb(unsigned code) {
  return {static_cast<std::uint8_t>(code >> 16), static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code),
          255};
}

constexpr Theme light_theme{.background = rgb(0xffffff),
                            .panel = rgb(0xf3f5f7),
                            .ink = rgb(0x1b232c),
                            .muted = rgb(0x566270),
                            .axis = rgb(0x7b8794),
                            .grid = rgb(0xe4e8ec),
                            .small = rgb(0xbfd8ee),
                            .large = rgb(0x7fabd6),
                            .rim = rgb(0x34618f),
                            .arrow = rgb(0xc8500a),
                            .ghost = rgb(0x7a3fa0),
                            .good = rgb(0x12703a),
                            .warn = rgb(0x8a5a00),
                            .bad = rgb(0xb3261e),
                            .missing = rgb(0xdfe2e5),
                            .hatching = rgb(0x9aa3ac),
                            .categories = {rgb(0x0072b2), rgb(0xd55e00), rgb(0x009e73), rgb(0xb8578f), rgb(0x3a96cc),
                                           rgb(0xc98600), rgb(0x5a6470)}};

constexpr Theme dark_theme{.background = rgb(0x14191f),
                           .panel = rgb(0x202830),
                           .ink = rgb(0xe8edf2),
                           .muted = rgb(0xa5b2bf),
                           .axis = rgb(0x74818e),
                           .grid = rgb(0x2a333c),
                           .small = rgb(0x35587a),
                           .large = rgb(0x4f86bd),
                           .rim = rgb(0xa9cdf0),
                           .arrow = rgb(0xff9a52),
                           .ghost = rgb(0xd0a2f2),
                           .good = rgb(0x5fd08b),
                           .warn = rgb(0xf0b64a),
                           .bad = rgb(0xff8a80),
                           .missing = rgb(0x3a434c),
                           .hatching = rgb(0x75818d),
                           .categories = {rgb(0x4fb0ea), rgb(0xff8f3f), rgb(0x2fc79a), rgb(0xe08fbe), rgb(0x86d0f7),
                                          rgb(0xf0b93a), rgb(0xaab6c2)}};

double luminance(Color c) {
  const auto linear = [](std::uint8_t v) {
    const double s = v / 255.0;
    return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

const Theme& theme(bool dark) { return dark ? dark_theme : light_theme; }

double contrast(Color a, Color b) {
  const double p = luminance(a), q = luminance(b);
  return (std::max(p, q) + 0.05) / (std::min(p, q) + 0.05);
}

}  // namespace argscope::views
