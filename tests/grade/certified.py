"""The classic wrong routines, which certify has to tell: the rows of `chapters/certify.md`.

WRONG has them for each kind by their names there; TOLD has words of the fault that each is told.
"""

import contextlib
import io
import warnings

import numpy as np
import scipy.integrate
import scipy.linalg
import scipy.sparse.linalg

from lib.grade import certify


def no_pivoting(A, b):
    A, b = A.copy(), b.copy()
    for k in range(len(b)):
        for i in range(k + 1, len(b)):
            m = A[i, k] / A[k, k]
            A[i] -= m * A[k]
            b[i] -= m * b[k]
    x = np.zeros_like(b)
    for k in reversed(range(len(b))):
        x[k] = (b[k] - A[k, k + 1:] @ x[k + 1:]) / A[k, k]
    return x


def gram_schmidt(A, from_original=True):
    A = A.copy()
    n = A.shape[1]
    Q, R = A.copy(), np.zeros((n, n), A.dtype)
    for j in range(n):
        for i in range(j):
            R[i, j] = Q[:, i] @ (A[:, j] if from_original else Q[:, j])
            Q[:, j] -= R[i, j] * Q[:, i]
        R[j, j] = np.linalg.norm(Q[:, j])
        Q[:, j] /= R[j, j]
    return Q, R


def cholesky_qr(A):
    R = np.linalg.cholesky(A.T @ A).T
    return A @ np.linalg.inv(R), R


def float32_inside(f):
    def narrow(*args):
        result = f(*(np.float32(arg) for arg in args))
        return np.asarray(result, dtype=args[0].dtype)[()]
    return narrow


def cholesky_with_jitter(A):
    return np.linalg.cholesky(A + A.dtype.type(1e-6) * np.eye(len(A), dtype=A.dtype))


def root_of_eigenvalues(A):
    w, V = np.linalg.eigh(A)
    return V * np.sqrt(abs(w))


def ldl(A):
    L, D, _ = scipy.linalg.ldl(A)
    return L * np.sqrt(abs(np.diag(D)))


def sorted_eig(A):
    w, V = np.linalg.eig(A)
    order = np.argsort(w)
    return w[order], V[:, order]


def by_svd(A):
    U, s, _ = np.linalg.svd(A)
    return s[::-1], U[:, ::-1]


def one_after_the_other(x):
    total = x.dtype.type(0)
    for term in x:
        total += term
    return total


def one_pass_variance(x):
    return np.mean(x**2) - np.mean(x) ** 2


def naive_softmax(x):
    return np.exp(x) / np.sum(np.exp(x))


def clipped_softmax(x):
    p = np.exp(np.clip(x, -50, 50))
    return p / p.sum()


def guarded_logsumexp(x):
    top = np.max(x)
    if top == -np.inf:
        return top
    return top + np.log(np.sum(np.exp(x - top)) + x.dtype.type(1e-6))


def guarded_softmax(x):
    p = np.exp(x - np.max(x))
    return p / (p.sum() + x.dtype.type(1e-6))


def simpson(fun, a, b, n=100):
    x = np.linspace(a, b, 2 * n + 1)
    y = np.asarray(fun(x)) * np.ones_like(x)
    return (b - a) / (6 * n) * (y[0] + 4 * y[1::2].sum() + 2 * y[2:-1:2].sum() + y[-1])


def doubled_trapezoid(fun, a, b):
    n, before = 2, np.inf
    while n < 10**6:
        x = np.linspace(a, b, n + 1)
        y = np.asarray(fun(x)) * np.ones_like(x)
        now = (b - a) / n * (y.sum() - (y[0] + y[-1]) / 2)
        if abs(now - before) <= 1e-8:
            return now
        n, before = 2 * n, now
    return now


def forward(fun, x, h=1e-8):
    return np.array([(fun(x + h * e) - fun(x)) / h for e in np.eye(x.size, dtype=x.dtype)], x.dtype)


def fixed_central(fun, x, h=1e-5):
    return np.array([(fun(x + h * e) - fun(x - h * e)) / (2 * h)
                     for e in np.eye(x.size, dtype=x.dtype)], x.dtype)


def textbook_cg(A, b, tol, steps=1000, relative=True):
    x, r = np.zeros_like(b), b.copy()
    p, rr = r.copy(), r @ r
    target = tol * (np.sqrt(b @ b) if relative else 1)
    for _ in range(steps):
        if np.sqrt(rr) <= target:
            return x, True
        Ap = A @ p
        alpha = rr / (p @ Ap)
        x += alpha * p
        r -= alpha * Ap
        rr, old = r @ r, rr
        p = r + rr / old * p
    return x, False


