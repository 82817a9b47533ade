#include <fmt/format.h>
#include <ft2build.h>

#include <array>
#include <cmath>
#include <memory>

#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "core/io/arrays.h"
#include "views/page.h"

namespace argscope::views {

namespace {

constexpr int opacities = 20;  // steps of transparency that get a graphics state

std::string rgb(Color c, const char* operation) {
  return fmt::format("{:.3f} {:.3f} {:.3f} {}\n", c.r / 255.0, c.g / 255.0, c.b / 255.0, operation);
}

std::string opacity(Color c) {
  return fmt::format("/A{} gs\n", static_cast<int>(std::lround(c.a / 255.0 * opacities)));
}

/// The outlines of a typeface's letters as PDF paths in ems, y upwards.
class Outlines {
 public:
  explicit Outlines(TextSize size) {
    const auto file = Type::file(size);
    if (file.empty())
      throw io::DataError(
          "PDF needs the typeface DejaVu Sans, which is not installed; install fonts-dejavu-core, or write .svg");
    if (FT_Init_FreeType(&library_) != 0 || FT_New_Face(library_, file.c_str(), 0, &face_) != 0)
      throw io::DataError(fmt::format("{}: cannot be read as a typeface", file.string()));
  }
  ~Outlines() {
    if (face_ != nullptr) FT_Done_Face(face_);
    FT_Done_FreeType(library_);
  }
  Outlines(const Outlines&) = delete;
  Outlines& operator=(const Outlines&) = delete;

  /// The paths of a text beginning at 0, stretched to `width` ems.
  std::string text(const std::string& utf8, double width) {
    struct Letter {
      std::string path;
      double at;
    };
    std::vector<Letter> letters;
    double pen = 0;
    for (std::size_t k = 0; k < utf8.size();) {
      if (FT_Load_Char(face_, next(utf8, k), FT_LOAD_NO_SCALE) != 0) continue;
      letters.push_back({path(), pen});
      pen += static_cast<double>(face_->glyph->metrics.horiAdvance) / face_->units_per_EM;
    }
    std::string s;
    const double stretch = pen > 0 ? width / pen : 1, unit = 1.0 / face_->units_per_EM;
    for (const Letter& l : letters)
      if (!l.path.empty())
        s += fmt::format("q {:.8f} 0 0 {:.8f} {:.5f} 0 cm\n{}f Q\n", unit, unit, l.at * stretch, l.path);
    return s;
  }

 private:
  static FT_ULong next(const std::string& s, std::size_t& k) {
    const auto lead = static_cast<unsigned char>(s[k++]);
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    FT_ULong code = more == 3 ? lead & 7U : more == 2 ? lead & 15U : more == 1 ? lead & 31U : lead;
    for (; more > 0 && k < s.size(); --more) code = code << 6 | (static_cast<unsigned char>(s[k++]) & 63U);
    return code;
  }

