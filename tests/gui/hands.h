#pragma once
/// A person's hands and eyes for the tests: scenes by text, windows, gestures, waiting.

#include <QApplication>
#include <QImage>
#include <QTest>
#include <functional>
#include <memory>
#include <string>

#include "app/main_window.h"

namespace argscope::test {

/// min ½(x − 2)² + ½θx², so x* = 2/(1 + θ) and ∂x* = −2/(1 + θ)²; a second parameter that moves a second variable.
extern const char* const ridge_line;

/// min ½‖x − p‖² over a vector parameter p of 12 elements: x* = p.
extern const char* const twelve;

/// min ½‖x − c‖² + θ‖x‖₁ with c = (3, −2, 0.5): x*_j = sign(c_j)(|c_j| − θ)₊, with a kink of x_1 at θ = 2.
extern const char* const soft_threshold;

/// min ½‖x − p‖² over two images p of 2 × 3 pixels, flat in the rows of a matrix: x* = p.
extern const char* const two_images;

/// A scene that iterates for seconds: long enough to close, cancel or replace the window's work.
extern const char* const endless;

app::ScenePtr scene_from(const std::string& text);

/// Processes events until the condition holds; false when it does not within the limit, which is no claim about speed.
bool wait_for(const std::function<bool()>& condition);
void settle(int milliseconds);  ///< processes events for so long

/// A window with a scene that has been answered.
std::unique_ptr<app::MainWindow> window_on(const std::string& text);
void show_text(app::MainWindow&, const std::string& text);

/// Presses at a fraction of the slider's track where its handle is, moves in steps and releases.
void drag_slider(app::DoubleSlider&, double by_fraction, int steps, Qt::KeyboardModifiers);

/// How many pixels differ by more than a just visible amount.
int differing_pixels(const QImage& a, const QImage& b);

}  // namespace argscope::test
