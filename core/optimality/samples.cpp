#include "core/optimality/samples.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "core/linear/condition.h"

namespace argscope::optimality {

namespace {

constexpr std::uint32_t seed = 5;

using Rows = std::vector<Index>;

/// Σ w_k A_k P_k, with P_k some rows of what it is applied to.
class WeightedSum final : public linear::LinearOperator {
 public:
  struct Term {
    linear::OperatorPtr A;
    double w;
    Rows chosen;  // empty: all
  };
  WeightedSum(std::vector<Term> terms, Index cols) : terms_(std::move(terms)), cols_(cols) {}

  Index rows() const override { return terms_.front().A->rows(); }
  Index cols() const override { return cols_; }
  void apply(ConstMat X, MutMat Y) const override {
    Mat product(rows(), X.cols());
    Y.setZero();
    for (const auto& [A, w, chosen] : terms_) {
      A->apply(chosen.empty() ? Mat(X) : Mat(X(chosen, Eigen::all)), product);
      Y += w * product;
    }
  }
  void apply_transposed(ConstMat X, MutMat Y) const override {
    Y.setZero();
    for (const auto& [A, w, chosen] : terms_) {
      Mat product(A->cols(), X.cols());
      A->apply_transposed(X, product);
      if (chosen.empty()) Y += w * product;
      for (std::size_t k = 0; k < chosen.size(); ++k) Y.row(chosen[k]) += w * product.row(Index(k));
    }
  }

 private:
  std::vector<Term> terms_;
  Index cols_;
};

/// Σ w_k h_k(x, part of θ) of functions of several models.
class Combination final : public Function {
 public:
  struct Term {
    ModelPtr model;
    const Function* h;  // of the model
    double w;
    Rows chosen;  // of θ; empty: all
    Vec part_of(ConstVec theta) const { return chosen.empty() ? Vec(theta) : Vec(theta(chosen)); }
  };
  explicit Combination(std::vector<Term> terms) : terms_(std::move(terms)) {}

  const expr::Shape& shape() const override { return terms_.front().h->shape(); }
  void value(ConstVec x, ConstVec theta, MutVec y) const override {
    Vec term(y.size());
    y.setZero();
    for (const Term& t : terms_) {
      t.h->value(x, t.part_of(theta), term);
      y += t.w * term;
    }
  }
  Linearization linearize(ConstVec x, ConstVec theta) const override {
    std::vector<WeightedSum::Term> dx, dtheta;
    for (const Term& t : terms_) {
      const Linearization l = t.h->linearize(x, t.part_of(theta));
      dx.push_back({l.dx, t.w, {}});
      dtheta.push_back({l.dtheta, t.w, t.chosen});
    }
    return {std::make_shared<const WeightedSum>(std::move(dx), x.size()),
            std::make_shared<const WeightedSum>(std::move(dtheta), theta.size())};
  }

 private:
  std::vector<Term> terms_;
};

Rows shuffled(Index count, std::mt19937& draw) {
  Rows order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index k = count; k-- > 1;) std::swap(order[std::size_t(k)], order[std::size_t(Index(draw()) % (k + 1))]);
  return order;
}

expr::Array rows_of(const expr::Array& a, const Rows& chosen) {
  expr::Array part;
  part.shape = expr::Shape{Index(chosen.size())};
  for (int k = 1; k < a.shape.rank(); ++k) part.shape = part.shape.appended(a.shape[k]);
  const Index width = a.shape.size() / a.shape[0];
  for (Index r : chosen)
    part.values.insert(part.values.end(), a.values.begin() + r * width, a.values.begin() + (r + 1) * width);
  return part;
}

bool has_rows(const expr::Array& a, Index count) { return a.shape.rank() > 0 && a.shape[0] == count; }

/// One way to cut a problem: all data of `samples` rows, and all parameters of as many or none; as a mean or as a sum.
struct Cut {
  Index samples;
  bool parameters, mean;
};

class Cutter {
 public:
  Cutter(const Model& whole, ConstVec x, ConstVec theta, Cut cut) : whole_(whole), x_(x), theta_(theta), cut_(cut) {}

  /// Throws expr::TextError where the problem cannot be stated of a part.
  std::vector<Batch> cut(Index most) const {
    std::mt19937 draw(seed);
    const Rows order = shuffled(cut_.samples, draw);
    const Index count = std::min(most, cut_.samples);
    std::vector<Batch> batches;
    for (Index b = 0; b < count; ++b)
      batches.push_back(batch(
          {order.begin() + b * cut_.samples / count, order.begin() + (b + 1) * cut_.samples / count}, double(count)));
    return batches;
  }

