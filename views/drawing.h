#pragma once
/// A picture as a list of flat marks in pixels, from the top left of the window. Every way out (the screen, SVG, PDF)
/// paints the same list: rasters lie below, then marks in order, then texts. What lies beyond the clip rectangle is cut
/// when it is added, so the ways out need not clip marks.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace argscope::views {

struct Point {
  double x = 0, y = 0;
};
inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(double s, Point a) { return {s * a.x, s * a.y}; }
double length(Point);

/// y grows downwards: y0 is the top.
struct Rect {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
  Point center() const { return {(x0 + x1) / 2, (y0 + y1) / 2}; }
  bool contains(Point p) const { return p.x >= x0 && p.x <= x1 && p.y >= y0 && p.y <= y1; }
  bool empty() const { return !(x1 > x0 && y1 > y0); }
  Rect inset(double by) const { return {x0 + by, y0 + by, x1 - by, y1 - by}; }
};
Rect intersection(const Rect&, const Rect&);

struct Color {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  bool operator==(const Color&) const = default;
  Color faded(double alpha) const;  ///< alpha multiplied, 0..1
};
Color mix(Color from, Color to, double t);

enum class Dash { Solid, Dashed, Dotted };

struct Pen {
  Color color;
  double width = 1;  ///< pixels
  Dash dash = Dash::Solid;
};

/// Drawn and left-out lengths of a dashed or dotted pen, pixels.
struct DashLengths {
  double on, off;
};
DashLengths dash_lengths(const Pen&);

enum class TextSize { Small, Normal, Title };
enum class Across { Left, Center, Right };
enum class Down { Top, Center, Bottom };

struct TextStyle {
  Color color;
  TextSize size = TextSize::Normal;
  Across across = Across::Left;
  Down down = Down::Center;
  bool upright = false;  ///< turned a quarter to the left, as beside a vertical axis
};

struct Text {
  Point at;
  std::string text;
  TextStyle style;
  Rect clip;
};

/// Cells of one colour each, without smoothing; row 0 at the top.
struct Raster {
  Rect rect, clip;
  int rows = 0, cols = 0;
  std::vector<Color> cells;
};

/// A filled convex polygon, a stroked path, or a disc (first point its centre).
struct Mark {
  enum class Kind : std::uint8_t { Fill, Line, Disc };
  Kind kind = Kind::Fill;
  bool closed = false;
  bool tile = false;  ///< a fill that meets its neighbours without a seam: hard edges
  std::uint32_t first = 0, count = 0;
  Color fill;
  Pen pen;
  double radius = 0;
};

class Drawing {
 public:
  explicit Drawing(const Rect& bounds) : clips_{bounds} {}

  void push_clip(const Rect&);  ///< the intersection with the one before
  void pop_clip();
  const Rect& clip() const { return clips_.back(); }

  void fill(std::span<const Point> convex, Color);
  void tile(std::span<const Point> convex, Color);  ///< one of many that cover an area together
  void line(std::span<const Point>, const Pen&);
  void line(Point from, Point to, const Pen&);
  void outline(std::span<const Point>, const Pen&);  ///< closed
  void disc(Point center, double radius, Color fill, const Pen& outline);
  void text(Point, std::string, const TextStyle&);
  void raster(const Rect&, int rows, int cols, std::vector<Color>);

  void box(const Rect&, Color);
  void frame(const Rect&, const Pen&);
  void arrow(Point from, Point to, const Pen&);  ///< a shaft and a filled head; nothing when shorter than a pixel
  void hatch(const Rect&, Color ground, Color lines);

  std::span<const Point> points(const Mark& m) const { return {points_.data() + m.first, m.count}; }
  const std::vector<Mark>& marks() const { return marks_; }
  const std::vector<Text>& texts() const { return texts_; }
  const std::vector<Raster>& rasters() const { return rasters_; }

 private:
  void add(Mark, std::span<const Point>);
  void clipped_fill(std::span<const Point>, Color, bool tile);
  void clipped_line(std::span<const Point>, const Pen&, bool closed);
  bool inside(std::span<const Point>, double margin) const;

  std::vector<Rect> clips_;
  std::vector<Point> points_;
  std::vector<Mark> marks_;
  std::vector<Text> texts_;
  std::vector<Raster> rasters_;
};

}  // namespace argscope::views
