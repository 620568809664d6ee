"""Every sum meets its bound, and every bound catches the next worse sum.

Sums are compared with rational arithmetic, in which nothing rounds.
"""

import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.numbers import (
    FP64,
    Moments,
    compensated_dot,
    compensated_sum,
    exact_sum,
    format_of,
    kahan_sum,
    naive_sum,
    pairwise_sum,
    running_moments,
    sample_std,
    welford,
)
from tests.hostile import arrays, exact, same, steady, vectors

DTYPES = (np.float64, np.float32, np.float16)
SUMS = (naive_sum, pairwise_sum, kahan_sum, compensated_sum, exact_sum)


def fraction_sum(x):
    """Return the exact sum of x."""
    return sum((Fraction(float(term)) for term in x), Fraction(0))


def gamma(n, u):
    """Return n u / (1 - n u)."""
    return n * u / (1 - n * u)


def python(formula):
    """Return a formula of a docstring as Python: signs of multiplication put in, sums named."""
    for name, written in (("total", "|sum(x)|"), ("size", "sum(|x|)"), ("total", "|x @ y|"),
                          ("size", "(|x| @ |y|)"), ("levels", "ceil(log2(n))"),
                          # The term of second order has no constant; 8 is ample, and immaterial.
                          ("8 (n u**2)", "O(n u**2)")):
        formula = formula.replace(written, name)
    return re.sub(r"(?<=[\w)])(?: (?=[\w(])|(?<=\))(?=\w)|(?<=\d)(?=[a-z]))", "*", formula)


def stated(function, n, u, size, total):
    """Return the bound that the docstring of a function states, read from its text.

    So a change of the docstring alone makes the tests fail that hold the bound against examples.
    """
    text = " ".join(function.__doc__.split())
    found = re.search(r"\|s - (?:sum\(x\)|x @ y)\| <= (.+?)(?:[,:]|\.? ?(?:Raises|where))", text)
    names = {"n": n, "u": Fraction(u), "size": size, "total": total,
             "levels": math.ceil(math.log2(n))}
    for name, meaning in re.findall(r"\b([gh]) = (.+?)(?:[,:.] |$)", text):
        names[name] = eval(python(meaning), {}, names)
    return eval(python(found[1].rstrip(". ")), {}, names)


def bound(function, x):
    """Return the bound that the docstring of a sum states."""
    n, u = max(len(x), 1), format_of(x.dtype).u
    size, total = fraction_sum(np.abs(x)), abs(fraction_sum(x))
    if function is exact_sum:  # "the number of that dtype nearest to the real sum"
        return Fraction(u) * total
    return stated(function, n, u, size, total)


def error(function, x):
    """Return the exact error of a sum."""
    return abs(Fraction(float(function(x))) - fraction_sum(x))


def positive(rng, n, dtype):
    """Return terms in (0, 1)."""
    return rng.random(n).astype(dtype)


def mixed(rng, n, dtype):
    """Return terms of both signs and of sizes within a factor of 1000."""
    return (rng.normal(size=n) * 10 ** rng.uniform(-2, 1, n)).astype(dtype)


