#include "app/ask_place.h"

#include <QFileDialog>
#include <QFileInfo>

namespace argscope::app {

QString ask_place(const Saving& saving, QWidget* window) {
  QFileDialog dialog(window, saving.title, {}, saving.kinds);
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setFileMode(QFileDialog::AnyFile);
  dialog.setDefaultSuffix(QFileInfo(saving.name).suffix());
  dialog.selectFile(saving.name);
  return dialog.exec() == QDialog::Accepted ? dialog.selectedFiles().value(0) : QString();
}

}  // namespace argscope::app