 private:
  /// Of B shares. With S what is summed over the share and R what is summed over none, ∇₁ of the share is S + R and of
  /// the share taken twice 2S + R; the whole is estimated by B S + R.
  Batch batch(const Rows& chosen, double B) const {
    const Stated once = stated_of(chosen);
    if (cut_.mean) {
      const double w = B * double(chosen.size()) / double(cut_.samples);
      return {w, combined({{once, w}}),
              std::make_shared<const Combination>(
                  std::vector<Combination::Term>{{once.model, &once.model->optimality(), 1, once.in_theta}})};
    }
    Rows doubled = chosen;
    doubled.insert(doubled.end(), chosen.begin(), chosen.end());
    return {1, combined({{stated_of(doubled), B - 1}, {once, 2 - B}}), nullptr};
  }

  struct Stated {
    ModelPtr model;
    Rows in_theta;
  };

  Stated stated_of(const Rows& chosen) const {
    auto part = std::make_shared<Statement>(whole_.statement());
    for (auto& d : part->data)
      if (has_rows(d.array, cut_.samples)) d.array = rows_of(d.array, chosen);
    for (auto& p : part->parameters)
      if (cut_.parameters && has_rows(p.value, cut_.samples)) p.value = rows_of(p.value, chosen);
    if (const Vec eta = whole_.step_lengths(); eta.size() > 0) part->step = eta[0];
    Rows in_theta = cut_.parameters ? rows_in_theta(chosen) : Rows{};
    auto model = build_model(part, x_, in_theta.empty() ? theta_ : Vec(theta_(in_theta)));
    return {std::move(model), std::move(in_theta)};
  }

  FunctionPtr combined(std::initializer_list<std::pair<Stated, double>> parts) const {
    std::vector<Combination::Term> terms;
    for (const auto& [s, w] : parts) terms.push_back({s.model, s.model->slope(), w, s.in_theta});
    return std::make_shared<const Combination>(std::move(terms));
  }

  Rows rows_in_theta(const Rows& chosen) const {
    Rows all;
    for (const Slot& s : whole_.parameters()) {
      const bool cut = s.shape.rank() > 0 && s.shape[0] == cut_.samples;
      const Index width = cut ? s.size() / s.shape[0] : s.size();
      for (Index r : cut ? chosen : Rows{0})
        for (Index e = 0; e < width; ++e) all.push_back(s.offset + r * width + e);
    }
    return all;
  }

  const Model& whole_;
  Vec x_, theta_;
  Cut cut_;
};

/// Whether ∇₁f is the mean of the batches' slopes and they differ, looked at where it does not vanish.
bool add_up(const std::vector<Batch>& batches, const Model& whole, ConstVec at, ConstVec theta) {
  const Vec x = at + 0.1 * (1 + at.cwiseAbs().maxCoeff()) * linear::fixed_probe(at.size());
  const Vec slope = whole.slope()->value_at(x, theta);
  Vec mean = Vec::Zero(x.size());
  double size = 0, spread = 0;
  for (const Batch& b : batches) {
    const Vec part = b.slope->value_at(x, theta) / double(batches.size());
    mean += part;
    size += part.norm();
    spread += (part / b.weight - slope / double(batches.size())).norm();
  }
  constexpr double rounding = 1e-10;
  return (slope - mean).norm() <= rounding * size && spread > rounding * size;
}

std::vector<Cut> cuts_of(const Statement& s) {
  std::set<Index, std::greater<>> lengths;
  for (const auto& d : s.data)
    if (d.array.shape.rank() > 0 && d.array.shape[0] > 1) lengths.insert(d.array.shape[0]);
  std::vector<Cut> cuts;
  for (Index samples : lengths) {
    const bool in_theta =
        std::ranges::any_of(s.parameters, [&](const Parameter& p) { return has_rows(p.value, samples); });
    for (const bool parameters : {false, true})
      for (const bool mean : {true, false})
        if (!parameters || in_theta) cuts.push_back({samples, parameters, mean});
  }
  return cuts;
}

}  // namespace

std::vector<Batch> batches_of(const Model& model, ConstVec x, ConstVec theta, Index most) {
  if (!model.slope() || !model.cones().empty()) return {};
  for (const Cut& cut : cuts_of(model.statement())) {
    try {
      // two shares tell whether it is such a problem, before many are made
      const Cutter cutter(model, x, theta, cut);
      if (!add_up(cutter.cut(2), model, x, theta)) continue;
      return cutter.cut(most);
    } catch (const expr::TextError&) {
      continue;  // of a part of these rows the problem cannot be stated
    }
  }
  return {};
}

}  // namespace argscope::optimality
