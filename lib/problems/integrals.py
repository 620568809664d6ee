"""Integrals with known values, on which routines for integrals are tried."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.problems.datasets import data_file


def _three_pieces(x):
    """Return x + 1 up to 1, 3 - x from there to 3, and 2 beyond."""
    return np.where(x < 1, x + 1, np.where(x <= 3, 3 - x, 2.0))


NAMES = {"exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "sqrt": np.sqrt,
         "atan": np.arctan, "pi": np.pi, "inf": np.inf, "pw25": _three_pieces,
         "heaviside": lambda x: np.where(x > 0, 1.0, 0.0)}


@dataclass(frozen=True)
class Integral:
    """An integral whose value is known.

    Attributes
    ----------
    name : str
        "f01" to "f25" in the numbering of Kahaner, "b01" to "b13" in that of Bailey and others.
    expression : str
        The integrand in Python, of x.
    f : callable
        The same for arrays: f(x) has the shape of x. At an end of the range it may be infinite.
    a, b : float
        The range; b may be infinite.
    breaks : tuple of float
        Where inside the range the integrand, or its slope, jumps.
    value : float
        The nearest float to the value.
    decimals : str
        The value, to 22 digits.
    """

    name: str
    expression: str
    f: Callable
    a: float
    b: float
    breaks: tuple
    value: float
    decimals: str


def read_integrals():
    """Return twenty integrals that try routines for integrals, the oldest from 1971.

    Returns
    -------
    dict of str to Integral
        Smooth, oscillating and singular ones, with a step, a kink, and two on a half-infinite
        range, by their names.

    References
    ----------
    Kahaner, in Rice (ed.), Mathematical Software (1971); Gander & Gautschi, BIT 40 (2000); Bailey,
    Jeyabalan & Li, Experimental Math. 14 (2005), section 6.

    Examples
    --------
    >>> root = read_integrals()["f03"]
    >>> root.expression, root.a, root.b, root.value, root.f(np.array([0.25]))
    ('sqrt(x)', 0.0, 1.0, 0.6666666666666666, array([0.5]))
    """
    entries = json.loads(data_file("file", "battery", "quadrature").read_text(encoding="utf-8"))
    return {entry["id"]: _integral(entry) for entry in entries}


def _integral(entry):
    """Return an integral from its entry in the file, whose expressions are written in Python."""
    a, b, *breaks = (float(eval(text, NAMES.copy()))
                     for text in [entry["a"], entry["b"], *entry["breaks"]])
    f = eval(f"lambda x: {entry['expr']}", NAMES.copy())
    return Integral(entry["id"], entry["expr"], f, a, b, tuple(breaks),
                    float(entry["mp_reference"]), entry["mp_reference"])
