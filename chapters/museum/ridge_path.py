"""A ridge whose two halves cancel

To choose the penalty of a ridge regression by leaving one point out, G⁻¹y and the diagonal of G⁻¹
are needed, for G = XXᵀ + αI. From the short SVD, G⁻¹ is 1/α plus a correction with −1/α in it. For
α = 10⁻¹⁵ the two cancel in G⁻¹y, and the coefficients diverge. The SVD, of four points with two
features, is ours, and so is y, which they fit exactly as in the report.

The first proposal took the complete decomposition, in which nothing has to be added; what was
merged later, #33020, decomposes the Gram or the covariance matrix, whichever is smaller.
"""

import numpy as np

REPORT, YEAR, STATE = "scikit-learn/scikit-learn#32459", 2025, "proposed"
FIX = "scikit-learn/scikit-learn#32506"
CHAPTER = "regularization"
INPUT = (np.array([[1, 1, 1, 1], [1, -1, 1, -1],
                   [1, 1, -1, -1], [1, -1, -1, 1]]) / 2,
         np.array([4.0, 3, 0, 0]), np.array([3.0, 1, 3, 1]), 1e-15)  # fmt: skip


def ridge_path(U, s, y, alpha):
    U, s = U[:, :2], s[:2]
    inner = 1 / (s * s + alpha) - 1 / alpha
    c = U @ (inner * (U.T @ y))
    return c + y / alpha


def ridge_path_fixed(U, s, y, alpha):
    inner = 1 / (s * s + alpha)
    c = U @ (inner * (U.T @ y))
    return c
