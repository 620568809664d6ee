"""An epsilon that is zero

Adam divides by √v + 10⁻⁸, so that nothing is divided by zero. In float16 10⁻⁸ is 0: a parameter
whose gradients have all been 0 so far gets 0/0, and from there on nan.

The denominator is computed in float32.
"""

import numpy as np

from lib.numbers import FP16, FP32

REPORT, YEAR, STATE = "google-deepmind/optax#1754", 2026, "proposed"
FIX = "google-deepmind/optax#1769"
CHAPTER, FORMAT, FIXED_FORMAT = "low_precision", FP16, FP32
CHANGED = ["denominator = np.sqrt(second) + 1e-8"]
INPUT = (0.0, 0.0)


def adam_epsilon(first, second):
    denominator = np.sqrt(second) + 1e-8
    return first / denominator
