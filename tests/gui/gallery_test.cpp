// The first page: pictures of the scenes, and nothing around them that has nothing to say.
#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "app/thumbnails.h"
#include "app/window_actions.h"
#include "tests/gui/hands.h"

namespace argscope::app {
namespace {

using namespace test;

constexpr QSize size(120, 80);

struct OneFolder : testing::Test {
  QString write(const QString& name, const char* text) {
    const QString path = folder.filePath(name);
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(text);
    return path;
  }
  QString kept() const { return folder.filePath(QStringLiteral("kept")); }
  QStringList pictures() const { return QDir(kept()).entryList({QStringLiteral("*.png")}); }
  QTemporaryDir folder;
};

/// What a Thumbnails has said.
struct Heard {
  explicit Heard(Thumbnails& from) {
    QObject::connect(&from, &Thumbnails::ready, &from, [this](const QString& path, bool, const QImage& picture) {
      paths << path;
      last = picture;
    });
  }
  QStringList paths;
  QImage last;
};

using ThumbnailsOf = OneFolder;

TEST_F(ThumbnailsOf, ASceneIsPaintedOnceAndKept) {
  const QString scene = write("line.toml", ridge_line);
  Thumbnails first(size, kept(), nullptr);
  Heard heard(first);
  first.ask(scene, false);
  EXPECT_TRUE(heard.paths.isEmpty()) << "nobody waits for a solve";
  ASSERT_TRUE(wait_for([&] { return !heard.paths.isEmpty(); }));
  EXPECT_EQ(heard.last.size(), size);
  QImage blank(size, QImage::Format_RGB32);
  blank.fill(heard.last.pixel(0, 0));
  EXPECT_GT(differing_pixels(heard.last, blank), 100);
  EXPECT_EQ(pictures().size(), 1);
  Thumbnails second(size, kept(), nullptr);
  Heard again(second);
  second.ask(scene, false);
  ASSERT_EQ(again.paths, QStringList{scene}) << "a kept picture is there at once";
  EXPECT_EQ(differing_pixels(again.last, heard.last), 0);
}

TEST_F(ThumbnailsOf, AChangedSceneAndTheOtherThemeAreNewPictures) {
  Thumbnails thumbnails(size, kept(), nullptr);
  Heard heard(thumbnails);
  const QString scene = write("line.toml", ridge_line);
  thumbnails.ask(scene, false);
  thumbnails.ask(scene, true);
  thumbnails.ask(scene, true);  // already asked
  ASSERT_TRUE(wait_for([&] { return heard.paths.size() == 2; }));
  write("line.toml", twelve);
  thumbnails.ask(scene, false);
  ASSERT_TRUE(wait_for([&] { return heard.paths.size() == 3; }));
  EXPECT_EQ(pictures().size(), 3);
}

TEST_F(ThumbnailsOf, AWrongSceneIsPassedOver) {
  Thumbnails thumbnails(size, kept(), nullptr);
  Heard heard(thumbnails);
  thumbnails.ask(write("wrong.toml", "title = 3"), false);
  thumbnails.ask(folder.filePath("missing.toml"), false);
  const QString good = write("line.toml", ridge_line);
  thumbnails.ask(good, false);
  ASSERT_TRUE(wait_for([&] { return !heard.paths.isEmpty(); }));
  EXPECT_EQ(heard.paths, QStringList{good});
}

TEST_F(ThumbnailsOf, APauseEndsALongSolveAndALaterWishIsHeard) {
  Thumbnails thumbnails(size, kept(), nullptr);
  Heard heard(thumbnails);
  thumbnails.ask(write("long.toml", endless), false);
  settle(100);
  thumbnails.pause();
  const QString good = write("line.toml", ridge_line);
  thumbnails.ask(good, false);
  ASSERT_TRUE(wait_for([&] { return !heard.paths.isEmpty(); }));
  EXPECT_EQ(heard.paths, QStringList{good});
}

TEST(GalleryPage, HasTheWindowToItselfUntilASceneIsOpen) {
  MainWindow window;
  window.show();
  settle(50);
  EXPECT_TRUE(window.gallery_shown());
  EXPECT_FALSE(window.parameters().isVisible());
  EXPECT_FALSE(window.jacobian().isVisible());
  EXPECT_FALSE(window.strip().isVisible());
  show_text(window, ridge_line);
  EXPECT_FALSE(window.gallery_shown());
  EXPECT_TRUE(window.parameters().isVisible());
  EXPECT_TRUE(window.strip().isVisible());
  EXPECT_FALSE(window.log().isVisible()) << "what was hidden before stays so";
}

TEST(GalleryPage, EscapeGoesBackToTheOpenScene) {
  const auto window = window_on(ridge_line);
  window->log().show();
  window->actions().trigger("gallery");
  EXPECT_TRUE(window->gallery_shown());
  EXPECT_FALSE(window->log().isVisible());
  QTest::keyClick(window.get(), Qt::Key_Escape);
  EXPECT_FALSE(window->gallery_shown());
  EXPECT_TRUE(window->log().isVisible());
  EXPECT_TRUE(window->study().answered());
}

TEST(GalleryPage, ClosingInTheGalleryKeepsTheLayoutOfAStudy) {
  {
    const auto window = window_on(ridge_line);
    window->actions().trigger("gallery");
    EXPECT_TRUE(window->close());
  }
  const auto next = window_on(ridge_line);
  EXPECT_TRUE(next->parameters().isVisible());
  EXPECT_TRUE(next->strip().isVisible());
}

TEST(GalleryPage, EveryCardHasWordsAndAPictureAndOpensByKey) {
  MainWindow window;
  window.show();
  QListWidget& list = window.gallery().list();
  ASSERT_GT(list.count(), 0);
  for (int row = 0; row < list.count(); ++row) {
    EXPECT_FALSE(list.item(row)->text().isEmpty());
    EXPECT_FALSE(list.item(row)->data(Qt::AccessibleDescriptionRole).toString().isEmpty());
    EXPECT_TRUE(wait_for([&] { return !list.item(row)->data(Qt::DecorationRole).isNull(); }))
        << list.item(row)->text().toStdString();
  }
  list.setCurrentRow(0);
  QTest::keyClick(&list, Qt::Key_Return);
  EXPECT_TRUE(wait_for([&] { return window.study().scene() != nullptr; }));
}

}  // namespace
}  // namespace argscope::app
