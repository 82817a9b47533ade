#pragma once
/// Asks where to save.

#include <QString>

class QWidget;

namespace argscope::app {

/// What is to be saved: the dialog's title, the name that is proposed, and the kinds of files, "Scenes (*.toml)".
struct Saving {
  QString title, name, kinds;
};

/// The file chosen, asked again where one is there already; a name without an ending gets that of the proposed name.
/// Empty: nothing was chosen.
QString ask_place(const Saving&, QWidget* window);

}  // namespace argscope::app
