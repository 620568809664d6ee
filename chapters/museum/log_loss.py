"""A loss that is zero before training is done

The logistic loss of a well classified point is log(1 + p) with a tiny p. Where p is below 10⁻¹⁶,
1 + p is 1 and the loss is 0, although it should be p. The margin is ours.

`log1p` takes p without the 1.
"""

import numpy as np

REPORT, YEAR, STATE = "apache/spark#1659", 2014, "closed"
CHAPTER = "cancellation"
INPUT = (-40.0,)


def log_loss(margin):
    p = np.exp(margin)
    return np.log(1.0 + p)


def log_loss_fixed(margin):
    p = np.exp(margin)
    return np.log1p(p)
