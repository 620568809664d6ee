"""Two neighbours at distance zero

To save time, an index of nearest neighbours began to compute squared distances in float32 as xx +
yy − 2xy, with xx and yy stored. For 0.7125930 and 0.7123166 the distance became 0.

It is computed from the difference again.
"""

import numpy as np

from lib.numbers import FP32

REPORT, YEAR, STATE = "spotify/annoy#314", 2018, "merged"
FIX = "spotify/annoy#316"
CHAPTER, FORMAT = "cancellation", FP32
INPUT = (0.7125930, 0.7123166)


def neighbour(x, y):
    stored = x * x + y * y
    product = x * y
    squared = stored - 2 * product
    return np.sqrt(np.maximum(squared, 0.0))


def neighbour_fixed(x, y):
    difference = x - y
    squared = difference * difference
    return np.sqrt(np.maximum(squared, 0.0))
