"""Add and compare numbers of any kind exactly, with one rounding at the end.

A number to compare is a pair, its real and its imaginary part. Each part is a Fraction, or a float
where it is infinite or nan.
"""

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Rational

import numpy as np

from lib.numbers.arguments import one_shape, plain_array

# Exponents of mpmath numbers and Decimals are cut here: beside floats, a number this large or small
# is as good as any beyond.
FAR = 2**15


def exact_parts(value, name, far=FAR):
    """Return the real and the imaginary part of a number of any kind.

    Parameters
    ----------
    value : int, float, complex, Fraction, Decimal, NumPy scalar or mpmath number
    name : str
        What messages call it.
    far : int
        Where binary exponents are cut.

    Raises
    ------
    TypeError
        If value is of another kind.

    Examples
    --------
    >>> exact_parts(0.5 - 2j, "x")
    (Fraction(1, 2), Fraction(-2, 1))
    """
    if hasattr(value, "_mpc_"):
        return tuple(_from_mpmath(raw, far) for raw in value._mpc_)
    if hasattr(value, "_mpf_"):
        return _from_mpmath(value._mpf_, far), Fraction(0)
    if isinstance(value, Decimal):
        return _from_real(_cut(value, far * 3 // 10)), Fraction(0)
    if isinstance(value, float | np.floating):
        return _from_real(value), Fraction(0)
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator)), Fraction(0)
    if isinstance(value, complex | np.complexfloating):
        return _from_real(value.real), _from_real(value.imag)
    raise TypeError(f"{name} holds a {type(value).__name__}: only numbers have an error; convert "
                    "it with float()")


def _from_real(value):
    """Return a float of any width or a Decimal as a Fraction, or as a float if it has none."""
    if value.is_nan() if isinstance(value, Decimal) else value != value:
        return math.nan
    return Fraction(*value.as_integer_ratio()) if abs(value) < math.inf else float(value)


def _cut(value, far):
    """Return a Decimal with its exponent cut, so that its fraction can be computed."""
    sign, digits, exponent = value.as_tuple()
    if not value.is_finite() or -far - len(digits) <= exponent <= far:
        return value
    return Decimal((sign, digits, min(max(exponent, -far - len(digits)), far)))


def together(x, c):
    """Return the parts of x and of c, cut only where that changes no error.

    Where both are real mpmath numbers far beyond the floats, on one side, both are divided by one
    power of two, which brings them near and leaves them so far away that their difference still is
    0 or infinite as a float.

    Raises
    ------
    TypeError
        If one is no number.
    ValueError
        If both are far in another way, and differ.

    Examples
    --------
    >>> together(0.5, 2)
    ((Fraction(1, 2), Fraction(0, 1)), (Fraction(2, 1), Fraction(0, 1)))
    """
    raws = [getattr(value, "_mpf_", (0, 0, 0, 0)) for value in (x, c)]
    if all(significand for _, significand, _, _ in raws):
        low = min(exponent for _, _, exponent, _ in raws)
        top = max(exponent + bits for _, _, exponent, bits in raws)
        unit, far = low - FAR if low > FAR else min(top + FAR, 0), _far(x, c)
        return tuple((_from_mpmath((sign, significand, exponent - unit, bits), far), Fraction(0))
                     for sign, significand, exponent, bits in raws)
    return _at_once(x, c)


def _far(x, c):
    """Return where two exponents are cut: so far out that it moves neither number to the other."""
    return 3 * FAR + _bits(x) + _bits(c)


def _at_once(x, c):
    """Return the parts of x and of c, or refuse two that would be cut together."""
    far = _far(x, c)
    if _is_far(x, far) and _is_far(c, far) and x != c:
        raise ValueError(f"x and c are both beyond 2**{far} or below its inverse: divide both by "
                         "one power of two first")
    return exact_parts(x, "x", far), exact_parts(c, "c", far)


