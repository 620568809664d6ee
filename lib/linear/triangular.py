"""Solve triangular systems, for one right-hand side or many.

Both directions are one idea: a row's unknown is found when all unknowns that it needs are known.
Rows are taken in blocks, whose known part is removed by one product; inside a block, one by one.
"""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import SingularMatrixError, checked_finite, right_hand_side, square_matrix

BLOCK = 64  # rows solved one by one between two products


def forward_substitution(L, b):
    """Return the solution of L x = b for a lower triangular L, from the first unknown to the last.

    Parameters
    ----------
    L : ndarray, shape (n, n), float32 or float64
        Zero above the diagonal.
    b : ndarray, shape (n,) or (n, k), of L's dtype
        One right-hand side, or one in each column.

    Returns
    -------
    ndarray of b's shape and dtype
        Every column solves (L + E) x = b exactly, for some E with |E| <= g |L| elementwise, where
        g = (n+1) u / (1 - (n+1) u). It takes n**2 operations for each.

    Raises
    ------
    TypeError, ValueError
        If L or b is complex, empty, not finite, or of the wrong shape; if L is not triangular.
    SingularMatrixError
        If an element of the diagonal is zero.
    OverflowError
        If a number of the solution is too large for the dtype.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem 8.5.

    Examples
    --------
    >>> forward_substitution(np.array([[2.0, 0.0], [1.0, 3.0]]), np.array([4.0, 5.0]))
    array([2., 1.])
    """
    L = _triangle(L, "L", "above")
    x = right_hand_side(b, L).copy()
    with np.errstate(all="ignore"):  # what overflows is found at the end
        solve_lower(L, x)
    return checked_finite(x, "the solution of L x = b")


def back_substitution(U, b):
    """Return the solution of U x = b for an upper triangular U, from the last unknown to the first.

    Parameters
    ----------
    U : ndarray, shape (n, n), float32 or float64
        Zero below the diagonal.
    b : ndarray, shape (n,) or (n, k), of U's dtype

    Returns
    -------
    ndarray of b's shape and dtype
        With the backward error of `forward_substitution`, which also says what is raised.

    Examples
    --------
    >>> back_substitution(np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([5.0, 4.0]))
    array([1., 2.])
    """
    U = _triangle(U, "U", "below")
    x = right_hand_side(b, U).copy()
    with np.errstate(all="ignore"):  # what overflows is found at the end
        solve_upper(U, x)
    return checked_finite(x, "the solution of U x = b")


def _triangle(T, name, empty):
    """Return T as a triangular matrix that can be divided by, or refuse it."""
    T = square_matrix(T, name)
    wrong = np.argwhere(np.triu(T, 1) if empty == "above" else np.tril(T, -1))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        raise ValueError(f"{name}{list(place)} = {T[place]} lies {empty} the diagonal of a "
                         f"triangular matrix: take np.{'tril' if empty == 'above' else 'triu'}")
    zeros = np.flatnonzero(np.diag(T) == 0)
    if len(zeros):
        k = int(zeros[0])
        raise SingularMatrixError(f"{name}[{k}, {k}] is 0: the triangular matrix is singular, "
                                  "and no row determines this unknown")
    return T


def solve_lower(L, x, unit=False):
    """Overwrite x by the solution of L y = x; only the lower triangle of L is read.

    If it is a unit one, its diagonal counts as ones and is not read either.
    """
    for start in range(0, len(x), BLOCK):
        block = slice(start, start + BLOCK)
        x[block] -= L[block, :start] @ x[:start]
        _forward(L[block, block], x[block], unit)


def _forward(L, x, unit):
    """Overwrite x by the solution of L y = x, row by row."""
    for k in range(len(x)):
        x[k] = x[k] - L[k, :k] @ x[:k]
        if not unit:  # not divided by 1, either: whole numbers beside fractions stay exact
            x[k] = x[k] / L[k, k]


def solve_upper(U, x):
    """Overwrite x by the solution of U y = x; only the upper triangle of U is read."""
    for start in reversed(range(0, len(x), BLOCK)):
        block, solved = slice(start, start + BLOCK), slice(start + BLOCK, None)
        x[block] -= U[block, solved] @ x[solved]
        _backward(U[block, block], x[block])


def _backward(U, x):
    """Overwrite x by the solution of U y = x, row by row from the last."""
    for k in reversed(range(len(x))):
        x[k] = (x[k] - U[k, k + 1 :] @ x[k + 1 :]) / U[k, k]


@dataclass(frozen=True, eq=False)
class BlockTriangle:
    """A triangle of a matrix with the inverses of its diagonal blocks, for many solves in sequence.

    A solve costs two products a block instead of a loop over rows. Its error is of the same order
    as that of substitution, but its backward error is not as small where a block is
    ill-conditioned: good for estimates, not for solutions.
    """

    matrix: np.ndarray
    inverses: np.ndarray
    lower: bool

    @classmethod
    def of(cls, matrix, lower, unit=False, width=64):
        """Return one triangle of a matrix, if unit then with ones on its diagonal."""
        blocks = np.tile(np.eye(width, dtype=matrix.dtype), (-(-len(matrix) // width), 1, 1))
        for block, start in zip(blocks, range(0, len(matrix), width), strict=True):
            part = matrix[start : start + width, start : start + width]
            block[: len(part), : len(part)] = np.tril(part if lower else part.T)
        if unit:
            np.einsum("kii->ki", blocks)[:] = 1
        _invert(blocks)
        return cls(matrix, blocks if lower else blocks.swapaxes(1, 2), lower)

    @property
    def T(self):
        """Return the transposed triangle."""
        return BlockTriangle(self.matrix.T, self.inverses.swapaxes(1, 2), not self.lower)

    def solve(self, b):
        """Return the solution x of T x = b."""
        x, width = b.copy(), self.inverses.shape[1]
        order = range(len(self.inverses))
        for k in order if self.lower else reversed(order):
            block = slice(k * width, (k + 1) * width)
            known = slice(0, block.start) if self.lower else slice(block.stop, None)
            rest = x[block] - self.matrix[block, known] @ x[known]
            x[block] = self.inverses[k][: len(rest), : len(rest)] @ rest
        return x


def _invert(L):
    """Overwrite a stack of lower triangular matrices, of a size 2**k, by their inverses.

    Inverted blocks on the diagonal are joined in pairs, all pairs of a size at once:
    the inverse of [[P, 0], [M, Q]] is [[1/P, 0], [-1/Q M 1/P, 1/Q]].
    """
    diagonal = np.einsum("kii->ki", L)
    diagonal[:] = 1 / diagonal
    half, width = 1, L.shape[-1]
    while half < width:
        pairs = width // (2 * half)
        joined = np.einsum("kipiq->kipq", L.reshape(-1, pairs, 2 * half, pairs, 2 * half))
        first, corner, second = (joined[..., :half, :half], joined[..., half:, :half],
                                 joined[..., half:, half:])
        corner[:] = -second @ corner @ first
        half *= 2
