#include "core/linear/analysis.h"

#include <cholmod.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/linear/panels.h"

namespace argscope::linear::sparse {

namespace {

constexpr std::size_t kept_analyses = 4;

// Minimum degree, because a packing's contacts change as it is dragged: with 200,000 unknowns nested dissection saves a
// seventh of the factorization and costs nine times the analysis. Supernodes are merged less than CHOLMOD would: up to
// so many columns whatever the zeros, then while the zeros are at most such a share of the panel.
constexpr std::size_t merged_columns[3] = {2, 8, 32};
constexpr double zeros_allowed[3] = {0.5, 0.05, 0.02};

/// CHOLMOD's workspace and its factor, freed with this.
class Cholmod {
 public:
  Cholmod() { cholmod_start(&common_); }
  ~Cholmod() {
    cholmod_free_factor(&factor_, &common_);
    cholmod_finish(&common_);
  }
  Cholmod(const Cholmod&) = delete;
  Cholmod& operator=(const Cholmod&) = delete;

  /// Null on failure.
  const cholmod_factor* analyse(const SparsePattern& lower) {
    common_.print = 0;
    common_.supernodal = CHOLMOD_SUPERNODAL;
    common_.postorder = 1;
    common_.nmethods = 1;
    common_.method[0].ordering = CHOLMOD_AMD;
    std::copy_n(merged_columns, 3, common_.nrelax);
    std::copy_n(zeros_allowed, 3, common_.zrelax);
    cholmod_sparse matrix{};
    matrix.nrow = lower.rows;
    matrix.ncol = lower.cols;
    matrix.nzmax = lower.row.size();
    matrix.p = const_cast<int*>(lower.column_start.data());
    matrix.i = const_cast<int*>(lower.row.data());
    matrix.stype = -1;
    matrix.itype = CHOLMOD_INT;
    matrix.xtype = CHOLMOD_PATTERN;
    matrix.dtype = CHOLMOD_DOUBLE;
    matrix.sorted = 1;
    matrix.packed = 1;
    factor_ = cholmod_analyze(&matrix, &common_);
    return common_.status == CHOLMOD_OK && factor_ && factor_->is_super ? factor_ : nullptr;
  }

