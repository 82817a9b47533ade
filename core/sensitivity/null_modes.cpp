#include "core/sensitivity/null_modes.h"

#include <fmt/format.h>

#include <algorithm>

namespace argscope::sensitivity {

Mat simplest_basis(const Mat& null_space) {
  Mat N = null_space;
  const Index k = N.cols();
  for (Index c = 0; c < k; ++c) {
    // The coordinate that the columns not yet settled can move most; reduce it to column c alone.
    Index pivot = 0;
    N.rightCols(k - c).rowwise().squaredNorm().maxCoeff(&pivot);
    Index strongest = c;
    N.row(pivot).tail(k - c).cwiseAbs().maxCoeff(&strongest);
    strongest += c;
    if (N(pivot, strongest) == 0) break;
    N.col(c).swap(N.col(strongest));
    N.col(c) /= N(pivot, c);
    for (Index other = 0; other < k; ++other)
      if (other != c && N(pivot, other) != 0) N.col(other) -= N(pivot, other) * N.col(c);
  }
  for (Index c = 0; c < k; ++c) {
    for (double& e : N.col(c))
      if (std::abs(e) < 1e-9) e = 0;  // elimination's rounding
    const double length = N.col(c).norm();
    if (length > 0) N.col(c) /= length;
  }
  return N;
}

Mat null_space(const linear::Quality& quality, Index n) {
  const Index coordinates = Index(quality.null_coordinates.size());
  Mat N = Mat::Zero(n, coordinates + quality.null_space.cols());
  for (Index k = 0; k < coordinates; ++k) N(quality.null_coordinates[static_cast<std::size_t>(k)], k) = 1;
  if (quality.null_space.cols() > 0) N.rightCols(quality.null_space.cols()) = quality.null_space;
  return N;
}

std::vector<std::string> name_modes(const optimality::Model& model, ConstVec x, ConstVec theta,
                                    const linear::Quality& quality) {
  constexpr std::size_t most = 200;  // names beyond that help nobody
  std::vector<std::string> names;
  const auto add = [&](const Vec& mode) {
    std::string name = model.name_mode(x, theta, mode);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  };
  Mat others(x.size(), 0);
  if (quality.null_space.cols() > 0 && quality.null_space.cols() <= Index(most))
    others = simplest_basis(quality.null_space);
  for (Index k = 0; k < others.cols(); ++k) add(others.col(k));
  for (std::size_t k = 0; k < std::min(most, quality.null_coordinates.size()); ++k)
    add(Vec::Unit(x.size(), quality.null_coordinates[k]));
  return names;
}

std::string list_of(const std::vector<std::string>& names) {
  struct Group {
    std::string first_word;
    std::vector<std::string> rest;
  };
  std::vector<Group> groups;
  for (const std::string& name : names) {
    const auto space = name.find(' ');
    const std::string word = name.substr(0, space);
    auto group = std::ranges::find(groups, word, &Group::first_word);
    if (group == groups.end()) group = groups.insert(groups.end(), {word, {}});
    if (space != std::string::npos) group->rest.push_back(name.substr(space + 1));
  }
  constexpr std::size_t shown = 8;
  std::string text;
  for (const Group& group : groups) {
    text += (text.empty() ? "" : "; ") + group.first_word;
    for (std::size_t k = 0; k < std::min(shown, group.rest.size()); ++k) text += (k ? ", " : " ") + group.rest[k];
    if (group.rest.size() > shown) text += fmt::format(" and {} more", group.rest.size() - shown);
  }
  return text;
}

}  // namespace argscope::sensitivity
