"""Arrays of objects in a traced function: what their entries are that have no shadow."""

import numpy as np

METHODS = ("reduce", "accumulate", "reduceat", "outer", "at")  # of a ufunc


class Kept(np.ndarray):
    """An array of objects in which the numbers of Python become those of NumPy.

    Those do not raise where they are divided by 0.
    """

    def __setitem__(self, place, entry):
        super().__setitem__(place, entry)
        if self.dtype == object:
            made = np.frompyfunc(as_float, 1, 1)(self[place])
            super().__setitem__(place, made)

    def __array_wrap__(self, made, context=None, return_scalar=False):
        """Return what a ufunc makes: a number where it is one, as of an array of NumPy's own."""
        if made.dtype != object:
            made = np.asarray(made)
        else:
            made = super().__array_wrap__(made, context, return_scalar)
        return made[()] if return_scalar and not made.ndim else made


Kept.__module__, Kept.__qualname__ = np.ndarray.__module__, np.ndarray.__qualname__


def of_floats(original, number):
    """Return a function whose arrays hold, beside shadows, numbers of NumPy."""
    def call(*args, **options):
        made = original(*args, **options)
        entries = "_like" in original.__name__ or any(holds(x, number) for x in [made, *args])
        if not entries or getattr(made, "dtype", np.dtype(object)).kind != "O":
            return made
        if not isinstance(made, np.ndarray):
            return as_float(made)
        made[...] = np.frompyfunc(as_float, 1, 1)(made)
        return made

    return _with_methods(call, original)


def with_room(original, tape):
    """Return a function whose arrays have room for shadows, if that of the tape is wanted."""
    def call(*args, **options):
        made = original(*args, **options)
        if getattr(made, "dtype", None) != np.float64 or not isinstance(made, np.ndarray):
            return made
        tape.makes_arrays = True
        if not tape.roomy:
            return made
        return np.asarray(np.frompyfunc(np.float64, 1, 1)(made), object).view(Kept)

    return call


def of_bools(original, number):
    """Return a function whose results are truth values where a shadow is asked."""
    def call(*args, **options):
        made = original(*args, **options)
        return np.asarray(made, bool)[()] if any(holds(x, number) for x in args) else made

    return _with_methods(call, original)


def _with_methods(call, original):
    methods = {name: getattr(original, name) for name in METHODS if hasattr(original, name)}
    vars(call).update(methods)
    return call


def as_float(x):
    """Return a number of Python as one of NumPy, and all else as it is."""
    return np.float64(x) if type(x) in (int, float) else x


def holds(x, number):
    """Return whether a number with a shadow is in x."""
    if not isinstance(x, (list, tuple, np.ndarray)):
        return isinstance(x, number)
    array = x if isinstance(x, np.ndarray) else np.asarray(x, object)
    return array.dtype == object and any(isinstance(entry, number) for entry in array.flat)


def of_shadows(original, tape, number):
    """Return a ufunc that makes numbers without a shadow, in arrays of objects, exact data."""
    def entry(x):
        return tape.number(x).of_numpy() if isinstance(x, (int, float, np.number)) else x

    def call(*args, **options):
        return original(*(_lifted(x) for x in args), **options)

    def _lifted(x):
        if isinstance(x, (list, tuple)) and holds(x, number):
            x = np.asarray(x, object)
        if not isinstance(x, np.ndarray) or x.dtype != object:
            return x
        return np.asarray(np.frompyfunc(entry, 1, 1)(x), object)

    return _with_methods(call, original)
