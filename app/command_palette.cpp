#include "app/command_palette.h"

#include <QKeyEvent>
#include <QVBoxLayout>
#include <algorithm>

namespace argscope::app {
namespace {

QString name_of(const QAction& action) {
  QString text = action.text();
  text.remove(u'&');
  return text.section(u'\t', 0, 0);
}

QString line_of(const QAction& action) {
  const QString key = action.text().contains(u'\t') ? action.text().section(u'\t', 1)
                                                    : action.shortcut().toString(QKeySequence::NativeText);
  return key.isEmpty() ? name_of(action) : name_of(action) + QStringLiteral("    ") + key;
}

}  // namespace

int fit_of(const QString& typed, const QString& name) {
  int fit = 0;
  qsizetype at = -1;
  for (const QChar wanted : typed) {
    if (wanted.isSpace()) continue;
    const qsizetype found = name.indexOf(wanted, at + 1, Qt::CaseInsensitive);
    if (found < 0) return -1;
    const bool begins_word = found == 0 || !name[found - 1].isLetterOrNumber();
    fit += 1 + (begins_word ? 4 : 0) + (found == at + 1 ? 3 : 0);
    at = found;
  }
  return fit;
}

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent, Qt::Popup), actions_(actions), search_(new QLineEdit(this)), list_(new QListWidget(this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setAccessibleName(tr("Commands"));
  search_->setPlaceholderText(tr("Type a command"));
  search_->setAccessibleName(tr("Command"));
  search_->installEventFilter(this);
  list_->setFrameShape(QFrame::NoFrame);
  list_->setFocusPolicy(Qt::NoFocus);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 8, 8, 8);
  layout->addWidget(search_);
  layout->addWidget(list_);
  resize(460, 340);
  connect(search_, &QLineEdit::textChanged, this, &CommandPalette::filter);
  connect(search_, &QLineEdit::returnPressed, this, &CommandPalette::run_chosen);
  connect(list_, &QListWidget::itemClicked, this, &CommandPalette::run_chosen);
  filter({});
  search_->setFocus();
}

void CommandPalette::filter(const QString& typed) {
  std::vector<std::pair<int, QAction*>> fitting;
  for (QAction* action : actions_) {
    const int fit = fit_of(typed, name_of(*action));
    if (fit >= 0 && action->isEnabled()) fitting.emplace_back(fit, action);
  }
  std::stable_sort(fitting.begin(), fitting.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  list_->clear();
  for (const auto& [fit, action] : fitting) {
    auto* item = new QListWidgetItem(line_of(*action), list_);
    item->setData(Qt::UserRole, QVariant::fromValue<QObject*>(action));
  }
  list_->setCurrentRow(0);
}

void CommandPalette::run_chosen() {
  const QListWidgetItem* item = list_->currentItem();
  if (!item) return;
  auto* action = qobject_cast<QAction*>(item->data(Qt::UserRole).value<QObject*>());
  close();
  if (action) action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched != search_ || event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key != Qt::Key_Up && key != Qt::Key_Down) return false;
  const int row = list_->currentRow() + (key == Qt::Key_Down ? 1 : -1);
  if (row >= 0 && row < list_->count()) list_->setCurrentRow(row);
  return true;
}

}  // namespace argscope::app
