#include "app/bench_packing_peer.h"

#include <cholmod.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace argscope::app {

struct PackingPeer::Cholmod {
  cholmod_common common;
  cholmod_sparse* H = nullptr;  ///< lower triangle
  cholmod_factor* factor = nullptr;

  Cholmod() { cholmod_start(&common); }
  ~Cholmod() {
    clear();
    cholmod_finish(&common);
  }
  void clear() {
    cholmod_free_sparse(&H, &common);
    cholmod_free_factor(&factor, &common);
  }
  double* values() { return static_cast<double*>(H->x); }
};

PackingPeer::PackingPeer(Index particles, double box)
    : n_(static_cast<int>(particles)), box_(box), cholmod_(std::make_unique<Cholmod>()) {}

PackingPeer::~PackingPeer() = default;

void PackingPeer::prepare(const Vec& x) {
  find_pairs(x);
  lay_out_pattern();
  cholmod_->factor = cholmod_analyze(cholmod_->H, &cholmod_->common);
}

void PackingPeer::find_pairs(const Vec& x) {
  constexpr double reach = 1.1;  // the largest diameter and a skin
  const int cells = std::max(1, static_cast<int>(box_ / reach));
  const auto cell_of = [&](int i, int axis) {
    const double s = x[2 * i + axis] / box_;
    return std::min(cells - 1, static_cast<int>((s - std::floor(s)) * cells));
  };
  std::vector<std::vector<int>> members(static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells));
  for (int i = 0; i < n_; ++i) members[static_cast<std::size_t>(cell_of(i, 1) * cells + cell_of(i, 0))].push_back(i);
  pairs_.clear();
  for (int i = 0; i < n_; ++i) {
    std::vector<int> near;  // in a box of few cells, opposite neighbours are the same cell
    for (int a = -1; a <= 1; ++a)
      for (int b = -1; b <= 1; ++b)
        near.push_back((cell_of(i, 1) + a + cells) % cells * cells + (cell_of(i, 0) + b + cells) % cells);
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    for (const int cell : near)
      for (const int j : members[static_cast<std::size_t>(cell)]) {
        if (j <= i) continue;
        const Eigen::Array2d raw = x.segment<2>(2 * i) - x.segment<2>(2 * j);
        if ((raw - box_ * (raw / box_).round()).matrix().squaredNorm() < reach * reach) pairs_.push_back({i, j, {}});
      }
  }
  std::sort(pairs_.begin(), pairs_.end(),
            [](const Pair& p, const Pair& q) { return std::pair(p.i, p.j) < std::pair(q.i, q.j); });
}

/// Columns 2i and 2i+1 hold the diagonal block's lower triangle, then two rows for each pair (i, j), j > i.
void PackingPeer::lay_out_pattern() {
  cholmod_->clear();
  const std::size_t entries = 3 * static_cast<std::size_t>(n_) + 4 * pairs_.size();
  const auto size = static_cast<std::size_t>(2 * n_);
  cholmod_->H = cholmod_allocate_sparse(size, size, entries, true, true, -1, CHOLMOD_REAL, &cholmod_->common);
  int* start = static_cast<int*>(cholmod_->H->p);
  int* row = static_cast<int*>(cholmod_->H->i);
  diagonal_.assign(size, 0);
  int at = 0;
  auto next = pairs_.begin();
  for (int i = 0; i < n_; ++i) {
    const auto last = std::find_if(next, pairs_.end(), [&](const Pair& p) { return p.i != i; });
    for (int axis = 0; axis < 2; ++axis) {
      start[2 * i + axis] = diagonal_[static_cast<std::size_t>(2 * i + axis)] = at;
      for (int below = axis; below < 2; ++below) row[at++] = 2 * i + below;
      for (auto p = next; p != last; ++p) {
        p->at[axis] = at;
        row[at++] = 2 * p->j;
        row[at++] = 2 * p->j + 1;
      }
    }
    next = last;
  }
  start[2 * n_] = at;
}

