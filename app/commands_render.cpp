#include "app/commands_render.h"

#include <fmt/format.h>

#include <charconv>

#include "app/answer.h"
#include "app/files.h"
#include "app/names.h"
#include "app/private_display.h"
#include "app/saved_session.h"
#include "views/stage.h"

namespace argscope::app {
namespace {

/// The index of the first view of that kind; −1, all of them, when no kind is asked for.
int view_of_kind(const io::Scene& scene, const std::string& kind) {
  if (kind.empty()) return -1;
  std::vector<std::string> kinds;
  for (const auto& view : scene.views) kinds.push_back(view.kind);
  const std::string known = resolve_name("--view", kind, kinds);
  return static_cast<int>(std::find(kinds.begin(), kinds.end(), known) - kinds.begin());
}

/// The session is in the picture, so that the window can open it again.
io::Metadata picture_metadata(const Job& job, const Findings& found, const views::Look& look) {
  io::Metadata m = metadata(job, found);
  SavedSession session{job.scene->text,      job.scene->path, {}, {job.theta.begin(), job.theta.end()}, "", look,
                       method_of(*job.scene)};
  for (const auto& choice : job.scene->statement->choices) session.choices[choice.name] = choice.value;
  m[session_key] = to_json(session);
  return m;
}

std::string why_no_picture(const live::Snapshot& snapshot) {
  return snapshot.error.empty() ? why_no_solution(snapshot.solution) : snapshot.error;
}

}  // namespace

PictureSize parse_size(const std::string& text) {
  constexpr int least = 16, most = 16384;
  PictureSize size;
  const char* const end = text.data() + text.size();
  const auto width = std::from_chars(text.data(), end, size.width);
  const bool cross = width.ec == std::errc{} && width.ptr != end && *width.ptr == 'x';
  const auto height = std::from_chars(cross ? width.ptr + 1 : end, end, size.height);
  const auto fits = [](int pixels) { return pixels >= least && pixels <= most; };
  if (!cross || height.ec != std::errc{} || height.ptr != end || !fits(size.width) || !fits(size.height))
    throw WrongInput(fmt::format("--size '{}': expected WIDTHxHEIGHT in pixels, each from {} to {}, such as 1600x1200",
                                 text, least, most));
  return size;
}

Exit run_render(const RenderRequest& request, Console& console) {
  require_place(request.out, {".png", ".svg", ".pdf"});
  const PictureSize size = parse_size(request.size);
  const Job job = prepare(request.problem);
  views::Look look;
  look.view = view_of_kind(*job.scene, request.view);
  look.transparent = request.transparent;
  live::SessionOptions options;
  options.threads = request.problem.threads;
  options.force = job.force;
  options.model = job.model;
  const live::SnapshotPtr snapshot = live::solve_now(job.scene, job.theta, options);
  Findings found = findings_of(job, *snapshot);
  const std::string why = why_no_picture(*snapshot);
  found.forced = job.force && !why.empty();
  if (why.empty() || job.force) {
    const PrivateDisplay display;
    views::render_to_file(snapshot, look, size.width, size.height, request.out, picture_metadata(job, found, look));
    found.file = request.out;
  }
  return conclude(job, found, why, console);
}

}  // namespace argscope::app
