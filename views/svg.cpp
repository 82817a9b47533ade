#include <fmt/format.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkUnsignedCharArray.h>

#include <cmath>
#include <cstring>

#include "views/page.h"

namespace argscope::views {

namespace {

std::string escaped(const std::string& text) {
  std::string s;
  for (const char c : text) {
    if (c == '&')
      s += "&amp;";
    else if (c == '<')
      s += "&lt;";
    else if (c == '>')
      s += "&gt;";
    else if (c == '"')
      s += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      s += c;
  }
  return s;
}

std::string paint(const char* what, Color c) {
  if (c.a == 0) return fmt::format(" {}=\"none\"", what);
  std::string s = fmt::format(" {}=\"#{:02x}{:02x}{:02x}\"", what, c.r, c.g, c.b);
  if (c.a < 255) s += fmt::format(" {}-opacity=\"{:.3g}\"", what, c.a / 255.0);
  return s;
}

std::string stroke(const Pen& pen) {
  if (pen.color.a == 0 || !(pen.width > 0)) return "";
  std::string s = paint("stroke", pen.color) + fmt::format(" stroke-width=\"{:.4g}\"", pen.width);
  const DashLengths dash = dash_lengths(pen);
  if (pen.dash != Dash::Solid) s += fmt::format(" stroke-dasharray=\"{:.4g} {:.4g}\"", dash.on, dash.off);
  return s;
}

std::string path(std::span<const Point> points, bool closed) {
  std::string s;
  for (const Point p : points) s += fmt::format("{}{:.2f} {:.2f}", s.empty() ? "M" : "L", p.x, p.y);
  return closed ? s + "Z" : s;
}

std::string mark(const Drawing& d, const Mark& m) {
  const auto points = d.points(m);
  if (m.kind == Mark::Kind::Disc)
    return fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\"{}{}/>\n", points[0].x, points[0].y, m.radius,
                       paint("fill", m.fill), stroke(m.pen));
  if (m.kind == Mark::Kind::Line)
    return fmt::format("<path d=\"{}\" fill=\"none\"{}/>\n", path(points, m.closed), stroke(m.pen));
  const std::string seam = m.tile ? stroke({m.fill, 0.6, Dash::Solid}) : "";  // viewers soften edges: close the gaps
  return fmt::format("<path d=\"{}\"{}{}/>\n", path(points, true), paint("fill", m.fill), seam);
}

std::string base64(const unsigned char* bytes, std::size_t count) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string s;
  for (std::size_t k = 0; k < count; k += 3) {
    unsigned block = 0;
    for (std::size_t i = 0; i < 3; ++i) block = block << 8 | (k + i < count ? bytes[k + i] : 0U);
    for (std::size_t i = 0; i < 4; ++i) s += k + i <= count ? digits[block >> (18 - 6 * i) & 63] : '=';
  }
  return s;
}

std::string raster(const Raster& r, std::size_t id) {
  vtkNew<vtkImageData> image;
  image->SetDimensions(r.cols, r.rows, 1);
  image->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
  for (int row = 0; row < r.rows; ++row)
    std::memcpy(image->GetScalarPointer(0, r.rows - 1 - row, 0),
                r.cells.data() + static_cast<std::ptrdiff_t>(row) * r.cols, static_cast<std::size_t>(r.cols) * 4);
  vtkNew<vtkPNGWriter> writer;
  writer->SetInputData(image);
  writer->WriteToMemoryOn();
  writer->Write();
  const vtkSmartPointer<vtkUnsignedCharArray> png = writer->GetResult();
  return fmt::format(
      "<clipPath id=\"c{0}\"><rect x=\"{1:.2f}\" y=\"{2:.2f}\" width=\"{3:.2f}\" height=\"{4:.2f}\"/></clipPath>\n"
      "<image clip-path=\"url(#c{0})\" x=\"{5:.2f}\" y=\"{6:.2f}\" width=\"{7:.2f}\" height=\"{8:.2f}\" "
      "preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{9}\"/>\n",
      id, r.clip.x0, r.clip.y0, r.clip.width(), r.clip.height(), r.rect.x0, r.rect.y0, r.rect.width(), r.rect.height(),
      base64(png->GetPointer(0), static_cast<std::size_t>(png->GetNumberOfValues())));
}

std::string text(const Text& t, const Type& type) {
  const Baseline b = baseline(t, type);
  const std::string turn =
      t.style.upright ? fmt::format(" transform=\"rotate(-90 {:.2f} {:.2f})\"", b.at.x, b.at.y) : "";
  const char* weight = t.style.size == TextSize::Title ? " font-weight=\"bold\"" : "";
  return fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\" textLength=\"{:.2f}\"{}{}{}>{}</text>\n",
                     b.at.x, b.at.y, b.em, type.width(t.text, t.style.size), weight, turn, paint("fill", t.style.color),
                     escaped(t.text));
}

}  // namespace

std::string svg(const Page& page) {
  std::string s = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" "
      "height=\"{1}\" "
      "viewBox=\"0 0 {0} {1}\" font-family=\"DejaVu Sans, Verdana, sans-serif\" stroke-linejoin=\"round\">\n",
      page.width, page.height);
  s += "<desc>\n";
  for (const auto& [key, value] : page.metadata) s += escaped(fmt::format("{}: {}\n", key, value));
  s += "</desc>\n";
  if (page.background) s += fmt::format("<rect width=\"100%\" height=\"100%\"{}/>\n", paint("fill", *page.background));
  std::size_t id = 0;
  for (const Drawing* d : page.drawings) {
    for (const Raster& r : d->rasters()) s += raster(r, id++);
    for (const Mark& m : d->marks()) s += mark(*d, m);
    for (const Text& t : d->texts()) s += text(t, *page.type);
  }
  return s + "</svg>\n";
}

}  // namespace argscope::views
