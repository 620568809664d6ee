"""Two answers to judge, on regularisation."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.linear import ridge
from lib.numbers import condition
from lib.problems import with_singular_values

bank = Bank("regularization")


PENALTY_OR_NOT = (
    ("@2: noise over the smallest value is large, and λ damps it",
     "a penalty always makes an answer better"),
    ("@1: noise over the smallest value is small, λ only takes away",
     "a penalty always makes an answer worse"),
    ("Neither: noise fills @1, and λ is above all squares in @2",
     "noise spoils all directions alike"),
    ("Either: both answers predict these data about equally well",
     "equal predictions are equal weights"),
)


@bank.item("judge", 3)
def penalty_or_not(rng):
    case = rng.randrange(3)
    tail, noise, lam = [(10.0 ** -rng.randint(3, 4), 0.01, 1e-4), (0.1, 1e-6, 0.01),
                        (10.0 ** -rng.randint(3, 4), 0.01, 100.0)][case]
    source = np.random.default_rng(rng.randrange(10**6))
    A = with_singular_values(np.array([3.0, 1.0, tail]), rng=source)
    x = source.choice([-1.0, 1.0], 3) * (0.5 + source.random(3))
    b = A @ x + noise * source.normal(size=3)
    answers = np.linalg.solve(A, b), ridge(A, b, lam)
    errors = [float(np.linalg.norm(one - x) / np.linalg.norm(x)) for one in answers]
    if [errors[0] < 5 * errors[1] or errors[1] > 0.9, errors[1] < 100 * errors[0],
            errors[0] < 2 or errors[1] < 0.9][case]:
        raise Collision("the noise is kind")
    return weigh(
        rng, f"Weights of size 1 are fitted to data with errors of {sci(noise, 1)}; the singular "
        f"values are 3, 1 and {sci(tail, 1)}.",
        f"λ = 0:  norm of x {sci(np.linalg.norm(answers[0]))}",
        f"λ = {sci(lam, 1)}:  norm of x {sci(np.linalg.norm(answers[1]))}",
        PENALTY_OR_NOT,
        case, f"Noise over σ is {sci(noise / tail)}; ridge keeps σ²/(σ² + λ), of the largest value "
        f"{9 / (9 + lam):.2g}. The errors are {sci(errors[0], 1)} for @1 and {sci(errors[1], 1)} "
        "for @2.")


@bank.item("judge", 2)
def diagonal(rng):
    case = rng.randrange(3)
    lam = float(rng.choice([1.0, 2.0, 5.0]))
    bad = [(-lam, rng.randint(11, 30) / 10), (-lam + 1e-6, rng.randint(31, 50) / 10)]
    good = [(0.001, rng.randint(11, 30) / 10), (0.0001, rng.randint(31, 50) / 10)]
    pair = [(bad[0], good[1]), tuple(good), tuple(bad)][case]
    kappas = [math.inf if min(one) + lam == 0 else condition(np.diag(one) + lam * np.eye(2))
              for one in pair]
    def told(values):
        return " and ".join(f"{value:.8g}".replace("-", "−")
                            for value in values)
    return weigh(
        rng, f"λ = {lam:g} is to be added to the diagonal of a symmetric matrix, to make a system "
        "easier to solve.", f"eigenvalues {told(pair[0])}", f"eigenvalues {told(pair[1])}",
        [("@2: λ moves its smallest one away from 0, that of @1 to 0",
          "λ helps where eigenvalues are small and positive only"),
         ("Either: λ moves the smallest one of each away from 0",
          "λ lowers every condition number"),
         ("Neither: λ moves the smallest one of each to 0, or nearly",
          "a penalty is an error, and never allowed"),
         ("@1: its condition number is the smaller one to begin with",
          "what is easy before stays easy")],
        verdict(*(kappa < 1000 for kappa in kappas)),
        "All eigenvalues go up by λ. The condition numbers become "
        f"{sci(kappas[0])} for @1 and {sci(kappas[1])} for @2.",
        ask="For which one do you allow it, and why?")


UNITS = (
    ("@2: @1 makes the second need a large weight, and punishes it",
     "a unit always costs a feature its effect"),
    ("@2: @1 lets the second do with a tiny, nearly free weight",
     "a unit always gives a feature more effect"),
    ("Either: without a penalty a unit changes no prediction",
     "ridge is free of units, as least squares is"),
    ("@1: the smaller of the two effects is the safer one to take",
     "small is safe"),
)


@bank.item("judge", 6)
def units(rng):
    case, factor = rng.randrange(3), rng.choice([10, 100])
    source = np.random.default_rng(rng.randrange(10**6))
    X = source.normal(size=(30, 2))
    y = X @ [1.0, 1.0]
    lam = [10.0, 10.0, 0.0][case]
    effects = []
    for scale in (factor if case == 1 else 1 / factor, 1.0):
        Z = X * [1.0, scale]
        w = ridge(Z, y, lam) if lam else np.linalg.lstsq(Z, y, rcond=None)[0]
        effects.append(float(w[1] * scale))
    assert [effects[0] < 0.5 * effects[1], effects[0] > 1.1 * effects[1],
            abs(effects[0] - effects[1]) < 1e-9][case]
    size = "as small" if case == 1 else "as large"
    return weigh(
        rng, f"Two equally strong features, ridge with λ = {lam:g}. In one run the second feature "
        f"is in a unit {factor} times {size} as in the other, where both have the spread 1.",
        f"odd unit:     effect of the second, for its spread, {effects[0]:.3f}",
        f"both alike:   effect of the second, for its spread, {effects[1]:.3f}",
        UNITS,
        case, f"In @1 the second weight has to be "
        f"{f'1/{factor} of' if case == 1 else f'{factor} times'} that of @2 for the same effect. A "
        "penalty has units, and least squares none.")
