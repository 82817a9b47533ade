#include "app/toml_highlighter.h"

#include <QRegularExpression>

#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr int in_basic = 1, in_literal = 2;  // states: inside """ … """ and ''' … '''

QString fence(int state) { return state == in_basic ? QStringLiteral("\"\"\"") : QStringLiteral("'''"); }

}  // namespace

TomlHighlighter::TomlHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) { set_palette({}); }

void TomlHighlighter::set_palette(const QPalette& palette) {
  const Colors colors = colors_of(palette);
  table_.setForeground(colors.keyword);
  table_.setFontWeight(QFont::Bold);
  key_.setForeground(colors.keyword);
  string_.setForeground(colors.string);
  number_.setForeground(colors.number);
  comment_.setForeground(colors.comment);
  comment_.setFontItalic(true);
  rehighlight();
}

void TomlHighlighter::highlightBlock(const QString& text) {
  setCurrentBlockState(0);
  int at = 0;
  const int inside = previousBlockState();
  if (inside == in_basic || inside == in_literal) {
    const qsizetype end = text.indexOf(fence(inside));
    const int length = static_cast<int>(end < 0 ? text.size() : end + 3);
    setFormat(0, length, string_);
    if (end < 0) return setCurrentBlockState(inside);
    at = length;
  }
  static const QRegularExpression table(QStringLiteral(R"(^\s*\[\[?[^\]]*\]\]?)"));
  static const QRegularExpression key(QStringLiteral(R"(^\s*[\w."'-]+\s*(?==))"));
  for (const auto& [pattern, format] : {std::pair(&table, &table_), std::pair(&key, &key_)}) {
    const QRegularExpressionMatch match = at == 0 ? pattern->match(text) : QRegularExpressionMatch();
    if (!match.hasMatch()) continue;
    setFormat(0, static_cast<int>(match.capturedLength()), *format);
    at = static_cast<int>(match.capturedLength());
    break;
  }
  while (at < text.size()) at = paint_value(text, at);
}

int TomlHighlighter::paint_value(const QString& text, int from) {
  const QChar c = text[from];
  if (c == u'#') {
    setFormat(from, static_cast<int>(text.size()) - from, comment_);
    return static_cast<int>(text.size());
  }
  if (c == u'"' || c == u'\'') return paint_string(text, from);
  if (!c.isLetterOrNumber() && c != u'-' && c != u'+' && c != u'.') return from + 1;
  int end = from + 1;
  while (end < text.size() && (text[end].isLetterOrNumber() || QStringView(u"+-._:").contains(text[end]))) ++end;
  const bool word = c.isLetter();
  setFormat(from, end - from, word ? key_ : number_);
  return end;
}

int TomlHighlighter::paint_string(const QString& text, int from) {
  const int state = text[from] == u'"' ? in_basic : in_literal;
  const bool fenced = text.mid(from, 3) == fence(state);
  const QString close = fenced ? fence(state) : text.mid(from, 1);
  qsizetype end = from + close.size();
  while (end < text.size() && text.mid(end, close.size()) != close)
    end += state == in_basic && text[end] == u'\\' ? 2 : 1;
  const bool open = end >= text.size();
  const int stop = static_cast<int>(open ? text.size() : end + close.size());
  setFormat(from, stop - from, string_);
  if (open && fenced) setCurrentBlockState(state);
  return stop;
}

}  // namespace argscope::app
