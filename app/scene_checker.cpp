#include "app/scene_checker.h"

#include <exception>

#include "core/expr/language.h"

namespace argscope::app {
namespace {

void fill_place(SceneReading& reading, const expr::TextError& error) {
  reading.message = QString::fromStdString(error.message());
  reading.whole = QString::fromStdString(error.what());
  const std::string file = reading.source.path.string();
  const bool here =
      error.at().file.empty() || error.at().file == file || error.at().file == reading.source.path.filename().string();
  if (!here) return;
  reading.line = error.at().line;
  reading.column = error.at().column;
}

}  // namespace

SceneReading read_now(const SceneText& source, const io::Paths& paths) {
  SceneReading reading;
  reading.source = source;
  try {
    const std::string text = source.text.toStdString();
    io::Scene scene = source.choices.empty() ? io::parse_scene(text, source.path, paths)
                                             : io::parse_scene(text, source.path, paths, source.choices);
    reading.scene = std::make_shared<const io::Scene>(std::move(scene));
  } catch (const expr::TextError& error) {
    fill_place(reading, error);
  } catch (const std::exception& error) {
    reading.message = reading.whole = QString::fromUtf8(error.what());
  }
  return reading;
}

SceneChecker::SceneChecker(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

SceneChecker::~SceneChecker() { pool_.waitForDone(); }

void SceneChecker::check(SceneText source) {
  if (running_)
    next_ = std::move(source);
  else
    start(std::move(source));
}

void SceneChecker::start(SceneText source) {
  running_ = true;
  pool_.start([this, source = std::move(source)] {
    SceneReading reading = read_now(source, io::Paths::standard());
    QMetaObject::invokeMethod(
        this, [this, reading = std::move(reading)] { finish(reading); }, Qt::QueuedConnection);
  });
}

void SceneChecker::finish(const SceneReading& reading) {
  running_ = false;
  if (!next_) return emit checked(reading);
  SceneText newer = std::move(*next_);
  next_.reset();
  start(std::move(newer));
}

}  // namespace argscope::app
