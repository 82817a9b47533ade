#pragma once
/// The program's own line icons, drawn in the palette's text colour so that they fit light and dark.

#include <QIcon>
#include <QPalette>

namespace argscope::app {

enum class Icon {
  Play,
  Pause,
  Grid,
  Open,
  Save,
  Undo,
  Redo,
  Reset,
  Camera,
  Terminal,
  Gallery,
  Stop,
  Good,
  Warn,
  Bad,
  Unknown
};

QIcon icon(Icon, const QPalette&);

}  // namespace argscope::app