def cancelling(rng, n, dtype):
    """Return terms whose sum is u**2 times smaller than they are, or exactly zero."""
    half = rng.normal(size=(n - 1) // 2).astype(dtype)
    return rng.permutation(np.concatenate([half, -half, half[:1] * format_of(dtype).u ** 1.5]))


# --- bounds --------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("terms", [positive, mixed, cancelling])
@pytest.mark.parametrize("function", SUMS)
@pytest.mark.parametrize("n", [2, 3, 17, 400, 1023])
def test_a_sum_meets_its_bound(function, terms, n, dtype):
    # 1023 float16 terms make n u close to 1/2, where the bounds say least.
    x = terms(np.random.default_rng(n), n, dtype)
    assert function(x).dtype == dtype
    assert error(function, x) <= bound(function, x)


def absorbed_one_by_one(dtype, n=1000):
    """Return 1, and n - 1 terms that vanish when they are added to 1 one by one."""
    return np.array([1] + (n - 1) * [format_of(dtype).u], dtype=dtype)


def absorbed_by_pairs(dtype, depth=10):
    """Return 2**depth terms of which pairwise summation loses one u at every level."""
    x = np.zeros(2**depth, dtype=dtype)
    x[0] = 1
    x[2 ** np.arange(depth)] = format_of(dtype).u
    return x


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_naive_bound_is_attained(dtype):
    x = absorbed_one_by_one(dtype, n=100)
    assert error(naive_sum, x) > 0.9 * bound(naive_sum, x)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_pairwise_bound_rejects_the_naive_sum_and_is_attained(dtype):
    x = absorbed_one_by_one(dtype)
    assert error(naive_sum, x) > 10 * bound(pairwise_sum, x) > 0
    assert error(pairwise_sum, x) <= bound(pairwise_sum, x)
    x = absorbed_by_pairs(dtype)
    assert 0.9 * bound(pairwise_sum, x) < error(pairwise_sum, x) <= bound(pairwise_sum, x)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_kahan_bound_rejects_the_pairwise_sum(dtype):
    x = absorbed_by_pairs(dtype)
    assert error(pairwise_sum, x) > 1.5 * bound(kahan_sum, x)
    assert error(kahan_sum, x) <= bound(kahan_sum, x)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_compensated_bound_rejects_the_kahan_sum(dtype):
    big = 2 / format_of(dtype).u
    x = np.array([1, big, 1, -big], dtype=dtype)
    assert error(kahan_sum, x) > 100 * bound(compensated_sum, x)
    assert error(compensated_sum, x) <= bound(compensated_sum, x)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_exact_bound_rejects_the_compensated_sum(dtype):
    u = format_of(dtype).u
    x = np.array([1, u, u * u, -1, -u], dtype=dtype)
    assert error(compensated_sum, x) > bound(exact_sum, x)
    assert error(exact_sum, x) == 0


def absorbed_into_the_error(dtype, n=40):
    """Return 1, then terms that vanish beside it and round the sum of errors down, then -1."""
    u, error, terms = format_of(dtype).u, dtype(0), []
    for _ in range(n):
        candidates = [dtype(u * (1 - k * 2 * u)) for k in range(1, 64)]
        lost = [(fraction_sum([error, t]) - exact(error + t), -float(t)) for t in candidates]
        terms.append(candidates[lost.index(max(lost))])
        error = error + terms[-1]
    return np.array([1, *terms, -1], dtype=dtype)


@pytest.mark.parametrize("function, terms, share", [
    (naive_sum, absorbed_one_by_one(np.float32, n=100), 0.9),
    (pairwise_sum, absorbed_by_pairs(np.float64), 0.9),
    # Found by a search: no three float16 terms come closer to 2u.
    (kahan_sum, np.float16([0.00039315, -0.06665, -0.0020466]), 0.8),
    (compensated_sum, absorbed_into_the_error(np.float64), 0.1),
    (compensated_sum, np.array([1.0, 2.0**-53]), 0.9)])
def test_no_bound_in_a_docstring_could_be_ten_times_smaller(function, terms, share):
    assert share * bound(function, terms) < error(function, terms) <= bound(function, terms)


def test_the_bounds_are_read_from_the_docstrings():
    u, size, total = Fraction(1, 4), Fraction(10), Fraction(1, 2)
    assert stated(naive_sum, 3, u, size, total) == 2 * u * size
    assert stated(pairwise_sum, 3, u, size, total) == 2 * u / (1 - 2 * u) * size
    assert stated(kahan_sum, 3, u, size, total) == (2 * u + 8 * 3 * u**2) * size
    g = 2 * u / (1 - 2 * u)
    assert stated(compensated_sum, 3, u, size, total) == u * total + g**2 * size
    g = 2 * 3 * u / (1 - 2 * 3 * u)
    assert stated(compensated_dot, 3, u, size, total) == u * total + g**2 * size


# --- inner products ------------------------------------------------------------------------


def cancelling_factors(rng, n, dtype):
    """Return x and y, whose products cancel to a few units in their last places."""
    x, w = rng.uniform(0.6, 1.4, (2, n)).astype(dtype)
    return np.concatenate([x, x]), np.concatenate([w, -np.nextafter(w, dtype(0))])


def dot_error_and_bound(x, y, value):
    """Return the exact error of an inner product and the bound of compensated_dot."""
    u = format_of(x.dtype).u
    products = [Fraction(float(a)) * Fraction(float(b)) for a, b in zip(x, y, strict=True)]
    total, size = sum(products), sum(map(abs, products))
    bound = stated(compensated_dot, len(x), u, size, abs(total))
    return abs(Fraction(float(value)) - total), bound


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 7, 100])
def test_compensated_dot_meets_its_bound(n, dtype):
    rng = np.random.default_rng(27)
    plain = rng.uniform(0.6, 1.4, (2, n)).astype(dtype) * rng.choice([-1, 1], n).astype(dtype)
    for x, y in (plain, cancelling_factors(rng, n, dtype)):
        value = compensated_dot(x, y)
        error, bound = dot_error_and_bound(x, y, value)
        assert value.dtype == dtype and error <= bound


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_dot_bound_rejects_rounded_products(dtype):
    x, y = cancelling_factors(np.random.default_rng(28), 10, dtype)
    error, bound = dot_error_and_bound(x, y, compensated_sum(x * y))
    assert error > 100 * bound


