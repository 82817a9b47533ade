#include "core/linear/factorize.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/linear/choose.h"
#include "core/linear/solved.h"

namespace argscope::linear {

namespace {

constexpr std::array<std::pair<Method, std::string_view>, 8> names{{{Method::Auto, "auto"},
                                                                    {Method::Cholesky, "cholesky"},
                                                                    {Method::Ldlt, "ldlt"},
                                                                    {Method::Lu, "lu"},
                                                                    {Method::Sparse, "sparse"},
                                                                    {Method::Cg, "cg"},
                                                                    {Method::Minres, "minres"},
                                                                    {Method::MinNorm, "min-norm"}}};

}  // namespace

std::string_view name(Method method) {
  return std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == method; })->second;
}

std::optional<Method> method_named(std::string_view wanted) {
  std::string hyphened(wanted);
  std::replace(hyphened.begin(), hyphened.end(), '_', '-');
  for (const auto& [method, text] : names) {
    if (text == hyphened) return method;
  }
  return std::nullopt;
}

std::vector<std::string_view> method_names() {
  std::vector<std::string_view> all;
  for (const auto& [method, text] : names) all.push_back(text);
  return all;
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
};

Factorizer::Factorizer() : cache_(std::make_unique<Cache>()) {}
Factorizer::~Factorizer() = default;
Factorizer::Factorizer(Factorizer&&) noexcept = default;
Factorizer& Factorizer::operator=(Factorizer&&) noexcept = default;

std::shared_ptr<const Factorization> Factorizer::factorize(OperatorPtr A, const Options& options,
                                                           const Mat& null_candidates) {
  const Index n = A->rows();
  return std::make_shared<Solved>(choose(std::move(A), options, null_candidates, cache_->analyses), n, options);
}

}  // namespace argscope::linear
