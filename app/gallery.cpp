#include "app/gallery.h"

#include <QEvent>
#include <QFile>
#include <QLabel>
#include <QPainter>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr int name_role = Qt::UserRole, summary_role = Qt::UserRole + 1, path_role = Qt::UserRole + 2;
constexpr QSize picture_size(240, 150);
constexpr int margin = 6, padding = 12, gap = 6;

/// The value of `key = "…"` in the head of a scene.
QString head_value(const QString& head, const QString& key) {
  const QRegularExpression line(QStringLiteral(R"re(^%1\s*=\s*"((?:[^"\\]|\\.)*)")re").arg(key),
                                QRegularExpression::MultilineOption);
  QString value = line.match(head).captured(1);
  return value.replace(QStringLiteral("\\\""), QStringLiteral("\""));
}

/// Picture, title and summary from top to bottom; every card is as tall as the wordiest.
class CardDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    int words = 0;
    for (int row = 0; row < index.model()->rowCount(); ++row) {
      const QModelIndex card = index.sibling(row, 0);
      words = std::max(
          words, height_of(card.data(), bold(option.font)) + gap + height_of(card.data(summary_role), option.font));
    }
    return picture_size + QSize(2 * (margin + padding), 2 * (margin + padding) + gap + words);
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const Colors colors = colors_of(option.palette);
    const bool lively = option.state & (QStyle::State_Selected | QStyle::State_MouseOver);
    painter->save();
    painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QRect box = option.rect.adjusted(margin, margin, -margin, -margin);
    painter->setPen(QPen(lively ? colors.accent : colors.groove, lively ? 2 : 1));
    painter->setBrush(option.palette.color(QPalette::Base));
    painter->drawRoundedRect(QRectF(box), 8, 8);
    const QRect inside = box.adjusted(padding, padding, -padding, -padding);
    const QRect top(inside.topLeft(), picture_size);
    const QImage picture = index.data(Qt::DecorationRole).value<QImage>();
    picture.isNull() ? painter->fillRect(top, option.palette.color(QPalette::AlternateBase))
                     : painter->drawImage(top, picture);
    const QRect words = inside.adjusted(0, picture_size.height() + gap, 0, 0);
    QRect title;
    painter->setFont(bold(option.font));
    painter->setPen(option.palette.color(QPalette::Text));
    painter->drawText(words, wrapped, index.data().toString(), &title);
    painter->setFont(option.font);
    painter->setPen(colors.faint_text);
    painter->drawText(words.adjusted(0, title.height() + gap, 0, 0), wrapped, index.data(summary_role).toString());
    painter->restore();
  }

 private:
  static constexpr int wrapped = static_cast<int>(Qt::AlignLeft) | Qt::AlignTop | Qt::TextWordWrap;

  static QFont bold(QFont font) {
    font.setBold(true);
    return font;
  }
  static int height_of(const QVariant& text, const QFont& font) {
    return QFontMetrics(font).boundingRect(QRect(0, 0, picture_size.width(), 10000), wrapped, text.toString()).height();
  }
};

}  // namespace

std::vector<GalleryEntry> gallery_entries(const io::Paths& paths) {
  std::vector<GalleryEntry> entries;
  for (const std::filesystem::path& path : io::built_in_scenes(paths)) {
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly)) continue;
    const QString head = QString::fromUtf8(file.read(4096));
    const QString name = QString::fromStdString(path.stem().string());
    const QString title = head_value(head, QStringLiteral("title"));
    entries.push_back({name, title.isEmpty() ? name : title, head_value(head, QStringLiteral("summary")),
                       QString::fromStdString(path.string())});
  }
  return entries;
}

Gallery::Gallery(QWidget* parent)
    : QWidget(parent),
      search_(new QLineEdit(this)),
      list_(new QListWidget(this)),
      pictures_(new Thumbnails(picture_size * devicePixelRatioF(),
                               QStandardPaths::writableLocation(QStandardPaths::CacheLocation), this)) {
  auto* heading =
      new QLabel(tr("<h2>Argscope</h2>Drag a parameter and see where the solution goes, where it really went, "
                    "and whether the derivative can be trusted."),
                 this);
  heading->setWordWrap(true);
  search_->setPlaceholderText(tr("Find a scene"));
  search_->setAccessibleName(tr("Find a scene"));
  search_->setClearButtonEnabled(true);
  search_->setMaximumWidth(320);
  fill_list();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(20, 16, 20, 8);
  layout->addWidget(heading);
  layout->addWidget(search_);
  layout->addWidget(list_, 1);
  connect(pictures_, &Thumbnails::ready, this, &Gallery::show_picture);
  connect(search_, &QLineEdit::textChanged, this, &Gallery::filter);
  const auto pick = [this](const QListWidgetItem* item) { emit picked(item->data(name_role).toString()); };
  connect(list_, &QListWidget::itemClicked, this, pick);
  connect(search_, &QLineEdit::returnPressed, this, [this, pick] {
    for (int row = 0; row < list_->count(); ++row)
      if (!list_->item(row)->isHidden()) return pick(list_->item(row));
  });
  connect(list_, &QListWidget::itemActivated, this, pick);
}

void Gallery::fill_list() {
  list_->setViewMode(QListView::IconMode);
  list_->setResizeMode(QListView::Adjust);
  list_->setMovement(QListView::Static);
  list_->setUniformItemSizes(true);
  list_->setFrameShape(QFrame::NoFrame);
  list_->setMouseTracking(true);
  list_->setItemDelegate(new CardDelegate(list_));
  list_->setAccessibleName(tr("Built-in scenes"));
  list_->viewport()->setAutoFillBackground(false);
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  for (const GalleryEntry& entry : gallery_entries(io::Paths::standard())) {
    auto* item = new QListWidgetItem(entry.title, list_);
    item->setData(name_role, entry.name);
    item->setData(summary_role, entry.summary);
    item->setData(path_role, entry.path);
    item->setData(Qt::AccessibleDescriptionRole, entry.summary);
  }
}

// While a scene is open, the processor is its own.
void Gallery::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  pictures_->pause();
}

void Gallery::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  ask_pictures();
}

void Gallery::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && isVisible()) ask_pictures();
}

void Gallery::ask_pictures() {
  for (int row = 0; row < list_->count(); ++row)
    pictures_->ask(list_->item(row)->data(path_role).toString(), is_dark(palette()));
}

void Gallery::show_picture(const QString& path, bool dark, const QImage& picture) {
  if (dark != is_dark(palette())) return;
  for (int row = 0; row < list_->count(); ++row)
    if (list_->item(row)->data(path_role).toString() == path) list_->item(row)->setData(Qt::DecorationRole, picture);
}

void Gallery::filter(const QString& words) {
  for (int row = 0; row < list_->count(); ++row) {
    QListWidgetItem* item = list_->item(row);
    const QString all =
        item->text() + u' ' + item->data(name_role).toString() + u' ' + item->data(summary_role).toString();
    item->setHidden(!all.contains(words.trimmed(), Qt::CaseInsensitive));
  }
}

}  // namespace argscope::app
