#include "app/window_commands.h"

#include <QApplication>
#include <QClipboard>
#include <QMessageBox>
#include <QTextBrowser>
#include <QVBoxLayout>
#include <exception>

#include "app/ask_place.h"
#include "app/exports.h"
#include "app/main_window.h"

namespace argscope::app {
namespace {

QString words(const char* text) { return QCoreApplication::translate("commands", text); }

/// The last whole state, or null after saying that there is none.
live::SnapshotPtr state_or_complain(MainWindow& window) {
  live::SnapshotPtr state = window.study().snapshot();
  if (!state) window.say(words("There is nothing to export yet: open a scene first."));
  return state;
}

// A long solve or a large picture is no reason for a window that looks dead.
class Busy {
 public:
  Busy() { QApplication::setOverrideCursor(Qt::WaitCursor); }
  ~Busy() { QApplication::restoreOverrideCursor(); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
};

void copy_text(MainWindow& window, const QString& text, const QString& what) {
  QApplication::clipboard()->setText(text);
  window.say(words("%1 is on the clipboard.").arg(what));
}

}  // namespace

void export_picture(MainWindow& window) {
  const live::SnapshotPtr state = state_or_complain(window);
  if (!state) return;
  PictureDialog dialog(window.viewport().size() * window.viewport().devicePixelRatioF(), &window);
  if (dialog.exec() != QDialog::Accepted) return;
  const QString name = QString::fromStdString(state->scene->name) + QStringLiteral(".png");
  const QString path = ask_place({words("Export picture"), name, words("Pictures (*.png *.svg *.pdf)")}, &window);
  if (path.isEmpty()) return;
  views::Look look = window.viewport().look();
  look.transparent = dialog.transparent();
  look.overlay = dialog.overlay();
  const QSize size = dialog.size_chosen();
  const Busy busy;
  try {
    views::render_to_file(state, look, size.width(), size.height(), path.toStdString(),
                          metadata_of(*state, window.documents().present()));
    window.say(words("Saved %1.").arg(path));
  } catch (const std::exception& error) {
    window.say(QString::fromUtf8(error.what()));
  }
}

void ask_export_jacobian(MainWindow& window) {
  const live::SnapshotPtr state = state_or_complain(window);
  if (!state) return;
  const QString path = ask_place(
      {words("Export Jacobian"), QStringLiteral("jacobian.npz"), words("Arrays (*.npz *.npy *.csv *.json *.mtx)")},
      &window);
  if (path.isEmpty()) return;
  const Busy busy;
  try {
    export_jacobian(*state, path.toStdString(), metadata_of(*state, window.documents().present()));
    window.say(words("Saved %1.").arg(path));
  } catch (const std::exception& error) {
    window.say(QString::fromUtf8(error.what()));
  }
}

void copy_picture_or_table(MainWindow& window) {
  if (window.jacobian().table_has_focus())
    return copy_text(window, window.jacobian().selection_as_tsv(), words("The table"));
  QApplication::clipboard()->setImage(window.viewport().grabFramebuffer());
  window.say(words("The picture is on the clipboard."));
}

void copy_state(MainWindow& window) {
  if (const live::SnapshotPtr state = state_or_complain(window))
    copy_text(window, state_as_text(*state), words("The state"));
}

void copy_command(MainWindow& window) {
  if (const live::SnapshotPtr state = state_or_complain(window))
    copy_text(window, as_command(*state), words("The command"));
}

void show_about_scene(MainWindow& window) {
  const ScenePtr& scene = window.study().scene();
  if (!scene) return show_about(window);
  auto* dialog = new QDialog(&window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(QString::fromStdString(scene->title));
  auto* text = new QTextBrowser(dialog);
  const std::string& about = scene->about.empty() ? scene->summary : scene->about;
  text->setMarkdown(
      QStringLiteral("# %1\n\n%2").arg(QString::fromStdString(scene->title), QString::fromStdString(about)));
  auto* layout = new QVBoxLayout(dialog);
  layout->addWidget(text);
  dialog->resize(560, 460);
  dialog->show();
}

void show_about(MainWindow& window) {
  QMessageBox::about(&window, words("About Argscope"),
                     words("<b>Argscope %1</b><p>Drag the parameters of an optimization problem and see, live, its "
                           "solution x*(θ) and the exact Jacobian ∂x*(θ).</p>")
                         .arg(QStringLiteral(ARGSCOPE_VERSION)));
}

}  // namespace argscope::app
