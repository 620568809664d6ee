"""Functions to differentiate, which NumPy, torch and complex numbers all can compute.

Each takes the module whose functions it calls and a vector of six numbers between 0.1 and 0.9.
"""

import numpy as np

ROUNDOFF = 2.0**-53
C = np.random.default_rng(31).standard_normal((6, 6)) / 4
D = np.random.default_rng(32).standard_normal((3, 4))
WEIGHTS = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])


def point(seed=33, dtype=np.float64):
    """Return a vector at which all of the functions are smooth."""
    return np.random.default_rng(seed).uniform(0.1, 0.9, 6).astype(dtype)


def constant(m, x):
    """Return a constant array for a module, of float64 or of what torch was given."""
    return x if m is np else m.tensor(x)


def weighted(function):
    """Return a function that adds up the weighted values of an elementwise one."""
    return lambda m, x: m.sum(function(m, x) * constant(m, WEIGHTS))


def newton(m, x):
    """Return roots by five steps of Newton's method."""
    root = x + 1
    for _ in range(5):
        root = (root + x / root) / 2
    return m.sum(root)


def euler(m, x):
    """Return where twenty explicit steps of a pendulum lead."""
    angle, speed = x[:3], x[3:]
    for _ in range(20):
        angle, speed = angle + 0.05 * speed, speed - 0.05 * m.sin(angle)
    return m.sum(angle * speed)


def network(m, x):
    """Return the loss of a small network."""
    W = m.reshape(x, (2, 3))
    hidden = m.tanh(constant(m, C[:, :2]) @ W)
    logits = hidden @ constant(m, D)
    shifted = logits - 2.0
    losses = m.log(m.sum(m.exp(shifted), 1)) - shifted[:, 1]
    return m.mean(losses)


def horner(m, x):
    """Return the sum of a polynomial."""
    value = 0 * x
    for a in (3.0, -2.0, 0.5, 1.0, -4.0):
        value = value * x + a
    return m.sum(value)


# Analytic functions, for complex steps as well.
ANALYTIC = {
    "sin": weighted(lambda m, x: m.sin(x)),
    "cos": weighted(lambda m, x: m.cos(3 * x)),
    "tan": weighted(lambda m, x: m.tan(x)),
    "exp": weighted(lambda m, x: m.exp(-x)),
    "exp2": weighted(lambda m, x: m.exp2(x)),
    "expm1": weighted(lambda m, x: m.expm1(x)),
    "log": weighted(lambda m, x: m.log(x)),
    "log1p": weighted(lambda m, x: m.log1p(x)),
    "log2": weighted(lambda m, x: m.log2(x)),
    "log10": weighted(lambda m, x: m.log10(x)),
    "sqrt": weighted(lambda m, x: m.sqrt(x)),
    "square": weighted(lambda m, x: m.square(x)),
    "reciprocal": weighted(lambda m, x: m.reciprocal(x)),
    "sinh": weighted(lambda m, x: m.sinh(x)),
    "cosh": weighted(lambda m, x: m.cosh(x)),
    "tanh": weighted(lambda m, x: m.tanh(x)),
    "arcsin": weighted(lambda m, x: m.arcsin(x)),
    "arccos": weighted(lambda m, x: m.arccos(x)),
    "arctan": weighted(lambda m, x: m.arctan(x)),
    "arcsinh": weighted(lambda m, x: m.arcsinh(x)),
    "arccosh": weighted(lambda m, x: m.arccosh(x + 2)),
    "arctanh": weighted(lambda m, x: m.arctanh(x)),
    "cube": weighted(lambda m, x: x**3),
    "root and reciprocal": weighted(lambda m, x: x**-1.5),
    "two to the x": weighted(lambda m, x: 2.0**x),
    "x to the x": weighted(lambda m, x: x**x),
    "rational": weighted(lambda m, x: x / (1 + x * x) - 1 / x),
    "Gauss": weighted(lambda m, x: m.exp(-((x - 0.3) ** 2) / 0.1)),
    "logistic": weighted(lambda m, x: m.log1p(m.exp(-2 * x))),
    "polynomial": horner,
    "Rosenbrock": lambda m, x: m.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
    "product": lambda m, x: m.prod(x),
    "log-sum-exp": lambda m, x: m.log(m.sum(m.exp(x))),
    "quadratic form": lambda m, x: x @ constant(m, C) @ x,
    "least squares": lambda m, x: m.sum((constant(m, C) @ x - 1) ** 2) / 2,
    "variance": lambda m, x: m.mean((x - m.mean(x)) ** 2),
    "network": network,
    "Newton": newton,
    "Euler": euler,
    "sums so far": lambda m, x: m.sum(m.cumsum(x, 0) ** 2),
    "joined": lambda m, x: m.sum(m.concatenate([x, x * x]) * m.concatenate([x**3, x])),
    "stacked": lambda m, x: m.sum(m.stack([x, m.sin(x)]) @ constant(m, C) @ x),
    "picked twice": lambda m, x: m.sum(x[[0, 0, 2, 5]] ** 2 * x[[1, 0, 2, 3]]),
    "distances": lambda m, x: m.sum((x[:, None] - x[None, :]) ** 4),
    "turned": lambda m, x: m.sum(m.reshape(x, (2, 3)).T @ m.reshape(x, (2, 3)) ** 2),
    "solution": lambda m, x: m.sum(m.linalg.solve(constant(m, C + 2 * np.eye(6)) + m.outer(x, x),
                                                  constant(m, WEIGHTS) * x)),
    "inverse": lambda m, x: m.sum(m.linalg.inv(constant(m, 2 * np.eye(6)) + m.outer(x, x))),
    "determinant": lambda m, x: m.linalg.det(constant(m, np.eye(6)) + m.outer(x, x * x)),
}


