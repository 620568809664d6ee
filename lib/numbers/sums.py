"""Sum floating-point numbers, from naive to exact.

The sums take a 1-D array, add in the array's own dtype and return a scalar of that dtype,
so they differ in one thing only: what becomes of the rounding error of each addition.
Throughout, n is the number of terms and u the unit roundoff of the dtype; the bounds hold
for every input with n u < 1, overflow apart. Where `naive_sum` does not overflow, the others keep
their bounds, and are inf, with NumPy's warning, only if the sum is that near to the end of the
range. Where it does, the others but `exact_sum` keep theirs if nothing overflows in their own
order, as in `pairwise_sum` of M/2, M/2, M/2, -M with the largest float M; else, and where a term is
infinite or nan, they give what it gives. All sums but `exact_sum` also add objects that know + and
-, such as fractions or the numbers of `lib.digits.trace`.
"""

import functools
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Complex, Real

import numpy as np

from lib.numbers.arguments import plain_array, refuse_mixed
from lib.numbers.exact import fsum, to_odd
from lib.numbers.formats import FP64, format_of, round_to
from lib.numbers.pairs import two_prod, two_sum


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


def _terms(x, name="x"):
    """Return x as an array of terms, or refuse it with the remedy."""
    x = plain_array(x, name)
    if x.ndim != 1:
        raise ValueError(f"sums take a 1-D array, got shape {x.shape}; use {name}.ravel()")
    if x.dtype.kind == "c":
        raise TypeError(f"sums need a real array, got {x.dtype}; add {name}.real and {name}.imag "
                        "one by one")
    for term in x if x.dtype == object else ():
        if isinstance(term, Complex) and not isinstance(term, Real):
            raise TypeError(f"sums need real terms, {name} holds {term}: add the parts one by one")
    refuse_mixed(x if x.dtype == object else (), name)
    if not (np.issubdtype(x.dtype, np.floating) or x.dtype == object):
        raise TypeError(f"sums need a float array, got {x.dtype}; convert with "
                        f"{name}.astype(float)")
    return x


def _within_range(summed):
    """Return a sum that is right where it leaves the range and `naive_sum` does not.

    Beside the largest float a correction may overflow though no sum does; from quarters of the
    terms none can. The quarters are exact but for bits far below u times that float.
    """
    @functools.wraps(summed)
    def in_range(x):
        x = _terms(x)
        with np.errstate(all="ignore"):
            total = summed(x)
        if -np.inf < total < np.inf:
            return total
        plain = naive_sum(x)
        return 4 * summed(x / 4) if -np.inf < plain < np.inf else plain

    return in_range


