"""Two answers to judge, on conditioning; systems of a known condition number."""

import numpy as np

from homework.exams.items import Bank, Collision, among, verdict, weigh
from homework.exams.words import raised, sci
from lib.linear import lu, solve
from lib.numbers import backward_error, condition
from lib.problems import with_singular_values

bank = Bank("conditioning")


def system(rng, exponent, n=8):
    """Return a matrix of a given condition number, a right-hand side and the solution."""
    source = np.random.default_rng(rng.randrange(10**6))
    A = with_singular_values(np.logspace(0, -exponent, n), rng=source)
    x = source.normal(size=n)
    return A, A @ x, x


def off(x, right):
    """Return the relative error in the maximum norm."""
    return float(np.max(np.abs(x - right)) / np.max(np.abs(right)))


def without_exchange(A, b):
    """Return what elimination without row exchanges answers."""
    factors = lu(A, pivot=False)
    return np.linalg.solve(factors.upper, np.linalg.solve(factors.lower, b))


@bank.item("judge", 3)
def two_programs(rng):
    exponent, digits = rng.choice([(rng.randint(7, 8), 4), (2, 6), (rng.randint(7, 9), 11)])
    A, b, x = system(rng, exponent)
    kappa, answers = condition(A), (np.linalg.inv(A) @ b, solve(A, b))
    eta = [backward_error(A, one, b) for one in answers]
    if any(0.1 < kappa * one * 10**digits < 10 for one in eta):
        raise Collision("on the border")
    right = verdict(*(kappa * one < 10.0**-digits for one in eta))
    return weigh(
        rng, f"Two programs solve one system with κ = {sci(kappa)} in float64 (u = 1.1 × 10⁻¹⁶). "
        f"Only backward errors are known, not the solution, of which {digits} digits are wanted.",
        f"backward error {sci(eta[0])}", f"backward error {sci(eta[1])}",
        [("@2: κ times its backward error leaves them, in @1 not",
          "the smaller backward error always decides"),
         ("Either: κ times the backward error leaves them in both",
          "a backward error far above u spoils the answer"),
         ("Neither: κ times the backward error is too large in both",
          "a large κ makes all programs equal"),
         ("@1: a larger backward error leaves a smaller forward one",
          "backward and forward error trade against each other")],
        right, f"κη is {sci(kappa * eta[0])} for @1 and {sci(kappa * eta[1])} for @2. The errors "
        f"are in fact {sci(off(answers[0], x), 1)} for @1 and {sci(off(answers[1], x), 1)} for @2.",
        ask="Which one promises them, and why?")


@bank.item("judge", 3)
def blame(rng):
    case = rng.randrange(3)
    A, b, x = system(rng, [rng.randint(8, 11), 1, 1][case])
    if case == 1:
        A[0, 0] = rng.randint(11, 99) * 10.0 ** -rng.randint(9, 12)
        b = A @ x
    answer = without_exchange(A, b) if case == 1 else solve(A, b)
    eta, error, kappa = backward_error(A, answer, b), off(answer, x), condition(A)
    if (case == 1 and (kappa > 200 or eta < 1e-9)) or (case == 0) != (error > 1e5 * eta):
        raise Collision("no clear fault")
    if case == 0 and error < 1e-9:
        raise Collision("the error is small")
    return among(
        rng, f"A program answers a system of 8 equations with κ = {sci(kappa)} in float64 "
        f"(u = 1.1 × 10⁻¹⁶). The backward error is {sci(eta)}; compared with the true solution, "
        f"the answer is off by {sci(error)}, relatively. Whom do you blame, and why?",
        [("The problem: it enlarges a small backward error",
          "failure is always the problem's fault"),
         ("The program: its backward error is far above u",
          "a good program gives 16 digits for every problem"),
         ("Nobody: the error is about as small as κu allows",
          "an error that cannot be explained is harmless"),
         ("The number of equations: 8 roundings add up",
          "errors come from the number of operations")],
        case, f"κu = {sci(kappa * 2.0**-53)}, κη = {sci(kappa * eta)}. A small backward error "
        "acquits the program; a large κ then explains the error.")


UNITS = (
    ("@2: of it only the units are odd, of @1 the rows agree",
     "a row of small entries is harmless, all else is not"),
    ("Either: in both only the units of the rows are odd", "κ always comes from the units"),
    ("Neither: in both the rows agree but for a little",
     "a large κ is a near singularity, whatever the units"),
    ("@1: the one with entries of one size has the better κ",
     "entries of one size are well conditioned"),
)


@bank.item("judge", 5)
def units(rng):
    k, j, case = rng.randint(5, 9), rng.randint(5, 9), rng.randrange(3)
    odd = [np.array([[2.0, 1.0], [1.0 * 10**-k, 2.0 * 10**-k]]),
           np.array([[1.0, 3.0], [3.0 * 10**-j, 1.0 * 10**-j]])]
    near = [np.array([[2.0, 2.0], [1.0, 1.0 + 10.0**-k]]),
            np.array([[3.0, 1.0], [3.0, 1.0 + 10.0**-j]])]
    one, two = [(near[0], odd[rng.randrange(2)]), odd, near][case]
    told = {id(odd[0]): f"[[2, 1], [10{raised(-k)}, 2·10{raised(-k)}]]",
            id(odd[1]): f"[[1, 3], [3·10{raised(-j)}, 10{raised(-j)}]]",
            id(near[0]): f"[[2, 2], [1, 1 + 10{raised(-k)}]]",
            id(near[1]): f"[[3, 1], [3, 1 + 10{raised(-j)}]]"}
    plain = [condition(M) for M in (one, two)]
    even = [condition(M / np.linalg.norm(M, axis=1)[:, None]) for M in (one, two)]
    assert verdict(*(kappa < 10 for kappa in even)) == case and min(plain) > 10**4
    return weigh(
        rng, "Two measuring set-ups give two systems of two equations, both with a large κ.",
        f"{told[id(one)]},  κ = {sci(plain[0], 1)}", f"{told[id(two)]},  κ = {sci(plain[1], 1)}",
        UNITS,
        case, f"With rows scaled to norm 1 the condition numbers are {sci(even[0], 1)} for @1 and "
        f"{sci(even[1], 1)} for @2.",
        ask="Which one can you use once its rows are scaled, and why?")
