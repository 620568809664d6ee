"""A softplus mended twice

In log(1 + exp(z)) the exponential overflowed for large z. The first fix, z + log(1 + 1/exp(z)),
divided by zero for very negative z and had to be fixed itself, five days later.

The second fix calls `logaddexp`, which takes the larger exponent out first.
"""

import numpy as np

REPORT, YEAR, STATE = "rushter/MLAlgorithms#30", 2017, "merged"
FIX = "rushter/MLAlgorithms#31"
CHAPTER = "softmax"
INPUT = (1.0e10,)


def softplus(z):
    e = np.exp(z)
    return np.log(1 + e)


def softplus_fixed(z):
    return np.logaddexp(0.0, z)
