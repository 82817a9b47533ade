#include "app/thumbnails.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QThread>
#include <algorithm>
#include <utility>

#include "app/knob.h"
#include "views/stage.h"

namespace argscope::app {
namespace {

constexpr int look_every_ms = 20;
constexpr double scale = 0.8;  // of text and lines

/// Everything that the scene's views need, or null when there is no picture or `stop` came first.
live::SnapshotPtr solved(const QString& path, const std::atomic<bool>& stop) {
  try {
    auto scene = std::make_shared<const io::Scene>(io::read_scene(path.toStdString(), io::Paths::standard()));
    live::SessionOptions options;
    options.threads = 1;
    live::Session session(scene, options, {});
    session.submit(reset_values(knobs_of(*scene->statement)), -1);
    while (session.busy() && !stop) QThread::msleep(look_every_ms);
    live::SnapshotPtr state = stop ? nullptr : session.latest();
    return state && state->error.empty() ? state : nullptr;
  } catch (const std::exception&) {
    return nullptr;  // a card without a picture; opening the scene says what is wrong
  }
}

QImage painted(const live::SnapshotPtr& state, QSize size, bool dark) {
  views::Look look;
  look.dark = dark;
  look.overlay = false;
  look.view = 0;  // the scene's first view is the one that it is about
  look.scale = scale;
  const auto pixels = views::paint_to_pixels(state, nullptr, look, size.width(), size.height());
  return QImage(pixels.data(), size.width(), size.height(), QImage::Format_RGBA8888).copy();
}

}  // namespace

Thumbnails::Thumbnails(QSize size, QString folder, QObject* parent)
    : QObject(parent), size_(size), folder_(std::move(folder)) {
  pool_.setMaxThreadCount(1);
  pool_.setThreadPriority(QThread::LowPriority);
}

Thumbnails::~Thumbnails() {
  pause();
  pool_.waitForDone();
}

QString Thumbnails::kept_file(const QString& text, bool dark) const {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  hash.addData(QStringLiteral("%1 %2x%3 %4\n%5")
                   .arg(QFileInfo(QCoreApplication::applicationFilePath()).lastModified().toMSecsSinceEpoch())
                   .arg(size_.width())
                   .arg(size_.height())
                   .arg(dark)
                   .arg(text)
                   .toUtf8());
  return QDir(folder_).filePath(QString::fromLatin1(hash.result().toHex().left(32)) + QStringLiteral(".png"));
}

void Thumbnails::ask(const QString& path, bool dark) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return;
  const QString kept = folder_.isEmpty() ? QString() : kept_file(QString::fromUtf8(file.readAll()), dark);
  QImage picture;
  if (!kept.isEmpty() && picture.load(kept)) return emit ready(path, dark, picture);
  const auto same = [&](const Wish& wish) { return wish.path == path && wish.dark == dark; };
  if (std::any_of(wishes_.begin(), wishes_.end(), same)) return;
  wishes_.push_back({path, kept, dark});
  next();
}

void Thumbnails::next() {
  if (running_ || wishes_.empty()) return;
  running_ = true;
  stop_ = false;
  pool_.start([this, wish = wishes_.front()] {
    live::SnapshotPtr state = solved(wish.path, stop_);
    QMetaObject::invokeMethod(
        this, [this, wish, state = std::move(state)] { finish(wish, state); }, Qt::QueuedConnection);
  });
}

void Thumbnails::finish(const Wish& wish, const live::SnapshotPtr& state) {
  running_ = false;
  const bool forgotten = stop_;
  if (!forgotten) wishes_.pop_front();
  if (!forgotten && state) {
    const QImage picture = painted(state, size_, wish.dark);
    if (!wish.kept.isEmpty() && QDir().mkpath(folder_)) picture.save(wish.kept);
    emit ready(wish.path, wish.dark, picture);
  }
  next();
}

void Thumbnails::pause() {
  wishes_.clear();
  stop_ = true;
}

}  // namespace argscope::app