def _raws(value):
    """Return how mpmath holds the parts of its numbers; none for others."""
    return getattr(value, "_mpc_", None) or [raw for raw in [getattr(value, "_mpf_", None)] if raw]


def _bits(value):
    """Return at least how many bits a number of any size takes, 0 for the fixed ones."""
    if isinstance(value, Rational):
        return int(value.numerator).bit_length() + int(value.denominator).bit_length()
    return sum(bits for *_, bits in _raws(value))


def _is_far(value, far):
    """Return whether a part of a number would be cut."""
    if isinstance(value, Decimal):
        return _cut(value, far * 3 // 10) is not value
    return any(significand and abs(exponent) > far for _, significand, exponent, _ in _raws(value))


def _from_mpmath(raw, far=FAR):
    """Return mpmath's (sign, significand, exponent, bits) as a Fraction, infinity or nan."""
    sign, significand, exponent, bits = raw
    if not significand and exponent:  # how mpmath writes what is not finite
        return {-456: math.inf, -789: -math.inf}.get(exponent, math.nan)
    exponent = min(max(exponent, -far - bits), far)
    return Fraction(-significand if sign else significand) * Fraction(2) ** exponent


def rounded(q):
    """Return a Fraction as the nearest float, inf beyond the largest; floats as they are."""
    try:
        return float(q)
    except OverflowError:
        return math.inf if q > 0 else -math.inf


def fsum(terms):
    """Return the sum of finite floats, rounded once; inf where it is beyond the range."""
    try:
        return math.fsum(terms)
    except OverflowError:  # a partial sum is beyond the range; the sum need not be
        ratios = map(float.as_integer_ratio, terms)
        return rounded(Fraction(sum(p * (2**1074 // q) for p, q in ratios), 2**1074))


def to_odd(total, rest):
    """Return, of the two floats around total + rest, the one with the odd last bit.

    Where there is no rest, or none that is finite, it is the total. Arrays broadcast.
    """
    is_even = np.asarray(total).view(np.int64) % 2 == 0
    moved = np.nextafter(total, np.copysign(np.inf, rest))
    return np.where(is_even & (np.asarray(rest) != 0) & np.isfinite(rest), moved, total)


def differences(x, c):
    """Return |x - c|, part by part, of two pairs."""
    return [_difference(p, q) for p, q in zip(x, c, strict=True)]


def _difference(p, q):
    """Return |p - q|: 0 for the same infinity, inf for different ones, nan where either is nan."""
    if isinstance(p, Fraction) and isinstance(q, Fraction):
        return abs(p - q)
    if p != p or q != q:
        return math.nan
    return Fraction(0) if p == q else math.inf


def exact_distance(x, c):
    """Return |x - c| as a Fraction, or as a float where it is infinite or nan.

    Parameters
    ----------
    x, c : int, float, complex, Fraction, Decimal, NumPy scalar or mpmath number

    Returns
    -------
    Fraction or float
        Of real numbers the distance itself; of complex ones, where that is not rational, a number
        above it by at most 2**-64 of it. An mpmath number or a Decimal beyond 2**98304 or below its
        inverse counts as about that. 0 for the same infinity, inf for different ones, nan where
        either is nan.

    Raises
    ------
    TypeError
        If x or c is no number.
    ValueError
        If both are mpmath numbers or Decimals beyond 2**98304 or below its inverse, and differ.

    Examples
    --------
    >>> exact_distance(0.5, Fraction(1, 3)), exact_distance(3 + 4j, 0)
    (Fraction(1, 6), Fraction(5, 1))
    """
    gaps = differences(*_at_once(x, c))
    if not all(isinstance(gap, Fraction) for gap in gaps):
        return math.nan if any(gap != gap for gap in gaps) else math.inf
    return max(gaps) if not all(gaps) else _root(sum(gap * gap for gap in gaps))


def _root(square):
    """Return the root of a positive Fraction, or a number above it by at most 2**-64 of it."""
    whole = square.numerator * square.denominator
    shift = max(0, 65 - whole.bit_length() // 2)
    root = math.isqrt(whole << 2 * shift)
    root += root * root < whole << 2 * shift
    return Fraction(root, square.denominator << shift)


def absolute(x, c):
    """Return |x - c| as a float; nan where a part is nan."""
    gaps = [rounded(gap) for gap in differences(x, c)]
    return math.nan if any(map(math.isnan, gaps)) else math.hypot(*gaps)


def relative(x, c):
    """Return |x - c| / |c| as a float.

    0 where x equals c, otherwise inf where c is 0 or one of them is infinite; nan where one is nan.
    """
    gaps, size = differences(x, c), max(map(abs, c))
    if not all(isinstance(part, Fraction) for part in (*gaps, size)) or not any(gaps) or not size:
        # A gap too small for a float is one, nevertheless.
        return math.nan if any(part != part for part in gaps) else math.inf if any(gaps) else 0.0
    # Both lengths in units of their larger part: between 1 and sqrt(2), which cannot overflow.
    gap = max(gaps)
    above, below = (math.hypot(*(rounded(part / unit) for part in pair))
                    for pair, unit in ((gaps, gap), (c, size)))
    return rounded(gap / size * Fraction(above) / Fraction(below))


def digits(x, c):
    """Return -log10 of |x - c| / |c|, of |x - c| where c is 0, as a float, for errors of any size.

    inf where x equals c, -inf where only one is infinite; nan where one is nan.
    """
    gaps, sizes = differences(x, c), list(map(abs, c))
    if not all(isinstance(part, Fraction) for part in (*gaps, *sizes)) or not any(gaps):
        return math.nan if any(part != part for part in gaps) else (
            -math.inf if any(gaps) else math.inf)
    square = sum(gap * gap for gap in gaps) / (sum(size * size for size in sizes) or 1)
    if 2.0**-1000 <= square <= 2.0**1000:
        return -math.log10(square) / 2
    # So far apart the two logarithms do not cancel.
    return (math.log10(square.denominator) - math.log10(square.numerator)) / 2


def ordinary(size):
    """Return where sizes are so far from the ends of the range that nothing can go wrong there."""
    return (size >= 2.0**-960) & (size <= 2.0**1000)


def compared(x, c, quick, slow, same=0.0):
    """Return the errors of x, by a quick formula where that is sure, elsewhere in fractions.

    Parameters
    ----------
    x, c : array_like
        Computed and true values.
    quick : callable
        ``quick(x, c, gap)`` of float or complex arrays, with gap = |x - c|, returns the errors and
        where they are sure, if gap is ordinary.
    slow : callable
        `absolute`, `relative` or `digits`, of pairs.
    same : float
        What it gives where x equals c.

    Returns
    -------
    float or ndarray of float64
    """
    x, c = plain_array(x, "x"), plain_array(c, "c")
    shape = one_shape(x, c, ("x", "c"))
    x, c = (np.broadcast_to(_widened(part), shape) for part in (x, c))
    result, sure = np.empty(shape), np.zeros(shape, dtype=bool)
    if object not in (x.dtype, c.dtype):
        with np.errstate(all="ignore"):
            gap = np.abs(x - c)
            result, sure = quick(x, c, gap)
        nan = (x != x) | (c != c)
        result = np.where(x == c, same, np.where(nan, np.nan, result))
        sure = (x == c) | nan | (sure & ordinary(gap))
    for place in map(tuple, np.argwhere(~sure)):
        result[place] = slow(*together(x[place], c[place]))
    return result if result.ndim else float(result)


def _widened(x):
    """Return x in float64 or complex where all its values fit, as objects where they may not."""
    wide = np.dtype(complex if x.dtype.kind == "c" else float)
    fits = x.dtype.kind in "fc" and x.dtype.itemsize <= wide.itemsize
    if x.dtype.kind in "biu":
        fits = not x.size or max(int(x.max()), -int(x.min())) <= 2**53
    return x.astype(wide if fits else object)
