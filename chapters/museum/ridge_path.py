"""A ridge whose two halves cancel

Ridge regression on more points than features fits y by Xw, with w = Xᵀc, c = G⁻¹y and G = XXᵀ +
αI; errors in c are errors in the coefficients w. The columns u of U in the short SVD of X are
eigenvectors of G, with the eigenvalues s² + α; in all other directions G is α. So c was computed
as y/α plus a correction along each u, with the factor 1/(s² + α) − 1/α, which is `inner` here. For
α = 10⁻¹⁵ the two cancel, and the coefficients diverge. The SVD, of four points with two features,
is ours, and so is y, which they fit exactly as in the report.

The first proposal, #32506, shown here, took the complete decomposition, in which nothing has to
be added; what was merged, #33020, decomposes the Gram or the covariance matrix, whichever is
smaller.
"""

import numpy as np

REPORT, YEAR, STATE = "scikit-learn/scikit-learn#32459", 2025, "merged"
FIX = "scikit-learn/scikit-learn#33020"
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
