"""Two answers to judge, on conjugate gradients."""

import math
import random

import numpy as np

from homework.exams.items import Bank, Collision, weigh
from homework.exams.words import sci, whole
from lib.linear import cg, jacobi_preconditioner
from lib.problems import with_eigenvalues

bank = Bank("conjugate_gradients")


def steps(rng, values, tol=1e-8):
    """Return the number of steps on a matrix with these eigenvalues."""
    source = np.random.default_rng(rng.randrange(10**6))
    A = with_eigenvalues(np.array(values, float), rng=source)
    return cg(A, source.normal(size=len(values)), tol=tol).steps


TWO_SPECTRA = (
    ("@2: a lone far eigenvalue costs about one step more",
     "one far eigenvalue never matters"),
    ("@2: both fill their range evenly, and its κ is smaller",
     "κ tells all, whatever the spectrum"),
    ("Either: a factor before the matrix changes no step",
     "the spectrum has no part in the number of steps"),
    ("Either: both end after 60 steps, and not before",
     "it ends after n steps, not before"),
)


@bank.item("judge", 2)
def two_spectra(rng):
    n, case, top = 60, rng.randrange(3), 10 ** rng.randint(3, 4)
    def spread(largest):
        return np.logspace(0, math.log10(largest), n), (
            f"eigenvalues spread evenly in the logarithm from 1 to {whole(largest)}")
    low = rng.randint(2, 5)
    lone = np.array([1 + (low - 1) * i / n for i in range(n - 1)] + [top])
    factor = 10 ** rng.randint(2, 5)
    one, two = [(spread(top), (lone, f"{n - 1} eigenvalues between 1 and {low}, and one at "
                                     f"{whole(top)}")),
                (spread(top), spread(top // 100)),
                (spread(top), (spread(top)[0] * factor,
                               f"eigenvalues spread evenly in the logarithm from "
                               f"{whole(factor)} to {whole(top * factor)}"))][case]
    taken = [steps(random.Random(top + low), values) for values in (one[0], two[0])]
    if (taken[1] < taken[0] / 1.5) != (case < 2) or (case == 2 and abs(taken[1] - taken[0]) > 2):
        raise Collision("no clear difference")
    return weigh(
        rng, f"Two preconditioned systems of order {n}; each step of conjugate gradients costs the "
        "same, and a residual of 10⁻⁸ is wanted.", one[1], two[1],
        TWO_SPECTRA,
        case, f"{taken[0]} steps for @1 and {taken[1]} for @2.",
        ask="Which one is cheaper, and why?")


REPORTED = (
    ("@2: so near to rounding the recurrence has drifted off",
     "a recurrence always drifts far"),
    ("Either: so far above rounding the two still agree",
     "equal in mathematics is equal in floats"),
    ("Neither: the error may be κ times any such residual",
     "a residual tells nothing at all"),
    ("@1: the method stops by it, so it is the one that counts",
     "what a solver reports is what there is"),
)


@bank.item("judge", 4)
def reported(rng):
    case = rng.randrange(3)
    n, single = 30, case == 0
    k = [5, 2, rng.randint(5, 7)][case]
    source = np.random.default_rng(rng.randrange(10**6))
    A = with_eigenvalues(np.logspace(0, k, n), rng=source)
    A = ((A + A.T) / 2).astype(np.float32 if single else float)
    x = source.normal(size=n).astype(A.dtype)
    b = (A @ x).astype(A.dtype)
    tol = 1e-7 if single else 10.0 ** -rng.randint(5, 7)
    found = cg(A, b, tol=tol, maxiter=4000).x.astype(float)
    true = float(np.linalg.norm(b.astype(float) - A.astype(float) @ found) /
                 np.linalg.norm(b.astype(float)))
    error = float(np.linalg.norm(found - x) / np.linalg.norm(x))
    if (case == 0) != (true > 3 * tol) or (case == 2 and error < 30 * tol):
        raise Collision("no drift, or no error")
    wanted = "x with an error of that size" if case == 2 else "a residual of that size"
    return weigh(
        rng, f"A run in {'float32 (u = 6 × 10⁻⁸)' if single else 'float64 (u = 10⁻¹⁶)'} on a "
        f"system with κ = 10 to the power {k} stopped at a relative residual of {sci(tol)}. The "
        f"user wants {wanted}.", "the residual that the recurrence carries along",
        "b − A x, computed anew in float64",
        REPORTED,
        case, f"κu is {sci(10.0**k * (2.0**-24 if single else 2.0**-53), 1)}. Here the true "
        f"residual is {sci(true)} at the end, and the relative error of x {sci(error)}.",
        ask="Which of two numbers shows whether that is reached, and why?")


def preconditioned(rng, case, n=40):
    """Return a matrix in odd units, with an even diagonal, or of few distinct eigenvalues."""
    source = np.random.default_rng(rng.randrange(10**6))
    if case == 0:
        scale = 10.0 ** source.uniform(0, rng.randint(2, 3), n)
        A = scale[:, None] * with_eigenvalues(np.linspace(1, 4, n), rng=source) * scale
    elif case == 1:
        values = source.uniform(-1, 1, 4)
        row = np.array([values @ [0.9**d, 0.5**d, 0.8**d, 0] if d else 0 for d in range(n)])
        A = row[abs(np.arange(n)[:, None] - np.arange(n))]
        A = A + np.eye(n) * (0.01 * rng.randint(1, 9) - np.linalg.eigvalsh(A)[0])
    else:
        values = [1.0, rng.randint(5, 50), rng.randint(100, 900)]
        A = with_eigenvalues(np.array([values[i % 3] if i < 6 else 1.0 for i in range(n)]),
                             rng=source)
    return (A + A.T) / 2, source


@bank.item("judge", 3)
def precondition(rng):
    case = rng.randrange(3)
    A, source = preconditioned(rng, case)
    b = source.normal(size=len(A))
    plain = cg(A, b, maxiter=20000).steps
    jacobi = cg(A, b, preconditioner=jacobi_preconditioner(A), maxiter=20000).steps
    diagonal = np.diag(A)
    if [plain < 3 * jacobi, plain != jacobi, jacobi < 2 * plain][case]:
        raise Collision("no clear case")
    return weigh(
        rng, f"A system of {len(A)} unknowns is asked for a residual of 10⁻⁸; its diagonal has "
        f"entries from {sci(diagonal.min())} to {sci(diagonal.max())}"
        f"{', and the matrix three distinct eigenvalues' if case == 2 else ''}.",
        f"plain:                    {plain} steps", f"divided by the diagonal:  {jacobi} steps",
        [("@2: dividing takes odd units out of the spectrum",
          "a preconditioner lessens the steps of each system"),
         ("@1: dividing by equal numbers changes no step",
          "dividing by the diagonal never helps"),
         ("@1: dividing spreads what were few eigenvalues",
          "a preconditioner makes a spectrum worse"),
         ("@1: with @2 the solution would be another one",
          "preconditioning solves another system")],
        case, "The diagonal undoes a scaling of unknowns. Steps count distinct eigenvalues and "
        f"their spread, before it (@1: {plain}) and after it (@2: {jacobi}).")
