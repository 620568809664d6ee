"""Positions that turn by the wrong angle

Rotary embeddings turn a pair of features by position × frequency. In float16 the angle at
position 1857 is 1045 instead of 1044.27, and the cosine of that is another number altogether.

Sines and cosines are computed once, in float32, and only then rounded to the format of the model.
"""

import numpy as np

from lib.numbers import FP16, FP32

REPORT, YEAR, STATE = "EleutherAI/gpt-neox#1003", 2023, "merged"
FIX = "EleutherAI/gpt-neox#1041"
CHAPTER, FORMAT, FIXED_FORMAT = "low_precision", FP16, FP32
CHANGED = ["frequency = 10000.0 ** (-pair / 16)", "angle = position * frequency",
           "return np.cos(angle)"]
INPUT = (1857.0, 1.0)


def rotary(position, pair):
    frequency = 10000.0 ** (-pair / 16)
    angle = position * frequency
    return np.cos(angle)
