"""Try what may solve a square matrix that has been scaled, and estimate what its factors lose."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.linear.checks import NotPositiveDefiniteError, SingularMatrixError
from lib.linear.elimination import cholesky, lu, lu_complete
from lib.linear.estimate import (
    factors_condition,
    gram_condition,
    guarded_norm_estimate,
    skeel_condition,
)
from lib.linear.findings import answered
from lib.linear.structure import asymmetry
from lib.linear.triangular import back_substitution, forward_substitution

GROWN = 1e3  # as in `solve`


@dataclass(frozen=True, eq=False)
class Solver:
    """A method by its name, with what solves the scaled system, and its condition number."""

    method: str
    solve: Callable
    kappa: float
    remarks: tuple = ()
    separate: bool = False  # whether each unknown has an error of its own size


def substitution_solver(S, kind):
    """Return the solver of a triangle."""
    substitution = back_substitution if kind == "upper" else forward_substitution
    return Solver("substitution", lambda c: substitution(S, c),
                   skeel_condition(S, lower=kind != "upper"))


def symmetric_solver(S, asked):
    """Return Cholesky's method for a matrix, or None if it is not for this one."""
    off, rounding = asymmetry(S)
    asked.append(answered("symmetric", rounding, "equal to its transpose" if off == 0 else
                          f"off by {off:.0e} of its largest element" + ", rounding" * rounding))
    if not rounding:
        return None
    try:
        L = cholesky(S)
    except NotPositiveDefiniteError:
        low = np.flatnonzero(np.diag(S) <= 0)
        # Which pivot fails may be a matter of rounding, and differ from machine to machine.
        why = f"element {low[0]} of the diagonal" if len(low) else "a pivot"
        asked.append(answered("definite", False, f"{why} is not positive"))
        return None
    asked.append(answered("definite", True, "definite, up to rounding"))
    remarks = ("take (A + A.T) / 2 if A ought to be symmetric",) if off else ()
    return Solver("cholesky", lambda c: back_substitution(L.T, forward_substitution(L, c)),
                   gram_condition(S, L), remarks)


def elimination_solver(S, asked):
    """Return elimination with the pivots that it needs, or None for a singular matrix."""
    method = "lu"
    try:
        factors = lu(S)
        growth = f"{factors.growth:.1g}"
        if factors.growth > GROWN:
            method, factors = "lu_complete", lu_complete(S)
            growth += f", with complete pivoting {factors.growth:.1g}"
    except SingularMatrixError:
        asked.append(answered("condition", False, "what is left to be a pivot is zero"))
        return None
    asked.append(answered("growth", method == "lu", f"by a factor {growth}"))
    norm = np.max(np.sum(np.abs(S), axis=1, dtype=float))
    kappa = factors_condition(factors, norm, np.inf, guarded_norm_estimate)
    return Solver(method, factors.solve, kappa)
