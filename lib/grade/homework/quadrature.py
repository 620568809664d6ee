"""Judge the problem set on quadrature."""

import math
from numbers import Real

import numpy as np

from lib import grade
from lib.grade.handed import on_arrays, several_arguments
from lib.grade.variants import instances, own

VALUES = 6000  # of f, in one integral


def _allowing(f, most):
    """Return f, which refuses to give more than so many values, or several at once."""
    count = [0]

    def counted(x):
        count[0] += 1
        # An array of no dimension may hold a vector, or a complex number, as an object.
        x = x.item() if isinstance(x, np.ndarray) and x.shape == () else x
        if not isinstance(x, Real):
            raise ValueError("f takes one float at a time")
        if count[0] > most:
            raise RuntimeError(f"{most} values are enough")
        return f(float(x))

    return counted


@np.errstate(all="ignore")
def check_integral(answer, seed=1962, variant=""):
    """Judge `integral(f, a, b, tol)`: an error of at most tol, by at most 6000 values of f.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the integrands: where they peak, bend and begin to oscillate.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_integral(lambda f, a, b, tol: (b - a) * f((a + b) / 2)).cases[0].verdict
    'wrong'
    """
    integrands = _integrands(instances(seed, variant, "integral"))
    rights = [right for *_, right in integrands.values()]
    cases = {name: (_allowing(f, VALUES), *rest) for name, (f, *rest, _) in integrands.items()}
    report = grade.check_accuracy(
        answer, rights, cases, bound=lambda f, a, b, tol: tol, name="integral", shows={
            "a narrow peak": "both of two coarse rules may miss it, and agree",
            "a root at the end": "halve where it is rough, and nowhere else",
            "a corner": "halve where it is rough, and nowhere else",
            "limits turned round": "the integral from b to a has the other sign"})
    return report.with_mild("limits turned round", "no interval")


def _integrands(rng):
    """Return {name: (f, a, b, tol, exact)}; each f takes and returns one float."""
    rate, width, frequency = 1 + rng.random(), 0.004 * (1 + rng.random()), 50 + 20 * rng.random()
    bend, peak = 0.2 + 0.6 * rng.random(), 0.3 + 0.4 * rng.random()
    inside = math.sqrt(math.pi) / 2 * width * (math.erf((1 - peak) / width)
                                               + math.erf(peak / width))

    def smooth(x):
        return math.exp(-rate * x)

    # All have integrals in closed form. Who tells them apart by a few values, and takes that, does
    # not get through the first.
    area = -math.expm1(-2 * rate) / rate
    return {
        "a bit of everything": _mixture(rng, rate, frequency, bend, peak),
        "smooth": (smooth, 0.0, 2.0, 1e-12, area),
        "a tall one": (lambda x: 1 / (x * x + width * width), -1.0, 1.0, 1e-7,
                       2 * math.atan(1 / width) / width),
        "a narrow peak": (lambda x: math.exp(-(((x - peak) / width) ** 2)), 0.0, 1.0, 1e-10,
                          inside),
        "a root at the end": (math.sqrt, 0.0, 1.0, 1e-9, 2 / 3),
        "a corner": (lambda x: abs(x - bend), 0.0, 1.0, 1e-10, (bend**2 + (1 - bend) ** 2) / 2),
        "oscillating": (lambda x: math.sin(frequency * x), 0.0, 3.0, 1e-10,
                        2 * math.sin(frequency * 1.5) ** 2 / frequency),
        "limits turned round": (smooth, 2.0, 0.0, 1e-10, -area),
        "no interval": (smooth, 1.0, 1.0, 1e-10, 0.0)}


