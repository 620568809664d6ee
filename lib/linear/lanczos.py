"""Some eigenvalues of a large symmetric matrix from a few products with it: Lanczos's method."""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import checked_finite
from lib.linear.eigen import eigh
from lib.linear.orthogonal import inner
from lib.linear.products import length, multiplication
from lib.numbers import truth_value, unit_roundoff, whole_number


@dataclass(frozen=True, eq=False)
class Ritz:
    """Approximate eigenvalues and eigenvectors from a basis; unpacks as values, vectors.

    Attributes
    ----------
    values : ndarray, shape (k,)
        Ritz values, the smallest first.
    bounds : ndarray, shape (k,)
        The residual norm of each value with its vector, as far as the basis is orthonormal.
    basis : ndarray, shape (n, k)
        What A reaches from the start by k - 1 products, as columns of length 1.
    T : ndarray, shape (k, k)
        A on this basis: symmetric and tridiagonal.
    coordinates : ndarray, shape (k, k)
        The Ritz vectors on this basis, as columns: the eigenvectors of T.
    """

    values: np.ndarray
    bounds: np.ndarray
    basis: np.ndarray
    T: np.ndarray
    coordinates: np.ndarray

    def __iter__(self):
        return iter((self.values, self.vectors))

    @property
    def vectors(self):
        """Return the Ritz vectors, shape (n, k), as columns."""
        return self.basis @ self.coordinates


@np.errstate(all="ignore")  # what overflows is found at the end
def lanczos(A, k, reorthogonalize=True, start=None):
    """Return the Ritz values and vectors of A after k steps of Lanczos's method.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
        Symmetric up to 8 n eps max(|A|); or a sparse matrix, anything else that is multiplied by
        `@`, or a function v -> A v.
    k : int
        How many products with A to make.
    reorthogonalize : bool
        Whether to subtract from each new direction what it has of all earlier ones, twice. Without
        this, as soon as a Ritz value has converged, rounding brings its vector back, and copies of
        the value come one after the other: ghosts. Each of them is right, but they are no multiple
        eigenvalues.
    start : ndarray, shape (n,), of A's dtype
        cos(k**2) by default; a function needs one.

    Returns
    -------
    Ritz
        With `.values`, `.vectors`, `.bounds`, `.basis` and `.T`. Within each bound of its value
        lies an eigenvalue, up to 10 n u norm(A); without reorthogonalization, within 2.5 times the
        bound, in practice up to 2000 u norm(A). Which eigenvalues are found, and how often, no
        bound says: of equal ones one start sees one. There are fewer than k values where A does not
        leave the space that it reached. With reorthogonalization the loss of orthogonality of the
        basis is at most 10 n u.

    Raises
    ------
    TypeError, ValueError
        If A or start is complex, empty, not finite or of the wrong shape; if start is zero, or
        missing for a function; if A is not symmetric, a function or an operator by more than
        eps**(1/4) of its norm.
    OverflowError
        If a product with A is too large for the dtype.

    References
    ----------
    Lanczos, J. Res. Nat. Bur. Standards 45 (1950); Paige, J. Inst. Math. Appl. 18 (1976) and Linear
    Algebra Appl. 34 (1980); Parlett, The Symmetric Eigenvalue Problem (1998), chapter 13.

    Examples
    --------
    >>> A = np.diag(np.append(np.arange(100.0), 200.0))
    >>> found = lanczos(A, 20)
    >>> round(float(found.values[-1]), 12), bool(found.bounds[-1] < 1e-9)
    (200.0, True)
    """
    multiply, v = multiplication(A, start, symmetric=True)
    k, reorthogonalize = whole_number(k, "k", 1), truth_value(reorthogonalize, "reorthogonalize")
    k = min(k, len(v)) if reorthogonalize else k
    basis, alpha, beta = np.zeros((k, len(v)), v.dtype), [], []
    # The scale is the longest product so far, a lower bound of the norm of A.
    scale, product, rounding = 0.0, None, 20 * np.sqrt(len(v)) * unit_roundoff(v.dtype)
    for j in range(k):
        basis[j], before, product = v, product, multiply(v)
        scale = max(scale, float(checked_finite(length(product), "A(v)")))
        w = product
        if j > 0:
            _check_symmetric(basis[j - 1], before, v, product, scale)
            w = w - beta[-1] * basis[j - 1]
        alpha.append(inner(v, w))
        w = w - alpha[-1] * v
        for _ in range(2 if reorthogonalize else 0):
            w = w - basis[: j + 1].T @ (basis[: j + 1] @ w)
        beta.append(length(w))
        if beta[-1] <= rounding * scale:
            break
        v = w / beta[-1]
    return _ritz(basis[: len(alpha)], alpha, beta)


def _check_symmetric(u, Au, v, Av, scale):
    """Refuse an operator for which v^T A u and u^T A v differ, with u and v of length 1."""
    one, other = inner(v, Au), inner(u, Av)
    if abs(one - other) > float(np.finfo(v.dtype).eps) ** 0.25 * scale:
        raise ValueError(f"A is not symmetric: for two vectors of length 1, v^T A u = {one:.6g}, "
                         f"but u^T A v = {other:.6g}; Lanczos's method needs a symmetric A")


def _ritz(basis, alpha, beta):
    """Return the Ritz values from the numbers of the recurrence."""
    beside = np.array(beta[:-1], basis.dtype)
    T = np.diag(np.array(alpha)) + np.diag(beside, 1) + np.diag(beside, -1)
    decomposition = eigh(checked_finite(T, "A on its Krylov space"))
    bounds = beta[-1] * np.abs(decomposition.vectors[-1])
    return Ritz(decomposition.values, bounds, basis.T, T, decomposition.vectors)
