"""What is wrong with a number is said in numbers that a reader can use."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lib.grade.sentences import both, got, right_digits


@pytest.mark.parametrize("value, exact, said", [
    (0.01, 1.0, "too small by a factor of 100"), (1e4, 10.0, "too large by a factor of 1000"),
    (1e6, 10.0, "too large by a factor of 10**5"), (0.3, 0.6, "too small by a factor of 2"),
    (1.0, 4096.0, "too small by a factor of 4096"),
    (1.0, 2.0**14, "too small by a factor of 2**14"),
    (-1.0, 1.0, "the sign is wrong"), (-4.0, 2.0, "the sign is wrong, too large by a factor of 2"),
    (3.0, 2.0, ""), (-3.0, 2.0, ""), (0.0, 2.0, ""), (2.0, 0.0, ""), (np.nan, 2.0, ""),
    (np.inf, 2.0, ""), (1j, 2.0, ""), (9.9, 1.0, ""), (2.02, 1.0, ""), (1.001, 1.0, ""),
    (Fraction(1, 3), Fraction(2, 3), "too small by a factor of 2"),
    (Decimal(5), 10, "too small by a factor of 2"),
    (1e300, 1e-300, "too large by a factor of 10**600")])
def test_a_sign_and_powers_of_ten_and_two_are_recognised(value, exact, said):
    assert got(value, exact).partition(": ")[2] == said


@pytest.mark.parametrize("value, exact, texts", [
    (65504.0, 65519.0, ("65504", "65519")), (1.0, 1.0 + 2**-52, ("1", "1.0000000000000002")),
    (2**60, 2**60 + 1, (f"{2**60}", f"{2**60 + 1}")), (0.1, 0.1, ("0.10000000000000001",) * 2),
    (10**400, 1.0, ("1e+400", "1")), (-np.inf, -(10**400), ("-inf", "-1e+400")),
    (Fraction(1, 10**400), -0.0, ("1e-400", "-0")), (np.float32(0.5), Fraction(1, 3),
                                                   ("0.5", "0.3333")),
    (Fraction(10) ** 400, 10**400 + 1, ("1e+400",) * 2)], ids=lambda value: type(value).__name__)
def test_two_numbers_are_shown_with_the_digits_that_tell_them_apart(value, exact, texts):
    assert both(value, exact) == texts


@pytest.mark.parametrize("error, number", [
    (0.0, 0), (1.0, 0), (7.0, 0), (np.nan, 0), (np.inf, 0), (0.5, 0), (0.1, 1), (1e-5, 5),
    (3e-16, 16)])
def test_right_digits_are_counted_to_the_nearest_number(error, number):
    assert right_digits(error).startswith(f"{number} digit")
