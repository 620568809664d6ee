"""The length of a short vector

The norm of (0, 10⁻¹⁸⁰) was 0: its square, 10⁻³⁶⁰, is below the smallest number of float64.

Where the norm comes out as 0 or not finite, it is computed again, from the vector divided by its
largest entry; the lines below do so for 0 only, and leave the zero vector alone.

The tracer blames the square, which underflows. The fix leaves that line alone and adds a second
computation after it, for the case that the first one failed.
"""

import numpy as np

REPORT, YEAR, STATE = "JuliaArrays/StaticArrays.jl#913", 2021, "merged"
FIX = "JuliaArrays/StaticArrays.jl#975"
CHAPTER = "floating_point"
INPUT = (np.array([0.0, 1e-180]),)


def norm_underflow(x):
    square = x * x
    total = np.sum(square)
    return np.sqrt(total)


def norm_underflow_fixed(x):
    square = x * x
    total = np.sum(square)
    largest = np.max(np.abs(x))
    if total == 0 < largest:
        return largest * np.sqrt(np.sum((x / largest) ** 2))
    return np.sqrt(total)
