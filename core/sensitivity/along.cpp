#include "core/sensitivity/along.h"

namespace argscope::sensitivity {

Mat along(const optimality::Function& h, ConstVec x, ConstVec theta, ConstMat X, ConstMat Theta) {
  const auto [dx, dtheta] = h.linearize(x, theta);
  Mat through_x(h.shape().size(), X.cols()), direct(h.shape().size(), X.cols());
  dx->apply(X, through_x);
  dtheta->apply(Theta, direct);
  return through_x + direct;
}

}  // namespace argscope::sensitivity
