"""Check the exercises of the chapter on stiff equations."""

from functools import partial
from numbers import Real

import numpy as np

from lib import grade
from lib.calculus import stability_function

# What step times rate may be: Euler, classical Runge-Kutta, Dormand and Prince.
EULER, CLASSICAL, PAIR = 2.0, 2.7853, 3.3066
SETTLED = 0.00398  # the step at which the printed log stays
OTHER_SOLVERS = ("lib.linear.solve", "lib.linear.cholesky", "lib.linear.householder_qr",
                 "numpy.linalg.solve", "numpy.linalg.inv", "numpy.linalg.lstsq",
                 "numpy.linalg.pinv", "numpy.linalg.qr", "numpy.linalg.eigh", "numpy.linalg.eig",
                 "scipy.linalg", "scipy.sparse.linalg", "lib.calculus")


def check_read(answer):
    """Judge how a log of steps was read: where stability begins, the rate, steps until 100.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read((60, 502.5, 25_126)).note
    "2 is the limit of explicit Euler, this method's is 3.3"
    """
    # A sentence for each way in which a log is misread.
    rate, steps = PAIR / SETTLED, 100 / SETTLED
    return grade.check_value(
        answer, (60, rate, steps), factor=(1, 1.08, 1.04), name="reading of the log", parts=(
            "the first attempt that stability sets", "the fastest rate", "steps until 100"),
        known={
            "while a mode is alive, accuracy sets the step: it lengthens until attempt 30":
                (30, ..., ...),
            "a rejected first attempt is how the method finds its step, no sign of stability":
                (1, ..., ...),
            "short steps at the start follow the fast mode: accuracy sets them": (2, ..., ...),
            "from 60 on the step stays as it is": (120, ..., ...),
            "2 is the limit of explicit Euler, this method's is 3.3": (..., 2 / SETTLED, ...),
            "2.785 is the limit of rk4, this method's is 3.3": (..., 2.785 / SETTLED, ...),
            "one over the step is no rate yet: the product is 3.3 there": (..., 1 / SETTLED, ...),
            "the steps at the start follow accuracy, they tell no rate": (..., PAIR / 0.00043, ...),
            "the rate is L, above 0: what decays goes like exp(-L t)": (..., -rate, ...),
            "the mean step has the short ones of the start in it": (..., ..., 100 * 480 / 1.7924),
            "this is until 2, the end of the log": (..., ..., 2 / SETTLED),
            "a step is no rate: there are 1/0.00398 in a unit of time": (..., ..., 100 * SETTLED)})


def check_counts(answer):
    """Judge three counts: steps of Euler, slopes of rk4 for a minute, steps on a rod.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_counts((300_000, 430_800, 581)).note
    'Euler: hL may be up to 2, the step is 0.4 milliseconds'
    """
    rate, rod = 60 / 0.0002, 4 * 31**2 * 0.5
    return grade.check_value(
        answer, (rate / EULER, 4 * rate / CLASSICAL, rod / PAIR), factor=1.02, name="counts",
        parts=("explicit Euler, steps", "rk4, slopes", "the rod, steps"), known={
            "Euler: hL may be up to 2, the step is 0.4 milliseconds": (rate, ..., ...),
            "Euler: there are 60 seconds": (rate / EULER / 60, ..., ...),
            "these are the steps of rk4, each takes four slopes": (..., rate / CLASSICAL, ...),
            "rk4: its limit is 2.785, not that of explicit Euler": (..., 4 * rate / EULER, ...),
            "rk4: four times the slopes allow 1.4 times the step": (..., rate / EULER, ...),
            "the rod: 2 is the limit of explicit Euler": (..., ..., rod / EULER),
            "the rod: 2.785 is the limit of rk4": (..., ..., rod / CLASSICAL),
            "the rod: its fastest rate is 4 (N + 1)**2": (..., ..., rod / 4 / PAIR),
            "the rod: steps are asked for, each has six slopes": (..., ..., 6 * rod / PAIR),
            "the rod: 30 points have a spacing of 1/31": (..., ..., rod * (30 / 31) ** 2 / PAIR),
            "the rod: 30 points have 31 gaps, not 29": (..., ..., rod * (29 / 31) ** 2 / PAIR)})


