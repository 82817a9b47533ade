#pragma once
/// Projections onto the exponential and the power cone, with their derivatives.

#include <Eigen/Core>

namespace argscope::sets {

struct ConeProjection {
  Eigen::Vector3d x;
  Eigen::Matrix3d slope;         ///< ∂x/∂v
  Eigen::Vector3d in_parameter;  ///< ∂x/∂p; 0 for a cone without one
  double depth;   ///< positive inside the cone, negative outside: changes sign where v crosses the surface
  double height;  ///< negative inside the polar cone, positive outside
};

/// cl{(r, s, t) : s > 0, s·exp(r/s) ≤ t}. Friberg, Projection onto the exponential cone, 2021: x = σ(ρ, 1, exp ρ) with
/// the root ρ of an increasing function; the slope by the implicit function theorem.
ConeProjection project_exponential_cone(const Eigen::Vector3d& v);

/// {(x, y, z) : x^p y^(1−p) ≥ |z|, x, y ≥ 0}, 0 < p < 1. Hien 2015, proposition 2.2: x² − vₓx = p·r(|z| − r), likewise
/// y, with the root r = |result's z|. Not-a-number for other p.
ConeProjection project_power_cone(const Eigen::Vector3d& v, double p);

}  // namespace argscope::sets
