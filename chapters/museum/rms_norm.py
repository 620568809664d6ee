"""A normalised layer that is zero

A kernel divides a layer by its root mean square. The variant that should have added up the
squares in float32 called, by mistake, the one that adds in float16. From 256 on a single square is
inf, and what is divided by inf is 0. The layer is ours.

Squares and their sum are computed in float32.
"""

import numpy as np

from lib.numbers import FP16, FP32

REPORT, YEAR, STATE = "xlite-dev/LeetCUDA#335", 2025, "merged"
CHAPTER, FORMAT, FIXED_FORMAT = "low_precision", FP16, FP32
CHANGED = ["square = x * x", "total = np.sum(square)"]
INPUT = (np.array([300.0, -20.0, 7.0, 1.0]),)


def rms_norm(x):
    square = x * x
    total = np.sum(square)
    root = np.sqrt(total / len(x))
    return x / root
