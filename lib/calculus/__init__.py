"""Polynomials through given points: the part of the book on roots, integrals and time."""

from lib.calculus.brackets import bisect, safeguarded
from lib.calculus.interpolation import interpolation_coefficients
from lib.calculus.newton import newton, secant
from lib.calculus.newton_system import newton_system
from lib.calculus.roots import RootResult

__all__ = [
    "RootResult",
    "bisect",
    "interpolation_coefficients",
    "newton",
    "newton_system",
    "safeguarded",
    "secant",
]
