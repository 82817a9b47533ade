#include <fmt/format.h>
#include <png.h>

#include "core/io/formats.h"

namespace argscope::io {

expr::Array parse_png(std::string_view bytes, const std::string& name) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const auto failed = [&] { return DataError(fmt::format("{}: is not a readable PNG: {}", name, image.message)); };
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) throw failed();
  constexpr double most_a_byte = 8 * 1032;  // pixels of one bit, compressed as much as deflate can
  if (static_cast<double>(image.width) * image.height > most_a_byte * static_cast<double>(bytes.size())) {
    png_image_free(&image);
    throw DataError(fmt::format("{}: is too short for the {} x {} pixels that its header promises", name, image.width,
                                image.height));
  }
  image.format = PNG_FORMAT_GRAY;
  std::vector<png_byte> grey(PNG_IMAGE_SIZE(image));
  constexpr png_color white{255, 255, 255};
  if (!png_image_finish_read(&image, &white, grey.data(), 0, nullptr)) throw failed();
  expr::Array picture{{static_cast<Index>(image.height), static_cast<Index>(image.width)}, {}};
  picture.values.reserve(grey.size());
  for (const png_byte level : grey) picture.values.push_back(level / 255.0);
  return picture;
}

}  // namespace argscope::io
