"""the smaller root of x² + bx + c"""
# arguments: b=1e8, c=1.0

import math


def smaller_root(b, c):
    root = math.sqrt(b * b - 4 * c)
    return (-b + root) / 2
