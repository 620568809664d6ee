"""Certify conjugate gradients: by the true residual, and by what the routine says of it."""

from numbers import Integral

import numpy as np

from lib.grade.calls import fails
from lib.grade.certify.kinds import Fault, Kind, Trial
from lib.grade.certify.results import largest, norm, ratio, vector_like
from lib.grade.certify.systems import EASY
from lib.grade.report import attempt
from lib.numbers import residual

FIRST = ("It ends before the residual is what was asked for: it may stop after n steps, which "
         "rounding makes too few, or by another measure. Let b - A x decide.")
ABSOLUTE = "It may stop at an absolute residual: measure in units of norm(b)."
EXACT = "It may go on when the residual is 0, and divide 0 by 0: stop there."
TRUST = ("It trusts the residual that its recursion updates, which goes on shrinking when the true "
         "one has stopped: compute b - A x before saying that it has converged.")
DENIES = ("It says of what has converged that it has not: info is True, or 0 as SciPy has it, "
          "where norm(b - A x) <= tol norm(b).")
DENIAL = "says that it has not converged"


def denies(result, bad):
    """Return whether what it says is at fault, and not what it returns."""
    return result.reason.startswith(DENIAL)


def read_cg(value, case):
    """Return x, and whether the routine says that it has converged; None if it does not say.

    It may return x, or (x, info) with info True, or 0 as SciPy has it, where it has converged, or
    a result with `.x` and `.converged`.
    """
    said = None
    if isinstance(value, tuple) and len(value) == 2:
        value, info = value
        if not isinstance(info, bool | np.bool_ | Integral):
            fails(f"returned (x, {type(info).__name__}): info is True or 0 where it has converged")
        said = bool(info) if isinstance(info, bool | np.bool_) else bool(info == 0)
    elif attempt(lambda: hasattr(value, "x"), lambda problem: False):
        said = attempt(lambda: bool(value.converged), lambda problem: None)
        value = value.x
    return vector_like(value, case["b"].size, case), said


def measure_cg(parts, case):
    """Return the true residual relative to norm(b), and what can be asked of it.

    That is tol + 10 n u norm(A) norm(x) / norm(b), the second term being what rounding leaves
    (Greenbaum 1997); of a residual that is said to have converged, twice tol. What is below tol, by
    more than rounding may change, has to be called converged where anything is said.
    """
    x, said = parts
    A, b, tol = (case[name] for name in ("A", "b", "tol"))
    if not np.isfinite(x).all():
        return {"true residual": (np.inf, tol)}
    unit = largest(b) or 1.0
    size = norm(b / unit) or 1.0
    found = ratio(norm(residual(A, x, b) / unit), size)
    left = np.abs(A).sum(axis=1).max() * norm(x / unit) / size
    allowed = {"true residual": (found, tol + 10 * case.n * case.u * float(left))}
    if said is False and found <= 0.99 * tol:
        fails(f"{DENIAL}, with a residual of {found / tol:.1g} tol")
    if said:
        allowed["residual of what it calls converged"] = (found, 2 * tol)
    return allowed


_TURN = "Q = np.linalg.qr(rng.normal(size=({0}, {0})))[0]; "
_EVEN = "; A = (A + A.T) / 2; b = rng.normal(size={0}); tol = {1}"
_RESIDUAL = "np.linalg.norm(b - A @ x) / np.linalg.norm(b)"

CG = Kind(
    "cg", "solves a symmetric positive definite system by steps, down to a residual",
    "cg(A, b, tol) -> x with norm(b - A x) <= tol norm(b), or (x, converged), or (x, info)",
    ("A", "b", "tol"), ("A", "b"),
    "x = {f}(A, b, tol); x = x[0] if isinstance(x, tuple) else getattr(x, 'x', x)",
    {"true residual": _RESIDUAL, "residual of what it calls converged": _RESIDUAL},
    read_cg, measure_cg, (
        Trial("κ = 100", _TURN.format(20) + "A = Q * np.geomspace(1, 100, 20) @ Q.T"
              + _EVEN.format(20, "u**0.5"), EASY),
        Trial("n = 1", "A = rng.uniform(1, 2, (1, 1)); b = rng.normal(size=1); tol = u**0.5", EASY),
        Trial("one step is enough", "A = 2 * np.eye(6); b = rng.normal(size=6); tol = u**0.5",
              EXACT),
        Trial("b is an eigenvector", "A = np.diag(np.arange(1.0, 9)); b = np.eye(8)[5]; "
              "tol = u**0.5", EXACT),
        Trial("b = 0", "A = np.diag(rng.uniform(1, 2, 5)); b = np.zeros(5); tol = u**0.5", EXACT),
        Trial("more steps than unknowns", _TURN.format(30) + "A = Q * np.geomspace(1, u**-0.3, 30) "
              "@ Q.T" + _EVEN.format(30, "u**0.5"), FIRST),
        Trial("a tiny b", _TURN.format(12) + "A = Q * np.geomspace(1, 10, 12) @ Q.T"
              + _EVEN.format(12, "u**0.5") + "; b = b * 1e-12", ABSOLUTE),
        Trial("a huge A", _TURN.format(12) + "A = Q * np.geomspace(1, 10, 12) * 1e9 @ Q.T"
              + _EVEN.format(12, "u**0.5"), ABSOLUTE),
        Trial("a tolerance that rounding forbids", _TURN.format(20)
              + "A = Q * np.repeat([1, u**-0.6], 10) @ Q.T" + _EVEN.format(20, "u**0.75"), TRUST),
    ), "conjugate_gradients", faults=(Fault(DENIES, denies),))
