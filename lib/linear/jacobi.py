"""The singular value decomposition A = U diag(s) V^T, by turning pairs of columns.

No bidiagonal matrix, no shifts: two columns that are not orthogonal are turned in their plane until
they are, and this goes round until every pair is. What is left of each column then is a singular
value times a singular vector.
"""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import checked_finite, float_matrix, float_vector
from lib.linear.orthogonal import householder_qr, pivoted_qr

SWEEPS = 40  # never needed so far: five to twelve are usual
ELEMENTS = 2**15  # of rows turned at a time, so that what is done with them stays in the cache


@dataclass(frozen=True, eq=False)
class SVD:
    """The leading part of a singular value decomposition; unpacks as U, s, Vt.

    Attributes
    ----------
    U : ndarray, shape (m, k)
        Left singular vectors, as columns.
    s : ndarray, shape (k,)
        Singular values, the largest first.
    Vt : ndarray, shape (k, n)
        Right singular vectors, as rows.
    error : float
        A bound on the 2-norm of what is left out, rounding errors apart: 0 if nothing is.
    sweeps : int
        How often Jacobi's method went through all pairs.
    """

    U: np.ndarray
    s: np.ndarray
    Vt: np.ndarray
    error: float
    sweeps: int

    def __iter__(self):
        return iter((self.U, self.s, self.Vt))

    @property
    def matrix(self):
        """Return the product U diag(s) Vt."""
        return self.U * self.s @ self.Vt

    @property
    def T(self):
        """Return the decomposition of the transposed matrix."""
        return SVD(self.Vt.T, self.s, self.U.T, self.error, self.sweeps)


def jacobi_svd(A):
    """Return the thin singular value decomposition, with even the tiny values to full accuracy.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        Of any shape and rank.

    Returns
    -------
    SVD
        With U of shape (m, k), s (k,), Vt (k, n), where k = min(m, n). The loss of orthogonality
        of U and V, and the norm of A - U diag(s) Vt divided by that of A, are at most
        10 sqrt(m n) u. So is the error of every singular value, relative to the largest. Where a
        tall A is B D, a wide one D B, or a square one either, with D diagonal and square on the
        short side and B well-conditioned, each singular value has a *relative* error of at most
        10 sqrt(m n) u kappa(B), however small it is next to the others, as long as it is not below
        1e-138 times the largest (float32: 1e-12), where inner products underflow. With D on the
        long side no method could promise that: in [[3, 7], [3, 7], [d, -d]], of which one singular
        value is about 1.3 d, changing one 3 in its last bit makes that one 1e-16.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, or not a matrix.
    OverflowError
        If the largest singular value is too large for the dtype.

    References
    ----------
    Hestenes, J. SIAM 6 (1958); Demmel & Veselić, SIAM J. Matrix Anal. Appl. 13 (1992); for the
    factorisation in front, Drmač & Veselić, SIAM J. Matrix Anal. Appl. 29 (2008); for the sorted
    rows, Cox & Higham, BIT 38 (1998).

    Examples
    --------
    >>> U, s, Vt = jacobi_svd(np.array([[3.0, 0.0], [4.0, 5.0]]))
    >>> s**2
    array([45.,  5.])
    """
    A = float_matrix(A)
    if len(A) < A.shape[1]:
        return jacobi_svd(A.T).T
    # The triangle of a pivoted QR is graded from its first row to its last: its rows are nearly
    # orthogonal already, and turning them loses nothing of the small ones.
    exponent = np.frexp(np.max(np.abs(A)))[1]
    scaled = np.ldexp(A, -exponent)
    rows = np.argsort(-np.max(np.abs(scaled), axis=1), kind="stable")
    Q, R, columns = pivoted_qr(scaled[rows])
    turned, W, sweeps = orthogonalize(R)
    s = _norms(turned, np.sum(turned * turned, axis=1))
    order = np.argsort(-s, kind="stable")
    U, Vt = np.empty_like(Q), np.empty_like(R)
    U[rows] = Q @ W[order].T
    Vt[:, columns] = _unit_rows(turned[order], s[order])
    with np.errstate(over="ignore"):
        s = checked_finite(np.ldexp(s[order], exponent), "the largest singular value")
    return SVD(U, s, Vt, 0.0, sweeps)


