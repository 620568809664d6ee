"""Sum floating-point numbers, from naive to exact.

The sums take a 1-D array, add in the array's own dtype and return a scalar of that dtype,
so they differ in one thing only: what becomes of the rounding error of each addition.
Throughout, n is the number of terms and u the unit roundoff of the dtype; the bounds hold
for every input with n u < 1, overflow apart. All sums but `exact_sum` also add objects that
know + and -, such as fractions or the numbers of `lib.digits.trace`.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from lib.numbers.formats import FP64, format_of


def two_sum(a, b):
    """Return the rounded sum of a and b, and the error that rounding made.

    With round-to-nearest and no overflow, s + e equals a + b exactly (Knuth, TAOCP vol. 2,
    section 4.2.2, theorem B). Works elementwise on arrays.

    Examples
    --------
    >>> s, e = two_sum(1e16, 1.0)
    >>> s == 1e16, e
    (True, 1.0)
    """
    s = a + b
    b_kept = s - a
    a_kept = s - b_kept
    return s, (a - a_kept) + (b - b_kept)


def two_prod(a, b):
    """Return the rounded product of a and b, and the error that rounding made.

    Parameters
    ----------
    a, b : ndarray or float
        Factors, any one floating dtype; broadcast together.

    Returns
    -------
    p, e : pair of ndarray or scalar, of the factors' dtype
        p + e equals a * b exactly, as long as nothing overflows on the way and no bit of
        the product lies below the smallest subnormal. Both hold in float64 for factors
        between 1e-145 and 1e150 (float32: 1e-15 and 1e15; float16: 0.25 and 200); scale others by
        a power of two.

    Raises
    ------
    TypeError
        If a or b is not of a floating dtype.

    References
    ----------
    Dekker, Numer. Math. 18 (1971), who credits the splitting to Veltkamp; Ogita, Rump &
    Oishi, SIAM J. Sci. Comput. 26 (2005), algorithms 3.2 and 3.3.

    Examples
    --------
    >>> p, e = two_prod(1e8 + 1, 1e8 + 1)
    >>> f"{p:.0f} {e:.0f}"
    '10000000200000000 1'
    """
    dtype = np.result_type(a, b)
    if not np.issubdtype(dtype, np.floating):
        raise TypeError(f"two_prod needs floats, got {dtype}; convert with .astype(float)")
    a, b = np.asarray(a, dtype)[()], np.asarray(b, dtype)[()]
    a_high, a_low = _split(a, dtype)
    b_high, b_low = _split(b, dtype)
    p = a * b
    return p, a_low * b_low - (((p - a_high * b_high) - a_low * b_high) - a_high * b_low)


def _split(a, dtype):
    """Return a as a sum of two halves, so short that products of halves are exact."""
    precision = np.finfo(dtype).nmant + 1
    scaled = dtype.type(2.0 ** ((precision + 1) // 2) + 1) * a
    high = scaled - (scaled - a)
    return high, a - high


def naive_sum(x):
    """Add x from left to right, rounding after every addition.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Terms, any floating dtype; n may be 0.

    Returns
    -------
    scalar of x.dtype
        The sum s, with |s - sum(x)| <= (n-1) u sum(|x|).

    Raises
    ------
    TypeError
        If x is not a floating-point array: integers do not round.
    ValueError
        If x is not 1-D.

    References
    ----------
    Rump, BIT 52 (2012), for a bound without terms in u**2.

    Examples
    --------
    >>> float(naive_sum(np.array([1e8, 1.0, -1e8], dtype=np.float32)))
    0.0
    """
    x = _terms(x)
    total = x.dtype.type(0)
    for term in x:
        total = total + term
    return total


def _terms(x):
    """Return x as an array of terms, or refuse it with the remedy."""
    x = np.asarray(x)
    if x.ndim != 1:
        raise ValueError(f"sums take a 1-D array, got shape {x.shape}; use x.ravel()")
    if not (np.issubdtype(x.dtype, np.floating) or x.dtype == object):
        raise TypeError(f"sums need a float array, got {x.dtype}; convert with x.astype(float)")
    return x


def pairwise_sum(x):
    """Add neighbours, then neighbouring sums, until one is left.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Terms, any floating dtype; n may be 0.

    Returns
    -------
    scalar of x.dtype
        The sum s, with |s - sum(x)| <= h u / (1 - h u) sum(|x|), h = ceil(log2(n)): each
        term takes part in at most h additions instead of n - 1.

    Raises
    ------
    TypeError
        If x is not a floating-point array: integers do not round.
    ValueError
        If x is not 1-D.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), section 4.2. `np.sum` does
    the same along a contiguous axis, from blocks of 128 terms on.

    Examples
    --------
    >>> x = np.full(10**6, 0.1, dtype=np.float32)
    >>> round(float(naive_sum(x))), round(float(pairwise_sum(x)))
    (100958, 100000)
    """
    x = _terms(x)
    while len(x) > 1:
        without_partner = x[len(x) // 2 * 2 :]
        x = np.concatenate([x[:-1:2] + x[1::2], without_partner])
    return x[0] if len(x) else x.dtype.type(0)


def kahan_sum(x):
    """Add x from left to right, and hand the error of each addition on to the next term.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Terms, any floating dtype; n may be 0.

    Returns
    -------
    scalar of x.dtype
        The sum s, with |s - sum(x)| <= (2u + O(n u**2)) sum(|x|): free of n in practice,
        but with sum(|x|) where one would wish for |sum(x)|.

    Raises
    ------
    TypeError
        If x is not a floating-point array: integers do not round.
    ValueError
        If x is not 1-D.

    References
    ----------
    Kahan, Comm. ACM 8 (1965); Higham, Accuracy and Stability of Numerical Algorithms (2002),
    algorithm 4.2 and equation (4.8).

    Examples
    --------
    >>> x = np.full(10**6, 0.1, dtype=np.float32)
    >>> round(float(kahan_sum(x)))
    100000
    """
    x = _terms(x)
    total = excess = x.dtype.type(0)
    for term in x:
        wanted = term - excess
        new_total = total + wanted
        excess = (new_total - total) - wanted
        total = new_total
    return total


def compensated_sum(x):
    """Add x as if in twice its precision, then round once.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Terms, any floating dtype; n may be 0.

    Returns
    -------
    scalar of x.dtype
        The sum s, with |s - sum(x)| <= u |sum(x)| + g**2 sum(|x|), where
        g = (n-1)u / (1 - (n-1)u).

    Raises
    ------
    TypeError
        If x is not a floating-point array: integers do not round.
    ValueError
        If x is not 1-D.

    References
    ----------
    Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm 4.4 and proposition 4.5;
    the same sum as Neumaier, Z. Angew. Math. Mech. 54 (1974), algorithm IV.

    Examples
    --------
    >>> x = np.array([1.0, 1e100, 1.0, -1e100])
    >>> float(kahan_sum(x)), float(compensated_sum(x))
    (0.0, 2.0)
    """
    x = _terms(x)
    total = error = x.dtype.type(0)
    for term in x:
        total, lost = two_sum(total, term)
        error = error + lost
    return total + error


def compensated_dot(x, y):
    """Return the inner product of x and y, as if in twice their precision, rounded once.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Vectors of one floating dtype; n may be 0. The limits of `two_prod` hold for each
        pair of elements.

    Returns
    -------
    scalar of that dtype
        The value s, with |s - x @ y| <= u |x @ y| + g**2 (|x| @ |y|), where
        g = 2n u / (1 - 2n u).

    Raises
    ------
    TypeError
        If x or y is not a floating-point array.
    ValueError
        If x and y are not 1-D of one length.

    References
    ----------
    Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26 (2005), section 5, whose algorithm 5.3 adds
    the same 2n numbers in another order.

    Examples
    --------
    >>> x, y = np.array([1e9 + 1, 1.0, -1e9]), np.array([1e9 + 1, 1.0, 1e9 + 2])
    >>> float(x @ y), float(compensated_dot(x, y))
    (0.0, 2.0)
    """
    x, y = _terms(x), _terms(y)
    if len(x) != len(y):
        raise ValueError(f"an inner product needs equal lengths, got {len(x)} and {len(y)}")
    return compensated_sum(np.concatenate(two_prod(x, y)))


def exact_sum(x):
    """Return the exact sum of x, rounded once, to nearest.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Terms, float64, float32 or float16; n may be 0.

    Returns
    -------
    scalar of x.dtype
        The number of that dtype nearest to the real sum, of two equally near the one with
        the even last bit; a sum of zero is +0. For float64 this is `math.fsum`, also where
        that raises "intermediate overflow". Non-finite terms give what they give there: nan,
        or the infinity that occurs.

    Raises
    ------
    TypeError
        If x is not of one of the three dtypes.
    ValueError
        If x is not 1-D, or holds both inf and -inf.
    OverflowError
        If the exact sum rounds to a number beyond the dtype's largest.

    References
    ----------
    Rump, Ogita & Oishi, SIAM J. Sci. Comput. 31 (2008), section 3, for the vectorised
    part. What that does not decide is decided in integers.

    Examples
    --------
    >>> float(exact_sum(np.array([1e16, 1.0, 1e-16, -1e16])))
    1.0
    >>> float(exact_sum(np.array([1e308, 1e308, -1e308])))
    1e+308
    """
    x = _terms(x)
    fmt = format_of(x.dtype)
    terms = x.astype(np.float64, copy=False)
    largest = max(terms.max(initial=0.0), -terms.min(initial=0.0))
    if not np.isfinite(largest):
        return _sum_of_specials(x)
    total = _decided_sum(terms, largest, fmt)
    return x.dtype.type(_rounded(_integer_sum(terms), fmt) if total is None else total)


def _sum_of_specials(x):
    """Return the nan or infinity that terms which are not all finite add up to."""
    infinities = np.unique(x[np.isinf(x)])
    if len(infinities) == 2:
        raise ValueError("the terms hold both inf and -inf, which have no sum; remove them")
    return x.dtype.type(np.nan) if np.isnan(x).any() else infinities[0]


_BLOCK = 2**14  # terms at a time, so that what is done with them stays in the cache


def _decided_sum(terms, largest, fmt):
    """Return the sum of terms as a number of fmt if their leading parts decide it, or None."""
    width = (len(terms) + 1).bit_length()
    top = width + math.frexp(largest)[1]
    if len(terms) < _BLOCK or top > fmt.emax:
        return None
    *cuts, left = (math.ldexp(1.0, top - k * (FP64.precision - width)) for k in range(4))
    parts = _leading_sums(terms, cuts)
    # The parts miss the exact sum by less than the next cut.
    low, high = (_rounded(_integer_sum(np.array([*parts, miss])), fmt) for miss in (-left, left))
    return low if low == high else None


def _leading_sums(terms, cuts):
    """Return for each cut the sum of the parts of terms from there up to the cut before.

    With n < 2**width terms below 2**-width times the cut, the parts are whole multiples of u
    times the cut and add up to less than the cut, so their sums are exact in any order.
    """
    sums = [0.0] * len(cuts)
    for start in range(0, len(terms), _BLOCK):
        rest = terms[start : start + _BLOCK]
        for k, cut in enumerate(cuts):
            leading = (rest + cut) - cut
            rest = rest - leading
            sums[k] += float(leading.sum())
    return sums


# frexp gives float64 exponents from -1073 to 1024, and significands of 53 bits below them.
_BINS = 1073 + 1024 + 1
_UNIT = -1073 - 53


def _integer_sum(terms):
    """Return the sum of finite float64 terms as an integer, in units of 2**_UNIT."""
    highs, lows = np.zeros((2, _BINS), dtype=np.int64)
    for start in range(0, len(terms), _BLOCK):
        fraction, exponent = np.frexp(terms[start : start + _BLOCK])
        place = exponent.astype(np.intp) + 1073
        # A significand is high * 2**27 + low, both whole; their sums stay below 2**53: exact.
        high = np.rint(fraction * 2.0**26)
        low = fraction * 2.0**53 - high * 2.0**27
        highs += np.bincount(place, high, minlength=_BINS).astype(np.int64)
        lows += np.bincount(place, low, minlength=_BINS).astype(np.int64)
    used = np.flatnonzero(highs | lows).tolist()
    return sum((int(highs[k]) * 2**27 + int(lows[k])) << k for k in used)


def _rounded(total, fmt):
    """Return total * 2**_UNIT as the nearest number of fmt, ties to even.

    No smallest exponent is needed: sums are whole multiples of the smallest subnormal.
    """
    dropped = max(total.bit_length() - fmt.precision, 0)
    kept = round(Fraction(total, 2**dropped))
    if abs(kept) << dropped > int(fmt.max) << -_UNIT:
        size = (abs(kept) << dropped).bit_length() - 1 + _UNIT
        raise OverflowError(
            f"|sum| rounds to 2**{size} or more; {fmt} ends at {fmt.max:.4g}; scale x down"
        )
    return math.ldexp(kept, dropped + _UNIT)


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared deviations from that mean, of the numbers seen so far."""

    count: int
    mean: float
    m2: float

    @property
    def variance(self):
        """Return the sample variance, m2 / (count - 1); needs two numbers."""
        if self.count < 2:
            raise ValueError(f"a sample variance needs two numbers, there are {self.count}")
        return self.m2 / (self.count - 1)

    @property
    def std(self):
        """Return the sample standard deviation, the root of the variance."""
        return np.sqrt(self.variance)

    def merge(self, other):
        """Return the moments of the numbers of self and other together.

        Chan, Golub & LeVeque, The American Statistician 37 (1983), section 2.
        """
        if not (self.count and other.count):
            return self if self.count else other
        count = self.count + other.count
        delta = other.mean - self.mean
        mean = self.mean + delta * (other.count / count)
        m2 = self.m2 + other.m2 + delta * delta * (self.count * other.count / count)
        return Moments(count, mean, m2)


