"""Two answers to judge, on least squares and orthogonal factors."""

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.pairs.conditioning import off
from homework.exams.words import raised, sci, whole
from lib.linear import (
    classical_gram_schmidt,
    householder_qr,
    least_squares,
    modified_gram_schmidt,
    normal_equations,
)
from lib.numbers import condition, orthogonality_loss
from lib.problems import with_singular_values

bank = Bank("qr")


def design(rng, exponent, shape=(20, 5)):
    """Return a matrix of a condition number of about 10**exponent, and a random source."""
    source = np.random.default_rng(rng.randrange(10**6))
    left_, _ = np.linalg.qr(source.normal(size=shape))
    return left_ @ with_singular_values(np.logspace(0, -exponent, shape[1]), rng=source), source


def scaled(A):
    """Return the condition number of A with columns of norm 1."""
    return condition(A / np.linalg.norm(A, axis=0))


@bank.item("judge", 1)
def two_fits(rng):
    exponent, digits = rng.choice([(rng.randint(5, 6), 8), (rng.randint(1, 2), rng.randint(6, 9)),
                                   (rng.randint(5, 6), 14)])
    A, source = design(rng, exponent)
    x = source.normal(size=5)
    errors = [off(solver(A, A @ x), x) for solver in (normal_equations, least_squares)]
    kappa, u = scaled(A), 2.0**-53
    right = verdict(kappa**2 * u < 10.0**-digits, kappa * u < 10.0**-digits)
    if verdict(*(error < 10.0**-digits for error in errors)) != right:
        raise Collision("an error is kind")
    return weigh(
        rng, f"Weights of a fit with 20 rows, 5 scaled columns, κ = {sci(kappa)}, float64 "
        f"(u = 1.1 × 10⁻¹⁶); the data fit almost exactly, and {digits} digits are wanted.",
        "normal equations, mn² + n³/3 operations", "Householder's QR, 2mn² − 2n³/3 operations",
        [("@2: κu leaves the digits that are wanted, κ²u does not",
          "normal equations are never to be used"),
         ("Either, so the cheaper @1: κ²u leaves the digits as well",
          "same minimiser, same accuracy"),
         ("Neither: κu is above what is wanted, κ²u even more so",
          "κ² belongs to every least-squares method"),
         ("@1: it has fewer operations, and so the smaller error",
          "errors come from the number of operations")],
        right, f"κu = {sci(kappa * u, 1)}, κ²u = {sci(kappa**2 * u, 1)}. The errors are "
        f"{sci(errors[0], 1)} for @1 and {sci(errors[1], 1)} for @2.")


@bank.item("judge", 1)
def columns_in_units(rng):
    case = rng.randrange(3)
    A, _ = design(rng, [1, rng.choice([5, 5.5, 6]), 1][case])
    k, rows = rng.randint(6, 8), 1000 * rng.randint(10, 90)
    A = A * [1.0, 10.0**-k, 1.0, 1.0, 10.0 ** -(k - 2)] if case < 2 else A
    digits, u, name = (7, 2.0**-24, "float32") if case == 2 else (5, 2.0**-53, "float64")
    raw, even = condition(A), scaled(A)
    will_do = even**2 * u < 10.0**-digits, even * u < 10.0**-digits
    right = 0 if will_do[0] else 1 if will_do[1] else 2
    return weigh(
        rng, f"A fit of {whole(rows)} rows and 5 columns in {name} (u = {sci(u)}), made a thousand "
        f"times a day: κ = {sci(raw)} as the columns are, {sci(even)} with columns scaled to norm "
        f"1. The data fit almost exactly, {digits} digits are wanted.",
        "Householder's QR, 2mn² operations", "normal equations, mn² operations",
        [("@2: κ of the scaled columns counts, and its square will do",
          "normal equations are as good as QR"),
         ("@1: even of the scaled columns κ² takes too many digits",
          "normal equations are never to be used"),
         ("Neither: this format has too few digits for either method",
          "so many rows add up too much rounding"),
         ("@1: κ counts as the columns are, and its square is too large",
          "units of the columns cost digits")],
        right, f"Both methods bear a scaling of columns. With scaled columns κu = "
        f"{sci(even * u, 1)} and κ²u = {sci(even**2 * u, 1)}.")


@bank.item("judge", 4)
def two_bases(rng):
    case = rng.randrange(3)
    k = [rng.randint(6, 8), 1, rng.randint(6, 8)][case]
    A, _ = design(rng, k)
    other = modified_gram_schmidt if case == 2 else householder_qr
    losses = [orthogonality_loss(f(A)[0]) for f in (classical_gram_schmidt, other)]
    if verdict(*(loss < 3e-15 for loss in losses)) != case or 3e-15 < max(losses) < 1e-12:
        raise Collision("on the border")
    return weigh(
        rng, f"Two factorisations of one matrix with κ = 10{raised(k)}; both products Q R agree "
        "with A to 10⁻¹⁵. The projections Qᵀb are wanted to 12 digits.",
        f"norm(QᵀQ − I) = {sci(losses[0], 1)}", f"norm(QᵀQ − I) = {sci(losses[1], 1)}",
        [("@2: Qᵀb needs columns that are orthogonal, as only these are",
          "any Q of Gram–Schmidt has lost orthogonality"),
         ("Either: the columns of both are orthogonal to rounding",
          "small numbers differ by chance"),
         ("Neither: the columns of both are not orthogonal enough",
          "κ of A limits every Q"),
         ("Either: both Q R agree with A, and Qᵀb needs nothing else",
          "a small residual is an orthogonal Q")],
        case, f"A small QR − A says nothing of orthogonality. Classical Gram–Schmidt may lose κ²u, "
        f"modified κu, Householder u alone; here κu = {sci(10.0**k * 2.0**-53, 1)}.")
