#pragma once
/// Everything that brings a window back: scene, θ, choices, method, camera and look, as one readable, versioned JSON.
/// The same text is in every exported PNG, so that a picture opens as the session that made it.

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "app/method.h"
#include "core/io/scene.h"
#include "views/stage.h"

namespace argscope::app {

struct SavedSession {
  std::string text;            ///< the scene's
  std::filesystem::path path;  ///< where its data is looked up; may be empty
  io::Choices choices;
  std::vector<double> theta;
  std::string camera;
  views::Look look;              ///< what a person chose; sizes and staleness are not kept
  std::optional<Method> method;  ///< none: as the scene's text says
};

std::string to_json(const SavedSession&);  ///< ASCII
/// The session, or what is wrong with the text, in a sentence.
std::variant<SavedSession, std::string> from_json(const std::string& text);

/// Key of the PNG text chunk that holds the session.
inline constexpr const char* session_key = "argscope-session";

}  // namespace argscope::app
