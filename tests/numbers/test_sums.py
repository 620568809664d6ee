"""Every sum meets its bound, and every bound catches the next worse sum.

Sums are compared with rational arithmetic, in which nothing rounds.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

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
    two_prod,
    two_sum,
)

DTYPES = (np.float64, np.float32, np.float16)
SUMS = (naive_sum, pairwise_sum, kahan_sum, compensated_sum, exact_sum)


def fraction_sum(x):
    """Return the exact sum of x."""
    return sum((Fraction(float(term)) for term in x), Fraction(0))


def gamma(n, u):
    """Return n u / (1 - n u)."""
    return n * u / (1 - n * u)


def bound(function, x):
    """Return the bound that the docstring of a sum states."""
    n, u = max(len(x), 1), format_of(x.dtype).u
    size, total = fraction_sum(np.abs(x)), abs(fraction_sum(x))
    return {
        naive_sum: (n - 1) * Fraction(u) * size,
        pairwise_sum: Fraction(gamma(math.ceil(math.log2(n)), u)) * size,
        # The second-order term is stated without a constant; 8 is ample, and immaterial.
        kahan_sum: Fraction(2 * u + 8 * n * u * u) * size,
        compensated_sum: Fraction(u) * total + Fraction(gamma(n - 1, u)) ** 2 * size,
        exact_sum: Fraction(u) * total,
    }[function]


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


# --- error-free transformations ------------------------------------------------------------


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


def test_two_sum_needs_its_six_operations():
    # Dekker's three are enough only if the larger term comes first.
    a, b = 1.0, 1e16
    s = a + b
    assert two_sum(a, b) == (s, 1.0)
    assert b - (s - a) != 1.0


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [(np.float64, 1e-145, 1e150), (np.float32, 1e-15, 1e15), (np.float16, 0.25, 200)],
)
def test_two_prod_loses_nothing_within_its_limits(dtype, low, high):
    rng = np.random.default_rng(71)
    for a, b in (pair(rng, 2000, dtype, low, high), pair(rng, 500, dtype, low, 2 * low)):
        p, e = two_prod(a, b)
        assert p.dtype == e.dtype == dtype and np.array_equal(p, a * b)
        for x, y, high_part, low_part in zip(a, b, p, e, strict=True):
            assert Fraction(float(x)) * Fraction(float(y)) == fraction_sum([high_part, low_part])


def test_two_prod_loses_bits_below_its_limits():
    p, e = two_prod(1e-160 / 3, 1e-160 / 3)
    assert Fraction(1e-160 / 3) ** 2 != fraction_sum([p, e])


def test_two_prod_broadcasts_and_keeps_the_dtype_beside_a_python_float():
    p, e = two_prod(np.float32([[1.1], [1.3]]), np.float32([1.7, 1.9]))
    assert p.shape == e.shape == (2, 2)
    assert two_prod(np.float32([1.1]), 0.5)[0].dtype == np.float32


@pytest.mark.parametrize("a", [3, np.arange(3), 1j])
def test_two_prod_refuses_what_is_no_float(a):
    with pytest.raises(TypeError, match=r"convert with \.astype\(float\)"):
        two_prod(a, a)


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
    g = Fraction(gamma(2 * len(x), u))
    return abs(Fraction(float(value)) - total), Fraction(u) * abs(total) + g**2 * size


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
    """Return the relative error that n k u allows the sum of squared deviations."""
    mean, m2 = exact_moments(x)
    k = math.sqrt(1 + len(x) * mean**2 / m2)
    u = format_of(x.dtype).u
    # The bound is of first order; a second n k u covers the terms in its square.
    return len(x) * k * u * (1 + len(x) * k * u)


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
