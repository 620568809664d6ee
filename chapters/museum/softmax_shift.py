"""A softmax that subtracts the wrong maximum

Before the exponential, the softmax of a library for networks subtracted the larger of 0 and the
maximum. For [−10 000, −10 000] that is 0: both exponentials underflow, and 0/0 is nan.

The maximum itself is subtracted.

The tracer blames the exponential, which loses every digit; the line before it, which chose the
shift, made no rounding error at all. A shift that is right in its last digit and wrong in its
purpose is no error that arithmetic could show.
"""

import numpy as np

REPORT, YEAR, STATE = "FluxML/NNlib.jl#43", 2018, "merged"
CHAPTER = "softmax"
INPUT = (np.array([-10000.0, -10000.0]),)


def softmax_shift(x):
    shift = np.maximum(np.max(x), 0.0)
    e = np.exp(x - shift)
    return e / np.sum(e)


def softmax_shift_fixed(x):
    shift = np.max(x)
    e = np.exp(x - shift)
    return e / np.sum(e)
