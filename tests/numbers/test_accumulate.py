"""Simulated sums are those of NumPy's own formats, and of fractions rounded step by step."""

import math
from fractions import Fraction

import numpy as np
import pytest

from lib.numbers import (
    BF16,
    E4M3,
    E5M2,
    E8M0,
    FP16,
    FP32,
    FP64,
    TF32,
    Format,
    aligned_dot,
    naive_sum,
    round_to,
    simulated_dot,
    simulated_matmul,
    values,
)

ACCUMULATORS = (FP32, TF32, FP16, BF16)
INPUTS = (FP32, TF32, FP16, BF16, E4M3, E5M2)


def gamma(n, u):
    """Return n u / (1 - n u)."""
    return n * u / (1 - n * u)


def inputs(fmt, shape, seed, positive=False):
    """Return two arrays of numbers of a format, near 1 in size."""
    rng = np.random.default_rng(seed)
    draw = rng.random if positive else rng.standard_normal
    return round_to(draw(shape), fmt), round_to(draw(shape), fmt)


def rounded(x, fmt, mode="nearest"):
    """Return the fraction that a fraction in the normal range of fmt rounds to."""
    if not x:
        return x
    size, p = abs(x), fmt.precision
    e = size.numerator.bit_length() - size.denominator.bit_length()
    e = e if Fraction(2) ** e <= size else e - 1
    step = Fraction(2) ** (max(e, fmt.emin) - p + 1)
    way = {"nearest": round, "up": math.ceil, "down": math.floor, "zero": int}[mode]
    return way(x / step) * step


