#pragma once
/// Numbers as a person types and reads them.

#include <QString>
#include <variant>

namespace argscope::app {

/// A number typed as text: a literal such as `1e-3`, or an expression of literals such as `2*pi` or `sqrt(2)/3`, in the
/// language of the scenes. Otherwise why it is not one, in a sentence.
std::variant<double, QString> parse_number(const QString& text);

/// For reading: `digits` significant digits, a true minus sign, no trailing zeros.
QString readable(double value, int digits);

/// For copying and editing: the shortest text that reads back as the same double.
QString exact(double value);

/// "0.8 ms", "1.25 s": three significant digits and a unit.
QString readable_time(double seconds);

}  // namespace argscope::app
