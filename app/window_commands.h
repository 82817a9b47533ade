#pragma once
/// What the window's commands do beyond calling one part of it: dialogs, the clipboard, files.

namespace argscope::app {

class MainWindow;

void export_picture(MainWindow&);
void ask_export_jacobian(MainWindow&);
void copy_picture_or_table(MainWindow&);  ///< the Jacobian's table when it has the focus
void copy_state(MainWindow&);
void copy_command(MainWindow&);
void show_about_scene(MainWindow&);
void show_about(MainWindow&);

}  // namespace argscope::app
