#pragma once
/// One question of the command line: a scene with a person's wishes applied, then its answer: x* and ∂x*.

#include <memory>

#include "app/method.h"
#include "app/requests.h"
#include "core/io/scene.h"
#include "core/sensitivity/sensitivity.h"

namespace argscope::app {

/// A scene with the command line's choices in place of its own, and θ with every --set applied. Does not change.
struct Job {
  std::shared_ptr<const io::Scene> scene;
  optimality::ModelPtr model;
  Vec theta;
  bool force = false;
  bool json = false;
};

/// Reads the scene and applies the options. Throws WrongInput, expr::TextError or io::DataError.
Job prepare(const ProblemOptions&);

sensitivity::Options sensitivity_options(const Job&);
solve::Request request_at(const Job&, Vec theta, Vec start);

/// x* at the job's θ, from the scene's start.
solve::Solution find_solution(const Job&, solve::Memory&);

/// Total derivative of h at a solution in θ[first, first + count), by the cheaper of the forward and the adjoint way.
/// `derivative` was made at that solution and theta.
Mat derivative_of(const optimality::Function& h, const sensitivity::Sensitivity& derivative, const solve::Solution&,
                  const Vec& theta, Index first, Index count);

/// Why there is no honest x*: "not converged: …"; empty when there is one.
std::string why_no_solution(const solve::Solution&);
/// Why there is no honest derivative; empty when there is one.
std::string why_no_derivative(const sensitivity::Trust&);

/// Variables, definitions and outputs: what --of may name.
std::vector<std::string> function_names(const optimality::Statement&);
/// The one of them that `name` means, and that the model can differentiate. Throws WrongInput that offers the nearest.
std::string function_name(const optimality::Model&, const std::string& option, const std::string& name);
/// The parameter that `name` means. Throws WrongInput that offers the nearest.
const optimality::Slot& parameter_named(const optimality::Model&, const std::string& option, const std::string& name);

}  // namespace argscope::app
