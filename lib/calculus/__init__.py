"""Polynomials through given points: the part of the book on roots, integrals and time."""

from lib.calculus.interpolation import interpolation_coefficients

__all__ = ["interpolation_coefficients"]