def gram(m, x):
    """Return a symmetric positive definite matrix whose eigenvalues are far apart."""
    B = constant(m, C) + m.reshape(x, (6, 1)) * constant(m, WEIGHTS)
    return B @ B.T + constant(m, np.diag(np.arange(1.0, 7)))


def spectral(m, x):
    """Return a function of eigenvalues and eigenvectors."""
    values, V = m.linalg.eigh(gram(m, x))
    return m.sum((V * m.sin(values)) @ V.T * constant(m, C))


def low_rank(m, x):
    """Return a function of two singular triplets of a matrix with more rows than columns."""
    B = constant(m, C[:, :4] + np.eye(6)[:, :4] * np.arange(1, 5)) * m.reshape(x, (6, 1))
    U, s, Vt = m.linalg.svd(B, full_matrices=False)
    return m.sum(((U[:, :2] * s[:2]) @ Vt[:2]) ** 3)


# Not analytic: for torch alone. The names of some functions differ there.
OTHERS = {
    "absolute": weighted(lambda m, x: m.abs(x - 0.5)),
    "hypot": lambda m, x: m.sum(m.hypot(x, x**2)),
    "arctan2": lambda m, x: m.sum(m.arctan2(x, x**2 - 0.3)),
    "logaddexp": lambda m, x: m.sum(m.logaddexp(x, -2 * x)),
    "maximum": lambda m, x: m.sum(m.maximum(x, 1 - x) * m.minimum(x, x**2 + 0.1)),
    "largest": lambda m, x: m.amax(x) * m.amin(x * x),
    "where": lambda m, x: m.sum(m.where(x > 0.5, x**2, -x)),
    "clip": lambda m, x: m.sum(m.clip(x, 0.3, 0.6) ** 2),
    "norm": lambda m, x: m.linalg.norm(x) + m.linalg.norm(m.outer(x, x) + constant(m, C)),
    "remainder": lambda m, x: m.sum(m.remainder(5 * x, 0.7) * x),
    "Cholesky": lambda m, x: m.sum(m.linalg.cholesky(gram(m, x)) * constant(m, C)),
    "log-determinant": lambda m, x: m.linalg.slogdet(gram(m, x))[1],
    "eigenvalues": lambda m, x: m.sum(m.log(m.linalg.eigvalsh(gram(m, x)))),
    "eigenvectors": spectral,
    "singular values": lambda m, x: m.sum(m.linalg.svdvals(gram(m, x)[:, :4]) ** 1.5),
    "low rank": low_rank,
}
EVERY = {**ANALYTIC, **OTHERS}


def complex_step(f, x):
    """Return the gradient of an analytic function by complex steps, which subtract nothing."""
    steps = np.eye(len(x)) * 1e-40j
    return np.array([f(np, x + step).imag / 1e-40 for step in steps])


def by_torch(torch, f, x):
    """Return the gradient by torch."""
    t = torch.tensor(x, requires_grad=True)
    f(torch, t).backward()
    return t.grad.numpy()
