#pragma once
/// The parts of reading a scene, in the order in which they run: each fills its piece of a Reading from its table.

#include <map>

#include "core/io/scene.h"
#include "core/io/toml_file.h"

namespace argscope::io {

/// What is read so far.
struct Reading {
  const Paths& paths;
  std::filesystem::path folder;  ///< of the scene file: where data are looked up first
  optimality::Statement statement;
  Scene scene;
  std::map<std::string, std::string> names{};  ///< every name, and what it is: "data", "a parameter", …
  std::size_t text_size = 0;                   ///< of all expressions

  /// Takes a name for good. Throws for one that is not a name, is reserved, or is taken.
  void claim(const Section&, const Entry&, const std::string& what);

  /// The expression of an entry, counted against the limit of 1 MB a scene.
  expr::Text expression(const Section&, const Entry&);
};

// core/io/scene_data.cpp
void read_data(Reading&, const Section& data);

// core/io/scene_parameters.cpp
bool is_choice(const Section& parameter);
void read_choices(Reading&, const Section& parameters, const Choices&);
void read_parameters(Reading&, const Section& parameters);

// core/io/scene_problem.cpp
void read_definitions(Reading&, const Section& definitions);
void read_variables(Reading&, const Section& variables);
void read_pairs(Reading&, const Section& pairs);
void read_problem(Reading&, const Section& problem);
void read_outputs(Reading&, const Section& outputs);
void read_solve(Reading&, const Section& solve);
void read_differentiate(Reading&, const Section& differentiate);

// core/io/scene_order.cpp
/// Orders definitions so that each names only earlier ones. Throws TextError for a circle, and names it.
void order_definitions(std::vector<optimality::NamedText>&);

// core/io/scene_views.cpp
void read_views(Reading&, const toml::array& views, const TomlFile&);

}  // namespace argscope::io
