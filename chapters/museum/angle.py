"""An angle between parallel vectors that is nan

A game engine computed the angle between two vectors as an arccosine, in float32. Where rounding
made the cosine larger than 1 the angle was nan, as here. Near 0 there is a quieter fault: the
cosine is flat, and an error of 10⁻⁷ in it is one of about 5 × 10⁻⁴ in the angle; for (1, 2) and
(1, 2 + 2⁻¹²) it comes out as 0. The vectors, the second three times the first, are ours.

The arctangent of the length of the cross product and the dot product is as good for small
angles as for large ones.
"""

import numpy as np

from lib.numbers import FP32

REPORT, YEAR, STATE = "godotengine/godot#8111", 2017, "merged"
FIX = "godotengine/godot#8132"
CHAPTER, FORMAT = "eigenvalues", FP32
INPUT = (np.array([1995.0, 4627.0]), np.array([5985.0, 13881.0]))


def angle(u, v):
    dot = np.sum(u * v)
    lengths = np.sqrt(np.sum(u * u) * np.sum(v * v))
    return np.arccos(dot / lengths)


def angle_fixed(u, v):
    dot = np.sum(u * v)
    cross = np.abs(u[0] * v[1] - u[1] * v[0])
    return np.arctan2(cross, dot)
