#include "core/sensitivity/predictor.h"

namespace argscope::sensitivity {

namespace {

/// c > 0 with b = c a; 0: there is none.
double multiple(const Vec& a, const Vec& b) {
  const double c = a.dot(b) / a.squaredNorm();
  return c > 0 && (b - c * a).norm() <= 1e-6 * b.norm() ? c : 0;
}

}  // namespace

Vec Predictor::step(const Vec& from, const Vec& to, const Vec& slope) {
  const bool goes_on = to_.size() == from.size() && to_ == from && slope_.size() == slope.size();
  const double c = goes_on ? multiple(to_ - from_, to - from) : 0;
  long_ = c > 0 ? Vec(slope + 0.5 * c * (slope - c * slope_)) : Vec();
  if (c == 0) trusted_ = false;
  from_ = from, to_ = to, slope_ = slope;
  return trusted_ ? long_ : slope_;
}

void Predictor::arrived(const Vec& moved) {
  trusted_ = long_.size() == moved.size() && moved.size() > 0 && (moved - long_).norm() < 0.5 * (moved - slope_).norm();
}

}  // namespace argscope::sensitivity
