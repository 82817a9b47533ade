#include "app/saved_session.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/names.h"
#include "app/requests.h"

namespace argscope::app {
namespace {

using Json = nlohmann::ordered_json;
constexpr int version = 1;

Json look_json(const views::Look& look) {
  return {{"arrows", look.arrows},
          {"ghost", look.ghost},
          {"overlay", look.overlay},
          {"column", look.column},
          {"view", look.view}};
}

views::Look look_from(const Json& json) {
  views::Look look;
  look.arrows = json.value("arrows", look.arrows);
  look.ghost = json.value("ghost", look.ghost);
  look.overlay = json.value("overlay", look.overlay);
  look.column = json.value("column", look.column);
  look.view = json.value("view", look.view);
  return look;
}

Json method_json(const Method& method) {
  Json json = {{"condition", method.condition},
               {"solver", method.solver},
               {"tolerance", method.tolerance},
               {"estimator", method.estimator},
               {"linear_solver", method.linear_solver}};
  if (method.iterations) json["iterations"] = *method.iterations;
  if (method.step) json["step"] = *method.step;
  if (method.decay > 0) json["decay"] = method.decay;
  return json;
}

/// Throws WrongInput for a name that no table has.
Method method_from(const Json& json) {
  Method method;
  method.condition = choose(conditions(), json.at("condition").get<std::string>());
  method.solver = choose(solvers(), json.at("solver").get<std::string>());
  method.estimator = choose(methods(), json.at("estimator").get<std::string>());
  method.linear_solver = choose(linear_solvers(), json.at("linear_solver").get<std::string>());
  method.tolerance = json.at("tolerance").get<double>();
  if (!(method.tolerance > 0)) throw WrongInput("the method's tolerance must be greater than 0");
  if (json.contains("iterations")) method.iterations = std::max(1, json["iterations"].get<int>());
  if (json.contains("step")) method.step = json["step"].get<double>();
  if (method.step && !(*method.step > 0)) throw WrongInput("the method's step must be greater than 0");
  method.decay = json.value("decay", 0.0);
  if (!(method.decay >= 0 && method.decay <= 1)) throw WrongInput("the method's decay must be from 0 to 1");
  return method;
}

}  // namespace

std::string to_json(const SavedSession& session) {
  Json json;
  json["argscope_session"] = version;
  json["scene"] = {{"path", session.path.string()}, {"text", session.text}};
  json["choices"] = session.choices;
  json["theta"] = session.theta;
  if (session.method) json["method"] = method_json(*session.method);
  json["camera"] = session.camera;
  json["look"] = look_json(session.look);
  return json.dump(2, ' ', true, Json::error_handler_t::replace);  // a path may hold any bytes
}

std::variant<SavedSession, std::string> from_json(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    const int found = json.value("argscope_session", 0);
    if (found == 0) return "this is not a saved session: it has no \"argscope_session\"";
    if (found > version)
      return "this session was saved by a newer Argscope (format " + std::to_string(found) + "); update to open it";
    SavedSession session;
    session.path = json.at("scene").at("path").get<std::string>();
    session.text = json.at("scene").at("text").get<std::string>();
    session.choices = json.value("choices", io::Choices());
    session.theta = json.value("theta", std::vector<double>());
    session.camera = json.value("camera", std::string());
    if (json.contains("method")) session.method = method_from(json["method"]);
    if (json.contains("look")) session.look = look_from(json["look"]);
    return session;
  } catch (const WrongInput& error) {
    return std::string("the saved session cannot be used: ") + error.what();
  } catch (const nlohmann::json::exception& error) {
    return std::string("the saved session cannot be read: ") + error.what();
  }
}

}  // namespace argscope::app
