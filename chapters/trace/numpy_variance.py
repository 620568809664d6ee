"""arrays: the variance of a shifted array, with NumPy"""
# arguments: np.array([1.0, 2.0, 4.0]) + 1e8

import numpy as np


def variance(x):
    mean = np.mean(x)
    return np.mean(x**2) - mean**2
