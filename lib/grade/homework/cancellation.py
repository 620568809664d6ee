"""Judge the problem set on cancellation."""

import math
from fractions import Fraction

import numpy as np

from lib import grade
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, several_arguments
from lib.grade.variants import instances, own

U = 2.0**-53


@np.errstate(all="ignore")
def check_growth(answer, seed=1934, variant=""):
    """Judge `growth(r, n)`: ((1 + r)^n - 1) / r, to 8 u (1 + |n log(1 + r)|) of itself.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the rates and the numbers of steps.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_growth(lambda r, n: n).cases[0].verdict
    'stable'
    """
    rng = instances(seed, variant, "growth")
    # From rates that 1 + r swallows whole to rates at which nothing cancels.
    rates = {"r near 1e-17": 1e-17, "r near 1e-12": 1e-12, "r near -1e-6": -1e-6,
             "r near 1e-3": 1e-3, "r near 0.3": 0.3, "r near -0.4": -0.4, "r near 1e-300": 1e-300}
    cases = {name: _rate_and_steps(rate, 20, 200, rng) for name, rate in rates.items()}
    cases |= {"many steps": _rate_and_steps(1e-6, 2000, 3000, rng), "r = 0": (0.0, 12),
              "r above 0.5": (float(0.5 + rng.random() / 2), int(rng.integers(200, 900))),
              "r below -0.6": (float(-0.6 - 0.3 * rng.random()), int(rng.integers(200, 900))),
              "n = 1": (0.07, 1)}

    def bound(r, n):
        return 8 * U * (1 + abs(n * math.log1p(r))) * float(_exact_growth(r, n))

    report = grade.check_accuracy(
        answer, _exact_growth, cases, bound=bound, name="growth",
        shows={"r = 0": "the limit is n", "r near 1e-300": "no power of it but the first counts",
               "many steps": "each of them rounds"},
        known={"1 + r has rounded r before the power, and the 1 is taken away again":
               lambda r, n: ((1 + r) ** n - 1) / r if r else n,
               "log(1 + r) has lost r's digits before expm1 sees them":
                   lambda r, n: np.expm1(n * np.log(1 + r)) / r if r else n,
               "exp(...) - 1 cancels what log1p has kept":
                   lambda r, n: (np.exp(n * np.log1p(r)) - 1) / r if r else n})
    return report.with_mild("r = 0", "n = 1", "r near 1e-17", "r near 1e-300")


def _rate_and_steps(size, least, most, rng):
    """Return a rate of about a size and a number of steps, far from what 1 + r holds exactly.

    1 + r and 1 + n r lie a third of a spacing off the floats at least, where they can: nobody is
    right by luck.
    """
    rate, n, spacing = size * (0.5 + rng.random()), int(rng.integers(least, most)), 2.0**-52
    if 1e-15 < abs(rate) < 0.01:
        rate = float(np.floor(rate / spacing) + rng.uniform(0.35, 0.65)) * spacing
        while not 1 / 3 < n * rate / spacing % 1 < 2 / 3:
            n += 1
    return float(rate), n


def _exact_growth(r, n):
    """Return the sum of n powers of 1 + r as a Fraction, right to 300 bits, by Horner's rule."""
    rate, total = int(Fraction(r) * 2**400), 0
    for _ in range(n):
        total += (total * rate >> 400) + 2**400
    return Fraction(total, 2**400)


@np.errstate(all="ignore")
def check_area(answer, seed=1986, variant=""):
    """Judge `area(a, b, c)`: that of a triangle from its sides, to 16 u of itself.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the triangles, and of the orders in which sides are given.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_area(lambda a, b, c: a * b / 2).verdict
    'wrong'
    """
    rng = instances(seed, variant, "area")
    cases = {"3, 4, 5": (3.0, 4.0, 5.0)}
    # A needle: two long sides that nearly agree, or one that is nearly the sum of the others.
    for turn, power in enumerate((4, 8, 12)):
        a, thin = 1 + rng.random(), (1 + rng.random()) * 10.0**-power
        cases[f"short side 1e-{power}"] = np.roll([a, a * (1 + thin / 3), a * thin], turn)
        cases[f"nearly flat 1e-{power}"] = np.roll([a, a / 2 * (1 + thin), a / 2], turn)
    # The thinnest of all, in each order: what is rounded before it is taken off is lost for sure.
    for turn in range(3):
        short, flat = _thinnest(rng)
        cases[f"short side, some u, order {turn + 1}"] = np.roll(short, turn)
        cases[f"nearly flat, some u, order {turn + 1}"] = np.roll(flat, turn)
    a, b, place = *(1 + rng.random(2)), 0.1 + 0.8 * rng.random()
    cases["of any shape and size"] = np.array(
        [a, b, abs(a - b) + place * 2 * min(a, b)]) * 10.0 ** rng.uniform(-60, 60)
    cases = {name: tuple(map(float, sides)) for name, sides in cases.items()}
    cases |= {"sides of 1e150": (3e150, 4e150, 5e150), "sides of 1e-150": (3e-150, 4e-150, 5e-150)}
    report = grade.check_accuracy(
        answer, _exact_area, cases, bound=lambda *sides: 16 * U * float(_exact_area(*sides)),
        name="area", known={
            "s - a cancels after s was rounded: Heron's formula": _heron,
            "1 - cos^2 cancels where the angle is small": _by_cosine})
    return report.with_mild("sides of 1e150", "sides of 1e-150")


