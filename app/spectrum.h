#pragma once
/// Singular values of the Jacobian as bars on a logarithmic scale, and a slider that moves θ along a right singular
/// vector vₖ, so that x moves along uₖ by σₖ.

#include <QComboBox>
#include <QLabel>
#include <QWidget>
#include <optional>

#include "app/double_slider.h"
#include "app/study.h"

namespace argscope::app {

/// J = U diag(σ) Vᵀ, thin; σ descending. `U` is not kept.
struct Spectrum {
  Vec sigma;
  Mat V;
};
/// Nothing when there is no finite matrix, or one too large to decompose while a person waits.
std::optional<Spectrum> spectrum_of(const Mat& J);

class SpectrumBars : public QWidget {
  Q_OBJECT

 public:
  explicit SpectrumBars(QWidget* parent);
  void show_values(const Vec& sigma);
  void set_chosen(int mode);
  QSize sizeHint() const override { return {240, 140}; }

 signals:
  void picked(int mode);

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent*) override;

 private:
  double bar_width() const;

  Vec sigma_;
  int chosen_ = 0;
};

class SpectrumPage : public QWidget {
  Q_OBJECT

 public:
  SpectrumPage(Study& study, QWidget* parent);
  void show_state(const live::SnapshotPtr&);

 protected:
  void showEvent(QShowEvent*) override;

 private:
  void compute();  ///< when the page is visible and the state new
  void choose(int mode);
  void begin_move();
  void move_along(double amount);
  void end_move();
  void describe();

  Study& study_;
  live::SnapshotPtr state_;
  std::optional<Spectrum> spectrum_;
  bool fresh_ = false;
  int mode_ = 0, drag_ = -1;
  Vec from_, along_;  ///< θ at the drag's beginning and the step for amount 1
  SpectrumBars* bars_;
  QComboBox* modes_;
  DoubleSlider* slider_;
  QLabel* text_;
};

}  // namespace argscope::app
