#pragma once
/// Values of parameters and choices as the command line gives them.

#include <string>
#include <vector>

#include "core/io/scene.h"
#include "core/optimality/model.h"

namespace argscope::app {

/// NAME=VALUE, whose name is one of the scene's.
struct Setting {
  std::string name;
  std::string value;       ///< as typed
  bool is_choice = false;  ///< of optimality::Choice; else a parameter
};

/// Reads NAME=VALUE texts; hyphen equals underscore. Throws WrongInput: no name, no value, a name that is set twice, or
/// one that is neither a parameter nor a choice, which offers the nearest.
std::vector<Setting> read_settings(const std::vector<std::string>& texts, const io::Settable&);

/// The values of those settings that are choices. Throws WrongInput for what is not a whole number.
io::Choices chosen(const std::vector<Setting>&);

/// A number, a JSON array (nested as its axes, not ragged), or a file that io::read_array understands. All numbers are
/// finite. Throws WrongInput, or io::DataError about a file; `name` is for the message.
expr::Array read_value(const std::string& name, const std::string& text);

/// Puts a parameter's setting into theta; a single number fills an array parameter. The value may lie outside the
/// range. Throws WrongInput for a shape that does not fit.
void apply_setting(const Setting&, const std::vector<optimality::Slot>& parameters, MutVec theta);

/// Names of slots, in order.
std::vector<std::string> names_of(const std::vector<optimality::Slot>&);

}  // namespace argscope::app
