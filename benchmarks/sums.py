"""Time the sums against math.fsum, as ratios of CPU time.

Run as `python benchmarks/sums.py`. `math.fsum` is given the list that it likes best; turning the
array into that list is part of its time, as a user would pay it.
"""

import math

import numpy as np
from timing import ratio

from lib.numbers import compensated_sum, exact_sum, kahan_sum, naive_sum, pairwise_sum

SUMS = (exact_sum, naive_sum, pairwise_sum, kahan_sum, compensated_sum)


def well_conditioned(rng, n):
    """Return n uniform numbers in (0, 1)."""
    return rng.random(n)


def cancelling(rng, n):
    """Return n terms whose sum is about 1e-22 of the sum of their sizes."""
    half = rng.standard_normal(n // 2)
    terms = np.concatenate([half, -half, [1e-22 * np.abs(half).sum()]])
    return rng.permutation(terms)


def wide(rng, n):
    """Return n terms spread over most of the exponents of float64."""
    return np.ldexp(rng.standard_normal(n), rng.integers(-1000, 1000, n))


def against_fsum(function, x):
    """Return the CPU time of function(x) as a multiple of that of math.fsum."""
    return ratio(lambda: function(x), lambda: math.fsum(x.tolist()))


def main():
    """Print one line for each sum, size and kind of terms."""
    rng = np.random.default_rng(2005)
    print("CPU time as a multiple of math.fsum(x.tolist())")
    for function in SUMS:
        for terms in (well_conditioned, cancelling, wide):
            for n in (100, 10**5, 10**6) if function is exact_sum else (10**5,):
                x = terms(rng, n)
                case = f"{function.__name__:16} {terms.__name__:17} n={n:<8}"
                print(f"{case} {against_fsum(function, x):.2f}")


if __name__ == "__main__":
    main()
