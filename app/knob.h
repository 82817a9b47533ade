#pragma once
/// One number of θ that a person can turn.

#include <QString>
#include <vector>

#include "core/optimality/statement.h"

namespace argscope::app {

struct Knob {
  std::size_t parameter = 0;  ///< index into Statement::parameters
  Index element = 0;          ///< within the parameter, flat, row-major
  Index index = 0;            ///< flat index into θ
  QString name;               ///< "theta", "p[1]", "A[0, 2]"
  QString label, unit;
  double reset_value = 0;    ///< the scene's, until another is set as default
  double low = 0, high = 1;  ///< what the slider spans; typing beyond widens it
  bool log_scale = false;
};

/// Every number of θ in order.
std::vector<Knob> knobs_of(const optimality::Statement&);
/// θ where all knobs are reset.
Vec reset_values(const std::vector<Knob>&);
/// The range grown so that it holds the value; a logarithmic range becomes linear for a value that is not positive.
void widen(Knob&, double value);

}  // namespace argscope::app
