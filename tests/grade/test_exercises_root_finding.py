"""The references of the chapter's checks are those of the mathematics, found another way."""

import math
import re

import numpy as np
import pytest

import chapter
from lib.calculus import newton
from lib.grade.exercises import root_finding

ROOT = 1.5213797068045676  # of x**3 - x - 2
NUMBERS = re.compile(r"^\| \d \|((?: [-\de.]+ \|){4})$", re.MULTILINE)


def f(x):
    return x**3 - x - 2


def slope(x):
    return 3 * x**2 - 1


def bisected(count):
    a, b, errors = 1.0, 2.0, []
    for _ in range(count):
        middle = (a + b) / 2
        errors.append(abs(middle - ROOT))
        a, b = (a, middle) if f(middle) > 0 else (middle, b)
    return errors


def along_chords(count):
    before, now, errors = 1.0, 2.0, []
    for _ in range(count):
        errors.append(abs(now - ROOT))
        before, now = now, now - f(now) * (now - before) / (f(now) - f(before))
    return errors


def along_tangents(count, double):
    x, errors = 2.0, []
    for _ in range(count):
        e = x - ROOT
        errors.append(abs(e))
        rise = slope(x) + f(x) / e if double and e else slope(x)
        x = x - f(x) / rise
    return errors


def test_the_printed_table_is_that_of_the_four_methods():
    made = chapter.read(chapter.ROOT / "chapters" / "root_finding.ipynb")
    rows = NUMBERS.findall(made.by_id["exercise-read"].source)
    printed = np.array([[float(x) for x in re.findall(r"[-\de.]+", row)] for row in rows])
    found = {"double": along_tangents(7, True), "secant": along_chords(7),
             "bisection": bisected(7), "Newton": along_tangents(7, False)}
    expected = np.array([found[name] for name in root_finding.METHODS]).T
    # Two or three digits are printed, and 0 for what is below rounding.
    assert printed.shape == (7, 4)
    assert np.all(np.abs(printed - expected) <= 0.05 * expected + 1e-15)


def test_ten_steps_later_the_double_root_is_as_the_reading_says():
    later = along_tangents(17, True)[-1]
    assert abs(later / root_finding.TEN_LATER - 1) < 0.02


def test_the_log_of_training_is_that_of_a_descent():
    agreement = np.array([0.5, 2.0])
    weight, found = 0.0, {}
    for step in range(1, 100_001):
        weight += np.mean(agreement / (1 + np.exp(weight * agreement)))
        if step in root_finding.LOGGED:
            found[step] = weight
    assert np.allclose(list(found.values()), list(root_finding.LOGGED.values()), atol=6e-4)
    # The formula for a million holds for a hundred thousand.
    assert abs(found[100_000] - 2 * np.log(1e5 / 8)) < 2e-3


def test_the_cycle_is_one_in_floats():
    run = newton(lambda x: x**3 - 17 * x + 44, lambda x: 3 * x**2 - 17, 1.0)
    assert run.reason == "cycle"
    assert set(run.iterates.tolist()) == {1.0, 3.0}


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_perplexity_is_that_of_the_definition(scale):
    logits = np.random.default_rng(3).normal(size=9)
    p = np.exp(logits / 0.7) / np.sum(np.exp(logits / 0.7))
    exact = np.exp(-np.sum(p * np.log(p)))
    found = root_finding.perplexity_of(5 + scale * logits, 0.7 * scale)
    # The offset of 5 costs each logit 5 u, which is divided by the temperature.
    assert abs(found / exact - 1) < 20 * 2.0**-53 * (1 + 5 / scale)


def test_perplexity_goes_from_the_ties_to_the_classes():
    tied = np.array([2.0, 2.0, 0.5, -1.0])
    assert root_finding.perplexity_of(tied, 1e-9) == 2
    assert abs(root_finding.perplexity_of(tied, 1e9) - 4) < 1e-9


def test_a_search_that_does_not_end_is_told():
    works, calls = root_finding._tried(1.0)
    with pytest.raises(RuntimeError, match="does not end"):
        for _ in range(root_finding.MOST_CALLS + 1):
            works(0.5)
    assert len(calls) > root_finding.MOST_CALLS


@pytest.mark.parametrize(("low", "high", "rtol", "bits"), [
    (1e-3, 1.0, 1e-3, 13), (1e-6, 1e3, 1e-9, 35), (1e-300, 1e300, 1e-3, 21),
    (5.0, 5.000005, 1e-3, 0)])
def test_the_calls_allowed_are_the_bits_and_three(low, high, rtol, bits):
    assert root_finding._bits(low, high, rtol) == bits
    ratio = math.log(high) - math.log(low)
    assert ratio / 2**bits <= rtol and (bits == 0 or ratio / 2 ** (bits - 1) > rtol)
    works, calls = root_finding._tried(0.9 * high)
    while high > low * (1 + rtol):
        middle = math.sqrt(low) * math.sqrt(high)
        low, high = (middle, high) if works(middle) else (low, middle)
    assert len(calls) <= bits + 1


def test_the_cycle_of_a_wrong_sign_is_the_one_that_is_told():
    a, b = -43 / 3, -28 / 3
    for x, there in ((1, 3), (3, 1)):
        assert abs(x + (x**3 + a * x + b) / (3 * x**2 + a) - there) < 1e-12
