"""Hard sums are as hard as they promise, and their totals exact."""

import math
from fractions import Fraction

import numpy as np
import pytest

from lib.problems import cancelling_terms


@pytest.mark.parametrize("n, condition", [(6, 4), (7, 1e3), (7, 2.0**60), (50, 1e16), (51, 1e100),
                                          (300, 1e290)])
def test_cancelling_terms_have_the_wanted_condition_and_the_stated_sum(n, condition):
    for seed in range(10, 20):
        x, total = cancelling_terms(n, condition, np.random.default_rng(seed))
        exact = sum(map(Fraction, x.tolist()))
        assert x.shape == (n,) and total == float(exact) == math.fsum(x.tolist())
        assert 0.5 <= sum(abs(Fraction(v)) for v in x.tolist()) / abs(exact) / condition <= 2


def test_cancelling_terms_defeat_a_loop_at_the_reciprocal_of_u():
    x, total = cancelling_terms(100, 2.0**53 * 1e4, np.random.default_rng(11))
    naive = 0.0
    for term in x.tolist():
        naive += term
    assert abs(naive - total) > abs(total)


@pytest.mark.parametrize("n, condition", [(5, 10), (10, 1), (6, 1e30), (100, 1e300),
                                          (100, math.nan)])
def test_cancelling_terms_refuses_what_it_cannot_build(n, condition):
    with pytest.raises(ValueError, match=f"n = {n}"):
        cancelling_terms(n, condition, np.random.default_rng(3))
