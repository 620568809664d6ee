"""The length of a long vector

In float16 the norm of (600, 800) is inf: 600² is more than 65 504, the largest number there. The
norm itself, 1000, would fit. The vector is that of the fix; the report has (1000).

Where the sum of squares is 0 or not finite, it is computed again after a division by the largest
entry.

The tracer blames the square, which overflows. The fix leaves that line alone and adds a second
computation after it, for the case that the first one failed.
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
    square = x * x
    total = np.sum(square)
    largest = np.max(np.abs(x))
    if np.isinf(total) or total == 0 < largest:
        return largest * np.sqrt(np.sum((x / largest) ** 2))
    return np.sqrt(total)
