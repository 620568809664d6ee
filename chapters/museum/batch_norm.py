"""A batch that is divided by nothing

In bfloat16 the variance of a batch was computed as mean of the squares minus square of the mean.
With a mean near 5 and a standard deviation near 0.1 both are 25, nothing was left of their
difference, and the result was huge or nan. Without the ε that is added to the variance there, it
is inf here. The four numbers are ours; mean and spread are the report's.

The variance is now the mean of the squared deviations.
"""

import numpy as np

from lib.numbers import BF16

REPORT, YEAR, STATE = "tenstorrent/tt-metal#45968", 2026, "merged"
FIX = "tenstorrent/tt-metal#46159"
CHAPTER, FORMAT = "cancellation", BF16
INPUT = (np.array([4.90625, 5.09375, 4.9375, 5.0625]),)


def batch_norm(x):
    mean = np.mean(x)
    square = np.mean(x * x)
    variance = square - mean * mean
    return (x[0] - mean) / np.sqrt(variance)


def batch_norm_fixed(x):
    mean = np.mean(x)
    centred = x - mean
    variance = np.mean(centred * centred)
    return (x[0] - mean) / np.sqrt(variance)
