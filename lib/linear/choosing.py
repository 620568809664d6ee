"""Choose the parameter of ridge regression: by the size of the noise, or by predicting each row.

Every function takes the factors U, s, Vt of a singular value decomposition, computed once, and a
right-hand side b of shape (m,). It computes in float64. What ridge leaves of b along the columns of
U is put together from lam / (s**2 + lam), the part of each direction that is not kept. Only what
lies outside of these columns is a difference, and for a square U nothing lies there.
"""

import numpy as np

from lib.linear.checks import (
    float_matrix,
    float_vector,
    right_hand_side,
    three_factors,
    vector,
)
from lib.numbers import real_number, unit_roundoff

HALVINGS = 64  # From (70 + log kappa) down to the last bit of a logarithm.


def discrepancy(factors, b, delta):
    """Return the lam whose ridge solution leaves a residual b - A x of norm delta.

    This is Morozov's principle: fit the data as closely as their errors allow, and no closer. The
    residual is the whole one: what lies outside the range of A, and no lam can fit, belongs to it.

    Parameters
    ----------
    factors : SVD
        Of A, shape (m, n), or any U, s, Vt.
    b : ndarray, shape (m,)
    delta : float
        The norm of the errors in b, between the norm of what no x can fit and that of b, which are
        themselves out of reach.

    Returns
    -------
    float
        Found by halving an interval of log(lam) 64 times. For the product U diag(s) Vt, the
        residual of this lam has the norm delta to 10 sqrt(m n) u norm(b). For an A whose rounded
        factors these are, it may be off by norm(A) / sqrt(lam) times that, where this is more: one
        lam, two matrices that agree to rounding, and other residuals, if lam is as small.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite or of the wrong shape; if delta is not in the
        range that residuals of ridge have: the message names both ends; if it is so near to one of
        them that the root of lam is 1e15 times smaller, or larger, than all singular values.
    OverflowError
        If lam, the square of what is compared with singular values, is no normal float.

    References
    ----------
    Morozov, Soviet Math. Dokl. 7 (1966); Hansen, Rank-Deficient and Discrete Ill-Posed Problems
    (1998), section 7.2.

    Examples
    --------
    >>> factors = np.eye(3)[:, :2], np.array([2.0, 1.0]), np.eye(2)
    >>> round(discrepancy(factors, np.array([0.0, 3.0, 4.0]), np.sqrt(16 + 9 / 4)), 12)
    1.0
    """
    U, s, b = _problem(factors, b)
    beta, unfit = _coordinates(U, b)
    delta, fixed = real_number(delta, "delta"), _length(unfit)
    least, most = np.hypot(fixed, _length(beta[s == 0])), _length(b)
    if not least < delta < most:
        raise ValueError(f"delta = {delta}: the residual of ridge has a norm between {least:.6g}, "
                         f"which no lam can fit, and {most:.6g}, that of b")

    def is_too_large(root):
        return np.hypot(fixed, _length(_faded(s, root) * beta)) > delta

    ends = np.log(np.min(s[s > 0])) - 35, np.log(np.max(s)) + 35
    if is_too_large(np.exp(ends[0])) or not is_too_large(np.exp(ends[1])):
        raise ValueError(f"delta = {delta}: residuals of ridge have norms between {least:.6g} and "
                         f"{most:.6g}, and this is too near to an end to tell lam: state delta "
                         "again, or use least_squares where nothing is noise")
    return _root_between(is_too_large, *ends) ** 2


