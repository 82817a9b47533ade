#include "app/theme.h"

#include <QApplication>
#include <QStyleFactory>
#include <algorithm>
#include <cmath>

namespace argscope::app {
namespace {

QPalette palette_of(const QColor& window, const QColor& base, const QColor& text, const QColor& button,
                    const QColor& accent, const QColor& faint) {
  QPalette palette(button, window);
  const auto set = [&](QPalette::ColorRole role, const QColor& color) { palette.setColor(role, color); };
  set(QPalette::Window, window);
  set(QPalette::WindowText, text);
  set(QPalette::Base, base);
  set(QPalette::AlternateBase, window);
  set(QPalette::Text, text);
  set(QPalette::Button, button);
  set(QPalette::ButtonText, text);
  set(QPalette::BrightText, text);
  set(QPalette::ToolTipBase, base);
  set(QPalette::ToolTipText, text);
  set(QPalette::PlaceholderText, faint);
  set(QPalette::Highlight, accent);
  set(QPalette::Link, accent);
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, faint);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, faint);
  return palette;
}

QPalette light() {
  QPalette palette = palette_of("#f4f5f7", "#ffffff", "#1c2128", "#fbfbfc", "#1f6feb", "#5d6773");
  palette.setColor(QPalette::HighlightedText, Qt::white);
  return palette;
}

QPalette dark() {
  QPalette palette = palette_of("#1d2127", "#14171b", "#e6e9ee", "#2a3038", "#5aa2ff", "#98a2b0");
  palette.setColor(QPalette::HighlightedText, QColor("#0b0d10"));
  return palette;
}

// Read once, before any theme is applied: later the application's palette is our own.
bool system_is_dark() {
  static const bool dark_desktop = is_dark(QPalette());
  return dark_desktop;
}

QColor mix(const QColor& a, const QColor& b, double t) {
  const auto at = [t](int from, int to) { return static_cast<int>(std::lround(from + t * (to - from))); };
  return {at(a.red(), b.red()), at(a.green(), b.green()), at(a.blue(), b.blue())};
}

}  // namespace

Theme theme_named(const QString& name) {
  if (name == u"light") return Theme::Light;
  if (name == u"dark") return Theme::Dark;
  return Theme::System;
}

QString name_of(Theme theme) {
  switch (theme) {
    case Theme::Light: return QStringLiteral("light");
    case Theme::Dark: return QStringLiteral("dark");
    case Theme::System: break;
  }
  return QStringLiteral("system");
}

bool is_dark(const QPalette& palette) { return palette.color(QPalette::Window).lightness() < 128; }

Colors colors_of(const QPalette& palette) {
  if (is_dark(palette)) {
    return {"#5aa2ff", "#f0a04b", "#3a424d", "#98a2b0", "#57c78a", "#e8b64c",
            "#ff8f87", "#7fb4ff", "#a5d6a7", "#f2b36f", "#8b95a3"};
  }
  return {"#1f6feb", "#d9730d", "#cfd5dc", "#5d6773", "#146c3a", "#8a5a00",
          "#b42318", "#0b4fb3", "#1b6e3b", "#9a4b00", "#5d6773"};
}

QColor signed_color(double t, bool dark_ground) {
  if (std::isnan(t)) return dark_ground ? QColor("#565d66") : QColor("#b9bec5");
  const QColor zero = dark_ground ? QColor("#20242a") : QColor("#f7f7f7");
  const QColor low = dark_ground ? QColor("#58a6ff") : QColor("#08519c");
  const QColor high = dark_ground ? QColor("#ffa657") : QColor("#c24e00");
  const double strength = std::min(std::abs(t), 1.0);
  return mix(zero, t < 0 ? low : high, strength);
}

void apply_theme(QApplication& app, Theme theme) {
  const bool system_dark = system_is_dark();
  app.setStyle(QStyleFactory::create("Fusion"));
  const bool wants_dark = theme == Theme::Dark || (theme == Theme::System && system_dark);
  app.setPalette(wants_dark ? dark() : light());
}

}  // namespace argscope::app
