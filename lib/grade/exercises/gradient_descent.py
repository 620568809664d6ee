"""Check the exercises of the chapter on gradient descent."""

from functools import partial
from numbers import Real

import numpy as np

from lib import grade
from lib.gradients import gradient_descent, heavy_ball
from lib.problems import random_orthogonal

# Of the trace that the chapter prints: curvatures 0.8 and 96, both errors 1 at the start.
TRACE_STEP, FLATTEST = 0.02, 0.8
NEEDED = np.log(1e-6) / np.log(1 - TRACE_STEP * FLATTEST)
# Steps of 1 / lambda_max at kappa = 10 000, until a hundredth of the flat error is left.
TO_A_HUNDREDTH = np.log(0.01) / np.log(1 - 1e-4)
MOST_PRODUCTS = 100
# The largest whole kappa at which a momentum of 0.9 takes more than three times as many steps.
LARGEST_SLOWER = 12


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
            "this is what a step leaves, 1 minus the product of step and curvature": (0.984, ...),
            "of a curvature that large the step would be longer than the best one": (99.2, ...),
            "the first step still shows the steep error: read the ratio far down": (2.37, ...),
            "the first step still shows the steep error, later ones do not": (..., other),
            "this is the other end: the flat error is what is left in the end": (96, ...),
            "the step printed is not the best one, so κ does not follow from it alone": (124, ...),
            "count the steps from the start, not from the last line": (..., NEEDED - 200),
            "a millionth of the distance, not of its square": (..., NEEDED / 2)})


def check_judge(answer):
    """Judge who reads a flat loss rightly, and the steps until the flat error is a hundredth.

    Parameters
    ----------
    answer : tuple of str and float
        As for `check_judgement`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_judge(("Ada", 46_050)).cases[0].reason
    "'Ada' is not right"
    """
    return grade.check_judgement(
        answer, ("Ben", TO_A_HUNDREDTH), choices=("Ada", "Ben"), factor=1.02,
        number="steps to a hundredth", known={
            "count from the start, not from step 10 000": TO_A_HUNDREDTH - 10_000,
            "this makes the error a tenth, and its square a hundredth": TO_A_HUNDREDTH / 2,
            "this makes the error a millionth": 3 * TO_A_HUNDREDTH})


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
    cases, behind, shares = {}, {}, {}
    for name, H in _hessians(np.random.default_rng(seed)).items():
        product, made = _counted(H)
        cases[name] = product, len(H)
        behind[product] = name, np.linalg.eigvalsh(H)[-1], made

    def faults(step, product, n):
        name, largest, made = behind[product]
        if np.shape(step):
            return {f"of shape {np.shape(step)}: give one number": True}
        shares[name] = share = float(step * largest / 2)
        if 0.9 <= share <= 0.999 and len(made) <= MOST_PRODUCTS:
            return {"short of the limit by": 1 - share}
        why = _range(made) or _units(name, shares) or _start(share, made, n)
        why = why if made else "product was never called"
        return {_missed(share, made) + f" ({why})" * bool(why): True}

    report = grade.check_identity(answer, faults, cases, name="largest_step",
                                  bound={"short of the limit by": 0.1})
    return grade.Report(report.name, report.cases, note="" if report.passed else _margin(shares))


def _missed(share, made):
    """Return what is wrong with a step that is such a share of the limit."""
    if 0.9 <= share <= 0.999:
        return f"{len(made)} products, {MOST_PRODUCTS} are the most"
    wrong = "descent does not converge" if share >= 1 else "0.9 to 0.999 is asked for"
    return f"{share:.4g} of the limit: {wrong}"


def _range(made):
    """Return what tells if the vectors that were multiplied leave the range of floats."""
    size = np.max(np.abs(made[-1])) if made else 1.0
    if 1e-150 < size < 1e150:
        return ""
    return f"the vectors {'shrink' if size < 1 else 'grow'} out of range: divide by the length"


def _units(name, shares):
    """Return what tells if the same matrix in other units has another share of the limit."""
    other = shares.get("evenly spread", np.nan)
    if name != "small numbers" or not abs(shares[name] - other) > 1e-6 * other:
        return ""
    return f"times 1e12 it is {other:.3g} of the limit: a tolerance has to be relative"


def _start(share, made, n):
    """Return what tells if the first vector was a bad one, or few came after it."""
    if n < 4 or not share > 0.999:
        return ""
    start = made[0] / np.linalg.norm(made[0])
    if np.count_nonzero(start) == 1:
        return "a single coordinate may never lead to the steepest direction: start at random"
    if np.linalg.norm(start - _by_index(n) @ start) < 1e-8:
        return "a start that the index makes may miss the steepest direction: draw one"
    return f"after {len(made)} products the estimate is on its way" if len(made) < 10 else ""


