"""Say what one step of a method makes of y' = lambda y: it multiplies y by R(h lambda)."""

import numpy as np

from lib.numbers import plain_array

# Of explicit methods R is a polynomial, here its coefficients, the constant first. Up to the order
# of the method they are those of the exponential function.
POLYNOMIALS = {
    "explicit_euler": (1, 1),
    "rk4": (1, 1, 1 / 2, 1 / 6, 1 / 24),
    "dormand_prince": (1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 600),
}
DIAGONAL = 1 - np.sqrt(0.5)  # of TR-BDF2: half of its inner step, 2 - sqrt(2)


def stability_function(method):
    """Return the function R of a method: a step of size h takes y' = lambda y to R(h lambda) y.

    Parameters
    ----------
    method : str
        The name of a function of this room: "explicit_euler", "rk4", "dormand_prince",
        "implicit_euler", "implicit_trapezoid", "bdf2", "tr_bdf2".

    Returns
    -------
    callable
        Of a float or complex number z, or an array of them, of any shape. A mode is forgotten where
        |R(z)| < 1. Real z give real values, of "bdf2" complex ones. Where R has a pole, at the z of
        an implicit step that cannot be taken, it is an infinity or nan.
        R is exp(z) + O(z**(p+1)) for a method of order p. Of explicit methods it is a polynomial,
        so that |R| > 1 for all large z; of the others |R| < 1 wherever Re z < 0. As z goes to
        -infinity, R goes to 0 for "implicit_euler", "bdf2" and "tr_bdf2", which are L-stable, but
        to -1 for "implicit_trapezoid"; at an infinite z it may be nan. BDF2, which remembers two
        values, multiplies by the larger root of (3/2 - z) r**2 - 2 r + 1/2 = 0 in the long run:
        R(z) = 1 / (2 - sqrt(1 + 2 z)).

    Raises
    ------
    TypeError, ValueError
        If there is no such method; of the function, if z is no number or array of numbers.

    References
    ----------
    Dahlquist, BIT 3 (1963); Hairer & Wanner, Solving Ordinary Differential Equations II (1996),
    sections IV.2, IV.3 and V.1.

    Examples
    --------
    >>> stability_function("explicit_euler")(-3.0)
    np.float64(-2.0)
    >>> stability_function("implicit_euler")(np.array([-3.0, 3.0]))
    array([ 0.25, -0.5 ])
    """
    if not isinstance(method, str) or method not in (*POLYNOMIALS, *RATIONAL):
        raise ValueError(f"method = {method!r:.80}: give one of {[*POLYNOMIALS, *RATIONAL]}")

    def R(z):
        z = _numbers(z)
        with np.errstate(all="ignore"):
            if method in RATIONAL:
                return RATIONAL[method](z)
            return np.polynomial.polynomial.polyval(z, POLYNOMIALS[method])

    return R


def _numbers(z):
    """Return z as an array of float64 or complex numbers, or refuse it by name."""
    z = plain_array(z, "z")
    if z.dtype == object:
        raise TypeError("z holds objects: give floats or complex numbers")
    return z.astype(complex if z.dtype.kind == "c" else float)[()]


def _implicit_euler(z):
    """Return 1 / (1 - z)."""
    return 1 / (1 - z)


def _implicit_trapezoid(z):
    """Return (1 + z / 2) / (1 - z / 2)."""
    return (1 + z / 2) / (1 - z / 2)


def _bdf2(z):
    """Return the larger root: the other one is 1 / (2 + sqrt(1 + 2 z))."""
    return 1 / (2 - np.sqrt(1 + 2 * z + 0j))


def _tr_bdf2(z):
    """Return what a trapezoid of length 2 DIAGONAL and a step of BDF2 from there make."""
    inner = (1 + DIAGONAL * z) / (1 - DIAGONAL * z)
    return (1 + z * (1 + inner) / np.sqrt(8)) / (1 - DIAGONAL * z)


RATIONAL = {"implicit_euler": _implicit_euler, "implicit_trapezoid": _implicit_trapezoid,
            "bdf2": _bdf2, "tr_bdf2": _tr_bdf2}
