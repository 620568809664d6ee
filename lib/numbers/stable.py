"""Evaluate formulas that break when they are computed as printed.

The plain form of each leaves the range of the format (exp overflows) or subtracts what it has
already rounded (1 - p, b**2 - 4 a c). Here they are rearranged so that neither happens. Values are
computed and returned in the floating dtype that they arrive in; integers are refused by name.
A row without a finite maximum has no softmax: all -inf (fully masked), or holding +inf or nan.
"""

from collections import namedtuple

import numpy as np

from lib.numbers.arguments import plain_array
from lib.numbers.pairs import two_prod, two_sum
from lib.numbers.scalars import whole_number
from lib.numbers.sums import exact_sum

LOG2 = float(np.log(2.0))


def _floats(x, function, name="x"):
    """Return x as a float32 or float64 array, or raise TypeError in the name of the caller."""
    x = plain_array(x, name)
    if x.dtype.kind == "c":
        raise TypeError(f"{function} needs float32 or float64, got {x.dtype}: use {name}.real if "
                        "the imaginary part is 0")
    if x.dtype not in (np.float32, np.float64):
        raise TypeError(f"{function} needs float32 or float64, got {x.dtype}: use "
                        f"{name}.astype(float)")
    return x


def _axis_last(x, axis):
    """Return x with an axis moved to the end, or refuse what is no axis of x."""
    try:
        axis = whole_number(axis, "axis")
    except TypeError:
        raise TypeError(f"axis = {axis!r} is not one integer: name one axis, or flatten x with "
                        ".ravel()") from None
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis {axis} is out of range: x has shape {x.shape}")
    return np.moveaxis(x, axis, -1)


def _pair_sum(terms, low):
    """Sum terms + low over the last axis in pairs; return high + low, kept with length 1."""
    while terms.shape[-1] > 1:
        if terms.shape[-1] % 2:
            zero = np.zeros_like(terms[..., :1])
            terms, low = np.append(terms, zero, axis=-1), np.append(low, zero, axis=-1)
        terms, error = two_sum(terms[..., ::2], terms[..., 1::2])
        low = low[..., ::2] + low[..., 1::2] + error
    return terms, low


class _Shifted(namedtuple("_Shifted", "top finite shift lost terms rest low")):
    """What log-sum-exp, softmax and log-softmax share, over the last axis of x.

    top is the maximum m; shift + lost is the exact x - m; terms is exp(x - m); rest + low is their
    sum without the maximal term, which is the 1 of log1p. A row is finite if its maximum is; the
    others count as zeros.
    """


def _shifted(x):
    """Return the `_Shifted` of x."""
    if not x.shape[-1]:
        raise ValueError(f"there are no terms to add in x, of shape {x.shape}: drop empty rows")
    top = np.max(x, axis=-1, keepdims=True)
    finite = np.isfinite(top)
    x = np.where(finite, x, 0)
    shift, lost = two_sum(x, -np.where(finite, top, 0))
    lost = np.where(np.isfinite(lost), lost, 0)
    terms = np.exp(shift)
    others = terms.copy()
    np.put_along_axis(others, np.argmax(x, axis=-1)[..., None], 0, axis=-1)
    rest, low = _pair_sum(others, others * lost)
    return _Shifted(top, finite, shift, lost, terms + terms * lost, rest, low)


@np.errstate(all="ignore")
def logsumexp(x, axis=None):
    """Return log(sum(exp(x))) along an axis, or of all of x.

    With m = max(x) it is m + log1p(r), where r sums exp(x - m) over the other terms, in twice the
    working precision. Nothing overflows, and a term that underflows is too small to matter.

    Parameters
    ----------
    x : array_like of floats, not narrower than float32
        Terms; -inf marks an absent (masked) one.
    axis : int, optional
        The axis to reduce.

    Returns
    -------
    ndarray, or scalar of x.dtype
        Absolute error at most 4u(|m| + log(1 + r)); at most 4 ulp where m = 0 or where the result
        is at least max|x|/2 in size; both as far as NumPy's exp and log1p are good to 1 ulp.
        With m = 0 and r below n times the smallest normal number, within n spacings.
        -inf where every term is -inf, inf where one is inf, nan where one is nan.

    Raises
    ------
    TypeError
        If x does not hold floats, is masked or a np.matrix, or if axis is not one integer.
    ValueError
        If there is nothing to add, or x has no such axis.

    References
    ----------
    Blanchard, Higham & Higham, IMA J. Numer. Anal. 41 (2021), algorithm 4.1.

    Examples
    --------
    >>> float(logsumexp([1000.0, 1000.0])), float(logsumexp([0.0, -40.0]))
    (1000.6931471805599, 4.248354255291589e-18)
    """
    x = _floats(x, "logsumexp")
    s = _shifted(x.reshape(-1) if axis is None else _axis_last(x, axis))
    total, lost = two_sum(s.top, np.log1p(s.rest))
    total = total + (lost + s.low / (1 + s.rest))
    return np.where(s.finite, total, s.top)[..., 0][()]


