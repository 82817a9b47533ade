#include "views/layer.h"

#include <array>

#include "views/bars.h"
#include "views/curve.h"
#include "views/heatmap.h"
#include "views/images.h"
#include "views/landscape.h"
#include "views/line.h"
#include "views/particles.h"

namespace argscope::views {

namespace {

struct Entry {
  std::string_view kind;
  std::unique_ptr<Layer> (*make)();
};

template <class L>
std::unique_ptr<Layer> make() {
  return std::make_unique<L>();
}

constexpr std::array<Entry, 7> layers{{{"particles", make<Particles>},
                                       {"bars", make<Bars>},
                                       {"images", make<Images>},
                                       {"curve", make<Curve>},
                                       {"line", make<Line>},
                                       {"landscape", make<Landscape>},
                                       {"heatmap", make<Heatmap>}}};

}  // namespace

std::unique_ptr<Layer> make_layer(std::string_view kind) {
  for (const Entry& e : layers)
    if (e.kind == kind) return e.make();
  return nullptr;
}

}  // namespace argscope::views
