#pragma once
/// Colours a scene's text: tables, keys, strings, numbers, comments; and underlines the place of a mistake.

#include <QSyntaxHighlighter>

namespace argscope::app {

class TomlHighlighter : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  explicit TomlHighlighter(QTextDocument* document);
  void set_palette(const QPalette&);

 protected:
  void highlightBlock(const QString& text) override;

 private:
  int paint_value(const QString& text, int from);
  int paint_string(const QString& text, int from);

  QTextCharFormat table_, key_, string_, number_, comment_;
};

}  // namespace argscope::app
