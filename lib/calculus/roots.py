"""What all searches for a root share: what is known in the end, calls that are counted, an error.

A search says what it met on the way in its result, and raises only where it cannot begin, or where
a function returns what is no number.
"""

from dataclasses import dataclass

import numpy as np

from lib.numbers import real_number


@dataclass(frozen=True, eq=False, repr=False)
class RootResult:
    """A root, as far as a search came, and what is known of it.

    All of it speaks of f as it is computed. Where rounding decides the sign of f, as near a root of
    multiplicity m whose terms cancel, that root is known to about u**(1/m) and no better.

    Attributes
    ----------
    root : float, or ndarray of shape (n,) for a system
        Without convergence, the last point or the middle of the last bracket.
    error : float
        At most how far from `root` f changes its sign, where there is a bracket; else an estimate
        from the last steps, which proves nothing. 0 where f is exactly 0; inf where nothing is
        known.
    evaluations, derivatives : int
        How often f, and its derivative, were called.
    converged : bool
    reason : str
        Why it stopped. Converged: "bracket", "neighbours" (no float is left between the ends),
        "zero" (f is exactly 0), "sign change", "steps". Not converged: "leap" (a pole or a jump),
        "nan", "overflow", "flat" (a derivative of 0), "singular", "cycle", "no descent", "maxiter".
    message : str
        The same in a sentence, with the numbers.
    iterates : ndarray, shape (k,) or (k, n)
        The points in the order in which they were found; the last is `root`.
    brackets : ndarray, shape (k, 2), or None
        The bracket at first, and after each evaluation. Of an open method the last one, if it ended
        in one.
    """

    root: float | np.ndarray
    error: float
    evaluations: int
    derivatives: int
    converged: bool
    reason: str
    message: str
    iterates: np.ndarray
    brackets: np.ndarray | None = None

    def __repr__(self):
        calls = f"{self.evaluations} evaluation{'s' * (self.evaluations != 1)}"
        place = self.root if np.ndim(self.root) else f"{self.root:.6g}"
        if self.converged:
            return f"root {place} after {calls}: {self.message}"
        return f"not converged ({self.reason}) after {calls}, at {place}: {self.message}"


class CountedFunction:
    """A function of one number, whose calls are counted and whose results are floats.

    It is called with a NumPy float, so that a division by 0 gives an infinity. Where it raises an
    ArithmeticError it has no value there, which is nan. A truth value is refused: False is no sign.
    """

    def __init__(self, function, name):
        if not callable(function):
            raise TypeError(f"{name} = {function!r:.80}: give a function of x")
        self.function, self.name, self.calls = function, name, 0

    def __call__(self, x):
        self.calls += 1
        try:
            with np.errstate(all="ignore"):
                value = self.function(np.float64(x))
        except ArithmeticError:
            return np.nan
        if isinstance(value, bool) or getattr(value, "dtype", None) == np.bool_:
            raise TypeError(f"{self.name}({x!r}) is a truth value, {value}: give a number with a "
                            "sign, such as 1 for yes and -1 for no")
        return real_number(value, f"{self.name}({x!r})")


def finite_number(x, name):
    """Return x as a float, or refuse what is not finite by name."""
    x = real_number(x, name)
    if not np.isfinite(x):
        raise ValueError(f"{name} = {x}: give a finite number")
    return x


def tolerance(tol):
    """Return tol, a distance, or refuse it by name."""
    tol = finite_number(tol, "tol")
    if tol < 0:
        raise ValueError(f"tol = {tol}: a distance is at least 0")
    return tol


def estimated_error(step, previous):
    """Return how far the root may be after a step, judged by the one before.

    Steps that shrink by a factor q each add up to step q / (1 - q) after this one. Steps that do
    not shrink are noise, if they are small; 10 of them are allowed for then.
    """
    if step == 0 or not previous < np.inf:
        return step and np.inf
    ratio = step / previous
    return step * max(1.0, ratio / (1 - ratio)) if ratio < 1 else 10 * step


def quotient(a, b):
    """Return a / b of floats: an infinity or nan where it has no value."""
    with np.errstate(all="ignore"):
        return float(np.divide(a, b))
