"""A likelihood of minus infinity

The log-likelihood of a logistic regression took the logarithm of the logistic function. For a
large negative argument its exponential overflows, the function is 0, and the logarithm −inf,
where −800 would be right. The argument is ours.

The logarithm of the logistic function is one call of `logaddexp`.
"""

import numpy as np

REPORT, YEAR, STATE = "statsmodels/statsmodels#3923", 2017, "merged"
FIX = "statsmodels/statsmodels#10217"
CHAPTER = "softmax"
INPUT = (-1.0, 800.0)


def logit(sign, predictor):
    z = sign * predictor
    cdf = 1 / (1 + np.exp(-z))
    return np.log(cdf)


def logit_fixed(sign, predictor):
    z = sign * predictor
    return -np.logaddexp(0.0, -z)