  std::string path() {
    struct State {
      std::string text;
      double x = 0, y = 0;
    } state;
    FT_Outline_Funcs f{};
    f.move_to = [](const FT_Vector* to, void* user) {
      auto& s = *static_cast<State*>(user);
      s.text += fmt::format("{} {} m\n", to->x, to->y);
      s.x = static_cast<double>(to->x), s.y = static_cast<double>(to->y);
      return 0;
    };
    f.line_to = [](const FT_Vector* to, void* user) {
      auto& s = *static_cast<State*>(user);
      s.text += fmt::format("{} {} l\n", to->x, to->y);
      s.x = static_cast<double>(to->x), s.y = static_cast<double>(to->y);
      return 0;
    };
    f.conic_to = [](const FT_Vector* c, const FT_Vector* to, void* user) {
      auto& s = *static_cast<State*>(user);
      const auto cx = static_cast<double>(c->x), cy = static_cast<double>(c->y);
      const auto x = static_cast<double>(to->x), y = static_cast<double>(to->y);
      s.text += fmt::format("{:.1f} {:.1f} {:.1f} {:.1f} {} {} c\n", s.x + 2 * (cx - s.x) / 3, s.y + 2 * (cy - s.y) / 3,
                            x + 2 * (cx - x) / 3, y + 2 * (cy - y) / 3, x, y);
      s.x = x, s.y = y;
      return 0;
    };
    f.cubic_to = [](const FT_Vector* a, const FT_Vector* b, const FT_Vector* to, void* user) {
      auto& s = *static_cast<State*>(user);
      s.text += fmt::format("{} {} {} {} {} {} c\n", a->x, a->y, b->x, b->y, to->x, to->y);
      s.x = static_cast<double>(to->x), s.y = static_cast<double>(to->y);
      return 0;
    };
    FT_Outline_Decompose(&face_->glyph->outline, &f, &state);
    return state.text;
  }

  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
};

std::string stroke_state(const Pen& pen) {
  std::string s = rgb(pen.color, "RG") + opacity(pen.color) + fmt::format("{:.3f} w ", pen.width);
  const DashLengths d = dash_lengths(pen);
  return s + (pen.dash == Dash::Solid ? "[] 0 d\n" : fmt::format("[{:.2f} {:.2f}] 0 d\n", d.on, d.off));
}

std::string path(std::span<const Point> points) {
  std::string s;
  for (const Point p : points) s += fmt::format("{:.2f} {:.2f} {}\n", p.x, p.y, s.empty() ? "m" : "l");
  return s;
}

std::string circle(Point c, double r) {
  const double k = 0.5522847498 * r;  // the control distance of a quarter circle
  return fmt::format("{:.2f} {:.2f} m\n", c.x + r, c.y) +
         fmt::format("{:.2f} {:.2f} {:.2f} {:.2f} {:.2f} {:.2f} c\n", c.x + r, c.y + k, c.x + k, c.y + r, c.x,
                     c.y + r) +
         fmt::format("{:.2f} {:.2f} {:.2f} {:.2f} {:.2f} {:.2f} c\n", c.x - k, c.y + r, c.x - r, c.y + k, c.x - r,
                     c.y) +
         fmt::format("{:.2f} {:.2f} {:.2f} {:.2f} {:.2f} {:.2f} c\n", c.x - r, c.y - k, c.x - k, c.y - r, c.x,
                     c.y - r) +
         fmt::format("{:.2f} {:.2f} {:.2f} {:.2f} {:.2f} {:.2f} c h\n", c.x + k, c.y - r, c.x + r, c.y - k, c.x + r,
                     c.y);
}

std::string mark(const Drawing& d, const Mark& m) {
  const auto points = d.points(m);
  const bool disc = m.kind == Mark::Kind::Disc;
  const std::string shape = disc ? circle(points[0], m.radius) : path(points);
  std::string s;
  if (m.kind != Mark::Kind::Line && m.fill.a > 0) s += rgb(m.fill, "rg") + opacity(m.fill) + shape + "f\n";
  if (m.tile) s += stroke_state({m.fill, 0.4, Dash::Solid}) + shape + "s\n";
  if (m.kind != Mark::Kind::Fill && m.pen.color.a > 0 && m.pen.width > 0)
    s += stroke_state(m.pen) + shape + (m.closed || disc ? "s\n" : "S\n");
  return s;
}

/// Objects numbered from 1, and the table of where they begin.
class Objects {
 public:
  std::size_t add(const std::string& body) {
    starts_.push_back(text_.size());
    text_ += fmt::format("{} 0 obj\n", starts_.size()) + body + "\nendobj\n";
    return starts_.size();
  }
  std::size_t stream(const std::string& dictionary, const std::string& bytes) {
    return add(fmt::format("<< {} /Length {} >>\nstream\n", dictionary, bytes.size()) + bytes + "\nendstream");
  }
  std::string finish(std::size_t root, std::size_t info) const {
    std::string s = text_ + fmt::format("xref\n0 {}\n0000000000 65535 f \n", starts_.size() + 1);
    for (const std::size_t start : starts_) s += fmt::format("{:010} 00000 n \n", start);
    return s + fmt::format("trailer\n<< /Size {} /Root {} 0 R /Info {} 0 R >>\nstartxref\n{}\n%%EOF\n",
                           starts_.size() + 1, root, info, text_.size());
  }