def test_the_dot_bound_could_not_be_thirty_times_smaller():
    # It counts 2n additions of full errors; here n of them are.
    x = absorbed_into_the_error(np.float64)
    error, bound = dot_error_and_bound(x, np.ones(len(x)), compensated_dot(x, np.ones(len(x))))
    assert bound / 30 < error <= bound


def test_compensated_dot_needs_no_limits_but_those_of_the_products():
    for small, large in ((1e-200, 1e200), (5e-324, 1e308), (3e-160, 7e160)):
        x, y = np.array([small, -small, 1.0]), np.array([large, large, 0.25])
        assert compensated_dot(x, y) == 0.25
    third = np.array([1e300 / 3, 1.0])
    p = Fraction(third[0]) * Fraction(1e-300)
    y = np.array([1e-300, -float(p)])
    assert compensated_dot(third, y) == float(p - Fraction(float(p))) != 0


def test_compensated_dot_of_nothing_is_zero_and_lengths_must_agree():
    assert compensated_dot(np.array([]), np.array([])) == 0
    with pytest.raises(ValueError, match="got 2 and 3"):
        compensated_dot(np.ones(2), np.ones(3))


# --- exact sums ----------------------------------------------------------------------------


def nearest(exact, dtype):
    """Return the number of dtype nearest to a fraction, of two the even one."""
    guess = dtype(float(exact))
    ends = np.array([-np.inf, np.inf], dtype=dtype)
    numbers = [guess, *np.nextafter(guess, ends)]
    numbers = [number for number in numbers if np.isfinite(number)]
    kind = f"u{guess.itemsize}"
    return min(numbers, key=lambda c: (abs(Fraction(float(c)) - exact), int(c.view(kind)) & 1))


def assert_same_float(a, b):
    """Compare two floats bit for bit, signs of zero included."""
    assert float(a).hex() == float(b).hex()


def test_exact_sum_of_the_cases_of_cpython():
    cases = json.loads((Path(__file__).parents[1] / "data/cpython_fsum_cases.json").read_text())
    assert len(cases) == 10
    for case in cases:
        terms = np.array([float.fromhex(term) for term in case["terms"]])
        assert_same_float(exact_sum(terms), float.fromhex(case["exact_rounded"]))


def any_exponent(rng, n):
    """Return terms over all of float64, subnormals included."""
    pattern = rng.integers(0, 2**64, n, dtype=np.uint64).view(np.float64)
    return np.where(np.isfinite(pattern), pattern, 5e-324) / 2**10


def narrow(rng, n):
    """Return terms of similar size with few bits, which make many ties."""
    return np.ldexp(rng.integers(-9, 9, n).astype(float), rng.integers(-60, 0, n))


def subnormal(rng, n):
    """Return terms around the smallest normal number."""
    return rng.integers(-(2**54), 2**54, n) * 5e-324


def nothing_but_noise(rng, n):
    """Return terms that cancel except for one, far below the others."""
    half = any_exponent(rng, n)
    return rng.permutation(np.concatenate([half, -half, any_exponent(rng, 1)]))


def near_tie(rng, n):
    """Return terms that add up to just above, just below, or just on a rounding boundary."""
    half = rng.normal(size=n) * 2.0 ** rng.integers(-80, 80)
    odd = 1 + 2.0**-52 * rng.integers(0, 2)
    tie = [odd, 2.0**-53, 2.0 ** rng.integers(-1000, -60) * rng.integers(-1, 2)]
    return rng.choice([-1, 1]) * rng.permutation(np.concatenate([half, -half, tie]))


