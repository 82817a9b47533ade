#pragma once
/// All elements of an array parameter in a grid; every edit is an undoable move of one knob.

#include <QAbstractTableModel>
#include <QDialog>

#include "app/array_painter.h"
#include "app/study.h"

namespace argscope::app {

/// Rows and columns of one array parameter: a vector is one column, a matrix itself, deeper arrays a row for each of
/// their last axes.
class ArrayGridModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  ArrayGridModel(Study& study, std::size_t parameter, QObject* parent);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex&, int role) const override;
  QVariant headerData(int section, Qt::Orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex&) const override;
  bool setData(const QModelIndex&, const QVariant&, int role) override;

 signals:
  void refused(const QString& why);  ///< a typed text that is not a number

 private:
  Index knob_at(const QModelIndex&) const;

  Study& study_;
  Index first_ = 0, rows_ = 0, columns_ = 1;
};

class ArrayGridDialog : public QDialog {
  Q_OBJECT

 public:
  ArrayGridDialog(Study& study, std::size_t parameter, QWidget* parent);

 private:
  QWidget* image_page(Study& study, std::size_t parameter, const Tiles&);
};

}  // namespace argscope::app
