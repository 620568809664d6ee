"""The references of the chapter's checks are those of the mathematics, found another way."""

import math
from fractions import Fraction

import numpy as np
import pytest

from lib import digits, problems
from lib.grade.exercises import cancellation
from lib.numbers import sums


def loss(z):
    odds = math.exp(-z)
    total = 1 + odds
    p = 1 / total
    return -math.log(p)


def mended(z):
    odds = math.exp(-z)
    total = 1 + odds
    p = 1 / total
    return -math.log1p(p - 1)


def printed(x):
    return (1 - math.cos(x)) / (x * x)


def test_the_trace_shows_what_the_reading_says():
    trace = repr(digits.trace(loss, 20.0))
    made, shows, power, cure = cancellation.READING
    assert "made in the addition `1 + odds`" in trace and "lost in the log" in trace
    assert shows - made == 2 and 10.0 ** (power - 1) < math.exp(20) < 10.0**power
    assert cure == "no cure" and digits.trace(mended, 20.0).digits < 9


@pytest.mark.parametrize("x", [3.0, 0.5, 1e-3, 1.2e-8, 2e-161])
def test_one_half_is_that_of_seven_hundred_digits(x):
    exact = digits.trace(printed, x, digits=700).exact
    ours = cancellation._half(x)
    assert isinstance(ours, Fraction) and abs(float(ours) / float(exact) - 1) <= 2.0**-52


@pytest.mark.parametrize("switch", [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3])
@pytest.mark.parametrize("seed", range(2001, 2011))
def test_no_switch_between_a_polynomial_and_the_printed_formula_passes(switch, seed):
    def three_terms(x):
        return 0.5 - x * x / 24 + x**4 / 720 if x < switch else printed(x)

    assert not cancellation.check_half(three_terms, seed=seed).passed


def test_a_polynomial_with_enough_terms_passes():
    def series(x):
        terms = [(-1) ** k * x ** (2 * k) / math.factorial(2 * k + 2) for k in range(16)]
        return math.fsum(terms)

    assert cancellation.check_half(series).passed


def test_the_cosine_distance_is_that_of_sixty_digits():
    def distance(q, d):
        return 1 - np.sum(q * d) / np.sqrt(np.sum(q * q) * np.sum(d * d))

    q, way = np.random.default_rng(1859).normal(size=(2, 8))
    d = q + 1e-9 * way
    exact = digits.trace(distance, q, d).exact
    assert abs(float(cancellation._cosine_distance(q, d)) / float(exact) - 1) < 2.0**-50


def test_merged_parts_are_the_whole():
    x = np.random.default_rng(1983).integers(-50, 50, 30).astype(float)
    parts = [value for part in (x[:7], x[7:])
             for value in (Fraction(len(part)), sum(map(Fraction, part)) / len(part))]
    sizes, means = parts[::2], parts[1::2]
    spreads = [sum((Fraction(value) - mean) ** 2 for value in part)
               for part, mean in zip((x[:7], x[7:]), means, strict=True)]
    mean, spread = cancellation._merged(sizes[0], means[0], spreads[0],
                                        sizes[1], means[1], spreads[1])
    whole = sum(map(Fraction, x)) / 30
    assert mean == whole and spread == sum((Fraction(value) - whole) ** 2 for value in x)
    assert abs(float(spread) / float(sums.running_moments(x).m2) - 1) < 2.0**-48


def test_the_condition_number_explains_the_cosine():
    choice, number = cancellation.JUDGEMENT
    moved = abs(math.cos(float(np.float32(1.5707))) / math.cos(1.5707) - 1)
    argument = abs(float(np.float32(1.5707)) / 1.5707 - 1)
    assert choice == "Ben" and abs(moved / (number * argument) - 1) < 1e-3


def test_every_expression_has_a_point_where_its_plain_form_has_lost_digits():
    plain = problems.hamming_expressions()
    assert list(cancellation.PLACES) == list(plain)
    for key, args in cancellation.PLACES.items():
        assert digits.trace(plain[key].function, *args).digits < 11, key
