"""1 − cos x over x², as it stands in the textbook"""
# arguments: 1e-8

import math


def f(x):
    height = 1 - math.cos(x)
    return height / x**2
