"""Sums that are much smaller than their terms."""

import math
from fractions import Fraction

import numpy as np

from lib.numbers import random_source, real_number, whole_number


def cancelling_terms(n, condition, rng):
    """Return n floats whose sum is much smaller than they are, and that sum.

    The first half of the terms has random signs and magnitudes between 1 and about `condition`;
    each later term cancels the sum so far down to a random remainder on a shrinking scale, the last
    one down to sum(|x|) / condition. The order is shuffled.

    Parameters
    ----------
    n : int
        Number of terms, at least 6.
    condition : float
        Wanted condition number sum(|x|) / |sum(x)|, between 4 and 1e290, and at most
        2**(20 (n - 4)): every term hides 53 bits of it at the very most.
    rng : numpy.random.Generator
        Source of the terms.

    Returns
    -------
    x : ndarray, shape (n,)
    total : float
        The exact sum, correctly rounded. The condition number is within a factor 2 of the wanted
        one.

    Raises
    ------
    TypeError, ValueError
        If n or condition is out of range; if rng is no generator.

    References
    ----------
    After Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm 6.1 (GenDot).

    Examples
    --------
    >>> x, total = cancelling_terms(100, 1e20, np.random.default_rng(7))
    >>> math.fsum(x.tolist()) == total
    True
    >>> f"{np.abs(x).sum() / abs(total):.0e}"
    '1e+20'
    """
    n, condition = whole_number(n, "n", 1), real_number(condition, "condition")
    rng = random_source(rng)
    if n < 6 or not 4 <= condition <= min(1e290, 2.0 ** min(20 * (n - 4), 1023)):
        raise ValueError("cancelling_terms needs n >= 6 and a condition from 4 to 1e290 and "
                         f"2**(20 (n - 4)), got n = {n}, condition = {condition}: add terms")
    half, b = n // 2, math.log2(condition)
    exponents = np.concatenate([[b], rng.uniform(0, b, half - 1), np.linspace(b, 0, n - half)])
    x = rng.uniform(-1, 1, n) * np.exp2(np.rint(exponents))
    total = sum(map(Fraction, x[:half].tolist()))
    for i in range(half, n):
        if i == n - 1:
            x[i] = rng.choice([-1, 1]) * np.abs(x[:i]).sum() / condition
        x[i] = float(Fraction(x[i]) - total)
        total += Fraction(x[i])
    return rng.permutation(x), float(total)
