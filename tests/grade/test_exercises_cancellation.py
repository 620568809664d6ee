"""The references of the chapter's checks are those of the mathematics, found another way."""

import math
from fractions import Fraction

import numpy as np
import pytest

from lib import digits, problems
from lib.grade.exercises import cancellation
from lib.numbers import sums
from tests.grade.answers import cancellation as answers


def loss(z):
    odds = math.exp(-z)
    q = odds / (1 + odds)
    p = 1 - q
    return -math.log(p)


def no_cure(z):
    odds = math.exp(-z)
    q = odds / (1 + odds)
    p = 1 - q
    return -math.log1p(p - 1)


def cure(z):
    odds = math.exp(-z)
    q = odds / (1 + odds)
    return -math.log1p(-q)


def printed(x):
    return (1 - math.cos(x)) / (x * x)


def test_the_trace_shows_what_the_reading_says():
    trace = repr(digits.trace(loss, 20.0))
    made, shows, power, word = cancellation.READING
    assert "made in the subtraction `1 - q`" in trace
    assert "lost in the log `math.log(p)`" in trace
    assert (made, shows) == (4, 5) and 10.0 ** (power - 1) < math.exp(20) < 10.0**power
    assert word == "no cure" and digits.trace(no_cure, 20.0).digits < 9


def test_no_line_but_the_one_of_the_reading_makes_the_error():
    # What stands before it does no harm: without 1 - q nearly all digits are right.
    assert digits.trace(cure, 20.0).digits > 15


@pytest.mark.parametrize("x", [3.0, 0.5, 1e-3, 1.2e-8, 2e-161])
def test_one_half_is_that_of_seven_hundred_digits(x):
    exact = digits.trace(printed, x, digits=700).exact
    ours = cancellation._half(x)
    assert isinstance(ours, Fraction) and abs(float(ours) / float(exact) - 1) <= 2.0**-52


@pytest.mark.parametrize("switch", [1e-7, 1e-5, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5])
@pytest.mark.parametrize("terms", [1, 2, 3, 8])
def test_no_switch_between_a_polynomial_and_the_printed_formula_passes(switch, terms):
    assert not cancellation.check_half(answers.series_half(switch, terms)).passed


@pytest.mark.parametrize("switch, terms", [(0.7, 8), (1.0, 8), (1.8, 11), (4.0, 16)])
def test_a_polynomial_with_enough_terms_passes(switch, terms):
    assert cancellation.check_half(answers.series_half(switch, terms)).passed


@pytest.mark.parametrize("right", [
    lambda x: 0.5 * float(np.sinc(x / 2 / math.pi)) ** 2,
    lambda x: np.square(np.sin(x / 2) / x) * 2,
    lambda x: 0.5 if x < 1e-9 else 2 * math.sin(x / 2) ** 2 / x**2])
def test_a_half_in_another_style_passes(right):
    assert all(cancellation.check_half(right, seed=seed).passed for seed in range(3001, 3006))


FIRST_TERMS = {
    "example_3_1": lambda x: 1 / (2 * math.sqrt(x)),
    "example_3_3": lambda x, eps: eps * math.cos(x) - eps**2 / 2 * math.sin(x),
    "example_3_4": lambda x: x / 2 + x**3 / 24,
    "example_3_5": lambda N: 1 / (N * N + N + 1),
    "example_3_6": lambda x: 0.5 / x**1.5,
    "problem_3_3_1": lambda x: -1 / x**2 + 1 / x**3,
    "problem_3_3_2": lambda x, eps: eps / math.cos(x) ** 2 * (1 + eps * math.tan(x)),
    "problem_3_3_3": lambda x: 2 / x**3,
    "problem_3_3_4": lambda x: x ** (-2 / 3) / 3,
    "problem_3_3_5": lambda x, eps: -eps * math.sin(x) - eps**2 / 2 * math.cos(x),
    "problem_3_3_6": lambda N: 1 / N - 1 / (2 * N * N),
    "problem_3_3_7": lambda x: x * x,
    "p42_positive": lambda a, b, c: -c / b,
    "p42_negative": lambda a, b, c: -c / b,
    "problem_3_2_1_positive": lambda a, b2, c: -c / (2 * b2),
    "problem_3_2_1_negative": lambda a, b2, c: -c / (2 * b2),
    "example_3_7": lambda x: x + x * x / 2,
    "example_3_8": lambda N: math.log(N) + 1 / (2 * N),
    "example_3_9": lambda x: x / 3 + x**3 / 45 + 2 * x**5 / 945,
    "example_3_10": lambda x: -1 - x - x * x / 2,
    "problem_3_4_1": lambda x: 0.5 - x * x / 24,
    "problem_3_4_2": lambda a, b, eps: (1 / a + 1 / b),
    "problem_3_4_3": lambda eps: -2 * eps,
    "problem_3_4_4": lambda x: math.sqrt(2 + x + x * x / 2),
    "problem_3_4_5": lambda x: -0.5 + 9 * x * x / 40,
    "problem_3_4_6": lambda x, n: x ** (1 / n - 1) / n,
    "section_3_5": lambda a, x: a * x + (a * x) ** 2 / 2,
    "section_3_11": lambda x: 1 / x + 0.5 + x / 12}


def test_no_first_terms_pass_for_a_rewriting():
    report = cancellation.check_hamming(FIRST_TERMS)
    assert set(FIRST_TERMS) == set(problems.hamming_expressions())
    assert not [case.name for case in report.cases if case.verdict == "stable"]


def across(q, d):
    w = d - q
    w = w - (w @ q) / (q @ q) * q
    sine_squared = (w @ w) / (d @ d)
    return sine_squared / (1 + q @ d / np.sqrt((q @ q) * (d @ d)))


def weighted(n1, m1, M1, n2, m2, M2):
    n = n1 + n2
    return np.array([(n1 * m1 + n2 * m2) / n, M1 + M2 + (m2 - m1) ** 2 * n1 * n2 / n])


def from_the_larger(n1, m1, M1, n2, m2, M2):
    if n1 < n2:
        return from_the_larger(n2, m2, M2, n1, m1, M1)
    n, gap = n1 + n2, m2 - m1
    return m1 + gap * (n2 / n), M1 + M2 + gap * gap * (n1 * n2 / n)


def test_other_roads_to_a_distance_and_a_merged_batch_pass():
    for seed in range(3001, 3011):
        assert cancellation.check_near_duplicates(across, seed=seed).passed
        assert cancellation.check_merge(weighted, seed=seed).passed
        assert cancellation.check_merge(from_the_larger, seed=seed).passed


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
    assert set(cancellation.PLACES) < set(plain)
    for key in plain:
        places = cancellation.PLACES.get(key, cancellation.SMALL)
        left = [digits.trace(plain[key].function, *args).digits for args in places]
        assert left[-1] < 11 and left[0] > 14, (key, left)
