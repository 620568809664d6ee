"""Rounding is compared bit for bit with NumPy, ml_dtypes and gfloat, and with the neighbours.

ml_dtypes casts a float64 through float32 and so rounds it twice; it is therefore given
float32 input, in which every boundary of the smaller formats has neighbours of its own. gfloat
rounds float64 once, in every mode but in pure NumPy like `round_to` itself, so it is no third
opinion on what frexp and ldexp do; where its versions differ, the one for arrays is right: its
`round_float` takes nextafter(0.25, 0) for a tie of E2M1, and its block scales come from log2, which
rounds up just below a power of two. Neither is used here.
"""

import math
from fractions import Fraction

import gfloat
import ml_dtypes
import numpy as np
import pytest
from gfloat import formats as gfloat_formats
from hypothesis import given
from hypothesis import strategies as st

from lib.numbers import (
    BF16,
    E2M1,
    E2M3,
    E3M2,
    E4M3,
    E5M2,
    E8M0,
    FP16,
    FP32,
    FP64,
    TF32,
    Format,
    bits,
    format_of,
    round_to,
    ulp,
    unit_roundoff,
    values,
)
from tests.hostile import steady, vectors

DTYPES = {
    FP64: np.float64,
    FP32: np.float32,
    FP16: np.float16,
    BF16: ml_dtypes.bfloat16,
    E4M3: ml_dtypes.float8_e4m3fn,
    E5M2: ml_dtypes.float8_e5m2,
    E3M2: ml_dtypes.float6_e3m2fn,
    E2M3: ml_dtypes.float6_e2m3fn,
    E2M1: ml_dtypes.float4_e2m1fn,
}
FINITE = (E3M2, E2M3, E2M1)  # every pattern is a number
SMALL = (FP16, BF16, E4M3, E5M2, *FINITE)
GFLOAT = {
    FP64: gfloat_formats.format_info_binary64,
    FP32: gfloat_formats.format_info_binary32,
    FP16: gfloat_formats.format_info_binary16,
    BF16: gfloat_formats.format_info_bfloat16,
    E4M3: gfloat_formats.format_info_ocp_e4m3,
    E5M2: gfloat_formats.format_info_ocp_e5m2,
    E3M2: gfloat_formats.format_info_ocp_e3m2,
    E2M3: gfloat_formats.format_info_ocp_e2m3,
    E2M1: gfloat_formats.format_info_ocp_e2m1,
}
GFLOAT_MODES = {
    "nearest": gfloat.RoundMode.TiesToEven, "away": gfloat.RoundMode.TiesToAway,
    "up": gfloat.RoundMode.TowardPositive, "down": gfloat.RoundMode.TowardNegative,
    "zero": gfloat.RoundMode.TowardZero,
}
MODES = ("nearest", "away", "up", "down", "zero", "stochastic")


def patterns(fmt):
    """Return all bit patterns of a small format, as integers."""
    return np.arange(2**fmt.bits, dtype=np.uint8 if fmt.bits <= 8 else np.uint16)


def all_numbers(fmt):
    """Return what all bit patterns of a small format stand for, nan left out."""
    with np.errstate(invalid="ignore"):  # signalling nans are among the patterns
        every = patterns(fmt).view(DTYPES[fmt]).astype(np.float64)
    return every[~np.isnan(every)]


def without_nan(x, fmt):
    """Return x, without its nans where fmt has none."""
    return x if fmt.has_nan else x[~np.isnan(x)]


def cast(x, fmt):
    """Return float32 x as another library rounds it to fmt, as float64."""
    with np.errstate(all="ignore"):
        return x.astype(DTYPES[fmt]).astype(np.float64)


def assert_same_numbers(actual, desired):
    """Compare bit for bit, except that one nan is as good as another."""
    np.testing.assert_array_equal(actual, desired)
    numbers = ~np.isnan(desired)
    assert np.array_equal(np.signbit(actual)[numbers], np.signbit(desired)[numbers])


def midpoints(fmt):
    """Return all rounding boundaries, the two of overflow included."""
    v = values(fmt)
    beyond = v[-1] + ulp(fmt.max, fmt)
    v = np.concatenate([[-beyond], v, [beyond]])
    return (v[1:] + v[:-1]) / 2


