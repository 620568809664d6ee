"""The length of a long vector

In float16 the norm of (600, 800) is inf: 600² is more than 65 504, the largest number there. The
norm itself, 1000, would fit.

Where the sum of squares is not finite, it is computed again after a division by the largest
entry.
"""

import numpy as np

from lib.numbers import FP16

REPORT, YEAR, STATE = "numpy/numpy#8775", 2017, "proposed"
FIX = "numpy/numpy#31927"
CHAPTER, FORMAT = "floating_point", FP16
INPUT = (np.array([600.0, 800.0]),)


def norm_overflow(x):
    square = x * x
    total = np.sum(square)
    return np.sqrt(total)


def norm_overflow_fixed(x):
    largest = np.max(np.abs(x))
    square = (x / largest) ** 2
    total = np.sum(square)
    return largest * np.sqrt(total)
