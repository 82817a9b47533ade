#pragma once
/// Light and dark. Colours are chosen here and nowhere else; every pair of text and ground has a contrast of 4.5 : 1 or
/// more, and no two states differ by red against green alone.

#include <QColor>
#include <QPalette>
#include <QString>

class QApplication;

namespace argscope::app {

enum class Theme { System, Light, Dark };
Theme theme_named(const QString& name);  ///< "light", "dark"; anything else: the system's
QString name_of(Theme);

/// Colours beyond what a QPalette holds.
struct Colors {
  QColor accent;       ///< handles, selection
  QColor sensitivity;  ///< bars of ‖∂x/∂θ‖
  QColor groove;
  QColor faint_text;  ///< captions: still 4.5 : 1
  QColor good, warn, bad;
  QColor keyword, string, number, comment;  ///< of the scene's text
};

bool is_dark(const QPalette&);
Colors colors_of(const QPalette&);

/// A signed number t ∈ [−1, 1] as a colour: blue below zero, the ground at zero, orange above. Not-a-number is grey.
QColor signed_color(double t, bool dark);

/// Dresses the whole program; asks the system when the theme is System.
void apply_theme(QApplication&, Theme);

}  // namespace argscope::app
