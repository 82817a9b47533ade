#include "app/method_switch.h"

#include <exception>

namespace argscope::app {

MethodSwitch::MethodSwitch(Study& study, QObject* parent) : QObject(parent), study_(study) {
  pool_.setMaxThreadCount(1);
}

MethodSwitch::~MethodSwitch() { pool_.waitForDone(); }

MethodSwitch::Trial MethodSwitch::tried(const io::Scene& scene, const Method& method,
                                        const optimality::ModelPtr& present) {
  if (const std::string why = unfit(scene, method.condition); !why.empty()) return {{}, {}, why};
  try {
    const bool same = scene.statement->condition == method.condition;
    auto changed = std::make_shared<const io::Scene>(with_method(scene, method));
    optimality::ModelPtr model = same && present ? present : optimality::build_model(changed->statement);
    const std::string why = misfit(*changed, *model);
    return {std::move(changed), why.empty() ? std::move(model) : nullptr, why};
  } catch (const std::exception& error) {
    return {{}, {}, error.what()};
  }
}

void MethodSwitch::ask(const Method& method, const QString& what) {
  const ScenePtr& scene = study_.scene();
  if (!scene || method_of(*scene) == method) return;
  const live::SnapshotPtr& state = study_.snapshot();
  optimality::ModelPtr present = state && state->scene == scene ? state->model : nullptr;
  pool_.start([this, number = ++asked_, before = scene, method, what, present = std::move(present)] {
    Trial trial = tried(*before, method, present);
    QMetaObject::invokeMethod(
        this, [=, this, trial = std::move(trial)] { finish(number, before, trial, what); }, Qt::QueuedConnection);
  });
}

void MethodSwitch::finish(int number, const ScenePtr& before, const Trial& trial, const QString& what) {
  if (number != asked_ || study_.scene() != before) return;
  if (!trial.model) return emit refused(QString::fromStdString(trial.why));
  study_.change_method(trial.scene, trial.model, what);
  emit granted();
}

}  // namespace argscope::app
