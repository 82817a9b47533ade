#include "core/linear/factorize.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/linear/choose.h"
#include "core/linear/eigenbasis.h"
#include "core/linear/random.h"
#include "core/linear/remembering.h"
#include "core/linear/solved.h"
#include "core/same_name.h"

namespace argscope::linear {

namespace {

struct Row {
  Method method;
  std::string_view name;
  bool iterative;
};

constexpr Row methods[] = {{Method::Auto, "auto", false},
                           {Method::Cholesky, "cholesky", false},
                           {Method::Ldlt, "ldlt", false},
                           {Method::Lu, "lu", false},
                           {Method::Qr, "qr", false},
                           {Method::Sparse, "sparse", false},
                           {Method::Cg, "cg", true},
                           {Method::Minres, "minres", true},
                           {Method::Gmres, "gmres", true},
                           {Method::Bicgstab, "bicgstab", true},
                           {Method::NormalCg, "normal-cg", true},
                           {Method::Lsqr, "lsqr", true},
                           {Method::Lsmr, "lsmr", true},
                           {Method::MinNorm, "min-norm", false}};

const Row& row(Method method) {
  return *std::find_if(std::begin(methods), std::end(methods), [&](const Row& r) { return r.method == method; });
}

}  // namespace

std::string_view name(Method method) { return row(method).name; }
bool iterative(Method method) { return row(method).iterative; }

std::optional<Method> method_named(std::string_view wanted) {
  for (const Row& r : methods) {
    if (same_name(r.name, wanted)) return r.method;
  }
  return std::nullopt;
}

std::vector<std::string_view> method_names() {
  std::vector<std::string_view> all;
  for (const Row& r : methods) all.push_back(r.name);
  return all;
}

std::string_view words(Ending ending) {
  switch (ending) {
    case Ending::Solved: return "solved";
    case Ending::Stagnated: return "the residual stopped falling";
    case Ending::Limit: return "the limit of iterations was reached";
    case Ending::Inconsistent: return "the right-hand side leaves the matrix's range";
    case Ending::BrokeDown: break;
  }
  return "the method broke down";
}

Mat null_basis(const Quality& quality) {
  const auto coordinates = static_cast<Index>(quality.null_coordinates.size());
  Mat Z = Mat::Zero(quality.rank + quality.null_modes, quality.null_modes);
  for (Index k = 0; k < coordinates; ++k) Z(quality.null_coordinates[k], k) = 1;
  if (quality.null_modes > coordinates) Z.rightCols(quality.null_modes - coordinates) = quality.null_space;
  return Z;
}

struct Factorizer::Cache {
  sparse::Analyses analyses;
  Eigenbasis eigenbasis;
  Options options;
  Mat image;  ///< of the random vector under the matrix below
  std::shared_ptr<const Factorization> last, again;
};

Factorizer::Factorizer() : cache_(std::make_unique<Cache>()) {}
Factorizer::~Factorizer() = default;
Factorizer::Factorizer(Factorizer&&) noexcept = default;
Factorizer& Factorizer::operator=(Factorizer&&) noexcept = default;

std::shared_ptr<const Factorization> Factorizer::factorize(OperatorPtr A, const Options& options,
                                                           const Mat& null_candidates) {
  const Index n = A->rows();
  const auto made = [&] {
    return std::make_shared<Solved>(choose(A, options, null_candidates, cache_->analyses), n, options);
  };
  if (options.method == Method::Auto && null_candidates.cols() == 0)
    if (Attempt attempt = cache_->eigenbasis.attempt(*A); attempt.kernel)
      return std::make_shared<Solved>(std::move(attempt), n, options);
  const Structure structure = A->structure();
  if (structure.symmetric || structure.sparse || structure.dense || A->cols() != n || null_candidates.cols() > 0)
    return made();
  Mat image(n, 1);
  A->apply(fixed_random(n), image);
  const bool same = cache_->last && cache_->options == options && cache_->image.rows() == n && cache_->image == image;
  if (same) {
    if (!cache_->again) cache_->again = std::make_shared<Remembering>(cache_->last);
    return cache_->again;
  }
  cache_->again = nullptr;
  cache_->options = options;
  cache_->image = std::move(image);
  return cache_->last = made();
}

}  // namespace argscope::linear
