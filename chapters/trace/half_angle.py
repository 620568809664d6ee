"""the same by half the angle: nothing is lost"""
# arguments: 1e-8

import math


def f(x):
    half = math.sin(x / 2)
    return 2 * half**2 / x**2
