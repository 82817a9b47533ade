#include "views/colormap.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace argscope::views {

namespace {

constexpr Color rgb(unsigned code) {
  return {static_cast<std::uint8_t>(code >> 16), static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code),
          255};
}

constexpr std::array signed_light{rgb(0x0b3c6f), rgb(0x2a74b3), rgb(0x7fb3dc), rgb(0xf6f6f4),
                                  rgb(0xf3b176), rgb(0xd36e1a), rgb(0x853c05)};
constexpr std::array signed_dark{rgb(0xa6dcff), rgb(0x58aef0), rgb(0x2b6aa3), rgb(0x20272e),
                                 rgb(0xa65a1d), rgb(0xf0913f), rgb(0xffd3a0)};
constexpr std::array viridis{rgb(0x440154), rgb(0x472d7b), rgb(0x3b528b), rgb(0x2c728e), rgb(0x21918c),
                             rgb(0x28ae80), rgb(0x5ec962), rgb(0xaddc30), rgb(0xfde725)};
constexpr std::array grey{rgb(0x000000), rgb(0xffffff)};

Color along(std::span<const Color> stops, double t) {
  const double place = std::clamp(t, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
  const auto k = std::min(static_cast<std::size_t>(place), stops.size() - 2);
  return mix(stops[k], stops[k + 1], place - static_cast<double>(k));
}

}  // namespace

std::optional<Tint> tint_named(std::string_view name) {
  if (name == "signed") return Tint::Signed;
  if (name == "magnitude") return Tint::Magnitude;
  if (name == "grey") return Tint::Grey;
  return std::nullopt;
}

Color Colormap::color(double value) const {
  const double t = (value - low) / (high - low);
  if (tint == Tint::Magnitude) return along(viridis, t);
  if (tint == Tint::Grey) return along(grey, t);
  return along(dark ? signed_dark : signed_light, t);
}

Colormap fit_colormap(std::span<const double> values, const Coloring& told) {
  double least = INFINITY, most = -INFINITY;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    least = std::min(least, v);
    most = std::max(most, v);
  }
  const bool any = least <= most;
  Colormap map;
  map.dark = told.dark;
  map.tint = told.tint.value_or(any && least >= 0 ? Tint::Magnitude : Tint::Signed);
  if (any && map.tint == Tint::Signed) {
    const double largest = std::max(std::abs(least), std::abs(most)), reach = largest > 0 ? largest : 1;
    map.low = -reach, map.high = reach;
  } else if (any) {
    map.low = map.tint == Tint::Magnitude ? std::min(0.0, least) : least;
    map.high = most;
  }
  if (told.low) map.low = *told.low;
  if (told.high) map.high = *told.high;
  if (map.tint == Tint::Signed && (told.low || told.high)) {  // symmetric, whatever was said
    const double told_reach = std::max(told.low ? std::abs(*told.low) : 0, told.high ? std::abs(*told.high) : 0);
    const double reach = told_reach > 0 ? told_reach : 1;
    map.low = -reach, map.high = reach;
  }
  if (!(map.high > map.low)) map.high = map.low + std::max(1e-12, std::abs(map.low));
  map.cut_low = any && least < map.low;
  map.cut_high = any && most > map.high;
  return map;
}

}  // namespace argscope::views
