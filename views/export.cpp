#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkPointData.h>
#include <vtkRenderWindow.h>
#include <vtkUnsignedCharArray.h>
#include <vtkWindowToImageFilter.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/io/arrays.h"
#include "views/stage.h"

namespace argscope::views {

namespace {

/// The colour under a coverage: what was blended over nothing is divided by its opacity again.
void undo_blending(std::vector<unsigned char>& rgba) {
  for (std::size_t k = 0; k + 3 < rgba.size(); k += 4) {
    const int a = rgba[k + 3];
    if (a == 0 || a == 255) continue;
    for (std::size_t c = k; c < k + 3; ++c) rgba[c] = static_cast<unsigned char>(std::min(255, rgba[c] * 255 / a));
  }
}

}  // namespace

std::vector<unsigned char> render_to_pixels(live::SnapshotPtr snapshot, const live::Ghost* ghost, const Look& look,
                                            int width, int height) {
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
      std::memcpy(rows.data() + y * row, pixels->GetPointer(0) + (static_cast<std::size_t>(height) - 1 - y) * row, row);
  }
  if (look.transparent) undo_blending(rows);
  return rows;
}

}  // namespace argscope::views
