"""The references of a new chapter's exercises, found another way."""

import numpy as np
import pytest

from lib.grade.exercises import example


@pytest.mark.parametrize("check, size", [
    (example.check_small, 1e6), (example.check_cause, 1e7), (example.check_bound, 1e8)])
def test_the_gap_leads_to_the_next_number(check, size):
    x = np.float32(size)
    gap = float(np.nextafter(x, np.float32(np.inf)) - x)
    assert check(gap).passed and not check(2 * gap).passed
