#pragma once
/// What leaves the window: pictures, the Jacobian as arrays, the state as text, the way to repeat it as a command.

#include <QDialog>
#include <QSpinBox>

#include "app/saved_session.h"
#include "app/study.h"

class QCheckBox;

namespace argscope::app {

/// Everything a file says about where its numbers come from: θ, seed and other choices, solver, tolerance, residuals,
/// version, camera, and the session itself.
std::map<std::string, std::string> metadata_of(const live::Snapshot&, const SavedSession&);

/// θ, x* and outputs as readable lines.
QString state_as_text(const live::Snapshot&);

/// The shell command that gives the same Jacobian: `argscope jacobian SCENE --set NAME=VALUE … --out jacobian.npz`.
QString as_command(const live::Snapshot&);
/// A word as a POSIX shell reads it back.
QString quoted(const QString& word);

/// J, x* and θ into one file; of a file for one array, J alone. Throws io::DataError.
void export_jacobian(const live::Snapshot&, const std::filesystem::path&, const std::map<std::string, std::string>&);

/// Asks for size and ground of a picture.
class PictureDialog : public QDialog {
  Q_OBJECT

 public:
  PictureDialog(QSize proposed, QWidget* parent);
  QSize size_chosen() const { return {width_->value(), height_->value()}; }
  bool transparent() const;
  bool overlay() const;

 private:
  QSpinBox* width_;
  QSpinBox* height_;
  QCheckBox* transparent_;
  QCheckBox* overlay_;
};

}  // namespace argscope::app
