#include "core/optimality/hessian.h"

#include <algorithm>

#include "core/expr/build.h"
#include "core/expr/derivatives.h"
#include "core/expr/primitives.h"

namespace argscope::optimality {

using namespace expr;

namespace {

constexpr Index widest_row = 64;  // seeds a frontier node may need
constexpr double full = 0.2;      // of its entries nonzero: a matrix is handled as dense

Id unit_columns(Graph& g, const Shape& shape, Index column) {
  std::vector<double> row(static_cast<std::size_t>(shape.width()), 0);
  row[static_cast<std::size_t>(column)] = 1;
  if (shape.width() == 1) return g.constant(1, shape);
  Shape one_row = shape.with_axis(0, 1);
  return broadcast_to(g, g.constant(std::move(row), one_row), shape);
}

bool depends(const Graph& g, Id y, const Ids& sources) {
  return std::any_of(sources.begin(), sources.end(), [&](Id s) { return g.depends_on(y, s); });
}

/// All elements of y are one number, wherever it is taken.
bool is_one_number(const Graph& g, Id y) {
  const Node& n = g[y];
  if (n.shape.size() == 1) return true;
  if (n.op == Op::Constant) return n.data == nullptr;
  const bool keeps = n.op == Op::Broadcast || n.op == Op::Reshape || primitive(n.op).kernel == Kernel::Elementwise;
  return keeps && std::ranges::all_of(n.operands(), [&](Id i) { return is_one_number(g, i); });
}

/// Each row of S has one entry: it picks or scales single unknowns.
bool picks(const SparseMat& S) {
  std::vector<int> entries(static_cast<std::size_t>(S.rows()), 0);
  for (int j = 0; j < S.outerSize(); ++j)
    for (SparseMat::InnerIterator it(S, j); it; ++it) ++entries[static_cast<std::size_t>(it.row())];
  return std::ranges::all_of(entries, [](int count) { return count == 1; });
}

/// c where SᵀS = c I; none: it is another matrix.
std::optional<double> multiple_of_identity(const SparseMat& S) {
  Vec squares = Vec::Zero(S.cols());
  for (int j = 0; j < S.outerSize(); ++j)
    for (SparseMat::InnerIterator it(S, j); it; ++it) squares(j) += it.value() * it.value();
  if (!picks(S) || (squares.array() != squares(0)).any()) return std::nullopt;
  return squares(0);
}

}  // namespace

std::shared_ptr<const StructuredHessian> StructuredHessian::find(const ProblemPtr& problem) {
  const std::lock_guard lock(problem->growing);
  auto frontier = affine_frontier(*problem, problem->objective);
  if (!frontier) return nullptr;
  std::shared_ptr<StructuredHessian> h(new StructuredHessian(problem));
  h->frontier_ = std::move(*frontier);
  if (!h->build_blocks()) return nullptr;
  h->find_dependence();
  h->choose_form();
  h->find_shifts();
  return h;
}

bool StructuredHessian::build_blocks() {
  Graph& g = problem_->graph;
  Ids nodes;
  for (const AffineNode& a : frontier_) nodes.push_back(a.node);
  const Ids slopes = gradient(g, problem_->objective, nodes);
  Ids outputs;
  for (std::size_t l = 0; l < nodes.size(); ++l) {
    const Shape shape = g.shape(nodes[l]);
    if (shape.width() > widest_row) return false;
    const Id direction = g.input("direction", shape, true);
    Ids along(nodes.size(), -1);  // the other nodes are held
    along[l] = direction;
    const Ids tangents = jvp(g, slopes, nodes, along);
    for (std::size_t k = 0; k < nodes.size(); ++k)
      if (!g.is_uniform(tangents[k], 0) && !row_aligned(g, tangents[k], direction)) return false;
    for (Index seed = 0; seed < shape.width(); ++seed) {
      along[l] = unit_columns(g, shape, seed);
      const Ids columns = jvp(g, slopes, nodes, along);
      for (std::size_t k = 0; k < nodes.size(); ++k) {
        if (g.is_uniform(columns[k], 0)) continue;
        const Shape& s = g.shape(nodes[k]);
        blocks_.push_back({k, l, seed, s.rows(), s.width(), shape.width(), value_count_, columns[k], false});
        value_count_ += s.size();
        outputs.push_back(columns[k]);
      }
    }
  }
  program_ = std::make_unique<const PointProgram>(*problem_, outputs);
  return true;
}

void StructuredHessian::find_dependence() {
  const Graph& g = problem_->graph;
  depends_on_x_ = false;
  for (Block& b : blocks_) {
    b.fixed = !depends(g, b.node, problem_->inputs);
    depends_on_x_ = depends_on_x_ || depends(g, b.node, problem_->x);
  }
}

void StructuredHessian::choose_form() {
  double entries = 0;
  const auto n = static_cast<double>(problem_->size);
  for (const AffineNode& a : frontier_) {
    const auto cells = static_cast<double>(a.S.rows()) * n;
    const bool is_full = static_cast<double>(a.S.nonZeros()) > full * cells && n > 1;
    dense_S_.push_back(is_full ? Mat(a.S) : Mat());
    diagonal_.push_back(picks(a.S));
    const double a_row = static_cast<double>(a.S.nonZeros()) / std::max<double>(1, static_cast<double>(a.S.rows()));
    entries += static_cast<double>(a.S.rows()) * a_row * a_row;
    if (is_full) sparse_ = false;
  }
  if (n < 32 || entries > full * n * n) sparse_ = false;
}

std::vector<double> StructuredHessian::values(ConstVec x, ConstVec theta) const {
  std::vector<double> v(static_cast<std::size_t>(value_count_));
  std::vector<double*> outputs;
  for (const Block& b : blocks_) outputs.push_back(v.data() + b.offset);
  program_->run(*problem_, x, theta, outputs);
  return v;
}

namespace {

using RowMajorSparse = Eigen::SparseMatrix<double, Eigen::RowMajor>;

struct Term {
  int row, value;
  double coefficient;
};

}  // namespace

StructuredHessian::Sums StructuredHessian::sums() const {
  std::vector<RowMajorSparse> S;
  for (const AffineNode& a : frontier_) S.emplace_back(a.S);
  std::vector<std::vector<Term>> column(static_cast<std::size_t>(problem_->size));
  for (const Block& b : blocks_)
    for (Index r = 0; r < b.rows; ++r)
      for (Index a = 0; a < b.width_k; ++a)
        for (RowMajorSparse::InnerIterator u(S[b.k], r * b.width_k + a); u; ++u)
          for (RowMajorSparse::InnerIterator v(S[b.l], r * b.width_l + b.seed); v; ++v)
            if (u.col() >= v.col())
              column[static_cast<std::size_t>(v.col())].push_back(
                  {static_cast<int>(u.col()), static_cast<int>(b.offset + r * b.width_k + a), u.value() * v.value()});
  Sums s;
  auto pattern = std::make_shared<linear::SparsePattern>();
  pattern->rows = pattern->cols = static_cast<int>(problem_->size);
  pattern->column_start.push_back(0);
  for (std::size_t j = 0; j < column.size(); ++j) {
    column[j].push_back({static_cast<int>(j), 0, 0});  // the diagonal is always there
    std::stable_sort(column[j].begin(), column[j].end(), [](const Term& a, const Term& b) { return a.row < b.row; });
    int last = -1;
    for (const Term& t : column[j]) {
      if (t.row != last) {
        pattern->row.push_back(last = t.row);
        s.start.push_back(static_cast<int>(s.value.size()));
      }
      s.value.push_back(t.value);
      s.coefficient.push_back(t.coefficient);
    }
    pattern->column_start.push_back(static_cast<int>(pattern->row.size()));
  }
  s.start.push_back(static_cast<int>(s.value.size()));
  s.pattern = std::move(pattern);
  return s;
}

linear::PatternedMatrix StructuredHessian::lower(ConstVec x, ConstVec theta) const {
  const Sums& s = sums_.get([&] { return sums(); });
  std::vector<double> v = values(x, theta);
  if (v.empty()) v.push_back(0);  // the terms that keep the diagonal name value 0
  linear::PatternedMatrix H{s.pattern, std::vector<double>(s.pattern->row.size())};
  for (std::size_t e = 0; e < H.values.size(); ++e) {
    double sum = 0;
    for (int t = s.start[e]; t < s.start[e + 1]; ++t) {
      const auto k = static_cast<std::size_t>(t);
      sum += s.coefficient[k] * v[static_cast<std::size_t>(s.value[k])];
    }
    H.values[e] = sum;
  }
  return H;
}

/// S_kᵀ D S_l for the one column `seed` of each row of node l.
Mat StructuredHessian::contribution(const Block& b, const double* v) const {
  const Index n = problem_->size;
  Mat H = Mat::Zero(n, n);
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> D(v, b.rows,
                                                                                                   b.width_k);
  const Mat &dense_k = dense_S_[b.k], &dense_l = dense_S_[b.l];
  for (Index a = 0; a < b.width_k; ++a) {
    if (dense_k.size() > 0 && dense_l.size() > 0) {
      using Rows = Eigen::Map<const Mat, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;
      const Rows S_k(dense_k.data() + a, b.rows, n, {dense_k.rows(), b.width_k});
      const Rows S_l(dense_l.data() + b.seed, b.rows, n, {dense_l.rows(), b.width_l});
      H.noalias() += S_k.transpose() * (D.col(a).asDiagonal() * S_l);
      continue;
    }
    const RowMajorSparse S_k(frontier_[b.k].S), S_l(frontier_[b.l].S);
    for (Index r = 0; r < b.rows; ++r)
      for (RowMajorSparse::InnerIterator u(S_k, r * b.width_k + a); u; ++u)
        for (RowMajorSparse::InnerIterator w(S_l, r * b.width_l + b.seed); w; ++w)
          H(u.col(), w.col()) += D(r, a) * u.value() * w.value();
  }
  return H;
}

bool StructuredHessian::diagonal(const Block& b) const { return b.k == b.l && b.width_k == 1 && diagonal_[b.k]; }

void StructuredHessian::find_shifts() {
  if (sparse_) return;
  for (const Block& b : blocks_) {
    if (b.fixed) continue;
    const auto c = multiple_of_identity(frontier_[b.k].S);
    if (!diagonal(b) || !c || !is_one_number(problem_->graph, b.node)) return shifts_.clear();
    shifts_.push_back({b.offset, *c});
  }
}

const std::shared_ptr<const Mat>& StructuredHessian::fixed_part(const std::vector<double>& v) const {
  return fixed_part_.get([&] {
    auto fixed = std::make_shared<Mat>(Mat::Zero(problem_->size, problem_->size));
    for (const Block& b : blocks_)
      if (b.fixed) *fixed += contribution(b, v.data() + b.offset);
    return fixed;
  });
}

std::optional<linear::ShiftedMatrix> StructuredHessian::fixed_and_shift(ConstVec x, ConstVec theta) const {
  if (shifts_.empty()) return std::nullopt;
  const std::vector<double> v = values(x, theta);
  linear::ShiftedMatrix H{fixed_part(v), 0};
  for (const Shift& s : shifts_) H.shift += s.factor * v[static_cast<std::size_t>(s.value)];
  return H;
}

Mat StructuredHessian::dense(ConstVec x, ConstVec theta) const {
  const std::vector<double> v = values(x, theta);
  Mat H = *fixed_part(v);
  for (const Block& b : blocks_) {
    if (b.fixed) continue;
    if (!diagonal(b)) {
      H += contribution(b, v.data() + b.offset);
      continue;
    }
    const SparseMat& S = frontier_[b.k].S;
    for (int j = 0; j < S.outerSize(); ++j)
      for (SparseMat::InnerIterator it(S, j); it; ++it)
        H(j, j) += v[static_cast<std::size_t>(b.offset + it.row())] * it.value() * it.value();
  }
  return H;
}

const std::shared_ptr<const StructuredHessian>& HessianStructure::sums() const {
  return sums_.get([&] { return StructuredHessian::find(problem_); });
}

const std::shared_ptr<const Bottleneck>& HessianStructure::bottleneck() const {
  return bottleneck_.get([&] { return Bottleneck::find(problem_, problem_->mapping); });
}

HessianOperator::HessianOperator(ProblemPtr p, std::shared_ptr<const Differential> d,
                                 std::shared_ptr<const HessianStructure> known, ConstVec x, ConstVec theta)
    : PointOperator(std::move(p), std::move(d), x, theta),
      known_(std::move(known)),
      hessian_(known_->sums()),
      x_(x),
      theta_(theta) {}

linear::Structure HessianOperator::structure() const {
  return {.symmetric = true, .sparse = hessian_ && hessian_->sparse(), .dense = hessian_ && !hessian_->sparse()};
}

std::shared_ptr<const linear::PatternedMatrix> HessianOperator::sparse() const {
  if (!structure().sparse) return nullptr;
  return sparse_.get([&] { return std::make_shared<const linear::PatternedMatrix>(hessian_->lower(x_, theta_)); });
}

Mat HessianOperator::dense() const {
  if (!hessian_) return LinearOperator::dense();
  if (!structure().sparse) return hessian_->dense(x_, theta_);
  return linear::sparse_operator(*sparse(), true)->dense();
}

std::optional<linear::DiagonalAndProduct> HessianOperator::diagonal_and_product() const {
  if (hessian_ || !known_->bottleneck()) return std::nullopt;
  return known_->bottleneck()->at(x_, theta_);
}

std::optional<linear::ShiftedMatrix> HessianOperator::fixed_and_shift() const {
  return hessian_ ? hessian_->fixed_and_shift(x_, theta_) : std::nullopt;
}

}  // namespace argscope::optimality