def _margin(shares):
    """Return the mistake that explains all shares of the limit, if there is one."""
    found = np.array([share for share in shares.values() if not 0.9 <= share <= 0.999])
    if len(found) > 3 and np.all((found > 0.999) & (found < 1.05)):
        return "estimates come from below, so 2 over one lies above the limit: take 5 % off"
    if len(found) > 3 and np.all((found > 0.44) & (found < 0.53)):
        return "the limit is 2 over the largest curvature, not 1 over it"
    return ""


def _hessians(rng):
    """Return positive definite matrices by what is hard about them."""
    # All that the index makes is an eigenvector for the eigenvalue 10; the others are 13, so near
    # that rounding does not lead from the one to the others in as many products as are allowed.
    spread = _symmetric(np.linspace(0.1, 10, 60), rng)
    return {"n = 1": np.array([[float(rng.integers(2, 9))]]),
            "the last is steep": np.diag(np.append(np.ones(6), rng.uniform(50, 90))),
            "by index": 13 * np.eye(6) - 3 * _by_index(6),
            "evenly spread": spread,
            "order 200": _symmetric(np.geomspace(1e-3, 30, 200), rng),
            "large numbers": 1e9 * _symmetric(np.array([1.0, 2, 3, 40]), rng),
            "small numbers": 1e-12 * spread}


def _by_index(n):
    """Return the projector on ones, the index and its square."""
    Q = np.linalg.qr(np.vander(np.arange(float(n)), 3))[0]
    return Q @ Q.T


def _symmetric(curvatures, rng):
    """Return a symmetric matrix with these eigenvalues, in random directions."""
    Q = random_orthogonal(len(curvatures), len(curvatures), rng)
    H = (Q * curvatures) @ Q.T
    return (H + H.T) / 2


def _counted(H):
    """Return a function that multiplies one vector by H, and the list of these vectors."""
    made = []

    def product(v):
        v = np.array(v)
        if v.shape != (len(H),) or v.dtype.kind not in "fiu":
            raise ValueError(f"product multiplies one real vector of shape ({len(H)},)")
        made.append(v)
        return H @ v

    return product, made


def check_settings(answer):
    """Judge `settings(most, count)`: step and momentum for a number of steps, and their reach.

    Parameters
    ----------
    answer : callable
        Returns step, momentum, and the smallest curvature that they serve.

    Returns
    -------
    Report
        The error left, over all curvatures from that one on, after so many steps from rest.

    Examples
    --------
    >>> check_settings(lambda most, count: (1 / most, 0.9, most / 100)).verdict
    'wrong'
    """
    cases = {f"{count} steps up to {most:g}": (most, count) for most, count in (
        (100.0, 120), (200.0, 120), (1.0, 20), (0.004, 300), (6e5, 60))}

    def faults(found, most, count):
        if np.shape(found) != (3,):
            return {f"of shape {np.shape(found)}: give step, momentum and least": True}
        step, momentum, least = found
        # Only what may be a setting is simulated: others would overflow, or never end.
        for fault, right in (("a step that is not positive", 0 < step < np.inf),
                             ("a momentum outside 0 to 1", 0 <= momentum < 1),
                             ("a least outside 0 to most", 0 < least <= most)):
            if not right:
                return {fault: True}
        left, worst = _left(step, momentum, least, most, count)
        if not left <= 1e-6 * (1 + 1e-6):  # room for rounding
            why = _mistaken(step, momentum, most, count)
            text = f"{left:.2g} is left at the curvature {worst:.3g}"
            return {text + f" ({why})" * bool(why): True}
        longer = least / _settings(most, count)[2]
        return {"error left": left} if longer <= 1.1 else {
            f"kept, but your least is {longer:.3g} times as large as need be": True}

    return grade.check_identity(answer, faults, cases, bound={"error left": 1.000001e-6},
                                name="settings")


def _mistaken(step, momentum, most, count):
    """Return which of the usual mistakes made such a step and momentum."""
    rate = np.sqrt(momentum)
    if momentum > 0 and np.isclose(step * most, (1 + momentum) ** 2, rtol=1e-6):
        return "the momentum is the square of the rate"
    if most != 1 and np.isclose(step, (1 + rate) ** 2, rtol=1e-6):
        return "the step has a unit, one over a curvature"
    if np.isclose(step * most, (1 + rate) ** 2, rtol=1e-6) and rate**count > 0.9e-6:
        return "the double root brings a factor near 2 count"
    return ""


