#include "core/io/scene.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "core/io/scene_reader.h"
#include "core/optimality/model.h"

namespace argscope::io {

namespace {

constexpr std::size_t most_text = 1 << 20;  ///< of expressions in one scene
constexpr std::size_t largest_file = 64 << 20;

const std::vector<std::string> sections{"title",     "summary",       "about",       "data",    "parameters",
                                        "variables", "pairs",         "definitions", "problem", "outputs",
                                        "solve",     "differentiate", "views"};

bool is_name(std::string_view name) {
  auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0; };
  if (name.empty() || !letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The table of that name; an empty one when the file has none.
Section part(const Section& root, std::string_view name) {
  static const toml::table nothing;
  const Entry* e = root.find(name);
  return e ? root.section(*e) : Section(root.file(), nothing, fmt::format("[{}]", name));
}

void read_parts(Reading& r, const Section& root, const Choices& choices) {
  root.allow(sections);
  r.scene.title = root.string("title", r.scene.name);
  r.scene.summary = root.string("summary", "");
  r.scene.about = root.string("about", "");
  const Section parameters = part(root, "parameters");
  read_choices(r, parameters, choices);
  read_data(r, part(root, "data"));
  read_parameters(r, parameters);
  read_definitions(r, part(root, "definitions"));
  read_variables(r, part(root, "variables"));
  read_pairs(r, part(root, "pairs"));
  read_problem(r, part(root, "problem"));
  read_outputs(r, part(root, "outputs"));
  read_solve(r, part(root, "solve"));
  read_differentiate(r, part(root, "differentiate"));
  const Entry* views = root.find("views");
  if (!views) return;
  if (!views->value->is_array()) root.fail(*views, "write [[views]], with two brackets, once for each view");
  read_views(r, *views->value->as_array(), root.file());
}

std::string contents(const std::filesystem::path& path) {
  auto fail = [&](const std::string& why) { throw expr::TextError({path.string(), 0, 0}, why, ""); };
  std::error_code trouble;
  if (!std::filesystem::exists(path, trouble)) fail("there is no such file");
  if (!std::filesystem::is_regular_file(path, trouble)) fail("this is not a file");
  if (std::filesystem::file_size(path, trouble) > largest_file)
    fail("a scene of more than 64 MB; keep data in files of their own");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) fail("cannot be read");
  return text.str();
}

}  // namespace

void Reading::claim(const Section& s, const Entry& e, const std::string& what) {
  if (!is_name(e.name))
    s.fail_key(e, fmt::format("'{}' is not a name: letters, digits and _, a letter first", e.name.substr(0, 80)));
  if (expr::is_reserved(e.name))
    s.fail_key(e, fmt::format("'{}' has a meaning of its own and cannot name {}", e.name, what));
  const auto [it, fresh] = names.emplace(e.name, what);
  if (!fresh) s.fail_key(e, fmt::format("'{}' already names {}; give {} another name", e.name, it->second, what));
}

expr::Text Reading::expression(const Section& s, const Entry& e) {
  const toml::value<std::string>* quoted = e.value->as_string();
  const std::size_t size = quoted ? quoted->get().size() : 1;
  text_size += size;
  if (text_size > most_text)
    s.fail(e,
           fmt::format("more than 1 MB of expressions in one scene (this one: {} bytes); put numbers into a data file",
                       size));
  return s.file().expression(*e.value, fmt::format("'{}'", e.name));
}

Scene parse_scene(const std::string& text, const std::filesystem::path& path, const Paths& paths,
                  const Choices& choices) {
  const TomlFile file(text, path.string());
  Reading r{paths, path.parent_path(), {}, {}};
  r.scene.name = path.stem().string();
  r.scene.path = path;
  r.scene.text = text;
  read_parts(r, Section(file, file.root(), ""), choices);
  r.scene.statement = std::make_shared<const optimality::Statement>(std::move(r.statement));
  optimality::build_model(r.scene.statement);  // every mistake in an expression surfaces here
  return std::move(r.scene);
}

Scene parse_scene(const std::string& text, const std::filesystem::path& path, const Paths& paths) {
  return parse_scene(text, path, paths, {});
}

Scene read_scene(const std::string& name, const Paths& paths) {
  const SceneFile file = find_scene(name, paths);
  return parse_scene(file.text, file.path, paths);
}

Settable settable_in(const SceneFile& scene) {
  const TomlFile file(scene.text, scene.path.string());
  const Section parameters = part(Section(file, file.root(), ""), "parameters");
  Settable names;
  for (const Entry& e : parameters.entries())
    (is_choice(parameters.section(e)) ? names.choices : names.parameters).push_back(e.name);
  return names;
}

SceneFile find_scene(const std::string& name, const Paths& paths) {
  const std::filesystem::path given(name);
  const bool is_path = given.extension() == ".toml" || given.has_parent_path();
  if (is_path) return {given, contents(given)};
  std::vector<std::string> names;
  for (const auto& path : built_in_scenes(paths)) {
    names.push_back(path.stem().string());
    if (canonical(names.back()) == canonical(name)) return {path, contents(path)};
  }
  throw expr::TextError(
      {name, 0, 0},
      fmt::format("no built-in scene has this name{}; there are: {}; a scene of your own is given by its "
                  "path, ending in .toml",
                  did_you_mean(name, names), fmt::join(names, ", ")),
      "");
}

}  // namespace argscope::io
