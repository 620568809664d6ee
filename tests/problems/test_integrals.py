"""The integrals of the battery have the values that mpmath finds, and integrands for arrays."""

import mpmath
import numpy as np
import pytest

from lib.problems import read_integrals

INTEGRALS = read_integrals()
NAMES = ["exp", "log", "sin", "cos", "sqrt", "atan", "pi"]
SPECIAL = {"f02": lambda x: mpmath.mpf(x > 0.3),
           "f25": lambda x: x + 1 if x < 1 else 3 - x if x <= 3 else mpmath.mpf(2)}


def exact_integrand(integral):
    """Return the integrand in numbers of mpmath, from its expression."""
    names = {name: getattr(mpmath, name) for name in NAMES}
    return SPECIAL.get(integral.name) or eval(f"lambda x: {integral.expression}", names)


def test_there_are_twenty_on_ranges_that_go_up():
    assert len(INTEGRALS) == 20 and all(one.a < one.b for one in INTEGRALS.values())
    assert sum(one.b == np.inf for one in INTEGRALS.values()) == 2
    assert INTEGRALS["b03"].b == np.pi / 2 and INTEGRALS["f25"].breaks == (1.0, 3.0)


@pytest.mark.parametrize("one", INTEGRALS.values(), ids=INTEGRALS)
def test_the_value_is_that_of_the_integrand(one):
    with mpmath.workdps(30):
        upper = {np.pi: mpmath.pi, np.pi / 2: mpmath.pi / 2}.get(one.b, mpmath.mpf(one.b))
        parts = [one.a, *one.breaks, upper]
        if one.name == "f13":  # fifty waves
            parts = [mpmath.mpf(k) / 50 for k in range(51)]
        if one.name == "f02":
            parts[1] = mpmath.mpf("0.3")
        found = mpmath.quad(exact_integrand(one), parts)
        assert abs(found - mpmath.mpf(one.decimals)) <= mpmath.mpf("1e-15") * abs(found)
    assert one.value == float(one.decimals)


@pytest.mark.parametrize("one", INTEGRALS.values(), ids=INTEGRALS)
def test_the_integrand_takes_arrays_and_follows_its_expression(one):
    x = np.random.default_rng(5).uniform(one.a, min(one.b, 9.0), 20)
    values, exact = one.f(x), exact_integrand(one)
    assert values.shape == x.shape
    for point, value in zip(x, values, strict=True):
        # sin(100 pi x) is evaluated at an x of relative error u.
        assert abs(exact(mpmath.mpf(point)) - value) <= 2000 * 2.0**-53 * max(1, abs(value))


def test_a_changed_value_would_be_seen():
    with mpmath.workdps(30):
        found = mpmath.quad(exact_integrand(INTEGRALS["f01"]), [0, 1])
        assert abs(found - mpmath.mpf("1.71828182845904")) > mpmath.mpf("1e-15") * found
