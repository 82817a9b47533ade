#pragma once
/// What a sweep finds: a row a value of the parameter, and the table as a file.

#include "app/report.h"

namespace argscope::app {

/// NAME=FROM:TO:COUNT[:log], or NAME[i]=… for one entry of an array parameter; a whole array varies as one number.
struct Vary {
  std::string name;            ///< as the columns name it: "theta", "theta[3]"
  Index first = 0, count = 1;  ///< the entries of θ that take the value
  std::vector<double> values;
};
/// Throws WrongInput: what it should look like, an unknown name with the nearest, a logarithm of what is not positive.
Vary parse_vary(const std::string& text, const optimality::Model&);

struct SweepRow {
  double at = 0;
  std::string status;  ///< "converged", …, "converged; derivative undefined"
  bool converged = false;
  Vec x;                     ///< not-a-number where there is no honest answer
  std::vector<Vec> outputs;  ///< in the scene's order
  Vec dx;                    ///< ∂x*/∂(the varied number); empty unless asked for
  std::vector<Vec> doutputs;
};

struct SweepTable {
  Vary vary;
  bool derivatives = false;
  std::vector<optimality::Slot> outputs, variables;  ///< names and shapes of the columns
  std::vector<SweepRow> rows;
};

/// .csv: a row a value, columns `parameter, status, output…, variable[i]…` and with derivatives `d…_dparameter`; .npz
/// and .json: one array a name, its first axis the values; the status as "converged", 1 or 0. Throws io::DataError.
void write_table(const std::string& file, const SweepTable&, const io::Metadata&);

}  // namespace argscope::app