def _thinnest(rng):
    """Return the sides, the largest first, of two needles a part of a spacing from flat.

    The first has a side of a few spacings, whose last third no difference with a long side keeps.
    In the second b + c exceeds a by a quarter of the spacing of a, and half of that of c - a.
    """
    spacing = 2.0**-52
    b, few = 1 + rng.random() / 2, int(rng.integers(1, 4))
    a, c = b + few * spacing, (few + rng.uniform(0.3, 0.4)) * spacing
    large = 1 + 0.3 * rng.random()
    middle = large * rng.uniform(0.63, 0.71)
    return [a, b, c], [large, middle, large - middle + spacing / 4]


def _exact_area(*sides):
    """Return the area as a Fraction, right to 200 bits."""
    a, b, c = map(Fraction, sides)
    square = (a + b + c) * (-a + b + c) * (a - b + c) * (a + b - c) / 16
    shift = 200 + max(0, square.denominator.bit_length() - square.numerator.bit_length()) // 2
    return Fraction(math.isqrt(int(square * Fraction(4) ** shift))) / Fraction(2) ** shift


def _heron(a, b, c):
    """Return the area by Heron's formula as it is printed."""
    s = (a + b + c) / 2
    return math.sqrt(max(s * (s - a) * (s - b) * (s - c), 0.0))


def _by_cosine(a, b, c):
    """Return the area by the law of cosines."""
    cosine = (a * a + b * b - c * c) / (2 * a * b)
    return a * b / 2 * math.sqrt(max(1 - cosine * cosine, 0.0))


@np.errstate(all="ignore")
def check_rolls(answer, seed=1965, variant=""):
    """Judge `rolls(p, k)`: the distribution of a sum of k draws, each chance to 4 k len(p) u.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the distributions.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_rolls(lambda p, k: np.abs(_by_fft(p, k))).cases[0].verdict
    'stable'
    """
    rng = instances(seed, variant, "rolls")
    # The smallest chances of the sum are what an insurer asks for.
    falling = np.exp(-rng.uniform(1.5, 2.5) * np.arange(6.0))
    cases = {"a coin, twice": (np.array([0.5, 0.5]), 2), "a die, 9 times": (np.full(6, 1 / 6), 9),
             "falling, 12 times": (falling / np.sum(falling), 12),
             "rare, 20 times": (np.array([1 - 1e-3, 1e-3 * rng.random(), 1e-6]), 20),
             "rises again": (np.array([0.9, 0.0, 1e-9, 0.1 - 1e-9]), 16),
             "once": (rng.dirichlet(np.ones(4)), 1), "always 0": (np.array([1.0]), 5)}
    report = grade.check_identity(
        answer, _off_rolls, cases, name="rolls", bound=lambda p, k: {
            "relative error of a chance": 4 * k * len(p) * U}, known={
            "a transform leaves each chance an error of u times the largest": _by_fft,
            "chances below 0 were set to 0, and those near u kept their errors":
                lambda p, k: np.maximum(_by_fft(p, k), 0.0),
            "the chances were multiplied, not the draws added": lambda p, k: p**k / np.sum(p**k)},
        shows={name: "its tail is far below u" for name in cases if "times" in name})
    return report.with_mild("once", "always 0")


def _off_rolls(found, p, k):
    """Return the relative errors of the chances; all terms of a sum are positive: none cancels."""
    total = np.ones(1)
    for _ in range(k):
        total = np.convolve(total, p)
    if found.shape != total.shape:
        fails(f"returned shape {found.shape}, wanted {total.shape}")
    return {"a chance below 0": bool(np.any(found < 0)),
            "relative error of a chance": (found - total) / np.where(total == 0, 1, total)}


def _by_fft(p, k):
    """Return the distribution of the sum by a fast Fourier transform."""
    length = k * (len(p) - 1) + 1
    return np.fft.irfft(np.fft.rfft(p, length) ** k, length)


def own_corner(variant=""):
    """Return the abscissa of the first point of the break-it problem.

    Examples
    --------
    >>> own_corner()
    0.5
    """
    return own(variant, [0.5, *(k / 1024 for k in range(513, 920))], "turn")


@np.errstate(all="ignore")
def check_turn(answer, seed=0, variant=""):
    """Judge three points that turn left, and of which a determinant says right.

    Parameters
    ----------
    answer : list of three pairs
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_corner`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_turn([[0.5, 0.5], [1.0, 1.0], [2.0, 3.0]]).cases[0].shown
    'does not break'
    """
    first = own_corner(variant)
    # The sign of the exact determinant decides what is right.
    return grade.check_counterexample(
        several_arguments(answer), on_arrays(_float_turn), below=0, name="turn",
        unit="is the determinant", valid={
            "three pairs of numbers": on_arrays(lambda p, q, r: all(
                point.shape == (2,) for point in (p, q, r))),
            "coordinates from 0.1 to 100": on_arrays(lambda *points: all(
                np.all((point >= 0.1) & (point <= 100)) for point in points)),
            f"a first coordinate of {first}": on_arrays(lambda p, q, r: p[0] == first),
            "points that turn left": on_arrays(lambda *points: _exact_turn(*points) > 0)},
        known={"it is right about these: they are far from a line": on_arrays(
            lambda *points: _exact_turn(*points) > 1e-12),
               "it gives 0, which is not yet a turn to the right": on_arrays(
            lambda *points: _float_turn(*points) == 0)})


def _float_turn(p, q, r):
    """Return the determinant that says how three points turn, in floats."""
    (px, py), (qx, qy), (rx, ry) = (map(float, point) for point in (p, q, r))
    return (qx - px) * (ry - py) - (qy - py) * (rx - px)


def _exact_turn(p, q, r):
    """Return the same determinant as a Fraction."""
    (px, py), (qx, qy), (rx, ry) = ([Fraction(float(x)) for x in point] for point in (p, q, r))
    return (qx - px) * (ry - py) - (qy - py) * (rx - px)