def overflowing(rng, n):
    """Return terms near the largest float64 that add up to something finite."""
    half = rng.uniform(0.5, 1, n) * FP64.max
    return np.concatenate([half, -half, [rng.normal() * 1e300]])


ADVERSARIES = (any_exponent, narrow, subnormal, nothing_but_noise, near_tie, overflowing)


@pytest.mark.parametrize("terms", ADVERSARIES)
def test_exact_sum_is_fsum_bit_for_bit(terms):
    rng = np.random.default_rng(2008)
    overflows = 0
    for n in [0, 1, 2, 3, *rng.integers(4, 60, 400)]:
        x = terms(rng, n)
        try:
            expected = math.fsum(x.tolist())
        except OverflowError:
            expected, overflows = float(fraction_sum(x)), overflows + 1
        assert_same_float(exact_sum(x), expected)
    assert (overflows > 300) == (terms is overflowing)


@pytest.mark.parametrize("terms", ADVERSARIES)
def test_exact_sum_of_many_terms_is_fsum_bit_for_bit(terms):
    x = terms(np.random.default_rng(31), 40_000)
    if terms is overflowing:
        assert_same_float(exact_sum(x), float(fraction_sum(x)))
    else:
        assert_same_float(exact_sum(x), math.fsum(x.tolist()))


def test_fsum_comparisons_reject_a_faithful_sum():
    rng = np.random.default_rng(33)
    faithful = [near_tie(rng, 0) for _ in range(200)]
    assert sum(compensated_sum(x) != math.fsum(x.tolist()) for x in faithful) > 10


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("beyond", [0.0, 2.0**-100, -(2.0**-100)])
@pytest.mark.parametrize("last", [0.0, 2.0**-8])
def test_a_narrow_sum_beside_a_tie_is_decided_by_what_float64_rounds_off(last, beyond, sign):
    # 2**15 ones, half a unit in the last place of their float32 sum, and far less than u of float64
    x = sign * np.append(np.ones(2**15), [last, 2.0**-9, beyond]).astype(np.float32)
    assert_same_float(exact_sum(x), nearest(fraction_sum(x), np.float32))
    # Rounding twice takes the sum for a tie, and goes to the even neighbour whatever is beyond.
    wrong_side = beyond < 0 if last else beyond > 0
    assert (np.float32(math.fsum(x.tolist())) != exact_sum(x)) == wrong_side


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("n", [1, 5, 200, 20_000])
def test_exact_sum_in_a_narrow_dtype_is_rounded_once(n, dtype):
    rng = np.random.default_rng(35)
    for spread in (1, 8, 20):
        x = np.ldexp(rng.normal(size=n), rng.integers(-spread, 1, n)).astype(dtype)
        assert_same_float(exact_sum(x), nearest(fraction_sum(x), dtype))
    tie = np.array([1, 2.0**-24, 2.0**-80], dtype=np.float32)
    assert exact_sum(tie) == np.nextafter(np.float32(1), np.float32(2))
    assert np.float32(math.fsum(tie.tolist())) == 1  # rounded twice


def test_exact_sum_beyond_the_largest_number_says_so():
    with pytest.raises(
        OverflowError, match=r"rounds to 2\*\*1024 or more; fp64 ends at 1.798e\+308"
    ):
        exact_sum(np.array([FP64.max, 2.0**970]))  # half a unit in the last place
    with pytest.raises(OverflowError, match="fp16 ends at"):
        exact_sum(np.full(2**15, -2, dtype=np.float16))
    assert exact_sum(np.array([FP64.max, 2.0**970, -5e-324])) == FP64.max


@pytest.mark.parametrize(
    "terms",
    [[math.inf, 1], [-math.inf, -math.inf], [math.nan, 1], [math.inf, math.nan]],
)
def test_exact_sum_of_specials_is_fsum(terms):
    assert repr(float(exact_sum(np.array(terms)))) == repr(math.fsum(terms))


def test_opposite_infinities_have_no_sum():
    with pytest.raises(ValueError, match="both inf and -inf"):
        exact_sum(np.array([math.inf, math.nan, -math.inf]))


