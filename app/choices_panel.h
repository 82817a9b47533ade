#pragma once
/// The scene's whole-number choices (a seed, a count): one spin box each. A new choice means reading the scene again.

#include <QWidget>

#include "core/io/scene.h"

class QFormLayout;
class QTimer;

namespace argscope::app {

class ChoicesPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ChoicesPanel(QWidget* parent);
  void show_choices(const std::vector<optimality::Choice>&);  ///< hides itself when there are none
  io::Choices chosen() const { return chosen_; }

 signals:
  void changed();  ///< by the person's hand, when the number stands still for a moment

 private:
  void add_row(const optimality::Choice&);

  io::Choices chosen_;
  std::vector<optimality::Choice> shown_;
  QFormLayout* rows_;
  QTimer* settle_;
};

}  // namespace argscope::app
