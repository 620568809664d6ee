"""A spike whose gradient is lost

Networks of spikes train through a smooth stand-in for the step: the derivative of a steep
sigmoid, written as e/(1 + e)² with e = exp(−25 x). In float32 the square overflows from x = −1.78
on and the derivative is 0; from −3.43 on 25 e overflows as well, and inf/inf is nan. The report
has nan, at −5; the point −1.8 is ours.

The derivative is slope · s(1 − s), with the value s of the sigmoid. For x above 0.67 that rounds
to 0, where the old form was right; no nan is left.
"""

import numpy as np

from lib.numbers import FP32

REPORT, YEAR, STATE = "jeshraghian/snntorch#427", 2026, "merged"
FIX = "jeshraghian/snntorch#433"
CHAPTER, FORMAT = "derivatives", FP32
INPUT = (-1.8, 25.0)


def surrogate(x, slope):
    e = np.exp(-slope * x)
    square = (1 + e) ** 2
    return slope * e / square


def surrogate_fixed(x, slope):
    e = np.exp(-slope * x)
    s = 1 / (1 + e)
    return slope * s * (1 - s)