def check_step(answer):
    """Judge `trapezoid_step(f, derivative, t, y, h)`: one step of the trapezoidal rule.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report

    Examples
    --------
    >>> check_step(lambda f, derivative, t, y, h: y + h * f(t, y)).note
    'this is explicit Euler, the new slope is missing'
    """
    # The usual mistakes are the same step with another weight, time, or end of Newton's method.
    return grade.check_accuracy(
        answer, _trapezoid, _slopes(), bound=1e-10, name="trapezoid_step",
        budget=grade.Budget(calls={f"{__name__}.value_of_f": (1, 24)}), shows={
            "rate 1e6": "Newton's method has to arrive where h times the rate is large",
            "y near 1e-9": "what is small is small relative to y",
            "y from 3e-9 to 1e-9": "what is small is small relative to y",
            "a rate of 1000 t": "the derivative belongs to t + h as well",
            "a slope in t": "the new value belongs to t + h"}, known={
                sentence: partial(_trapezoid, **how) for sentence, how in (
                    ("the new slope is taken at t, not at t + h", {"late": 0}),
                    ("the matrix has h in the place of h / 2, so ten iterations are too few",
                     {"share": 1.0, "most": 10}),
                    ("this is implicit Euler, the old slope is missing", {"old": 0, "new": 1}),
                    ("this is explicit Euler, the new slope is missing", {"old": 1, "new": 0}),
                    ("each slope counts whole, where half of it is meant", {"old": 1, "new": 1}),
                    ("one iteration of Newton's method is not enough", {"most": 1}),
                    ("a change of 1e-6 is small beside 1 only", {"small": 1e-6}))})


def value_of_f(value):
    """Return a value of the slope; the calls of this function are counted."""
    return value


def _trapezoid(f, derivative, t, y, h, old=0.5, new=0.5, late=1.0, share=None, most=200, small=0.0):
    """Return the new value of a step, right or with one of the usual mistakes."""
    share, later, value = new if share is None else share, t + late * h, y
    for _ in range(most):
        missing = value - y - h * (old * f(t, y) + new * f(later, value))
        change = missing / (1 - share * h * derivative(t + h, value))
        value = value - change
        if abs(change) <= max(small, 1e-15 * abs(value)):
            break
    return value


def _slopes():
    """Return the arguments of a step by what is hard about them: slope, derivative, t, y, h."""
    def constant(rate):
        return lambda t, y: -rate + 0 * y

    def following(rate):
        return lambda t, y: -rate * (y - np.cos(t))

    def cube(t, y):
        return -20 * y**3 + t

    # Each case is a line or two: a slope, its derivative by y, t, y and h.
    cases = {"rate 1": (lambda t, y: -y, constant(1.0), 0.0, 1.0, 0.5),
             "growth": (lambda t, y: 0.8 * y, constant(-0.8), 2.0, 3.0, 0.5),
             "a slope in t": (lambda t, y: 3 * t**2 + 0 * y, constant(0.0), 1.0, 2.0, 0.25),
             "rate 50": (following(50.0), constant(50.0), 0.3, 0.5, 0.1),
             "rate 1e6": (following(1e6), constant(1e6), 0.2, 1.4, 1.0),
             "a cube": (cube, lambda t, y: -60 * y**2, 0.5, 1.5, 0.4),
             "y near 1e-9": (lambda t, y: -1e9 * y**2, lambda t, y: -2e9 * y, 0.0, 1e-9, 0.3),
             "y from 3e-9 to 1e-9": (lambda t, y: y - 1e9 * y**2, lambda t, y: 1 - 2e9 * y,
                                     0.0, 3e-9, 0.5),
             "a rate of 1000 t": (lambda t, y: -1000 * t * y, lambda t, y: -1000 * t + 0 * y,
                                  0.0, 1.0, 1.0),
             "backwards": (following(2.0), constant(2.0), 1.0, 0.7, -0.2)}
    return {name: (lambda t, y, f=f: value_of_f(f(t, y)), *rest)
            for name, (f, *rest) in cases.items()}


def check_cool(answer, seed=1984):
    """Judge `cool(A, y, h, count)`: two half steps of implicit Euler, then the trapezoidal rule.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_cool(lambda A, y, h, count: y).verdict
    'wrong'
    """
    # A sentence for each way to begin, and to take too many steps or too few.
    rng = np.random.default_rng(seed)
    cases = {f"order {n}, {count} step{'s' * (count != 1)}": (
        _rod(n, rng), rng.uniform(1, 2, n), float(h), count) for n, count, h in (
            (1, 1, 0.3), (2, 2, 0.1), (6, 1, 1.0), (9, 7, 0.02), (20, 10, 0.01), (4, 3, 50.0))}
    cases["not symmetric"] = np.array([[-1.0, 30], [0, -2]]), np.array([1.0, 3.0]), 0.2, 5

    def bound(A, y, h, count):
        return 1e-9 * float(np.max(np.abs(_cooled(A, y, h, count))))

    return grade.check_accuracy(
        answer, _cooled, cases, bound=bound, name="cool",
        budget=grade.Budget(calls={"lib.linear.lu": (1, 1)}, forbidden=OTHER_SOLVERS),
        known={sentence: partial(_cooled, **how) for sentence, how in (
            ("the half steps come on top: they stand for the first step", {"fewer": 0}),
            ("two half steps are one step, not two", {"fewer": 2}),
            ("the first steps are whole ones of implicit Euler", {"half": 1.0}),
            ("one half step, where two are asked for", {"starts": 1}),
            ("there is no start by implicit Euler", {"starts": 0, "fewer": 0}),
            ("all steps are of implicit Euler: the rule has the old slope as well", {"old": 0}),
            ("the matrix is I + h/2 A: the new slope stands on the left", {"sign": -1}),
            ("the old slope counts whole, where half of it is meant", {"old": 2}),
            ("this goes back in time: h A has the wrong sign", {"way": -1}))} | {
                "this is two half steps of implicit Euler all the time": lambda A, y, h, count:
                    _cooled(A, y, h, count, starts=2 * count, fewer=count)})


