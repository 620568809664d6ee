"""Right routines to certify, in many styles: those of NumPy, SciPy and lib, and some by hand."""

import math
import statistics

import numpy as np
import scipy.integrate
import scipy.linalg
import scipy.optimize
import scipy.sparse.linalg
import scipy.special

from lib import calculus, gradients, linear, numbers


def refined(A, b):
    factors = scipy.linalg.lu_factor(A)
    x = scipy.linalg.lu_solve(factors, b)
    return x + scipy.linalg.lu_solve(factors, b - A @ x)


def by_qr(A, b):
    Q, R = np.linalg.qr(A)
    return scipy.linalg.solve_triangular(R, Q.T @ b)


def full_pivoting(A, b):
    M, n = np.column_stack([A, b]), len(b)
    order = np.arange(n)
    for k in range(n):
        i, j = np.unravel_index(np.argmax(abs(M[k:, k:n])), (n - k, n - k))
        M[[k, k + i]] = M[[k + i, k]]
        M[:, [k, k + j]] = M[:, [k + j, k]]
        order[[k, k + j]] = order[[k + j, k]]
        for row in range(k + 1, n):
            M[row] -= M[row, k] / M[k, k] * M[k]
    x = np.zeros_like(b)
    for k in reversed(range(n)):
        x[order[k]] = (M[k, n] - M[k, k + 1:n] @ x[order[k + 1:]]) / M[k, k]
    return x


def rotated(A):
    """Return Q and R by Givens' rotations."""
    R, Q = A.copy(), np.eye(len(A), dtype=A.dtype)
    for j in range(A.shape[1]):
        for i in range(len(A) - 1, j, -1):
            length = np.hypot(R[i - 1, j], R[i, j])
            if length:
                c, s = R[i - 1, j] / length, R[i, j] / length
                turn = np.array([[c, s], [-s, c]])
                R[[i - 1, i]] = turn @ R[[i - 1, i]]
                Q[:, [i - 1, i]] = Q[:, [i - 1, i]] @ turn.T
    return Q, R


def by_rotations(A, b):
    Q, R = rotated(A)
    n = A.shape[1]
    return scipy.linalg.solve_triangular(R[:n], (Q.T @ b)[:n])


def with_column_pivoting(A, b):
    Q, R, order = scipy.linalg.qr(A, mode="economic", pivoting=True)
    x = np.empty(A.shape[1], A.dtype)
    x[order] = scipy.linalg.solve_triangular(R, Q.T @ b)
    return x


def by_outer_products(A):
    S, L = A.copy(), np.zeros_like(A)
    for k in range(len(A)):
        if not S[k, k] > 0:
            raise ValueError("not positive definite")
        L[k:, k] = S[k:, k] / np.sqrt(S[k, k])
        S[k + 1:, k + 1:] -= np.outer(L[k + 1:, k], L[k + 1:, k])
    return L


def by_ldl(A):
    n = len(A)
    L, d = np.eye(n, dtype=A.dtype), np.zeros(n, A.dtype)
    for j in range(n):
        d[j] = A[j, j] - L[j, :j] ** 2 @ d[:j]
        assert d[j] > 0, "not positive definite"
        L[j + 1:, j] = (A[j + 1:, j] - L[j + 1:, :j] * L[j, :j] @ d[:j]) / d[j]
    return L * np.sqrt(d)


def by_schur(A):
    T, Z = scipy.linalg.schur(A)
    order = np.argsort(np.diag(T))
    return np.diag(T)[order], Z[:, order]


def kahan(x):
    total = lost = x.dtype.type(0)
    for value in x:
        term = value - lost
        raised = total + term
        lost = (raised - total) - term
        total = raised
    return total


def neumaier(x):
    total = lost = x.dtype.type(0)
    for value in x:
        raised = total + value
        large, small = (total, value) if abs(total) >= abs(value) else (value, total)
        lost += (large - raised) + small
        total = raised
    return total + lost


def welford(x):
    mean = squares = x.dtype.type(0)
    for count, value in enumerate(x, 1):
        gap = value - mean
        mean += gap / x.dtype.type(count)
        squares += gap * (value - mean)
    return squares / x.dtype.type(len(x))


