#pragma once
/// The parts that the table of sets is made of.

#include "core/sets/sets.h"

namespace argscope::sets {

std::span<const Set> entry_sets();
std::span<const Set> ball_sets();
std::span<const Set> linear_sets();
std::span<const Set> transport_sets();
std::span<const Set> cone_sets();

}  // namespace argscope::sets
