"""Sums and products of two floats lose nothing, or are refused."""

import re
from decimal import Decimal, localcontext
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.numbers import (
    two_prod,
    two_sum,
)
from tests.hostile import edges, exact, floats, same, steady

DTYPES = (np.float64, np.float32, np.float16)


def fraction_sum(x):
    """Return the exact sum of x."""
    return sum((Fraction(float(term)) for term in x), Fraction(0))


def pair(rng, n, dtype, low, high):
    """Return two arrays of both signs with sizes from low to high."""
    size = np.exp(rng.uniform(np.log(low), np.log(high), (2, n)))
    return np.clip(size, low, high).astype(dtype) * rng.choice([-1, 1], (2, n)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_two_sum_loses_nothing(dtype):
    info = np.finfo(dtype)
    a, b = pair(np.random.default_rng(422), 3000, dtype, float(info.tiny), float(info.max) / 4)
    s, e = two_sum(a, b)
    assert s.dtype == e.dtype == dtype and np.array_equal(s, a + b)
    for terms in zip(a, b, s, e, strict=True):
        assert fraction_sum(terms[:2]) == fraction_sum(terms[2:])


@pytest.mark.parametrize("dtype", DTYPES)
def test_only_the_largest_float_as_second_term_overflows_on_the_way(dtype):
    largest = np.finfo(dtype).max
    below = np.nextafter(largest, dtype(0))
    with np.errstate(all="ignore"):
        for k in range(1, 40):
            small = dtype(k) * (largest - below) / dtype(4)
            for a in (-small, -largest / dtype(k)):
                s, e = two_sum(a, largest)
                assert np.isfinite(s) and (np.isnan(e) or exact(s) + exact(e) == exact(
                    a) + exact(largest))
                for terms in ((largest, a), (a, below), (below, a), (largest, -largest)):
                    assert fraction_sum(two_sum(*terms)) == fraction_sum(terms)
        assert np.isnan(two_sum(dtype(-3) * (largest - below) / dtype(2), largest)[1])
        assert np.isnan(two_sum(largest, largest)[1])


def test_two_sum_needs_its_six_operations():
    # Dekker's three are enough only if the larger term comes first.
    a, b = 1.0, 1e16
    s = a + b
    assert two_sum(a, b) == (s, 1.0)
    assert b - (s - a) != 1.0


# "in float64 for factors between 1e-145 and 1e150 (float32: 1e-15 and 1e15; float16: ...)"
LIMITS = {dtype: tuple(map(float, pair)) for dtype, pair in zip(DTYPES, re.findall(
    r"(\S+)\s+and\s+([\de.]+)", two_prod.__doc__.partition("between")[2]), strict=False)}


def test_the_limits_of_two_prod_are_read_from_its_docstring():
    assert list(LIMITS.values()) == [(1e-145, 1e150), (1e-15, 1e15), (0.25, 200)]


@pytest.mark.parametrize(("dtype", "low", "high"), [(d, *pair) for d, pair in LIMITS.items()])
def test_two_prod_loses_nothing_within_its_limits(dtype, low, high):
    rng = np.random.default_rng(71)
    for a, b in (pair(rng, 2000, dtype, low, high), pair(rng, 500, dtype, low, 2 * low)):
        p, e = two_prod(a, b)
        assert p.dtype == e.dtype == dtype and np.array_equal(p, a * b)
        for x, y, high_part, low_part in zip(a, b, p, e, strict=True):
            assert Fraction(float(x)) * Fraction(float(y)) == fraction_sum([high_part, low_part])


@pytest.mark.parametrize("dtype", DTYPES)
def test_two_prod_loses_bits_beyond_ten_thousand_times_its_limits(dtype):
    low, high = LIMITS[dtype]
    a = dtype(low / 3e4 if dtype != np.float16 else low / 30)
    p, e = two_prod(a, a)
    assert exact(a) ** 2 != fraction_sum([p, e])
    with np.errstate(all="ignore"):
        assert not np.isfinite(two_prod(dtype(high * 3e4), dtype(high * 3e4))[1])


def test_two_prod_broadcasts_and_keeps_the_dtype_beside_a_python_float():
    p, e = two_prod(np.float32([[1.1], [1.3]]), np.float32([1.7, 1.9]))
    assert p.shape == e.shape == (2, 2)
    assert two_prod(np.float32([1.1]), 0.5)[0].dtype == np.float32


@pytest.mark.parametrize("a, b", [
    (2**53 + 1, 1.0), (10**400, 1.0), (np.float32(1), 0.1), (np.float32([1]), 1e300),
    (np.int64(2**62 + 1), 1.0), (np.array([2**60 + 1]), np.ones(1)), (np.float32(1), 2**24 + 1),
    (np.float16(1), 2049), (1.0, np.uint64(2**64 - 1))], ids=lambda value: type(value).__name__)
def test_what_would_be_rounded_before_it_is_used_is_refused(a, b):
    for f, pair in ((two_sum, (a, b)), (two_sum, (b, a)), (two_prod, (a, b)), (two_prod, (b, a))):
        with pytest.raises(ValueError, match=r"\b[ab] holds numbers that float\d\d would round: "):
            f(*pair)


@pytest.mark.parametrize("a, b", [
    (2**53 + 1, 1), (2**53 + 2, 1.0), (np.float32(1), 0.5), (np.float32(1), np.float64(0.1)),
    (np.int64(2**62), np.int64(2**62)), (True, True), (np.True_, np.True_), (True, 1.5),
    (np.float32(1), 2**24), (np.uint8(200), np.uint8(100)), (10**400, 10**400), (1, 2.0**-60)],
    ids=lambda value: type(value).__name__)
def test_numbers_of_two_kinds_are_added_exactly(a, b):
    s, e = two_sum(a, b)
    assert exact(s) + exact(e) == exact(a) + exact(b)
    if isinstance(s, float | np.floating):
        assert fraction_sum(two_prod(a, b)) == exact(a) * exact(b)


def test_infinities_and_nans_of_python_fit_every_format():
    with np.errstate(invalid="ignore"):
        assert two_sum(np.float32([1]), np.inf)[0] == np.inf
        assert np.isnan(two_prod(np.float32([1]), np.nan)[0])


@pytest.mark.parametrize("a", [3, np.arange(3), 1j])
def test_two_prod_refuses_what_is_no_float(a):
    with pytest.raises(TypeError, match=r"convert with \.astype\(float\)"):
        two_prod(a, a)


@steady
@given(st.sampled_from(DTYPES).flatmap(lambda dtype: st.tuples(floats(dtype), floats(dtype))))
def test_two_sums_and_two_products_of_any_floats_are_exact_within_their_limits(pair):
    info, limits = np.finfo(pair[0]), LIMITS[type(pair[0])]
    with np.errstate(all="ignore"):
        (s, e), (p, q) = two_sum(*pair), two_prod(*pair)
    if np.isfinite(pair).all() and abs(s) <= info.max / 2:
        assert exact(s) + exact(e) == fraction_sum(pair)
    if all(limits[0] <= abs(x) <= limits[1] for x in pair):
        assert exact(p) + exact(q) == exact(pair[0]) * exact(pair[1])


def test_sums_and_products_of_what_lies_at_the_edge():
    for dtype in DTYPES:
        for a in edges(dtype):
            with np.errstate(all="ignore"):
                s, e = two_sum(a, dtype(0))
            assert same(s, a + dtype(0)) and (e == 0) == bool(np.isfinite(a))
    assert two_sum(1, 2**70) == (2**70 + 1, 0) and two_sum(Fraction(1, 3), 1)[1] == 0
    assert two_prod([1.0], [2.0])[0].tolist() == [2.0]
    assert two_prod(np.float32(0.1), 3)[0].dtype == np.float32


def objects(*parts):
    return np.array(parts, dtype=object)


@pytest.mark.parametrize(("a", "b", "words"), [
    (objects(2**53 + 1), 1.0, "9007199254740993 is beside a float"),
    (1.0, objects(2**53 + 1), "9007199254740993 is beside a float"),
    ([2**70 + 1, 1], 0.5, "1180591620717411303425 is beside a float"),
    (objects(2**2000), 1.0, "a whole number of 2001 bits is beside"),
    (objects(Fraction(1, 3)), objects(0.5), "1/3 is a fraction beside a float"),
    (objects(np.float32(1)), objects(2**25 + 1), "33554433 is beside a float"),
    ([2**53 + 1, 0.5], [0.0, 0.0], "a holds 9007199254740993 beside floats"),
])
def test_two_sum_refuses_objects_that_would_be_rounded_first(a, b, words):
    with pytest.raises(ValueError, match=words):
        two_sum(a, b)


@pytest.mark.parametrize(("a", "b"), [
    (2**70, [1, 2]),
    (objects(2**70, 1), 0.5),
    (objects(Fraction(1, 3), 0.5), objects(Fraction(1, 7), 0.25)),
    (objects(2**70 + 1, 1), np.array([3, 4])),
])
def test_two_sum_of_objects_is_exact_where_it_is_not_refused(a, b):
    sums, errors = two_sum(a, b)
    terms = np.broadcast_arrays(np.array(a, dtype=object), np.array(b, dtype=object))
    for s, e, x, y in zip(sums, errors, *terms, strict=True):
        assert Fraction(s) + Fraction(e) == Fraction(x) + Fraction(y)


@pytest.mark.parametrize("z", [0.1j, np.complex128(0.1j), np.complex64(0.5)])
def test_a_fraction_beside_a_complex_number_is_refused_as_beside_a_float(z):
    for a, b in ((Fraction(1, 3), z), (z, Fraction(1, 3)), ([Fraction(1, 3)], z)):
        with pytest.raises(ValueError, match="is a fraction beside a float, which would round it"):
            two_sum(np.array(a, dtype=object) if isinstance(a, list) else a, b)
    with pytest.raises(ValueError, match="round"):
        two_sum(2**70 + 1, z)


@pytest.mark.parametrize("b", [0.5, np.array([0.5]), Fraction(1, 2)])
def test_decimals_beside_other_numbers_are_refused_by_name(b):
    with pytest.raises(TypeError, match=r"a, b holds .* and the two do not add: convert"):
        two_sum(Decimal("0.1"), b)


def true(x):
    """Return a real number of mpmath, or of another kind, as a fraction."""
    return Fraction(*mpmath.libmp.to_rational(x._mpf_)) if hasattr(x, "_mpf_") else exact(x)


with mpmath.workprec(200):
    LONG = mpmath.mpf(1) / 3
LARGE = 2**200


@pytest.mark.parametrize(("a", "b"), [
    (mpmath.mpf(1), 2**200 + 1), (mpmath.mpf(1), LONG), (LONG, LONG), (LONG, 1.0),
    (mpmath.mpc(1), LONG), (Decimal(1), 2**200), (Decimal(1), Decimal("0." + 40 * "3")),
    (objects(mpmath.mpf(1), 1), objects(2**200 + 1, 1)), (mpmath.mpf(1), np.longdouble(1) / 3)])
def test_what_is_longer_than_the_working_precision_is_refused(a, b):
    if isinstance(b, np.longdouble) and np.finfo(b.dtype).nmant == 52:
        pytest.skip("longdouble is float64 here")
    for pair in ((a, b), (b, a)):
        with pytest.raises(ValueError, match=r"more digits than (mpf|mpc|Decimal) keeps: raise"):
            two_sum(*pair)
    with mpmath.workprec(20), pytest.raises(ValueError, match="than mpf keeps"):
        two_sum(mpmath.mpf(1), 0.1)


@pytest.mark.parametrize("a", [mpmath.mpf(1), mpmath.mpc(1, 1), mpmath.pi])
@pytest.mark.parametrize("b", [Fraction(1, 2), Fraction(1, 3), Decimal("0.1")])
def test_numbers_of_mpmath_beside_fractions_and_decimals_are_refused(a, b):
    for pair in ((a, b), (b, a), (objects(a), b)):
        with pytest.raises(TypeError, match=r"a, b holds .* beside .*, and the two do not add"):
            two_sum(*pair)


@pytest.mark.parametrize("a", [mpmath.mpf(1) / 3, mpmath.mpf(2) ** 70, Decimal(1) / 3, +mpmath.pi])
@pytest.mark.parametrize("b", [3, -(2**52), True, LARGE, 0.1, np.float32(0.1), np.longdouble(0.5),
                               np.int64(2**53 - 1), np.True_, "same"])
def test_numbers_of_a_working_precision_are_added_exactly(a, b):
    b = a / 1000 if isinstance(b, str) else b
    if isinstance(a, Decimal) and (isinstance(b, float | np.floating) or b is LARGE):
        return  # refused, as is tried above
    for x, y in ((a, b), (b, a), (objects(a), b)):
        s, e = two_sum(x, y)
        assert true(np.ravel(s)[0]) + true(np.ravel(e)[0]) == true(a) + true(b)


@steady
@given(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7), st.integers(0, 9))
def test_two_sum_is_exact_in_decimal_digits_and_in_few_bits(a, b, shift):
    with localcontext(prec=8), mpmath.workprec(24):
        for x, y in ((Decimal(a), Decimal(b).scaleb(-shift)),
                     (mpmath.mpf(a), mpmath.ldexp(mpmath.mpf(b), -3 * shift))):
            s, e = two_sum(x, y)
            assert true(s) + true(e) == true(x) + true(y)


@pytest.mark.parametrize(("a", "b", "right"), [
    (np.int64(2**62), np.int64(2**62), 2**63), (np.True_, np.True_, 2),
    (np.uint8(200), np.uint8(100), 300), (np.int64(2**62), Fraction(1, 3), 2**62 + Fraction(1, 3))])
def test_whole_numbers_of_numpy_among_objects_do_not_wrap(a, b, right):
    assert two_sum(objects(a), objects(b))[0][0] == right


@pytest.mark.parametrize(("a", "b", "words"), [
    (np.float32(1), 0.1, "0.1 is beside a float32, which would round it: convert"),
    (np.float16(1), 1e300, "1e.300 is beside a float16"),
    (np.complex64(1), 0.1j, "0.1j is beside a complex64"),
    (np.float32(1), 1e300 + 0j, "beside a float32")])
def test_numbers_of_python_beside_narrow_ones_among_objects_are_refused(a, b, words):
    for pair in ((a, b), (b, a)):
        with pytest.raises(ValueError, match=words):
            two_sum(*map(objects, pair))
    assert two_sum(objects(np.float32(1)), objects(0.5))[0][0] == 1.5
    assert np.isnan(two_sum(objects(np.float32(1)), objects(np.nan))[0][0])
