"""A symmetric matrix with eigenvalues that are nan

The eigenvalues of a symmetric 2 × 2 matrix were computed from its trace and determinant. Where
they coincide the discriminant should be 0, was −4.4 × 10⁻¹⁶ at three points of a mesh, and its
root nan. The matrix is ours: 0 beside the diagonal, and
on it 0.7 and the next float.

For a symmetric matrix the discriminant is a sum of squares.
"""

import numpy as np

REPORT, YEAR, STATE = "inducer/pytential#130", 2022, "merged"
CHAPTER = "eigenvalues"
INPUT = (0.7, 0.0, 0.7 + 2.0**-53)


def eigen_2x2(a, b, d):
    trace = a + d
    determinant = a * d - b * b
    root = np.sqrt(trace * trace - 4 * determinant)
    return (trace + root) / 2


def eigen_2x2_fixed(a, b, d):
    trace = a + d
    root = np.sqrt((a - d) ** 2 + 4 * b * b)
    return (trace + root) / 2
