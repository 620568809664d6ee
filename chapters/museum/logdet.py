"""A log-determinant of minus infinity

The log-determinant multiplied the pivots and took the logarithm of the product. For the identity
of order 512, divided by 500 000, the product underflows, and the logarithm of 0 is −inf. Here the
order is 64.

It adds the logarithms of the pivots.
"""

import numpy as np

from lib.numbers import FP32

REPORT, YEAR, STATE = "pytorch/pytorch#18448", 2019, "closed"
FIX = "pytorch/pytorch#18449"
CHAPTER, FORMAT = "cholesky", FP32
INPUT = (np.full(64, 1 / 500000),)


def logdet(pivots):
    product = 1.0
    for pivot in pivots:
        product = product * pivot
    return np.log(product)


def logdet_fixed(pivots):
    total = 0.0
    for pivot in pivots:
        total = total + np.log(pivot)
    return total