# --- infinities, nan, and overflow on the way ----------------------------------------------


@pytest.mark.parametrize("terms, right", [
    ([1, math.inf], math.inf), ([math.inf, 1], math.inf), ([-math.inf, 1, 2], -math.inf),
    ([math.inf, -math.inf], math.nan), ([1, math.nan, math.inf], math.nan),
    ([1e308, 1e308, -1e308], math.inf), ([-1e308, -1e308, 1e308, 1.0], -math.inf)])
def test_compensated_sums_of_what_is_not_finite_are_the_plain_sum(terms, right):
    x = np.array(terms)
    with np.errstate(all="ignore"):
        for function in (naive_sum, kahan_sum, compensated_sum):
            assert same(function(x), np.float64(right))
        assert same(compensated_dot(x, np.ones(len(x))), np.float64(right))
        assert same(compensated_dot(np.ones(len(x)), -x), np.float64(-right))
    tiny = np.array([1e200, 1.0]), np.array([1e200, 1.0])
    with np.errstate(all="ignore"):
        assert compensated_dot(*tiny) == math.inf


def at_the_end(dtype):
    """Return lists of terms near the largest float, none of whose partial sums is beyond it."""
    largest = np.finfo(dtype).max
    unit = largest - np.nextafter(largest, dtype(0))
    lists = [[-1.5 * unit, largest], [largest, -1.5 * unit], [-1.5 * unit, largest, 0],
             [-1.5 * unit, largest, -largest, 1.5 * unit], [largest, unit / 4, -largest],
             [0, largest, -largest, -largest, largest, largest, -largest, 0],
             [-largest, largest, largest, -largest, unit], [1.5 * unit, -largest, 1.5 * unit, 1]]
    return [np.array(terms, dtype=dtype) for terms in lists]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("function", SUMS)
def test_no_correction_overflows_where_no_sum_does(function, dtype):
    for x in at_the_end(dtype):  # without a warning: they are errors here
        assert error(function, x) <= bound(function, x)


@pytest.mark.parametrize("dtype", DTYPES)
def test_inner_products_at_the_end_of_the_range_meet_their_bound(dtype):
    for x in at_the_end(dtype):
        for y in (np.ones(len(x), dtype), -np.ones(len(x), dtype)):
            error, bound = dot_error_and_bound(x, y, compensated_dot(x, y))
            assert error <= bound


def test_a_sum_beyond_the_range_is_told():
    # The naive sum loses the small terms and stays below the end; their sum is beyond it.
    x = np.array([FP64.max, *3 * [2.0**969]])
    assert naive_sum(x) == FP64.max
    for function in (kahan_sum, compensated_sum):
        with pytest.warns(RuntimeWarning, match="overflow"):
            assert function(x) == math.inf


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_loop_of_welford_is_that_of_the_running_moments(dtype):
    x = np.random.default_rng(1962).normal(100, 1, 50).astype(dtype)
    mean, m2 = welford(x)
    assert mean.dtype == m2.dtype == dtype
    seen = running_moments(x)
    assert (mean, m2) == (seen.mean, seen.m2)
    assert [float(value) for value in welford(x[:0])] == [0.0, 0.0]


def test_welford_takes_terms_only():
    with pytest.raises(TypeError, match="sums need a float array"):
        welford(np.arange(3))
    with pytest.raises(ValueError, match="1-D"):
        welford(np.ones((2, 2)))


@pytest.mark.parametrize("other", [3, None, 1.5, (2, 1.0, 0.0), np.ones(2)])
def test_moments_merge_with_moments_only(other):
    for moments in (Moments(0, math.nan, 0.0), Moments(2, 1.0, 0.0)):
        with pytest.raises(TypeError, match=r"other is a \w+, not Moments: give running_moments"):
            moments.merge(other)


@pytest.mark.parametrize("few, far, many, near", [
    (10, 300.0, 1000, 1.0), (1, 3e8, 1000, 1e3), (1, 1e9, 10**9, 1.0),
])
def test_the_mean_of_merged_moments_does_not_cancel(few, far, many, near):
    exact = Fraction(few * Fraction(far) + many * Fraction(near)) / (few + many)
    one, other = Moments(few, far, 0.0), Moments(many, near, 0.0)
    # Both means are above 0: no rounding is larger than u times a part of the merged mean.
    for merged in (one.merge(other), other.merge(one)):
        assert abs(Fraction(merged.mean) - exact) <= 4 * FP64.u * exact
    shifted = far + (near - far) * (many / (few + many))
    assert abs(Fraction(shifted) - exact) > 20 * FP64.u * exact


