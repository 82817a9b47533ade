#include <algorithm>
#include <cmath>

#include "core/live/pictures.h"
#include "core/sensitivity/along.h"
#include "core/sensitivity/sides.h"

namespace argscope::live {

namespace {

/// The flat index into θ that "theta" or "theta[3]" names; −1: none.
Index element_named(const std::string& word, const optimality::Model& model) {
  for (const auto& slot : model.parameters()) {
    if (word == slot.name) return slot.offset;
    if (!word.starts_with(slot.name + "[")) continue;
    for (Index k = 0; k < slot.size(); ++k)
      if (optimality::element_name(model.parameters(), slot.offset + k) == word) return slot.offset + k;
  }
  return -1;
}

const optimality::Parameter* parameter_of(const optimality::Model& model, Index element) {
  const auto& slots = model.parameters();
  const auto& stated = model.statement().parameters;
  for (std::size_t s = 0; s < std::min(slots.size(), stated.size()); ++s)
    if (element >= slots[s].offset && element < slots[s].offset + slots[s].size()) return &stated[s];
  return nullptr;
}

/// Where along the parameter a curve view is solved; no points when the view is not a curve or names nothing.
Sweep axis(const io::ViewSpec& view, const optimality::Model& model) {
  Sweep sweep;
  const auto word = view.words.find("parameter");
  if (view.kind != "curve" || word == view.words.end()) return sweep;
  sweep.parameter = word->second;
  sweep.element = element_named(word->second, model);
  const auto* parameter = sweep.element < 0 ? nullptr : parameter_of(model, sweep.element);
  if (!parameter) return sweep;
  const auto number = [&](const char* key, double otherwise) {
    const auto found = view.numbers.find(key);
    return found == view.numbers.end() ? otherwise : found->second;
  };
  const double low = number("low", parameter->low), high = number("high", parameter->high);
  const int points = std::clamp(int(number("points", 41)), 2, 2000);
  const bool logarithmic = parameter->log_scale && low > 0;
  for (int k = 0; k < points; ++k) {
    const double t = double(k) / (points - 1);
    sweep.at.push_back(logarithmic ? low * std::pow(high / low, t) : low + (high - low) * t);
  }
  return sweep;
}

/// Solves along the axis from the point nearest to the present θ outwards, each from its neighbour's answer.
class Walker {
 public:
  Walker(Sweep& sweep, const optimality::Function& show, const SweepCache::Solve& solve,
         const std::function<void()>& told, const std::stop_token& stop)
      : sweep_(sweep), show_(show), solve_(solve), told_(told), stop_(stop) {}

  bool walk(const Vec& x, const Vec& theta, const std::string& name) {
    const std::size_t count = sweep_.at.size();
    sweep_.converged.assign(count, false);
    sweep_.fields.assign(count, {name, show_.shape(), {}, {}});
    const auto nearest =
        std::ranges::min_element(sweep_.at, {}, [&](double value) { return std::abs(value - theta[sweep_.element]); });
    const std::size_t middle = static_cast<std::size_t>(nearest - sweep_.at.begin());
    Vec start = x;
    for (std::size_t k = middle; k < count; ++k)
      if (!point(k, theta, start)) return false;
    start = x;
    for (std::size_t k = middle; k-- > 0;)
      if (!point(k, theta, start)) return false;
    return true;
  }

 private:
  bool point(std::size_t k, const Vec& theta, Vec& start) {
    if (stop_.stop_requested()) return false;
    Vec moved = theta;
    moved[sweep_.element] = sweep_.at[k];
    solve::Solution solution = solve_(moved, start);
    if (solution.status == solve::Status::Cancelled) return false;
    sweep_.converged[k] = solution.status == solve::Status::Converged;
    const auto* show = solution.model->function(sweep_.fields[k].name);
    sweep_.fields[k].value = (show ? show : &show_)->value_at(solution.x, moved);
    if (sweep_.converged[k]) start = std::move(solution.x);
    told_();
    return true;
  }

  Sweep& sweep_;
  const optimality::Function& show_;
  const SweepCache::Solve& solve_;
  const std::function<void()>& told_;
  const std::stop_token& stop_;
};

/// The slope of a function of (x, θ) a small step beside a kink, where the derivative of x is `slope`.
Vec slope_beside(const optimality::Function& h, const Snapshot& at, Index element, double step, const Vec& slope) {
  if (!slope.allFinite()) return Vec::Constant(h.shape().size(), std::numeric_limits<double>::quiet_NaN());
  const Vec way = Vec::Unit(at.theta.size(), element);
  return sensitivity::along(h, at.solution.x + step * slope, at.theta + step * way, slope, way);
}

}  // namespace

std::optional<std::vector<Sweep>> SweepCache::draw(const io::Scene& scene, const optimality::Model& model, const Vec& x,
                                                   const Vec& theta, const Solve& solve, const OnPoint& on_point,
                                                   std::stop_token stop) {
  std::vector<Sweep> sweeps;
  entries_.resize(scene.views.size());
  for (std::size_t k = 0; k < scene.views.size(); ++k) {
    Sweep sweep = axis(scene.views[k], model);
    const auto show = scene.views[k].expressions.find("show");
    const auto* function = show == scene.views[k].expressions.end() ? nullptr : model.function(show->second);
    if (sweep.at.empty() || !function) continue;
    Vec others = theta;
    others[sweep.element] = 0;
    auto& entry = entries_[k];
    if (!entry || entry->others != others) {
      const auto told = [&, known = entry.has_value()] {
        if (known || !on_point) return;
        auto so_far = sweeps;
        so_far.push_back(sweep);
        on_point(so_far);
      };
      if (!Walker(sweep, *function, solve, told, stop).walk(x, theta, show->second)) return std::nullopt;
      entry = Entry{std::move(others), std::move(sweep)};
    }
    sweeps.push_back(entry->sweep);
  }
  return sweeps;
}

bool draw_sides(Snapshot& snapshot, const solve::Options& options, std::stop_token stop) {
  if (snapshot.trust.defined || !snapshot.trust.at_kink) return true;
  const solve::Request here{snapshot.model, snapshot.scene->statement, snapshot.theta, snapshot.solution.x};
  for (Sweep& sweep : snapshot.sweeps) {
    const auto sides = sensitivity::one_sided_derivatives(here, options, sweep.element, 1, stop);
    if (stop.stop_requested()) return false;
    const double step = sensitivity::natural_step(*snapshot.model, snapshot.theta, sweep.element);
    const optimality::Function& h = *snapshot.model->function(sweep.fields.front().name);
    sweep.sides.resize(h.shape().size(), 2);
    sweep.sides << slope_beside(h, snapshot, sweep.element, -step, sides.falling),
        slope_beside(h, snapshot, sweep.element, step, sides.growing);
  }
  return true;
}

}  // namespace argscope::live