@_within_range
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
    while len(x) > 1:
        without_partner = x[len(x) // 2 * 2 :]
        x = np.concatenate([x[:-1:2] + x[1::2], without_partner])
    return x[0] if len(x) else x.dtype.type(0)


@_within_range
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
    total = missing = x.dtype.type(0)
    for term in x:
        wanted = term + missing
        new_total = total + wanted
        arrived = new_total - total
        missing = wanted - arrived
        total = new_total
    return total


@_within_range
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
        Vectors of one floating dtype; n may be 0.

    Returns
    -------
    scalar of that dtype
        The value s, with |s - x @ y| <= u |x @ y| + g**2 (|x| @ |y|), where
        g = 2n u / (1 - 2n u), and n of the smallest subnormals more where products have bits
        below it. Where a product overflows or is not finite, what the plain sum of the products
        gives.

    Raises
    ------
    TypeError
        If x or y is not a floating-point array, or their dtypes differ.
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
    x, y = _terms(x, "x"), _terms(y, "y")
    if len(x) != len(y):
        raise ValueError(f"an inner product needs equal lengths, got {len(x)} and {len(y)}: cut or "
                         "pad x or y")
    if x.dtype != y.dtype or x.dtype == object:
        raise TypeError(f"an inner product needs floats of one dtype, got x of {x.dtype} and y of "
                        f"{y.dtype}: convert with .astype(float)")
    # Significands keep within the limits of two_prod, whatever the exponents are.
    (x, i), (y, j) = np.frexp(x), np.frexp(y)
    products, errors = (np.ldexp(part, i + j) for part in two_prod(x, y))
    errors = np.where(np.isfinite(products), errors, products.dtype.type(0))
    return compensated_sum(np.concatenate([products, errors]))


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
        the even last bit; a sum of zero is +0. For float64 this is `math.fsum`, and right also
        where that raises "intermediate overflow". Non-finite terms give what they give there: nan,
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
    Shewchuk, Discrete Comput. Geom. 18 (1997), for `math.fsum`; for the narrow dtypes Boldo &
    Melquiond, IEEE Trans. Comput. 57 (2008): rounding to odd makes a second rounding harmless.

    Examples
    --------
    >>> float(exact_sum(np.array([1e16, 1.0, 1e-16, -1e16])))
    1.0
    >>> float(exact_sum(np.array([1e308, 1e308, -1e308])))
    1e+308
    """
    x = _terms(x)
    fmt = format_of(x.dtype)
    if not np.isfinite(x).all():
        return _sum_of_specials(x)
    terms = x.astype(np.float64).tolist()
    total = fsum(terms)
    if fmt != FP64:
        total = round_to(to_odd(total, math.fsum([*terms, -total])), fmt)
    if math.isinf(total):
        raise OverflowError(f"|sum| of x rounds to 2**{fmt.emax + 1} or more; {fmt} ends at "
                            f"{fmt.max:.4g}; scale x down")
    return x.dtype.type(total)


def _sum_of_specials(x):
    """Return the nan or infinity that terms which are not all finite add up to."""
    infinities = np.unique(x[np.isinf(x)])
    if len(infinities) == 2:
        raise ValueError("the terms x hold both inf and -inf, which have no sum; remove them")
    return x.dtype.type(np.nan) if np.isnan(x).any() else infinities[0]


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

        The mean is weighted, with an error of at most 4 u times the larger of the two: as
        self.mean + delta * share it would cancel where other has nearly all numbers, near 0. All is
        in the arithmetic of self.mean: exact for fractions.
        m2 is that of Chan, Golub & LeVeque, The American Statistician 37 (1983), section 2.
        TypeError if other is something else.
        """
        if not isinstance(other, Moments):
            raise TypeError(f"other is a {type(other).__name__}, not Moments: give "
                            "running_moments(x)")
        if not (self.count and other.count):
            return self if self.count else other
        count = self.count + other.count
        delta = other.mean - self.mean
        wide = isinstance(self.mean, np.longdouble | Fraction | Decimal)
        kind = type(self.mean) if wide or hasattr(self.mean, "_mpf_") else float
        mean = self.mean * (kind(self.count) / count) + other.mean * (kind(other.count) / count)
        m2 = self.m2 + other.m2 + delta * delta * (kind(self.count * other.count) / count)
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
        m2 is inf where it is beyond the range, nan where a term is infinite or nan. It holds
        squares: where all deviations are below 1e-145 (float32: 1e-15) it loses digits to
        underflow, and where one is above 1e153 (float32: 1e18) it may be inf; `sample_std` scales.

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
    if not len(x):
        return Moments(0, x.dtype.type(np.nan), x.dtype.type(0))
    mean, m2 = welford(x)
    if x.dtype != object and not np.isfinite(m2) and np.isfinite(x).all():
        # A difference of two terms may be beyond the range; a difference of their quarters is not.
        mean, m2 = 4 * welford(x / 4)[0], x.dtype.type(np.inf)
    return Moments(len(x), mean, m2)


def welford(x):
    """Return the mean of x and its sum of squared deviations, by Welford's update.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Numbers, any floating dtype; of none both results are 0.

    Returns
    -------
    tuple of two scalars of x.dtype
        Mean and m2 of `running_moments`, with its error bound, as long as no difference of two
        terms and no square of one overflows; `running_moments` goes on where these do.

    Raises
    ------
    TypeError, ValueError
        As `running_moments`.

    References
    ----------
    Welford, Technometrics 4 (1962).

    Examples
    --------
    >>> mean, m2 = welford(np.array([4.0, 7.0, 13.0, 16.0]))
    >>> float(mean), float(m2)
    (10.0, 90.0)
    """
    x = _terms(x)
    mean = m2 = x.dtype.type(0)
    for count, term in enumerate(x, start=1):
        delta = term - mean
        mean = mean + delta / count
        m2 = m2 + delta * (term - mean)
    return mean, m2
