"""Gradients clipped to zero

To clip gradients, each device computes the norm of its part, and the squares of these norms are
added up. Large models had norms near 5000 on a device: in float16 the square of that is inf, the
total norm is inf, and the factor that scales the gradients is 0. The three norms are ours.

The norms are computed in float32, and so is all that follows.
"""

import numpy as np

from lib.numbers import FP16, FP32

REPORT, YEAR, STATE = "facebookresearch/fairscale#263", 2020, "merged"
CHAPTER, FORMAT, FIXED_FORMAT = "low_precision", FP16, FP32
CHANGED = ["squares = norms * norms", "total = np.sqrt(np.sum(squares))"]
INPUT = (np.array([5000.0, 4800.0, 5200.0]), 1.0)


def gradient_clip(norms, limit):
    squares = norms * norms
    total = np.sqrt(np.sum(squares))
    factor = limit / total
    return factor * norms
