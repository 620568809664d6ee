"""Where a shadow would be lost: the line is told, and the remedy works."""

import math
import re

import numpy as np
import pytest

from lib.digits import ShadowLost, trace


class Model:
    """An object with state, whose methods call each other."""

    def __init__(self, weight):
        self.weight, self.calls = weight, 0

    def score(self, x):
        """Add up."""
        self.calls += 1
        return self.weight * self._link(x)

    def _link(self, x):
        return 1 - math.cos(x)


def stored(x):
    z = np.zeros(3)
    z[0] = x * 2
    return z


def added_in_place(x):
    z = np.zeros(3)
    z += x
    return z


inverse_by_another_name, qr_by_another_name = np.linalg.inv, np.linalg.qr


def makes_a_model(x):
    return Model(2.0).score(x)


@pytest.mark.parametrize("f, x, remedy", [
    (lambda x: float(x) + 1, 0.1, "use the number as it is"),
    (lambda x: int(x), 2.5, "use the number as it is"),
    (lambda x: [1, 2, 3][x], 2.0, None),
    (stored, 0.1, "np.zeros_like"),
    (added_in_place, 0.1, "np.zeros_like"),
    (lambda x: np.array([x], dtype=float), 0.1, "use the number as it is"),
    (lambda A: np.linalg.solve(A, A), np.eye(2), "write the loop out"),
    (lambda A: np.linalg.svd(A), np.eye(2), "write the loop out"),
    (lambda A: inverse_by_another_name(A), np.eye(2), "write the loop out"),
    (lambda A: qr_by_another_name(A), np.eye(2), "write the loop out"),
    (lambda x: np.fft.fft(x), np.ones(4), "write the loop out"),
    (lambda x: np.spacing(x), 0.1, "write it with other functions"),
    (lambda x: np.float64(x), 0.1, "use the number as it is"),
    (lambda x: math.nextafter(x, 2.0), 0.1, "write it with other functions"),
    (lambda x: x.hex(), 0.1, "use the number as it is"),
    (makes_a_model, 0.1, "in _link.*through np"),
])
def test_a_lost_shadow_is_told_with_its_line_and_a_remedy(f, x, remedy):
    if remedy is None:
        with pytest.raises(TypeError):  # plain f fails, too
            trace(f, x)
        return
    with pytest.raises(ShadowLost, match=remedy) as caught:
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
