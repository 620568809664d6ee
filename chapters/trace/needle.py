"""the area of a needle, by the formula of Heron"""
# arguments: 1.0, 0.5, 0.5000000000000001

import math


def area(a, b, c):
    half = (a + b + c) / 2
    product = half * (half - a) * (half - b) * (half - c)
    return math.sqrt(product)
