#include "views/type.h"

#include <imgui.h>
#include <imgui_freetype.h>

#include <algorithm>
#include <cmath>

namespace argscope::views {

namespace {

/// Latin, Greek, raised and lowered digits, letters of mathematics (ℓ, ℝ), arrows, mathematics, shapes and marks.
constexpr ImWchar glyphs[] = {0x0020, 0x017F, 0x0302, 0x0302, 0x0370, 0x03FF, 0x2010, 0x2027, 0x2030,
                              0x205E, 0x2070, 0x209C, 0x2100, 0x214F, 0x2190, 0x21D5, 0x2200, 0x22A5,
                              0x25A0, 0x25CF, 0x2610, 0x2612, 0x2713, 0x2717, 0};

constexpr double pixels[3] = {11.5, 13.5, 16};

}  // namespace

void Type::Discard::operator()(ImFontAtlas* atlas) const { IM_DELETE(atlas); }

std::filesystem::path Type::file(TextSize size) {
  const std::filesystem::path folder = "/usr/share/fonts/truetype/dejavu";
  const auto path = folder / (size == TextSize::Title ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf");
  std::error_code unreadable;
  return std::filesystem::is_regular_file(path, unreadable) ? path : std::filesystem::path();
}

Type::Type(double scale) : scale_(std::clamp(scale, least_scale, most_scale)), atlas_(IM_NEW(ImFontAtlas)()) {
  atlas_->FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas_->FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
  atlas_->Flags |= ImFontAtlasFlags_NoMouseCursors;
  for (const TextSize s : {TextSize::Small, TextSize::Normal, TextSize::Title}) {
    const auto path = file(s);
    const auto height = static_cast<float>(size(s));
    ImFontConfig own;
    own.SizePixels = height;
    fonts_[static_cast<int>(s)] =
        path.empty() ? atlas_->AddFontDefault(&own) : atlas_->AddFontFromFileTTF(path.c_str(), height, nullptr, glyphs);
  }
  atlas_->Build();
}

Type::~Type() = default;
Type::Type(Type&&) noexcept = default;

double Type::size(TextSize s) const { return std::round(pixels[static_cast<int>(s)] * 1.17 * scale_); }

ImFont* Type::font(TextSize s) const { return fonts_[static_cast<int>(s)]; }

double Type::width(const std::string& text, TextSize s) const {
  const ImFont* f = font(s);
  return f->CalcTextSizeA(f->FontSize, 1e9F, 0, text.data(), text.data() + text.size()).x;
}

std::vector<std::string> Type::wrapped(const std::string& text, TextSize size, double room) const {
  std::vector<std::string> lines(1);
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
    const std::string word = text.substr(start, end - start);
    const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
    if (lines.back().empty() || width(longer, size) <= room)
      lines.back() = longer;
    else
      lines.push_back(word);
    if (end < text.size() && text[end] == '\n') lines.emplace_back();
    start = end + 1;
  }
  return lines;
}

std::string Type::shortened(const std::string& text, TextSize size, double room) const {
  if (width(text, size) <= room) return text;
  for (std::size_t end = text.size(); end > 0;) {
    do --end;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);  // not inside a letter
    std::string start = text.substr(0, end) + "…";
    if (end > 0 && width(start, size) <= room) return start;
  }
  return "";
}

}  // namespace argscope::views
