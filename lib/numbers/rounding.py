"""What every rounding shares: floats that are exact to begin with, and whole numbers by a mode."""

import numpy as np

from lib.numbers.arguments import plain_array
from lib.numbers.scalars import random_source


def as_float64(x, name="x"):
    """Return x as float64, or refuse by name if that would round."""
    x = plain_array(x, name)
    if x.dtype.kind == "c":
        raise TypeError(f"{x.dtype} does not fit in float64; convert {name}.real and {name}.imag "
                        "one by one")
    if not np.can_cast(x.dtype, np.float64):
        raise TypeError(f"{x.dtype} does not fit in float64; convert {name} with .astype(float) "
                        "first")
    if x.dtype.kind in "iu" and x.size and max(int(x.max()), -int(x.min())) > 2**53:
        raise TypeError(f"integers beyond 2**53 do not fit in float64; convert {name} with "
                        ".astype(float) first, which rounds")
    return x.astype(np.float64)


def finite_float64(x, name="x"):
    """Return x as float64, or refuse by name if that would round, or if x is not finite."""
    x = as_float64(x, name)
    if not np.isfinite(x).all():
        place = np.argwhere(~np.isfinite(x))[0].tolist()
        where = f"{name}{place}" if place else name
        raise ValueError(f"{where} is {x[tuple(place)]}: remove or replace it first")
    return x


def like_input(x):
    """Return a zero-dimensional array as a float, any other as it is."""
    return x if x.ndim else float(x)


def round_to_integer(steps, mode, rng):
    """Return steps as whole numbers; everything before and after this is exact."""
    whole_by = {"nearest": np.rint, "up": np.ceil, "down": np.floor, "zero": np.trunc}
    modes = [*whole_by, "away", "stochastic"]
    if not (isinstance(mode, str) and mode in modes):
        raise ValueError(f"mode {mode!r} is none of these: {', '.join(modes)}")
    if mode in whole_by:
        return whole_by[mode](steps)
    fraction, whole = np.modf(steps)
    if mode == "away":
        return whole + np.copysign(np.abs(fraction) >= 0.5, steps)
    if rng is None:
        raise ValueError("mode 'stochastic' needs rng: give one, numpy.random.default_rng(7)")
    rng = random_source(rng)
    return whole + np.copysign(rng.random(np.shape(steps)) < np.abs(fraction), steps)
