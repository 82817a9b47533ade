#pragma once
/// A field for one number: shows it short, edits it in full precision, and takes `1e-3` and `2*pi`. What cannot be read
/// stays in the field, outlined, with the reason in a tooltip.

#include <QLineEdit>

namespace argscope::app {

class ValueField : public QLineEdit {
  Q_OBJECT

 public:
  explicit ValueField(QWidget* parent);
  void set_number(double value);  ///< no signal; what is being typed stays
  double number() const { return number_; }
  bool readable_text() const;  ///< what stands in the field is a number

  QSize sizeHint() const override;

 signals:
  void typed(double value);  ///< Enter was pressed or the field left, with a new number in it

 protected:
  void focusInEvent(QFocusEvent*) override;
  void focusOutEvent(QFocusEvent*) override;
  void keyPressEvent(QKeyEvent*) override;

 private:
  void commit();
  void show_number();
  void complain(const QString& reason);  ///< empty: all is well

  double number_ = 0;
};

}  // namespace argscope::app
