#pragma once
/// Null vectors of ∂₁F in words.

#include <string>
#include <vector>

#include "core/linear/factorize.h"
#include "core/optimality/model.h"

namespace argscope::sensitivity {

/// The same space in a basis whose vectors move as few coordinates as possible: each has a coordinate that no other
/// moves. `null_space`: n × k, orthonormal columns. The result's columns have length one but need not be orthogonal.
Mat simplest_basis(const Mat& null_space);

/// All right null vectors, orthonormal: those that are single coordinates first. n × Quality::null_modes.
Mat null_space(const linear::Quality&, Index n);

/// A name for each mode of the simplest basis, each name once; of very many modes, the first.
std::vector<std::string> name_modes(const optimality::Model&, ConstVec x, ConstVec theta, const linear::Quality&);

/// "translation along x, along y; rattler 3, 17 and 12 more".
std::string list_of(const std::vector<std::string>& names);

}  // namespace argscope::sensitivity
