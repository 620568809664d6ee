"""Check the exercises of the chapter on gradient descent."""

from functools import partial

import numpy as np

from lib import grade
from lib.gradients import gradient_descent, heavy_ball
from lib.problems import random_orthogonal

# Of the trace that the chapter prints: curvatures 0.8 and 96, both errors 1 at the start.
TRACE_STEP, FLATTEST = 0.02, 0.8
NEEDED = np.log(1e-6) / np.log(1 - TRACE_STEP * FLATTEST)
# Ten thousand steps of 1 / lambda_max at kappa = 10 000.
LEFT = (1 - 1e-4) ** 10_000
MOST_PRODUCTS = 100


def check_read(answer):
    """Judge how a trace was read: the smallest curvature, and the steps to a millionth.

    Parameters
    ----------
    answer : tuple of two numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_read((0.016, 857)).note
    'divide by the step: this is the product of step and curvature'
    """
    other = np.log(1e-6) / np.log(0.9526)
    return grade.check_value(
        answer, (FLATTEST, NEEDED), factor=1.02, name="reading of the trace",
        parts=("the smallest curvature", "steps to a millionth"), known={
            "divide by the step: this is the product of step and curvature":
                (TRACE_STEP * FLATTEST, ...),
            "the first step still shows the steep error: read the ratio far down": (2.37, ...),
            "the first step still shows the steep error, later ones do not": (..., other),
            "this is the other end: the flat error is what is left in the end": (96, ...),
            "the step printed is not the best one, so κ does not follow from it alone": (124, ...),
            "count the steps from the start, not from the last line": (..., NEEDED - 200),
            "a millionth of the distance, not of its square": (..., NEEDED / 2)})


