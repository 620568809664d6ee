"""The derivatives of products of vectors, matrices and stacks of matrices."""

import numpy as np

from lib.gradients.traced import RULES, apply, handles


def _matmul(y, a, b):
    """Return the rule of a @ b."""
    a, b = (x if hasattr(x, "ndim") else np.asarray(x) for x in (a, b))
    if a.ndim > 1 and b.ndim > 1:
        return lambda g: g @ b.swapaxes(-1, -2), lambda g: a.swapaxes(-1, -2) @ g
    return _matvec(a.ndim == 1, b.ndim == 1, a, b)


def _matvec(row, column, a, b):
    """Return the rule of a @ b where a is one row, or b one column, or both."""
    def matrix(g):
        g = np.expand_dims(g, -1) if column else g
        return np.expand_dims(g, -2) if row else g

    def left(g):
        part = matrix(g) @ (b[None] if column else b.swapaxes(-1, -2))
        return part[..., 0, :] if row else part

    def right(g):
        part = (a[:, None] if row else a.swapaxes(-1, -2)) @ matrix(g)
        return part[..., 0] if column else part

    return left, right


RULES[np.matmul] = _matmul


@handles(np.dot)
def _dot(a, b):
    """Return the product of numbers, vectors and matrices."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return apply(np.multiply, a, b)
    if np.ndim(b) > 2:
        raise TypeError("np.dot of more than matrices pairs all of them: use a @ b, or say which "
                        "axes belong together by reshaping")
    return apply(np.matmul, a, b)


@handles(np.vdot)
def _vdot(a, b):
    """Return the inner product of all numbers of a and b."""
    return apply(np.matmul, np.ravel(a), np.ravel(b))


@handles(np.outer)
def _outer(a, b):
    """Return the products of each number of a with each of b."""
    return apply(np.multiply, np.reshape(a, (-1, 1)), np.ravel(b))
