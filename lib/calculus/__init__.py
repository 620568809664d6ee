"""Roots, polynomials through points, integrals, and equations that evolve in time."""

from lib.calculus.adaptive_steps import dormand_prince, tr_bdf2
from lib.calculus.brackets import bisect, safeguarded
from lib.calculus.chebyshev import chebyshev_nodes, clenshaw_curtis
from lib.calculus.double_exponential import tanh_sinh
from lib.calculus.equal_steps import romberg, simpson, trapezoid
from lib.calculus.fixed_steps import (
    bdf2,
    explicit_euler,
    implicit_euler,
    implicit_trapezoid,
    rk4,
)
from lib.calculus.interpolation import interpolation_coefficients
from lib.calculus.kronrod import kronrod_nodes
from lib.calculus.legendre import gauss_legendre, golub_welsch, legendre_nodes
from lib.calculus.newton import newton, secant
from lib.calculus.newton_system import newton_system
from lib.calculus.odes import Attempt, Trajectory
from lib.calculus.quadrature import adaptive
from lib.calculus.results import QuadratureResult
from lib.calculus.roots import RootResult
from lib.calculus.sampling import MonteCarloResult, monte_carlo
from lib.calculus.stability import stability_function

__all__ = [
    "Attempt",
    "MonteCarloResult",
    "QuadratureResult",
    "RootResult",
    "Trajectory",
    "adaptive",
    "bdf2",
    "bisect",
    "chebyshev_nodes",
    "clenshaw_curtis",
    "dormand_prince",
    "explicit_euler",
    "gauss_legendre",
    "golub_welsch",
    "implicit_euler",
    "implicit_trapezoid",
    "interpolation_coefficients",
    "kronrod_nodes",
    "legendre_nodes",
    "monte_carlo",
    "newton",
    "newton_system",
    "rk4",
    "romberg",
    "safeguarded",
    "secant",
    "simpson",
    "stability_function",
    "tanh_sinh",
    "tr_bdf2",
    "trapezoid",
]
