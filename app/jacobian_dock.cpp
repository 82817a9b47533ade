#include "app/jacobian_dock.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QVBoxLayout>
#include <set>

namespace argscope::app {

JacobianDock::JacobianDock(Study& study, QWidget* parent)
    : QDockWidget(tr("Jacobian"), parent),
      study_(study),
      tabs_(new QTabWidget(this)),
      map_(new HeatMap(this)),
      model_(new JacobianModel(this)),
      sorted_(new QSortFilterProxyModel(this)),
      table_(new QTableView(this)),
      spectrum_(new SpectrumPage(study, this)),
      constraints_(new ConstraintsModel(this)),
      constraints_page_(make_constraints_page()) {
  setObjectName(QStringLiteral("jacobian"));
  tabs_->setDocumentMode(true);
  tabs_->addTab(map_, tr("Heat map"));
  tabs_->addTab(make_table_page(), tr("Table"));
  tabs_->addTab(spectrum_, tr("Spectrum"));
  tabs_->addTab(constraints_page_, tr("Constraints"));
  tabs_->setTabVisible(tabs_->indexOf(constraints_page_), false);
  setWidget(tabs_);
  connect(map_, &HeatMap::column_picked, this, &JacobianDock::column_picked);
  connect(tabs_, &QTabWidget::currentChanged, this, &JacobianDock::show_page);
  connect(this, &QDockWidget::visibilityChanged, this, &JacobianDock::show_page);
  connect(&study_, &Study::published, this, &JacobianDock::show_state);
  connect(&study_, &Study::opened, this, &JacobianDock::show_state);
  show_state();
}

QWidget* JacobianDock::make_table_page() {
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(Qt::EditRole);
  sorted_->setDynamicSortFilter(false);  // rows must not jump while a person drags
  table_->setModel(sorted_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(-1, Qt::AscendingOrder);
  table_->setAlternatingRowColors(true);
  table_->setAccessibleName(tr("Table of the Jacobian"));
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  auto* kind = new QComboBox(this);
  kind->addItems({tr("∂x/∂θ"), tr("Scaled: ∂ln x/∂ln θ"), tr("Norms of columns")});
  kind->setAccessibleName(tr("What the table shows"));
  connect(kind, &QComboBox::currentIndexChanged, this,
          [this](int index) { model_->set_kind(static_cast<JacobianModel::Kind>(index)); });
  auto* copy = new QPushButton(tr("Copy as TSV"), this);
  connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(selection_as_tsv()); });
  auto* page = new QWidget(this);
  auto* row = new QHBoxLayout;
  row->addWidget(kind, 1);
  row->addWidget(copy);
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(6, 6, 6, 6);
  layout->addLayout(row);
  layout->addWidget(table_, 1);
  return page;
}

QWidget* JacobianDock::make_constraints_page() {
  auto* table = new QTableView(this);
  table->setModel(constraints_);
  table->setAlternatingRowColors(true);
  table->setAccessibleName(tr("Multipliers and slacks"));
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  return table;
}

void JacobianDock::show_constraints() {
  const live::SnapshotPtr& latest = study_.snapshot();
  const bool constrained = latest && latest->model && !latest->model->cones().empty();
  tabs_->setTabVisible(tabs_->indexOf(constraints_page_), constrained);
  const bool seen = constrained && isVisible() && tabs_->currentWidget() == constraints_page_;
  if (seen || !constrained) constraints_->show_state(latest.get());
}

void JacobianDock::show_state() {
  const live::SnapshotPtr& latest = study_.snapshot();
  show_constraints();
  if (latest && !latest->has_jacobian && study_.differentiated()) return;  // x* came first; J follows
  const bool shown = latest && latest->has_jacobian && latest->trust.defined && latest->J.size() > 0;
  state_ = shown ? latest : nullptr;
  QString reason = tr("No Jacobian yet.");
  if (latest && latest->has_jacobian && !shown)
    reason = tr("The derivative is not defined here: %1").arg(QString::fromStdString(latest->trust.reason));
  if (!note_.isEmpty()) reason += QStringLiteral("\n\n") + note_;
  map_->set_reason(reason);
  show_page();
}

// Only what is visible is kept up to date: a hidden table of a large Jacobian costs nothing.
void JacobianDock::show_page() {
  if (!isVisible() && state_) return;
  QWidget* page = tabs_->currentWidget();
  if (page == constraints_page_) show_constraints();
  if (page == map_ || !state_) map_->show_state(state_);
  if (page == spectrum_ || !state_) spectrum_->show_state(state_);
  if ((page != map_ && page != spectrum_ && page != constraints_page_) || !state_) model_->show_state(state_);
}

void JacobianDock::add_note(const QString& note) {
  note_ = note;
  show_state();
}

bool JacobianDock::table_has_focus() const { return table_->hasFocus(); }

QString JacobianDock::selection_as_tsv() const {
  model_->show_state(state_);
  std::set<int> rows, columns;
  for (const QModelIndex& cell : table_->selectionModel()->selectedIndexes()) {
    rows.insert(cell.row());
    columns.insert(cell.column());
  }
  const bool everything = rows.empty();
  std::vector<int> which_rows, which_columns;
  for (int row = 0; row < sorted_->rowCount(); ++row)
    if (everything || rows.contains(row)) which_rows.push_back(sorted_->mapToSource(sorted_->index(row, 0)).row());
  for (int column = 0; column < sorted_->columnCount(); ++column)
    if (everything || columns.contains(column)) which_columns.push_back(column);
  return as_tsv(*model_, which_rows, which_columns);
}

}  // namespace argscope::app
