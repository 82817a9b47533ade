#include <fmt/format.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkRenderWindow.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "core/io/arrays.h"
#include "core/io/lower_case.h"
#include "views/composition.h"
#include "views/page.h"
#include "views/software.h"

namespace argscope::views {

namespace {

/// What was blended over nothing is divided by its opacity again.
void undo_blending(std::vector<unsigned char>& rgba) {
  for (std::size_t k = 0; k + 3 < rgba.size(); k += 4) {
    const int a = rgba[k + 3];
    if (a == 0 || a == 255) continue;
    for (std::size_t c = k; c < k + 3; ++c) rgba[c] = static_cast<unsigned char>(std::min(255, rgba[c] * 255 / a));
  }
}

std::string png(const std::vector<unsigned char>& rgba, int width, int height,
                const std::map<std::string, std::string>& metadata) {
  vtkNew<vtkImageData> image;
  image->SetDimensions(width, height, 1);
  image->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
  const std::size_t row = static_cast<std::size_t>(width) * 4;
  for (int y = 0; y < height; ++y)
    std::memcpy(image->GetScalarPointer(0, height - 1 - y, 0), rgba.data() + static_cast<std::size_t>(y) * row, row);
  vtkNew<vtkPNGWriter> writer;
  writer->SetInputData(image);
  for (const auto& [key, value] : metadata) {
    const std::string name = key.substr(0, 79);  // the longest that PNG allows
    if (!name.empty()) writer->AddText(name.c_str(), value.c_str());
  }
  writer->WriteToMemoryOn();
  writer->Write();
  const vtkSmartPointer<vtkUnsignedCharArray> bytes = writer->GetResult();
  return {reinterpret_cast<const char*>(bytes->GetPointer(0)), static_cast<std::size_t>(bytes->GetNumberOfValues())};
}

/// A composed picture as a page; 3-D views are flattened.
struct Document {
  Composition composition;
  std::vector<std::unique_ptr<Drawing>> solids;
  Page page;

  Document(live::SnapshotPtr snapshot, const live::Ghost* ghost, const Look& look, int width, int height) {
    composition.update(std::move(snapshot), ghost, look);
    composition.compose(width, height);
    page.width = width, page.height = height;
    page.type = composition.type().get();
    if (!look.transparent) page.background = theme(look.dark).background;
    for (const Pane& p : composition.panes()) {
      if (p.is_3d && p.layer->projection() != nullptr) {
        solids.push_back(std::make_unique<Drawing>(p.rect));
        flatten(p.solid, *p.layer->projection(), *solids.back());
        page.drawings.push_back(solids.back().get());
      }
      page.drawings.push_back(&p.drawing);
    }
    page.drawings.push_back(&composition.overlay());
  }
};

}  // namespace

std::vector<unsigned char> paint_to_pixels(live::SnapshotPtr snapshot, const live::Ghost* ghost, const Look& look,
                                           int width, int height) {
  return paint(Document(std::move(snapshot), ghost, look, width, height).page);
}

std::vector<unsigned char> render_to_pixels(live::SnapshotPtr snapshot, const live::Ghost* ghost, const Look& look,
                                            int width, int height) {
  if (!has_display()) return paint_to_pixels(std::move(snapshot), ghost, look, width, height);
  vtkNew<vtkRenderWindow> window;
  window->SetOffScreenRendering(1);
  window->SetAlphaBitPlanes(1);
  window->SetMultiSamples(0);
  window->SetSize(width, height);
  std::vector<unsigned char> rows(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  {
    Stage stage(window);
    stage.update(std::move(snapshot), ghost, look);
    stage.render();
    vtkNew<vtkUnsignedCharArray> pixels;
    window->GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, pixels);
    const std::size_t row = static_cast<std::size_t>(width) * 4;
    for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y)
      std::memcpy(rows.data() + y * row,
                  pixels->GetPointer(0) + (static_cast<std::ptrdiff_t>(height) - 1 - static_cast<std::ptrdiff_t>(y)) *
                                              static_cast<std::ptrdiff_t>(row),
                  row);
  }
  if (look.transparent) undo_blending(rows);
  return rows;
}

void render_to_file(live::SnapshotPtr snapshot, const Look& look, int width, int height,
                    const std::filesystem::path& path, const std::map<std::string, std::string>& metadata) {
  constexpr int most = 16384;
  const std::string ending = io::ending_of(path);
  if (ending != ".png" && ending != ".svg" && ending != ".pdf")
    throw io::DataError(fmt::format("{}: a picture's name ends in .png, .svg or .pdf", path.string()));
  if (width < 1 || height < 1 || width > most || height > most)
    throw io::DataError(fmt::format("a picture of {} x {} pixels; each side is from 1 to {}", width, height, most));
  if (ending == ".png") {
    const auto pixels = render_to_pixels(std::move(snapshot), nullptr, look, width, height);
    return io::write_whole(path, png(pixels, width, height, metadata));
  }
  Document document(std::move(snapshot), nullptr, look, width, height);
  document.page.metadata = metadata;
  io::write_whole(path, ending == ".pdf" ? pdf(document.page) : svg(document.page));
}

}  // namespace argscope::views
