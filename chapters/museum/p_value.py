"""A p-value of exactly zero

A library for survival analysis reported 1 − cdf as a p-value. For really large effects the cdf of
the chi-squared distribution rounds to 1, and the p-value is 0, whatever it should be. The
statistic, 98, is ours. It has one degree of freedom here.

The p-value comes from the survival function, which computes the tail by itself.
"""

import math

REPORT, YEAR, STATE = "CamDavidsonPilon/lifelines#73", 2014, "merged"
FIX = "CamDavidsonPilon/lifelines#74"
CHAPTER = "cancellation"
INPUT = (98.0,)


def p_value(statistic):
    z = math.sqrt(statistic / 2)
    cdf = math.erf(z)
    return 1.0 - cdf


def p_value_fixed(statistic):
    z = math.sqrt(statistic / 2)
    tail = math.erfc(z)
    return tail
