#pragma once
/// The part of the picture that Dear ImGui draws, inside VTK: the words of every view and what floats above them.

#include <vtkProp.h>

#include <functional>
#include <memory>
#include <vector>

#include "views/drawing.h"
#include "views/type.h"

namespace argscope::views {

/// Draws in RenderOverlay with an ImGui context of its own; takes no input. The context's buffers are given back when
/// the window lets go of its graphics resources.
class Words : public vtkProp {
 public:
  static Words* New();
  vtkTypeMacro(Words, vtkProp);

  void set_type(std::shared_ptr<const Type>);  ///< taken up when next drawn
  /// Texts alone of the views (their marks are VTK's), then everything of the overlay.
  void show(std::vector<const Drawing*> views, const Drawing* overlay);

  int RenderOverlay(vtkViewport*) override;
  void ReleaseGraphicsResources(vtkWindow*) override;

 protected:
  Words() = default;
  ~Words() override;

 private:
  struct Context;
  std::shared_ptr<const Type> type_, wanted_;
  std::unique_ptr<Context> context_;
  std::vector<const Drawing*> views_;
  const Drawing* overlay_ = nullptr;
};

}  // namespace argscope::views
