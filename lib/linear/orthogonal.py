"""Factor A = Q R with orthonormal columns Q, by Gram-Schmidt or by reflections.

Columns are scaled by powers of two first, which no method here notices except by not overflowing:
Q stays the same bit for bit, and every column of R is scaled back.
"""

import warnings
from decimal import Decimal

import numpy as np

from lib.linear.checks import (
    IllConditionedWarning,
    SingularMatrixError,
    checked_finite,
    matrix,
    tall_matrix,
    vector,
    with_roots,
)

BLOCK = 48  # columns whose reflections act together
ROWS = 1024  # whose products are summed at once
# Sums of squares above these have lost nothing to underflow.
SQUARES = {np.dtype(t): np.finfo(t).tiny / np.finfo(t).eps for t in (np.float32, np.float64)}


def inner(X, Y):
    """Return X^T Y, for vectors or matrices, summed by blocks of rows.

    A sum of m products has an error of up to m u, and a million equal rows come near it: their
    rounding errors are equal, too. That is more than 10 sqrt(m n) u. A sum of block sums has one
    of (ROWS + m / ROWS) u.

    OpenBLAS's float32 product of five rows computes also with what stood in unused parts of its
    registers (seen in 0.3.31 with AVX-512): the product is right, the flag "invalid" means nothing.
    """
    with np.errstate(invalid="ignore"):
        if len(X) <= ROWS:
            return X.T @ Y
        return sum(X[k : k + ROWS].T @ Y[k : k + ROWS] for k in range(0, len(X), ROWS))


