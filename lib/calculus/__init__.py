"""Polynomials through given points: the part of the book on roots, integrals and time."""

from lib.calculus.adaptive_steps import dormand_prince, tr_bdf2
from lib.calculus.brackets import bisect, safeguarded
from lib.calculus.fixed_steps import (
    bdf2,
    explicit_euler,
    implicit_euler,
    implicit_trapezoid,
    rk4,
)
from lib.calculus.interpolation import interpolation_coefficients
from lib.calculus.newton import newton, secant
from lib.calculus.newton_system import newton_system
from lib.calculus.odes import Attempt, Trajectory
from lib.calculus.roots import RootResult
from lib.calculus.stability import stability_function

__all__ = [
    "Attempt",
    "RootResult",
    "Trajectory",
    "bdf2",
    "bisect",
    "dormand_prince",
    "explicit_euler",
    "implicit_euler",
    "implicit_trapezoid",
    "interpolation_coefficients",
    "newton",
    "newton_system",
    "rk4",
    "safeguarded",
    "secant",
    "stability_function",
    "tr_bdf2",
]
