#include "tests/core/expr/trial.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/expr/primitives.h"

namespace argscope::expr::check {

Numbers uniform_numbers(Random& random, Index count, double low, double high) {
  std::uniform_real_distribution<double> between(low, high);
  Numbers v(static_cast<std::size_t>(count));
  for (double& x : v) x = between(random);
  return v;
}

Index whole_number(Random& random, Index low, Index high) {
  return std::uniform_int_distribution<Index>(low, high)(random);
}

namespace {

bool depends_on_given(const Graph& g, const Given& given, Id output) {
  Ids stops;
  for (const auto& [id, values] : given) stops.push_back(id);
  const Id outputs[] = {output};
  for (Id k : reachable(g, outputs, stops))
    if (given.contains(k)) return true;
  return false;
}

/// Room for one output between two walls.
struct Walled {
  static constexpr double wall = 12345.678;
  static constexpr std::size_t thickness = 64;
  std::size_t size;
  Numbers memory;
  explicit Walled(std::size_t n) : size(n), memory(n + 2 * thickness, wall) {}
  double* begin() { return memory.data() + thickness; }
  Numbers inside() { return {begin(), begin() + size}; }
  bool intact() const {
    for (std::size_t k = 0; k < thickness; ++k)
      if (memory[k] != wall || memory[thickness + size + k] != wall) return false;
    return true;
  }
};

}  // namespace

int lanes_written(const Graph& g, const Given& given, Id output, int lanes) {
  return g[output].tangent || !depends_on_given(g, given, output) ? lanes : 1;
}

std::vector<Numbers> run(const Program& program, const Graph& g, const Given& given, const Ids& outputs) {
  std::vector<const double*> in;
  for (const auto& [id, values] : given) in.push_back(values.data());
  std::vector<Walled> rooms;
  std::vector<double*> out;
  for (Id o : outputs)
    rooms.emplace_back(static_cast<std::size_t>(g.shape(o).size() * lanes_written(g, given, o, program.lanes())));
  for (Walled& w : rooms) out.push_back(w.begin());
  Workspace workspace;
  program.run(in, out, workspace);
  std::vector<Numbers> results;
  for (Walled& w : rooms) {
    EXPECT_TRUE(w.intact()) << "output " << results.size() << " was overrun\n" << described(g, outputs);
    results.push_back(w.inside());
  }
  return results;
}

std::vector<Numbers> run(const Graph& g, const Given& given, const Ids& outputs, int lanes) {
  Ids inputs;
  for (const auto& [id, values] : given) inputs.push_back(id);
  return run(Program(g, inputs, outputs, lanes), g, given, outputs);
}

std::vector<Numbers> run_oracle(const Graph& g, const Given& given, const Ids& outputs, int lanes) {
  std::vector<Numbers> results;
  for (Id o : outputs)
    results.emplace_back(static_cast<std::size_t>(g.shape(o).size() * lanes_written(g, given, o, lanes)));
  for (int lane = 0; lane < lanes; ++lane) {
    Oracle oracle(g);
    for (const auto& [id, values] : given) {
      const auto width = static_cast<std::size_t>(g[id].tangent ? lanes : 1);
      Numbers own;
      for (std::size_t e = 0; e * width < values.size(); ++e) own.push_back(values[e * width + (width > 1 ? lane : 0)]);
      oracle.give(id, own);
    }
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      const auto width = static_cast<std::size_t>(lanes_written(g, given, outputs[o], lanes));
      const Numbers own = oracle.values(outputs[o]);
      for (std::size_t e = 0; e < own.size(); ++e) results[o][e * width + (width > 1 ? lane : 0)] = own[e];
    }
  }
  return results;
}

void expect_close(const Numbers& actual, const Numbers& expected, double tolerance, const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (std::size_t k = 0; k < actual.size(); ++k) {
    const double a = actual[k], e = expected[k];
    if (a == e || (std::isnan(a) && std::isnan(e))) continue;
    ASSERT_LE(std::fabs(a - e), tolerance * std::max(1.0, std::fabs(e)))
        << "number " << k << " of " << actual.size() << ": " << a << " instead of " << e << "\n"
        << what;
  }
}

std::string described(const Graph& g, const Ids& outputs) {
  std::string text;
  for (Id k : reachable(g, outputs, {})) {
    text += fmt::format("{}: {}{} {}", k, primitive(g[k].op).name, g[k].tangent ? "'" : "", g[k].shape.str());
    for (Id i : g[k].operands()) text += fmt::format(" {}", i);
    for (Index i : g[k].ints) text += fmt::format(" [{}]", i);
    text += g.is_constant(k) && !g[k].data ? fmt::format(" = {}\n", g[k].c) : "\n";
  }
  return text + "outputs:" + [&] {
    std::string ids;
    for (Id o : outputs) ids += fmt::format(" {}", o);
    return ids;
  }();
}

}  // namespace argscope::expr::check
