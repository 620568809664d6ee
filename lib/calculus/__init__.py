"""Polynomials through points, and integrals: the part of the book on roots, integrals and time."""

from lib.calculus.chebyshev import chebyshev_nodes, clenshaw_curtis
from lib.calculus.double_exponential import tanh_sinh
from lib.calculus.equal_steps import romberg, simpson, trapezoid
from lib.calculus.interpolation import interpolation_coefficients
from lib.calculus.kronrod import kronrod_nodes
from lib.calculus.legendre import gauss_legendre, golub_welsch, legendre_nodes
from lib.calculus.quadrature import adaptive
from lib.calculus.results import QuadratureResult
from lib.calculus.sampling import MonteCarloResult, monte_carlo

__all__ = [
    "MonteCarloResult",
    "QuadratureResult",
    "adaptive",
    "chebyshev_nodes",
    "clenshaw_curtis",
    "gauss_legendre",
    "golub_welsch",
    "interpolation_coefficients",
    "kronrod_nodes",
    "legendre_nodes",
    "monte_carlo",
    "romberg",
    "simpson",
    "tanh_sinh",
    "trapezoid",
]
