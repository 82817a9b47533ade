#pragma once
/// What a scene says of how x* and ∂x* are found, as options of the rooms that find them.

#include "core/io/scene.h"
#include "core/sensitivity/sensitivity.h"

namespace argscope::sensitivity {

/// Options::solve is how x* is found; Options::force is left to whoever asks.
Options options_of(const io::Scene&);

}  // namespace argscope::sensitivity
