"""Two answers to judge, on the singular value decomposition."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.linear import jacobi_svd, principal_components, truncated_least_squares
from lib.problems import with_singular_values

bank = Bank("svd")


def made(rng, values):
    """Return a matrix with these singular values."""
    return with_singular_values(np.array(values), rng=np.random.default_rng(rng.randrange(10**6)))


TRUNCATED = (
    ("@2: noise over the smallest is large, over the others small",
     "dropping a small value always helps"),
    ("@1: noise over each value is small, so none is to drop",
     "to drop a singular value is to lose data"),
    ("Neither: @1 lets noise in, @2 drops what data determine",
     "noise spoils all directions alike"),
    ("Either: both fit the data, within their errors at least",
     "a small residual is a right answer"),
)


@bank.item("judge", 3)
def truncated(rng):
    case = rng.randrange(3)
    tail = [10.0 ** -rng.randint(4, 6), rng.randint(2, 9) / 100, 10.0 ** -rng.randint(4, 6)][case]
    noise = 1e-5 if case == 1 else rng.randint(2, 9) * 1e-3
    A = made(rng, [1.0, 0.3, tail])
    source = np.random.default_rng(rng.randrange(10**6))
    x = source.choice([-1.0, 1.0], 3) * (1 + source.random(3))
    b = A @ x + noise * source.normal(size=3)
    kept = 1 if case == 2 else 2
    answers = np.linalg.solve(A, b), truncated_least_squares(
        A, b, cutoff=0.5 if kept == 1 else 0.1).x
    directions = np.linalg.svd(A)[2]
    parts = [np.abs(directions @ (one - x)) for one in answers]
    if [parts[0][2] < 5 or parts[1][:2].max() > 0.2, parts[0].max() > 0.05 or parts[1][2] < 0.3,
            parts[0][2] < 5 or parts[1][1] < 0.3][case]:
        raise Collision("the noise is kind")
    return weigh(
        rng, f"Singular values 1, 0.3 and {sci(tail)}; the right-hand side has errors of about "
        f"{sci(noise)}. The unknowns are physical, and of size 1 to 2.",
        f"all three values used:  norm of x {sci(np.linalg.norm(answers[0]))}",
        f"{'the smallest' if kept == 2 else 'the two smallest'} dropped:  norm of x "
        f"{sci(np.linalg.norm(answers[1]))}",
        TRUNCATED,
        case, f"Noise over the values is {sci(noise)}, {sci(noise / 0.3)} and {sci(noise / tail)}. "
        "What is dropped is not determined by these data, or lost.")


TWO_ROUTES = (
    ("@2: e² is lost beside 1 in AᵀA, which @2 never forms",
     "a Gram matrix always loses what is small"),
    ("Either: in AᵀA e² keeps enough digits beside the 1",
     "equal in mathematics is equal in floats"),
    ("Neither: an unknown part of the entries outweighs e",
     "a small number beside 1 counts as zero"),
    ("@1: a symmetric matrix gives all digits of eigenvalues",
     "a small eigenvalue is right to all digits"),
)


@bank.item("judge", 2)
def two_routes(rng):
    case = rng.randrange(3)
    e = rng.randint(2, 9) * 10.0 ** -(rng.randint(2, 3) if case == 1 else rng.randint(9, 10))
    known = 1e-6 if case == 2 else 0.0
    A = np.array([[1.0, 1.0], [0.0, e]])
    direct = float(jacobi_svd(A).s[1])
    gram = math.sqrt(max(0.0, float(np.linalg.eigvalsh(A.T @ A)[0])))
    exact = e / math.sqrt(1 + e * e / 2 + math.sqrt(1 + e**4 / 4))
    errors = [abs(value - exact) / exact + known / exact for value in (gram, direct)]
    if verdict(*(error < 1e-6 for error in errors)) != case or (
            case == 0 and errors[0] < 0.01):
        raise Collision("the Gram matrix is lucky")
    told = "entries known to 10⁻⁶" if known else "exact entries"
    return weigh(
        rng, f"The smaller singular value of [[1, 1], [0, {sci(e)}]], with {told}, is wanted to "
        "six digits; two ways in float64.",
        f"root of the smaller eigenvalue of AᵀA: {sci(gram, 6)}",
        f"Jacobi's turns of the columns of A:    {sci(direct, 6)}",
        TWO_ROUTES,
        case, f"e = {sci(e)}, e² = {sci(e * e, 1)}, u = 10⁻¹⁶. With these entries the value is "
        f"{sci(exact, 6)}; a change of norm δ moves it by up to δ.")


TWO_UNITS = (
    ("@2 does: the share in @1 only says that one unit is small",
     "centimetres are the right unit"),
    ("Either does: a unit that both share turns no direction",
     "directions are free of units"),
    ("Neither does: quantities of two kinds share no unit",
     "60 rows are too few for a direction"),
    ("@1 does: there the component explains the most variance",
     "explained variance has no unit"),
)


@bank.item("judge", 4)
def two_units(rng):
    case, factor = rng.randrange(3), rng.choice([100, 1000])
    source = np.random.default_rng(rng.randrange(10**6))
    data = source.normal(size=(60, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
    scales = [([1.0, factor], [1.0, 1.0]), ([factor, factor], [1.0, 1.0]),
              ([1.0, factor], [factor, 1.0])][case]
    found = [principal_components(data * scale) for scale in scales]
    shares = [100 * one.variances[0] / sum(one.variances) for one in found]
    first, second = ("height", "weight") if case == 2 else ("height", "arm span")
    odd = [f"{second} in a unit {factor} times smaller",
           f"both in a unit {factor} times smaller", f"{second} in the smaller of two units"][case]
    even = ["both in one unit, centimetres", "both in centimetres",
            f"{first} in the smaller of two units"][case]
    assert (abs(shares[0] - shares[1]) < 1e-6) == (case == 1)
    return weigh(
        rng, f"{first.capitalize()} and {second} of 60 people, principal components in two runs. "
        "What does the first component say of the people?",
        f"{odd}: {shares[0]:.4g} % of the variance", f"{even}: {shares[1]:.4g} % of the variance",
        TWO_UNITS,
        case, "In a small enough unit a column that varies is the first direction, whatever the "
        "others say; quantities of two kinds are to be standardised first.",
        ask="Which one tells something, and why?")
