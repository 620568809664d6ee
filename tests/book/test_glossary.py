"""What the glossary says, tried at the edge of its definitions, where it is easiest to be wrong."""

import re
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg

from environment import ROOT
from lib.linear import lu
from lib.numbers import formats

PAGE = (ROOT / "chapters" / "glossary.md").read_text(encoding="utf-8")
MEANS = {term: " ".join(text.split())
         for term, text in re.findall(r"^(\S.*)\n((?:  .*\n)+)", PAGE, re.MULTILINE)}


def held(fmt, low):
    """Return how many numbers a format holds from a power of two to the next."""
    up_to_max = round((fmt.max - low) / (low * fmt.eps)) + 1
    return min(up_to_max, 2 ** (fmt.precision - 1))


@pytest.mark.parametrize("sum_", [1.0, 1.5, -1.0])
@pytest.mark.parametrize("side", [-np.inf, np.inf])
def test_a_term_is_absorbed_below_half_the_gap_on_its_side(sum_, side):
    assert "half the gap between $S$ and its neighbour on that side" in MEANS["absorption"]
    half = (np.nextafter(sum_, side) - sum_) / 2
    assert sum_ + 0.99 * half == sum_ != sum_ + 1.01 * half


def test_only_the_last_binade_of_e4m3_lacks_a_number():
    assert "only the last one of E4M3 lacks one" in MEANS["binade"]
    named = [one for one in vars(formats).values()
             if isinstance(one, formats.Format) and one.precision > 1]
    last = {fmt: 2.0**fmt.emax for fmt in named}
    full = {fmt: 2 ** (fmt.precision - 1) for fmt in named}
    assert [fmt.name for fmt in named if held(fmt, last[fmt]) < full[fmt]] == ["e4m3"]
    assert held(formats.E4M3, 256.0) == 7 and held(formats.E4M3, 128.0) == 8


def test_the_companion_matrix_is_divided_by_the_leading_coefficient():
    assert "divided by the leading one, negated" in MEANS["companion matrix"]
    C = scipy.linalg.companion([2.0, -6.0, 4.0])
    assert C[0].tolist() == [6 / 2, -4 / 2] and C[1].tolist() == [1, 0]


@pytest.mark.parametrize("A", [[[1, 1], [1, 2]], [[1, 1, 1], [1, 2, 1], [1, 1, 2]]])
def test_growth_read_off_u_is_less_by_a_factor_n_at_most(A):
    assert "which is less by a factor $n$ at most" in MEANS["growth factor"]
    assert 1 / len(A) <= lu(np.array(A, dtype=float)).growth < 1


def test_overflow_begins_half_a_gap_beyond_the_largest_number():
    assert "nan in E4M3, which has no inf" in MEANS["overflow"]
    largest = np.finfo(np.float32).max
    half = np.float32(2.0**103)
    assert half == (largest - np.nextafter(largest, np.float32(0))) / 2
    assert largest + np.nextafter(half, np.float32(0)) == largest
    with np.errstate(over="ignore"):
        assert np.isinf(largest + half)
    assert formats.round_to(463.0, formats.E4M3) == 448
    assert np.isnan(formats.round_to(465.0, formats.E4M3))


def test_a_subnormal_may_be_exact():
    assert "it may lose bits" in MEANS["underflow"]
    assert np.ldexp(2.0**-1040, 1040) == 1 and np.ldexp(np.ldexp(4 / 3, -1040), 1040) != 4 / 3


def test_no_rounding_to_nearest_reaches_the_unit_roundoff():
    assert MEANS["unit roundoff"].startswith("The bound on the relative error")
    u = formats.E4M3.u
    x = 1 + u * np.linspace(0, 2, 1001)
    error = np.abs(formats.round_to(x, formats.E4M3) - x) / x
    assert error.max() <= u / (1 + u) < u


def test_the_rounded_matrix_of_hilbert_is_indefinite_from_order_14_on():
    assert "from order 14 on its rounded copy in float64 is not" in MEANS["Hilbert matrix"]
    signs = {n: rounded_hilbert_is_positive(n) for n in (13, 14, 15)}
    assert signs == {13: True, 14: False, 15: False}


def rounded_hilbert_is_positive(n):
    """Return whether all pivots of the matrix as stored are positive, in fractions."""
    A = [[Fraction(1 / (i + j + 1)) for j in range(n)] for i in range(n)]
    for k in range(n):
        if A[k][k] <= 0:
            return False
        for i in range(k + 1, n):
            factor = A[i][k] / A[k][k]
            A[i] = [a - factor * b for a, b in zip(A[i], A[k], strict=True)]
    return True
