"""The length of a short vector

The norm of (0, 10⁻¹⁸⁰) was 0: its square, 10⁻³⁶⁰, is below the smallest number of float64.

The vector is divided by its largest entry first, and the norm multiplied by it.
"""

import numpy as np

REPORT, YEAR, STATE = "JuliaArrays/StaticArrays.jl#975", 2021, "merged"
CHAPTER = "floating_point"
INPUT = (np.array([0.0, 1e-180]),)


def norm_underflow(x):
    square = x * x
    total = np.sum(square)
    return np.sqrt(total)


def norm_underflow_fixed(x):
    largest = np.max(np.abs(x))
    square = (x / largest) ** 2
    total = np.sum(square)
    return largest * np.sqrt(total)
