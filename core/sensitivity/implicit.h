#pragma once
/// J = −(∂₁F)⁻¹ ∂₂F by the implicit function theorem, and what solving for it shows.

#include "core/sensitivity/estimator.h"

namespace argscope::sensitivity {

class Implicit final : public Estimator {
 public:
  explicit Implicit(const System&);

  const std::optional<Probe>& probe() const { return probe_; }  ///< empty when nothing could be solved

  Mat push(ConstMat dtheta, std::stop_token) const override;
  Mat pull(ConstMat dx, std::stop_token) const override;
  Mat columns(Index first, Index count, std::stop_token) const override;  ///< empty when stopped
  bool prefers_pull(Index rows) const override { return rows < p() && !kept_; }
  Account account() const override { return {.differs = false}; }

 private:
  Index n() const { return system_.x.size(); }
  Index p() const { return system_.theta.size(); }
  Mat solved(const Mat& R, std::stop_token) const;  ///< −A⁻¹ R, column blocks; empty when stopped
  std::optional<Probe> look();

  const System& system_;
  std::optional<Mat> kept_;  ///< J, when it has few columns
  std::optional<Probe> probe_;
};

}  // namespace argscope::sensitivity
