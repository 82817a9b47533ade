#include "app/array_grid.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "app/numbers.h"
#include "app/value_field.h"

namespace argscope::app {

ArrayGridModel::ArrayGridModel(Study& study, std::size_t parameter, QObject* parent)
    : QAbstractTableModel(parent), study_(study) {
  const std::vector<optimality::Parameter>& all = study.scene()->statement->parameters;
  for (std::size_t p = 0; p < parameter; ++p) first_ += static_cast<Index>(all[p].value.values.size());
  const expr::Shape& shape = all[parameter].value.shape;
  columns_ = shape.rank() >= 2 ? std::max<Index>(shape[shape.rank() - 1], 1) : 1;
  rows_ = shape.size() / columns_;
  connect(&study_, &Study::moved, this, [this] {
    if (rows_ > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::DisplayRole});
  });
}

int ArrayGridModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(rows_); }
int ArrayGridModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_);
}

Index ArrayGridModel::knob_at(const QModelIndex& at) const { return first_ + at.row() * columns_ + at.column(); }

QVariant ArrayGridModel::data(const QModelIndex& at, int role) const {
  if (!at.isValid() || knob_at(at) >= study_.theta().size()) return {};
  const double value = study_.theta()(knob_at(at));
  if (role == Qt::DisplayRole) return readable(value, 6);
  if (role == Qt::EditRole) return exact(value);
  if (role == Qt::TextAlignmentRole) return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
  return {};
}

QVariant ArrayGridModel::headerData(int section, Qt::Orientation, int role) const {
  return role == Qt::DisplayRole ? QVariant(section) : QVariant();
}

Qt::ItemFlags ArrayGridModel::flags(const QModelIndex& at) const {
  return QAbstractTableModel::flags(at) | Qt::ItemIsEditable;
}

bool ArrayGridModel::setData(const QModelIndex& at, const QVariant& typed, int role) {
  if (role != Qt::EditRole) return false;
  const std::variant<double, QString> parsed = parse_number(typed.toString());
  if (const QString* why = std::get_if<QString>(&parsed)) {
    emit refused(*why);
    return false;
  }
  emit refused({});
  study_.move(knob_at(at), std::get<double>(parsed), -1);
  return true;
}

ArrayGridDialog::ArrayGridDialog(Study& study, std::size_t parameter, QWidget* parent) : QDialog(parent) {
  setAttribute(Qt::WA_DeleteOnClose);
  const std::string& name = study.scene()->statement->parameters[parameter].name;
  setWindowTitle(tr("Elements of %1").arg(QString::fromStdString(name)));
  auto* model = new ArrayGridModel(study, parameter, this);
  auto* table = new QTableView(this);
  table->setModel(model);
  table->setAlternatingRowColors(true);
  table->setAccessibleName(windowTitle());
  auto* complaint = new QLabel(this);
  complaint->setWordWrap(true);
  connect(model, &ArrayGridModel::refused, complaint, &QLabel::setText);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  connect(&study, &Study::opened, this, &QDialog::close);
  auto* grid = new QWidget(this);
  auto* rows = new QVBoxLayout(grid);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->addWidget(table);
  rows->addWidget(complaint);
  auto* layout = new QVBoxLayout(this);
  const std::optional<Tiles> tiles = tiles_of(*study.scene(), parameter);
  if (tiles) {
    auto* pages = new QTabWidget(this);
    pages->addTab(grid, tr("Numbers"));
    pages->addTab(image_page(study, parameter, *tiles), tr("Image"));
    layout->addWidget(pages);
  } else {
    layout->addWidget(grid);
  }
  layout->addWidget(buttons);
  resize(520, 440);
}

QWidget* ArrayGridDialog::image_page(Study& study, std::size_t parameter, const Tiles& tiles) {
  auto* page = new QWidget(this);
  auto* painter = new ArrayPainter(study, parameter, tiles, page);
  auto* brush = new ValueField(page);
  brush->set_number(painter->brush());
  brush->setAccessibleName(tr("Brush"));
  connect(brush, &ValueField::typed, painter, &ArrayPainter::set_brush);
  auto* row = new QHBoxLayout;
  row->addWidget(new QLabel(tr("Brush"), page));
  row->addWidget(brush);
  row->addWidget(new QLabel(tr("Left button paints, right button resets"), page), 1);
  auto* layout = new QVBoxLayout(page);
  layout->addLayout(row);
  layout->addWidget(painter, 1);
  return page;
}

}  // namespace argscope::app
