#pragma once
/// The built-in scenes as cards: title and summary, one click to open.

#include <QLineEdit>
#include <QListWidget>
#include <QWidget>

#include "core/io/scene.h"

namespace argscope::app {

struct GalleryEntry {
  QString name, title, summary;
};
/// Reads only the heads of the files: fast, and a scene that is wrong elsewhere is still offered.
std::vector<GalleryEntry> gallery_entries(const io::Paths&);

class Gallery : public QWidget {
  Q_OBJECT

 public:
  explicit Gallery(QWidget* parent);
  QListWidget& list() { return *list_; }

 signals:
  void picked(const QString& name);

 private:
  void filter(const QString& words);

  QLineEdit* search_;
  QListWidget* list_;
};

}  // namespace argscope::app
