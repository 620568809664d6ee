"""Time the sums against math.fsum, as ratios of CPU time.

Run as `python benchmarks/sums.py`. Each ratio is the quotient of the medians of interleaved
runs, because times on a shared machine mean little alone. `math.fsum` is given the list that
it likes best; turning the array into that list is part of its time, as a user would pay it.
"""

import math
import statistics
import time

import numpy as np

from lib.numbers import compensated_sum, exact_sum, kahan_sum, naive_sum, pairwise_sum

REPEATS = 9
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


def ratio(function, x):
    """Return the CPU time of function(x) as a multiple of that of math.fsum."""
    rivals = {"ours": lambda: function(x), "fsum": lambda: math.fsum(x.tolist())}
    calls = 1 + 200_000 // len(x)
    times = {name: [] for name in rivals}
    for _ in range(REPEATS):
        for name, run in rivals.items():
            start = time.process_time()
            for _ in range(calls):
                run()
            times[name].append(time.process_time() - start)
    return statistics.median(times["ours"]) / statistics.median(times["fsum"])


def main():
    """Print one line for each sum, size and kind of terms."""
    rng = np.random.default_rng(2005)
    print("CPU time as a multiple of math.fsum(x.tolist())")
    for function in SUMS:
        for terms in (well_conditioned, cancelling, wide):
            for n in (100, 10**5, 10**6) if function is exact_sum else (10**5,):
                x = terms(rng, n)
                case = f"{function.__name__:16} {terms.__name__:17} n={n:<8}"
                print(f"{case} {ratio(function, x):.2f}")


if __name__ == "__main__":
    main()