def _rod(n, rng):
    """Return the matrix of a rod of n points, each of which conducts in its own way."""
    A = np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1) - 2 * np.eye(n)
    return (n + 1.0) ** 2 * rng.uniform(0.5, 2) * A


def _cooled(A, y, h, count, starts=2, half=0.5, fewer=1, old=1, sign=1, way=1):
    """Return the result of the steps, right or with one of the usual mistakes."""
    identity, A = np.eye(len(y)), way * A
    for _ in range(starts):
        y = np.linalg.solve(identity - sign * half * h * A, y)
    for _ in range(count - fewer):
        y = np.linalg.solve(identity - sign * (0.5 if old else 1) * h * A, y + old * h / 2 * A @ y)
    return y


def check_swing(answer):
    """Judge who is right about a swing, and the step that keeps 99 % of it until 100.

    Parameters
    ----------
    answer : tuple of str and float
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_swing(("Ada", 0.0002)).cases[0].reason
    "'Ada' is not right"
    """
    step = -np.log(0.99) / 50
    return grade.check_judgement(
        answer, ("Ben", step), choices=("Ada", "Ben"), factor=1.05,
        number="a step that keeps 99 %", known={
            "this keeps 99 % in one step, until 100 are asked for": np.sqrt(1 / 0.99**2 - 1),
            "this keeps 99 % of the square of the size": step / 2,
            "with this step it keeps 98 %": 2 * step,
            "with this step it keeps 90 %": -np.log(0.9) / 50,
            "a step of 0.1 keeps less than a hundredth": 0.1})


def check_tamed(answer):
    """Judge a rate and a step at which BDF2 damps growth, near the border.

    Parameters
    ----------
    answer : tuple of two numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_tamed((2, 1.5)).verdict
    'wrong'
    """
    # What is no growth is said before what is no damping.
    def numbers(rate, step):
        return all(isinstance(x, Real) and not isinstance(x, bool) for x in (rate, step))

    def left(rate, step):
        return float(np.abs(stability_function("bdf2")(float(rate) * float(step))))

    return grade.check_counterexample(
        answer, left, below=1, name="tamed", unit="times its size, after each step", valid={
            "two numbers": numbers,
            "finite numbers": lambda rate, step: bool(np.isfinite(rate) and np.isfinite(step)),
            "a rate above 0: growth": lambda rate, step: rate > 0,
            "a step above 0": lambda rate, step: step > 0,
            "a product within 5 % of the border: a smaller one is damped too":
                lambda rate, step: rate * step <= 4.2},
        known={"at the border itself the size stays": lambda rate, step: rate * step == 4,
               "from 2 on implicit Euler damps, and bdf2 does not yet":
                   lambda rate, step: 2 <= rate * step < 4,
               "so short a step follows the growth": lambda rate, step: rate * step < 1.5})


def check_weight(answer):
    """Judge `weight(product)`: the share of the new slope that makes a step exact.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report

    Examples
    --------
    >>> check_weight(lambda product: 0.5).note
    'this is the trapezoidal rule, whatever the product'
    """
    products = (1e-8, 1e-5, 1e-3, 0.03, 0.3, 1.0, 7.0, 40.0, 800.0, 1e5)
    return grade.check_accuracy(
        answer, _weight, {f"hL = {z:g}": z for z in products}, bound=1e-9, name="weight",
        shows={"hL = 1e-08": "the formula subtracts nearly equal numbers here",
               "hL = 800": "exp of 800 overflows"},
        known={"this is the weight of the old slope": lambda z: 1 - _weight(z),
               "this is the trapezoidal rule, whatever the product": lambda z: 0.5,
               "this is implicit Euler, whatever the product": lambda z: 1.0,
               "the series is good for small products only":
                   lambda z: 0.5 + z / 12 - z**3 / 720 + z**5 / 30240})


def _weight(z):
    """Return 1 / (1 - exp(-z)) - 1 / z, for small z by its series, to 1e-15."""
    if z > 0.3:
        return -1 / np.expm1(-z) - 1 / z
    terms = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160)
    return 0.5 + z * np.polynomial.polynomial.polyval(z * z, terms)
