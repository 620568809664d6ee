"""Singular values from a Gram matrix

A routine for a few singular values took the eigenvalues of AᵀA and their square roots. Rounding
makes small eigenvalues 0 or negative. The matrix is ours: that of Läuchli, with the columns (1,
10⁻⁹, 0) and (1, 0, 10⁻⁹). For columns a and b of equal length, with a·b > 0, the smallest
eigenvalue of AᵀA is |a|² − a·b, and its vector (1, −1)/√2.

The eigenvectors are kept, and the singular values come from A times them: here from the
difference of the columns.
"""

import numpy as np

REPORT, YEAR, STATE = "scipy/scipy#11829", 2020, "merged"
CHAPTER = "svd"
INPUT = (np.array([1.0, 1e-9, 0.0]), np.array([1.0, 0.0, 1e-9]))


def gram_svd(a, b):
    diagonal = np.sum(a * a)
    corner = np.sum(a * b)
    eigenvalue = diagonal - corner
    return np.sqrt(eigenvalue)


def gram_svd_fixed(a, b):
    image = (a - b) / np.sqrt(2.0)
    return np.sqrt(np.sum(image**2))
