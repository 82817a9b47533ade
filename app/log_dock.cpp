#include "app/log_dock.h"

#include <QTime>
#include <cmath>

#include "app/health.h"
#include "app/numbers.h"

namespace argscope::app {
namespace {

constexpr int most_lines = 2000, most_visits = 200;

}  // namespace

QString line_about(const live::Snapshot& state) {
  if (!state.error.empty()) return LogDock::tr("error: %1").arg(QString::fromStdString(state.error));
  if (!state.has_jacobian) return {};
  const solve::Solution& solution = state.solution;
  QString line = LogDock::tr("%1: %2, %3 iterations, residual %4, solved in %5, Jacobian in %6")
                     .arg(QString::fromStdString(solution.solver),
                          QString::fromStdString(std::string(solve::name(solution.status))))
                     .arg(solution.iterations)
                     .arg(readable(solution.relative_residual, 2), readable_time(state.timings.solve),
                          readable_time(state.timings.jacobian));
  const QString message = health_message(&state);
  if (!message.isEmpty()) line += QStringLiteral("; ") + message;
  return line;
}

LogDock::LogDock(Study& study, QWidget* parent)
    : QDockWidget(tr("History and log"), parent),
      study_(study),
      tabs_(new QTabWidget(this)),
      visits_(new QListWidget(this)),
      log_(new QPlainTextEdit(this)) {
  setObjectName(QStringLiteral("log"));
  log_->setReadOnly(true);
  log_->setMaximumBlockCount(most_lines);
  log_->setAccessibleName(tr("Log"));
  visits_->setAccessibleName(tr("States visited"));
  visits_->setToolTip(tr("Click or press Enter to return to a state"));
  tabs_->setDocumentMode(true);
  tabs_->addTab(visits_, tr("Visited"));
  tabs_->addTab(log_, tr("Log"));
  setWidget(tabs_);
  connect(visits_, &QListWidget::itemActivated, this, &LogDock::go_back);
  connect(visits_, &QListWidget::itemClicked, this, &LogDock::go_back);
  connect(&study_, &Study::published, this, &LogDock::note_state);
  connect(&study_, &Study::opened, this, [this] {
    visits_->clear();
    last_visit_.resize(0);
    if (study_.scene()) say(tr("opened “%1”").arg(QString::fromStdString(study_.scene()->title)));
  });
}

void LogDock::say(const QString& message) {
  log_->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + message);
}

// During a drag only trouble is written: a line a frame would bury everything else.
void LogDock::note_state() {
  const live::SnapshotPtr& state = study_.snapshot();
  if (!state) return;
  const QString line = line_about(*state);
  const bool trouble = !state->error.empty();
  if (!line.isEmpty() && line != last_line_ && (trouble || !study_.dragging())) say(line);
  last_line_ = line;
  if (study_.answered() && !study_.dragging()) note_visit();
}

void LogDock::note_visit() {
  const Vec& theta = study_.theta();
  if (last_visit_.size() == theta.size() && last_visit_ == theta) return;
  QStringList values;
  for (const Knob& knob : study_.knobs()) {
    const bool changed = last_visit_.size() != theta.size() || last_visit_(knob.index) != theta(knob.index);
    if (changed && values.size() < 4)
      values << QStringLiteral("%1 = %2").arg(knob.name, readable(theta(knob.index), 6));
  }
  last_visit_ = theta;
  const double objective = study_.snapshot()->solution.objective;
  QString text = values.join(QStringLiteral(", "));
  if (std::isfinite(objective)) text += tr("   objective %1").arg(readable(objective, 6));
  auto* item = new QListWidgetItem(text, visits_);
  item->setData(Qt::UserRole, QVariant::fromValue(QList<double>(theta.data(), theta.data() + theta.size())));
  if (visits_->count() > most_visits) delete visits_->takeItem(0);
  visits_->scrollToBottom();
}

void LogDock::go_back(const QListWidgetItem* item) {
  if (!item) return;
  const QList<double> kept = item->data(Qt::UserRole).value<QList<double>>();
  study_.move_all(Eigen::Map<const Vec>(kept.data(), kept.size()), tr("return to a visited state"), -1);
}

}  // namespace argscope::app
