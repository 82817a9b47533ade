#pragma once
/// Values that are known when a scene is read: numbers, nested arrays, expressions over data.

#include "core/io/scene_reader.h"

namespace argscope::io {

/// Which names an expression may use besides data and choices.
enum class Known {
  Data,       ///< none
  Everything  ///< parameters, at the values that the scene gives them, and definitions that need no variable
};

/// A number, a nested array of numbers, or an expression in quotes. Throws TextError; every element is finite.
expr::Array read_value(Reading&, const Section&, const Entry&, Known);

/// A whole number, or an expression that gives one. `least`: smaller ones are an error.
Index read_whole(Reading&, const Section&, const Entry&, Index least);

/// [3, "n", 2], or one length. Every length at least 1.
expr::Shape read_shape(Reading&, const Section&, const Entry&);

/// The value broadcast to a shape; throws TextError at the entry, printing both shapes.
expr::Array fitted(const Section&, const Entry&, const expr::Array&, const expr::Shape&);

/// "[3, 1]": where element k of an array stands.
std::string element_place(const expr::Shape&, Index k);

}  // namespace argscope::io