def around(x):
    """Return x between its neighbours, in x's own dtype."""
    down, up = np.array([-np.inf, np.inf], dtype=x.dtype)
    return np.concatenate([np.nextafter(x, down), x, np.nextafter(x, up)])


# --- the formats ---------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", DTYPES)
def test_limits_are_those_of_the_dtype(fmt):
    info = ml_dtypes.finfo(DTYPES[fmt])
    limits = (fmt.max, fmt.eps, fmt.smallest_normal, fmt.smallest_subnormal)
    names = ("max", "eps", "smallest_normal", "smallest_subnormal")
    assert limits == tuple(float(getattr(info, name)) for name in names)
    assert (fmt.bits, fmt.precision, fmt.u) == (info.bits, info.nmant + 1, fmt.eps / 2)


def test_tf32_has_the_range_of_fp32_and_the_precision_of_fp16():
    assert (TF32.emin, TF32.emax, TF32.eps) == (FP32.emin, FP32.emax, FP16.eps)
    assert TF32.bits == 19 and str(TF32) == "tf32"


@pytest.mark.parametrize("fmt", SMALL)
def test_values_are_all_finite_patterns(fmt):
    every = all_numbers(fmt)
    assert np.array_equal(values(fmt), np.unique(every[np.isfinite(every)]))


def test_values_of_a_wide_format_are_refused():
    with pytest.raises(ValueError, match="tf32 has 2\\*\\*19"):
        values(TF32)


@pytest.mark.parametrize("dtype", [np.int64, np.complex128, object, ml_dtypes.bfloat16])
def test_a_dtype_without_format_is_refused(dtype):
    with pytest.raises(TypeError, match="float64, float32, float16; convert"):
        format_of(dtype)


# --- rounding to nearest -------------------------------------------------------------------


@pytest.mark.parametrize("fmt", SMALL)
def test_every_value_is_kept(fmt):
    every = without_nan(np.append(all_numbers(fmt), np.nan), fmt)
    for mode in MODES:
        assert_same_numbers(round_to(every, fmt, mode, rng=np.random.default_rng(5)), every)


@pytest.mark.parametrize("fmt", SMALL)
def test_every_boundary_and_its_neighbours_round_as_the_dtype_does(fmt):
    middle = midpoints(fmt)
    assert_same_numbers(round_to(middle, fmt), cast(middle.astype(np.float32), fmt))
    # A float64 beside a boundary rounds as the float32 beside it does.
    assert_same_numbers(round_to(around(middle), fmt), cast(around(middle.astype(np.float32)), fmt))


@pytest.mark.parametrize("fmt", SMALL)
def test_float32_of_every_exponent_rounds_as_the_dtype_does(fmt):
    rng = np.random.default_rng(32)
    x = rng.integers(0, 2**32, 500_000, dtype=np.uint32).view(np.float32)
    x = without_nan(np.concatenate([x, np.float32([0, -0.0, np.inf, -np.inf, np.nan])]), fmt)
    with np.errstate(invalid="ignore"):  # signalling nans are among the patterns
        x64 = x.astype(np.float64)
    assert_same_numbers(round_to(x64, fmt), cast(x, fmt))


def test_the_boundaries_catch_rounding_twice():
    x = around(midpoints(BF16))
    with np.errstate(over="ignore"):
        twice = round_to(x.astype(np.float32).astype(np.float64), BF16)
    assert np.count_nonzero(twice != round_to(x, BF16)) > len(x) / 4


def test_fp32_rounds_as_a_cast_to_float32():
    rng = np.random.default_rng(64)
    v = rng.integers(0, 0x7F800000, 200_000, dtype=np.uint32)
    v = np.concatenate(
        [v, np.arange(1000), 0x00800000 + np.arange(-9, 9), 0x7F7FFFFF - np.arange(9)]
    )
    v = v.astype(np.uint32).view(np.float32).astype(np.float64)
    x = around(np.concatenate([v, v + ulp(v, FP32) / 2, rng.normal(size=200_000)]))
    x = np.concatenate([x, -x, [0.0, -0.0, np.inf, -np.inf, np.nan]])
    assert_same_numbers(round_to(x, FP32), cast(x, FP32))


