#include "app/commands_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "app/answer.h"
#include "app/files.h"
#include "app/progress.h"
#include "app/sweep_table.h"
#include "core/live/engine.h"

namespace argscope::app {
namespace {

Vec unknown(Index size) { return Vec::Constant(size, std::numeric_limits<double>::quiet_NaN()); }

/// Walks along the values; each solve starts where the last derivative points.
class Walk {
 public:
  Walk(const Job& job, SweepTable& table) : job_(job), table_(table), engine_(job.scene, options(job)) {}

  void step(double at) {
    const Vary& vary = table_.vary;
    Vec theta = job_.theta;
    theta.segment(vary.first, vary.count).setConstant(at);
    last_ = engine_.solve(theta, {}, {});
    engine_.trust(last_);
    if (table_.derivatives && shows_derivative())
      vary.count == 1 ? engine_.differentiate_column(last_, vary.first, {}) : engine_.differentiate(last_, {});
    table_.rows.push_back(row(at));
  }

  const live::Snapshot& last() const { return last_; }

 private:
  static live::SessionOptions options(const Job& job) {
    live::SessionOptions o;
    o.force = job.force;
    o.model = job.model;
    return o;
  }
  bool converged() const { return last_.solution.status == solve::Status::Converged; }
  bool shows_solution() const { return converged() || job_.force; }
  bool shows_derivative() const { return last_.trust.defined || job_.force; }

  SweepRow row(double at) const {
    SweepRow row{at, std::string(solve::name(last_.solution.status)), converged(), {}, {}, {}, {}};
    const Index n = job_.model->primal_size();
    row.x = shows_solution() ? Vec(last_.solution.x.head(n)) : unknown(n);
    for (const auto& o : table_.outputs)
      row.outputs.push_back(shows_solution() ? last_.field(o.name)->value : unknown(o.size()));
    if (!table_.derivatives) return row;
    if (converged() && !last_.trust.defined) row.status += "; derivative undefined";
    row.dx = shows_derivative() ? along(last_.J) : unknown(row.x.size());
    for (const auto& o : table_.outputs)
      row.doutputs.push_back(shows_derivative() ? along(last_.field(o.name)->derivative) : unknown(o.size()));
    return row;
  }

  /// The derivative in the varied number: the sum over the entries of θ that take it.
  Vec along(const Mat& derivative) const {
    const Vary& vary = table_.vary;
    if (vary.count == 1) return derivative.col(last_.column_of(derivative, vary.first));
    return derivative.middleCols(vary.first, vary.count).rowwise().sum();
  }

  const Job& job_;
  SweepTable& table_;
  live::Engine engine_;
  live::Snapshot last_;
};

SweepTable empty_table(const Job& job, const SweepRequest& request) {
  SweepTable table{parse_vary(request.vary, *job.model), request.jacobian, {}, job.model->variables(), {}};
  for (const auto& o : job.scene->statement->outputs)
    table.outputs.push_back({o.name, job.model->function(o.name)->shape(), 0});
  return table;
}

/// θ is the scene's but for what varies; each row has its own status.
io::Metadata table_metadata(const Job& job, const SweepRequest& request) {
  io::Metadata m = metadata(job, {});
  for (const char* of_one_solution : {"solver", "status", "residual"}) m.erase(of_one_solution);
  m["vary"] = request.vary;
  if (job.force) m["forced"] = "rows without an honest answer hold numbers all the same, because --force was given";
  return m;
}

std::string why_no_rows(const SweepTable& table) {
  const auto answered = [](const SweepRow& row) { return row.converged; };
  if (std::any_of(table.rows.begin(), table.rows.end(), answered)) return {};
  return fmt::format("none of the {} values has a converged solution (the last: {})", table.rows.size(),
                     table.rows.back().status);
}

/// The report is of the last value; what is known of all of them stands under "sweep".
Findings findings(const Job& job, const SweepTable& table, const live::Snapshot& last) {
  Findings f = findings_of(job, last);
  const auto converged = std::count_if(table.rows.begin(), table.rows.end(), [](const auto& r) { return r.converged; });
  Json status = Json::array();
  for (const SweepRow& row : table.rows) status.push_back(row.status);
  f.more["sweep"] = {{"parameter", table.vary.name},
                     {"count", table.rows.size()},
                     {"converged", converged},
                     {"values", table.vary.values},
                     {"status", std::move(status)}};
  return f;
}

}  // namespace

Exit run_sweep(const SweepRequest& request, Console& console) {
  require_place(request.out, {".csv", ".npz", ".json"});
  const Job job = prepare(request.problem);
  SweepTable table = empty_table(job, request);
  Walk walk(job, table);
  {
    Progress progress(console, table.vary.values.size());
    for (const double at : table.vary.values) {
      progress.show(table.rows.size());
      walk.step(at);
    }
  }
  Job last = job;
  last.theta = walk.last().theta;
  Findings found = findings(last, table, walk.last());
  const std::string why = why_no_rows(table);
  found.forced = job.force && !why.empty();
  if (why.empty() || job.force) {
    write_table(request.out, table, table_metadata(job, request));
    found.file = request.out;
  }
  return conclude(last, found, why, console);
}

}  // namespace argscope::app
