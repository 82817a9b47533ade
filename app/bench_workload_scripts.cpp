#include "app/bench_workload_scripts.h"

namespace argscope::app::scripts {

/// W = Bᵀθ: Newton's method for the 10 × 10 unknowns B = (I − P)/(20ε), and one adjoint solve of that size.
const std::string_view distillation = R"py(
samples, pixels = int(sys.argv[1]), int(sys.argv[2])
X = np.random.RandomState(1).rand(samples, pixels)
theta0 = np.random.RandomState(2).randn(10, pixels) / np.sqrt(pixels)
label = np.arange(samples) % 10
one, eps, B, rows = np.eye(10), 1e-3, np.zeros((10, 10)), np.arange(samples)
def softmax(S):
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
def matrix(K, P):
    slopes = P[:, :, None] * (one - P[:, None, :])
    return 20 * eps * np.eye(100) + (slopes[:, :, None, :] * K[:, None, :, None]).reshape(100, 100)
def update(theta):
    global B
    K = theta @ theta.T
    P = softmax(K @ B)
    F = 20 * eps * B + P - one
    for k in range(50):
        step = B - np.linalg.solve(matrix(K, P), F.ravel()).reshape(10, 10)
        Q = softmax(K @ step)
        after = 20 * eps * step + Q - one
        if abs(F).max() < 1e-10 and abs(after).max() > 0.5 * abs(F).max():
            break
        B, F, P = step, after, Q
        if abs(F).max() < 1e-14:
            break
    W = B.T @ theta
    Y = softmax(X @ W.T)
    Y[rows, label] -= 1
    g = Y.T @ X / samples
    S = np.linalg.solve(matrix(K, P).T, 10 * (theta @ g.T).ravel()).reshape(10, 10)
    R = P * (S - (P * S).sum(axis=1, keepdims=True))
    u = (g - R.T @ theta / 10) / (2 * eps)
    return -((P - one) @ u + R @ W) / 10
for k in range(100):  # from afar
    B = B - np.clip(np.linalg.solve(matrix(theta0 @ theta0.T, softmax(theta0 @ theta0.T @ B)),
        (20 * eps * B + softmax(theta0 @ theta0.T @ B) - one).ravel()).reshape(10, 10), -1, 1)
def answer(scale):
    return update(theta0 * scale)
)py";

/// The supports of the last codes are tried first, all samples in one stack of small systems; where a sign or a
/// subgradient refuses, proximal steps find others.
const std::string_view sparse_coding = R"py(
samples, atoms = int(sys.argv[1]), int(sys.argv[2])
D = np.random.RandomState(1).randn(atoms, atoms)
D /= np.sqrt((D**2).sum(axis=1, keepdims=True))
hidden = np.where(np.random.RandomState(2).rand(samples, atoms) < 0.1, np.random.RandomState(3).randn(samples, atoms), 0)
X = hidden @ D + 0.01 * np.random.RandomState(4).randn(samples, atoms)
G, XD, C = D @ D.T, X @ D.T, np.zeros((samples, atoms))
L = np.linalg.eigvalsh(G)[-1]
rows = np.arange(samples)[:, None]
def on_support(C):
    size = np.count_nonzero(C, axis=1)
    order = np.argsort(C == 0, axis=1, kind='stable')[:, :size.max()]
    inside = np.arange(size.max()) < size[:, None]
    H = G[order[:, :, None], order[:, None, :]] * (inside[:, :, None] & inside[:, None, :])
    H[:, np.arange(size.max()), np.arange(size.max())] += ~inside
    return order, inside, np.linalg.inv(H)
def solve(support, B):
    order, inside, inverse = support
    out = np.zeros((samples, atoms))
    out[rows, order] = np.where(inside, (inverse @ np.where(inside, B[rows, order], 0)[:, :, None])[:, :, 0], 0)
    return out
