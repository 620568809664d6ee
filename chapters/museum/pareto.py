"""The survivors of a Pareto distribution

The probability to exceed x is computed as 1 − cdf for every distribution that brings nothing
better. For Pareto's, at 10⁹, it was 0 instead of 2.25 × 10⁻¹⁸.

The distribution has a survival function of its own, which is a power.
"""

REPORT, YEAR, STATE = "scipy/scipy#7448", 2017, "merged"
CHAPTER = "cancellation"
INPUT = (1e9, 2, 1.5)


def pareto(x, exponent, scale):
    ratio = scale / x
    cdf = 1 - ratio**exponent
    return 1 - cdf


def pareto_fixed(x, exponent, scale):
    ratio = scale / x
    return ratio**exponent