def running_moments(x):
    """Return count, mean and sum of squared deviations of x, in one pass over it.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Numbers, any floating dtype; n may be 0, and then the mean is nan.

    Returns
    -------
    Moments
        `.count`, `.mean`, `.m2` in x.dtype, with `.variance` and `.std` of the sample, and
        `.merge(other)`. To first order in u the relative error of m2 is at most n k u, where
        k = sqrt(1 + n mean**2 / m2); the textbook's sum(x**2) - n mean**2 has k**2 there.

    Raises
    ------
    TypeError
        If x is not a floating-point array: integers do not round.
    ValueError
        If x is not 1-D.

    References
    ----------
    Welford, Technometrics 4 (1962); the bound: Chan, Golub & LeVeque, The American
    Statistician 37 (1983).

    Examples
    --------
    >>> seen = running_moments(np.array([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]))
    >>> seen.count, float(seen.mean) - 1e9, float(seen.variance)
    (4, 10.0, 30.0)
    """
    x = _terms(x)
    count, mean, m2 = 0, x.dtype.type(0), x.dtype.type(0)
    for count, term in enumerate(x, start=1):
        delta = term - mean
        mean = mean + delta / count
        m2 = m2 + delta * (term - mean)
    return Moments(count, mean if count else x.dtype.type(np.nan), m2)
