#include "core/live/training.h"

#include <algorithm>

namespace argscope::live {
namespace {

std::vector<Index> entries_of(const std::vector<optimality::Slot>& parameters) {
  std::vector<Index> entries;
  for (const optimality::Slot& slot : parameters)
    for (Index k = 0; k < slot.size(); ++k) entries.push_back(slot.offset + k);
  return entries;
}

SessionOptions forced(SessionOptions options) {
  options.force = true;  // at a kink an element of the generalized Jacobian is wanted; may_step() refuses the rest
  return options;
}

}  // namespace

Training::Training(std::shared_ptr<const io::Scene> scene, const SessionOptions& options, TrainingSpec spec, Vec theta)
    : spec_(std::move(spec)),
      theta_(std::move(theta)),
      moving_(entries_of(spec_.parameters)),
      engine_(scene, forced(options)),
      adam_(spec_.rate, static_cast<Index>(moving_.size())) {
  low_.resize(theta_.size()), high_.resize(theta_.size());
  Index at = 0;
  for (const optimality::Parameter& p : scene->statement->parameters) {
    const Index size = p.value.shape.size();
    low_.segment(at, size).setConstant(p.low), high_.segment(at, size).setConstant(p.high);
    at += size;
  }
  // a start beyond its range stays allowed
  low_ = low_.cwiseMin(theta_), high_ = high_.cwiseMax(theta_);
}

const Snapshot& Training::solve(std::stop_token stop) {
  last_ = engine_.solve(theta_, std::move(stop), {});
  return last_;
}

bool Training::may_step() const { return last_.trust.defined || last_.trust.at_kink; }

bool Training::descend(std::stop_token stop) {
  if (last_.solution.status != solve::Status::Converged) {
    why_ = "not converged: " + last_.solution.message;
    return false;
  }
  engine_.trust(last_);
  if (!may_step()) {
    why_ = "the derivative is not defined: " + last_.trust.reason;
    return false;
  }
  const Mat gradient = engine_.total(last_, spec_.output, std::move(stop));
  if (gradient.cols() != theta_.size() || !gradient.allFinite()) {
    why_ = "the derivative of " + spec_.output + " is not finite";
    return false;
  }
  theta_(moving_) += adam_.step(gradient.row(0)(moving_).transpose());
  theta_ = theta_.cwiseMax(low_).cwiseMin(high_);
  ++steps_;
  at_kinks_ += last_.trust.at_kink;
  return true;
}

}  // namespace argscope::live