def test_tf32_rounds_as_float32_patterns_less_13_bits():
    rng = np.random.default_rng(19)
    x = rng.integers(0, 0x7F000000, 200_000, dtype=np.uint32)
    x = np.concatenate([x, np.arange(2**15, dtype=np.uint32), (x & ~np.uint32(0xFFF)) | 0x1000])
    half_to_even = x + np.uint32(0xFFF) + ((x >> 13) & 1)
    desired = (half_to_even & ~np.uint32(0x1FFF)).view(np.float32).astype(np.float64)
    assert_same_numbers(round_to(x.view(np.float32).astype(np.float64), TF32), desired)


@pytest.mark.parametrize("mode", MODES)
def test_float64_is_its_own_rounding(mode):
    rng = np.random.default_rng(53)
    x = rng.integers(0, 2**64, 100_000, dtype=np.uint64).view(np.float64)
    x = np.concatenate([x[~np.isnan(x)], [0.0, -0.0, 5e-324, FP64.max, np.inf, -np.inf, np.nan]])
    assert_same_numbers(round_to(x, FP64, mode, rng=rng), x)


@pytest.mark.parametrize("fmt", [FP32, FP16])
def test_float64_arithmetic_rounded_is_the_arithmetic_of_the_format(fmt):
    rng = np.random.default_rng(1995)
    dtype = DTYPES[fmt]
    kind = np.uint32 if fmt is FP32 else np.uint16
    a, b = rng.integers(0, 2**fmt.bits, (2, 200_000), dtype=np.uint32).astype(kind).view(dtype)
    a, b = (x[np.isfinite(a) & np.isfinite(b)] for x in (a, b))
    with np.errstate(all="ignore"):
        for op in (np.add, np.subtract, np.multiply, np.divide, lambda a, b: np.sqrt(np.abs(a))):
            ours = round_to(op(a.astype(np.float64), b.astype(np.float64)), fmt)
            assert_same_numbers(ours, op(a, b).astype(np.float64))


# --- the other modes -----------------------------------------------------------------------


@pytest.mark.parametrize("fmt", SMALL)
def test_directed_modes_give_the_neighbour_on_their_side(fmt):
    v = values(fmt)
    x = around(midpoints(fmt)[1:-1])
    above = v[np.searchsorted(v, x)]
    below = v[np.searchsorted(v, x, side="right") - 1]
    assert np.array_equal(round_to(x, fmt, "up"), above)
    assert np.array_equal(round_to(x, fmt, "down"), below)
    assert np.array_equal(round_to(x, fmt, "zero"), np.where(x > 0, below, above))


