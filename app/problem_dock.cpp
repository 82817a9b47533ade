#include "app/problem_dock.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QTextBlock>
#include <QVBoxLayout>

#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr int pause_ms = 250;

/// A text as the editor gives it back: every line ends alike.
QString as_edited(const io::Scene& scene) {
  QString text = QString::fromStdString(scene.text);
  return text.replace(QStringLiteral("\r\n"), QStringLiteral("\n")).replace(u'\r', u'\n');
}

}  // namespace

ProblemDock::ProblemDock(QWidget* parent)
    : QDockWidget(tr("Problem"), parent),
      editor_(new QPlainTextEdit(this)),
      highlighter_(new TomlHighlighter(editor_->document())),
      message_(new QLabel(this)),
      apply_(new QPushButton(tr("Apply"), this)),
      checker_(this) {
  setObjectName(QStringLiteral("problem"));
  editor_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  editor_->setLineWrapMode(QPlainTextEdit::NoWrap);
  editor_->setAccessibleName(tr("Text of the scene"));
  editor_->setTabChangesFocus(true);
  message_->setWordWrap(true);
  message_->setTextFormat(Qt::PlainText);
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  apply_->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
  apply_->setToolTip(tr("Open the text as it stands (Ctrl+Enter); camera and parameters' values stay"));
  apply_->setEnabled(false);
  auto* foot = new QHBoxLayout;
  foot->addWidget(message_, 1);
  foot->addWidget(apply_, 0, Qt::AlignTop);
  auto* body = new QWidget(this);
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(6, 6, 6, 6);
  layout->addWidget(editor_, 1);
  layout->addLayout(foot);
  setWidget(body);
  pause_.setSingleShot(true);
  pause_.setInterval(pause_ms);
  connect(&pause_, &QTimer::timeout, this, &ProblemDock::start_check);
  connect(editor_->document(), &QTextDocument::contentsChange, this, [this](int, int removed, int added) {
    if (removed == 0 && added == 0) return;
    reading_.reset();
    apply_->setEnabled(false);
    pause_.start();
  });
  connect(editor_->document(), &QTextDocument::modificationChanged, this, &ProblemDock::modified_changed);
  connect(&checker_, &SceneChecker::checked, this, &ProblemDock::show_reading);
  connect(apply_, &QPushButton::clicked, this, &ProblemDock::apply);
}

void ProblemDock::set_path(const std::filesystem::path& path) { path_ = path; }

void ProblemDock::show_scene(const io::Scene& scene) {
  path_ = scene.path;
  const QString text = as_edited(scene);
  if (text != editor_->toPlainText()) {
    editor_->setPlainText(text);
    set_saved();
  }
  applied_text_ = text;
  start_check();
}

void ProblemDock::keep_text(const io::Scene& scene) {
  path_ = scene.path;
  applied_text_ = as_edited(scene);
  start_check();
}

void ProblemDock::show_text(const SceneText& source, const SceneReading& trouble) {
  path_ = source.path;
  if (source.text != editor_->toPlainText()) editor_->setPlainText(source.text);
  applied_text_.clear();
  show_reading(trouble);
}

void ProblemDock::start_check() {
  pause_.stop();
  checker_.check({editor_->toPlainText(), path_, {}});
}

void ProblemDock::apply() {
  apply_when_read_ = !reading_;
  if (!reading_) return start_check();
  if (!reading_->scene) return;
  applied_text_ = editor_->toPlainText();
  apply_->setEnabled(false);
  emit applied(*reading_);
}

void ProblemDock::show_reading(const SceneReading& reading) {
  if (reading.source.text != editor_->toPlainText()) return;  // typed on meanwhile: a newer check follows
  reading_ = reading;
  const bool right = reading.scene != nullptr;
  const bool news = reading.source.text != applied_text_;
  apply_->setEnabled(right && news);
  message_->setText(
      !right ? (reading.line > 0 ? tr("Line %1: %2").arg(reading.line).arg(reading.message) : reading.message)
      : news ? tr("No mistakes. Apply shows it.")
             : tr("No mistakes."));
  QPalette colors = palette();
  if (!right) colors.setColor(QPalette::WindowText, colors_of(palette()).bad);
  message_->setPalette(colors);
  message_->setToolTip(reading.whole);
  error_line_ = right ? 0 : reading.line;
  underline(error_line_, reading.column);
  if (std::exchange(apply_when_read_, false) && right) apply();
}

// From the mistake to the end of its word; the message's caret has the same beginning.
void ProblemDock::underline(int line, int column) {
  QList<QTextEdit::ExtraSelection> marks;
  const QTextBlock block = line > 0 ? editor_->document()->findBlockByNumber(line - 1) : QTextBlock();
  if (block.isValid()) {
    const QString text = block.text();
    const QByteArray before = text.toUtf8().left(std::max(column - 1, 0));  // columns count bytes
    int from = std::min(static_cast<int>(QString::fromUtf8(before).size()), static_cast<int>(text.size()));
    int to = from;
    while (to < text.size() && (text[to].isLetterOrNumber() || text[to] == u'_' || text[to] == u'.')) ++to;
    if (to == from) to = std::min(from + 1, static_cast<int>(text.size()));
    if (to == from) from = std::max(from - 1, 0);
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(block);
    mark.cursor.setPosition(block.position() + from);
    mark.cursor.setPosition(block.position() + to, QTextCursor::KeepAnchor);
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(colors_of(palette()).bad);
    mark.format.setFontUnderline(true);
    marks << mark;
    QTextEdit::ExtraSelection whole_line;
    whole_line.cursor = QTextCursor(block);
    QColor ground = colors_of(palette()).bad;
    ground.setAlphaF(0.12f);
    whole_line.format.setBackground(ground);
    whole_line.format.setProperty(QTextFormat::FullWidthSelection, true);
    marks.prepend(whole_line);
  }
  editor_->setExtraSelections(marks);
}

void ProblemDock::changeEvent(QEvent* event) {
  QDockWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange) return;
  highlighter_->set_palette(palette());
  if (reading_) show_reading(*reading_);
}

}  // namespace argscope::app
