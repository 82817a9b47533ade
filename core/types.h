#pragma once
/// The few aliases that every room shares. Matrices are dense, column-major, double precision.

#include <Eigen/Core>
#include <Eigen/SparseCore>

namespace argscope {

using Index = Eigen::Index;
using Vec = Eigen::VectorXd;
using Mat = Eigen::MatrixXd;
using SparseMat = Eigen::SparseMatrix<double>;  ///< compressed columns, int indices
using ConstVec = Eigen::Ref<const Vec>;
using ConstMat = Eigen::Ref<const Mat>;
using MutVec = Eigen::Ref<Vec>;
using MutMat = Eigen::Ref<Mat>;

}  // namespace argscope
