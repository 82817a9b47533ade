#pragma once
/// The names of the primitives. Includes nothing: the kernels are compiled for several instruction sets.

namespace argscope::expr {

enum class Op : unsigned char {
  // sources
  Input,
  Constant,
  // elementwise, one operand
  Neg,
  Exp,
  Expm1,
  Log,
  Log1p,
  Sqrt,
  Sin,
  Cos,
  Tan,
  Arcsin,
  Arccos,
  Arctan,
  Sinh,
  Cosh,
  Tanh,
  Erf,
  Sigmoid,
  Softplus,
  Abs,
  Sign,
  Floor,
  Round,
  Reciprocal,
  // elementwise, two operands of one shape
  Add,
  Sub,
  Mul,
  Div,
  Pow,
  Maximum,
  Minimum,
  Arctan2,
  Less,
  LessEqual,
  Equal,
  // elementwise, three operands of one shape
  Where,
  // moving numbers about: linear
  Broadcast,
  Sum,
  Reshape,
  Permute,
  Slice,
  Pad,
  Gather,
  ScatterAdd,
  TakeAlong,
  PutAlong,
  CumSum,
  Stop,
  // whole-array
  MatMul,
  ArgMax,
  ArgSort,
  Solve,
  LogDet,
  Scan,
  LinearScan,
  Routine,
  Count_
};

}  // namespace argscope::expr
