#pragma once
/// Numbers as people read them: a true minus sign, few digits.

#include <string>

namespace argscope::views {

/// Up to four significant digits: "−0.125", "1.2e−13", "0", "not a number".
std::string number(double);
std::string number(double, int digits);  ///< so many, > 1; one less where there is an exponent
/// A power of ten with a raised exponent: "10⁻³", "1", "10".
std::string power_of_ten(int exponent);
/// `digits` decimals, true minus sign.
std::string fixed(double, int digits);

}  // namespace argscope::views
