// The inner loops of every instruction set that this processor has, against the scalar path, and against themselves at
// other positions.
#include "core/expr/kernels/kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "core/expr/build.h"
#include "core/expr/primitives.h"
#include "tests/core/expr/trial.h"

namespace argscope::expr {
namespace {

using namespace check;
using kernels::Table;

std::vector<const Table*> tables() {
  std::vector<const Table*> usable{&kernels::baseline};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) usable.push_back(&kernels::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    usable.push_back(&kernels::avx512);
  return usable;
}

std::vector<Op> elementwise_ops(int arity) {
  std::vector<Op> ops;
  for (int k = 0; k < static_cast<int>(Op::Count_); ++k)
    if (const Primitive& p = primitive(static_cast<Op>(k)); p.kernel == Kernel::Elementwise && p.arity == arity)
      ops.push_back(static_cast<Op>(k));
  return ops;
}

Numbers awkward_numbers() {
  constexpr double inf = std::numeric_limits<double>::infinity(), tiny = std::numeric_limits<double>::denorm_min();
  constexpr double least = std::numeric_limits<double>::min(), most = std::numeric_limits<double>::max();
  Numbers v{0.0,  tiny, 1e-310, least, 1e-160, 1e-20, 1e-9,  0.25,  0.5,   0.999999, 1.0, 1.5, 2.0,
            2.5,  3.0,  7.0,    22.0,  36.7,   100.3, 708.0, 709.5, 711.0, 745.5,    1e4, 1e8, 4503599627370497.5,
            1e16, 1e22, 1e160,  1e300, most,   inf};
  const std::size_t positive = v.size();
  for (std::size_t k = 0; k < positive; ++k) v.push_back(-v[k]);
  v.push_back(std::numeric_limits<double>::quiet_NaN());
  return v;
}

/// Units in the last place between two numbers; 0 when both are not a number.
double ulps(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  if (!std::isfinite(a) || !std::isfinite(b)) return std::numeric_limits<double>::infinity();
  const double unit = std::nextafter(std::fabs(b), std::numeric_limits<double>::infinity()) - std::fabs(b);
  return std::fabs(a - b) / unit;
}

/// The vector library promises 4 units in the last place; sigmoid and softplus add up two roundings more. Where the
/// result is smaller than any normal number it may be flushed to zero.
bool agrees(double fast, double exact) {
  return ulps(fast, exact) <= 8 || (std::fabs(exact) < 1e-307 && std::fabs(fast) < 1e-307);
}

TEST(Kernels, OfOneOperandAgreeWithTheScalarPath) {
  Random random(21);
  Numbers a = awkward_numbers();
  for (const double range : {1.0, 20.0, 700.0}) {
    const Numbers more = uniform_numbers(random, 500, -range, range);
    a.insert(a.end(), more.begin(), more.end());
  }
  for (const Table* t : tables())
    for (const Op op : elementwise_ops(1)) {
      Numbers y(a.size());
      t->unary[static_cast<int>(op)](y.data(), a.data(), static_cast<kernels::Size>(a.size()));
      for (std::size_t k = 0; k < a.size(); ++k) {
        const double exact = evaluate_elementwise(op, a[k], 0, 0);
        EXPECT_TRUE(agrees(y[k], exact)) << t->name << " " << primitive(op).name << "(" << a[k] << ") = " << y[k]
                                         << " instead of " << exact;
      }
    }
}

TEST(Kernels, OfTwoOperandsAgreeWithTheScalarPath) {
  Random random(22);
  Numbers a, b;
  for (double p : awkward_numbers())
    for (double q : awkward_numbers()) a.push_back(p), b.push_back(q);
  const Numbers more = uniform_numbers(random, 1000, 0, 20), powers = uniform_numbers(random, 1000, -20, 20);
  a.insert(a.end(), more.begin(), more.end());
  b.insert(b.end(), powers.begin(), powers.end());
  for (const Table* t : tables())
    for (const Op op : elementwise_ops(2)) {
      Numbers y(a.size());
      t->binary[static_cast<int>(op)](y.data(), a.data(), b.data(), static_cast<kernels::Size>(a.size()));
      for (std::size_t k = 0; k < a.size(); ++k) {
        const double exact = evaluate_elementwise(op, a[k], b[k], 0);
        EXPECT_TRUE(agrees(y[k], exact)) << t->name << " " << primitive(op).name << "(" << a[k] << ", " << b[k]
                                         << ") = " << y[k] << " instead of " << exact;
      }
    }
}

TEST(Kernels, OfMinimumAndMaximumKeepNotANumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Numbers a{nan, 1, nan}, b{1, nan, nan};
  for (const Table* t : tables())
    for (const Op op : {Op::Minimum, Op::Maximum}) {
      Numbers y(3);
      t->binary[static_cast<int>(op)](y.data(), a.data(), b.data(), 3);
      for (double v : y) EXPECT_TRUE(std::isnan(v)) << t->name;
    }
}

TEST(Kernels, ChooseABranchByWhetherTheMaskIsZero) {
  const Numbers mask{0, 1, -0.0, -2, std::numeric_limits<double>::quiet_NaN()}, a(5, 10.0),
      b(5, std::numeric_limits<double>::infinity());
  for (const Table* t : tables()) {
    Numbers y(5);
    t->where(y.data(), mask.data(), a.data(), b.data(), 5);
    for (std::size_t k = 0; k < 5; ++k)
      EXPECT_EQ(y[k], evaluate_elementwise(Op::Where, mask[k], a[k], b[k])) << t->name;
  }
}

/// Runs `kernel(y, offset, n)` with the same argument at every position of arrays of many lengths.
template <class Kernel>
void expect_same_bits_everywhere(const Kernel& kernel, const std::string& what) {
  std::optional<std::uint64_t> bits;
  for (const Index n : {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 511, 512, 513}) {
    Numbers y(static_cast<std::size_t>(n));
    for (const std::size_t misaligned : {0u, 1u, 3u}) {
      kernel(y.data(), misaligned, n);
      for (double v : y) {
        const auto here = std::bit_cast<std::uint64_t>(v);
        ASSERT_EQ(here, bits.value_or(here)) << what << ", length " << n;
        bits = here;
      }
    }
  }
}

TEST(Kernels, GiveTheSameBitsAtEveryPosition) {
  for (const Table* t : tables())
    for (const double a : {0.1234567, 0.77, -0.3, 1.9, 12.345, -5.4321}) {
      const Numbers many(600, a), others(600, 0.7 * a + 0.1);
      for (const Op op : elementwise_ops(1))
        expect_same_bits_everywhere(
            [&](double* y, std::size_t offset, Index n) { t->unary[static_cast<int>(op)](y, many.data() + offset, n); },
            std::string(t->name) + " " + std::string(primitive(op).name));
      for (const Op op : elementwise_ops(2))
        expect_same_bits_everywhere(
            [&](double* y, std::size_t offset, Index n) {
              t->binary[static_cast<int>(op)](y, many.data() + offset, others.data() + offset, n);
            },
            std::string(t->name) + " " + std::string(primitive(op).name));
    }
}

TEST(Kernels, OfAWholeProgramGiveTheSameBitsAtEveryPosition) {
  for (const Op op : elementwise_ops(1)) {
    if (op == Op::Stop) continue;
    std::optional<std::uint64_t> bits;
    for (const Shape& shape : {Shape{1}, Shape{7}, Shape{1025}, Shape{3, 171}, Shape{171, 3}, Shape{2, 700}}) {
      Graph g;
      const Id x = g.input("x", shape, false), y = unary(g, op, x);
      const Id rows = shape.rank() > 1 ? sum(g, y, 1, false) : y;  // with a row sum the loop runs by rows
      const Numbers same(static_cast<std::size_t>(shape.size()), 0.3217), values = run(g, {{x, same}}, {y, rows}, 1)[0];
      for (double v : values) {
        const auto here = std::bit_cast<std::uint64_t>(v);
        ASSERT_EQ(here, bits.value_or(here)) << primitive(op).name << " " << shape.str();
        bits = here;
      }
    }
  }
}

TEST(Kernels, MoveAndAddUpNumbersOfEveryWidth) {
  Random random(23);
  for (const Table* t : tables())
    for (const Index width : {1, 2, 3, 4, 5, 8, 13, 16, 24})
      for (const Index rows : {0, 1, 7, 8, 9, 40}) {
        const Numbers source = uniform_numbers(random, 10 * width, -1, 1),
                      a = uniform_numbers(random, rows * width, -1, 1);
        Numbers index, y(static_cast<std::size_t>(rows * width)), target = source, expected = source;
        for (Index r = 0; r < rows; ++r) index.push_back(static_cast<double>(whole_number(random, 0, 9)));
        t->gather(y.data(), source.data(), index.data(), rows, width);
        t->scatter_add(target.data(), a.data(), index.data(), rows, width);
        for (Index r = 0; r < rows; ++r)
          for (Index c = 0; c < width; ++c) {
            const auto k = static_cast<std::size_t>(static_cast<Index>(index[static_cast<std::size_t>(r)]) * width + c);
            ASSERT_EQ(y[static_cast<std::size_t>(r * width + c)], source[k]) << t->name;
            expected[k] += a[static_cast<std::size_t>(r * width + c)];
          }
        ASSERT_EQ(target, expected) << t->name;
      }
}

TEST(Kernels, RepeatAndSumRowsOfEveryWidth) {
  Random random(24);
  for (const Table* t : tables())
    for (const Index lanes : {1, 2, 3, 8, 16})
      for (const Index count : {0, 1, 2, 3, 4, 8, 20, 100})
        for (const Index rows : {1, 2, 9, 33}) {
          const Numbers few = uniform_numbers(random, rows * lanes, -1, 1);
          const Numbers many = uniform_numbers(random, rows * count * lanes, -1, 1);
          Numbers repeated(many.size()), sums(few.size()), expected(few.size());
          t->row_repeat(repeated.data(), few.data(), rows, count, lanes);
          t->row_sum(sums.data(), many.data(), rows, count, lanes);
          for (Index k = 0; k < rows * count * lanes; ++k) {
            const auto few_at = static_cast<std::size_t>(k / (count * lanes) * lanes + k % lanes);
            ASSERT_EQ(repeated[static_cast<std::size_t>(k)], few[few_at]) << t->name;
            expected[few_at] += many[static_cast<std::size_t>(k)];
          }
          expect_close(sums, expected, 1e-14, t->name);  // up to a hundred numbers in another order
        }
}

/// A matrix in either order, with room between its rows.
struct Stored {
  Index row, column;
  Numbers numbers;
  double operator()(Index i, Index j) const { return numbers[static_cast<std::size_t>(i * row + j * column)]; }
};

Stored stored(Random& random, Index rows, Index columns, bool turned) {
  constexpr Index room = 3;
  const Index row = turned ? 1 : columns + room, column = turned ? rows + room : 1;
  return {row, column, uniform_numbers(random, rows * row + columns * column, -1, 1)};
}

TEST(Kernels, MultiplySmallMatricesHoweverTheyAreStoredAndTouchNothingBeside) {
  Random random(25);
  constexpr double untouched = 7;
  for (const Table* t : tables())
    for (const Index rows : {1, 3, 5, 10, 17, 50})
      for (const Index columns : {16, 17, 31, 100})
        for (const Index inner : {1, 7, 8, 100, 256})
          for (const bool a_turned : {false, true})
            for (const bool b_turned : {false, true}) {
              const Stored a = stored(random, rows, inner, a_turned), b = stored(random, inner, columns, b_turned);
              const Index ldy = columns + 2;
              Numbers y(static_cast<std::size_t>(rows * ldy), untouched);
              ASSERT_TRUE(t->small_product(y.data(), ldy, a.numbers.data(), a.row, a.column, b.numbers.data(), b.row,
                                           b.column, rows, columns, inner));
              for (Index r = 0; r < rows; ++r)
                for (Index c = 0; c < ldy; ++c) {
                  double sum = c < columns ? 0 : untouched;
                  for (Index k = 0; k < inner && c < columns; ++k) sum += a(r, k) * b(k, c);
                  // at most 256 terms below 1, and one rounding a term more or less
                  ASSERT_NEAR(y[static_cast<std::size_t>(r * ldy + c)], sum, c < columns ? 256 * 1e-15 : 0) << t->name;
                }
            }
}

TEST(Kernels, LeaveNarrowAndLongProductsAlone) {
  for (const Table* t : tables()) {
    Numbers y(64, 7.0);
    const Numbers a(600, 1.0), b(600, 1.0);
    EXPECT_FALSE(t->small_product(y.data(), 3, a.data(), 10, 1, b.data(), 3, 1, 5, 3, 10)) << t->name;
    EXPECT_FALSE(t->small_product(y.data(), 16, a.data(), 300, 1, b.data(), 1, 300, 2, 16, 300)) << t->name;
    EXPECT_EQ(y, Numbers(64, 7.0)) << t->name;
  }
}

}  // namespace
}  // namespace argscope::expr
