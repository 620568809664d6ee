"""A mean of small numbers that is zero

The geometric mean was the n-th root of a product. The product of many small scores underflows to
0, long before their mean does. Here are five of the report's thousand numbers.

The logarithms are averaged.
"""

import numpy as np

REPORT, YEAR, STATE = "AffineFoundation/affine-cortex#346", 2026, "proposed"
FIX = "AffineFoundation/affine-cortex#347"
CHAPTER = "floating_point"
INPUT = ([1e-200] * 5,)


def geometric_mean(values):
    product = 1.0
    for value in values:
        product = product * value
    return product ** (1 / len(values))


def geometric_mean_fixed(values):
    total = 0.0
    for value in values:
        total = total + np.log(value)
    return np.exp(total / len(values))
