// Running a program takes no memory once its workspace has grown.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "tests/core/expr/trial.h"

namespace {

thread_local long allocations = 0;

void* counted(std::size_t size) noexcept {
  ++allocations;
  return std::malloc(size ? size : 1);
}

void* required(std::size_t size) {
  if (void* p = counted(size)) return p;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return required(size); }
void* operator new[](std::size_t size) { return required(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

namespace argscope::expr {
namespace {

using namespace check;

/// Allocations of a second run.
long taken(const Program& program, const Graph& g, const Given& given, const Ids& outputs) {
  std::vector<const double*> in;
  for (const auto& [id, values] : given) in.push_back(values.data());
  std::vector<Numbers> rooms;
  std::vector<double*> out;
  for (Id o : outputs) rooms.emplace_back(static_cast<std::size_t>(g.shape(o).size() * program.lanes()));
  for (Numbers& r : rooms) out.push_back(r.data());
  Workspace workspace;
  program.run(in, out, workspace);
  const long before = allocations;
  program.run(in, out, workspace);
  return allocations - before;
}

TEST(Program, TakesNoMemoryToRun) {
  Random random(41);
  Graph g;
  const Id x = g.input("x", {60, 3}, false), i = g.input("i", {700}, false), W = g.input("W", {3, 9}, false);
  Given given{{x, uniform_numbers(random, 180, -1, 1)}, {W, uniform_numbers(random, 27, -1, 1)}};
  for (int k = 0; k < 700; ++k) given[i].push_back(static_cast<double>(whole_number(random, 0, 59)));
  const Id pairs =
      norm(g, sub(g, gather(g, x, i), slice(g, gather(g, x, i), std::vector<Range>{{699, -1, 700}, {0, 1, 3}})), 1);
  const Id layer = unary(g, Op::Tanh, matmul(g, x, W));
  const Id soft = logsumexp(g, layer, 1, false);
  const Id f = add(g, sum(g, pairs, std::nullopt, false), sum(g, cumsum(g, soft, 0, false), std::nullopt, false));
  const Id dx = g.input("dx", {60, 3}, true), dW = g.input("dW", {3, 9}, true);
  const Ids slopes = gradient(g, f, Ids{x, W});
  const Ids products = jvp(g, slopes, Ids{x, W}, Ids{dx, dW});
  for (const int lanes : {1, 8}) {
    given[dx] = uniform_numbers(random, 180 * lanes, -1, 1);
    given[dW] = uniform_numbers(random, 27 * lanes, -1, 1);
    Ids outputs = slopes;
    outputs.insert(outputs.end(), products.begin(), products.end());
    EXPECT_EQ(taken(Program(g, {x, i, W, dx, dW}, outputs, lanes), g, given, outputs), 0) << lanes << " lanes";
  }
}

}  // namespace
}  // namespace argscope::expr
