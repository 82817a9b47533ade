#pragma once
/// What `argscope check` compares, one row a comparison, each with the tolerance it is held to and where that comes
/// from.

#include "app/answer.h"

namespace argscope::app {

struct CheckRow {
  std::string name;     ///< "∂x* against central differences"
  std::string scope;    ///< "24 of 500 columns"
  double achieved = 0;  ///< not-a-number: could not be computed, which fails
  double allowed = 0;
  std::string note;
  bool passed() const { return achieved <= allowed; }
};

/// All rows that apply at a solution whose derivative is defined. Deterministic. Whatever method the job asks for, it
/// is the implicit derivative that is checked.
std::vector<CheckRow> check_all(const Answer&);

/// At most `most` whole numbers out of [0, count), evenly spread, the first and the last among them.
std::vector<Index> spread(Index count, Index most);

}  // namespace argscope::app