void PackingPeer::assemble(const Vec& x, double D) {
  double* H = cholmod_->values();
  std::fill(H, H + 3 * n_ + 4 * static_cast<Index>(pairs_.size()), 0.0);
  gradient_ = Vec::Zero(2 * n_);
  mixed_ = Vec::Zero(2 * n_);
  touched_.assign(static_cast<std::size_t>(n_), false);
  const auto add_diagonal = [&](int i, const Eigen::Matrix2d& K) {
    H[diagonal_[static_cast<std::size_t>(2 * i)]] += K(0, 0);
    H[diagonal_[static_cast<std::size_t>(2 * i)] + 1] += K(1, 0);
    H[diagonal_[static_cast<std::size_t>(2 * i + 1)]] += K(1, 1);
  };
  for (const Pair& p : pairs_) {
    const Eigen::Array2d raw = x.segment<2>(2 * p.i) - x.segment<2>(2 * p.j);
    const Eigen::Vector2d d = raw - box_ * (raw / box_).round();
    const double r = d.norm(), sigma = 0.5 * (diameter(p.i, D) + diameter(p.j, D));
    if (r >= sigma) continue;
    const Eigen::Vector2d n = d / r;
    const double o = 1 - r / sigma, slope = -o / sigma;
    const Eigen::Matrix2d nn = n * n.transpose();
    const Eigen::Matrix2d K = nn / (sigma * sigma) + slope / r * (Eigen::Matrix2d::Identity() - nn);
    const double dsigma = 0.5 * ((p.i < n_ / 2) + (p.j < n_ / 2));
    const Eigen::Vector2d force = slope * n, change = (o - r / sigma) / (sigma * sigma) * dsigma * n;
    gradient_.segment<2>(2 * p.i) += force, gradient_.segment<2>(2 * p.j) -= force;
    mixed_.segment<2>(2 * p.i) += change, mixed_.segment<2>(2 * p.j) -= change;
    touched_[static_cast<std::size_t>(p.i)] = touched_[static_cast<std::size_t>(p.j)] = true;
    add_diagonal(p.i, K), add_diagonal(p.j, K);
    for (int a = 0; a < 2; ++a) H[p.at[a]] = -K(0, a), H[p.at[a] + 1] = -K(1, a);
  }
}

/// One disc is pinned, and free discs get a 1: exact, since forces sum to zero and free discs feel none.
void PackingPeer::factorize() {
  double* H = cholmod_->values();
  int pinned = -1;
  for (int i = 0; i < n_; ++i) {
    double& a = H[diagonal_[static_cast<std::size_t>(2 * i)]];
    double& b = H[diagonal_[static_cast<std::size_t>(2 * i + 1)]];
    if (!touched_[static_cast<std::size_t>(i)])
      a = b = 1;
    else if (pinned < 0)
      pinned = i, a += 1e20, b += 1e20;
  }
  cholmod_factorize(cholmod_->H, cholmod_->factor, &cholmod_->common);
  if (cholmod_->common.status == CHOLMOD_NOT_POSDEF) throw std::runtime_error("the Hessian is not positive definite");
}

Vec PackingPeer::solve(const Vec& b) {
  cholmod_dense right{static_cast<std::size_t>(b.size()),
                      1,
                      static_cast<std::size_t>(b.size()),
                      static_cast<std::size_t>(b.size()),
                      const_cast<double*>(b.data()),
                      nullptr,
                      CHOLMOD_REAL,
                      CHOLMOD_DOUBLE};
  cholmod_dense* solved = cholmod_solve(CHOLMOD_A, cholmod_->factor, &right, &cholmod_->common);
  Vec x = Eigen::Map<const Vec>(static_cast<double*>(solved->x), b.size());
  cholmod_free_dense(&solved, &cholmod_->common);
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  int bound = 0;
  for (int i = 0; i < n_; ++i)
    if (touched_[static_cast<std::size_t>(i)]) sum += x.segment<2>(2 * i), ++bound;
  for (int i = 0; i < n_; ++i)
    if (touched_[static_cast<std::size_t>(i)]) x.segment<2>(2 * i) -= sum / bound;
  return x;
}

Vec PackingPeer::jacobian(const Vec& x, double D) {
  assemble(x, D);
  factorize();
  return solve(-mixed_);
}

Vec PackingPeer::update(Vec& x, double D, double tolerance) {
  for (int step = 0; step < 20; ++step) {
    assemble(x, D);
    factorize();
    if (gradient_.cwiseAbs().maxCoeff() <= tolerance) return solve(-mixed_);
    x -= solve(gradient_);
  }
  throw std::runtime_error("Newton's method did not reach the tolerance in 20 steps");
}

}  // namespace argscope::app
