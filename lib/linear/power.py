"""Find one eigenvalue and its vector: multiply by a matrix, or solve with it, again and again.

The methods differ in one line, by which a vector becomes better: a product with A, a solution with
A - shift I, or one with the best shift that is known so far. Rayleigh's quotient makes a value of
each vector, and a residual says how good the two are.
"""

from dataclasses import dataclass

import numpy as np

from lib.linear.checks import (
    SingularMatrixError,
    checked_finite,
    eigen_matrix,
    symmetric_matrix,
)
from lib.linear.elimination import lu
from lib.linear.orthogonal import inner
from lib.linear.products import length, multiplication, unit_vector
from lib.numbers import appendable, real_number, unit_roundoff, whole_number


@dataclass(frozen=True, eq=False, repr=False)
class Eigenpair:
    """An eigenvalue and its vector, as an iteration found them; unpacks as these two.

    Attributes
    ----------
    value : float
        Rayleigh's quotient of the vector.
    vector : ndarray, shape (n,)
        Of length 1.
    residual : float
        norm(A vector - value vector). For a symmetric A an eigenvalue lies within this distance of
        value, rounding errors apart. Which one, it does not say.
    iterations : int
        How often a vector was made better.
    converged : bool
        Whether the residual is as small as was asked for. If not, value may be near no eigenvalue.
    """

    value: float
    vector: np.ndarray
    residual: float
    iterations: int
    converged: bool

    def __iter__(self):
        return iter((self.value, self.vector))

    def __repr__(self):
        if self.converged:
            return f"eigenvalue {self.value:.6g} after {self.iterations} steps"
        return (f"not converged after {self.iterations} steps: {self.value:.3g} has a residual of "
                f"{self.residual:.3g}")


@dataclass(frozen=True, eq=False, repr=False)
class DominantEigenpair(Eigenpair):
    """An eigenpair from power iteration, with an estimate of `.gap`.

    The gap is by how much the eigenvalue exceeds the next one in size, estimated from how fast the
    residual fell in the second half of the steps: nan where there were fewer than two, 0 where it
    did not fall. For a symmetric A the sine of the vector's error is at most about residual / gap.
    """

    gap: float


def power_iteration(A, start=None, tol=None, maxiter=1000, history=None):
    """Return the eigenvalue of largest size and its vector, by repeated products.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
        Or a sparse matrix, anything else that is multiplied by `@`, or a function v -> A v.
    start : ndarray, shape (n,), of A's dtype
        cos(k**2) by default; a function needs one. If it is orthogonal to the wanted vector, only
        rounding leads there.
    tol : float, optional
        It stops when the residual is at most tol |value|; sqrt(eps) by default, at which the value
        of a symmetric A is right to about eps |value|**2 / gap.
    maxiter : int
    history : list, optional
        (value, residual) of each vector on the way, the start included, is appended.

    Returns
    -------
    DominantEigenpair
        With `.value`, of either sign, `.vector`, `.residual`, `.gap`, `.iterations` and
        `.converged`. For a symmetric A, of whose other eigenvalues none is larger in size than r
        times the largest, each step multiplies the tangent of the vector's error by r or less, and
        in the end the value's error by r**2. Where opposite ones are largest, as 1 and -1, nothing
        converges, and `.converged` says so.

    Raises
    ------
    TypeError, ValueError
        If A or start is complex, empty, not finite or of the wrong shape; if start is zero, or
        missing for a function; if tol or maxiter is out of range.
    OverflowError
        If a product with A is too large for the dtype.

    References
    ----------
    von Mises & Pollaczek-Geiringer, ZAMM 9 (1929); Golub & Van Loan, Matrix Computations (2013),
    section 8.2.1.

    Examples
    --------
    >>> power_iteration(np.array([[-2.0, 1.0], [1.0, -2.0]]))
    eigenvalue -3 after 18 steps
    >>> power_iteration(np.diag([1.0, -1.0]))
    not converged after 1000 steps: 0.548 has a residual of 0.836
    """
    multiply, v = multiplication(A, start)
    tol = _tolerance(tol, np.sqrt(np.finfo(v.dtype).eps))
    maxiter, history = whole_number(maxiter, "maxiter", 1), appendable(history)
    first = len(history)
    for step in range(maxiter + 1):
        w = multiply(v)
        value, residual = _measured(v, w, history)
        if residual <= tol * abs(value) or step == maxiter:
            break
        v = unit_vector(w)
    converged = residual <= tol * abs(value)
    return DominantEigenpair(value, v, residual, step, converged, _gap(history[first:]))


