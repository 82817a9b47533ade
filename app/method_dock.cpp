#include "app/method_dock.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <cmath>

#include "app/names.h"
#include "app/numbers.h"
#include "core/optimality/conditions.h"

namespace argscope::app {
namespace {

constexpr int most_iterations = 10'000'000, first_steps = 100;

/// What a name stands for, where core's table says it.
QString meaning(std::string_view name) {
  if (const auto* estimator = sensitivity::estimator_named(name))
    return QString::fromUtf8(estimator->summary.data(), static_cast<qsizetype>(estimator->summary.size()));
  if (const auto* condition = optimality::minimum_condition_named(name))
    return QString::fromUtf8(condition->formula.data(), static_cast<qsizetype>(condition->formula.size()));
  return {};
}

QString readable_bytes(std::size_t bytes) {
  if (bytes == 0) return QStringLiteral("–");
  const double kilobytes = static_cast<double>(bytes) / 1024;
  return kilobytes < 1024 ? MethodDock::tr("%1 KB").arg(readable(kilobytes, 3))
                          : MethodDock::tr("%1 MB").arg(readable(kilobytes / 1024, 3));
}

}  // namespace

MethodDock::MethodDock(Study& study, QWidget* parent)
    : QDockWidget(tr("Method"), parent),
      study_(study),
      switch_(new MethodSwitch(study, this)),
      run_(new ComparisonRun(this)),
      tolerance_(new ValueField(this)),
      iterations_(new QSpinBox(this)),
      complaint_(new QLabel(this)),
      steps_(new QSpinBox(this)),
      compare_(new QPushButton(this)),
      table_(new QTableWidget(this)),
      outdated_(new QLabel(tr("Of an earlier state: compare again."), this)) {
  setObjectName(QStringLiteral("method"));
  auto* body = new QWidget(this);
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(8, 6, 8, 6);
  layout->addWidget(make_choices());
  layout->addWidget(complaint_);
  layout->addWidget(make_comparison(), 1);
  complaint_->setWordWrap(true);
  complaint_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  complaint_->hide();
  setWidget(body);
  connect(&study_, &Study::opened, this, [this] {
    run_->cancel();
    table_->setRowCount(0);
    outdated_->hide();
    show_method();
  });
  connect(&study_, &Study::method_changed, this, &MethodDock::show_method);
  connect(&study_, &Study::method_changed, this, &MethodDock::mark_outdated);
  connect(&study_, &Study::moved, this, &MethodDock::mark_outdated);
  connect(&study_, &Study::published, this, &MethodDock::show_automatic);
  connect(switch_, &MethodSwitch::refused, this, &MethodDock::refuse);
  connect(run_, &ComparisonRun::measured, this, &MethodDock::add_row);
  connect(run_, &ComparisonRun::running_changed, this, &MethodDock::show_running);
  show_method();
  show_running();
}

QWidget* MethodDock::make_choices() {
  auto* form = new QWidget(this);
  auto* rows = new QFormLayout(form);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
  add_choice(rows, tr("condition"), &Method::condition, conditions().today);
  add_choice(rows, tr("solver"), &Method::solver, solvers().today);
  for (QWidget* field : std::initializer_list<QWidget*>{tolerance_, iterations_})
    field->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  tolerance_->setAccessibleName(tr("Tolerance"));
  rows->addRow(tr("Tolerance"), tolerance_);
  iterations_->setRange(0, most_iterations);
  iterations_->setSpecialValueText(tr("until the tolerance"));
  iterations_->setKeyboardTracking(false);
  iterations_->setAccessibleName(tr("Iterations"));
  iterations_->setToolTip(
      tr("Stop the solver after so many steps: what an unfinished solution does to its derivative"));
  rows->addRow(tr("Iterations"), iterations_);
  add_choice(rows, tr("estimator"), &Method::estimator, methods().today);
  add_choice(rows, tr("linear solver"), &Method::linear_solver, linear_solvers().today);
  connect(tolerance_, &ValueField::typed, this, [this](double value) {
    if (!study_.scene()) return;
    Method method = method_of(*study_.scene());
    method.tolerance = value;
    if (value > 0 && value < 1) return ask(method, tr("change of the tolerance"));
    refuse(tr("The tolerance is relative: a number between 0 and 1, such as 1e-10."));
  });
  connect(iterations_, &QSpinBox::valueChanged, this, [this](int value) {
    if (!study_.scene()) return;
    Method method = method_of(*study_.scene());
    method.iterations = value > 0 ? std::optional(value) : std::nullopt;
    ask(method, tr("change of the iterations"));
  });
  return form;
}

void MethodDock::add_choice(QFormLayout* rows, const QString& name, std::string Method::*part,
                            const std::vector<std::string>& names) {
  auto* box = new QComboBox(this);
  QString title = name;
  title[0] = title[0].toUpper();
  box->setAccessibleName(title);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(12);
  box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  for (const std::string& entry : names) {
    box->addItem(QString::fromStdString(entry), QString::fromStdString(entry));
    box->setItemData(box->count() - 1, meaning(entry), Qt::ToolTipRole);
  }
  connect(box, &QComboBox::activated, this, [this, box, part, name] {
    if (!study_.scene()) return;
    Method method = method_of(*study_.scene());
    method.*part = box->currentData().toString().toStdString();
    ask(method, tr("change of the %1").arg(name));
  });
  rows->addRow(title, box);
  choices_.push_back({name, part, box});
}

QWidget* MethodDock::make_comparison() {
  auto* page = new QWidget(this);
  auto* row = new QHBoxLayout;
  steps_->setRange(1, 100000);
  steps_->setValue(first_steps);
  steps_->setPrefix(tr("k = "));
  steps_->setAccessibleName(tr("Steps"));
  steps_->setToolTip(tr("Steps k of the estimators that differentiate an iteration"));
  row->addWidget(compare_);
  row->addWidget(steps_);
  row->addStretch(1);
  table_->setColumnCount(5);
  table_->setHorizontalHeaderLabels({tr("Estimator"), tr("Error"), tr("Time"), tr("Steps"), tr("Memory")});
  table_->horizontalHeaderItem(1)->setToolTip(tr("‖J − J_implicit‖ / ‖J_implicit‖"));
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  table_->setEditTriggers(QTableWidget::NoEditTriggers);
  table_->setAlternatingRowColors(true);
  table_->setAccessibleName(tr("Estimators compared"));
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(0, 6, 0, 0);
  layout->addLayout(row);
  layout->addWidget(outdated_);
  layout->addWidget(table_, 1);
  outdated_->setWordWrap(true);
  outdated_->hide();
  connect(compare_, &QPushButton::clicked, this, &MethodDock::compare);
  return page;
}

QComboBox& MethodDock::box(const QString& name) const {
  return *std::find_if(choices_.begin(), choices_.end(), [&](const Choice& c) { return c.name == name; })->box;
}

void MethodDock::ask(const Method& method, const QString& what) {
  complaint_->hide();
  complaint_->clear();
  switch_->ask(method, what);
}

void MethodDock::refuse(const QString& why) {
  show_method();  // the boxes say what is, not what was wished
  complaint_->setText(why);
  complaint_->show();
  emit refused(why);
}

void MethodDock::show_method() {
  setEnabled(study_.scene() != nullptr);
  if (!study_.scene()) return;
  const Method method = method_of(*study_.scene());
  for (const Choice& choice : choices_) {
    const QSignalBlocker quiet(choice.box);
    const std::string& wanted = method.*choice.part;
    for (int k = 0; k < choice.box->count(); ++k)
      if (same_name(choice.box->itemData(k).toString().toStdString(), wanted)) choice.box->setCurrentIndex(k);
  }
  const QSignalBlocker quiet(iterations_);
  tolerance_->set_number(method.tolerance);
  iterations_->setValue(method.iterations.value_or(0));
  show_automatic();
}

void MethodDock::show_automatic() {
  const live::SnapshotPtr& state = study_.snapshot();
  const auto name = [&](const QString& choice, std::string_view chosen) {
    QComboBox& which = box(choice);
    const int automatic = which.findData(QStringLiteral("auto"));
    const QString plain = QStringLiteral("auto");
    if (automatic >= 0)
      which.setItemText(
          automatic, chosen.empty()
                         ? plain
                         : tr("auto: %1").arg(QString::fromUtf8(chosen.data(), static_cast<qsizetype>(chosen.size()))));
  };
  const bool known = state && state->scene == study_.scene() && state->error.empty();
  name(tr("condition"), known && state->model ? state->model->condition() : std::string_view());
  name(tr("solver"), known ? std::string_view(state->solution.solver) : std::string_view());
  name(tr("linear solver"),
       known && state->has_jacobian ? std::string_view(state->trust.linear_solver) : std::string_view());
}

void MethodDock::compare() {
  if (run_->running()) return run_->cancel();
  const live::SnapshotPtr& state = study_.snapshot();
  if (!state || !state->error.empty() || state->solution.status != solve::Status::Converged)
    return refuse(tr("There is no solution to compare estimators at."));
  complaint_->hide();
  complaint_->clear();
  table_->setRowCount(0);
  outdated_->hide();
  run_->start(contest_of(state, looked_at_, steps_->value()));
}

namespace {

/// "≤" stands before what is a bound.
QString error_of(const Comparison& row) {
  if (std::isfinite(row.bound)) return QStringLiteral("≤ ") + readable(row.bound, 2);
  return std::isfinite(row.error) ? readable(row.error, 2) : MethodDock::tr("none");
}

}  // namespace

void MethodDock::add_row(const Comparison& row) {
  const int at = table_->rowCount();
  table_->insertRow(at);
  const bool found = std::isfinite(row.error);
  QString note = QString::fromStdString(row.trouble);
  if (!row.condition.empty())
    note += (note.isEmpty() ? QString() : QStringLiteral("; ")) +
            tr("the iteration is that of the condition %1").arg(QString::fromStdString(row.condition));
  if (std::isfinite(row.bound))
    note += tr("The exact Jacobian is within %1, relatively, by the bound of Blondel et al. (2022)")
                .arg(readable(row.bound, 2));
  QString name = QString::fromStdString(row.estimator);
  if (!row.trouble.empty()) name += QStringLiteral(" (!)");
  const QString texts[] = {name, error_of(row), found ? readable_time(row.seconds) : QStringLiteral("–"),
                           row.steps > 0 ? QString::number(row.steps) : QStringLiteral("–"),
                           readable_bytes(row.memory_bytes)};
  for (int column = 0; column < 5; ++column) {
    auto* item = new QTableWidgetItem(texts[column]);
    item->setToolTip(note.isEmpty() ? meaning(row.estimator) : note);
    if (column > 0) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    table_->setItem(at, column, item);
  }
}

void MethodDock::mark_outdated() { outdated_->setVisible(table_->rowCount() > 0 || run_->running()); }

void MethodDock::show_running() {
  compare_->setText(run_->running() ? tr("Cancel") : tr("Compare"));
  compare_->setToolTip(tr("All estimators at the present solution: error against the implicit Jacobian, time, memory"));
}

}  // namespace argscope::app
