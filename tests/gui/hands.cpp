#include "tests/gui/hands.h"

#include <QElapsedTimer>
#include <QMouseEvent>
#include <QThread>
#include <stdexcept>

#include "app/scene_checker.h"

namespace argscope::test {

using namespace app;

namespace {

constexpr int patience_ms = 60000;  // sanitizers and busy machines

void send(QWidget& widget, QEvent::Type type, QPointF place, Qt::MouseButtons held, Qt::KeyboardModifiers keys) {
  const Qt::MouseButton cause = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
  QMouseEvent event(type, place, widget.mapToGlobal(place), cause, held, keys);
  QApplication::sendEvent(&widget, &event);
}

}  // namespace

const char* const ridge_line = R"toml(title = "Two lines"
summary = "Two scalars, one parameter each"
[parameters.theta]
value = 1.0
range = [0.01, 100]
scale = "log"
label = "pull"
[parameters.shift]
value = 0.5
range = [-1, 1]
[variables.x]
start = "0.0"
[variables.y]
start = "0.0"
[problem]
minimize = "0.5*(x - 2)**2 + 0.5*theta*x**2 + 0.5*(y - shift)**2"
[outputs]
total = "x + y"
[[views]]
kind = "curve"
show = "x"
parameter = "theta"
)toml";

const char* const twelve = R"toml(title = "Twelve"
summary = "A vector follows its target"
[parameters.p]
value = "arange(12)/12"
range = [-2, 2]
[variables.x]
start = "zeros(12)"
[problem]
minimize = "0.5*sum((x - p)**2)"
[[views]]
kind = "bars"
show = "x"
)toml";

const char* const soft_threshold = R"toml(title = "Soft threshold"
summary = "Three weights and a price"
[data.c]
value = [3.0, -2.0, 0.5]
[parameters.theta]
value = 1.0
range = [0.1, 4]
[variables.x]
start = "zeros(3)"
[problem]
minimize = "0.5*sum((x - c)**2)"
penalty = "theta*norm1(x)"
[[views]]
kind = "bars"
show = "x"
)toml";

const char* const two_images = R"toml(title = "Two images"
summary = "Pixels follow their targets"
[parameters.p]
value = "zeros((2, 6))"
range = [-2, 2]
[variables.x]
start = "zeros((2, 6))"
[problem]
minimize = "0.5*sum((x - p)**2)"
[[views]]
kind = "images"
show = "p"
rows = 2
columns = 3
)toml";

const char* const endless = R"toml(title = "Long"
summary = "Gradient descent with steps that are far too small"
[parameters.theta]
value = 1.0
range = [0.1, 10]
[variables.x]
start = "ones(200000)"
[solve]
solver = "gradient_descent"
step = 1e-7
iterations = 100000
[problem]
minimize = "0.5*theta*sum((x - 2)**2)"
[[views]]
kind = "bars"
show = "x[0:5]"
)toml";

ScenePtr scene_from(const std::string& text) {
  const SceneReading reading = read_now({QString::fromStdString(text), {}, {}}, io::Paths::standard());
  if (!reading.scene) throw std::runtime_error(reading.whole.toStdString());
  return reading.scene;
}

bool wait_for(const std::function<bool()>& condition) {
  QElapsedTimer clock;
  clock.start();
  while (!condition() && clock.elapsed() < patience_ms) {
    QApplication::processEvents();
    QThread::usleep(500);
  }
  return condition();
}

void settle(int milliseconds) {
  QElapsedTimer clock;
  clock.start();
  while (clock.elapsed() < milliseconds) {
    QApplication::processEvents();
    QThread::usleep(500);
  }
}

void show_text(MainWindow& window, const std::string& text) {
  window.problem().editor().setPlainText(QString::fromStdString(text));
  window.problem().apply();
  wait_for([&] { return window.study().scene() && window.study().scene()->text == text; });
  window.problem().set_saved();
}

std::unique_ptr<MainWindow> window_on(const std::string& text) {
  auto window = std::make_unique<MainWindow>();
  window->resize(1000, 700);
  window->show();
  (void)QTest::qWaitForWindowExposed(window.get());
  show_text(*window, text);
  if (!wait_for([&] { return window->study().answered(); })) throw std::runtime_error("the scene was not answered");
  settle(100);
  return window;
}

void drag_slider(DoubleSlider& slider, double by_fraction, int steps, Qt::KeyboardModifiers keys) {
  const double wide = slider.width() - 16.0, y = slider.height() / 2.0;
  const double start = 8 + slider.fraction_of(slider.number()) * wide;
  send(slider, QEvent::MouseButtonPress, {start, y}, Qt::LeftButton, keys);
  for (int k = 1; k <= steps; ++k) {
    send(slider, QEvent::MouseMove, {start + by_fraction * wide * k / steps, y}, Qt::LeftButton, keys);
    QApplication::processEvents();
  }
  send(slider, QEvent::MouseButtonRelease, {start + by_fraction * wide, y}, Qt::NoButton, keys);
}

int differing_pixels(const QImage& a, const QImage& b) {
  constexpr int visible = 8;  // of 255 in any channel
  if (a.size() != b.size()) return a.width() * a.height();
  int count = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
      count += std::abs(qRed(p) - qRed(q)) > visible || std::abs(qGreen(p) - qGreen(q)) > visible ||
               std::abs(qBlue(p) - qBlue(q)) > visible;
    }
  }
  return count;
}

}  // namespace argscope::test