def _tolerance(tol, default):
    """Return a tolerance, or refuse it."""
    tol = float(default if tol is None else real_number(tol, "tol"))
    if not 0 <= tol < np.inf:
        raise ValueError(f"tol = {tol}: a residual is to fall below it, give a positive one")
    return tol


def _measured(v, w, history, exponent=0):
    """Return Rayleigh's quotient of v, and its residual norm, from w = A v; append both.

    What is appended is multiplied by 2**exponent.
    """
    with np.errstate(all="ignore"):  # what overflows is found at once
        value = inner(v, w)
        residual = length(checked_finite(w - value * v, "A(v) - value v"))
        history.append(tuple(np.ldexp([float(value), float(residual)], exponent).tolist()))
    return float(value), float(residual)


def _gap(history):
    """Return the size of the largest eigenvalue less that of the next, from how residuals fell."""
    half = len(history) // 2
    steps = len(history) - 1 - half
    if steps < 1:
        return np.nan
    value, residual = history[-1]
    ratio = (residual / history[half][1]) ** (1 / steps)
    return abs(value) * max(1 - ratio, 0.0)


def inverse_iteration(A, shift, start=None, tol=None, maxiter=100, history=None):
    """Return the eigenvalue nearest to a shift, and its vector, by repeated solutions.

    A shift that is an eigenvalue is no obstacle but the best that could be: the error of such a
    solution is huge, and lies along the wanted vector.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
    shift : float
        Where A - shift I cannot be solved with, as a pivot is exactly zero, it is moved by 4 eps
        norm(A), and twice as far each time until it can.
    start : ndarray, shape (n,), of A's dtype
        cos(k**2) by default.
    tol : float, optional
        It stops when the residual is at most tol times the Frobenius norm of A; 10 n u by
        default.
    maxiter : int
    history : list, optional
        (value, residual) of each vector on the way, the start included, is appended.

    Returns
    -------
    Eigenpair
        With `.value`, `.vector`, `.residual`, `.iterations` and `.converged`. Each step shrinks the
        vector's error by the ratio of the distances from the shift to the nearest eigenvalue and to
        the next. It takes one factorisation, and 2 n**2 operations a step.

    Raises
    ------
    TypeError, ValueError
        If A or start is complex, empty, not finite or of the wrong shape; if start is zero, or an
        option out of range.
    OverflowError
        If A - shift I, or an element of its factors, is too large for the dtype.

    References
    ----------
    Peters & Wilkinson, SIAM Rev. 21 (1979); Ipsen, SIAM Rev. 39 (1997), who tells its history from
    Wielandt (1944) on.

    Examples
    --------
    >>> found = inverse_iteration(np.diag([1.0, 2.0, 5.0]), shift=2.0)
    >>> found, abs(found.vector).round(12)
    (eigenvalue 2 after 1 steps, array([0., 1., 0.]))
    """
    A, exponent = _scaled(eigen_matrix(A))
    multiply, v = multiplication(A, start)
    limit = _limit(A, tol)
    maxiter, history = whole_number(maxiter, "maxiter", 1), appendable(history)
    factors = shifted_factors(A, _scaled_shift(shift, exponent, A.dtype), v)
    for step in range(maxiter + 1):
        residual = _measured(v, multiply(v), history, exponent)[1]
        if residual <= limit or step == maxiter:
            break
        v = unit_vector(factors.solve(v))
    return _eigenpair(history[-1], v, step, residual <= limit)


