"""A stand-in for a value of a tape: an array that carries a derivative along, in forward mode."""

import numpy as np


class Tangent(np.lib.mixins.NDArrayOperatorsMixin):
    """An array and its derivative in one direction; no array itself."""

    def __init__(self, value, tangent):
        self.value, self.tangent = np.asarray(value), np.asarray(tangent)

    @property
    def shape(self):
        """Return the shape."""
        return self.value.shape

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method != "__call__" or kwargs or ufunc not in RULES:
            return NotImplemented
        return Tangent(*RULES[ufunc](*map(pair, inputs)))

    def __array_function__(self, function, types, args, kwargs):
        if function is not np.mean:
            return NotImplemented
        return Tangent(*(np.mean(part, *args[1:], **kwargs) for part in pair(args[0])))


def pair(x):
    """Return a value and its derivative, which for a constant is 0."""
    if isinstance(x, Tangent):
        return x.value, x.tangent
    return np.asarray(x), np.zeros_like(x, dtype=float)


# Each operation on pairs. That of maximum goes with its second argument where both are equal.
RULES = {
    np.add: lambda x, y: (x[0] + y[0], x[1] + y[1]),
    np.subtract: lambda x, y: (x[0] - y[0], x[1] - y[1]),
    np.multiply: lambda x, y: (x[0] * y[0], x[1] * y[0] + x[0] * y[1]),
    np.divide: lambda x, y: (x[0] / y[0], (x[1] - x[0] / y[0] * y[1]) / y[0]),
    np.matmul: lambda x, y: (x[0] @ y[0], x[1] @ y[0] + x[0] @ y[1]),
    np.maximum: lambda x, y: (np.maximum(x[0], y[0]), np.where(x[0] > y[0], x[1], y[1])),
    np.sqrt: lambda x: (np.sqrt(x[0]), x[1] / (2 * np.sqrt(x[0]))),
    np.tanh: lambda x: (np.tanh(x[0]), x[1] * (1 - np.tanh(x[0]) ** 2)),
}
