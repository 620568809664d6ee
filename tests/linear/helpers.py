"""What the tests of this room share: matrices, and measures of what their factors lack."""

import math
import re

import numpy as np

from lib.problems import (
    hilbert,
    lauchli,
    read_graph,
    read_matrix,
    read_strd,
    vandermonde,
    wilkinson,
    wilkinson_plus,
    with_eigenvalues,
    with_singular_values,
)

DTYPES = (np.float32, np.float64)


def roundoff(dtype):
    """Return u."""
    return np.finfo(dtype).eps / 2


def gamma(n, dtype):
    """Return n u / (1 - n u)."""
    return n * roundoff(dtype) / (1 - n * roundoff(dtype))


def random_matrix(n, dtype=np.float64, seed=3):
    """Return a matrix of normal numbers."""
    return np.random.default_rng(seed + n).standard_normal((n, n)).astype(dtype)


def rng(seed=7):
    """Return a source of random numbers."""
    return np.random.default_rng(seed)


def norm(A):
    """Return the 2-norm, computed in float64."""
    return np.linalg.norm(A.astype(float), 2)


def unit(A):
    """Return 10 sqrt(m n) u, the unit of most bounds here."""
    return 10 * math.sqrt(A.size) * roundoff(A.dtype)


def loss(Q):
    """Return the loss of orthogonality of columns."""
    return norm(Q.astype(float).T @ Q.astype(float) - np.eye(Q.shape[1]))


MATRICES = {
    "random": rng().standard_normal((40, 25)),
    "wide": rng().standard_normal((7, 30)),
    "square, odd": rng().standard_normal((31, 31)),
    "ill-conditioned": with_singular_values(np.geomspace(1, 1e-14, 30), rng(), 45),
    "many equal": with_singular_values(np.repeat([3.0, 1.0, 1e-5], 8), rng()),
    "rank 3": rng().standard_normal((20, 3)) @ rng(8).standard_normal((3, 12)),
    "rank 1, exact": np.outer(np.arange(1.0, 9), np.arange(3.0, 8)),
    "zero": np.zeros((6, 4)),
    "zero rows and columns": np.pad(rng().standard_normal((5, 4)), 2),
    "identity": np.eye(9),
    "row": np.array([[3.0, 0.0, -4.0]]),
    "column": np.array([[3.0], [0.0], [-4.0]]),
    "one": np.array([[-2.0]]),
    "lauchli": lauchli(5, 1e-8),
    "tiny": rng().standard_normal((9, 6)) * 1e-30,
    "large": rng().standard_normal((9, 6)) * 1e30,
    "longley": read_strd("Longley").X,
}


SQUARE = {
    "random": np.random.default_rng(4).standard_normal((200, 200)),
    "hilbert": hilbert(12), "vandermonde": vandermonde(np.linspace(-1, 1, 40)),
    "wilkinson": wilkinson(60), "triangular": np.triu(np.ones((70, 70))),
    "graded": np.random.default_rng(5).standard_normal((30, 30)) * np.logspace(0, -30, 30),
    "ill": with_singular_values(np.geomspace(1, 1e-15, 80), np.random.default_rng(6)),
    "west0067": read_matrix("west0067").toarray(), "bfwa62": read_matrix("bfwa62").toarray(),
}


def symmetric(n, seed=5):
    """Return a symmetric matrix of normal numbers."""
    B = rng(seed + n).standard_normal((n, n))
    return (B + B.T) / 2


def tridiagonal(d, e):
    """Return the symmetric tridiagonal matrix with diagonal d and e beside it."""
    return np.diag(d) + np.diag(e, 1) + np.diag(e, -1)


def graded(n, decades):
    """Return a symmetric matrix whose rows and columns shrink by so many powers of ten."""
    d = 10.0 ** -np.linspace(0, decades, n)
    return d[:, None] * symmetric(n) * d


SYMMETRIC = {
    "one": np.array([[-2.0]]), "two": np.array([[1.0, 2.0], [2.0, -3.0]]),
    "swap": np.array([[0.0, 1.0], [1.0, 0.0]]), "random 3": symmetric(3),
    "random": symmetric(40), "random, odd": symmetric(31),
    "diagonal": np.diag([3.0, -1.0, 2.0, 2.0]), "zero": np.zeros((4, 4)), "identity": np.eye(7),
    "tridiagonal": tridiagonal(rng(1).standard_normal(30), rng(2).standard_normal(29)),
    "splits": tridiagonal(np.ones(9), np.array([1.0, 0, 0, 1, 1, 1e-20, 1, 0])),
    "laplacian": tridiagonal(2 * np.ones(50), -np.ones(49)),
    "zero diagonal": tridiagonal(np.zeros(24), np.ones(23)),
    "wilkinson": wilkinson_plus(21), "hilbert": hilbert(12),
    "graded down": graded(20, 16), "graded up": graded(20, 16)[::-1, ::-1],
    "graded, mixed": graded(21, 12)[:, rng(3).permutation(21)][rng(3).permutation(21)],
    "geometric": with_eigenvalues(np.geomspace(1, 1e-17, 25), rng(4)),
    "clusters": with_eigenvalues(np.repeat([3.0, -3.0, 1e-6], 9), rng(5)),
    "one cluster": with_eigenvalues(1 + 1e-14 * rng(6).standard_normal(20), rng(7)),
    "projection": with_eigenvalues(np.repeat([1.0, 0.0], 15), rng(8)),
    "ones": np.ones((60, 60)),  # of rank 1: the rest sinks into the subnormal numbers
    "exchange": np.eye(12)[::-1].copy(), "wishart": symmetric(30) @ symmetric(30),
    "covariance": np.cov(rng(9).standard_normal((64, 20))),
    "karate": read_graph("karate").laplacian,
}


def stated(function, sentence, **values):
    """Return the value of a bound that stands for {} in a sentence of a function's docstring.

    Products are written there as in mathematics, "10 sqrt(m n) u": a space between two factors.
    """
    before, after = map(re.escape, sentence.split("{}"))
    formula = re.search(f"{before}(.+?){after}", " ".join(function.__doc__.split()))[1]
    product = re.sub(r"(?<=[\w)]) (?=[\w(])", "*", formula)
    return eval(product, {"sqrt": math.sqrt}, values)  # of a docstring of this repository
