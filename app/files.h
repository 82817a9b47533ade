#pragma once
/// Results as files.

#include "app/report.h"

namespace argscope::app {

/// Looks, before any work is done, whether a file of one of these endings can be put there. Throws WrongInput.
void require_place(const std::string& file, const std::vector<std::string>& endings);

/// Endings of the files that hold arrays: .npy, .npz, .csv, .json, .mtx, .vtp, .vtu.
const std::vector<std::string>& array_endings();
/// Whether a file of that name holds any number of arrays by name (.npz, .json, .vtp, .vtu), or one.
bool holds_many(const std::string& file);

io::NamedValue named_value(std::string name, const expr::Shape&, const Vec& row_major);
/// A matrix in C order, its columns named after the entries of θ[first, first + M.cols()).
io::NamedValue named_matrix(std::string name, const Mat& M, const std::vector<optimality::Slot>& parameters,
                            Index first);

/// Writes the arrays with the findings' metadata and notes the file in them.
void write_found(const std::string& file, const std::vector<io::NamedValue>&, const Job&, Findings&);

}  // namespace argscope::app