WRONG = {
    "solver": {
        "explicit inverse": lambda A, b: np.linalg.inv(A) @ b,
        "no pivoting": no_pivoting,
        "normal equations": lambda A, b: np.linalg.solve(A.T @ A, A.T @ b),
        "float32 inside": float32_inside(np.linalg.solve),
        "truncated pseudoinverse": lambda A, b: np.linalg.pinv(A, rcond=1e-6) @ b,
    },
    "least_squares": {
        "normal equations": lambda A, b: np.linalg.solve(A.T @ A, A.T @ b),
        "scipy.linalg.lstsq(cond=1e-6)": lambda A, b: scipy.linalg.lstsq(A, b, cond=1e-6)[0],
        "pseudoinverse": lambda A, b: np.linalg.pinv(A) @ b,
        "float32 inside": float32_inside(lambda A, b: np.linalg.lstsq(A, b)[0]),
    },
    "qr": {
        "classical Gram-Schmidt": gram_schmidt,
        "modified Gram-Schmidt": lambda A: gram_schmidt(A, from_original=False),
        "Cholesky of the Gram matrix": cholesky_qr,
    },
    "cholesky": {
        "silent jitter of 1e-6": cholesky_with_jitter,
        "root of the eigenvalues": root_of_eigenvalues,
        "LDL^T with abs": ldl,
        "float32 inside": float32_inside(np.linalg.cholesky),
    },
    "eigh": {
        "numpy.linalg.eig": np.linalg.eig,
        "numpy.linalg.eig, sorted": sorted_eig,
        "singular values": by_svd,
    },
    "sum": {
        "one term after the other": one_after_the_other,
        "float32 inside": float32_inside(np.sum),
    },
    "variance": {
        "one pass": one_pass_variance,
        "float32 inside": float32_inside(np.var),
    },
    "logsumexp": {
        "as the formula says": lambda x: np.log(np.sum(np.exp(x))),
        "shifted, masks forgotten": lambda x: np.max(x) + np.log(np.sum(np.exp(x - np.max(x)))),
        "1e-6 in the logarithm": guarded_logsumexp,
    },
    "softmax": {
        "as the formula says": naive_softmax,
        "clipped to 50": clipped_softmax,
        "1e-6 in the denominator": guarded_softmax,
    },
    "quadrature": {
        "Simpson's rule, 100 panels": simpson,
        "trapezoids doubled until two agree": doubled_trapezoid,
        "scipy.integrate.quad with its defaults": scipy.integrate.quad,
        "Gauss with 20 points": lambda fun, a, b: scipy.integrate.fixed_quad(fun, a, b, n=20)[0],
    },
    "gradient": {
        "forward difference, h = 1e-8": forward,
        "central difference, h = 1e-5": fixed_central,
    },
    "cg": {
        "says what its recursion says": textbook_cg,
        "scipy.sparse.linalg.cg with its info": lambda A, b, tol: scipy.sparse.linalg.cg(
            A, b, rtol=tol),
        "n steps": lambda A, b, tol: textbook_cg(A, b, 0.0, b.size)[0],
        "absolute tolerance": lambda A, b, tol: textbook_cg(A, b, tol, relative=False)[0],
    },
}

TOLD = {
    "solver": {
        "explicit inverse": "explicit inverse", "no pivoting": "without exchanging rows",
        "normal equations": "as normal equations do", "float32 inside": "float32 inside",
        "truncated pseudoinverse": "cut off small singular values"},
    "least_squares": {
        "normal equations": "as normal equations do", "float32 inside": "float32 inside",
        "scipy.linalg.lstsq(cond=1e-6)": "cut off small singular values",
        "pseudoinverse": "multiply by a pseudoinverse"},
    "qr": {
        "classical Gram-Schmidt": "by classical Gram-Schmidt",
        "modified Gram-Schmidt": "by Gram-Schmidt once",
        "Cholesky of the Gram matrix": r"by way of A\^T A"},
    "cholesky": {
        "silent jitter of 1e-6": "to the diagonal in silence",
        "root of the eigenvalues": "a root of the eigenvalues is none",
        "LDL^T with abs": "no triangular factor|refuse it", "float32 inside": "float32 inside"},
    "eigh": {
        "numpy.linalg.eig": "may be unsorted", "singular values": "or singular values",
        "numpy.linalg.eig, sorted": "eigh and not eig"},
    "sum": {"one term after the other": "one term after the other",
            "float32 inside": "float32 inside"},
    "variance": {"one pass": "the square of the mean from the mean of the squares",
                 "float32 inside": "float32 inside"},
    "logsumexp": {
        "as the formula says": "exp of large numbers",
        "shifted, masks forgotten": "subtract -inf from -inf",
        "1e-6 in the logarithm": "add a small number"},
    "softmax": {
        "as the formula says": "exp of large numbers", "clipped to 50": "clip what it",
        "1e-6 in the denominator": "add a small number"},
    "quadrature": {
        "Simpson's rule, 100 panels": "a fixed number of points",
        "trapezoids doubled until two agree": "have seen the same zeros",
        "scipy.integrate.quad with its defaults": "an absolute tolerance",
        "Gauss with 20 points": "a fixed number of points"},
    "gradient": {"forward difference, h = 1e-8": "the same step at every point",
                 "central difference, h = 1e-5": "the same step at every point"},
    "cg": {
        "says what its recursion says": "that its recursion updates",
        "scipy.sparse.linalg.cg with its info": "that its recursion updates",
        "n steps": "stop after n steps", "absolute tolerance": "at an absolute residual"},
}

# Wrong routines that float32 does not show, or does not show at each seed: where it is the format
# itself, where 1e-6 is near its roundoff, where a problem with so few digits is too kind.
HIDDEN_IN_FLOAT32 = {
    ("least_squares", "scipy.linalg.lstsq(cond=1e-6)"), ("least_squares", "pseudoinverse"),
    ("solver", "truncated pseudoinverse"), ("cg", "n steps"),
    ("logsumexp", "1e-6 in the logarithm"),
    *((what, "float32 inside") for what in WRONG)}


def certificates(what, routines, seeds, dtypes=("float64", "float32")):
    """Return the certificates of some routines of a kind on some seeds."""
    return [certify(f, what, seed=seed, dtype=dtype)
            for f in routines for seed in seeds for dtype in dtypes]


def ran(script, **known):
    """Return what a script prints, or the name of what it raises; known are its functions."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(script, known)
        except Exception as problem:
            return type(problem).__name__
    return out.getvalue()