 private:
  cholmod_common common_{};
  cholmod_factor* factor_ = nullptr;
};

Size round_up(Size x) { return (x + lanes - 1) / lanes * lanes; }

void copy_supernodes(const cholmod_factor& factor, Analysis& a) {
  const auto* order = static_cast<const int*>(factor.Perm);
  const auto* super = static_cast<const int*>(factor.super);
  const auto* start = static_cast<const int*>(factor.pi);
  const auto* rows = static_cast<const int*>(factor.s);
  const int count = static_cast<int>(factor.nsuper);
  a.n = static_cast<int>(factor.n);
  a.order.assign(order, order + a.n);
  a.rows.assign(rows, rows + start[count]);
  for (int s = 0; s < count; ++s) {
    Supernode node{};
    node.first = super[s];
    node.width = super[s + 1] - super[s];
    node.rows = start[s + 1] - start[s];
    node.ld = static_cast<int>(round_up(node.rows));
    node.values = a.size;
    node.row_start = start[s];
    node.parent = -1;
    node.first_descendant = s;
    a.size += std::int64_t{node.ld} * node.width + lanes;
    a.most_rows = std::max(a.most_rows, node.rows);
    a.nodes.push_back(node);
  }
}

std::vector<int> supernode_of_column(const Analysis& a) {
  std::vector<int> of(a.n);
  for (std::size_t s = 0; s < a.nodes.size(); ++s) {
    std::fill_n(of.begin() + a.nodes[s].first, a.nodes[s].width, static_cast<int>(s));
  }
  return of;
}

/// Splits every supernode's rows below the diagonal by the supernode that they belong to.
void list_updates(Analysis& a, const std::vector<int>& of) {
  std::vector<std::vector<Update>> lists(a.nodes.size());
  for (std::size_t d = 0; d < a.nodes.size(); ++d) {
    const Supernode& node = a.nodes[d];
    const int* rows = a.rows.data() + node.row_start;
    for (int k = node.width; k < node.rows;) {
      const int target = of[rows[k]];
      int end = k;
      while (end < node.rows && of[rows[end]] == target) ++end;
      lists[target].push_back({.from = static_cast<int>(d), .row = k, .count = end - k, .position = 0});
      const std::int64_t size = round_up(node.rows - k) * std::int64_t{end - k};
      a.largest_update = std::max(a.largest_update, size);
      k = end;
    }
  }
  a.update_start.assign(1, 0);
  for (const auto& list : lists) {
    a.updates.insert(a.updates.end(), list.begin(), list.end());
    a.update_start.push_back(static_cast<int>(a.updates.size()));
  }
}

void place_updates(Analysis& a) {
  std::vector<int> position(a.n);
  for (std::size_t s = 0; s < a.nodes.size(); ++s) {
    const Supernode& node = a.nodes[s];
    for (int r = 0; r < node.rows; ++r) position[a.rows[node.row_start + r]] = r;
    for (int u = a.update_start[s]; u < a.update_start[s + 1]; ++u) {
      const Supernode& from = a.nodes[a.updates[u].from];
      a.updates[u].position = static_cast<std::int64_t>(a.positions.size());
      for (int r = a.updates[u].row; r < from.rows; ++r) a.positions.push_back(position[a.rows[from.row_start + r]]);
    }
  }
}

void grow_tree(Analysis& a, const std::vector<int>& of) {
  const int count = static_cast<int>(a.nodes.size());
  for (int s = 0; s < count; ++s) {
    Supernode& node = a.nodes[s];
    const double rows = node.rows, width = node.width;
    node.work += width * rows * rows;
    if (node.rows == node.width) continue;
    node.parent = of[a.rows[node.row_start + node.width]];
    Supernode& parent = a.nodes[node.parent];
    parent.work += node.work;
    parent.first_descendant = std::min(parent.first_descendant, node.first_descendant);
  }
  const auto slot = [&](int s) { return a.nodes[s].parent < 0 ? count : a.nodes[s].parent; };
  a.child_start.assign(count + 2, 0);
  for (int s = 0; s < count; ++s) ++a.child_start[slot(s) + 1];
  std::partial_sum(a.child_start.begin(), a.child_start.end(), a.child_start.begin());
  std::vector<int> next(a.child_start.begin(), a.child_start.end() - 1);
  a.children.resize(count);
  for (int s = 0; s < count; ++s) a.children[next[slot(s)]++] = s;
}

void place_entries(const SparsePattern& lower, Analysis& a, const std::vector<int>& of) {
  std::vector<int> eliminated(a.n);
  for (int i = 0; i < a.n; ++i) eliminated[a.order[i]] = i;
  const auto place = [&](int i, int j) {
    const Supernode& node = a.nodes[of[j]];
    const auto rows = a.rows.begin() + node.row_start;
    const auto r = std::lower_bound(rows, rows + node.rows, i) - rows;
    return node.values + r + std::int64_t{node.ld} * (j - node.first);
  };
  a.place.reserve(lower.row.size());
  for (int j = 0; j < lower.cols; ++j) {
    for (int k = lower.column_start[j]; k < lower.column_start[j + 1]; ++k) {
      const auto [small, great] = std::minmax(eliminated[lower.row[k]], eliminated[j]);
      a.place.push_back(place(great, small));
    }
  }
  for (int j = 0; j < a.n; ++j) a.diagonal.push_back(place(eliminated[j], eliminated[j]));
}

}  // namespace

std::shared_ptr<const Analysis> analyse(const SparsePattern& lower) {
  Cholmod cholmod;
  const cholmod_factor* factor = cholmod.analyse(lower);
  if (!factor) return nullptr;
  auto a = std::make_shared<Analysis>();
  copy_supernodes(*factor, *a);
  const std::vector<int> of = supernode_of_column(*a);
  list_updates(*a, of);
  place_updates(*a);
  grow_tree(*a, of);
  place_entries(lower, *a, of);
  return a;
}

std::shared_ptr<const Analysis> Analyses::of(const std::shared_ptr<const SparsePattern>& lower) {
  const auto known = std::find_if(recent_.begin(), recent_.end(), [&](const Entry& e) { return e.pattern == lower; });
  Entry entry = known == recent_.end() ? Entry{lower, analyse(*lower)} : *known;
  if (known != recent_.end()) recent_.erase(known);
  if (recent_.size() == kept_analyses) recent_.erase(recent_.begin());
  recent_.push_back(entry);
  return entry.analysis;
}

}  // namespace argscope::linear::sparse
