"""A line through time stamps

The slope of a straight line was computed from sums of x, y, xy and x². Once all x share a large
offset, as time stamps do, the two differences cancel: near 10⁸ the slope was 22 % too small, near
10⁹ it had the wrong sign, near 10¹⁰ it was infinite.

The sums are over deviations from the means.
"""

import numpy as np

REPORT, YEAR, STATE = "simple-statistics/simple-statistics#857", 2026, "merged"
CHAPTER = "qr"
INPUT = (1e10 + np.arange(5.0), 1 + 2 * np.arange(5.0))


def regression(x, y):
    n, sx, sy = len(x), np.sum(x), np.sum(y)
    top = n * np.sum(x * y) - sx * sy
    bottom = n * np.sum(x * x) - sx * sx
    return top / bottom


def regression_fixed(x, y):
    dx, dy = x - np.mean(x), y - np.mean(y)
    top = np.sum(dx * dy)
    bottom = np.sum(dx * dx)
    return top / bottom