 private:
  std::string text_ = "%PDF-1.6\n%\xE2\xE3\xCF\xD3\n";
  std::vector<std::size_t> starts_;
};

/// A text string of a dictionary, as UTF-16 in hexadecimal; letters beyond the first plane become "?".
std::string text_string(const std::string& utf8) {
  std::string s = "<FEFF";
  for (std::size_t k = 0; k < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[k++]);
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    unsigned code = more == 2 ? lead & 15U : more == 1 ? lead & 31U : lead;
    const bool far = more == 3;
    for (; more > 0 && k < utf8.size(); --more) code = code << 6 | (static_cast<unsigned char>(utf8[k++]) & 63U);
    s += fmt::format("{:04X}", far ? unsigned{'?'} : code);
  }
  return s + ">";
}

std::string image_bytes(const Raster& r) {
  std::string bytes;
  for (const Color c : r.cells) bytes += {static_cast<char>(c.r), static_cast<char>(c.g), static_cast<char>(c.b)};
  return bytes;
}

std::string text(const Text& t, const Type& type, Outlines& face) {
  const Baseline b = baseline(t, type);
  const std::string turn =
      t.style.upright ? fmt::format("0 {0:.4f} {0:.4f} 0", -b.em) : fmt::format("{0:.4f} 0 0 -{0:.4f}", b.em);
  return rgb(t.style.color, "rg") + opacity(t.style.color) +
         fmt::format("q {} {:.3f} {:.3f} cm\n", turn, b.at.x, b.at.y) +
         face.text(t.text, type.width(t.text, t.style.size) / b.em) + "Q\n";
}

/// Adds the image to the objects and to the page's names; returns how it is placed.
std::string image(const Raster& r, Objects& objects, std::string& names) {
  const std::size_t id = objects.stream(
      fmt::format("/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceRGB /BitsPerComponent 8",
                  r.cols, r.rows),
      image_bytes(r));
  names += fmt::format("/I{0} {0} 0 R ", id);
  return fmt::format("q {:.2f} {:.2f} {:.2f} {:.2f} re W n {:.3f} 0 0 {:.3f} {:.2f} {:.2f} cm /A{} gs /I{} Do Q\n",
                     r.clip.x0, r.clip.y0, r.clip.width(), r.clip.height(), r.rect.width(), -r.rect.height(), r.rect.x0,
                     r.rect.y1, opacities, id);
}

std::string opacity_states() {
  std::string s;
  for (int k = 0; k <= opacities; ++k)
    s += fmt::format("/A{0} << /ca {1:.2f} /CA {1:.2f} >> ", k, static_cast<double>(k) / opacities);
  return s;
}

}  // namespace

std::string pdf(const Page& page) {
  Outlines plain(TextSize::Normal), bold(TextSize::Title);
  Objects objects;
  std::string content = fmt::format("1 0 0 -1 0 {} cm 1 j\n", page.height), images;
  if (page.background)
    content +=
        rgb(*page.background, "rg") + fmt::format("/A{} gs 0 0 {} {} re f\n", opacities, page.width, page.height);
  for (const Drawing* d : page.drawings) {
    for (const Raster& r : d->rasters()) content += image(r, objects, images);
    for (const Mark& m : d->marks()) content += mark(*d, m);
    for (const Text& t : d->texts()) content += text(t, *page.type, t.style.size == TextSize::Title ? bold : plain);
  }
  const std::size_t drawn = objects.stream("", content), pages = drawn + 2;
  const std::size_t only =
      objects.add(fmt::format("<< /Type /Page /Parent {} 0 R /MediaBox [0 0 {} {}] /Contents {} 0 R /Resources << "
                              "/ExtGState << {}>> /XObject << {}>> >> >>",
                              pages, page.width, page.height, drawn, opacity_states(), images));
  objects.add(fmt::format("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", only));
  const std::size_t root = objects.add(fmt::format("<< /Type /Catalog /Pages {} 0 R >>", pages));
  std::string info;
  for (const auto& [key, value] : page.metadata) info += fmt::format("{}: {}\n", key, value);
  const std::size_t about = objects.add(fmt::format("<< /Producer (Argscope) /Subject {} >>", text_string(info)));
  return objects.finish(root, about);
}

}  // namespace argscope::views
