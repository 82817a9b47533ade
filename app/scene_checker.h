#pragma once
/// Reads scenes away from the window's thread: one text at a time, the newest wins. For the editor, which checks as one
/// types, and for opening, which must not freeze the window.

#include <QObject>
#include <QThreadPool>
#include <memory>
#include <optional>

#include "core/io/scene.h"

namespace argscope::app {

struct SceneText {
  QString text;
  std::filesystem::path path;  ///< data is looked up beside it; empty: unsaved
  io::Choices choices;
};

/// A scene, or what is wrong and where.
struct SceneReading {
  std::shared_ptr<const io::Scene> scene;  ///< null: it is wrong
  QString message;                         ///< one sentence, without place
  QString whole;                           ///< place, message and excerpt
  int line = 0, column = 0;                ///< from 1; 0: no place in this text
  SceneText source;
};

/// On the calling thread. Never throws.
SceneReading read_now(const SceneText&, const io::Paths&);

class SceneChecker : public QObject {
  Q_OBJECT

 public:
  explicit SceneChecker(QObject* parent);
  ~SceneChecker() override;  ///< waits for a reading that has begun
  void check(SceneText);
  bool busy() const { return running_; }

 signals:
  void checked(const argscope::app::SceneReading& reading);

 private:
  void start(SceneText);
  void finish(const SceneReading&);

  QThreadPool pool_;
  bool running_ = false;
  std::optional<SceneText> next_;
};

}  // namespace argscope::app
