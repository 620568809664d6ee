"""Points far from the origin that fall on one another

A library of metrics expanded |x − y|² into xx − 2xy + yy. In float32, points with coordinates
near 100 000 and a distance of 1 came back with a distance of 0. The coordinates are ours.

Both points are shifted by their mean before the expansion, which stays as it was.

The tracer blames the subtraction in which the digits vanish. The fix leaves that line alone and
adds two before it: once the points are near the origin, nothing large is subtracted.
"""

import numpy as np

from lib.numbers import FP32

REPORT, YEAR, STATE = "elixir-nx/scholar#354", 2026, "merged"
CHAPTER, FORMAT = "cancellation", FP32
INPUT = (np.array([100000.0, 100003.0]), np.array([100001.0, 100003.0]))


def far_points(x, y):
    xx = np.sum(x * x)
    xy = np.sum(x * y)
    yy = np.sum(y * y)
    return xx - 2 * xy + yy


def far_points_fixed(x, y):
    mean = (x + y) / 2
    x, y = x - mean, y - mean
    xx = np.sum(x * x)
    xy = np.sum(x * y)
    yy = np.sum(y * y)
    return xx - 2 * xy + yy
