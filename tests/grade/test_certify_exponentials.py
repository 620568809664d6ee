"""Log-sum-exp and softmax are compared with values of sixty digits."""

import re

import mpmath
import numpy as np
import pytest
import scipy.special

from lib.grade.certify import KINDS, certify
from lib.grade.certify.exponentials import measure_logsumexp, measure_softmax
from lib.grade.certify.kinds import Case
from tests.grade.certified import ran


def case_of(what, x, dtype="float64"):
    made = Case(KINDS[what], KINDS[what].trials[0], [9, 0], dtype)
    made.values["x"], made.n = np.asarray(x, dtype=float), len(x)
    return made


@pytest.mark.parametrize("x", [[0.0, -40.0], [1000.0, 1001.0, -5.0], [-2000.0] * 7, [3.0]])
def test_the_errors_are_those_of_sixty_digits(x):
    with mpmath.workdps(60):
        terms = [mpmath.exp(mpmath.mpf(v)) for v in x]
        y = mpmath.log(sum(terms))
        for off in (1e-9, 1e-3):
            (number, bound), = measure_logsumexp(float(y) + off, case_of("logsumexp", x)).values()
            assert number == pytest.approx(off / (1 + abs(float(y))), rel=1e-3, abs=0)
            assert bound == 10 * (len(x) + 1) * 2.0**-53
        p = np.array([float(term / sum(terms)) for term in terms])
    for off in (1e-9, 1e-3):
        number, _ = measure_softmax(p * (1 + off), case_of("softmax", x))["error"]
        assert number == pytest.approx(off, rel=1e-3, abs=0)


def test_what_is_masked_or_too_small_counts_as_nothing():
    assert measure_logsumexp(-np.inf, case_of("logsumexp", [-np.inf] * 3))["error"][0] == 0
    assert measure_logsumexp(0.0, case_of("logsumexp", [-np.inf] * 3))["error"][0] == np.inf
    case = case_of("softmax", [0.0, -740.0, -np.inf])
    number, bound = measure_softmax(np.array([1.0, 0.0, 0.0]), case)["error"]
    assert number == 0 and bound == 30 * 2.0**-53
    case = case_of("softmax", [1000.0, 999.0])
    assert measure_softmax(np.array([0.7, 0.3]), case)["error"][1] == 10 * (2 + 1 + 1000) * 2.0**-53


def test_shifting_is_enough_and_its_mask_has_to_be_seen():
    def shifted(x):
        m = np.max(x)
        if m == -np.inf:
            return m
        return m + np.log(np.sum(np.exp(x - m)))

    assert certify(shifted, "logsumexp", seed=61).passed
    assert certify(shifted, "logsumexp", seed=61, dtype="float32").passed
    forgotten = certify(lambda x: np.max(x) + np.log(np.sum(np.exp(x - np.max(x)))), "logsumexp",
                        seed=61)
    assert [case.name for case in forgotten.cases if case.verdict != "stable"] == ["all masked"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size, label, fault", [
    (-1.0, "probability below 0 by", "below 0: none is"),
    (1.0, "probability of -inf", "where -inf came in"),
    (0.5, "probability of -inf", "where -inf came in")])
def test_what_is_masked_is_exactly_0_and_nothing_is_below(dtype, size, label, fault):
    least = size * np.finfo(dtype).tiny

    known = {"f": lambda x: np.where(np.isneginf(x), x.dtype.type(least), scipy.special.softmax(x))}
    found = certify(known["f"], "softmax", seed=63, dtype=dtype)
    assert [row.name for row in found.cases if row.verdict != "stable"] == ["some masked"]
    assert found.verdict == "unstable" and fault in found.fault
    number = re.search(rf"{label}: (\S+) allowed: 0\n", ran(found.script, routine=known["f"]))[1]
    assert float(number) == abs(least)


def test_a_probability_may_vanish_and_no_small_one_may_be_negative():
    case = case_of("softmax", [0.0, -720.0, -np.inf])
    for p, wrong in (([1, 0, 0], []), ([1, -0.0, -0.0], []),
                     ([1, -5e-324, 0], ["probability below 0 by"]),
                     ([1, 0, 5e-324], ["probability of -inf"])):
        measured = measure_softmax(np.array(p, float), case)
        assert [name for name, (number, bound) in measured.items() if number > bound] == wrong


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_softmax_by_way_of_logsumexp_is_as_good_as_its_bound(dtype):
    for seed in range(62, 82):
        for lse in (scipy.special.logsumexp, np.logaddexp.reduce):
            assert certify(lambda x, lse=lse: np.exp(x - lse(x)), "softmax", seed=seed,
                           dtype=dtype).passed
