"""All eigenvalues and eigenvectors of a symmetric matrix, by the QR algorithm.

The matrix becomes tridiagonal once; then steps of the QR algorithm on its 2 n - 1 numbers, a
handful of operations for each row, make one number beside the diagonal after the other vanish.
"""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import checked_finite, symmetric_matrix
from lib.linear.tridiagonal import qr_step, tridiagonalize

STEPS = 30  # allowed for each eigenvalue, as in LAPACK; about two are needed
FLOOR = 2.0**-511  # the root of the smallest normal float
TURNS = 2**16  # rotations kept before the rows are turned


@dataclass(frozen=True, eq=False)
class Eigendecomposition:
    """The eigenvalues and eigenvectors of a symmetric matrix; unpacks as these two.

    Attributes
    ----------
    values : ndarray, shape (n,)
        Eigenvalues, the smallest first.
    vectors : ndarray, shape (n, n)
        Orthonormal eigenvectors, as columns. The sign of each is anybody's, and where eigenvalues
        are equal, or nearly, so is the choice of vectors in the space that belongs to them.
    steps, rotations : int
        How many steps of the QR algorithm were made, and how many rotations in them.
    """

    values: np.ndarray
    vectors: np.ndarray
    steps: int
    rotations: int

    def __iter__(self):
        return iter((self.values, self.vectors))

    @property
    def matrix(self):
        """Return the product vectors diag(values) vectors^T."""
        return self.vectors * self.values @ self.vectors.T


def eigh(A):
    """Return the eigenvalues and eigenvectors of a symmetric matrix, by the QR algorithm.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
        Symmetric up to 8 n eps max(|A|); what counts is (A + A^T) / 2.

    Returns
    -------
    Eigendecomposition
        With `.values`, `.vectors`, `.steps` and `.rotations`. The norm of A V - V diag(values), and
        the error of each eigenvalue, are at most 10 n u norm(A), and the loss of orthogonality of
        the vectors V is at most 10 n u. Values far below norm(A) may have no correct digit, unless
        `jacobi_svd` of a Cholesky factor gives them. A vector errs by up to 20 n u norm(A) divided
        by the gap, the distance of its eigenvalue to the others. With Wilkinson's shift about two
        steps for each eigenvalue are usual, which is a measurement and no theorem.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, not square or not symmetric.
    OverflowError
        If an eigenvalue is too large for the dtype.

    References
    ----------
    Francis, Computer J. 4 (1961); Wilkinson, Linear Algebra Appl. 1 (1968); Golub & Van Loan,
    Matrix Computations (2013), algorithm 8.3.3; for rotations of several steps at once, Lang, SIAM
    J. Sci. Comput. 19 (1998).

    Examples
    --------
    >>> values, vectors = eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> values.round(12)
    array([1., 3.])
    >>> abs(vectors).round(6)
    array([[0.707107, 0.707107],
           [0.707107, 0.707107]])
    """
    A = symmetric_matrix(A)
    exponent = np.frexp(np.max(np.abs(A)))[1]
    Q, T = tridiagonalize(np.ldexp(A, -exponent))
    values, rows = np.diag(T).copy(), Q.T.copy()
    steps, rotations = diagonalize(values, np.diag(T, -1), rows)
    order = np.argsort(values, kind="stable")
    with np.errstate(over="ignore"):
        values = checked_finite(np.ldexp(values[order], exponent), "an eigenvalue of A")
    return Eigendecomposition(values, rows[order].T, steps, rotations)


def diagonalize(diagonal, beside, rows):
    """Overwrite the diagonal of T by its eigenvalues, turn rows along; return how often.

    A number beside the diagonal counts as zero when it is at most eps times the sum of its
    neighbours on it. It then is set to zero, which moves no eigenvalue by more. So is one below
    FLOOR: the product of two such underflows, and with it what a step pushes down the diagonals.

    Parameters
    ----------
    diagonal, beside : ndarray, shapes (n,) and (n - 1,)
        Near 1 in size. Whatever their dtype, steps compute with Python's floats.
    rows : ndarray, shape (n, m)
        Multiplied from the left by the transposed eigenvectors of T.

    Returns
    -------
    steps, rotations : int
    """
    d, e = diagonal.tolist(), beside.tolist()
    eps = float(np.finfo(rows.dtype).eps)
    high, steps, rotations, turns = len(d) - 1, 0, 0, []
    while high > 0:
        # The block of rows low to high is the last one that is not diagonal yet.
        low = high
        while low > 0 and abs(e[low - 1]) > eps * (abs(d[low - 1]) + abs(d[low])) + FLOOR:
            low -= 1
        if low > 0:
            e[low - 1] = 0.0
        if low == high:
            high -= 1
            continue
        if steps == STEPS * len(d):
            raise RuntimeError(f"{high} eigenvalues were not found in {steps} steps: report A")
        turns += qr_step(d, e, low, high)
        steps, rotations = steps + 1, rotations + high - low
        if len(turns) > TURNS:
            turns = turn(rows, turns)
    turn(rows, turns)
    diagonal[:] = d
    return steps, rotations


def turn(rows, turns):
    """Overwrite rows by what plane rotations make of them; return an empty list of rotations.

    Rotations that share no row commute, so one may act together with those of earlier steps that
    are two rows ahead. They are sorted into waves; each wave is a stack of 2 x 2 matrices times
    pairs of rows.
    """
    waves, busy = [], [0] * len(rows)  # in which wave each row is free again
    for k, c, s in turns:
        first = max(busy[k], busy[k + 1])
        busy[k] = busy[k + 1] = first + 1
        if first == len(waves):
            waves.append([])
        waves[first].append((k, c, s))
    for wave in waves:
        k, c, s = np.array(wave).T
        pairs = k.astype(int)[:, None] + [0, 1]
        matrices = np.array([[c, s], [-s, c]], rows.dtype).transpose(2, 0, 1)
        rows[pairs] = matrices @ rows[pairs]
    return []