@pytest.mark.parametrize("fmt", SMALL)
def test_away_differs_from_nearest_at_every_second_boundary_only(fmt):
    middle = midpoints(fmt)[1:-1]
    away, nearest = round_to(middle, fmt, "away"), round_to(middle, fmt)
    outward = np.where(middle > 0, round_to(middle, fmt, "up"), round_to(middle, fmt, "down"))
    assert np.array_equal(away, outward)
    # On either side of zero the first boundary is one where they differ.
    assert np.count_nonzero(away != nearest) == 2 * ((len(middle) // 2 + 1) // 2)
    beside = np.setdiff1d(around(middle), middle)
    assert_same_numbers(round_to(beside, fmt, "away"), round_to(beside, fmt))


def test_directed_modes_of_fp32_bracket_x():
    x = np.random.default_rng(24).standard_cauchy(200_000)
    up, down = round_to(x, FP32, "up"), round_to(x, FP32, "down")
    assert (down < x).all() and (x < up).all()
    assert np.array_equal(np.nextafter(down.astype(np.float32), np.float32(np.inf)), up)


@pytest.mark.parametrize(
    ("mode", "above", "below"),
    [
        ("nearest", np.inf, -np.inf),
        ("away", np.inf, -np.inf),
        ("up", np.inf, -65504.0),
        ("down", 65504.0, -np.inf),
        ("zero", 65504.0, -65504.0),
        ("stochastic", np.inf, -np.inf),
    ],
)
def test_overflow_goes_where_ieee_754_sends_it(mode, above, below):
    rng = np.random.default_rng(754)
    assert_same_numbers(round_to([1e5, -1e5, 1e300], FP16, mode, rng), [above, below, above])
    assert_same_numbers(round_to([np.inf, -np.inf], FP16, mode, rng), [np.inf, -np.inf])
    assert_same_numbers(round_to([1e5, -np.inf], FP16, mode, rng, saturate=True), [65504, -65504])


def test_overflow_of_e4m3_is_nan_unless_it_saturates():
    x = [464.0, 464.0000001, -1e9, np.inf, np.nan]
    assert_same_numbers(round_to(x, E4M3), np.array([448.0, np.nan, np.nan, np.nan, np.nan]))
    saturated = round_to(x, E4M3, saturate=True)
    assert_same_numbers(saturated, np.array([448.0, 448.0, -448.0, 448.0, np.nan]))
    assert round_to(1e9, E4M3, "zero") == 448.0


@pytest.mark.parametrize("fmt", FINITE)
def test_without_nan_all_that_is_too_large_becomes_the_largest(fmt):
    x = np.array([fmt.max + ulp(fmt.max, fmt) / 2, np.nextafter(fmt.max, np.inf), 1e300, np.inf])
    for mode in MODES:
        for saturate in (False, True):
            for sign in (1, -1):
                rounded = round_to(sign * x, fmt, mode, np.random.default_rng(6), saturate)
                assert (rounded == sign * fmt.max).all()
    for call in (lambda: round_to([1.0, np.nan], fmt), lambda: bits(np.nan, fmt)):
        with pytest.raises(ValueError, match=f"x holds a nan, and {fmt} has none: remove"):
            call()


def test_the_table_of_the_four_bit_numbers():
    assert values(E2M1).tolist()[7:] == [0, 0.5, 1, 1.5, 2, 3, 4, 6]
    ties = [0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5]
    assert round_to(ties, E2M1).tolist() == [0, 1, 1, 2, 2, 4, 4]
    assert [fmt.max for fmt in FINITE] == [28, 7.5, 6]
    assert [fmt.bits for fmt in (*FINITE, E8M0)] == [6, 6, 4, 8]
    assert [len(values(fmt)) for fmt in FINITE] == [63, 63, 15]


# --- a scale -------------------------------------------------------------------------------


def as_scale(x):
    """Return float32 x as ml_dtypes rounds it to a scale, as float64."""
    with np.errstate(all="ignore"):
        return x.astype(ml_dtypes.float8_e8m0fnu).astype(np.float64)


def test_the_numbers_of_a_scale_are_its_patterns():
    every = patterns(E8M0).view(ml_dtypes.float8_e8m0fnu).astype(np.float64)
    assert np.array_equal(values(E8M0), every[:-1]) and np.isnan(every[-1])
    assert (E8M0.emin, E8M0.emax, E8M0.max) == (-127, 127, 2.0**127)
    assert E8M0.smallest_normal == E8M0.smallest_subnormal == 2.0**-127
    for code, x in enumerate(every):
        assert bits(x, E8M0) == f"{code:08b}"
    assert np.array_equal(ulp(every[:-2], E8M0), np.diff(every[:-1]))


def test_a_scale_rounds_float32_as_ml_dtypes_does():
    rng = np.random.default_rng(80)
    x = rng.integers(0, 2**32, 100_000, dtype=np.uint32).view(np.float32)
    ties = (1.5 * values(E8M0)).astype(np.float32)
    x = np.concatenate([x[~np.isnan(x)], around(ties), np.float32([0, -0.0, np.inf, 1e-45])])
    # Between its two smallest powers, where float32 is subnormal, ml_dtypes 0.6 rounds up all.
    wrong = (x > 2.0**-127) & (x < 1.5 * 2.0**-127)
    assert wrong.sum() > 50 and (as_scale(x[wrong]) == 2.0**-126).all()
    assert (round_to(x[wrong].astype(np.float64), E8M0) == 2.0**-127).all()
    x = x[~wrong]
    assert_same_numbers(round_to(x.astype(np.float64), E8M0), as_scale(x))


def test_a_scale_has_no_sign_no_zero_and_nothing_below_its_smallest():
    rng = np.random.default_rng(81)
    for mode in MODES:
        assert np.isnan(round_to([0.0, -0.0, -1.0, -np.inf, np.nan], E8M0, mode, rng)).all()
        assert round_to(5e-324, E8M0, mode, rng) == 2.0**-127
        assert round_to([3e38, np.inf], E8M0, mode, rng, saturate=True).tolist() == [2.0**127] * 2
    # The largest number is below both, and the pattern beyond it is nan.
    assert round_to(1.4 * 2.0**127, E8M0) == round_to(1e300, E8M0, "down") == 2.0**127
    assert np.isnan(round_to([1.5 * 2.0**127, np.inf], E8M0)).all()
    x = around(np.array([1.0, 2.0, 2.0**100]))
    assert np.array_equal(round_to(x, E8M0, "down"), 2.0 ** np.floor(np.frexp(x)[1] - 1))
    assert np.array_equal(round_to(x, E8M0, "up") / round_to(x, E8M0, "down"),
                          np.where(np.frexp(x)[0] == 0.5, 1, 2))


@pytest.mark.parametrize("odd", [(8, 1, True), (8, 1, False, False), (5, 3, True, False)])
def test_a_scale_or_an_infinity_without_nan_is_refused(odd):
    with pytest.raises(ValueError, match=r"precision must lie|has a nan too: leave has_nan"):
        Format("odd", *odd)


# --- gfloat, in every mode -----------------------------------------------------------------


def by_gfloat(x, fmt, mode, saturate):
    """Return x as gfloat rounds it."""
    with np.errstate(all="ignore"):
        return gfloat.round_ndarray(GFLOAT[fmt], x, GFLOAT_MODES[mode], saturate)


@pytest.mark.parametrize("saturate", [False, True])
@pytest.mark.parametrize("mode", GFLOAT_MODES)
@pytest.mark.parametrize("fmt", SMALL)
def test_every_boundary_rounds_as_in_gfloat(fmt, mode, saturate):
    x = around(midpoints(fmt))
    x = np.concatenate([x, [np.inf, -np.inf, np.nan, 0.0, -0.0, FP64.max, -FP64.max, 5e-324]])
    x = without_nan(x, fmt)
    ours = round_to(x, fmt, mode, saturate=saturate)
    # Where gfloat is not asked to saturate to a format without nan, it refuses.
    assert_same_numbers(ours, by_gfloat(x, fmt, mode, saturate or not fmt.has_nan))


@steady
@given(vectors(), st.sampled_from([*GFLOAT]), st.sampled_from([*GFLOAT_MODES]), st.booleans())
def test_any_floats_round_as_in_gfloat(x, fmt, mode, saturate):
    x = without_nan(x, fmt)
    ours = round_to(x, fmt, mode, saturate=saturate)
    assert_same_numbers(ours, by_gfloat(x, fmt, mode, saturate or not fmt.has_nan))


# --- stochastic rounding -------------------------------------------------------------------


STOCHASTIC = [(fmt, x) for fmt in (FP32, TF32, *SMALL, E8M0)
              for x in (1.1, -1.1, 0.3 * 2.0**-140, 3e-6, 5.3, 300.3)
              if abs(x) < fmt.max and (not fmt.is_scale or x > fmt.smallest_normal)]


@pytest.mark.parametrize("fmt, x", STOCHASTIC)
def test_stochastic_rounding_gives_both_neighbours_and_x_on_average(fmt, x):
    draws = 40_000
    results = round_to(np.full(draws, x), fmt, "stochastic", np.random.default_rng(2022))
    lower, upper = round_to(x, fmt, "down"), round_to(x, fmt, "up")
    assert set(results.tolist()) <= {lower, upper}
    p = (x - lower) / (upper - lower)
    # Five standard deviations of a binomial count, and one for the smallest probabilities.
    margin = 5 * math.sqrt(draws * p * (1 - p)) + 1
    assert abs(np.count_nonzero(results == upper) - draws * p) <= margin


@pytest.mark.parametrize("fmt", [E4M3, *FINITE])
def test_stochastic_rounding_is_biased_where_it_saturates(fmt):
    # Three quarters of a gap beyond the largest number there is no upper neighbour to go to.
    x = np.full(1000, fmt.max + 0.75 * ulp(fmt.max, fmt))
    rounded = round_to(x, fmt, "stochastic", np.random.default_rng(2023), saturate=True)
    assert (rounded == fmt.max).all()
    assert (round_to(-x, fmt, "stochastic", np.random.default_rng(7), True) == -fmt.max).all()


def test_the_expectation_rejects_rounding_to_nearest():
    assert abs(round_to(np.full(40_000, 1.3), E5M2).mean() - 1.3) > 10 * 0.25 / math.sqrt(40_000)


def test_stochastic_rounding_repeats_with_its_seed():
    x = np.random.default_rng(8).normal(size=(50, 20))
    first, second = (round_to(x, E4M3, "stochastic", np.random.default_rng(9)) for _ in range(2))
    assert first.shape == x.shape and np.array_equal(first, second)


# --- shapes and refusals -------------------------------------------------------------------


def test_a_scalar_gives_a_float_and_an_array_an_array():
    assert type(round_to(1, FP16)) is float and type(ulp(np.float32(1))) is float
    assert round_to([], FP16).shape == (0,) and round_to([[0.1, 1]], E4M3).shape == (1, 2)


@pytest.mark.parametrize("x", [1j, [2**53 + 1], 2**63, -(2**60), 2**70, Fraction(1, 2)])
def test_what_float64_cannot_hold_is_refused(x):
    with pytest.raises(TypeError, match="fit in float64; convert x"):
        round_to(x, FP16)


@pytest.mark.parametrize("x", [2**53, -(2**53), np.int64(-(2**53)), np.uint64(2**53), True])
def test_integers_that_are_floats_are_rounded(x):
    assert round_to(x, FP64) == x


@pytest.mark.parametrize("f", [lambda fmt: round_to(1.0, fmt), lambda fmt: ulp(1.0, fmt), values,
                               lambda fmt: bits(1.0, fmt)])
def test_what_is_no_format_is_refused_by_name(f):
    for fmt in ("fp16", np.float16, 16):
        with pytest.raises(TypeError, match=r"fmt must be a Format, such as .*FP16: got"):
            f(fmt)


@pytest.mark.parametrize("sizes", [(1, 3), (12, 3), (5, 1), (5, 54)])
def test_a_format_wider_than_float64_is_refused(sizes):
    with pytest.raises(ValueError, match="must lie between"):
        Format("odd", *sizes)
    with pytest.raises(TypeError, match=r"precision = 2\.5 is not an integer"):
        Format("odd", 5, 2.5)
    assert Format("widest", 11, 53).max == FP64.max and Format("least", 2, 2).max == 3.0


def test_rounding_past_the_largest_float64_warns_of_nothing():
    for fmt in (FP32, FP16, BF16, E5M2):
        assert round_to(FP64.max, fmt, saturate=True) == fmt.max
        assert round_to(-FP64.max, fmt, "away") == -np.inf


def test_an_unknown_mode_is_named():
    with pytest.raises(ValueError, match="'floor' is none of these: nearest, up, down, zero, away"):
        round_to(0.1, FP16, mode="floor")


def test_stochastic_needs_rng():
    with pytest.raises(ValueError, match="needs rng"):
        round_to(0.1, FP16, mode="stochastic")
    with pytest.raises(TypeError, match=r"rng = 7 is not a generator of random numbers: use np"):
        round_to(0.1, FP16, mode="stochastic", rng=7)


# --- spacing and patterns ------------------------------------------------------------------


@pytest.mark.parametrize("fmt", [FP64, FP32, FP16])
def test_ulp_is_the_gap_to_the_next_larger_number_of_the_dtype(fmt):
    rng = np.random.default_rng(11)
    kind = {64: np.uint64, 32: np.uint32, 16: np.uint16}[fmt.bits]
    x = rng.integers(0, 2**63, 50_000, dtype=np.uint64) >> np.uint64(64 - fmt.bits)
    x = x.astype(kind).view(DTYPES[fmt])
    x = x[np.isfinite(x) & (x < fmt.max)]
    expected = np.nextafter(x, np.array(np.inf, x.dtype)).astype(np.float64) - x
    assert np.array_equal(ulp(x.astype(np.float64), fmt), expected)


@pytest.mark.parametrize("x", [0.0, -0.0, 5e-324, 2.0**-1022, 1.0, -3.0, FP64.max, math.inf])
def test_ulp_of_a_float_is_math_ulp(x):
    assert ulp(x) == math.ulp(x)


@pytest.mark.parametrize("fmt", SMALL)
def test_ulp_is_the_gap_to_the_next_larger_value(fmt):
    v = values(fmt)
    v = v[v >= 0]
    assert np.array_equal(ulp(v[:-1], fmt), np.diff(v))
    assert ulp(np.nextafter(fmt.max, np.inf), fmt) == np.inf and math.isnan(ulp(np.nan, fmt))


@pytest.mark.parametrize("fmt", [E4M3, E5M2])
def test_bits_of_every_value_of_an_8_bit_format(fmt):
    for pattern in patterns(fmt):
        x = float(pattern.view(DTYPES[fmt]))
        if not math.isnan(x):
            assert bits(x, fmt).replace(" ", "") == f"{pattern:08b}"


@pytest.mark.parametrize(
    ("dtype", "kind"), [(np.float16, "u2"), (np.float32, "u4"), (np.float64, "u8")]
)
def test_bits_of_a_numpy_number_are_those_in_memory(dtype, kind):
    info = np.finfo(dtype)
    ends = [0.0, -0.0, info.max, info.tiny, info.smallest_subnormal, np.inf, -np.inf, np.nan]
    rng = np.random.default_rng(13)
    spread = np.ldexp(rng.normal(size=300), rng.integers(info.minexp - 9, info.maxexp - 3, 300))
    for x in np.concatenate([ends, spread]).astype(dtype):
        assert bits(x).replace(" ", "") == f"{x.view(kind):0{info.bits}b}"


def test_bits_shows_the_three_fields():
    assert [len(field) for field in bits(0.1).split()] == [1, 11, 52]
    assert [len(field) for field in bits(0.1, TF32).split()] == [1, 8, 10]
    assert bits(math.nan, E4M3) == "0 1111 111" and bits(1) == bits(1.0)


@pytest.mark.parametrize("x", [[1.0], np.int64(3), np.zeros(2)])
def test_bits_refuses_what_is_not_one_float(x):
    with pytest.raises(TypeError, match=r"index x first|convert"):
        bits(x)


def test_a_format_of_your_own():
    half_byte = Format("e2m1", exponent_bits=2, precision=2)
    assert values(half_byte).tolist() == [-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3]


def test_widths_of_numpy_become_whole_numbers_that_do_not_wrap():
    for kind in (np.int8, np.uint8, np.int64):
        fmt = Format("mine", kind(8), kind(24))
        assert type(fmt.exponent_bits) is type(fmt.precision) is int
        assert (fmt.max, fmt.emin, fmt.bits) == (FP32.max, FP32.emin, 32)


@pytest.mark.parametrize("arguments", [
    ("x", 12, 53), ("x", 11, 54), ("x", 1, 2), ("x", 11, 53, False), ("x", 11, 2, False)])
def test_a_format_that_leaves_float64_is_refused(arguments):
    with pytest.raises(ValueError, match="must lie between 2 and"):
        Format(*arguments)


def test_the_widest_format_without_infinity_is_inside_float64():
    fmt = Format("x", 10, 53, has_infinity=False)
    assert fmt.max == (2 - 2 * fmt.eps) * 2.0**512 and round_to(np.inf, fmt) != round_to(1.0, fmt)


@pytest.mark.parametrize("name", [None, 7, b"x"])
def test_the_name_of_a_format_is_a_text(name):
    with pytest.raises(TypeError, match=r"name = .* is not a text: use str\(name\)"):
        Format(name, 8, 24)


@pytest.mark.parametrize("dtype", [np.complex64, int, bool, "U5", None, np.longdouble, "no such"])
def test_only_real_floats_and_objects_have_a_unit_roundoff(dtype):
    with pytest.raises(TypeError, match="is none of float64, float32, float16; convert"):
        unit_roundoff(dtype)
    with pytest.raises(TypeError, match="is none of float64, float32, float16; convert"):
        format_of(dtype)


def test_the_unit_roundoff_of_each_dtype():
    for dtype, u in ((float, 2.0**-53), ("float32", 2.0**-24), (np.float16, 2.0**-11),
                     (object, 2.0**-53), (np.dtype(object), 2.0**-53), (np.dtype(">f4"), 2.0**-24)):
        assert unit_roundoff(dtype) == u


def test_arrays_in_the_place_of_an_option_are_refused_by_name():
    both = np.array([True, False])
    with pytest.raises(TypeError, match="saturate is a ndarray without"):
        round_to(1.0, FP16, saturate=both)
    with pytest.raises(TypeError, match="has_infinity is a ndarray without"):
        Format("short", 8, 3, both)
    with pytest.raises(TypeError, match=r"convert with|dtype"):
        unit_roundoff(both)
