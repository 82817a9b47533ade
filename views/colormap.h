#pragma once
/// From numbers to colours. Signed quantities: blue below zero, orange above, symmetric about zero. Magnitudes: viridis
/// from the lower end. Grey: dark to light, for photographs.

#include <optional>
#include <span>
#include <string_view>

#include "core/types.h"
#include "views/drawing.h"

namespace argscope::views {

enum class Tint { Signed, Magnitude, Grey };

/// "signed", "magnitude" or "grey"; none for another word.
std::optional<Tint> tint_named(std::string_view);

struct Colormap {
  Tint tint = Tint::Signed;
  double low = -1, high = 1;  ///< low < high
  bool cut_low = false;       ///< values beyond the end exist: the bar's end is pointed
  bool cut_high = false;
  bool dark = false;
  Color color(double value) const;  ///< value finite; beyond the ends: the end's colour
};

/// What a scene may say of the colours.
struct Coloring {
  std::optional<Tint> tint;
  std::optional<double> low, high;
  bool dark = false;
};

/// Fits the ends to finite values (signed when any is negative), unless told. No finite value: −1..1.
Colormap fit_colormap(std::span<const double> values, const Coloring&);

}  // namespace argscope::views