def orthogonalize(R):
    """Return W R with orthogonal rows, the orthogonal W, and the number of sweeps it took.

    Two rows count as orthogonal when the cosine of their angle is at most sqrt(n) eps, as in
    LAPACK's xGESVJ. The pairs of a round have no row in common, so that one call turns them all.

    Parameters
    ----------
    R : ndarray, shape (n, n)
    """
    n, finfo = R.shape[1], np.finfo(R.dtype)
    tolerance, floor = np.sqrt(n) * finfo.eps, finfo.tiny / finfo.eps
    rows = np.hstack([R, np.eye(len(R), dtype=R.dtype)])  # each row takes its row of W along
    width = max(ELEMENTS // rows.shape[1], 1)
    pairs = [(i[k : k + width], j[k : k + width]) for i, j in rounds(len(R))
             for k in range(0, len(i), width)]
    for sweep in range(SWEEPS):
        turned = 0
        for i, j in pairs:
            p, q = rows[i], rows[j]
            alpha, beta, gamma = (np.einsum("kn,kn->k", a[:, :n], b[:, :n])
                                  for a, b in ((p, p), (q, q), (p, q)))
            lengths = _norms(p[:, :n], alpha) * _norms(q[:, :n], beta)
            far = np.abs(gamma) > tolerance * lengths + floor
            if not far.any():
                continue
            if not far.all():
                i, j, p, q, alpha, beta, gamma = (x[far] for x in (i, j, p, q, alpha, beta, gamma))
            c, s = rotation(alpha, beta, gamma)
            rows[i], rows[j] = c * p - s * q, s * p + c * q
            turned += len(i)
        if not turned:
            return rows[:, :n], rows[:, n:], sweep
    raise RuntimeError(f"{turned} pairs were still turned in sweep {SWEEPS}: report this matrix")


def rotation(alpha, beta, gamma):
    """Return cosine and sine that turn p and q orthogonal, as columns of numbers.

    Parameters
    ----------
    alpha, beta, gamma : ndarray, shape (k,)
        Inner products p @ p, q @ q and p @ q, the last not zero. Of the two angles it is the
        smaller, whose tangent t solves t**2 + 2 zeta t = 1 without cancellation.

    Examples
    --------
    >>> c, s = rotation(np.array([1.0]), np.array([1.0]), np.array([0.5]))
    >>> c.round(12), s.round(12)
    (array([[0.70710678]]), array([[0.70710678]]))
    """
    alpha, beta = float_vector(alpha, "alpha"), float_vector(beta, "beta")
    gamma = float_vector(gamma, "gamma")
    if not len(alpha) == len(beta) == len(gamma) or not np.all(gamma):
        raise ValueError(f"gamma = {gamma} needs a number for each of alpha and beta, and where it "
                         "is 0 nothing is to be turned: leave those pairs out")
    with np.errstate(over="ignore"):  # an infinite zeta is an angle of zero
        zeta = (beta - alpha) / gamma / 2  # 2 * gamma may be infinite where this is not
        t = np.copysign(1 / (np.abs(zeta) + np.hypot(1, zeta)), zeta)
    c = 1 / np.hypot(1, t)
    return c[:, None], (c * t)[:, None]


def rounds(n):
    """Return the rounds of a tournament: each pair of n meets once, nobody twice in a round.

    Examples
    --------
    >>> [list(zip(i.tolist(), j.tolist())) for i, j in rounds(4)]
    [[(0, 3), (1, 2)], [(0, 2), (3, 1)], [(0, 1), (2, 3)]]
    """
    players = np.arange(n + n % 2)  # who meets the odd one out, numbered n, rests
    half, pairs = len(players) // 2, []
    for _ in range(len(players) - 1):
        i, j = players[:half], players[half:][::-1]
        playing = (i < n) & (j < n)
        pairs.append((i[playing], j[playing]))
        players = np.concatenate([players[:1], players[-1:], players[1:-1]])
    return pairs


def _norms(rows, squares):
    """Return the norms of rows from the sums of their squares, or anew where those underflowed."""
    norms, finfo = np.sqrt(squares), np.finfo(rows.dtype)
    small = squares < finfo.tiny / finfo.eps
    if small.any():
        largest = np.max(np.abs(rows[small]), axis=1)
        scaled = rows[small] / np.where(largest == 0, 1, largest)[:, None]
        norms[small] = largest * np.sqrt(np.sum(scaled * scaled, axis=1))
    return norms


def _unit_rows(rows, s):
    """Return orthogonal rows of lengths s, the longest first, as orthonormal ones.

    Rows whose inner products underflow were not turned until they were orthogonal, and rows of
    length zero have no direction. Reflections make all of these orthogonal to each other and to the
    rest; on the product U diag(s) Vt that has no more effect than their lengths.
    """
    finfo = np.finfo(s.dtype)
    turned = np.count_nonzero(s > np.sqrt(finfo.tiny) / finfo.eps)
    V = rows / np.where(s == 0, 1, s)[:, None]
    if turned < len(s):
        Q, R = householder_qr(V.T)
        V[turned:] = (Q * np.where(np.diag(R) < 0, -1, 1)).T[turned:]
    return V
