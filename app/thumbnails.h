#pragma once
/// Small pictures of scenes: solved one after another on a thread of their own, painted by the processor, kept on disk
/// until the scene's text or the program changes.

#include <QImage>
#include <QObject>
#include <QSize>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <deque>

#include "core/live/session.h"

namespace argscope::app {

class Thumbnails : public QObject {
  Q_OBJECT

 public:
  /// Pictures of `size` pixels, kept under `folder` (made when needed; empty: nothing is kept).
  Thumbnails(QSize size, QString folder, QObject* parent);
  ~Thumbnails() override;  ///< ends the running solve

  /// Emits ready() at once when the picture is kept, else when its turn has come. A scene that cannot be read or solved
  /// stays without. Asked again while it waits: nothing happens.
  void ask(const QString& scene_path, bool dark);
  void pause();  ///< forgets what waits and ends the running solve: the processor is wanted elsewhere

 signals:
  void ready(const QString& scene_path, bool dark, const QImage&);

 private:
  struct Wish {
    QString path, kept;  ///< the scene, and the file of its picture
    bool dark;
  };
  void next();
  void finish(const Wish&, const live::SnapshotPtr&);
  QString kept_file(const QString& text, bool dark) const;

  QSize size_;
  QString folder_;
  std::deque<Wish> wishes_;  ///< the first one is being solved while running_
  bool running_ = false;
  std::atomic<bool> stop_{false};
  QThreadPool pool_;
};

}  // namespace argscope::app
