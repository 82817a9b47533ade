#pragma once
/// Typefaces and their measures: DejaVu Sans where it is installed, else Dear ImGui's own (Latin letters only).

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "views/drawing.h"

struct ImFont;
struct ImFontAtlas;

namespace argscope::views {

class Type {
 public:
  static constexpr double least_scale = 0.25, most_scale = 8;  ///< beyond it the letters outgrow their picture
  explicit Type(double scale);                                 ///< of all sizes; clamped
  ~Type();
  Type(Type&&) noexcept;

  double scale() const { return scale_; }
  double size(TextSize) const;  ///< pixels, the height of a line
  double width(const std::string&, TextSize) const;
  ImFont* font(TextSize) const;
  ImFontAtlas* atlas() const { return atlas_.get(); }
  /// Lines no wider than `room`; a longer word stands alone.
  std::vector<std::string> wrapped(const std::string&, TextSize, double room) const;
  /// The text, or as much of it as fits with "…" behind.
  std::string shortened(const std::string&, TextSize, double room) const;

  /// The file of the typeface; empty when it is not installed.
  static std::filesystem::path file(TextSize);

 private:
  struct Discard {
    void operator()(ImFontAtlas*) const;
  };
  double scale_;
  std::unique_ptr<ImFontAtlas, Discard> atlas_;
  ImFont* fonts_[3] = {};
};

}  // namespace argscope::views
