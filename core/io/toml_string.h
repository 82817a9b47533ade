#pragma once
/// What a TOML string means, character by character.

#include <string_view>

#include "core/expr/language.h"

namespace argscope::io {

/// `raw` begins at the opening quote (of any of TOML's four kinds of string), which stands at `at`; `value` is what the
/// TOML reader made of it. The text knows the place of each of its bytes, through escapes and joined lines.
expr::Text decoded(std::string_view raw, const expr::Location& at, const std::string& value);

}  // namespace argscope::io
