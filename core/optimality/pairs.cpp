#include "core/optimality/pairs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace argscope::optimality {

namespace {

using Triple = std::array<Index, 3>;

struct Found {
  Index i, j;
  Triple image;
  auto operator<=>(const Found&) const = default;
};

/// Particles sorted into cells at least a cutoff wide; an axis with fewer than three cells has one, searched with all
/// the images that the cutoff reaches.
class Cells {
 public:
  Cells(const double* x, Index n, Index dimension, const Vec& box, double cutoff)
      : x_(x), n_(n), dimension_(dimension), box_(box), cutoff_(cutoff) {
    for (Index a = 0; a < dimension; ++a) {
      const auto [low, length] = extent(a);
      low_[at(a)] = low;
      length_[at(a)] = length;
      const double wanted = std::floor(length / cutoff), most = std::ceil(std::cbrt(8.0 * static_cast<double>(n)) + 8);
      const auto count =
          static_cast<Index>(std::clamp(wanted, 1.0, dimension == 2 ? std::ceil(std::sqrt(n)) + 1 : most));
      count_[at(a)] = count < 3 && periodic() ? 1 : count;
      reach_[at(a)] = count_[at(a)] > 1 ? 1 : periodic() ? static_cast<Index>(std::ceil(cutoff / length)) : 0;
    }
    fill();
  }

  std::vector<Found> pairs() const {
    std::vector<Found> found;
    for (Index i = 0; i < n_; ++i) visit(i, 0, {}, {}, found);
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  static std::size_t at(Index a) { return static_cast<std::size_t>(a); }
  bool periodic() const { return box_.size() > 0; }

  std::pair<double, double> extent(Index a) const {
    if (periodic()) return {0, box_[a]};
    double low = 0, high = 0;
    for (Index i = 0; i < n_; ++i) {
      const double v = x_[i * dimension_ + a];
      low = i ? std::min(low, v) : v;
      high = i ? std::max(high, v) : v;
    }
    return {low, std::max(high - low, cutoff_)};
  }

  Index cell_along(Index i, Index a) const {
    const double v = (x_[i * dimension_ + a] - low_[at(a)] - shift(i, a) * length_[at(a)]) / length_[at(a)];
    return std::clamp<Index>(static_cast<Index>(v * static_cast<double>(count_[at(a)])), 0, count_[at(a)] - 1);
  }
  /// How many boxes particle i is away from the first.
  double shift(Index i, Index a) const { return periodic() ? std::floor(x_[i * dimension_ + a] / length_[at(a)]) : 0; }

  Index flat(const Triple& c) const { return (c[2] * count_[1] + c[1]) * count_[0] + c[0]; }

  void fill() {
    std::vector<Index> cell(at(n_));
    start_.assign(at(count_[0] * count_[1] * count_[2] + 1), 0);
    for (Index i = 0; i < n_; ++i) {
      Triple c{};
      for (Index a = 0; a < dimension_; ++a) c[at(a)] = cell_along(i, a);
      cell[at(i)] = flat(c);
      ++start_[at(cell[at(i)] + 1)];
    }
    for (std::size_t c = 1; c < start_.size(); ++c) start_[c] += start_[c - 1];
    members_.resize(at(n_));
    std::vector<Index> next(start_.begin(), start_.end() - 1);
    for (Index i = 0; i < n_; ++i) members_[at(next[at(cell[at(i)])]++)] = i;
  }

  /// Axis by axis: every cell and image within reach of particle i.
  void visit(Index i, Index axis, Triple cell, Triple image, std::vector<Found>& found) const {
    if (axis == dimension_) return compare(i, cell, image, found);
    const auto a = at(axis);
    const Index own = cell_along(i, axis), count = count_[a];
    for (Index step = -reach_[a]; step <= reach_[a]; ++step) {
      const Index to = count > 1 ? own + step : 0;
      const Index wrap = count > 1 ? (to < 0 ? -1 : to >= count ? 1 : 0) : step;
      if (!periodic() && wrap != 0) continue;
      cell[a] = count > 1 ? to - wrap * count : 0;
      image[a] = wrap;
      visit(i, axis + 1, cell, image, found);
    }
  }

  void compare(Index i, const Triple& cell, const Triple& wrap, std::vector<Found>& found) const {
    const Index c = flat(cell);
    for (Index k = start_[at(c)]; k < start_[at(c + 1)]; ++k) {
      const Index j = members_[at(k)];
      if (j < i || (j == i && wrap <= Triple{})) continue;
      Triple image{};
      double r2 = 0;
      for (Index a = 0; a < dimension_; ++a) {
        image[at(a)] = periodic() ? static_cast<Index>(shift(i, a) - shift(j, a)) + wrap[at(a)] : 0;
        const double d = x_[i * dimension_ + a] - x_[j * dimension_ + a] -
                         (periodic() ? static_cast<double>(image[at(a)]) * box_[a] : 0);
        r2 += d * d;
      }
      if (r2 <= cutoff_ * cutoff_) found.push_back({i, j, image});
    }
  }

  const double* x_;
  Index n_, dimension_;
  const Vec& box_;
  double cutoff_;
  std::array<double, 3> low_{}, length_{1, 1, 1};
  Triple count_{1, 1, 1}, reach_{};
  std::vector<Index> start_, members_;
};

}  // namespace

PairList find_pairs(const double* positions, Index particles, Index dimension, const Vec& box, double cutoff) {
  PairList list;
  if (particles == 0 || !(cutoff > 0)) return list;
  for (Index k = 0; k < particles * dimension; ++k)
    if (!std::isfinite(positions[k])) return list;
  for (const Found& f : Cells(positions, particles, dimension, box, cutoff).pairs()) {
    list.i.push_back(static_cast<double>(f.i));
    list.j.push_back(static_cast<double>(f.j));
    for (Index a = 0; a < dimension; ++a)
      list.image.push_back(static_cast<double>(f.image[static_cast<std::size_t>(a)]));
  }
  return list;
}

}  // namespace argscope::optimality