def optimal(C, before, lam):
    g = XD - C @ G
    return (np.sign(C) == np.sign(before)).all() and (abs(np.where(before == 0, g, 0)) <= lam * (1 + 1e-12)).all()
def codes(lam, C):
    while True:
        support = on_support(C)
        found = solve(support, XD - lam * np.sign(C))
        if optimal(found, C, lam):
            return found, support
        Y, t, last = C, 1.0, C
        for k in range(300):
            Z = Y + (XD - Y @ G) / L
            C = np.sign(Z) * np.maximum(abs(Z) - lam / L, 0)
            t, before = (1 + np.sqrt(1 + 4 * t * t)) / 2, t
            Y, last = C + (before - 1) / t * (C - last), C
def update(lam):
    global C
    C, support = codes(lam, C)
    dC = solve(support, -np.sign(C))
    g = C - hidden
    U = solve(support, g)
    return dC, (g * dC).sum(), -(U.T @ (C @ D - X) + C.T @ (U @ D))
codes(0.1, C)
def answer(scale):
    return update(0.1 * scale)
)py";

/// Codes by scikit-learn; their derivatives by NumPy on the supports that it finds.
const std::string_view sparse_coding_scikit = R"py(
from sklearn.decomposition import sparse_encode
samples, atoms = int(sys.argv[1]), int(sys.argv[2])
D = np.random.RandomState(1).randn(atoms, atoms)
D /= np.sqrt((D**2).sum(axis=1, keepdims=True))
hidden = np.where(np.random.RandomState(2).rand(samples, atoms) < 0.1, np.random.RandomState(3).randn(samples, atoms), 0)
X = hidden @ D + 0.01 * np.random.RandomState(4).randn(samples, atoms)
G, XD = D @ D.T, X @ D.T
def update(lam):
    C = sparse_encode(X, D, gram=G, cov=XD.T, algorithm='lasso_lars', alpha=lam, check_input=False)
    dC, U, g = np.zeros_like(C), np.zeros_like(C), C - hidden
    for i in range(samples):
        S = np.flatnonzero(C[i])
        V = np.linalg.solve(G[np.ix_(S, S)], np.column_stack([-np.sign(C[i, S]), g[i, S]]))
        dC[i, S], U[i, S] = V.T
    return dC, (g * dC).sum(), -(U.T @ (C @ D - X) + C.T @ (U @ D))
def answer(scale):
    return update(0.1 * scale)
)py";

/// CVXOPT's interior point for the active constraints; their Schur complement for z and J.
const std::string_view cvxopt = R"py(
from scipy import linalg as la
from cvxopt import matrix, solvers
n = int(sys.argv[1])
draw = lambda seed, *shape: np.random.RandomState(seed).randn(*shape)
L, q0, A, inside, G = draw(1, n, n), draw(2, n), draw(3, n // 2, n), draw(4, n), draw(5, n, n)
Q, b, h = L @ L.T / n + np.eye(n), 0.1 * A @ inside, 0.1 * G @ inside + np.random.RandomState(6).rand(n)
given = [matrix(M) for M in (G, h, A, b)]
Qm, inverse = matrix(Q), la.inv(Q)
solvers.options.update(show_progress=False, abstol=1e-10, reltol=1e-10, feastol=1e-10)
def update(q):
    s = solvers.qp(Qm, matrix(q), *given)
    active = np.flatnonzero(np.array(s['z']).ravel() > np.array(s['s']).ravel())
    C = np.vstack([A, G[active]])
    QC = inverse @ C.T
    weights = la.cho_solve(la.cho_factor(C @ QC), QC.T).T
    J = np.zeros((n, 2 * n + n // 2))
    J[:, :n] = weights @ QC.T - inverse
    J[:, n:n + n // 2] = weights[:, :n // 2]
    J[:, n + n // 2 + active] = weights[:, n // 2:]
    return J.T
def answer(scale):
    return update(q0 * scale)
)py";

}  // namespace argscope::app::scripts
