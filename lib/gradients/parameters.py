"""What gradients are taken of: an array of finite floats, or a flat list of such arrays.

Everything here also lets through what is no array but behaves like one: a value of a tape, which
records what is done with it.
"""

import math

import numpy as np

from lib.numbers import real_array


def is_recorded(x):
    """Return whether x is no array, but takes part in NumPy's operations as if it were one."""
    return hasattr(x, "__array_function__") and not isinstance(x, np.ndarray)


def float_array(x, name):
    """Return x as an array of finite floats, or refuse it by name; a recorded one passes."""
    if is_recorded(x):
        return x
    x = real_array(x, name)
    if x.dtype == object:
        raise TypeError(f"{name} holds objects: gradients need float32 or float64")
    return x


def as_parts(x, name):
    """Return x as a list of arrays, and whether it was given as one.

    A list or tuple with an array in it is a list of arrays; one of numbers is a vector.
    """
    is_list = isinstance(x, list | tuple) and any(isinstance(part, np.ndarray) for part in x)
    if not is_list:
        return [float_array(x, name)], False
    return [float_array(part, f"{name}[{k}]") for k, part in enumerate(x)], True


def norm(parts):
    """Return the root of the sum of squares of all numbers, in float64.

    No square on the way overflows or vanishes; the result is inf if it is out of the range itself.

    Examples
    --------
    >>> norm([np.array([3.0, 0.0]), np.array(4.0)])
    5.0
    """
    largest = max(float(np.abs(part).max()) for part in parts)
    if not math.isfinite(largest):
        return largest
    exponent = math.frexp(largest)[1]
    squares = [np.add.reduce(np.ldexp(part.astype(float), -exponent) ** 2, axis=None)
               for part in parts]
    try:
        return math.ldexp(math.sqrt(sum(squares)), exponent)
    except OverflowError:
        return math.inf


def as_layers(parameters):
    """Return a flat list of parameters as pairs of a matrix and its biases, which may be None.

    Examples
    --------
    >>> layers = as_layers([np.ones((2, 3)), np.ones(3), np.ones((3, 1))])
    >>> [(W.shape, b if b is None else b.shape) for W, b in layers]
    [((2, 3), (3,)), ((3, 1), None)]
    """
    if not isinstance(parameters, list | tuple) or not parameters:
        raise TypeError(f"parameters = {parameters!r:.80}: give a list of arrays, such as "
                        "initial_parameters returns")
    layers = []
    for k, part in enumerate(parameters):
        part = float_array(part, f"parameters[{k}]")
        if len(part.shape) == 2:
            layers.append((part, None))
        elif layers and layers[-1][1] is None and part.shape == layers[-1][0].shape[1:]:
            layers[-1] = layers[-1][0], part
        else:
            raise ValueError(f"parameters[{k}] has shape {part.shape}: in this list each matrix is "
                             "followed by one bias for each of its columns, or by the next matrix")
    return layers
