"""Where a shadow would be lost: the line is told, and the remedy works."""

import cmath
import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from matplotlib.transforms import Affine2D

from lib.digits import ShadowLost, trace


def stored(x):
    z = np.zeros(3, dtype=np.float32)
    z[0] = x * 2
    return z


def added_in_place(x):
    z = np.zeros(3, dtype=np.float32)
    z += x
    return z


def advised(remedy):
    """Return a pattern of a remedy: a message quotes the line, which holds it in these tables."""
    return f"the exact value beside the float.*{remedy}"


inverse_by_another_name, qr_by_another_name = np.linalg.inv, np.linalg.qr


@pytest.mark.parametrize("f, x, remedy", [
    (lambda x: float(x) + 1, 0.1, "use the number as it is"),
    (lambda x: int(x), 2.5, "as it is, without int or float; math.floor"),
    (lambda x: int(math.sqrt(x)), 4.0, "as it is, without int or float; math.floor"),
    (lambda x: float(math.sqrt(x)), 4.0, "as it is, without int or float; math.floor"),
    (lambda x: [1, 2, 3][x], 2.0, None),
    (stored, 0.1, "np.zeros_like"),
    (added_in_place, 0.1, "np.zeros_like"),
    (lambda x: np.array([x], dtype=float), 0.1, "leave dtype out"),
    (lambda A: np.linalg.solve(A, A), np.eye(2), "write the loop out"),
    (lambda A: np.linalg.svd(A), np.eye(2), "write the loop out"),
    (lambda A: inverse_by_another_name(A), np.eye(2), "write the loop out"),
    (lambda A: qr_by_another_name(A), np.eye(2), "write the loop out"),
    (lambda x: np.fft.fft(x), np.ones(4), "write the loop out"),
    (lambda x: np.spacing(x), 0.1, "write it with other functions"),
    (lambda x: np.float64(x), 0.1, "leave the conversion to float out"),
    (lambda x: np.asarray(x, dtype=float) * 3, 0.1, "leave dtype out"),
    (lambda x: np.sum(x, dtype=np.float32), np.array([0.1, 0.2]), "leave dtype out"),
    (lambda x: x.mean(dtype=np.float64), np.array([0.1, 0.2]), "leave dtype out"),
    (lambda x: math.nextafter(x, 2.0), 0.1, "write it with other functions"),
    (lambda x: x.hex(), 0.1, "use the number as it is"),
    (lambda x: Affine2D().rotate(x), 0.1, "in rotate.*through np"),
])
def test_a_lost_shadow_is_told_with_its_line_and_a_remedy(f, x, remedy):
    if remedy is None:
        with pytest.raises(TypeError):  # plain f fails, too
            trace(f, x)
        return
    with pytest.raises(ShadowLost, match=advised(remedy)) as caught:
        trace(f, x)
    first = f.__code__.co_firstlineno
    assert first <= int(re.match(r"line (\d+)", str(caught.value))[1]) <= first + 2
    assert isinstance(caught.value, TypeError)


def test_the_remedy_of_the_message_works():
    def f(x):
        z = np.zeros_like(x)
        z[0] = x[1] * 2
        return z

    assert trace(f, np.array([1.0, 0.1])).value.tolist() == [0.2, 0]


@pytest.mark.parametrize("f, x, remedy", [
    (lambda x: x.round(3), np.array([0.12345]), r"write np.round\(x, 3\)"),
    (lambda x: x * np.longdouble(3), 0.1, "convert that number to float"),
    (lambda x: x * Fraction(1, 3), 0.1, "make floats of them first"),
    (lambda x: Decimal(x), 0.1, "make floats of them first"),
    (lambda x: cmath.sqrt(x), 0.1, "real numbers only"),
    (lambda x: np.nextafter(x, 1.0), 0.1, "write it with other functions"),
    (lambda x: math.ulp(x), 0.1, "write it with other functions"),
])
def test_other_losses_have_their_remedies(f, x, remedy):
    with pytest.raises(ShadowLost, match=advised(remedy)):
        trace(f, x)


def test_these_remedies_work():
    assert trace(lambda x: np.round(x, 3), np.array([0.12345])).digits < 3
    assert trace(lambda x: x * float(Fraction(1, 3)), 0.1).value == 0.1 * (1 / 3)
    assert trace(lambda x: x * float(np.longdouble(3)), 0.1).value == 0.1 * 3
    assert trace(lambda x: x.round(), np.array([2.5, 0.12345])).value.tolist() == [2, 0]


def test_the_place_does_not_depend_on_the_frames_between():
    def nested(depth, x):
        return float(x) if depth == 0 else nested(depth - 1, x)

    for depth in (0, 1, 5):
        with pytest.raises(ShadowLost, match=r"`return float\(x\) if depth == 0"):
            trace(nested, depth, 0.1)


def test_a_result_that_cannot_be_followed_is_told_as_such():
    hidden = np.ma.array([0.1, 0.2], mask=[0, 1])
    with pytest.raises(ShadowLost, match="or what f returns, cannot be followed: x is masked"):
        trace(lambda x: x * hidden, 0.1)


@pytest.mark.parametrize("f, remedy", [
    (lambda x: np.interp(0.15, x, x), "write the loop out in Python"),
    (lambda x: np.bincount([0, 1, 1], weights=x), "write the loop out in Python"),
    (lambda x: np.logaddexp.reduce(x), "write the loop out in Python"),
    (lambda x: np.sum(x, where=x > 0.15), r"np.sum\(x, where=mask, initial=0.0\)"),
    (lambda x: np.mean(x, where=x > 0.15), r"initial=0.0"),
    (lambda x: np.gradient(x), "for floats only; write it with other functions"),
    (lambda x: np.cov(x), "for floats only; write it with other functions"),
    (lambda x: np.percentile(x, 50), "for floats only; write it with other functions"),
])
def test_a_routine_of_numpy_that_takes_floats_alone_is_told_as_such(f, remedy):
    with pytest.raises(ShadowLost, match=advised(remedy)):
        trace(f, np.array([0.1, 0.2, 0.3]))


def test_a_sum_with_a_mask_and_a_start_is_followed():
    x = np.array([0.1, 0.2, 0.3])
    assert trace(lambda x: np.sum(x, where=x > 0.15, initial=0.0), x).value == 0.5