def _mixture(rng, rate, frequency, bend, peak):
    """Return (f, a, b, tol, exact) for a sum of four functions, of its own weights and limits."""
    a, b, (one, two, three, four) = -0.5 * rng.random(), 1 + rng.random(), 1 + rng.random(4)
    width = 0.02 * (1 + rng.random())

    def f(x):
        return (one * math.exp(-rate * x) + two * math.exp(-(((x - peak) / width) ** 2))
                + three * abs(x - bend) + four * math.sin(frequency * x))

    area = math.sqrt(math.pi) / 2 * width * (math.erf((b - peak) / width)
                                             - math.erf((a - peak) / width))
    return f, a, b, 1e-9, (
        one * (math.exp(-rate * a) - math.exp(-rate * b)) / rate + two * area
        + three * ((bend - a) ** 2 + (b - bend) ** 2) / 2
        + four * (math.cos(frequency * a) - math.cos(frequency * b)) / frequency)


@np.errstate(all="ignore")
def check_weak(answer, seed=1825, variant=""):
    """Judge `over_root(g, b)`: the integral of g(x) / sqrt(x) from 0, to 1e-12, by 300 values.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the functions g.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_weak(lambda g, b: 2 * g(b) * b**0.5).cases[0].verdict
    'stable'
    """
    rng = instances(seed, variant, "weak")
    rate, power, end = 4 + 4 * rng.random(), int(rng.integers(2, 9)), 1 + rng.random()
    # Closed forms: a root, an error function, an arc tangent.
    table = {
        "g = 1": (lambda x: 1.0, end, 2 * math.sqrt(end)),
        "an exponential": (lambda x: math.exp(-rate * x), end, math.sqrt(math.pi / rate)
                           * math.erf(math.sqrt(rate * end))),
        "a power": (lambda x: x**power, end, end ** (power + 0.5) / (power + 0.5)),
        "1 / (1 + x)": (lambda x: 1 / (1 + x), end, 2 * math.atan(math.sqrt(end))),
        "a short interval": (lambda x: 1 / (1 + x), 1e-8, 2 * math.atan(1e-4)),
        "a long interval": (lambda x: math.exp(-rate * x), 3 + 2 * end, math.sqrt(math.pi / rate)
                            * math.erf(math.sqrt(rate * (3 + 2 * end)))),
        "no interval": (lambda x: 1.0, 0.0, 0.0)}
    parts = list(table.values())[:4]
    shares = 1 + rng.random(4)
    table["a bit of everything"] = (lambda x: sum(
        share * g(x) for share, (g, *_) in zip(shares, parts, strict=True)), end, sum(
        share * right for share, (*_, right) in zip(shares, parts, strict=True)))
    report = grade.check_accuracy(
        answer, [right for *_, right in table.values()],
        {name: (_allowing(g, 300), b) for name, (g, b, _) in table.items()}, bound=1e-12,
        name="over_root", shows=dict.fromkeys(
            table, "with x = t**2 the root is gone: dx / sqrt(x) is 2 dt"))
    return report.with_mild("no interval", "a short interval")


@np.errstate(all="ignore")
def check_evidence(answer, seed=1774, variant=""):
    """Judge `log_integral(h, a, b)`: the logarithm of the integral of exp(h), to 1e-9.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the concave functions h.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_evidence(lambda h, a, b: h((a + b) / 2)).cases[0].verdict
    'wrong'
    """
    logs = _logs(instances(seed, variant, "evidence"))
    rights = [right for *_, right in logs.values()]
    report = grade.check_accuracy(
        answer, rights, {name: (_allowing(h, 4000), a, b) for name, (h, a, b, _) in logs.items()},
        bound=lambda h, a, b: 1e-9, weak=1e-6, name="log_integral", shows={
            "far below": "exp(h) is 0 everywhere: take the largest h out",
            "far above": "exp(h) overflows: take the largest h out",
            "narrow": "the peak lies between the nodes: look for the largest h first",
            "coins": "h is -inf at the ends, and that is a value"})
    return report.with_mild("constant")


