"""Sums and variances are compared with exact arithmetic."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest

from lib.grade.certify import KINDS, certify
from lib.grade.certify.kinds import Case
from lib.grade.certify.totals import measure_sum, measure_variance
from tests.grade.certified import one_after_the_other, ran


def case_of(what, x):
    made = Case(KINDS[what], KINDS[what].trials[0], [9, 0], "float64")
    made.values["x"] = np.asarray(x)
    return made


def test_the_error_of_a_sum_is_relative_to_the_sizes():
    x = np.random.default_rng(51).normal(size=40)
    exact = sum(map(Fraction, x))
    for total in (math.fsum(x), math.fsum(x) + 1e-9, 0.0):
        (number, bound), = measure_sum(total, case_of("sum", x)).values()
        right = float(abs(Fraction(total) - exact) / sum(map(Fraction, abs(x))))
        assert number == pytest.approx(right, rel=1e-12, abs=0)
        assert bound == 10 * math.log2(80) * 2.0**-53
    assert measure_sum(np.inf, case_of("sum", x))["error"][0] == np.inf


def test_one_term_after_the_other_is_beyond_the_bound_and_pairs_are_within():
    assert certify(np.sum, "sum", seed=52).passed
    bad = [case.name for case in certify(one_after_the_other, "sum", seed=52).cases
           if case.verdict != "stable"]
    assert "small terms after a large one" in bad and "random numbers" not in bad


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_error_of_a_variance_and_its_bound(ddof):
    x = np.array([1.0, 2.0, 4.0, 9.0]) + 1000
    exact = 38 / (4 - ddof)
    (number, bound), = measure_variance(exact * (1 + 2.0**-20), case_of("variance", x)).values()
    kappa = 1004 / math.sqrt(exact)
    assert number == pytest.approx(2.0**-20, rel=1e-9, abs=0)
    assert bound == pytest.approx(8 * 2.0**-53 * (1 + kappa) + (8 * 2.0**-53 * kappa) ** 2,
                                  rel=1e-9, abs=0)


def test_equal_numbers_have_a_variance_that_is_next_to_nothing():
    case = case_of("variance", np.full(20, 1.1))
    assert measure_variance(0.0, case)["error"][0] == 0
    number, bound = measure_variance(1e-15, case)["error"]
    assert number > bound and bound < 1e-27


def test_updates_are_as_good_as_two_passes_and_one_pass_is_not():
    def welford(x):
        mean = squares = x.dtype.type(0)
        for k, value in enumerate(x, 1):
            gap = value - mean
            mean += gap / x.dtype.type(k)
            squares += gap * (value - mean)
        return squares / x.dtype.type(len(x))

    for dtype in ("float64", "float32"):
        for seed in range(530, 540):
            assert certify(welford, "variance", seed=seed, dtype=dtype).passed
            found = certify(lambda x: np.mean(x * x) - np.mean(x) ** 2, "variance", seed=seed,
                            dtype=dtype)
            assert found.verdict == "wrong" and "mean of the squares" in found.fault


@pytest.mark.parametrize("choice", [
    lambda x: len(x) % 2 or len(x) == 12, lambda x: len(x) == 2, lambda x: len(x) > 500,
    lambda x: x[0] > 1e9, lambda x: 0 < abs(x[0]) < 1e-9],
    ids=["odd or 12", "two", "many", "large", "tiny"])
def test_a_variance_divides_by_the_same_number_in_every_case(choice):
    for first in (0, 1):
        for dtype in ("float64", "float32"):
            assert certify(lambda x, ddof=first: np.var(x, ddof=ddof), "variance", seed=57,
                           dtype=dtype).passed
            known = {"f": lambda x, first=first: np.var(x, ddof=abs(first - bool(choice(x))))}
            found = certify(known["f"], "variance", seed=57, dtype=dtype)
            assert not found.passed and "by n in some cases, and by n - 1 in others" in found.fault
            before = ("n", "n - 1")[first]
            shown = ran(found.script, routine=known["f"])
            number, bound = re.search(r"error: (\S+) allowed: (\S+)", shown).groups()
            assert f"divided by {before} elsewhere, error: " in shown
            assert float(number) > float(bound)


def test_a_sum_that_is_right_at_one_length_is_right_at_none_beside_it():
    def at_a_length(x):
        return math.fsum(x) if len(x) >= 3000 else one_after_the_other(x)

    passed = [certify(at_a_length, "sum", seed=seed).passed for seed in range(540, 546)]
    assert not any(passed)


def test_an_error_that_no_order_of_terms_explains_is_not_explained_by_it():
    found = certify(lambda x: math.fsum(x[:-1]) if len(x) > 250 else math.fsum(x), "sum", seed=55)
    assert "leave terms out" in found.fault and "absorbed" not in found.fault
