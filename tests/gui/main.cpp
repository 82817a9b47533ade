// A real QApplication on a real X display: the one that is there, or a private Xvfb. Settings and kept pictures go to
// a folder of their own.
#include <gtest/gtest.h>

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

#include "app/private_display.h"
#include "app/window_main.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const argscope::app::PrivateDisplay display;
  qputenv("QT_QPA_PLATFORM", "xcb");
  argscope::app::prepare_toolkit();
  const QTemporaryDir settings;
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
  qputenv("XDG_CACHE_HOME", settings.path().toUtf8());
  QApplication app(argc, argv);
  return RUN_ALL_TESTS();
}
