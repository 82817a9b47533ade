#include "app/gallery.h"

#include <QFile>
#include <QLabel>
#include <QPainter>
#include <QRegularExpression>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "app/theme.h"

namespace argscope::app {
namespace {

constexpr int name_role = Qt::UserRole, summary_role = Qt::UserRole + 1;
constexpr QSize card(300, 112);
constexpr int padding = 14;

/// The value of `key = "…"` in the head of a scene.
QString head_value(const QString& head, const QString& key) {
  const QRegularExpression line(QStringLiteral(R"re(^%1\s*=\s*"((?:[^"\\]|\\.)*)")re").arg(key),
                                QRegularExpression::MultilineOption);
  QString value = line.match(head).captured(1);
  return value.replace(QStringLiteral("\\\""), QStringLiteral("\""));
}

class CardDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return card; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const Colors colors = colors_of(option.palette);
    const bool lively = option.state & (QStyle::State_Selected | QStyle::State_MouseOver);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(option.rect).adjusted(6, 6, -6, -6);
    painter->setPen(QPen(lively ? colors.accent : colors.groove, lively ? 2 : 1));
    painter->setBrush(option.palette.color(QPalette::Base));
    painter->drawRoundedRect(box, 8, 8);
    QFont bold = option.font;
    bold.setBold(true);
    const QRectF inside = box.adjusted(padding, padding - 4, -padding, -padding + 4);
    painter->setFont(bold);
    painter->setPen(option.palette.color(QPalette::Text));
    QRectF title;
    painter->drawText(inside, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, index.data().toString(), &title);
    painter->setFont(option.font);
    painter->setPen(colors.faint_text);
    painter->drawText(inside.adjusted(0, title.height() + 4, 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                      index.data(summary_role).toString());
    painter->restore();
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
    entries.push_back({name, title.isEmpty() ? name : title, head_value(head, QStringLiteral("summary"))});
  }
  return entries;
}

Gallery::Gallery(QWidget* parent) : QWidget(parent), search_(new QLineEdit(this)), list_(new QListWidget(this)) {
  auto* heading =
      new QLabel(tr("<h2>Argscope</h2>Drag a parameter and see where the solution goes, where it really went, "
                    "and whether the derivative can be trusted."),
                 this);
  heading->setWordWrap(true);
  search_->setPlaceholderText(tr("Find a scene"));
  search_->setAccessibleName(tr("Find a scene"));
  search_->setClearButtonEnabled(true);
  search_->setMaximumWidth(320);
  list_->setViewMode(QListView::IconMode);
  list_->setResizeMode(QListView::Adjust);
  list_->setMovement(QListView::Static);
  list_->setUniformItemSizes(true);
  list_->setFrameShape(QFrame::NoFrame);
  list_->setMouseTracking(true);
  list_->setItemDelegate(new CardDelegate(list_));
  list_->setAccessibleName(tr("Built-in scenes"));
  list_->viewport()->setAutoFillBackground(false);
  for (const GalleryEntry& entry : gallery_entries(io::Paths::standard())) {
    auto* item = new QListWidgetItem(entry.title, list_);
    item->setData(name_role, entry.name);
    item->setData(summary_role, entry.summary);
    item->setData(Qt::AccessibleDescriptionRole, entry.summary);
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(20, 16, 20, 8);
  layout->addWidget(heading);
  layout->addWidget(search_);
  layout->addWidget(list_, 1);
  connect(search_, &QLineEdit::textChanged, this, &Gallery::filter);
  const auto pick = [this](const QListWidgetItem* item) { emit picked(item->data(name_role).toString()); };
  connect(list_, &QListWidget::itemClicked, this, pick);
  connect(search_, &QLineEdit::returnPressed, this, [this, pick] {
    for (int row = 0; row < list_->count(); ++row)
      if (!list_->item(row)->isHidden()) return pick(list_->item(row));
  });
  connect(list_, &QListWidget::itemActivated, this, pick);
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
