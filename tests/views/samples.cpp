#include "tests/views/samples.h"

#include <cmath>
#include <random>

namespace argscope::views::samples {

Sample::Sample() {
  auto statement = std::make_shared<optimality::Statement>();
  statement->parameters.push_back({"theta", "regularization", "", {expr::Shape{}, {1.0}}, 0.1, 10, true});
  scene->statement = statement;
  snapshot->theta = Vec::Constant(1, 1.0);
  snapshot->scene = scene;
  snapshot->solution.status = solve::Status::Converged;
  snapshot->solution.relative_residual = 3e-13;
  snapshot->has_jacobian = true;
  sensitivity::Trust& t = snapshot->trust;
  t.defined = true;
  t.linear_residual = 2e-15;
  t.condition_number = 41.2;
  t.rank = 10;
  t.kink = {0.021, "near, element 3"};
  t.difference_agreement = 3e-9;
}

io::ViewSpec& Sample::view(const std::string& kind, const std::string& title) {
  scene->views.emplace_back();
  scene->views.back().kind = kind;
  scene->views.back().title = title;
  return scene->views.back();
}

void Sample::field(const std::string& key, const std::string& source, expr::Shape shape, Vec value, Mat derivative) {
  const std::string name = "view " + std::to_string(scene->views.size() - 1) + "." + key;
  scene->views.back().expressions[key] = name;
  scene->views.back().sources[key] = source;
  snapshot->fields.push_back({name, shape, std::move(value), std::move(derivative)});
}

live::Ghost ghost_of(const live::Snapshot& s, double step) {
  live::Ghost g;
  g.theta = s.theta.array() + step;
  g.x = s.solution.x;
  if (s.J.cols() > 0) g.x += step * s.J.col(0);
  for (const live::Field& f : s.fields) {
    g.fields.push_back({f.name, f.shape, f.value, Mat()});
    if (f.derivative.cols() > 0) g.fields.back().value += step * f.derivative.col(0);
  }
  return g;
}

Sample packing(Index count, unsigned seed) {
  Sample s;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  const auto side = static_cast<Index>(std::ceil(std::sqrt(static_cast<double>(count))));
  const double edge = 0.82 * static_cast<double>(side);
  Vec x(2 * count), diameter(count);
  Mat J(2 * count, 1);
  for (Index i = 0; i < count; ++i) {
    x[2 * i] = (static_cast<double>(i % side) + 0.5 + 0.22 * uniform(random)) * 0.82;
    x[2 * i + 1] = (static_cast<double>(i / side) + 0.5 + 0.22 * uniform(random)) * 0.82;
    diameter[i] = random() % 2 == 0 ? 0.6 : 1.0;
    J(2 * i, 0) = 0.8 * std::sin(6 * x[2 * i + 1] / edge) + 0.15 * uniform(random);
    J(2 * i + 1, 0) = 0.8 * std::cos(5 * x[2 * i] / edge) + 0.15 * uniform(random);
  }
  if (count > 20) diameter[5] = 0.05, diameter[11] = 0.04;
  s.view("particles", "Packing of two sizes");
  s.field("show", "x", {count, 2}, x, J);
  s.field("diameter", "diameter", {count}, diameter, Mat::Zero(count, 1));
  s.field("box", "L", {}, Vec::Constant(1, edge), Mat::Zero(1, 1));
  s.snapshot->trust.null_modes = 2;
  s.snapshot->trust.rank = 2 * count - 2;
  return s;
}

Sample spheres(Index count, unsigned seed) {
  Sample s;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  Vec x(3 * count), diameter(count);
  for (Index k = 0; k < x.size(); ++k) x[k] = 4 * uniform(random);
  for (Index i = 0; i < count; ++i) diameter[i] = i % 2 == 0 ? 0.7 : 1.0;
  Mat J = Mat::Random(3 * count, 1);
  s.view("particles", "Spheres in a box");
  s.field("show", "x", {count, 3}, x, J);
  s.field("diameter", "diameter", {count}, diameter, Mat::Zero(count, 1));
  s.field("box", "L", {}, Vec::Constant(1, 4), Mat::Zero(1, 1));
  return s;
}

Sample bars() {
  Sample s;
  Vec w(10);
  w << -0.02, -0.148, 0.321, 0.2, -0.489, 0.294, 0.062, 0.109, 0.464, 0.042;
  Mat J = -0.25 * w + 0.02 * Vec::Random(10);
  s.view("bars", "Weights of ridge regression");
  s.field("show", "w", {10}, w, J);
  return s;
}

Sample curve() {
  Sample s;
  const auto value = [](double t) { return Vec{{1 / (1 + t), 0.6 * std::exp(-t), 0.3 * std::sin(t), 0.2 - 0.02 * t}}; };
  const auto slope = [](double t) {
    return Vec{{-1 / ((1 + t) * (1 + t)), -0.6 * std::exp(-t), 0.3 * std::cos(t), -0.02}};
  };
  s.view("curve", "Path of the solution").words["parameter"] = "theta";
  s.field("show", "w", {4}, value(1), slope(1));
  live::Sweep sweep{"theta", 0, {}, {}, {}};
  for (int k = 0; k <= 40; ++k) {
    const double t = 0.1 * std::pow(100.0, k / 40.0);
    sweep.at.push_back(t);
    sweep.fields.push_back({"view 0.show", {4}, value(t), Mat()});
    sweep.converged.push_back(true);
  }
  s.snapshot->sweeps.push_back(sweep);
  return s;
}

Sample images() {
  Sample s;
  const Index k = 10, h = 8, w = 8;
  Vec v(k * h * w);
  Mat J(k * h * w, 1);
  for (Index i = 0; i < k; ++i)
    for (Index r = 0; r < h; ++r)
      for (Index c = 0; c < w; ++c) {
        const double x = static_cast<double>(c) - 3.5, y = static_cast<double>(r) - 3.5,
                     a = 0.6 * static_cast<double>(i);
        v[(i * h + r) * w + c] = std::exp(-0.1 * (x * x + y * y)) * std::cos(x * std::cos(a) + y * std::sin(a));
        J((i * h + r) * w + c, 0) = std::exp(-0.1 * (x * x + y * y)) * std::sin(x * std::sin(a));
      }
  s.view("images", "Distilled prototypes");
  s.field("show", "theta", {k, h, w}, v, J);
  return s;
}

Sample heatmap() {
  Sample s;
  Mat A = Mat::Random(8, 12);
  Vec flat(96);
  for (Index r = 0; r < 8; ++r)
    for (Index c = 0; c < 12; ++c) flat[12 * r + c] = A(r, c);
  flat[17] = std::nan("");
  flat[18] = std::nan("");
  s.view("heatmap", "Codes");
  s.field("show", "C", {8, 12}, flat, Mat::Zero(96, 1));
  return s;
}

Sample line() {
  Sample s;
  const Index k = 24;
  Vec p(2 * k);
  Mat J(2 * k, 1);
  for (Index i = 0; i < k; ++i) {
    const double t = -1 + 2 * static_cast<double>(i) / (k - 1);
    p[2 * i] = t;
    p[2 * i + 1] = std::cosh(1.5 * t) / 1.5 - std::cosh(1.5) / 1.5;
    J(2 * i, 0) = 0.1 * t * (1 - t * t);
    J(2 * i + 1, 0) = -0.5 * (1 - t * t);
  }
  s.view("line", "Hanging chain");
  s.field("show", "x", {k, 2}, p, J);
  return s;
}

Sample landscape(bool surface) {
  Sample s;
  auto statement = std::make_shared<optimality::Statement>(*s.scene->statement);
  statement->variables.push_back({"x", {expr::Shape{2}, {0, 0}}});
  s.scene->statement = statement;
  io::ViewSpec& v = s.view("landscape", "Himmelblau's function");
  v.words["x"] = "x";
  v.numbers["surface"] = surface ? 1 : 0;
  s.field("show", "f", {}, Vec::Constant(1, 0.0), Mat::Zero(1, 1));
  live::Grid g{"view 0.show", 0, 1, {-5, -5}, {5, 5}, 61, 61, {}};
  for (Index r = 0; r < g.rows; ++r)
    for (Index c = 0; c < g.cols; ++c) {
      const double x = -5 + static_cast<double>(c) / 6, y = -5 + static_cast<double>(r) / 6;
      g.values.push_back(std::pow(x * x + y - 11, 2) + std::pow(x + y * y - 7, 2));
    }
  s.snapshot->grids.push_back(g);
  s.snapshot->solution.x = Vec{{3.0, 2.0}};
  s.snapshot->J = Vec{{0.7, -1.2}};
  live::Sweep sweep{"theta", 0, {}, {}, {}};
  for (int k = 0; k <= 20; ++k) {
    sweep.at.push_back(0.1 * std::pow(100.0, k / 20.0));
    sweep.fields.push_back({"x", {2}, Vec{{2.0 + 0.1 * k, 3.2 - 0.12 * k}}, Mat()});
    sweep.converged.push_back(true);
  }
  s.snapshot->sweeps.push_back(sweep);
  s.snapshot->fields.push_back({"x", {2}, s.snapshot->solution.x, s.snapshot->J});
  return s;
}

Sample side_by_side() {
  Sample s = packing(128, 1);
  const Sample b = bars();
  s.view("bars", "Outputs");
  s.field("show", "w", {10}, b.snapshot->fields[0].value, b.snapshot->fields[0].derivative);
  s.view("heatmap", "Codes");
  const Sample h = heatmap();
  s.field("show", "C", {8, 12}, h.snapshot->fields[0].value, Mat::Zero(96, 1));
  return s;
}

std::vector<Named> all() {
  return {{"particles", packing(128, 1)},
          {"spheres", spheres(60, 2)},
          {"bars", bars()},
          {"curve", curve()},
          {"images", images()},
          {"heatmap", heatmap()},
          {"line", line()},
          {"landscape", landscape(false)},
          {"surface", landscape(true)},
          {"side by side", side_by_side()}};
}

Sample undefined(Sample s) {
  s.snapshot->trust.defined = false;
  s.snapshot->trust.reason =
      "∂₁F is singular and ∂₂F leaves its range: 3 directions of x are free, and θ pushes along them. "
      "Add a contact or hold a particle.";
  for (live::Field& f : s.snapshot->fields) f.derivative.resize(f.value.size(), 0);
  s.snapshot->J.resize(0, 0);
  return s;
}

Index different_pixels(const std::vector<unsigned char>& a, const std::vector<unsigned char>& b) {
  Index count = 0;
  for (std::size_t k = 0; k + 3 < std::min(a.size(), b.size()); k += 4)
    count += !std::equal(a.begin() + static_cast<std::ptrdiff_t>(k), a.begin() + static_cast<std::ptrdiff_t>(k + 4),
                         b.begin() + static_cast<std::ptrdiff_t>(k));
  return count;
}

}  // namespace argscope::views::samples
