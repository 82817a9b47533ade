#pragma once
/// A scene file read and checked: the problem's statement, how to solve and differentiate it, how to look at it.

#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/optimality/statement.h"

namespace argscope::io {

/// One [[views]] entry. Expressions are compiled with the problem; `statement.expressions` names them "view K.KEY".
struct ViewSpec {
  std::string kind;  ///< a name of view_kinds()
  std::string title;
  std::map<std::string, std::string> expressions;  ///< key ("show", "x", "y", …) → name of the function in the Model
  std::map<std::string, double> numbers;           ///< "columns", "low", "high", …; switches: 1 or 0
  std::map<std::string, std::string> words;  ///< "parameter", "x", "colormap", …; "show": "jacobian" of a heatmap
  std::map<std::string, std::vector<std::string>> lists;  ///< "labels", …
  std::map<std::string, std::string> sources;             ///< key → the expression's text, for captions
};

/// type: "expression", "number", "word", "words" (a list of strings), "switch" (true or false)
struct KeyDoc {
  std::string name, type, summary;
  bool required = false;
};
struct ViewKindDoc {
  std::string name, summary;
  std::vector<KeyDoc> keys;
};
std::vector<ViewKindDoc> view_kinds();  ///< the reference of the keys of [[views]], printed by the program

struct SolveSpec {
  std::string solver = "auto";
  std::string condition = "auto";
  double tolerance = 1e-10;
  std::optional<int> iterations;
  std::optional<double> step;
  double decay = 0;  ///< of sgd's steps
};
struct DifferentiateSpec {
  std::string method = "implicit";
  std::string linear_solver = "auto";
};

struct Scene {
  std::string name;            ///< file name without ending
  std::filesystem::path path;  ///< empty: read from text
  std::string text;            ///< the file as it was read
  std::string title, summary, about;
  std::shared_ptr<const optimality::Statement> statement;
  SolveSpec solve;
  DifferentiateSpec differentiate;
  std::vector<ViewSpec> views;
};

/// Where data and built-in scenes are looked up.
struct Paths {
  std::vector<std::filesystem::path> scenes;  ///< folders of built-in scenes
  std::vector<std::filesystem::path> data;    ///< folders of data, after the scene's own
  static Paths standard();  ///< $ARGSCOPE_HOME, beside the program, or the source tree it was built from
};

/// A scene's text, found but not read.
struct SceneFile {
  std::filesystem::path path;
  std::string text;
};
/// `name` is a built-in's name or a path. Throws expr::TextError.
SceneFile find_scene(const std::string& name, const Paths&);

/// What a person may set of a scene: known before its data are, which a choice may be about.
struct Settable {
  std::vector<std::string> parameters, choices;
};
Settable settable_in(const SceneFile&);  ///< throws expr::TextError

/// Throws expr::TextError (one message: place, what, how to mend it) for anything wrong in the file or its data; the
/// expressions are compiled once to check them.
Scene read_scene(const std::string& name, const Paths&);
Scene parse_scene(const std::string& text, const std::filesystem::path& path, const Paths&);

/// The same with other values of the scene's choices (optimality::Choice); a name that is not a choice is an error.
using Choices = std::map<std::string, Index>;
Scene parse_scene(const std::string& text, const std::filesystem::path& path, const Paths&, const Choices&);

std::vector<std::filesystem::path> built_in_scenes(const Paths&);  ///< sorted by name

}  // namespace argscope::io