@np.errstate(all="ignore")
def softmax(x, axis=-1):
    """Return exp(x) / sum(exp(x)) along an axis.

    Parameters
    ----------
    x : array_like of floats, not narrower than float32
        Logits; -inf marks a masked entry, whose probability is 0.
    axis : int
        The axis along which the probabilities sum to one.

    Returns
    -------
    ndarray of x's shape and dtype
        Each entry within 4 ulp (or, below the normal range, 2 spacings), as far as NumPy's exp is
        good to 1 ulp. A row without a finite maximum is nan: no probabilities sum to one there.

    Raises
    ------
    TypeError, ValueError
        As `logsumexp`.

    Examples
    --------
    >>> softmax([1000.0, 1000.0, -np.inf]).tolist()
    [0.5, 0.5, 0.0]
    """
    s = _shifted(_axis_last(_floats(x, "softmax"), axis))
    p = np.where(s.finite, s.terms / (1 + s.rest + s.low), np.nan)
    return np.moveaxis(p, -1, axis)


@np.errstate(all="ignore")
def log_softmax(x, axis=-1):
    """Return x - logsumexp(x) along an axis, with a small relative error everywhere.

    It is (x - m) - log1p(r), two terms of one sign, so that nothing cancels, not even for the top
    entry when it has nearly all of the probability.

    Parameters
    ----------
    x : array_like of floats, not narrower than float32
        Logits; the logarithm at a masked entry, -inf, is -inf.
    axis : int
        The axis along which the probabilities sum to one.

    Returns
    -------
    ndarray of x's shape and dtype
        Each entry within 4 ulp, one below the normal range within as many spacings as its row has
        logits, as far as NumPy's exp and log1p are good to 1 ulp.
        A row without a finite maximum is nan.

    Raises
    ------
    TypeError, ValueError
        As `logsumexp`.

    References
    ----------
    Blanchard, Higham & Higham, IMA J. Numer. Anal. 41 (2021).

    Examples
    --------
    >>> log_softmax([20.0, -20.0]).tolist()
    [-4.248354255291589e-18, -40.0]
    """
    s = _shifted(_axis_last(_floats(x, "log_softmax"), axis))
    logs = s.shift - np.log1p(s.rest) + (s.lost - s.low / (1 + s.rest))
    return np.moveaxis(np.where(s.finite, logs, np.nan), -1, axis)


@np.errstate(over="ignore")
def cross_entropy(logits, labels):
    """Return the mean of -log(softmax(logits)[label]) over the rows.

    Parameters
    ----------
    logits : array_like of floats, not narrower than float32, shape (..., classes)
        One row of logits per case; not probabilities.
    labels : array_like of int, shape (...)
        The true class of each row, 0 to classes - 1.

    Returns
    -------
    scalar of logits.dtype
        What torch's F.cross_entropy returns by default; inf where a true class is masked, nan where
        a row has no finite maximum. Within 6 ulp, and for a mean of n losses of k classes below the
        normal range n + k spacings, as far as NumPy's exp and log1p are good to 1 ulp.

    Raises
    ------
    TypeError
        If logits are not floats or labels not integers, or either is masked or a np.matrix.
    ValueError
        If a label is out of range, shapes do not fit, or there is no row.

    Examples
    --------
    >>> float(cross_entropy([[200.0, 0.0], [0.0, 0.0]], [1, 0]))
    100.34657359027997
    """
    logits, labels = _floats(logits, "cross_entropy", "logits"), plain_array(labels, "labels")
    if not np.issubdtype(labels.dtype, np.integer):
        raise TypeError(f"cross_entropy needs integer class labels, got {labels.dtype}: use "
                        "labels.astype(int) if they are whole")
    if not logits.ndim or labels.shape != logits.shape[:-1] or labels.size == 0:
        raise ValueError(f"labels of shape {labels.shape} do not give each row of logits of shape "
                         f"{logits.shape} its class: one label a row is needed")
    for label in (labels.min(), labels.max()):
        if not 0 <= label < logits.shape[-1]:
            raise ValueError(f"label {label} is not a class: there are {logits.shape[-1]}, from 0")
    logs, halvings = _halved_logs(logits, labels)
    return 0 - np.ldexp(exact_sum(logs) / len(logs), halvings)


