"""a cross-entropy that forms p, far out"""
# arguments: 20.0

import math


def loss(z):
    odds = math.exp(-z)
    p = 1 / (1 + odds)
    return -math.log(p)
