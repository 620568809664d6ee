"""the same root without a difference"""
# arguments: b=1e8, c=1.0

import math


def smaller_root(b, c):
    root = math.sqrt(b * b - 4 * c)
    large = (-b - root) / 2
    return c / large