def inner_length(m):
    """Return how many u of its terms the error of `inner` can reach for m rows."""
    return m if m <= ROWS else ROWS + -(-m // ROWS)


def unit_columns(A):
    """Return A with its columns scaled by powers of two to norms from 1/2 to 1, and the exponents.

    The scaling is exact but for elements 1e-300 times smaller than others in their column
    (float32: 1e-37). Columns of zeros and arrays of objects stay as they are.
    """
    if A.dtype == object:
        return A.copy(), None
    largest = np.frexp(np.maximum(np.max(A, axis=0), -np.min(A, axis=0)))[1]
    A = np.ldexp(A, -largest, order="C")  # so that no bit depends on the layout
    exponents = np.frexp(np.sqrt(np.einsum("ij,ij->j", A, A)))[1]
    return np.ldexp(A, -exponents, out=A), largest + exponents


def _scaled_back(R, exponents):
    """Return R with the scaling of its columns undone."""
    if exponents is None:
        return R
    with np.errstate(all="ignore"):
        return checked_finite(np.ldexp(R, exponents), "R")


def _normalised(Q, q, k, rounding_raises=True):
    """Return q / norm(q) and the norm, where q is what is left of column k, the next one of Q."""
    norm = np.sqrt(inner(q, q))
    # The columns had norms from 1/2 to 1, unless they are objects.
    rounding = 0 if Q.dtype == object else np.sqrt(Q.size) * np.finfo(Q.dtype).eps
    if norm <= rounding:
        message = (f"column {k} of A depends on the columns before it: what is left of it, "
                   f"{norm:.1g} of its length, is not above sqrt(m n) eps = {rounding:.1g}, that "
                   "is, rounding; drop it, or use pivoted_qr")
        if norm == 0 or rounding_raises:
            raise SingularMatrixError(message)
        warnings.warn(message, IllConditionedWarning, stacklevel=3)
    return q / norm, norm


def classical_gram_schmidt(A):
    """Return Q and R with A = Q R, subtracting from each column all its projections at once.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        With m >= n and linearly independent columns.

    Returns
    -------
    Q : ndarray, shape (m, n)
        The loss of orthogonality, norm(Q.T @ Q - I), grows like kappa**2 u, with kappa the
        condition number of A after column scaling; above u**-1/2 nothing is guaranteed.
    R : ndarray, shape (n, n)
        Upper triangular, with a positive diagonal; A - Q R is of order u norm(A).

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, or has fewer rows than columns.
    SingularMatrixError
        If what is left of a column is at most sqrt(m n) eps of it: an error of eps times its
        length in each of its elements could have left as much of a dependent column. Where the
        columns before it are ill-conditioned themselves, rounding may leave more; only
        `reorthogonalized_gram_schmidt` notices that.

    References
    ----------
    Giraud, Langou & Rozloznik, Comput. Math. Appl. 50 (2005). The bound needs R[k, k] from
    Pythagoras' theorem (Smoktunowicz, Barlow & Langou 2006); from the norm, as here, the loss is
    the same on all but contrived matrices.

    Examples
    --------
    >>> Q, R = classical_gram_schmidt(np.array([[3.0, 1.0], [4.0, 3.0]]))
    >>> R.round(12)
    array([[5., 3.],
           [0., 1.]])
    """
    A, exponents = unit_columns(with_roots(tall_matrix(A)))
    Q, R = np.zeros_like(A), np.zeros_like(A[: A.shape[1]])
    for k in range(A.shape[1]):
        R[:k, k] = inner(Q[:, :k], A[:, k])
        Q[:, k], R[k, k] = _normalised(Q, A[:, k] - Q[:, :k] @ R[:k, k], k)
    return Q, _scaled_back(R, exponents)


def modified_gram_schmidt(A):
    """Return Q and R with A = Q R, subtracting each new direction from all columns still to come.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        With m >= n and linearly independent columns.

    Returns
    -------
    Q : ndarray, shape (m, n)
        The loss of orthogonality is at most 10 sqrt(n) kappa u in practice, with kappa the
        condition number of A after column scaling, as long as that is below 1.
    R : ndarray, shape (n, n)
        Upper triangular, with a positive diagonal, and as good as that of Householder's method,
        of dependent columns too.

    Raises
    ------
    TypeError, ValueError
        As `classical_gram_schmidt`.
    SingularMatrixError
        If nothing is left of a column.

    Warns
    -----
    IllConditionedWarning
        Where `classical_gram_schmidt` raises: of such a column the direction in Q is rounding.

    References
    ----------
    Björck, BIT 7 (1967); Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem
    19.13.

    Examples
    --------
    >>> Q, R = modified_gram_schmidt(np.array([[3.0, 1.0], [4.0, 3.0]]))
    >>> R.round(12)
    array([[5., 3.],
           [0., 1.]])
    """
    Q, exponents = unit_columns(with_roots(tall_matrix(A)))
    R = np.zeros_like(Q[: Q.shape[1]])
    for k in range(Q.shape[1]):
        Q[:, k], R[k, k] = _normalised(Q, Q[:, k], k, rounding_raises=False)
        R[k, k + 1 :] = inner(Q[:, k], Q[:, k + 1 :])
        Q[:, k + 1 :] -= Q[:, k, None] * R[k, k + 1 :]
    return Q, _scaled_back(R, exponents)


def reorthogonalized_gram_schmidt(A):
    """Return Q and R with A = Q R by the classical method, every projection subtracted twice.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        With m >= n and linearly independent columns.

    Returns
    -------
    Q : ndarray, shape (m, n)
        The loss of orthogonality is at most 10 sqrt(m n) u, for what is left of a column is above
        its rounding errors, or this function raises: "twice is enough".
    R : ndarray, shape (n, n)
        Upper triangular, with a positive diagonal.

    Raises
    ------
    TypeError, ValueError, SingularMatrixError
        As `classical_gram_schmidt`.

    References
    ----------
    Giraud, Langou, Rozloznik & van den Eshof, Numer. Math. 101 (2005).

    Examples
    --------
    >>> Q, R = reorthogonalized_gram_schmidt(np.array([[3.0, 1.0], [4.0, 3.0]]))
    >>> R.round(12)
    array([[5., 3.],
           [0., 1.]])
    """
    A, exponents = unit_columns(with_roots(tall_matrix(A)))
    Q, R = np.zeros_like(A), np.zeros_like(A[: A.shape[1]])
    for k in range(A.shape[1]):
        q = A[:, k]
        for _ in range(2):
            projections = inner(Q[:, :k], q)
            q = q - Q[:, :k] @ projections
            R[:k, k] += projections
        Q[:, k], R[k, k] = _normalised(Q, q, k)
    return Q, _scaled_back(R, exponents)


def householder_qr(A):
    """Return Q and R with A = Q R, by reflections that map each column to a multiple of a unit one.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        Of any shape and rank.

    Returns
    -------
    Q : ndarray, shape (m, min(m, n))
        The loss of orthogonality is at most 10 sqrt(m n) u in practice, whatever A is.
    R : ndarray, shape (min(m, n), n)
        Upper triangular, its diagonal of either sign. Every column of A - Q R is at most
        10 sqrt(m n) u times as large as that column of A, as far as R stays out of the subnormal
        range.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty or not finite.

    References
    ----------
    Householder, J. ACM 5 (1958); Schreiber & Van Loan, SIAM J. Sci. Stat. Comput. 10 (1989), for
    the compact WY form; Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem
    19.4.

    Examples
    --------
    >>> Q, R = householder_qr(np.array([[3.0, 1.0], [4.0, 3.0]]))
    >>> abs(R).round(12)
    array([[5., 3.],
           [0., 1.]])
    """
    A, exponents = unit_columns(with_roots(matrix(A)))
    reflections, R = triangularize(A)
    Q = np.zeros_like(A, shape=(len(A), len(R)))
    np.fill_diagonal(Q, 1)
    for start, V, T in reversed(reflections):
        Q[start:, start:] -= V @ (T @ inner(V, Q[start:, start:]))
    return Q, _scaled_back(R, exponents)


def triangularize(A):
    """Overwrite A by reflecting it; return the reflections, by blocks, and the triangle R.

    Returns
    -------
    reflections : list of (start, V, T)
        In the order in which they act: (I - V T V^T)^T on the rows from start on.
    R : ndarray, shape (min(m, n), n)
    """
    _check_no_decimals(A)
    size, reflections = min(A.shape), []
    for start in range(0, size, BLOCK):
        stop = min(start + BLOCK, size)
        # Columns contiguous in memory, as the panel's loop goes down them.
        panel = np.array(A[start:, start:stop], order="F")
        V, T = reflect(panel)
        A[start:, start:stop] = panel
        A[start:, stop:] -= V @ (T.T @ inner(V, A[start:, stop:]))
        reflections.append((start, V, T))
    return reflections, np.triu(A[:size])


def _check_no_decimals(A):
    """Refuse decimals, beside which a reflection of a single element is a float."""
    if A.dtype == object and any(isinstance(x, Decimal) for x in A.flat):
        raise TypeError("A holds decimals, which reflections mix with floats: use "
                        "modified_gram_schmidt, or A.astype(float)")


def apply_reflections(reflections, b):
    """Return Q^T b, for the Q of `triangularize`, with as many elements as rows."""
    b = b.copy()
    for start, V, T in reflections:
        b[start:] -= V @ (T.T @ inner(V, b[start:]))
    return b


def reflect(panel):
    """Overwrite a panel by R on and above its diagonal; return V and T with Q = I - V T V^T.

    Every column is first brought up to date with the reflections so far, I - V T V^T, then yields
    its own, I - tau v v^T, with v[0] = 1. As tau is computed from v, that is orthogonal to rounding
    even where v is not; T[:, k] makes it the last factor of the product.

    Parameters
    ----------
    panel : ndarray, shape (m, w), m >= w
    """
    V, T = np.zeros_like(panel), np.zeros_like(panel[: panel.shape[1]])
    for k in range(panel.shape[1]):
        panel[:, k] -= V[:, :k] @ (T[:k, :k].T @ inner(V[:, :k], panel[:, k]))
        V[k:, k], panel[k, k] = reflector(panel[k:, k])
        T[k, k] = 2 / inner(V[:, k], V[:, k])
        T[:k, k] = -T[k, k] * (T[:k, :k] @ inner(V[:, :k], V[:, k]))
    return V, T


def squarable(x):
    """Return x times a power of two with which no square overflows or underflows, and its exponent.

    That is 0 unless it is needed. What is no vector of finite numbers is refused.
    """
    if type(x) is np.ndarray and x.ndim == 1 and x.dtype in SQUARES:
        with np.errstate(over="ignore"):
            if SQUARES[x.dtype] < x @ x < np.inf:
                return x, 0
    x = with_roots(vector(x))
    if x.dtype == object:
        return x, 0
    exponent = int(np.frexp(np.max(np.abs(x)))[1])
    return np.ldexp(x, -exponent), exponent


def reflector(x):
    """Return v, with v[0] = 1, and the number that the reflection along v makes of x: -+norm(x).

    The sign is opposite to that of x[0], so that v[0] = x[0] + sign(x[0]) norm(x), before it is
    scaled to 1, does not cancel. For x = 0 the reflection changes the sign of the first element.

    Examples
    --------
    >>> v, beta = reflector(np.array([3.0, 4.0]))
    >>> v, float(beta)
    (array([1. , 0.5]), -5.0)
    """
    x, exponent = squarable(x)
    norm = np.sqrt(inner(x, x))
    beta = norm if x[0] < 0 else -norm
    v = x / (x[0] - beta) if norm != 0 else x.copy()
    v[0] = 1
    return v, beta if exponent == 0 else _scaled_back(beta, exponent)


def pivoted_qr(A):
    """Return Q, R and an order of columns with A[:, columns] = Q R, the largest column left first.

    Of several that are equally large it is the first, in the order that exchanges have left.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
        Of any shape and rank. Its columns are compared as they are, so units matter.

    Returns
    -------
    Q, R : ndarray
        As `householder_qr`; the diagonal of R decreases in size, up to rounding, of which some
        sqrt(m n) u of its first element is left where the columns from there on depend on those
        before. What is at most twice that counts as 0, as a rule: Kahan's matrix is nearly of lower
        rank, and its diagonal does not fall so far.
    columns : ndarray of int, shape (n,)

    Raises
    ------
    TypeError, ValueError
        As `householder_qr`.

    References
    ----------
    Businger & Golub, Numer. Math. 7 (1965). Norms are computed anew for each column, not
    downdated, which can fail (Drmac & Bujanovic 2008).

    Examples
    --------
    >>> Q, R, columns = pivoted_qr(np.array([[1.0, 0.0, 4.0], [0.0, 2.0, 0.0]]))
    >>> columns, abs(R.diagonal())
    (array([2, 1, 0]), array([4., 2.]))
    """
    A = with_roots(matrix(A))
    columns = _largest_first(A)
    return *householder_qr(A[:, columns]), columns


def _column_squares(A):
    """Return A and the sums of squares of its columns, both scaled if the largest is no number."""
    with np.errstate(over="ignore"):
        squares = np.sum(A * A, axis=0)
    if A.dtype == object or SQUARES[A.dtype] < np.max(squares) < np.inf:
        return A, squares
    A = np.ldexp(A, -np.frexp(np.max(np.abs(A)))[1])
    return A, np.sum(A * A, axis=0)


def _largest_first(A):
    """Return the order of columns by what reflections of the earlier ones leave of them."""
    _check_no_decimals(A)
    rest, columns = A.copy(), np.arange(A.shape[1])
    for k in range(min(A.shape)):
        rest, squares = _column_squares(rest)
        p = np.argmax(squares)
        columns[[k, k + p]] = columns[[k + p, k]]
        v, _ = reflector(rest[:, p])
        rest[:, p] = rest[:, 0]
        rest = (rest - np.outer(2 / (v @ v) * v, v @ rest))[1:, 1:]
    return columns
