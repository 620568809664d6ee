"""Small angles that come in steps

A game engine computed the angle between two vectors as an arccosine, in float32. The report is of
nan, where rounding made the cosine larger than 1. The same formula has a quieter fault, shown
here: near 0 the cosine is flat, and an error of 10⁻⁷ in it is one of about 5 × 10⁻⁴ in the angle.
The vectors are ours.

The arctangent of the length of the cross product and the dot product is as good for small
angles as for large ones.
"""

import numpy as np

from lib.numbers import FP32

REPORT, YEAR, STATE = "godotengine/godot#8111", 2017, "merged"
FIX = "godotengine/godot#8132"
CHAPTER, FORMAT = "conditioning", FP32
INPUT = (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 2.0**-12]))


def angle(u, v):
    dot = np.sum(u * v)
    lengths = np.sqrt(np.sum(u * u) * np.sum(v * v))
    return np.arccos(dot / lengths)


def angle_fixed(u, v):
    dot = np.sum(u * v)
    cross = np.abs(u[0] * v[1] - u[1] * v[0])
    return np.arctan2(cross, dot)
