"""What one operation of a traced function did, over all its executions."""

import math
from typing import NamedTuple

FULL = 16  # digits of a number without error
U = 2.0**-53  # unit roundoff
TINY = 2.0**-1022  # the smallest normal number

# What is advised when a shadow is lost, by a sign in the instruction, its text or the error.
REMEDIES = [
    (r"linalg|fft|scipy|ufunc '\w+' input",
     "compiled routines know floats only; write the loop out in Python"),
    (r"not supported for the input", "NumPy has it for floats only; write it with other functions"),
    (r"STORE_S|Cannot cast", "make the array like an argument, as in np.zeros_like(A)"),
    (r"got object", "let it take arrays of objects, or trace a version without that check"),
    (r"\bmath\.", "call the function through np, which asks the number itself"),
    (r"", "use the number as it is, without turning it into a float or an int"),
]


class Loss(NamedTuple):
    """The execution of an operation that lost most digits."""

    before: float
    after: float
    amplification: float
    shares: dict


class Record:
    """What one operation of the source did, over all its executions."""

    def __init__(self):
        self.runs, self.digits, self.loss, self.worst = 0, float(FULL), -math.inf, None
        self.amplification = self.rounding = 0.0
        self.events = {}  # a set that keeps its order

    def add(self, before, result, amplification):
        """Add an execution that had so many digits before it."""
        self.runs += 1
        self.digits = min(self.digits, result.digits)
        self.amplification = max(self.amplification, amplification)
        if before - result.digits > self.loss:
            self.loss = before - result.digits
            self.worst = Loss(before, result.digits, amplification, result.shares)


def amplification(terms, r):
    """Return by how much an operation amplifies relative errors of its operands."""
    total = sum(terms)
    if not total:
        return 0.0 if r else 1.0  # 0 * 0, sqrt(0): as near 0
    return float(total / abs(r)) if r and total == total else math.inf


def in_units(rounding, v):
    """Return a rounding error in units of u|v|."""
    if not rounding:
        return 0.0
    return float(abs(rounding / v)) / U if v and math.isfinite(v) else math.inf


def events(v, xs, ideal, rounding, r):
    """Name what happened beyond rounding."""
    if math.isnan(v) and not any(math.isnan(x.v) for x in xs):
        yield "nan: no real number is the result"
    elif math.isinf(v) and all(math.isfinite(x.v) for x in xs):
        overflow = abs(ideal) < math.inf
        yield "overflow: the result is inf" if overflow else "a division by zero, or a pole"
    elif abs(v) < TINY and rounding:
        yield "underflow: the result is below the normal numbers"
    if r != r and not math.isnan(v):
        yield "the exact operands have no real result here"


def whole(digits):
    """Return digits as they are printed: whole, rounded down after adding 0.02."""
    return math.floor(digits + 0.02)
