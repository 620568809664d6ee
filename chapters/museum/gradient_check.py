"""A gradient check in which every derivative is zero

To test derivatives, a library compares them with finite differences, with a step of 10⁻⁴. In
float16 1 + 10⁻⁴ is 1: both sides are the same number, and right derivatives fail the test.

The step depends on the format: in float16 it is 2⁻⁴.

The tracer notes at the next two lines that the step is absorbed, and blames the difference in
which nothing is left. That the step is too small for the format is a choice, made before anything
was rounded.
"""

import numpy as np

from lib.numbers import FP16

REPORT, YEAR, STATE = "jax-ml/jax#7742", 2021, "proposed"
FIX = "jax-ml/jax#39821"
CHAPTER, FORMAT = "derivatives", FP16
INPUT = (1.0,)


def gradient_check(x):
    step = 1e-4
    above = np.sin(x + step)
    below = np.sin(x - step)
    return (above - below) / (2 * step)


def gradient_check_fixed(x):
    step = 2.0**-4
    above = np.sin(x + step)
    below = np.sin(x - step)
    return (above - below) / (2 * step)
