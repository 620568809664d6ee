"""Single numbers, whole numbers and sources of randomness are told from what looks like them."""

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.numbers import appendable, random_source, real_number, truth_value, whole_number
from tests.hostile import NOT_NUMBERS


def test_every_kind_of_real_number_becomes_a_float():
    for x in (2, 2.0, True + 1, np.float32(2), np.int8(2), np.array(2.0), Fraction(2), Decimal(2)):
        assert type(real_number(x, "x")) is float and real_number(x, "x") == 2
    assert np.isnan(real_number(np.nan, "x")) and real_number(-np.inf, "x") == -np.inf


@pytest.mark.parametrize("kind", NOT_NUMBERS)
def test_what_is_no_number_is_refused_by_name(kind):
    with pytest.raises((TypeError, ValueError), match=r"(?s)\bxi\b.*[:;] "):
        real_number(NOT_NUMBERS[kind], "xi")
    with pytest.raises(TypeError, match=r"(?s)count = .* is not an integer: use int\(count\)"):
        whole_number(NOT_NUMBERS[kind], "count", 0)
    with pytest.raises(TypeError, match=r"(?s)rng = .*: use np.random.default_rng\(seed\)"):
        random_source(NOT_NUMBERS[kind])


def test_vectors_and_text_are_no_single_number():
    for x in (np.ones(1), [1.0], "1.0", 1j, None):
        with pytest.raises(TypeError, match=r"x (= .*: give a float|is of <U3|holds a NoneType)"):
            real_number(x, "x")


@pytest.mark.parametrize("huge", [10**400, -Fraction(10) ** 400])
def test_what_no_float_holds_is_refused_as_a_float(huge):
    with pytest.raises(ValueError, match=r"xi is beyond 1\.8e308, the range of floats: scale it"):
        real_number(huge, "xi")
    assert whole_number(10**400, "n", 0) == 10**400


@pytest.mark.parametrize("tiny", [Fraction(1, 10**400), Decimal("-1e-400"), mpmath.mpf(10) ** -400])
def test_what_is_below_the_floats_is_refused_and_is_not_zero(tiny):
    with pytest.raises(ValueError, match=r"xi is below 5e-324, the smallest of floats: scale it"):
        real_number(tiny, "xi")
    for zero in (0, -0.0, Fraction(0), Decimal("0e-400"), mpmath.mpf(0), np.longdouble(0)):
        assert real_number(zero, "xi") == 0
    assert real_number(Fraction(1, 2**1074), "xi") == 5e-324


def test_a_truth_value_counts_nothing():
    for n in (True, False, np.True_):
        with pytest.raises(TypeError, match=r"n = (np.)?(True|False)_? is not an integer: use int"):
            whole_number(n, "n", 0)


def test_whole_numbers_have_a_least():
    for n in (3, np.int64(3), np.uint8(3), True + 2):
        assert type(whole_number(n, "n", 3)) is int
    with pytest.raises(ValueError, match="n = 2: it must be at least 3"):
        whole_number(2, "n", 3)
    for n in (3.0, np.float64(3), "3", Fraction(3)):
        with pytest.raises(TypeError, match="is not an integer"):
            whole_number(n, "n", 0)


def test_only_a_generator_is_a_source():
    rng = np.random.default_rng(7)
    assert random_source(rng) is rng
    for wrong in (7, np.random, np.random.RandomState(7), np.random.default_rng):
        with pytest.raises(TypeError, match="is not a generator of random numbers"):
            random_source(wrong)


@pytest.mark.parametrize("kind", [Decimal, mpmath.mpf])
def test_numbers_beyond_all_floats_are_no_infinity(kind):
    for text in ("1e400", "-1e400"):
        with pytest.raises(ValueError, match="x is beyond 1"):
            real_number(kind(text), "x")
    assert real_number(kind("inf"), "x") == -real_number(kind("-inf"), "x") == float("inf")
    assert np.isnan(real_number(kind("nan"), "x")) and real_number(kind("1e308"), "x") == 1e308


def test_a_truth_value_is_one():
    for x in (True, 1, np.bool_(True), np.array([True]), "a"):
        assert truth_value(x, "pivot") is True
    assert truth_value(0, "pivot") is False
    with pytest.raises(TypeError, match="pivot is a ndarray without a single truth value: give"):
        truth_value(np.array([True, False]), "pivot")


def test_what_is_refused_is_shown_in_short():
    thirds = np.full(1000, Fraction(1, 3), dtype=object)
    for ask in (lambda: real_number(thirds, "x"), lambda: whole_number(thirds, "n"),
                lambda: random_source(thirds)):
        with pytest.raises(TypeError, match=r"= array\(\[Fraction") as caught:
            ask()
        assert len(str(caught.value)) < 200


def test_a_history_is_a_list():
    history = [1]
    assert appendable(history) is history and appendable(None) == []
    with pytest.raises(TypeError, match="history is a tuple: give a list, to be appended to"):
        appendable((1,))
