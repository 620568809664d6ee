"""A tail lost before its logarithm

The logarithm of the upper tail of a Fréchet distribution was computed as log(1 − F). At 50, with
shape 20, F rounds to 1, and the logarithm was −inf, where −78.24 is right.

The tail is computed without the 1, by `expm1`.
"""

import numpy as np

REPORT, YEAR, STATE = "paul-buerkner/brms#1932", 2026, "merged"
CHAPTER = "cancellation"
INPUT = (50.0, 20)


def frechet(q, shape):
    t = q**-shape
    cdf = np.exp(-t)
    tail = 1 - cdf
    return np.log(tail)


def frechet_fixed(q, shape):
    t = q**-shape
    tail = -np.expm1(-t)
    return np.log(tail)
