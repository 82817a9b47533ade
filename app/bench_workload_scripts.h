#pragma once
/// The programs of the peers of rows b, c and e. Each draws the scene's numbers
/// from NumPy's legacy random stream, starts where its last update ended, and keeps to Script's protocol. The answer is
/// Follower::derivatives().

#include <string_view>

namespace argscope::app::scripts {

extern const std::string_view distillation;          ///< samples, pixels
extern const std::string_view sparse_coding;         ///< samples, atoms
extern const std::string_view sparse_coding_scikit;  ///< samples, atoms
extern const std::string_view cvxopt;                ///< n

}  // namespace argscope::app::scripts