def test_a_thousandth_of_a_mean_may_be_subnormal():
    moments = running_moments(np.full(1000, np.float16(1e-3)))
    assert abs(float(moments.merge(moments).mean) - float(moments.mean)) <= 4 * 2.0**-11 * 1e-3



def test_the_sum_of_squared_deviations_is_never_negative():
    with np.errstate(all="ignore"):
        seen = running_moments(np.array([1e308, -1e308]))
        assert (seen.mean, seen.m2) == (0.0, math.inf) and seen.std == math.inf
        assert same(running_moments(np.array([1.0, math.inf])).m2, np.float64(math.nan))
        assert same(running_moments(np.array([-math.inf])).mean, np.float64(-math.inf))
        merged = Moments(2, -1e308, 0.0).merge(Moments(2, 1e308, 0.0))
    assert (merged.count, merged.mean, merged.m2) == (4, 0.0, math.inf)


@steady
@given(st.sampled_from(DTYPES).flatmap(vectors))
def test_sums_of_any_floats_meet_their_bounds_or_say_that_they_cannot(x):
    with np.errstate(all="ignore"):
        plain = naive_sum(x)
        for function in (naive_sum, pairwise_sum, kahan_sum, compensated_sum):
            total = function(x)
            assert total.dtype == x.dtype
            if np.isfinite(total):
                assert error(function, x) <= bound(function, x)
            elif np.isfinite(plain):  # the sum is beyond the range, or within its bound of the end
                end = exact(np.finfo(x.dtype).max)
                assert np.isinf(total) and abs(fraction_sum(x)) + bound(function, x) >= end
            else:
                assert same(total, plain)


@steady
@given(st.sampled_from(DTYPES).flatmap(lambda dtype: vectors(dtype, finite=True)))
def test_exact_sums_of_any_floats_are_the_nearest_or_beyond_the_range(x):
    true, fmt = fraction_sum(x), format_of(x.dtype)
    half_a_unit_more = exact(fmt.max) + Fraction(2) ** (fmt.emax - fmt.precision)
    try:
        total = exact_sum(x)
    except OverflowError:
        assert abs(true) >= half_a_unit_more
    else:
        assert abs(true) < half_a_unit_more
        with np.errstate(over="ignore"):
            assert_same_float(total, nearest(true, x.dtype.type))


@steady
@given(st.sampled_from(DTYPES).flatmap(lambda dtype: st.tuples(
    arrays((3,), dtype), arrays((3,), dtype))))
def test_inner_products_of_any_floats_meet_their_bound(pair):
    x, y = pair
    with np.errstate(all="ignore"):
        value = compensated_dot(x, y)
    if np.isfinite(value):
        error, bound = dot_error_and_bound(x, y, value)
        assert error <= bound + 3 * exact(np.finfo(x.dtype).smallest_subnormal)
    else:
        with np.errstate(all="ignore"):
            products = np.abs(x.astype(np.longdouble) * y.astype(np.longdouble))
        assert not products.sum() < np.finfo(x.dtype).max


@steady
@given(st.sampled_from(DTYPES).flatmap(lambda dtype: vectors(dtype, min_size=1)))
def test_moments_of_any_floats_are_in_range_or_not_finite(x):
    with np.errstate(all="ignore"):
        seen = running_moments(x)
    assert seen.count == len(x) and not seen.m2 < 0
    if np.isfinite(x).all():
        mean, m2 = exact_moments(x)
        info, n = np.finfo(x.dtype), len(x)
        largest, u = exact(np.max(np.abs(x))), exact(info.eps) / 2
        tiny = n * exact(info.smallest_subnormal)
        assert abs(exact(seen.mean) - mean) <= 4 * n * u * largest + 4 * tiny
        if np.isfinite(seen.m2):
            # n k u of m2 in the bound is at most n u (m2 + sqrt(n m2) |mean|).
            assert abs(exact(seen.m2) - m2) <= 8 * n * u * n * largest**2 + 4 * n * tiny
        else:
            assert 4 * n * largest**2 > exact(info.max)


