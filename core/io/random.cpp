#include "core/io/random.h"

#include <cmath>

namespace argscope::io {

double RandomState::uniform() {
  const auto high = static_cast<double>(mt_() >> 5);
  const auto low = static_cast<double>(mt_() >> 6);
  return (high * 67108864.0 + low) / 9007199254740992.0;  // 2²⁶ and 2⁵³
}

double RandomState::normal() {
  if (has_) {
    has_ = false;
    return saved_;
  }
  double x1, x2, r2;
  do {
    x1 = 2 * uniform() - 1;
    x2 = 2 * uniform() - 1;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1 || r2 == 0);
  const double f = std::sqrt(-2 * std::log(r2) / r2);
  saved_ = f * x1;
  has_ = true;
  return f * x2;
}

}  // namespace argscope::io
