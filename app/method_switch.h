#pragma once
/// A wish for another method on its way to the study. Whether the problem can have it shows when its model is built,
/// which may take long: that is tried away from the window's thread, and the study goes on unharmed when it fails. The
/// newest wish wins.

#include <QObject>
#include <QThreadPool>

#include "app/method.h"
#include "app/study.h"

namespace argscope::app {

class MethodSwitch : public QObject {
  Q_OBJECT

 public:
  MethodSwitch(Study& study, QObject* parent);
  ~MethodSwitch() override;  ///< waits for a trial that has begun

  void ask(const Method&, const QString& what);  ///< `what`: the undo step's name

 signals:
  void refused(const QString& why);  ///< the study keeps its method
  void granted();

 private:
  struct Trial {
    ScenePtr scene;
    optimality::ModelPtr model;  ///< null: `why` says why
    std::string why;
  };
  static Trial tried(const io::Scene&, const Method&, const optimality::ModelPtr& present);
  void finish(int number, const ScenePtr& before, const Trial&, const QString& what);

  Study& study_;
  QThreadPool pool_;
  int asked_ = 0;
};

}  // namespace argscope::app