def rayleigh_quotient_iteration(A, start=None, tol=None, maxiter=50, history=None):
    """Return an eigenvalue and its vector, by solutions with Rayleigh's quotient as the shift.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
        Symmetric up to 8 n eps max(|A|).
    start : ndarray, shape (n,), of A's dtype
        cos(k**2) by default. It decides which eigenvalue is found, and not always the nearest.
    tol, maxiter, history
        As for `inverse_iteration`.

    Returns
    -------
    Eigenpair
        With `.value`, `.vector`, `.residual`, `.iterations` and `.converged`. Once it is near, each
        step cubes the vector's error. It takes a factorisation a step, 2/3 n**3 operations.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, not square or not symmetric; else as
        `inverse_iteration`.

    References
    ----------
    Ostrowski, Arch. Rational Mech. Anal. 1 (1958); Parlett, The Symmetric Eigenvalue Problem
    (1998), section 4.6.

    Examples
    --------
    >>> rayleigh_quotient_iteration(np.diag([1.0, 2.0, 5.0]), np.array([0.1, 1.0, 0.1]))
    eigenvalue 2 after 3 steps
    """
    A, exponent = _scaled(symmetric_matrix(A))
    multiply, v = multiplication(A, start)
    limit = _limit(A, tol)
    maxiter, history = whole_number(maxiter, "maxiter", 1), appendable(history)
    for step in range(maxiter + 1):
        value, residual = _measured(v, multiply(v), history, exponent)
        if residual <= limit or step == maxiter:
            break
        v = unit_vector(shifted_factors(A, value, v).solve(v))
    return _eigenpair(history[-1], v, step, residual <= limit)


def _eigenpair(measured, v, step, converged):
    """Return an Eigenpair from the last value and residual, or raise OverflowError."""
    value, residual = checked_finite(np.array(measured), "an eigenvalue of A").tolist()
    return Eigenpair(value, v, residual, step, converged)


def _scaled(A):
    """Return A times a power of two, so that max(|A|) is from 1/2 to 1, and the exponent."""
    exponent = int(np.frexp(np.max(np.abs(A)))[1])
    return np.ldexp(A, -exponent, order="C"), exponent


def _scaled_shift(shift, exponent, dtype):
    """Return a shift for the scaled A, or refuse it by name."""
    shift = real_number(shift, "shift")
    with np.errstate(over="ignore"):
        scaled = np.ldexp(np.float64(shift), -exponent).astype(dtype)
    if not np.isfinite(scaled):
        raise ValueError(f"shift = {shift} is not finite, or far beyond the eigenvalues of A: give "
                         "a number near the wanted one")
    return scaled


def _limit(A, tol):
    """Return the residual at which solutions are good enough: tol times the norm of A."""
    return _tolerance(tol, 10 * len(A) * unit_roundoff(A.dtype)) * float(length(A.ravel()))


def shifted_factors(A, shift, v):
    """Return factors of A - shift I, with the shift moved as long as these have no solution for v.

    Parameters
    ----------
    A : ndarray, shape (n, n)
        Near 1 in size.
    """
    identity, finfo = np.eye(len(A), dtype=A.dtype), np.finfo(A.dtype)
    move = 0.0
    for _ in range(60):
        try:
            factors = lu(A - (shift + move) * identity)
            if length(factors.solve(v)) < 1 / np.sqrt(finfo.tiny):  # so the next does not overflow
                return factors
        except (SingularMatrixError, OverflowError):
            pass
        move = 2 * move or 4 * float(finfo.eps * (length(A.ravel()) or 1))
    raise OverflowError(f"A - shift I, with a shift of {shift:.3g}, left the range of {A.dtype}: "
                        "scale A")
