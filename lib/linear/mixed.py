"""Solve a system with factors of few bits, and residuals of many: mixed-precision refinement.

Factors cost n**3 operations, and a step of refinement n**2. So the first may be cheap and coarse:
each step multiplies the error by about kappa times their unit roundoff, if that is below 1.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from lib.linear.checks import (
    IllConditionedWarning,
    SingularMatrixError,
    checked_finite,
    right_hand_side,
    square_matrix,
)
from lib.linear.elimination import LU, lu
from lib.linear.estimate import condition_estimate
from lib.linear.systems import refine
from lib.numbers import (
    FP16,
    FP32,
    Format,
    appendable,
    backward_error,
    round_to,
    unit_roundoff,
)


@dataclass(frozen=True, eq=False)
class MixedSolution:
    """What refinement with factors of few bits found, and how.

    Attributes
    ----------
    x : ndarray, shape (n,)
    converged : bool
        Whether the backward error, and a next correction relative to x, are at most 10 n u.
    steps : int
        How many corrections were made, the first solution included.
    backward_error : float
        That of x, in the maximum norm.
    kappa : float
        An estimate, from the factors, of the condition number in the 1-norm. Far above `limit` it
        tells no more than that it is there.
    limit : float
        1 / u of the factors' format: refinement converges up to a condition number of about that.
    """

    x: np.ndarray
    converged: bool
    steps: int
    backward_error: float
    kappa: float
    limit: float

    def __repr__(self):
        found = "converged" if self.converged else "not converged"
        return (f"{found} after {self.steps} step{'s' * (self.steps != 1)}: backward error "
                f"{self.backward_error:.1e}, kappa about {self.kappa:.1e}, limit {self.limit:.1e}")


def mixed_solve(A, b, fmt=FP16, steps=60, history=None):
    """Return the solution of A x = b by factors in a format of few bits, and refinement.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
    b : ndarray, shape (n,), of A's dtype
    fmt : Format
        Of the factors, such as FP16, BF16 or FP32; see `rounded_lu`.
    steps : int
        The most corrections; one that does not halve the correction before is the last.
    history : list, optional
        A copy of every x on the way, from zeros on, is appended.

    Returns
    -------
    MixedSolution
        With `.x` of A's dtype, `.converged`, `.steps`, `.backward_error` and more. Residuals are
        computed in twice the precision of A, triangular systems solved in float64. Where it
        converged the backward error is at most 10 n u, u that of A's dtype, as if the factors were
        of this dtype. Each step gains about the factor kappa times u of fmt, which has to be below
        1: in the 2-norm kappa may be about 1e3 in FP16, 1e2 in BF16 and 1e7 in FP32, once rows and
        columns are of like size. Unknowns whose columns are smaller than others by a factor have an
        error that is larger by it, and then it may not converge.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite, or of the wrong shape; if fmt is no format of
        at most 25 bits.
    SingularMatrixError
        If the factors have a pivot 0, as A may have in this format alone.
    OverflowError
        If a number on the way is too large for fmt or for the dtype.

    Warns
    -----
    IllConditionedWarning
        If it did not converge, with the condition number, and up to about which one it would.

    References
    ----------
    Moler, J. ACM 14 (1967); Carson & Higham, SIAM J. Sci. Comput. 40 (2018), for three precisions
    and for GMRES, which goes further than this; Higham, Pranesh & Zounon, SIAM J. Sci. Comput. 41
    (2019), for the scaling into half precision.

    Examples
    --------
    >>> A, b = np.array([[4.0, 1.0], [1.0, 3.0]]), np.array([1e6, 2e6])
    >>> found = mixed_solve(A, b)
    >>> found.converged, (found.x * 11).round(6)
    (True, array([1000000., 7000000.]))
    """
    A = square_matrix(A)
    b = right_hand_side(b, A)
    factors, history = rounded_lu(A, fmt), appendable(history)
    before = len(history)
    with warnings.catch_warnings(record=True) as caught:  # it knows no format to blame
        warnings.simplefilter("always", IllConditionedWarning)
        x = refine(A, b, np.zeros(len(A), A.dtype), factors, steps, history)
    n, error = len(A), backward_error(A, x, b)
    norm = np.max(np.sum(np.abs(A) / n, axis=0, dtype=float))  # divided first, as it may be inf
    converged = not caught and error <= 10 * n * unit_roundoff(A.dtype)
    kappa = n * condition_estimate(factors, norm)
    if not converged:
        warnings.warn(f"factors in {fmt} do not refine to a solution in {steps} steps: they serve "
                      f"up to a condition number of about 1 / u = {1 / fmt.u:.1g}, and that of A "
                      f"is estimated at {kappa:.1g}; take a longer format, allow more steps, or "
                      "use solve(A, b)", IllConditionedWarning, stacklevel=2)
    return MixedSolution(x, converged, len(history) - before - 1, error, kappa, 1 / fmt.u)


def rounded_lu(A, fmt):
    """Return the factors of A, computed in a format of few bits by elimination with row exchanges.

    Rows, then columns, are first scaled by powers of two, so that the largest number in each column
    is half way to the end of the range, in exponents: others do not underflow then, and elements
    can grow. The factors are scaled back, which is exact: their digits are those of the format.

    Parameters
    ----------
    A : ndarray, shape (n, n), float32 or float64
    fmt : Format
        Of at most 25 bits. FP32 is computed in float32, by `lu`; in all others every quotient,
        product and difference is rounded to fmt.

    Returns
    -------
    LU
        In float64, with A[rows] = lower @ upper - E, |E| <= (n + 1) u / (1 - (n + 1) u) (|A[rows]|
        + |lower| |upper|) elementwise, u that of fmt, where nothing is subnormal in it.

    Raises
    ------
    TypeError, ValueError
        If A is complex, empty, not finite, not square or holds objects; if fmt is no format of at
        most 25 bits.
    SingularMatrixError
        If a pivot is zero.
    OverflowError
        If elements grow out of the range of fmt, in FP16 by more than 2**8.

    Examples
    --------
    >>> factors = rounded_lu(np.array([[3.0, 1.0], [1.0, 1.0]]), FP16)
    >>> bool(factors.lower[1, 0] == np.float16(1) / np.float16(3))
    True
    """
    A, fmt = square_matrix(A), _short_format(fmt)
    if A.dtype == object:
        raise TypeError("A holds objects: factors in a format need float32 or float64")
    A = A.astype(float)
    of_row = np.frexp(np.max(np.abs(A), axis=1))[1]
    of_column = np.frexp(np.max(np.abs(np.ldexp(A, -of_row[:, None])), axis=0))[1]
    exponent = of_row[:, None] + of_column - fmt.emax // 2
    packed, rows = _eliminate(round_to(np.ldexp(A, -exponent), fmt), fmt)
    of_row = of_row[rows]
    below = np.tri(len(A), k=-1, dtype=bool)
    back = np.where(below, of_row[:, None] - of_row, exponent[rows])
    packed = checked_finite(np.ldexp(packed, back), "a factor of A")
    return LU(packed, rows, np.arange(len(A)), np.max(np.abs(A)))


def _short_format(fmt):
    """Return fmt, or refuse what is no format in which factors can be computed."""
    if not isinstance(fmt, Format):
        raise TypeError(f"fmt must be a Format, such as lib.numbers.FP16: got {fmt!r}")
    if fmt.is_scale or fmt.precision > 25:
        raise ValueError(f"fmt = {fmt}: factors are computed in formats of 2 to 25 bits; for "
                         "float64 use lu(A)")
    return fmt


def _eliminate(packed, fmt):
    """Return the packed factors of a matrix of numbers of fmt, and the order of its rows."""
    singular = (f"a pivot is 0 in {fmt}: in this format the matrix is singular, though A may not "
                "be; take a longer format")
    if fmt == FP32:
        try:
            factors = lu(packed.astype(np.float32))
        except SingularMatrixError:
            raise SingularMatrixError(singular) from None
        return factors.packed.astype(float), factors.rows
    rows = np.arange(len(packed))
    for k in range(len(packed)):
        p = k + np.argmax(np.abs(packed[k:, k]))
        packed[[k, p]], rows[[k, p]] = packed[[p, k]], rows[[p, k]]
        if packed[k, k] == 0:
            raise SingularMatrixError(singular)
        # Each number is rounded twice, in float64 and to fmt, which is harmless: 53 >= 2 p + 2.
        packed[k + 1 :, k] = round_to(packed[k + 1 :, k] / packed[k, k], fmt)
        products = round_to(packed[k + 1 :, k, None] * packed[k, k + 1 :], fmt)
        packed[k + 1 :, k + 1 :] = round_to(packed[k + 1 :, k + 1 :] - products, fmt)
        if not np.isfinite(packed[k + 1 :, k + 1 :]).all():
            raise OverflowError(f"a factor of A left the range of {fmt}: take one with more "
                                "exponents, or lu_complete(A)")
    return packed, rows
