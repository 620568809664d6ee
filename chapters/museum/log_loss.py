"""A loss that is zero before training is done

A library for learning computed log(1 + p) in a few places. Where p is below 10⁻¹⁶, 1 + p is 1 and
the logarithm is 0, although it should be p. The title and the rest are ours: here p is that of a
logistic loss, for a point that is classified well. The margin has the opposite sign: very negative
is good.

`log1p` takes p without the 1.
"""

import numpy as np

REPORT, YEAR, STATE = "apache/spark#1659", 2014, "closed"
CHAPTER = "softmax"
INPUT = (-40.0,)


def log_loss(margin):
    p = np.exp(margin)
    return np.log(1.0 + p)


def log_loss_fixed(margin):
    p = np.exp(margin)
    return np.log1p(p)