def _halved_logs(logits, labels):
    """Return log(softmax(logits)[label]), halved as often as their sum needs not to overflow."""
    logs, own = (np.take_along_axis(part, labels[..., None], axis=-1).reshape(-1)
                 for part in (log_softmax(logits), logits))
    top = np.max(logits, axis=-1).reshape(-1)
    far = np.isinf(logs) & np.isfinite(own) & np.isfinite(top)  # a loss beyond the range
    largest = np.max(np.abs(logs), where=np.isfinite(logs), initial=0)
    ends = np.finfo(logs.dtype).maxexp  # all logarithms lie below 2**exponent, far ones one beyond
    exponent = ends + 1 if far.any() else int(np.frexp(largest)[1])
    halvings = max(0, exponent + len(logs).bit_length() - ends + 1)
    logs = np.ldexp(logs, -halvings)
    logs[far] = np.ldexp(own[far], -halvings) - np.ldexp(top[far], -halvings)
    return logs, halvings


@np.errstate(divide="ignore", under="ignore")
def log1mexp(a):
    """Return log(1 - exp(-a)) for a > 0: the logarithm of one minus a probability.

    For a <= log 2 it is log(-expm1(-a)), beyond it log1p(-exp(-a)): each where it is accurate.

    Parameters
    ----------
    a : array_like of floats, not narrower than float32
        Positive; inf and nan are let through.

    Returns
    -------
    ndarray, or scalar of a.dtype
        Within 4 ulp, as far as NumPy's exp, expm1, log and log1p are good to 1 ulp.

    Raises
    ------
    TypeError
        If a does not hold floats.
    ValueError
        If an entry is zero or negative.

    References
    ----------
    Mächler, "Accurately computing log(1 - exp(-|a|))", R package Rmpfr (2012).

    Examples
    --------
    >>> float(log1mexp(1e-20)), float(log1mexp(50.0))
    (-46.051701859880914, -1.9287498479639178e-22)
    """
    a = _floats(a, "log1mexp", "a")
    if np.any(a <= 0):
        raise ValueError(f"log1mexp needs a > 0, got {a[a <= 0][0]}: no probability is above 1, "
                         "and at 1 the logarithm is -inf")
    return np.where(a <= LOG2, np.log(-np.expm1(-a)), np.log1p(-np.exp(-a)))[()]


def _single(x, name):
    """Refuse by name what is no single real coefficient."""
    part = plain_array(x, name)
    if part.ndim:
        raise ValueError("quadratic_roots takes one number for each of a, b and c, got "
                         f"{name} of shape {part.shape}: solve one equation at a time")
    if part.dtype.kind == "c":
        raise TypeError(f"quadratic_roots needs float32 or float64, got {name} of {part.dtype}: "
                        f"use {name}.real if the imaginary part is 0")
    if part.dtype.kind in "iu" and int(float(part)) != int(part):
        raise TypeError(f"quadratic_roots needs float32 or float64, and {name} = {part} would be "
                        f"rounded: use float({name}) if it may be")


def _coefficients(a, b, c):
    """Return a, b and c as an array, or refuse what makes no quadratic equation."""
    for x, name in zip((a, b, c), "abc", strict=True):
        _single(x, name)
    coefficients = np.asarray([a, b, c])
    if coefficients.dtype not in (np.float32, np.float64):
        raise TypeError("quadratic_roots needs a, b and c in float32 or float64, got "
                        f"{coefficients.dtype}: use float(a), float(b), float(c)")
    if coefficients[0] == 0 or not np.isfinite(coefficients).all():
        raise ValueError("quadratic_roots needs finite coefficients and a != 0, got "
                         f"{a}, {b}, {c}: scale the equation, or solve b x + c = 0")
    return coefficients


