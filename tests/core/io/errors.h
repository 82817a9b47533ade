#pragma once
/// What the tests of files share: the one message of a refusal.

#include <string>

#include "core/io/arrays.h"

namespace argscope::io {

/// The words of the DataError that an action ends with; "no error" where it ends well.
template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace argscope::io
