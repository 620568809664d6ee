"""Two answers to judge, on the choice of a solver."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.pairs.conditioning import off, system
from homework.exams.words import sci
from lib.linear import cholesky, solve
from lib.numbers import backward_error, condition, exact_sum
from lib.problems import hilbert, wilkinson

bank = Bank("choosing_a_solver")


SMALL_KAPPA = (
    ("@2: the backward error of @1 is far above u, whatever κ is",
     "elimination is never to be trusted"),
    ("Either: κ is small, and so are both of the backward errors",
     "a name is a proof"),
    ("Neither: both are near u, but κ takes the digits of both",
     "disagreement is the problem's fault"),
    ("@1: it is cheaper, and backward errors matter little",
     "κ alone vouches for an answer"),
)


@bank.item("judge", 3)
def small_kappa(rng):
    case = rng.randrange(3)
    n = rng.randint(56, 62)
    A = wilkinson(n) if case == 0 else system(rng, [0, rng.randint(1, 2), 11][case], n)[0]
    source = np.random.default_rng(rng.randrange(10**6))
    x = source.choice([-1.0, 1.0], n) * source.random(n)
    b = np.array([exact_sum(row * x) for row in A])
    Q, R = np.linalg.qr(A)
    answers = solve(A, b), np.linalg.solve(R, Q.T @ b)
    eta, kappa = [backward_error(A, one, b) for one in answers], condition(A)
    if verdict(*(kappa * one < 1e-9 for one in eta)) != case or (case and max(eta) > 1e-14):
        raise Collision("growth is kind")
    errors = [off(one, x) for one in answers]
    return weigh(
        rng, f"A system of {n} equations, κ = {sci(kappa)}, solved in float64 (u = 1.1 × 10⁻¹⁶) by "
        "two methods that are both called stable. Eight digits are wanted.",
        f"elimination with row exchanges: backward error {sci(eta[0])}",
        f"Householder's QR:               backward error {sci(eta[1])}",
        SMALL_KAPPA,
        case, f"κη is {sci(kappa * eta[0], 1)} for @1 and {sci(kappa * eta[1], 1)} for @2. The "
        f"errors are {sci(errors[0], 1)} for @1 and {sci(errors[1], 1)} for @2.")


ACCEPTED = (
    ("@2: κ leaves it eight digits, and acceptance promises none",
     "the smaller κ always decides"),
    ("Either: κ leaves both of them eight digits, and more",
     "acceptance is a promise of digits"),
    ("Neither: κ leaves both fewer than eight digits, accepted or not",
     "a test that is not enough says nothing"),
    ("@1: it was nearest to a refusal, and has passed all the same",
     "a passed test vouches for the answer"),
)


@bank.item("judge", 3)
def accepted(rng):
    case = rng.randrange(3)
    low = [system(rng, k, n)[0] for k, n in ((rng.choice([1, 1.5, 2]), 11), (1.2, 12))]
    tame = [A @ A.T for A in low]
    wild = [hilbert(n) for n in rng.sample([9, 10, 11, 12], 2)]
    pair = [(wild[0], tame[0]), tame, wild][case]
    kappas = []
    for K in pair:
        cholesky((K + K.T) / 2)
        kappas.append(condition((K + K.T) / 2))
    digits = [max(0.0, -math.log10(kappa * 2.0**-53)) for kappa in kappas]
    assert verdict(*(one > 9 for one in digits)) == case and not any(6 < one < 9 for one in digits)
    return weigh(
        rng, "Cholesky's method has accepted two matrices in float64 (u = 1.1 × 10⁻¹⁶). For which "
        "solutions do you promise eight digits?", f"order {len(pair[0])}, κ = {sci(kappas[0])}",
        f"order {len(pair[1])}, κ = {sci(kappas[1])}",
        ACCEPTED,
        case, f"16 − log₁₀ κ leaves about {digits[0]:.0f} digits for @1 and {digits[1]:.0f} for "
        "@2. Acceptance promises a positive definite matrix nearby, κ the digits.",
        ask="Which one, and why?")


@bank.item("judge", 4)
def first_law(rng):
    case = rng.randrange(3)
    rounding = [rng.randint(2, 9) * 1e-16 for _ in range(2)]
    broken = [rng.randint(2, 9) * 10.0 ** -rng.randint(2, 4) for _ in range(2)]
    early = broken[0] if case == 0 else rounding[0]
    late = broken[1] if case == 1 or (case == 0 and rng.random() < 0.5) else rounding[1]
    right = 0 if early > 1e-12 else 1 if late > 1e-12 else 2
    return weigh(
        rng, "A Gaussian process of 20 points in float64 (u = 1.1 × 10⁻¹⁶) returns a negative "
        "variance. Two laws were tested on the way, in the order of the program.",
        f"third quantity: factor times its transpose is the matrix, to {sci(late, 1)}",
        f"first quantity: the kernel matrix is symmetric, to {sci(early, 1)}",
        [("@2: it is the first to break its law by more than rounding",
          "what comes first is the cause"),
         ("@1: it breaks its law by more than rounding, @2 does not",
          "the last quantity is the cause"),
         ("Neither: both keep their laws to rounding, so test others",
          "a wrong result is its own cause"),
         ("@1: it stands nearest to the variance that is wrong",
          "the step before the symptom made it")],
        right, f"Rounding is some u, {sci(rounding[0], 1)} for example; what breaks its law by far "
        "more, first, makes all that follows wrong.", ask="Which one do you look into, and why?")
