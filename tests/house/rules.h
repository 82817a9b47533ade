#pragma once
/// The law of the house, one function a rule. Each returns what is against it, "path:line: what, and what to do".

#include <span>
#include <string>
#include <vector>

#include "tests/house/source.h"

namespace argscope::house {

using Findings = std::vector<std::string>;

/// A rule about one file, whichever it is: a rule knows which files it is about.
using Rule = Findings (*)(const Source&);

Findings layers(const Source&);  ///< which folder includes what; one door to oneTBB; Qt, VTK and ImGui at home
Findings own_header_first(const Source&);
Findings pragma_once(const Source&);
Findings no_umbrella(const Source&);       ///< no header of nothing but includes
Findings short_file(const Source&);        ///< 400 lines
Findings short_functions(const Source&);   ///< 60 lines
Findings no_macros(const Source&);         ///< but where loops are compiled for several instruction sets
Findings quiet_core(const Source&);        ///< core never prints and never exits
Findings names(const Source&);             ///< no get_, no bool argument with a default
Findings finished(const Source&);          ///< no word that promises to do it later
Findings no_machine_paths(const Source&);  ///< no path of one machine
Findings no_tabs(const Source&);           ///< no tab, no blank at the end of a line

/// The rules about the tree as a whole.
Findings no_cycles(std::span<const Source>);  ///< among includes
/// At least so many lines of test for a line of code.
Findings enough_tests(std::span<const Source>, double least);

}  // namespace argscope::house