def check_judge(answer):
    """Judge who reads a flat loss rightly, and the share of the flat error that is left.

    Parameters
    ----------
    answer : tuple of str and float
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 0.37)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, ("Ben", LEFT), choices=("Ada", "Ben"), factor=1.02,
        number="the share of the flat error", known={
            "this is its square, or what twice the step would leave": LEFT**2,
            "this is what is left of the loss": LEFT**2 / 10_001,
            "this is the root of what is left of the loss": LEFT / np.sqrt(10_001),
            "this is the share that is gone": 1 - LEFT})


def check_largest(answer, seed=1929):
    """Judge `largest_step(product, n)`: from 0.9 to 0.999 of 2 / lambda_max, in few products.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices behind product, positive definite.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_largest(lambda product, n: 1.9 / product([1.0])[0]).cases[0].verdict
    'stable'
    """
    # What lies behind a product is kept here, where an answer does not see it.
    cases, behind = {}, {}
    for name, H in _hessians(np.random.default_rng(seed)).items():
        product, made = _counted(H)
        cases[name] = product, len(H)
        behind[product] = np.linalg.eigvalsh(H)[-1], made

    def faults(step, product, n):
        largest, made = behind[product]
        if np.shape(step):
            return {f"of shape {np.shape(step)}: give one number": True}
        share = step * largest / 2
        return {"not positive": bool(step <= 0),
                f"{share:.3g} of the limit: descent diverges": bool(share >= 1),
                "more than 0.999 of the limit": bool(0.999 < share < 1),
                f"{len(made)} products, {MOST_PRODUCTS} are the most":
                    len(made) > MOST_PRODUCTS,
                "short of the limit by": np.maximum(0.0, 1 - share)}

    allowed = {"short of the limit by": 0.1}
    return grade.check_identity(answer, faults, cases, bound=allowed, name="largest_step", shows={
        "ones are flat": "a start of ones has no part in the steepest direction: draw a random one",
        "the last is steep": "the first coordinate alone never leads to the steepest direction",
        "evenly spread": "neighbours of the largest curvature are outgrown slowly",
        "large numbers": "the vector grows out of range: divide by its length in every step"})


def _hessians(rng):
    """Return positive definite matrices by what is hard about them."""
    # (1, 1, 1) is an eigenvector for the eigenvalue 10; the others are 13, so near that rounding
    # does not lead from the one to the others in as many products as are allowed.
    return {"n = 1": np.array([[float(rng.integers(2, 9))]]),
            "the last is steep": np.diag(np.append(np.ones(6), rng.uniform(50, 90))),
            "ones are flat": 13 * np.eye(3) - np.ones((3, 3)),
            "evenly spread": _symmetric(np.linspace(0.1, 10, 60), rng),
            "order 200": _symmetric(np.geomspace(1e-3, 30, 200), rng),
            "large numbers": 1e9 * _symmetric(np.array([1.0, 2, 3, 40]), rng)}


def _symmetric(curvatures, rng):
    """Return a symmetric matrix with these eigenvalues, in random directions."""
    Q = random_orthogonal(len(curvatures), len(curvatures), rng)
    H = (Q * curvatures) @ Q.T
    return (H + H.T) / 2


def _counted(H):
    """Return a function that multiplies by H, and the list that it makes longer by each call."""
    made = []

    def product(v):
        made.append(None)
        return H @ v

    return product, made


def check_settings(answer):
    """Judge `settings(least, most)`: step and momentum of a heavy ball for these curvatures.

    Parameters
    ----------
    answer : callable

    Returns
    -------
    Report
        The error left, over all curvatures in between, after 12 sqrt(kappa) steps from rest.

    Examples
    --------
    >>> check_settings(lambda least, most: (1 / most, 0.9)).verdict
    'wrong'
    """
    cases = {f"from {least:g} to {most:g}": (least, most) for least, most in (
        (1.0, 100.0), (2.0, 200.0), (0.5, 2.0), (3.0, 3.0), (1e-3, 10.0), (2e4, 6e5))}

    def faults(found, least, most):
        if np.shape(found) != (2,):
            return {f"of shape {np.shape(found)}: give step and momentum": True}
        step, momentum = found
        # Only what may be a setting is simulated: others would overflow, or never end.
        if not 0 < step < np.inf or not 0 <= momentum < 1:
            return {"a step that is not positive": bool(not 0 < step < np.inf),
                    "a momentum outside 0 to 1": bool(not 0 <= momentum < 1)}
        return {"error left": _left(step, momentum, least, most)}

    return grade.check_identity(
        answer, faults, cases, bound={"error left": 1e-6}, weak=1e-4, name="settings", shows={
            "from 3 to 3": "one curvature: a single step can do",
            "from 2 to 200": "κ is that of the first case, the curvatures are twice as large",
            "from 2e+04 to 6e+05": "the step has the unit of one over a curvature"},
        known={sentence: partial(_settings, which=which) for sentence, which in (
            ("the rate itself was taken for the momentum, which is its square", "root"),
            ("this step belongs to Nesterov's form, or to no momentum", "1/L"),
            ("this step is the best one without momentum", "plain step"),
            ("this is the best step without momentum", "plain"),
            ("this supposes that the smallest curvature is 1", "unit"))})


def _left(step, momentum, least, most):
    """Return the largest error after 12 sqrt(kappa) steps from rest, or the number of overflow."""
    curvatures = np.geomspace(least, most, 300)
    count = int(np.ceil(12 * np.sqrt(most / least)))
    before = error = np.ones(300)
    for _ in range(count):
        before, error = error, (1 + momentum - step * curvatures) * error - momentum * before
    left = np.max(np.abs(error))
    return left if left < 1e300 else 1e300


def _settings(least, most, which):
    """Return step and momentum, tuned or with one of the usual mistakes."""
    root = np.sqrt(most / least)
    rate, tuned = (root - 1) / (root + 1), 4 / (np.sqrt(most) + np.sqrt(least)) ** 2
    return np.array({"tuned": (tuned, rate**2), "root": (tuned, rate), "1/L": (1 / most, rate),
                     "plain step": (2 / (least + most), rate**2),
                     "plain": (2 / (least + most), 0.0),
                     "unit": (4 / (np.sqrt(most / least) + 1) ** 2, rate**2)}[which])


def check_slower(answer):
    """Judge two curvatures for which a momentum of 0.9 is slower than none.

    Parameters
    ----------
    answer : tuple of two numbers
        The smaller curvature, and the larger one.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_slower((1, 100)).cases[0].verdict
    'wrong'
    """
    return grade.check_counterexample(
        answer, lambda least, most: _with_momentum(least, most) / _without(least, most), above=3,
        name="slower", unit="times as many steps", valid={
            "two numbers": lambda least, most: np.isscalar(least) and np.isscalar(most),
            "positive numbers": lambda least, most: 0 < least < np.inf and 0 < most < np.inf,
            "numbers from 1e-6 to 1e6": lambda least, most: min(least, most) >= 1e-6
            and max(least, most) <= 1e6,
            "the smaller curvature first": lambda least, most: least <= most,
            "a κ of at least 2": lambda least, most: most >= 2 * least},
        known={"at a κ of 100 and more a momentum of 0.9 is worth its price":
               lambda least, most: most >= 100 * least,
               "κ alone counts here, not the size of the curvatures":
               lambda least, most: 30 * least < most < 100 * least})


def _with_momentum(least, most):
    """Return the steps to a millionth of the error, with momentum 0.9 and the step 1 / most."""
    return _count(heavy_ball, least / most, 1.0, 0.9)


def _without(least, most):
    """Return the steps to a millionth of the error, of plain descent with its best step."""
    return _count(gradient_descent, least / most, 2 / (1 + least / most))


def _count(method, least, step, *momentum):
    """Return the number of steps for curvatures least and 1; 20 000 where it takes more."""
    curvatures = np.array([least, 1.0])
    for record in method(lambda error: curvatures * error, np.ones(2), step, *momentum):
        if record.number == 20_000 or np.max(np.abs(record.x)) <= 1e-6:
            return record.number


def check_columns(answer):
    """Judge three predictions on standardised columns: two largest steps, and a kappa.

    Parameters
    ----------
    answer : tuple of three numbers

    Returns
    -------
    Report

    Examples
    --------
    >>> check_columns((2, 19, 0.2)).note
    'the second derivative of a square has a factor 2'
    """
    return grade.check_value(
        answer, (1.0, 19.0, 0.1), factor=1.01, name="columns",
        parts=("one column, limit", "two columns, κ", "ten copies, limit"), known={
            "the second derivative of a square has a factor 2": (2.0, 19.0, 0.2),
            "this is κ of the columns, and that of the Hessian is its square":
                (..., np.sqrt(19), ...),
            "this is the smaller curvature, or the larger, not their ratio": (..., 3.8, ...),
            "1.9 is the larger eigenvalue of the correlations; κ divides by the smaller":
                (..., 1.9, ...),
            "ten copies add up: the curvature is ten times as large": (..., ..., 1.0),
            "these are the best steps of one curvature: the limit is twice as long":
                (0.5, ..., 0.05)})


def check_change(answer, seed=2014):
    """Judge `change(gradients, step)`: what Adam's next step adds to a weight.

    Parameters
    ----------
    answer : callable
    seed : int
        Of one sequence of gradients.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_change(lambda gradients, step: step).verdict
    'wrong'
    """
    rng = np.random.default_rng(seed)
    # Powers of ten tell eps inside the root, short sequences the corrections.
    sequences = {"1": [1.0], "one millionth": [1e-6], "one million": [1e6], "-3": [-3.0],
                 "three gradients": [3.0, -1.0, 2.0], "1, a thousand times": [1.0] * 1000,
                 "random ones": rng.normal(size=int(rng.integers(20, 40)))}
    cases = {name: (np.array(values), 0.01) for name, values in sequences.items()}
    return grade.check_accuracy(
        answer, _change, cases, bound=1e-9, name="change", shows={
            "one millionth": "a step of 0.0099: the gradient is a hundred times eps",
            "1, a thousand times": "after many steps the corrections are nearly 1"},
        known={sentence: partial(_change, **how) for sentence, how in (
            ("neither mean is corrected", {"first": False, "second": False}),
            ("the mean of the squares is not corrected", {"second": False}),
            ("the mean of the gradients is not corrected", {"first": False}),
            ("eps stands inside the root, 1e-8 beside a square", {"inside": True}),
            ("the weight goes up the slope: the change has the sign of minus the gradient",
             {"sign": 1}),
            ("the corrections are one step behind or ahead", {"ahead": 1}))})


def _change(gradients, step, first=True, second=True, inside=False, sign=-1, ahead=0):
    """Return the change of Adam's last step, right or with one of the usual mistakes."""
    mean = square = 0.0
    for g in gradients:
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g * g
    number = len(gradients) + ahead
    mean /= 1 - 0.9**number if first else 1
    square /= 1 - 0.999**number if second else 1
    root = np.sqrt(square + 1e-8) if inside else np.sqrt(square) + 1e-8
    return sign * step * mean / root
