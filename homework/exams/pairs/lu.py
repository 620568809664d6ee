"""Two answers to judge, on elimination."""

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.pairs.conditioning import off, system, without_exchange
from homework.exams.words import sci
from lib.linear import refine, solve
from lib.numbers import backward_error, condition

bank = Bank("lu")


TWO_ORDERS = (
    ("@2: @1 should exchange rows, for its multipliers must be large",
     "the smaller number always shows the better program"),
    ("Either: both have solved a system that rounding cannot tell",
     "small is small, whatever u"),
    ("Neither: both should exchange rows, their multipliers are large",
     "two answers that differ are both wrong"),
    ("Neither: the problem is ill-conditioned, whatever the program",
     "failure is always the problem's fault"),
)


@bank.item("judge", 1)
def two_orders(rng):
    case = rng.randrange(3)
    source = np.random.default_rng(rng.randrange(10**6))
    A, b = source.normal(size=(6, 6)), source.normal(size=6)
    for at in ((0,), (), (0, 5))[case]:
        A[at, at] = rng.randint(11, 99) * 10.0 ** -rng.randint(9, 12)
    plain = solve(A, b) if case == 1 else without_exchange(A, b)
    other = without_exchange(A[::-1, ::-1], b[::-1])[::-1] if case == 2 else (
        np.linalg.solve(A, b) if case == 1 else solve(A, b))
    eta = [backward_error(A, one, b) for one in (plain, other)]
    if condition(A) > 500 or verdict(*(one < 1e-15 for one in eta)) != case or any(
            1e-15 < one < 1e-11 for one in eta):
        raise Collision("nothing is lost, or not clearly")
    return weigh(
        rng, f"A system of 6 equations with κ = {sci(condition(A))} is solved in float64 "
        "(u = 1.1 × 10⁻¹⁶) by two programs that eliminate.",
        f"backward error {sci(eta[0])}", f"backward error {sci(eta[1])}",
        TWO_ORDERS,
        case, "κ is small, so a program that makes a backward error of about u is right to nearly "
        "16 digits; one far above u lets its entries grow.",
        ask="Whose answer do you take, and why?")


@bank.item("judge", 5)
def inverse_or_solve(rng):
    case = rng.randrange(3)
    A, b, _ = system(rng, [rng.randint(7, 9), 1, rng.randint(1, 9)][case])
    wanted = "the entries of A⁻¹, which are variances" if case == 2 else "x for one right-hand side"
    answers = np.linalg.inv(A) @ b, solve(A, b)
    eta = [backward_error(A, one, b) for one in answers]
    if (case == 0 and eta[0] < 100 * eta[1]) or (case == 1 and eta[0] > 1e-15):
        raise Collision("the inverse is lucky, or not")
    return weigh(
        rng, f"A system with κ = {sci(condition(A))} in float64; wanted is {wanted}.".replace(
            "is the entries", "are the entries"),
        f"inv(A):       2n³ operations;   A⁻¹b has the backward error {sci(eta[0])}",
        f"solve(A, b):  2n³/3 operations; x has the backward error {sci(eta[1])}",
        [("@2: it is cheaper, and @1 leaves a residual far above it",
          "an inverse always leaves a large residual"),
         ("@2: it is cheaper, and the residuals are as good as equal",
          "an inverse never leaves a large residual"),
         ("@1: what is asked for are the inverse's entries, so form it",
          "only an inverse can be used again"),
         ("Either: A⁻¹b is A⁻¹b, and the work has the same order n³",
          "equal in mathematics is equal in floats")],
        case, "Factors can be used again as well as an inverse can. A computed inverse promises "
        "no small residual where κ is large; its entries take 2n³ operations by elimination.")


@bank.item("judge", 1)
def accept_or_refine(rng):
    exponent, digits = rng.choice([(rng.randint(3, 5), 9), (rng.randint(1, 2), 3),
                                   (rng.randint(4, 5), 14)])
    A, b, x = system(rng, exponent)
    low = np.linalg.solve(A.astype(np.float32), b.astype(np.float32)).astype(float)
    answers = low, refine(A, b, low, steps=5)
    kappa, eta = condition(A), [backward_error(A, one, b) for one in answers]
    if any(0.1 < kappa * one * 10**digits < 10 for one in eta):
        raise Collision("on the border")
    right = verdict(*(kappa * one < 10.0**-digits for one in eta))
    return weigh(
        rng, f"A system with κ = {sci(kappa)} was solved with factors in float32; one answer was "
        f"refined with residuals in float64 (u = 1.1 × 10⁻¹⁶). {digits} digits are wanted.",
        f"as it came:     backward error {sci(eta[0])}",
        f"after 5 steps:  backward error {sci(eta[1])}",
        [("@2: κ times its backward error leaves them, for @1 not",
          "an answer is only good after refinement"),
         ("Either: κ times the backward error leaves them in both",
          "a small number is 0"),
         ("Neither: κ times the backward error is above them in both",
          "an answer cannot be better than the lowest precision used"),
         ("@1: refinement only repeats what its factors got wrong",
          "an answer cannot be better than the factors")],
        right, f"κη is {sci(kappa * eta[0], 1)} for @1 and {sci(kappa * eta[1], 1)} for @2; "
        f"the errors are {sci(off(low, x), 1)} for @1 and {sci(off(answers[1], x), 1)} for @2.",
        ask="Which one promises them, and why?")