def exact_dot(x, y, fmt, products=None, block=None, outer=FP32, mode="nearest"):
    """Return the sum of vectors, rounded step by step, in fractions."""
    n, total = len(x), Fraction(0)
    terms = [Fraction(a) * Fraction(b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    terms = [rounded(t, products, mode) for t in terms] if products else terms
    for first in range(0, n, block or n):
        part = Fraction(0)
        for term in terms[first : first + (block or n)]:
            part = rounded(part + term, fmt, mode)
        total = rounded(total + part, outer, mode) if block else part
    return total


def exact(x, y):
    """Return sum(x y) and sum(|x y|) as fractions."""
    terms = [Fraction(a) * Fraction(b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    return sum(terms), sum(map(abs, terms))


# --- step by step --------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["nearest", "up", "down", "zero"])
@pytest.mark.parametrize("fmt", ACCUMULATORS)
@pytest.mark.parametrize("kind", INPUTS)
def test_every_step_is_rounded_once(kind, fmt, mode):
    x, y = inputs(kind, (3, 40), seed=51)
    x[1] *= 2.0 ** np.random.default_rng(52).integers(-6, 6, 40)
    for products, block in ((None, None), (fmt, None), (FP16, None), (None, 7), (BF16, 40)):
        sums = simulated_dot(x, y, fmt, products, block, mode=mode)
        for row in range(3):
            assert Fraction(sums[row]) == exact_dot(x[row], y[row], fmt, products, block, FP32,
                                                    mode)


@pytest.mark.parametrize("mode", ["nearest", "up", "down", "zero"])
@pytest.mark.parametrize("fmt", [FP32, TF32, BF16])
def test_so_it_is_for_numbers_of_very_different_sizes(fmt, mode):
    rng = np.random.default_rng(50)
    x, y = rng.choice(values(E5M2), (2, 40, 12)) * (1 + 2.0**-12 * rng.integers(0, 3, (2, 40, 12)))
    y *= np.exp2(rng.integers(-40, 40, (40, 12)))
    for products, block in ((None, None), (None, 4), (fmt, 3)):
        sums = simulated_dot(x, y, fmt, products, block, fmt, mode)
        for row in range(40):
            assert Fraction(sums[row]) == exact_dot(x[row], y[row], fmt, products, block, fmt, mode)


@pytest.mark.parametrize("fmt, dtype", [(FP32, np.float32), (FP16, np.float16)])
def test_products_and_sums_of_one_format_are_those_of_its_dtype(fmt, dtype):
    x, y = inputs(fmt, (5, 300), seed=53)
    sums = simulated_dot(x, y, fmt, products=fmt)
    for a, b, total in zip(x.astype(dtype), y.astype(dtype), sums, strict=True):
        assert total == naive_sum(a * b)


def test_rounding_the_sum_of_float64_again_would_be_wrong():
    # The second product is a little less than half a gap, and float64 takes it for half of one.
    x, y = np.array([1 + 2.0**-23, 2.0**-24 * (1 + 2.0**-23)]), np.array([1, 1 - 2.0**-23])
    assert round_to(x @ y, FP32) == 1 + 2.0**-22
    assert simulated_dot(x, y, FP32) == 1 + 2.0**-23 == exact_dot(x, y, FP32)
    # A product on a boundary of the accumulator, beside a total that float64 drops.
    x, y = np.array([2.0**-80, 1 + 2.0**-4]), np.array([1, 1 + 2.0**-4])
    assert round_to(x @ y, BF16) == 1.125
    assert simulated_dot(x, y, BF16) == 1.1328125 == exact_dot(x, y, BF16)
    # Towards +inf a number of the format is a boundary itself.
    x = np.array([1.0, 2.0**-80])
    assert simulated_dot(x, np.ones(2), FP16, mode="up") == 1 + FP16.eps
    assert simulated_dot(x, np.ones(2), FP16, mode="down") == 1


def test_a_matrix_product_is_its_inner_products():
    A, B = inputs(FP16, (7, 30), seed=54)
    for fmt in ACCUMULATORS:
        C = simulated_matmul(A, B.T, fmt, block=8)
        assert C.shape == (7, 7)
        for i in range(7):
            assert np.array_equal(C[i], simulated_dot(A[i], B, fmt, block=8))
    assert simulated_matmul(np.ones((2, 0)), np.ones((0, 3)), FP16).tolist() == [[0] * 3] * 2


# --- bounds --------------------------------------------------------------------------------


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("fmt", [FP16, BF16, TF32, FP32])
def test_errors_meet_the_bounds_of_the_docstring(fmt, positive):
    for n in (1, 10, 100):
        x, y = inputs(FP16, n, seed=55 + n, positive=positive)
        total, size = exact(x, y)
        u, rng = fmt.u, np.random.default_rng(56)
        error = abs(Fraction(simulated_dot(x, y, fmt)) - total)
        assert error <= gamma(n, u) * size
        for mode in ("zero", "up", "stochastic"):
            found = simulated_dot(x, y, fmt, mode=mode, rng=rng)
            assert abs(Fraction(found) - total) <= gamma(n, 2 * u) * size
        for v in (BF16, FP16):
            error = abs(Fraction(simulated_dot(x, y, fmt, products=v)) - total)
            assert error <= (v.u + (1 + v.u) * gamma(n, u)) * size
        for b in (1, 8, 64):
            inner, outer = gamma(b, u), gamma(-(-n // b), FP32.u)
            error = abs(Fraction(simulated_dot(x, y, fmt, block=b)) - total)
            assert error <= (inner + outer + inner * outer) * size


@pytest.mark.parametrize("fmt", [FP16, BF16, E4M3])
def test_from_n_u_1_on_a_sum_of_ones_stands_still(fmt):
    n = round(2 / fmt.u)
    assert simulated_dot(np.ones(n), np.ones(n), fmt) == n / 2
    assert simulated_dot(np.ones(n), np.ones(n), fmt, block=8) == n
    # So does the sum of blocks that are added in the same format.
    assert simulated_dot(np.ones(2 * n), np.ones(2 * n), fmt, block=2, outer=fmt) == n


def shares(fmt, n):
    """Return errors relative to sum(|x y|), of 40 sums of positive numbers."""
    x, y = inputs(BF16, (40, n), seed=57, positive=True)
    true = np.sum(x * y, axis=1)
    return np.abs(simulated_dot(x, y, fmt) / true - 1)


def test_errors_of_random_data_stay_below_sqrt_n_u_until_sums_stand_still():
    # The theorem with t = 4: its probability is cautious, and the errors are far from its limit.
    for fmt, n in ((TF32, 64), (TF32, 1024), (BF16, 64), (FP32, 1024)):
        u = fmt.u
        limit = math.exp(4 * math.sqrt(n) * u + n * u**2 / (1 - u)) - 1
        assert shares(fmt, n).max() <= limit < gamma(n, u)
    # Beyond n u = 1 the errors all have one sign, and leave sqrt(n) u behind.
    n = 4096
    assert n * BF16.u == 16 and shares(BF16, n).min() > 2 * math.sqrt(n) * BF16.u


def test_stochastic_rounding_does_not_stagnate():
    n, rng = 4096, np.random.default_rng(58)
    x, y = inputs(BF16, (50, n), seed=59, positive=True)
    true = np.sum(x * y, axis=1)
    stochastic = simulated_dot(x, y, BF16, mode="stochastic", rng=rng) / true - 1
    nearest = simulated_dot(x, y, BF16) / true - 1
    assert np.abs(stochastic).max() <= 4 * math.sqrt(n) * 2 * BF16.u
    assert abs(stochastic.mean()) <= 5 * stochastic.std() / math.sqrt(50)
    assert nearest.max() < -0.5


# --- tensor cores --------------------------------------------------------------------------


def exact_aligned(x, y, bits, group, promote):
    """Return what `aligned_dot` says of vectors, in fractions."""
    total = part = Fraction(0)
    for first in range(0, len(x), group):
        if promote and first % promote == 0:
            total, part = rounded(total + part, FP32), Fraction(0)
        terms = [Fraction(a) * Fraction(b) for a, b in zip(
            x[first : first + group].tolist(), y[first : first + group].tolist(), strict=True)]
        terms.append(part)
        largest = max(map(abs, terms))
        step = Fraction(1)
        while largest >= step * 2**bits:
            step *= 2
        while largest and largest < step * 2 ** (bits - 1):
            step /= 2
        part = sum(int(t / step) * step for t in terms)
    return rounded(total + part, FP32)


@pytest.mark.parametrize("bits, group, promote", [(14, 32, None), (14, 16, 64), (25, 4, None),
                                                  (2, 1, 3), (40, 7, 7)])
def test_groups_are_cut_and_added_as_in_fractions(bits, group, promote):
    for kind in (E4M3, FP16, FP32):
        x, y = inputs(kind, (4, 150), seed=60)
        x[2] *= 2.0 ** np.random.default_rng(61).integers(-20, 20, 150)
        found = aligned_dot(x, y, bits, group, promote)
        for row in range(4):
            assert Fraction(found[row]) == exact_aligned(x[row], y[row], bits, group, promote)
            total, size = exact(x[row], y[row])
            bound = (math.ceil(150 / group) * (group + 1) * 2.0 ** (1 - bits) + 2.0**-24) * size
            assert promote or abs(Fraction(found[row]) - total) <= bound


def test_what_nobody_chooses_is_14_bits_and_32_products():
    x, y = inputs(E4M3, (20, 256), seed=64, positive=True)
    found = aligned_dot(x, y)
    assert found.tolist() == [float(exact_aligned(*row, 14, 32, None))
                              for row in zip(x, y, strict=True)]
    for others in ((13, 32), (15, 32), (14, 16), (14, 64)):  # and the test can tell them apart
        assert not np.array_equal(found, aligned_dot(x, y, *others))


def test_what_14_bits_lose_of_positive_terms_grows_with_n_unless_promoted():
    errors = {}
    for n in (512, 4096):
        x, y = inputs(E4M3, (30, n), seed=62, positive=True)
        true = np.sum(x * y, axis=1)
        errors[n] = 1 - aligned_dot(x, y) / true
        assert errors[n].min() > 0  # always too small
        assert np.max(np.abs(1 - aligned_dot(x, y, promote=128) / true)) < 2e-3
    assert 4 < np.median(errors[4096]) / np.median(errors[512]) < 32
    assert np.median(errors[4096]) > 0.01


# --- refusals ------------------------------------------------------------------------------


def test_what_has_no_exact_products_or_no_format_is_refused():
    x = np.array([0.1, 1.0])
    for call in (lambda: simulated_dot(x, x, FP16), lambda: aligned_dot(x, x),
                 lambda: simulated_dot([2.0**501], [1.0], FP16),
                 lambda: simulated_dot([1.0], [2.0**-451], FP16)):
        with pytest.raises(ValueError, match="products that float64 does not hold exactly: round"):
            call()
    longest, y = Format("p51", 11, 51), np.array([0.5, 2.0**-400])
    assert simulated_dot(x, y, longest) == exact_dot(x, y, longest)
    for fmt in (FP64, E8M0, Format("p52", 11, 52)):
        with pytest.raises(ValueError, match=r"outer = .*: sums are simulated in formats of"):
            simulated_dot([1.0], [1.0], FP16, outer=fmt)
    with pytest.raises(TypeError, match=r"products must be a Format, such as .*FP32: got 'fp16'"):
        simulated_dot([1.0], [1.0], FP16, products="fp16")
    with pytest.raises(ValueError, match=r"y\[1\] is nan: remove or replace it first"):
        simulated_dot([1.0, 1.0], [1.0, np.nan], FP16)


def test_shapes_that_do_not_fit_are_refused():
    for x, y in (([1.0], [1.0, 2.0]), (1.0, [1.0])):
        with pytest.raises(ValueError, match="have no inner products: give their last axes one"):
            simulated_dot(x, y, FP16)
    with pytest.raises(ValueError, match="do not broadcast: make their leading axes fit"):
        aligned_dot(np.ones((2, 4)), np.ones((3, 4)))
    with pytest.raises(ValueError, match="have no product: give shapes"):
        simulated_matmul(np.ones((2, 3)), np.ones((2, 3)), FP16)
    for bits, group, promote in ((41, 32, None), (14, 1025, None), (14, 32, 48)):
        with pytest.raises(ValueError, match="give at most 40 bits, groups of at most 1024, and a"):
            aligned_dot(np.ones(4), np.ones(4), bits, group, promote)
    assert simulated_dot([], [], FP16, block=3) == aligned_dot([], []) == 0
    assert type(simulated_dot([1.0], [2.0], BF16)) is float


def test_overflow_is_that_of_the_format():
    assert simulated_dot([60000.0, 60000.0], [1.0, 1.0], FP16) == np.inf
    assert math.isnan(simulated_dot([448.0, 448.0], [1.0, 1.0], E4M3))
    assert math.isnan(simulated_dot([60000.0, -60000.0], [2.0, 2.0], FP16, products=FP16))
