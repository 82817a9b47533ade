#pragma once
/// Names as a person types them: hyphen equals underscore, an unknown one is answered with the nearest, and one that
/// has its place elsewhere is told where.

#include <string>
#include <string_view>
#include <vector>

#include "core/same_name.h"

namespace argscope::app {

/// The entry of `known` that `name` means. Throws WrongInput, which begins with `what` ("--solver") and offers the
/// nearest.
std::string resolve_name(std::string_view what, std::string_view name, const std::vector<std::string>& known);

/// What may be chosen by name.
struct Catalogue {
  std::string option;                  ///< "--solver"
  std::vector<std::string> today;      ///< what runs
  std::vector<std::string> elsewhere;  ///< known, for another use
  std::string place;                   ///< after the name of one of those: which use
};
Catalogue solvers();
Catalogue methods();
Catalogue linear_solvers();
Catalogue conditions();

/// The entry of Catalogue::today that `name` means. Throws WrongInput: for another use, or unknown with the nearest.
std::string choose(const Catalogue&, std::string_view name);

std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace argscope::app