def in_halves(x):
    """Return the variance by Chan, Golub and LeVeque's rule for two halves."""
    def parts(x):
        if len(x) == 1:
            return x.dtype.type(1), x[0], x.dtype.type(0)
        (n, a, s), (m, b, t) = parts(x[:len(x) // 2]), parts(x[len(x) // 2:])
        return n + m, a + (b - a) * m / (n + m), s + t + (b - a) ** 2 * n * m / (n + m)
    return parts(x)[2] / x.dtype.type(len(x))


def streamed(x):
    top, total = -np.inf, 0.0
    for value in x.tolist():
        if value > top:
            total, top = total * math.exp(top - value), value
        if value > -np.inf:
            total += math.exp(value - top)
    return x.dtype.type(top + math.log(total) if total else -np.inf)


def by_logsumexp(x):
    return np.exp(x - scipy.special.logsumexp(x))


def composite_gauss(fun, a, b):
    t, w = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(a, b, 2001)
    half = np.diff(edges)[:, None] / 2
    return float(np.sum(fun(edges[:-1, None] + half * (1 + t)) * w * half))


def relative_quad(fun, a, b):
    return scipy.integrate.quad(fun, a, b, epsabs=0)


def scipy_forward(fun, x):
    step = np.sqrt(np.finfo(x.dtype).eps) * np.where(x == 0, 1, abs(x))
    return scipy.optimize.approx_fprime(x, fun, step).astype(x.dtype)


def central(fun, x):
    g = np.empty_like(x)
    for i in range(x.size):
        h = np.zeros_like(x)
        h[i] = np.cbrt(np.finfo(x.dtype).eps) * (abs(x[i]) or 1)
        g[i] = (fun(x + h) - fun(x - h)) / ((x + h)[i] - (x - h)[i])
    return g


def complex_step(fun, x):
    steps = 1e-30j * np.eye(x.size)
    return np.array([fun(x + step).imag / 1e-30 for step in steps]).astype(x.dtype)


def richardson(fun, x):
    g = np.empty_like(x)
    for i in range(x.size):
        size = x.dtype.type(np.finfo(x.dtype).eps ** 0.2 * (abs(x[i]) or 1))
        h = size * np.eye(x.size, dtype=x.dtype)[i]
        wide = (fun(x + h) - fun(x - h)) / (2 * size)
        fine = (fun(x + h / 2) - fun(x - h / 2)) / size
        g[i] = (4 * fine - wide) / 3
    return g


def scipy_cg(A, b, tol):
    return scipy.sparse.linalg.cg(A, b, rtol=tol)[0]


def scaled_cg(A, b, tol):
    return scipy.sparse.linalg.cg(A, b, rtol=tol, M=np.diag(1 / np.diag(A)))[0]


def honest_cg(A, b, tol):
    """Return x of conjugate gradients, begun anew five times, and whether b - A x is small."""
    x, target = np.zeros_like(b), tol * np.linalg.norm(b)
    for _ in range(5):
        r = b - A @ x
        p, rr = r.copy(), r @ r
        for _ in range(20 * len(b)):
            if np.sqrt(rr) <= target / 2:
                break
            Ap = A @ p
            alpha = rr / (p @ Ap)
            x, r = x + alpha * p, r - alpha * Ap
            rr, old = r @ r, rr
            p = r + rr / old * p
    return x, bool(np.linalg.norm(b - A @ x) <= target)


RIGHT = {
    "solver": [np.linalg.solve, scipy.linalg.solve, linear.solve,
               lambda A, b: scipy.linalg.lu_solve(scipy.linalg.lu_factor(A), b),
               refined, by_qr, full_pivoting],
    "least_squares": [lambda A, b: np.linalg.lstsq(A, b)[0],
                      lambda A, b: scipy.linalg.lstsq(A, b)[0],
                      lambda A, b: scipy.linalg.lstsq(A, b, lapack_driver="gelsy")[0],
                      linear.least_squares, by_qr, by_rotations, with_column_pivoting],
    "qr": [np.linalg.qr, scipy.linalg.qr, linear.householder_qr,
           lambda A: scipy.linalg.qr(A, mode="economic"), rotated],
    "cholesky": [np.linalg.cholesky, scipy.linalg.cholesky, linear.cholesky,
                 lambda A: scipy.linalg.cholesky(A, lower=True), by_outer_products, by_ldl],
    "eigh": [np.linalg.eigh, scipy.linalg.eigh, lambda A: scipy.linalg.eigh(A, driver="ev"),
             lambda A: scipy.linalg.eigh(A, driver="evd"),
             lambda A: scipy.linalg.eigh(A, driver="evx"), by_schur],
    "sum": [np.sum, math.fsum, numbers.pairwise_sum, kahan, neumaier],
    "variance": [np.var, statistics.variance, lambda x: np.var(x, ddof=1), welford, in_halves],
    "logsumexp": [scipy.special.logsumexp, numbers.logsumexp, np.logaddexp.reduce, streamed],
    "softmax": [scipy.special.softmax, numbers.softmax,
                lambda x: np.exp(scipy.special.log_softmax(x)), by_logsumexp],
    "quadrature": [relative_quad, calculus.adaptive, scipy.integrate.quad_vec, composite_gauss],
    "gradient": [scipy_forward, central, lambda fun, x: gradients.grad(fun)(x), complex_step,
                 richardson],
    "cg": [scipy_cg, linear.cg, scaled_cg, honest_cg],
}
