"""A ridge that is best where it is wrong

To choose the penalty of a ridge regression by leaving one point out, a diagonal entry of the
inverse of XXᵀ + αI is needed. It came from the short SVD as 1/α plus a correction with −1/α in
it. For α = 10⁻¹⁵ the two cancel, and the coefficients diverge. The row of U and the singular
values are ours.

The first proposal took the complete decomposition, in which the entry is a sum of positive terms;
what was merged later, #33020, decomposes the Gram or the covariance matrix, whichever is smaller.
"""

import numpy as np

REPORT, YEAR, STATE = "scikit-learn/scikit-learn#32459", 2025, "proposed"
FIX = "scikit-learn/scikit-learn#32506"
CHAPTER = "regularization"
INPUT = (np.full(4, 0.5), np.array([4.0, 3.0, 2.0, 1.0]), 1e-15)


def ridge_path(row, s, alpha):
    weights = row * row
    inner = 1 / (s * s + alpha) - 1 / alpha
    correction = np.sum(weights * inner)
    return correction + 1 / alpha


def ridge_path_fixed(row, s, alpha):
    weights = row * row
    inner = 1 / (s * s + alpha)
    return np.sum(weights * inner)
