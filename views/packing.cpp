#include "views/packing.h"

#include <algorithm>
#include <cmath>

#include "views/scale.h"

namespace argscope::views {

namespace {

double wrapped(double v, double edge) {
  const double w = v - edge * std::floor(v / edge);
  return w < edge ? w : 0;
}

void read_box(const Frame& f, Packing& p) {
  const live::Field* box = f.field("box");
  if (box == nullptr || box->value.size() == 0 || !(box->value.minCoeff() > 0) || !box->value.allFinite()) return;
  for (int a = 0; a < p.dimension; ++a)
    p.box.push_back(box->value.size() == 1 ? box->value[0] : box->value[std::min<Index>(a, box->value.size() - 1)]);
  p.periodic = f.flag("periodic", true);
}

/// Particles sorted into square cells, with the box wrapped around when periodic.
class Cells {
 public:
  Cells(const Packing& p, double reach) : p_(p) {
    for (int a = 0; a < 2; ++a) {
      low_[a] = 0;
      double high = p.periodic ? p.box[static_cast<std::size_t>(a)] : 0;
      if (!p.periodic) {
        low_[a] = INFINITY, high = -INFINITY;
        for (Index i = 0; i < p.count; ++i) {
          low_[a] = std::min(low_[a], p.place(i, a));
          high = std::max(high, p.place(i, a));
        }
      }
      const double most = std::sqrt(static_cast<double>(p.count)) + 1;
      number_[a] = static_cast<int>(std::clamp(std::floor((high - low_[a]) / reach), 1.0, most));
      size_[a] = std::max((high - low_[a]) / number_[a], 1e-300);
    }
    members_.resize(static_cast<std::size_t>(number_[0]) * static_cast<std::size_t>(number_[1]));
    for (Index i = 0; i < p.count; ++i) members_[at(cell(i, 0), cell(i, 1))].push_back(i);
  }

  template <class Visit>
  void near(Index i, Visit visit) const {
    const int cx = cell(i, 0), cy = cell(i, 1);
    const auto range = [&](int a) { return number_[a] < 3 ? std::pair(0, number_[a] - 1) : std::pair(-1, 1); };
    const auto [x0, x1] = range(0);
    const auto [y0, y1] = range(1);
    for (int x = x0; x <= x1; ++x)
      for (int y = y0; y <= y1; ++y) {
        const int px = number_[0] < 3 ? x : cx + x, py = number_[1] < 3 ? y : cy + y;
        const bool beyond = px < 0 || py < 0 || px >= number_[0] || py >= number_[1];
        if (beyond && !p_.periodic) continue;
        for (const Index j : members_[at((px + number_[0]) % number_[0], (py + number_[1]) % number_[1])]) visit(j);
      }
  }

 private:
  int cell(Index i, int a) const {
    return std::clamp(static_cast<int>((p_.place(i, a) - low_[a]) / size_[a]), 0, number_[a] - 1);
  }
  std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(number_[0]) + static_cast<std::size_t>(x);
  }

  const Packing& p_;
  double low_[2], size_[2];
  int number_[2];
  std::vector<std::vector<Index>> members_;
};

}  // namespace

Packing packing(const Frame& f) {
  Packing p;
  const live::Field* show = f.field("show");
  if (show == nullptr || show->shape.rank() != 2 || (show->shape[1] != 2 && show->shape[1] != 3)) return p;
  if (!show->value.allFinite()) return p;
  p.count = show->shape[0];
  p.dimension = static_cast<int>(show->shape[1]);
  p.places = show->value;
  const live::Field* diameter = f.field("diameter");
  p.sized = diameter != nullptr && (diameter->value.size() == 1 || diameter->value.size() == p.count);
  p.diameters = !p.sized                      ? Vec::Ones(p.count)
                : diameter->value.size() == 1 ? Vec::Constant(p.count, diameter->value[0]).eval()
                                              : diameter->value;
  read_box(f, p);
  if (p.periodic)
    for (Index k = 0; k < p.places.size(); ++k)
      p.places[k] = wrapped(p.places[k], p.box[static_cast<std::size_t>(k % p.dimension)]);
  return p;
}

std::vector<Contact> contacts(const Packing& p) {
  std::vector<Contact> found;
  if (!p.sized || p.dimension != 2 || p.count < 2 || !(p.diameters.maxCoeff() > 0)) return found;
  const Cells cells(p, p.diameters.maxCoeff());
  for (Index i = 0; i < p.count; ++i)
    cells.near(i, [&](Index j) {
      if (j <= i) return;
      double d[2];
      for (int a = 0; a < 2; ++a) {
        d[a] = p.place(j, a) - p.place(i, a);
        if (p.periodic)
          d[a] -= p.box[static_cast<std::size_t>(a)] * std::round(d[a] / p.box[static_cast<std::size_t>(a)]);
      }
      const double sigma = (p.diameters[i] + p.diameters[j]) / 2, r = std::hypot(d[0], d[1]);
      if (r < sigma) found.push_back({i, j, 1 - r / sigma, d[0], d[1]});
    });
  return found;
}

double fitted_arrow_scale(const Packing& p, const Vec& derivative) {
  Vec sizes(p.count);
  for (Index i = 0; i < p.count; ++i) sizes[i] = derivative.segment(i * p.dimension, p.dimension).norm();
  return p.count > 0 ? arrow_scale(std::move(sizes), p.diameters.mean()) : 0;
}

}  // namespace argscope::views
