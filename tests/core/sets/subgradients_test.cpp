// Proximal operators judged by their optimality condition alone: (z − w)/s is a subgradient of the penalty at w. The
// subgradients are written out here, so that neither the penalty's value nor its derivative can excuse a wrong answer.
#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>
#include <functional>

#include "tests/core/sets/trial.h"

namespace argscope::sets {
namespace {

using namespace check;
using expr::Arguments;
using expr::Graph;
using expr::Id;

/// How far v is from the subgradients at w.
using Distance = std::function<double(const Vec& w, const Vec& v)>;

struct Case {
  std::string text;  ///< with s for the first argument
  Shape shape;
  Distance distance;

  Function prox(double scale) const {
    const Penalty& row = *penalty_named(text.substr(0, text.find('(')));
    return Function(text, row.usage, shape, {{"s", Array{{}, {scale}}}},
                    [&](Graph& g, Id z, const Arguments& a) { return row.prox(g, z, a.array(0), a); });
  }
};

/// Of |w|: its sign, or anything in [−1, 1] at 0.
double from_sign(double w, double v) {
  return w == 0 ? std::max(std::abs(v) - 1, 0.0) : std::abs(v - std::copysign(1, w));
}

double of_entries(const Vec& w, const Vec& v, const std::function<double(double, double)>& one) {
  double worst = 0;
  for (Index k = 0; k < w.size(); ++k) worst = std::max(worst, one(w[k], v[k]));
  return worst;
}

double of_signs(const Vec& w, const Vec& v) { return of_entries(w, v, from_sign); }

/// Of slope(w) for w ≥ 0: that, or anything below at 0.
Distance nonnegative(const std::function<double(double)>& slope) {
  return [=](const Vec& w, const Vec& v) {
    return of_entries(w, v, [&](double a, double b) {
      if (a < 0) return std::numeric_limits<double>::infinity();
      return a == 0 ? std::max(b - slope(0), 0.0) : std::abs(b - slope(a));
    });
  };
}

/// Of ‖w‖: w/‖w‖, or the unit ball at 0.
double of_norm(const Vec& w, const Vec& v) {
  return w.isZero(0) ? std::max(v.norm() - 1, 0.0) : (v - w / w.norm()).norm();
}

double of_groups(const Vec& w, const Vec& v) {
  double worst = 0;
  for (Index first = 0; first < w.size(); first += 2)
    worst = std::max(worst, of_norm(w.segment(first, 2), v.segment(first, 2)));
  return worst;
}

/// Of Σ|w_{i+1} − w_i|: the differences of a dual that is a sign where w jumps, and within [−1, 1] elsewhere.
double of_variation(const Vec& w, const Vec& v) {
  double worst = std::abs(v.sum()), dual = 0;
  for (Index i = 0; i + 1 < w.size(); ++i) {
    dual -= v[i];
    const double jump = w[i + 1] - w[i];
    // neighbours of one piece are the same sum over the same count
    worst = std::max(worst, from_sign(std::abs(jump) < 1e-13 * w.cwiseAbs().maxCoeff() ? 0 : jump, dual));
  }
  return worst;
}

/// Of the nuclear norm: UVᵀ + W with UᵀW = 0, WV = 0, ‖W‖ ≤ 1.
double of_nuclear(const Vec& w, const Vec& v) {
  const Mat W = w.reshaped(3, 3).transpose(), V = v.reshaped(3, 3).transpose();
  const Eigen::JacobiSVD<Mat> svd(W, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Index rank = (svd.singularValues().array() > 1e-12 * std::max(svd.singularValues()[0], 1e-300)).count();
  Mat inside = svd.matrixU().transpose() * V * svd.matrixV();
  double worst = 0;
  if (rank < 3) {
    const Mat corner = inside.bottomRightCorner(3 - rank, 3 - rank);
    worst = std::max(corner.jacobiSvd().singularValues()[0] - 1, 0.0);
    inside.bottomRightCorner(3 - rank, 3 - rank).setZero();
  }
  inside.topLeftCorner(rank, rank) -= Mat::Identity(rank, rank);
  return std::max(worst, inside.norm());
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"norm1(s)", {6}, of_signs},
      {"norm2_squared(s)", {2, 3}, [](const Vec& w, const Vec& v) { return (v - w).norm(); }},
      {"nonnegative_norm1(s)", {6}, nonnegative([](double) { return 1.0; })},
      {"nonnegative_norm2_squared(s)", {6}, nonnegative([](double w) { return w; })},
      {"elastic_net(s, 0.5, 3)", {6}, [](const Vec& w, const Vec& v) { return of_signs(w, (v - 1.5 * w) / 0.5); }},
      {"elastic_net(s, 1, 0)", {6}, of_signs},
      {"group_norm(s, 2)", {6}, of_groups},
      {"group_norm(s, 1)", {6}, of_signs},
      {"group_norm(s, [0, 0, 0, 0, 0, 0])", {6}, of_norm},
      {"total_variation(s)", {9}, of_variation},
      {"total_variation(s)", {1}, of_variation},
      {"nuclear_norm(s)", {3, 3}, of_nuclear},
  };
  return all;
}

/// (z − w)/s at the proximal point w of z, against the subgradients there.
void expect_subgradient(const Case& c, double scale, const Vec& z, const char* what) {
  const Function prox = c.prox(scale);
  const Vec w = prox(prox.point(z));
  ASSERT_TRUE(w.allFinite()) << c.text << " " << what << " " << scale;
  // z − w is rounded as z is, a few times; scales of w count against a slope of up to 3
  const double rounding = 1e-13 * (1 + z.norm() * (1 + 1 / scale));
  EXPECT_LE(c.distance(w, (z - w) / scale), rounding)
      << c.text << " " << what << ", scale " << scale << "\nz " << z.transpose() << "\nw " << w.transpose();
}

TEST(ProximalPoints, LeaveASubgradientAtRandomPointsOfAllSizes) {
  Random random(21);
  for (const Case& c : cases())
    for (const double size : {1e-6, 0.1, 1.0, 100.0, 1e6})
      for (const double scale : {0.01 * size, 0.5 * size, 3 * size, 1.0})
        for (int k = 0; k < 6; ++k)
          expect_subgradient(c, scale, size * random_numbers(random, c.shape.size(), -1, 1), "drawn");
}

TEST(ProximalPoints, LeaveASubgradientWhereEntriesAreEqualZeroOrDenormal) {
  const double denormal = std::numeric_limits<double>::denorm_min();
  for (const Case& c : cases())
    for (const double scale : {0.25, 1.0, 4.0})
      for (const double entry : {0.0, -0.0, 1.0, -1.0, 4.0, denormal, -denormal})
        expect_subgradient(c, scale, Vec::Constant(c.shape.size(), entry), "equal entries");
}

TEST(ProximalPoints, LeaveASubgradientExactlyAtTheirTies) {
  for (const Case& c : cases())
    for (const double scale : {0.5, 1.0, 2.0}) {
      Vec z = Vec::Zero(c.shape.size());
      for (Index k = 0; k < z.size(); ++k) z[k] = scale * static_cast<double>(k % 3 - 1);  // −s, 0, s
      expect_subgradient(c, scale, z, "at ties");
    }
}

TEST(ProximalPoints, AreFirmlyNonexpansive) {
  Random random(22);
  for (const Case& c : cases()) {
    const Function prox = c.prox(0.7);
    for (int k = 0; k < 40; ++k) {
      const Vec y = random_numbers(random, c.shape.size(), -3, 3);
      const Vec z = y + random_numbers(random, c.shape.size(), -1, 1) * (k % 2 ? 1 : 1e-3);
      const Vec moved = prox(prox.point(z)) - prox(prox.point(y));
      EXPECT_LE(moved.squaredNorm(), moved.dot(z - y) + 1e-12) << c.text;  // rounding of numbers of size 3
    }
  }
}

TEST(ProximalPoints, HaveFiniteDerivativesAtEveryTie) {
  for (const Case& c : cases()) {
    const Function prox = c.prox(1);
    for (const double entry : {0.0, 1.0, -1.0, 0.5}) {
      const Vec point = prox.point(Vec::Constant(c.shape.size(), entry));
      for (Index k = 0; k < prox.inputs(); ++k)
        EXPECT_TRUE(prox.push(point, Vec::Unit(prox.inputs(), k)).allFinite()) << c.text << " at " << entry;
      EXPECT_TRUE(prox.pull(point, Vec::Ones(c.shape.size())).allFinite()) << c.text << " at " << entry;
    }
  }
}

TEST(ProximalPoints, OfNoEntriesAreNone) {
  for (const char* text : {"norm1(s)", "norm2_squared(s)", "nonnegative_norm1(s)", "elastic_net(s, 1, 1)",
                           "total_variation(s)", "group_norm(s, 1)"}) {
    const Case none{text, {0}, {}};
    const Function prox = none.prox(1);
    EXPECT_EQ(prox(prox.point(Vec())).size(), 0) << text;
    EXPECT_EQ(prox.push(prox.point(Vec()), Vec::Ones(1)).size(), 0) << text;
  }
}

TEST(ProximalPoints, NeverHideNotANumber) {
  for (const Case& c : cases()) {
    const Function prox = c.prox(1);
    Vec z = Vec::Ones(c.shape.size());
    z[z.size() / 2] = std::nan("");
    EXPECT_TRUE(prox(prox.point(z)).array().isNaN().any()) << c.text;
  }
}

}  // namespace
}  // namespace argscope::sets
