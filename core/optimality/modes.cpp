#include "core/optimality/modes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace argscope::optimality {

namespace {

constexpr double noticeable = 0.05;  // of the largest entry of a mode

const Slot* slot_of(const std::vector<Slot>& slots, Index k) {
  for (const Slot& s : slots)
    if (k >= s.offset && k < s.offset + s.size()) return &s;
  return nullptr;
}

/// The variables that pairs are of, each once; their axes in this order are the columns of translations().
std::vector<const Slot*> with_pairs(const Problem& p) {
  std::vector<const Slot*> slots;
  for (const FoundPairs& f : p.pairs) {
    const Slot* s = &p.variables[static_cast<std::size_t>(f.variable)];
    if (std::ranges::find(slots, s) == slots.end()) slots.push_back(s);
  }
  return slots;
}

/// The particle that alone moves in this mode, of a variable with pairs; −1: none.
Index lone_particle(const Problem& p, ConstVec mode, const FoundPairs& f) {
  const Slot& s = p.variables[static_cast<std::size_t>(f.variable)];
  const Index d = s.shape[1];
  Index k = 0;
  mode.cwiseAbs().maxCoeff(&k);
  if (k < s.offset || k >= s.offset + s.size()) return -1;
  const Index particle = (k - s.offset) / d;
  const double own = mode.segment(s.offset + particle * d, d).squaredNorm();
  return own > (1 - noticeable * noticeable) * mode.squaredNorm() ? particle : -1;
}

}  // namespace

std::string element_name(const std::vector<Slot>& slots, Index k) {
  const Slot* s = slot_of(slots, k);
  if (!s) return fmt::format("[{}]", k);
  if (s->shape.rank() == 0) return s->name;
  std::string name = s->name + "[";
  Index stride = s->size();
  for (int a = 0; a < s->shape.rank(); ++a) {
    stride /= s->shape[a];
    name += fmt::format("{}{}", a ? ", " : "", (k - s->offset) / stride % s->shape[a]);
  }
  return name + "]";
}

Mat translations(const Problem& p) {
  const std::vector<const Slot*> slots = with_pairs(p);
  Index count = 0, at = 0;
  for (const Slot* s : slots) count += s->shape[1];
  Mat Z = Mat::Zero(p.size, count);
  for (const Slot* s : slots)
    for (Index a = 0; a < s->shape[1]; ++a, ++at)
      for (Index k = 0; k < s->shape[0]; ++k)
        Z(s->offset + k * s->shape[1] + a, at) = 1 / std::sqrt(static_cast<double>(s->shape[0]));
  return Z;
}

std::string describe_mode(const Problem& p, ConstVec mode) {
  const Mat Z = translations(p);
  const double norm = mode.norm();
  Index c = 0;
  for (const Slot* s : with_pairs(p))
    for (Index a = 0; a < s->shape[1]; ++a, ++c)
      if (std::abs(Z.col(c).dot(mode)) >= (1 - noticeable * noticeable) * norm)
        return fmt::format("translation of {} along axis {}", s->name, a);
  if (Z.cols() > 0 && (Z * (Z.transpose() * mode) - mode).norm() < noticeable * norm) return "translation";
  for (const FoundPairs& f : p.pairs)
    if (const Index k = lone_particle(p, mode, f); k >= 0)
      return fmt::format("rattler {}[{}]", p.variables[static_cast<std::size_t>(f.variable)].name, k);
  std::vector<Index> order;
  const double largest = mode.cwiseAbs().maxCoeff();
  for (Index k = 0; k < mode.size(); ++k)
    if (std::abs(mode[k]) > noticeable * largest) order.push_back(k);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return std::abs(mode[a]) > std::abs(mode[b]); });
  std::string names;
  for (std::size_t k = 0; k < std::min<std::size_t>(order.size(), 3); ++k)
    names += (k ? ", " : "") + element_name(p.unknowns(), order[k]);
  return order.size() > 3 ? fmt::format("{} and {} more", names, order.size() - 3) : names;
}

}  // namespace argscope::optimality
