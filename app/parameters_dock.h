#pragma once
/// What a person turns: one row a parameter, the scene's choices above them, when to solve and how to sort.

#include <QComboBox>
#include <QDockWidget>
#include <QVBoxLayout>

#include "app/choices_panel.h"
#include "app/parameter_row.h"

namespace argscope::app {

class ParametersDock : public QDockWidget {
  Q_OBJECT

 public:
  ParametersDock(Study& study, Player& player, QWidget* parent);

  ChoicesPanel& choices() { return *choices_; }
  const std::vector<ParameterRow*>& rows() const { return rows_; }
  Index chosen_knob() const { return chosen_; }
  void set_chosen(Index knob) { chosen_ = knob; }  ///< elsewhere: no signal
  void toggle_play();                              ///< of the chosen knob

 signals:
  void knob_chosen(Index knob);  ///< whose column the picture shows

 private:
  QWidget* make_header();
  void rebuild();
  void add_row(Index first, Index count);
  void show_values();
  void show_derivative();  ///< sensitivities, trusted bands, order
  void renew_norms(const live::Snapshot&);
  void sort_rows();
  void choose(Index knob);

  Study& study_;
  Player& player_;
  ChoicesPanel* choices_;
  QComboBox* order_;
  QComboBox* pace_;
  QWidget* list_;
  QVBoxLayout* stack_;
  std::vector<ParameterRow*> rows_;  ///< in the scene's order
  std::vector<double> norms_;        ///< ‖∂x/∂θₖ‖ of every knob; empty: unknown
  Index chosen_ = 0;
};

}  // namespace argscope::app
