"""What the tests of this room share: matrices, and measures of what their factors lack."""

import math
import re

import numpy as np

from lib.problems import (
    hilbert,
    lauchli,
    read_matrix,
    read_strd,
    vandermonde,
    wilkinson,
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


def stated(function, sentence, **values):
    """Return the value of a bound that stands for {} in a sentence of a function's docstring.

    Products are written there as in mathematics, "10 sqrt(m n) u": a space between two factors.
    """
    before, after = map(re.escape, sentence.split("{}"))
    formula = re.search(f"{before}(.+?){after}", " ".join(function.__doc__.split()))[1]
    product = re.sub(r"(?<=[\w)]) (?=[\w(])", "*", formula)
    return eval(product, {"sqrt": math.sqrt}, values)  # of a docstring of this repository