def _root_between(is_too_large, low, high):
    """Return the root of lam, its logarithm in an interval, at which a residual is too large."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if is_too_large(np.exp(middle)):
            high = middle
        else:
            low = middle
    if not np.log(np.finfo(float).tiny) < 2 * middle < np.log(np.finfo(float).max):
        raise OverflowError(f"lam = exp({2 * middle:.4g}) is out of the range of float64: scale A")
    return float(np.exp(middle))


def leave_one_out(factors, b, lams):
    """Return the mean squared error of ridge on rows that it has not seen, one for each lam.

    No row is left out in fact: its error is its residual, divided by one minus its leverage, the
    weight of the row's own b in its fit. The columns of A, and b, are taken as they are: where
    means were subtracted before, the mean of the row that is left out has been seen.

    Parameters
    ----------
    factors : SVD
        Of A, shape (m, n), or any U, s, Vt.
    b : ndarray, shape (m,)
    lams : array_like, shape (k,)
        Positive.

    Returns
    -------
    ndarray, shape (k,)
        Those of the product U diag(s) Vt. With U orthonormal up to rounding in its dtype, of
        roundoff u, and own the smallest one minus leverage, the root of m times each score, x, has
        an error of at most 10 sqrt(m n) u (norm(b) + x) / own, n the number of columns of U. As
        the score of an A whose rounded factors these are, x may be off by norm(A) / sqrt(lam)
        times that, where this is more.

    Raises
    ------
    TypeError, ValueError
        If an argument is complex, empty, not finite or of the wrong shape; if a lam is not
        positive; if own is at most 1000 n u: a row with leverage 1 has nothing but itself to be
        predicted from.
    OverflowError
        If a score, the square of an error in b, is no normal float.

    References
    ----------
    Allen, Technometrics 16 (1974), for the formula; Golub, Heath & Wahba, Technometrics 21 (1979).

    Examples
    --------
    >>> factors = np.array([[0.6], [0.8]]), [1.0], [[1.0]]
    >>> leave_one_out(factors, np.array([1.0, 1.0]), [1.0]).round(4)
    array([0.4595])
    """
    def one_minus_leverages(U, faded):
        outside = 0 if len(U) == U.shape[1] else 1 - np.sum(U**2, axis=1)
        return outside + U**2 @ faded

    return _scores(factors, b, lams, one_minus_leverages)


def generalized_cross_validation(factors, b, lams):
    """Return the GCV score of ridge for each lam: leave-one-out with the mean of all leverages.

    Parameters
    ----------
    factors : SVD
        Of A, shape (m, n), or any U, s, Vt.
    b : ndarray, shape (m,)
    lams : array_like, shape (k,)
        Positive.

    Returns
    -------
    ndarray, shape (k,)
        mean(residual**2) / (1 - sum(f) / m)**2 with the filter factors f. Other than
        `leave_one_out` it stays the same if A and b are multiplied by an orthogonal matrix. The
        error is bounded as there, with own = 1 - sum(f) / m.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `leave_one_out`.

    References
    ----------
    Golub, Heath & Wahba, Technometrics 21 (1979).

    Examples
    --------
    >>> factors = np.array([[0.6], [0.8]]), [1.0], [[1.0]]
    >>> generalized_cross_validation(factors, np.array([1.0, 1.0]), [1.0]).round(4)
    array([0.4711])
    """
    def mean_of_them(U, faded):
        m, k = U.shape
        return np.atleast_1d((m - k + np.sum(faded)) / m)

    return _scores(factors, b, lams, mean_of_them)


def _scores(factors, b, lams, left_of):
    """Return mean((residual / own)**2) for each lam, where left_of(U, faded) returns own."""
    factors = three_factors(factors)  # once, as they may be an iterator
    U, s, b = _problem(factors, b)
    given = float_matrix(factors[0], "U")  # U as float64 is still rounded to this
    limit = 1000 * len(s) * unit_roundoff(given.dtype)
    exponent = np.frexp(np.max(np.abs(b)))[1]  # so that no square over- or underflows
    beta, unfit = _coordinates(U, np.ldexp(b, -exponent))
    scores = []
    for root in _roots(lams):
        faded = _faded(s, root)
        residual, own = unfit + U @ (faded * beta), left_of(U, faded)
        if np.min(own) <= limit:
            raise ValueError(f"row {np.argmin(own)} has a leverage near 1 at lam = {root**2:.3g}, "
                             f"nearer than {limit:.2g}: no other row says anything about it; "
                             "start with larger lam")
        scores.append(np.mean((residual / own) ** 2))
    return _in_units_of_b(np.array(scores), 2 * exponent)


def _in_units_of_b(scores, exponent):
    """Return scores times a power of two, or raise OverflowError."""
    with np.errstate(all="ignore"):  # what leaves the range is found at once
        scaled = np.ldexp(scores, exponent)
    if np.any((scores > 0) & ~((scaled >= np.finfo(float).tiny) & (scaled < np.inf))):
        raise OverflowError(f"a score, {np.max(scores):.3g} times 2**{exponent}, is out of the "
                            "range of float64: scale b")
    return scaled


def _problem(factors, b):
    """Return U, s and b as float64, or refuse them by name."""
    U, s, _ = three_factors(factors)
    U, s = float_matrix(U, "U"), float_vector(s, "s")
    b = vector(right_hand_side(b, U), "b").astype(float)
    if len(s) != U.shape[1] or np.any(s < 0) or not np.any(s > 0):
        raise ValueError(f"s = {s} with U of shape {U.shape}: each column of U has one singular "
                         "value, none of them negative, and not all 0")
    return U.astype(float), s.astype(float), b


def _length(x):
    """Return the 2-norm of x, none of whose squares over- or underflows."""
    largest = np.max(np.abs(x), initial=0.0)
    return largest and largest * np.sqrt(np.sum((x / largest) ** 2))


def _coordinates(U, b):
    """Return the coordinates of b along the columns of U, and what of b lies outside of them."""
    beta = U.T @ b
    return beta, np.zeros_like(b) if len(U) == U.shape[1] else b - U @ beta


def _faded(s, root):
    """Return lam / (s**2 + lam), the part of each direction that ridge takes away."""
    with np.errstate(over="ignore", under="ignore"):
        return 1 / (1 + (s / root) ** 2)


def _roots(lams):
    """Return the roots of ridge parameters, or refuse those that are not positive."""
    lams = float_vector(lams, "lams").astype(float)
    if np.any(lams <= 0):
        raise ValueError(f"lams holds {np.min(lams)}: ridge needs lam > 0; without a penalty use "
                         "least_squares")
    return np.sqrt(lams)
