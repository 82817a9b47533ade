#pragma once
/// ∂x* by differences of full solves, warm-started and solved tightly: an independent check. Columns
/// [first, first + count) of θ. Motion along null modes is removed when a basis (n × k, may be empty) is given. A
/// column whose solves did not converge is not-a-number; where `stop` is requested the result is empty.

#include "core/solve/solver.h"

namespace argscope::sensitivity {

/// Central differences at two step lengths, combined to fourth order where x* is smooth enough.
Mat central_differences(const solve::Request& at, const solve::Options&, Index first, Index count,
                        const Mat& null_space, std::stop_token);
/// Forward differences: half the solves, first order.
Mat forward_differences(const solve::Request& at, const solve::Options&, Index first, Index count,
                        const Mat& null_space, std::stop_token);

/// (x*(θ + h eₖ) − x*(θ − h eₖ)) / 2h and (x*(θ + h eₖ) − x*(θ)) / h.
Vec central_quotient(const solve::Request& at, const solve::Options&, Index k, double h, std::stop_token);
Vec forward_quotient(const solve::Request& at, const solve::Options&, Index k, double h, std::stop_token);

/// The solution at a θ close to at.theta, as tightly as rounding allows; none when the solve did not end well.
std::optional<solve::Solution> solved_near(const solve::Request& at, const Vec& theta, const solve::Options&,
                                           std::stop_token);

/// A step of θₖ: small against what the parameter is made of, large against the solver's rounding.
double natural_step(const optimality::Model&, ConstVec theta, Index k);

}  // namespace argscope::sensitivity
