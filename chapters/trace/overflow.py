"""a length whose square leaves float16"""
# arguments: 300.0, 400.0
# precision: float16

import math


def length(x, y):
    squares = x * x + y * y
    return math.sqrt(squares)
