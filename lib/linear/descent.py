"""Regularise by stopping early: gradient descent on a least-squares problem, and what it keeps."""

from fractions import Fraction

import numpy as np

from lib.linear.checks import checked_finite, float_matrix, float_vector, right_hand_side
from lib.numbers import real_number, unit_roundoff, whole_number


@np.errstate(all="ignore")  # what overflows is found at the end
def landweber(A, b, step, count):
    """Return x after a count of steps of gradient descent on norm(b - A x)**2 / 2, from x = 0.

    Parameters
    ----------
    A : ndarray, shape (m, n), float32 or float64
    b : ndarray, shape (m,) or (m, k), of A's dtype
    step : float
        Positive; below 2 / s[0]**2, with the largest singular value s[0], x goes to the shortest
        least-squares solution, at 1 / s[0]**2 without ever going back.
    count : int
        How many steps, 0 or more.

    Returns
    -------
    ndarray, shape (n,) or (n, k)
        Of exact arithmetic, `filtered_solution` with the factors of `landweber_filter`.

    Raises
    ------
    TypeError, ValueError
        If A or b is complex, empty, not finite or of the wrong shape, the step is not positive, or
        the count no whole number.
    OverflowError
        If x grows out of the range of the dtype: the step is too large; if the step itself is no
        normal number there.

    References
    ----------
    Landweber, Amer. J. Math. 73 (1951).

    Examples
    --------
    >>> landweber(np.diag([1.0, 0.5]), np.array([1.0, 1.0]), 1.0, 2)
    array([1.   , 0.875])
    """
    A, b, step, count = _problem(A, b, step, count)
    x = np.zeros_like(b, shape=(A.shape[1], *b.shape[1:]))
    for _ in range(count):
        residual = b - A @ x
        x = x + step * (A.T @ residual)
    return checked_finite(x, f"x, with step = {step}, which is to be below 2 / s[0]**2,")


def landweber_filter(s, step, count):
    """Return 1 - (1 - step s**2)**count, the filter factors of gradient descent stopped early.

    Parameters
    ----------
    s : ndarray, shape (k,)
        Singular values, none of them negative.
    step : float
        Positive, at most 1 / max(s)**2, so that no factor leaves the interval from 0 to 1; up to
        (1 + 3 u) times that, u of the dtype of s, as a quotient so computed is rounded.
    count : int
        How many steps, 0 or more.

    Returns
    -------
    ndarray, shape (k,), of the dtype of s
        Computed through logarithms, so that no small factor is lost beside 1.

    Raises
    ------
    TypeError, ValueError
        If s is no vector of finite floats that are not negative; if the step is not positive or
        too large.
    OverflowError
        If the count is above 2**1000.

    Examples
    --------
    >>> landweber_filter(np.array([1.0, 0.5, 0.0]), 1.0, 2)
    array([1.    , 0.4375, 0.    ])
    """
    s = float_vector(s, "s")
    step, count = _descent(step, count)
    if count > 2**1000:
        raise OverflowError(f"count has {count.bit_length()} bits, too many for float64: after so "
                            "many steps each factor of a positive s is 1")
    # 1 / s**2 in floats of s is (1 + d) / (s**2 (1 + e)) with |d|, |e| <= u, at most
    # (1 + u) / (1 - u) <= 1 + 3 u times the true quotient; the product here is not rounded.
    reached = Fraction(step) * Fraction(float(np.max(s))) ** 2
    if np.any(s < 0) or reached > 1 + 3 * Fraction(unit_roundoff(s.dtype)):
        raise ValueError(f"s = {s}, step = {step}: filter factors of descent lie between 0 and 1 "
                         "for 0 <= s and step <= 1 / max(s)**2")
    share = np.minimum((np.sqrt(step) * s.astype(float)) ** 2, 1.0)
    with np.errstate(all="ignore"):
        kept = -np.expm1(count * np.log1p(-share)) if count else np.zeros_like(share)
    return kept.astype(s.dtype)


def _problem(A, b, step, count):
    """Return A and b, and step and count in what A computes with, or refuse them."""
    A = float_matrix(A)
    step, count = _descent(step, count)
    if not np.finfo(A.dtype).tiny <= step <= np.finfo(A.dtype).max:
        raise OverflowError(f"step = {step} is no normal number of {A.dtype}: scale A and b, or "
                            "use float64")
    return A, right_hand_side(b, A), A.dtype.type(step), count


def _descent(step, count):
    """Return a step and a count of steps, or refuse them."""
    step = real_number(step, "step")
    if not 0 < step < np.inf:
        raise ValueError(f"step = {step}: gradient descent needs a positive one, such as "
                         "1 / s[0]**2")
    return float(step), whole_number(count, "count", 0)
