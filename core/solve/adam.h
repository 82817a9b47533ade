#pragma once
/// Adam (Kingma & Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, algorithm 1), with their β₁ = 0.9,
/// β₂ = 0.999 and ε = 1e-8.

#include <cmath>

#include "core/types.h"

namespace argscope::solve {

class Adam {
 public:
  /// `rate`: the length of an entry's step while its gradient keeps its sign.
  Adam(double rate, Index size) : rate_(rate), mean_(Vec::Zero(size)), square_(Vec::Zero(size)) {}

  /// What to add to the point at which the gradient was taken.
  Vec step(const Vec& gradient) {
    constexpr double memory = 0.9, long_memory = 0.999, epsilon = 1e-8;
    ++taken_;
    mean_ = memory * mean_ + (1 - memory) * gradient;
    square_ = long_memory * square_ + (1 - long_memory) * gradient.cwiseAbs2();
    const double unbias_mean = 1 - std::pow(memory, taken_), unbias_square = 1 - std::pow(long_memory, taken_);
    return -rate_ * (mean_ / unbias_mean).array() / ((square_ / unbias_square).array().sqrt() + epsilon);
  }

 private:
  double rate_;
  int taken_ = 0;
  Vec mean_, square_;
};

}  // namespace argscope::solve