# --- what the sums have in common ----------------------------------------------------------


@pytest.mark.parametrize("function", SUMS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_short_sums_keep_the_dtype(function, dtype):
    for terms in ([], [0.5], [0.5, 0.25, -0.75]):
        total = function(np.array(terms, dtype=dtype))
        assert total.dtype == dtype and total == sum(terms)


@pytest.mark.parametrize("function", [*SUMS, running_moments])
def test_integers_are_refused(function):
    with pytest.raises(TypeError, match=r"got int64; convert with x\.astype\(float\)"):
        function(np.arange(3))


@pytest.mark.parametrize("function", [*SUMS, running_moments])
def test_a_matrix_is_refused(function):
    with pytest.raises(ValueError, match=r"shape \(2, 3\); use x\.ravel\(\)"):
        function(np.ones((2, 3)))


@pytest.mark.parametrize("function", SUMS[:-1])
def test_objects_add_without_a_dtype(function):
    thirds = np.array([Fraction(k, 3) for k in range(11)], dtype=object)
    assert function(thirds) == Fraction(55, 3)
    assert function(thirds[:0]) == 0


def test_exact_sum_refuses_objects():
    with pytest.raises(TypeError, match="object is none of float64"):
        exact_sum(np.array([Fraction(1, 3)]))


def test_the_naive_sum_is_the_running_sum_of_numpy():
    x = mixed(np.random.default_rng(36), 5000, np.float32)
    assert naive_sum(x) == np.cumsum(x)[-1]


# --- running moments -----------------------------------------------------------------------


def exact_moments(x):
    """Return mean and sum of squared deviations of x, as fractions."""
    terms = [Fraction(float(term)) for term in x]
    mean = sum(terms) / len(terms)
    return mean, sum((term - mean) ** 2 for term in terms)


def moments_bound(x):
    """Return the relative error that the docstring allows the sum of squared deviations."""
    mean, m2 = exact_moments(x)
    text = " ".join(running_moments.__doc__.split())
    found = re.search(r"error of m2 is at most (.+?), where k = (.+?);", text)
    names = {"n": len(x), "u": format_of(x.dtype).u, "mean": mean, "m2": m2, "sqrt": math.sqrt}
    names["k"] = eval(python(found[2]).replace("sqrt*", "sqrt"), {}, names)
    first_order = eval(python(found[1]), {}, names)
    # The bound is of first order; a second n k u covers the terms in its square.
    return first_order * (1 + first_order)


def test_the_moments_bound_could_not_be_ten_times_smaller():
    rng = np.random.default_rng(61)
    samples = [(rng.normal(size=3) + 9).astype(np.float32) for _ in range(500)]
    worst = max(relative(running_moments(x).m2, exact_moments(x)[1]) / moments_bound(x)
                for x in samples)
    assert 0.1 < worst <= 1


def relative(value, exact):
    """Return a relative error, computed without rounding."""
    return abs(Fraction(float(value)) / exact - 1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shift", [0, 10, 1000])
@pytest.mark.parametrize("n", [2, 30, 1000])
def test_running_moments_meet_their_bound(n, shift, dtype):
    x = (np.random.default_rng(37).normal(size=n) + shift).astype(dtype)
    seen = running_moments(x)
    mean, m2 = exact_moments(x)
    u = format_of(dtype).u
    assert seen.count == n and seen.mean.dtype == seen.m2.dtype == dtype
    assert abs(Fraction(float(seen.mean)) - mean) <= 2 * n * u * max(abs(x))
    assert relative(seen.m2, m2) <= moments_bound(x)


def test_the_moments_bound_rejects_the_textbook_formula():
    x = np.random.default_rng(38).normal(size=30) + 1e6
    textbook = naive_sum(x * x) - len(x) * (naive_sum(x) / len(x)) ** 2
    assert relative(textbook, exact_moments(x)[1]) > 10 * moments_bound(x)


def test_running_std_is_within_two_digits_of_what_the_data_allow():
    # NumAcc3 of the NIST StRD: 1000000.2, then 1000000.1 and 1000000.3 in turn; std is 0.1.
    x = np.array([1000000.2] + 500 * [1000000.1, 1000000.3])
    ceiling = relative(math.sqrt(exact_moments(x)[1] / 1000), Fraction(1, 10))
    assert 0 < relative(running_moments(x).std, Fraction(1, 10)) < 100 * ceiling


@pytest.mark.parametrize("kind, u", [
    (Fraction, 0), (Decimal, 0.5e-27), (np.longdouble, np.finfo(np.longdouble).eps / 2),
    (mpmath.mpf, 2.0**-200)], ids=["fractions", "decimals", "longdouble", "mpmath"])
def test_merged_moments_keep_the_digits_of_their_kind(kind, u):
    with mpmath.workprec(200):
        x = np.array([kind(1) / k for k in (3, 7, 5, 11, 13, 17)],
                     np.longdouble if kind is np.longdouble else object)
        merged, whole = running_moments(x[:2]).merge(running_moments(x[2:])), running_moments(x)
        for one, other in ((merged.mean, whole.mean), (merged.m2, whole.m2)):
            assert type(one) is kind
            # Some ten roundings each; the deviations are about as large as the mean.
            assert abs(one - other) <= kind(40 * u) * other


@pytest.mark.parametrize("split", [0, 1, 400, 1000])
def test_merged_moments_are_those_of_the_whole(split):
    x = np.random.default_rng(39).normal(size=1000) + 100
    merged = running_moments(x[:split]).merge(running_moments(x[split:]))
    assert merged.count == 1000
    assert relative(merged.m2, exact_moments(x)[1]) <= moments_bound(x)
    assert relative(merged.mean, exact_moments(x)[0]) <= 2000 * FP64.u


def test_too_few_numbers_have_no_variance():
    empty = running_moments(np.array([]))
    assert empty.count == 0 and math.isnan(empty.mean) and empty.m2 == 0
    single = running_moments(np.array([3.0]))
    assert (single.count, single.mean, single.m2) == (1, 3.0, 0.0)
    for moments in (empty, single):
        with pytest.raises(ValueError, match="needs two numbers, there"):
            moments.variance  # noqa: B018


def test_running_moments_of_fractions_are_exact():
    x = np.array([Fraction(k, 7) for k in (1, 2, 4, 9)], dtype=object)
    assert running_moments(x) == Moments(4, Fraction(4, 7), Fraction(38, 49))


@pytest.mark.parametrize("dtype, low, high", [
    (np.float64, 1e-145, 1e153), (np.float32, 1e-15, 1e18)])
def test_moments_leave_the_range_where_the_docstring_says(dtype, low, high):
    assert f"{low:g}".replace("e-0", "e-") in running_moments.__doc__
    ends = np.array([1, 3], dtype=dtype)
    seen, right = running_moments(ends * dtype(low)), math.sqrt(2) * low
    assert abs(seen.std - right) <= 8 * np.finfo(dtype).eps * right
    assert np.isfinite(running_moments(ends * dtype(high)).m2)
    with np.errstate(all="ignore"):
        assert running_moments(ends * dtype(high) * 20).m2 == np.inf
        assert running_moments(ends * dtype(low) * dtype(1e-10) * dtype(1e-10)).m2 == 0
    assert sample_std(ends * dtype(low) * dtype(1e-15)) > 0


@pytest.mark.parametrize("dtype", DTYPES)
def test_where_only_the_naive_order_overflows_a_sum_is_right(dtype):
    # As the docstring of the module says: halves of the largest float, and its negative.
    largest = np.finfo(dtype).max
    x = np.array([largest / 2, largest / 2, largest / 2, -largest], dtype=dtype)
    with np.errstate(over="ignore"):
        assert pairwise_sum(x) == exact_sum(x) == largest / 2
        assert naive_sum(x) == kahan_sum(x) == compensated_sum(x) == np.inf


@pytest.mark.parametrize("add", [naive_sum, pairwise_sum, kahan_sum, compensated_sum, exact_sum])
def test_terms_that_do_not_add_are_refused_by_name(add):
    with pytest.raises(TypeError, match=r"x holds Decimal\('0.1'\) beside 0.5"):
        add([Decimal("0.1"), 0.5])
    with pytest.raises(OverflowError, match=r"x holds a number beyond 1.8e308 beside a float"):
        add([10**400, 1.0])
