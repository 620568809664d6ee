"""Decompose a matrix into singular values and directions, and use what they say.

The routines lie in modules of one subject each: jacobi (the decomposition), filters (least squares
by truncation and ridge), components (low rank, principal components, whitening); this is where all
of them are imported from. They compute in the dtype of the matrix, float32 or float64.
"""

from lib.components import (
    Components,
    Whitening,
    low_rank,
    principal_components,
    randomized_svd,
    whitening,
)
from lib.filters import (
    Truncated,
    default_cutoff,
    filtered_solution,
    pseudoinverse,
    ridge,
    ridge_filter,
    truncated_least_squares,
    truncation_filter,
)
from lib.jacobi import SVD, jacobi_svd

__all__ = [
    "SVD",
    "Components",
    "Truncated",
    "Whitening",
    "default_cutoff",
    "filtered_solution",
    "jacobi_svd",
    "low_rank",
    "principal_components",
    "pseudoinverse",
    "randomized_svd",
    "ridge",
    "ridge_filter",
    "truncated_least_squares",
    "truncation_filter",
    "whitening",
]
