#pragma once
/// The picture in the window: a QOpenGLWidget that lends its context to a VTK render window, and the hands on it.
///
/// 2-D: left drag pans. 3-D: left drag rotates. Shift+left or middle drag pans, wheel zooms to the cursor, right drag
/// zooms, right click opens the menu, double click on nothing resets the view. Repaints on input or publication only.

#include <vtkSmartPointer.h>
#include <QElapsedTimer>
#include <QOpenGLWidget>
#include <QTimer>
#include <memory>

#include "app/study.h"
#include "views/stage.h"

class QMenu;
class vtkGenericOpenGLRenderWindow;
class vtkObject;

namespace argscope::app {

class Viewport : public QOpenGLWidget {
  Q_OBJECT

 public:
  Viewport(Study& study, QWidget* parent);
  ~Viewport() override;

  const views::Look& look() const { return look_; }
  void set_look(const views::Look&);  ///< `scale` is multiplied by the screen's pixel ratio when drawing
  void reset_camera(int view);        ///< −1: all views
  std::string camera() const;
  void set_camera(const std::string&);  ///< also before anything has been drawn
  void zoom_by(double factor);          ///< about the middle, of all views: for keys

 signals:
  void menu_asked(const QPoint& global);
  void failed(const QString& message);  ///< drawing is impossible: no OpenGL 3.2 here

 protected:
  void initializeGL() override;
  void resizeGL(int width, int height) override;
  void paintGL() override;
  void mousePressEvent(QMouseEvent*) override;
  void mouseMoveEvent(QMouseEvent*) override;
  void mouseReleaseEvent(QMouseEvent*) override;
  void mouseDoubleClickEvent(QMouseEvent*) override;
  void wheelEvent(QWheelEvent*) override;
  void keyPressEvent(QKeyEvent*) override;
  void leaveEvent(QEvent*) override;

 private:
  QPointF pixels(const QPointF& place) const;  ///< of the render window
  void connect_window();
  void answer(vtkObject*, unsigned long event, void* reply);
  void release_graphics();
  void show_state();  ///< hands the study's state to the stage
  void blit();
  void drag_to(const QPointF& place);
  void show_hover();

  Study& study_;
  views::Look look_;
  vtkSmartPointer<vtkGenericOpenGLRenderWindow> window_;
  std::unique_ptr<views::Stage> stage_;
  std::string camera_;  ///< kept while there is no stage
  QMetaObject::Connection context_end_;

  Qt::MouseButton button_ = Qt::NoButton;  ///< the gesture's
  Qt::KeyboardModifiers keys_;
  QPointF pressed_, last_;
  bool moved_ = false;
  int view_ = 0;
  QPointF hovered_;
  QTimer hover_timer_;
};

}  // namespace argscope::app