def _normalised(a, b, c):
    """Return A, B, C and k, e with a x**2 + b x + c = 0 where A t**2 + B t + C = 0, x = t 2**k.

    A and C lie between 1/2 and 2 in size, unless c = 0. B is 2**e times smaller than it should be:
    its exponent is cut to -60...60, beyond which the smaller of B**2 and 4 A C does not matter.
    """
    (A, i), (B, j), (C, n) = np.frexp(a), np.frexp(b), np.frexp(c)
    n = n if c else 2 * j - i
    k = (n - i) // 2
    exponent = j - i - k if b else 0
    cut = np.clip(exponent, -60, 60)
    return A, np.ldexp(B, cut), np.ldexp(C, (n - i) % 2), k, exponent - cut


def quadratic_roots(a, b, c):
    """Return the two roots of a x**2 + b x + c, each nearly as good as its rounding.

    The discriminant is the correctly rounded sum of exact products; the root in which -b and the
    square root would cancel comes from the product of the roots, c/a (Vieta).

    Parameters
    ----------
    a, b, c : float
        Finite coefficients, a != 0.

    Returns
    -------
    tuple of two scalars
        The real roots in ascending order, or the complex pair with the negative imaginary part
        first. Real and imaginary parts are within 4 ulp, below the normal range within one spacing.
        A root beyond the range is inf, with NumPy's overflow warning.

    Raises
    ------
    TypeError
        If the coefficients are not floats, or one is a whole number that no float holds.
    ValueError
        If a = 0 or a coefficient is not finite.

    References
    ----------
    Kahan, "On the cost of floating-point computation without extra-precise arithmetic" (2004).

    Examples
    --------
    >>> [float(x) for x in quadratic_roots(1.0, 1e8, 1.0)]
    [-100000000.0, -1e-08]
    """
    a, b, c = _coefficients(a, b, c)
    A, B, C, k, e = _normalised(a, b, c)
    (p, p_low), (q, q_low) = two_prod(B, B), two_prod(4 * A, C)
    D = exact_sum(np.array([p, p_low, -q, -q_low]))
    if D < 0:
        re, im = np.ldexp(-B / (2 * A), k + e), np.ldexp(np.sqrt(-D) / abs(2 * A), k)
        scalar = np.result_type(a, 1j).type
        return scalar(complex(re, -im)), scalar(complex(re, im))
    Q = -(B + np.copysign(np.sqrt(D), B)) / 2
    e = max(e, 0)
    x = np.ldexp(Q / A, k + e), np.ldexp(C / Q if Q else Q, k - e)
    return min(x) + 0, max(x) + 0


def sample_std(x):
    """Return the sample standard deviation of x, by two passes with exact sums.

    Parameters
    ----------
    x : array_like of floats, not narrower than float32, shape (n,)
        The sample, n at least 2.

    Returns
    -------
    scalar of x.dtype
        The root of sum((x - mean)**2) / (n - 1), with a relative error of a few u, whatever the
        ratio of mean and deviation is; what reading x in decimal has lost, it cannot restore. inf,
        with NumPy's warning, where it is beyond the range.

    Raises
    ------
    TypeError
        If x does not hold floats.
    ValueError
        If x is not a vector of two or more finite numbers.

    References
    ----------
    Chan, Golub & LeVeque, Amer. Statist. 37 (1983), the corrected two-pass algorithm.

    Examples
    --------
    >>> float(sample_std([1e8, 1e8 + 1, 1e8 + 2]))
    1.0
    """
    x = _floats(x, "sample_std")
    n = x.size
    if x.ndim != 1 or n < 2 or not np.isfinite(x).all():
        raise ValueError("sample_std needs a vector of two or more finite numbers, got x of shape "
                         f"{x.shape}: {np.array2string(x, threshold=9, edgeitems=3)}")
    _, exponent = np.frexp(np.max(np.abs(x)))
    d = np.ldexp(x, -exponent)
    for _ in range(2):  # the first mean is rounded, perhaps by more than the deviation
        d = d - exact_sum(d) / n
    return np.ldexp(np.sqrt(exact_sum(d * d) / (n - 1)), exponent)
