#pragma once
/// The built-in scenes as cards: picture, title and summary; one click or Enter to open.

#include <QLineEdit>
#include <QListWidget>
#include <QWidget>

#include "app/thumbnails.h"
#include "core/io/scene.h"

namespace argscope::app {

struct GalleryEntry {
  QString name, title, summary, path;
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

 protected:
  void showEvent(QShowEvent*) override;
  void hideEvent(QHideEvent*) override;
  void changeEvent(QEvent*) override;

 private:
  void fill_list();
  void filter(const QString& words);
  void ask_pictures();
  void show_picture(const QString& path, bool dark, const QImage&);

  QLineEdit* search_;
  QListWidget* list_;
  Thumbnails* pictures_;
};

}  // namespace argscope::app
