"""Problems whose answers are known: certified data sets, matrices, graphs, sums, expressions.

Readers take a name and return a frozen record of what lies in `lib/problems/data`; generators take
their randomness as an argument. Nothing is downloaded.
"""

from lib.problems.datasets import read_image, read_recorded, read_strd, read_table
from lib.problems.expressions import Expression, hamming_expressions
from lib.problems.graphs import Graph, read_graph
from lib.problems.integrals import Integral, read_integrals
from lib.problems.kernels import GaussianKernel, gaussian_kernel
from lib.problems.matrices import (
    collinear,
    hilbert,
    lauchli,
    poisson2d,
    random_orthogonal,
    random_rotation,
    read_cg_counts,
    read_matrix,
    read_right_hand_side,
    vandermonde,
    wilkinson,
    with_singular_values,
)
from lib.problems.spectra import companion, frank, grcar, wilkinson_plus, with_eigenvalues
from lib.problems.sums import cancelling_terms

__all__ = [
    "Expression",
    "GaussianKernel",
    "Graph",
    "Integral",
    "cancelling_terms",
    "collinear",
    "companion",
    "frank",
    "gaussian_kernel",
    "grcar",
    "hamming_expressions",
    "hilbert",
    "lauchli",
    "poisson2d",
    "random_orthogonal",
    "random_rotation",
    "read_cg_counts",
    "read_graph",
    "read_image",
    "read_integrals",
    "read_matrix",
    "read_recorded",
    "read_right_hand_side",
    "read_strd",
    "read_table",
    "vandermonde",
    "wilkinson",
    "wilkinson_plus",
    "with_eigenvalues",
    "with_singular_values",
]
