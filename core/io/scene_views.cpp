// [[views]]: every key is one of view_kinds(); every expression joins the statement as "view K.KEY".
#include <fmt/format.h>

#include <algorithm>

#include "core/io/scene_reader.h"

namespace argscope::io {

namespace {

std::vector<std::string> names_of(const Reading& r, std::initializer_list<std::string_view> kinds) {
  std::vector<std::string> names;
  for (const auto& [name, what] : r.names)
    if (std::find(kinds.begin(), kinds.end(), what) != kinds.end()) names.push_back(name);
  return names;
}

/// The names that a word of a view may be; none: any word.
std::optional<std::vector<std::string>> allowed(const Reading& r, const std::string& kind, const std::string& key) {
  if (key == "colormap") return std::vector<std::string>{"signed", "magnitude", "grey"};
  if (key == "parameter" || key == "wrt") return names_of(r, {"a parameter"});
  if (key == "x" && kind == "landscape") return names_of(r, {"a variable"});
  if (key == "of") return names_of(r, {"a variable", "a definition", "an output"});
  return std::nullopt;
}

class ViewReader {
 public:
  ViewReader(Reading& r, const Section& s, std::size_t number) : r_(r), s_(s), number_(number) {}

  ViewSpec read() {
    const ViewKindDoc kind = kind_of();
    std::vector<std::string> keys{"kind", "title"};
    for (const KeyDoc& k : kind.keys) keys.push_back(k.name);
    s_.allow(keys);
    view_.kind = kind.name;
    view_.title = s_.string("title", "");
    for (const KeyDoc& k : kind.keys) {
      if (const Entry* e = s_.find(k.name))
        read_key(k, *e);
      else if (k.required)
        s_.fail(*s_.find("kind"), fmt::format("a view of kind '{}' needs '{}': {}", kind.name, k.name, k.summary));
    }
    return view_;
  }

 private:
  ViewKindDoc kind_of() const {
    const auto kinds = view_kinds();
    std::vector<std::string> names;
    for (const auto& k : kinds) names.push_back(k.name);
    const Entry* e = s_.find("kind");
    if (!e) {
      if (s_.entries().empty()) s_.file().fail(fmt::format("a view needs a kind: {}", fmt::join(names, ", ")));
      s_.fail_key(s_.entries().front(), fmt::format("a view needs a kind: {}", fmt::join(names, ", ")));
    }
    const std::string name = canonical(s_.string("kind", ""));
    for (const auto& k : kinds)
      if (k.name == name) return k;
    s_.fail(*e, fmt::format("unknown kind of view '{}'{}; there are: {}", name, did_you_mean(name, names),
                            fmt::join(names, ", ")));
  }

  void read_key(const KeyDoc& k, const Entry& e) {
    if (k.type == "number")
      view_.numbers[k.name] = *s_.number(k.name);
    else if (k.type == "switch")
      view_.numbers[k.name] = s_.flag(k.name, false) ? 1 : 0;
    else if (k.type == "word")
      view_.words[k.name] = word(k, e);
    else if (k.type == "words")
      view_.lists[k.name] = words(e);
    else
      expression(k, e);
  }

  void expression(const KeyDoc& k, const Entry& e) {
    if (view_.kind == "heatmap" && k.name == "show" && e.value->value<std::string>() == "jacobian") {
      view_.words["show"] = "jacobian";
      return;
    }
    const std::string name = fmt::format("view {}.{}", number_, k.name);
    expr::Text text = r_.expression(s_, e);
    view_.expressions[k.name] = name;
    view_.sources[k.name] = text.source;
    r_.statement.expressions.push_back({name, std::move(text)});
  }

  /// A name may carry an index, as in theta[3].
  std::string word(const KeyDoc& k, const Entry& e) const {
    const std::string w = canonical(s_.string(k.name, ""));
    const auto names = allowed(r_, view_.kind, k.name);
    const std::string name = w.substr(0, w.find('['));
    if (!names || std::find(names->begin(), names->end(), name) != names->end()) return w;
    s_.fail(e, fmt::format("'{}' cannot be '{}'{}; it is one of: {}", k.name, w, did_you_mean(name, *names),
                           fmt::join(*names, ", ")));
  }

  std::vector<std::string> words(const Entry& e) const {
    const toml::array* a = e.value->as_array();
    if (!a) s_.fail(e, fmt::format("'{}' must be a list of strings: [\"first\", \"second\"]", e.name));
    std::vector<std::string> list;
    for (const toml::node& n : *a) {
      if (!n.is_string()) s_.file().fail(n.source(), fmt::format("expected a string, not {}", type_of(n)));
      list.push_back(n.as_string()->get());
    }
    return list;
  }

  Reading& r_;
  const Section& s_;
  std::size_t number_;
  ViewSpec view_;
};

}  // namespace

void read_views(Reading& r, const toml::array& views, const TomlFile& file) {
  for (const toml::node& n : views) {
    const toml::table* t = n.as_table();
    if (!t) file.fail(n.source(), "each view is a table: write [[views]]");
    const Section s(file, *t, "[[views]]");
    r.scene.views.push_back(ViewReader(r, s, r.scene.views.size()).read());
  }
}

}  // namespace argscope::io
