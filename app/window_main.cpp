#include "app/window_main.h"

#include <QApplication>
#include <QSettings>
#include <QSurfaceFormat>
#include <QTimer>

#include "app/main_window.h"

namespace argscope::app {

void prepare_toolkit() {
  QSurfaceFormat format;
  format.setRenderableType(QSurfaceFormat::OpenGL);
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setAlphaBufferSize(0);
  format.setDepthBufferSize(24);
  format.setSamples(0);
  QSurfaceFormat::setDefaultFormat(format);
  QCoreApplication::setOrganizationName(QStringLiteral("Argscope"));
  QCoreApplication::setApplicationName(QStringLiteral("Argscope"));
  QCoreApplication::setApplicationVersion(QStringLiteral(ARGSCOPE_VERSION));
}

int run_window(int argc, char** argv, const std::optional<std::string>& scene) {
  prepare_toolkit();
  QApplication app(argc, argv);
  apply_theme(app, theme_named(QSettings().value(QStringLiteral("theme")).toString()));
  MainWindow window;
  window.show();
  if (scene)
    window.open(QString::fromStdString(*scene));
  else
    window.show_gallery();
  return QApplication::exec();
}

}  // namespace argscope::app