def _logs(rng):
    """Return {name: (h, a, b, exact)} for concave h."""
    heads, tails = int(rng.integers(200, 400)), 3000
    # Between the nodes of 1000, of 2000 and of 4000 intervals: no grid finds it by luck.
    middle = (rng.integers(600, 1400) + rng.uniform(0.3, 0.4)) / 2000
    slope, far = 40 + 20 * rng.random(), 5000 + 1000 * rng.random()

    def bell(width, top):
        def h(x):
            return top - ((x - middle) / width) ** 2 / 2

        share = math.erf((1 - middle) / width / 2**0.5) + math.erf(middle / width / 2**0.5)
        return h, 0.0, 1.0, top + math.log(width * math.sqrt(math.pi / 2) * share)

    def coins(x):
        return heads * math.log(x) + tails * math.log1p(-x) if 0 < x < 1 else -math.inf

    # The last two have no maximum inside; that of no closed form is computed by a fine rule.
    return {"ordinary": bell(0.3, 0.0), "no closed form": _concave(rng, middle),
            "far below": bell(0.1, -far), "far above": bell(0.1, far),
            "narrow": bell(3e-5, 10.0), "coins": (coins, 0.0, 1.0, math.lgamma(heads + 1)
                                                  + math.lgamma(tails + 1)
                                                  - math.lgamma(heads + tails + 2)),
            "largest at the end": (lambda x: -slope * x, 0.0, 2.0,
                                   math.log(-math.expm1(-2 * slope) / slope)),
            "constant": (lambda x: far, 0.0, 3.0, far + math.log(3))}


def _concave(rng, middle):
    """Return (h, a, b, exact) for a concave h that has no integral in closed form."""
    bend, (one, two, three) = rng.random(), 1 + 9 * rng.random(3)

    def h(x):
        return -one * (x - middle) ** 2 - two * abs(x - bend) ** 3 - three * np.exp(2 * x)

    total, (nodes, weights) = 0.0, np.polynomial.legendre.leggauss(20)
    top = float(np.max(h(np.linspace(0, 1.5, 3001))))
    for ends in (np.linspace(0, bend, 41), np.linspace(bend, 1.5, 41)):
        x = (ends[:-1, None] + ends[1:, None] + np.diff(ends)[:, None] * nodes) / 2
        total += float(np.sum(np.diff(ends)[:, None] / 2 * weights * np.exp(h(x) - top)))
    return lambda x: float(h(x)), 0.0, 1.5, top + math.log(total)


def own_intervals(variant=""):
    """Return the number of intervals in the break-it problem.

    Examples
    --------
    >>> own_intervals()
    12
    """
    return own(variant, [12, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20], "doubled")


def own_phase(variant=""):
    """Return the phase of the wave in the break-it problem.

    Examples
    --------
    >>> own_phase()
    0.5
    """
    return own(variant, [0.5, *(k / 1000 for k in range(501, 1000))], "doubled, its phase")


@np.errstate(all="ignore")
def check_doubled(answer, seed=0, variant=""):
    """Judge a wave that a rule with n and with 2n intervals gets wrong alike.

    Parameters
    ----------
    answer : list of two numbers
        Frequency and phase.
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_intervals` and `own_phase`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_doubled([1, 0.5]).cases[0].shown
    'does not break'
    """
    n, wanted = own_intervals(variant), own_phase(variant)

    def rule(k, phase, number):
        x = np.arange(number) / number
        return float(np.mean(np.cos(2 * np.pi * k * x + phase)))

    # The integral over whole periods is 0.
    return grade.check_counterexample(
        several_arguments(answer), on_arrays(lambda k, phase: abs(rule(k, phase, 2 * n))),
        above=0.4, name="doubled", unit="is the error of 2n intervals", valid={
            "two numbers, a frequency, whole, from 1 to 99": on_arrays(
                lambda k, phase: k.shape == phase.shape == () and k == np.round(k)
                and 1 <= k <= 99),
            f"a phase of {wanted}": on_arrays(lambda k, phase: phase == wanted),
            f"{n} and {2 * n} intervals that agree to 1e-9": on_arrays(lambda k, phase: abs(
                rule(k, phase, n) - rule(k, phase, 2 * n)) < 1e-9)},
        known={"both are right: the wave is not a multiple of what the nodes see": on_arrays(
            lambda k, phase: k % (2 * n) != 0)})