def _left(step, momentum, least, most, count):
    """Return the largest error after so many steps from rest, or 1e300, and its curvature."""
    curvatures = np.geomspace(least, most, 300)
    before = error = np.ones(300)
    for _ in range(count):
        before, error = error, (1 + momentum - step * curvatures) * error - momentum * before
    left = np.nan_to_num(np.abs(error), nan=1e300)
    return min(np.max(left), 1e300), curvatures[np.argmax(left)]


def _settings(most, count):
    """Return step, momentum and least, tuned so that a millionth is left by the double roots."""
    low, high = 0.0, 1.0
    for _ in range(60):  # by halving; at rate q the double root leaves q**k (1 + (1 + q) k)
        q = (low + high) / 2
        small = q**count * (1 + (1 + q) * count) < 1e-6
        low, high = (q, high) if small else (low, q)
    return (1 + low) ** 2 / most, low**2, most * ((1 - low) / (1 + low)) ** 2


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
    def is_large(least, most):
        return most >= 0.9 * LARGEST_SLOWER * least or _times(least, most) <= 3

    return grade.check_counterexample(
        answer, _times, above=3, name="slower", unit="times as many steps", valid={
            "two numbers": lambda least, most: isinstance(least, Real) and isinstance(most, Real),
            "positive numbers": lambda least, most: 0 < least < np.inf and 0 < most < np.inf,
            "numbers from 1e-6 to 1e6": lambda least, most: min(least, most) >= 1e-6
            and max(least, most) <= 1e6,
            "the smaller curvature first": lambda least, most: least <= most,
            "the largest κ, to 10 %: a larger one breaks it too": is_large})


def _times(least, most):
    """Return how many times as many steps a momentum of 0.9 takes as none, to a millionth."""
    plain = _count(gradient_descent, least / most, 2 / (1 + least / most))
    return _count(heavy_ball, least / most, 1.0, 0.9) / plain


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
    'one column: the limit is 2 over the curvature, which is 2'
    """
    return grade.check_value(
        answer, (1.0, 19.0, 0.1), factor=1.01, name="columns",
        parts=("one column, limit", "two columns, κ", "ten copies, limit"), known={
            "one column: the limit is 2 over the curvature, which is 2": (2.0, ..., ...),
            "ten copies: the limit is 2 over the curvature, which is 20": (..., ..., 0.2),
            "one column: this is the best step, and the limit is twice as long": (0.5, ..., ...),
            "ten copies: this is the best step, and the limit is twice as long": (..., ..., 0.05),
            "this is κ of the columns, that of the Hessian is its square": (..., np.sqrt(19), ...),
            "this is κ of the Hessian, squared once more": (..., 361, ...),
            "this is the smaller curvature, or the larger, not their ratio": (..., 3.8, ...),
            "1.9 is the larger eigenvalue: κ divides by the smaller one": (..., 1.9, ...),
            "ten copies add up: the curvature is ten times as large": (..., ..., 1.0),
            "the intercept is perpendicular to the columns, and adds nothing": (..., ..., 1 / 11)})


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
        answer, _change, cases, bound=1e-9, name="change",
        budget=grade.Budget(forbidden=["lib.gradients"]), shows={
            "one millionth": "a step of 0.0099: the gradient is a hundred times eps",
            "1, a thousand times": "after many steps the corrections are nearly 1"},
        known={sentence: partial(_change, **how) for sentence, how in (
            ("neither is corrected, eps is inside", {"first": 0, "second": 0, "inside": 1}),
            ("neither mean is corrected", {"first": False, "second": False}),
            ("the mean of the squares is not corrected", {"second": False}),
            ("the mean of the gradients is not corrected", {"first": False}),
            ("eps stands inside the root, 1e-8 beside a square", {"inside": True}),
            ("the change goes up the slope", {"sign": 1}),
            ("eps is missing", {"eps": 0.0}),
            ("the corrections of the first step are taken in every step", {"number": 1}),
            ("corrected means went into the next step: keep the running ones", {"stored": True}),
            ("the corrections are one step ahead", {"ahead": 1}),
            ("the corrections are one step behind: the first has the number 1", {"ahead": -1}))})


def _change(gradients, step, first=True, second=True, inside=False, sign=-1, ahead=0, eps=1e-8,
            number=None, stored=False):
    """Return the change of Adam's last step, right or with one of the usual mistakes."""
    mean = square = 0.0
    for k, g in enumerate(gradients, 1):
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g * g
        if stored:
            mean, square = mean / (1 - 0.9**k), square / (1 - 0.999**k)
    number = (number or len(gradients)) + ahead
    mean /= 1 - 0.9**number if first and not stored else 1
    square /= 1 - 0.999**number if second and not stored else 1
    root = np.sqrt(square + 1e-8) if inside else np.sqrt(square) + eps
    return sign * step * mean / root
