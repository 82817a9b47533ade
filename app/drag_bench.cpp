#include "app/drag_bench.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QThread>
#include <cmath>
#include <iomanip>
#include <numbers>

#include "app/main_window.h"
#include "app/window_main.h"

namespace argscope::app {
namespace {

constexpr double events_a_second = 60;
constexpr int first_answer_ms = 60000;
constexpr int last_answer_ms = 5000;
constexpr double sweep = 0.02;  // of the track, to each side: small steps, as a careful hand makes them

void turn() {
  QApplication::processEvents();
  QThread::usleep(200);
}

bool wait_until(const auto& condition, int limit_ms) {
  QElapsedTimer clock;
  clock.start();
  while (!condition() && clock.elapsed() < limit_ms) turn();
  return condition();
}

void send_mouse(QWidget& widget, QEvent::Type type, const QPointF& place, Qt::MouseButtons held) {
  QMouseEvent event(type, place, widget.mapToGlobal(place), type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                    held, Qt::NoModifier);
  QApplication::sendEvent(&widget, &event);
}

// An event is sent when it is due; the time a frame takes delays those after it, as it does for a real hand.
void replay(DoubleSlider& slider, int events) {
  const double y = slider.height() / 2.0, wide = slider.width();
  const double start = 8 + slider.fraction_of(slider.number()) * (wide - 16);
  send_mouse(slider, QEvent::MouseButtonPress, {start, y}, Qt::LeftButton);
  QElapsedTimer clock;
  clock.start();
  for (int k = 1; k <= events; ++k) {
    const double due = k * 1000.0 / events_a_second;
    while (static_cast<double>(clock.nsecsElapsed()) * 1e-6 < due) turn();
    const double phase = 2 * std::numbers::pi * k / 120.0;
    send_mouse(slider, QEvent::MouseMove, {start + sweep * wide * std::sin(phase), y}, Qt::LeftButton);
  }
  send_mouse(slider, QEvent::MouseButtonRelease, {start, y}, Qt::NoButton);
}

void print(std::ostream& out, const char* what, const Percentiles& times) {
  out << std::left << std::setw(34) << what << std::right << std::fixed << std::setprecision(2) << std::setw(9)
      << times.median << std::setw(9) << times.p95 << std::setw(8) << times.count << '\n';
}

}  // namespace

bool run_drag_bench(const DragBenchOptions& options, std::ostream& out) {
  std::string name = "argscope";
  char* arguments[] = {name.data(), nullptr};
  int count = 1;
  prepare_toolkit();
  QCoreApplication::setApplicationName(QStringLiteral("Argscope bench"));  // the first layout, not a person's own
  QApplication app(count, arguments);
  apply_theme(app, Theme::Light);
  MainWindow window;
  window.resize(options.width, options.height);
  window.show();
  window.open(QString::fromStdString(options.scene));
  Study& study = window.study();
  if (!wait_until([&] { return study.answered(); }, first_answer_ms) || window.parameters().rows().empty()) {
    out << "drag: the scene '" << options.scene << "' could not be shown\n";
    return false;
  }
  wait_until([] { return false; }, 200);  // the first frames compile shaders
  study.latency().clear();
  replay(window.parameters().rows().front()->slider(), options.events);
  wait_until([&] { return study.answered(); }, last_answer_ms);
  wait_until([] { return false; }, 200);
  const LatencyMeter& latency = study.latency();
  out << "drag of " << options.scene << ", " << options.events << " events at 60 Hz, ms      p50      p95   count\n";
  print(out, "event -> ghost", latency.ghost());
  print(out, "event -> ghost on screen", latency.ghost_on_screen());
  print(out, "event -> solution and Jacobian", latency.solution());
  print(out, "event -> solution on screen", latency.solution_on_screen());
  print(out, "drawing one frame", latency.drawing());
  return true;
}

}  // namespace argscope::app
