#pragma once
/// NumPy's legacy RandomState, bit for bit: std::mt19937 with its seeding, 53-bit uniforms, polar normals.

#include <cstdint>
#include <random>

namespace argscope::io {

class RandomState {
 public:
  explicit RandomState(std::uint32_t seed) : mt_(seed) {}
  double uniform();  ///< [0, 1)
  double normal();   ///< the second of a pair is kept; uniform() does not clear it

 private:
  std::mt19937 mt_;
  bool has_ = false;
  double saved_ = 0;
};

}  // namespace argscope::io
