"""What a traced number does and refuses, in the places of a plain one."""

import copy
import math

import numpy as np
import pytest

from lib import linear, numbers
from lib.gradients import Dual, grad, logsumexp, primitive
from lib.gradients.traced import REMEDY, name_of, plain


def seen(function, x):
    """Return what a function gives of a traced x."""
    kept = []
    grad(lambda x: kept.append(function(x)) or np.sum(x))(x)
    return kept[0]


def test_plain_is_what_is_left_at_every_level():
    assert plain(3) == 3 and plain(Dual(Dual(2.0, 1.0), 1.0, 1)) == 2.0
    inner = seen(lambda x: seen(lambda y: plain(x * y), 2.0), 3.0)
    assert inner == 6.0 and isinstance(inner, np.floating)


@pytest.mark.parametrize("left", [2, 2.0, np.float64(2), np.float32(2), np.array(2.0),
                                  np.full(3, 2.0), [2.0, 2.0, 2.0]], ids=repr)
def test_plain_numbers_on_the_left(left):
    x = np.array([1.0, 2.0, 4.0])
    for f, wanted in ((lambda x: left * x, [2, 2, 2]), (lambda x: left + x, [1, 1, 1]),
                      (lambda x: left - x, [-1, -1, -1]), (lambda x: left / x, -2 / x**2),
                      (lambda x: np.multiply(left, x), [2, 2, 2]),
                      (lambda x: left // x, [0, 0, 0]), (lambda x: left % (x + 8), [0, 0, 0])):
        assert np.array_equal(grad(lambda x: np.sum(f(x) + 0 * x))(x), wanted)  # noqa: B023


def test_comparisons_and_truth_are_those_of_the_value():
    x = np.array([1.0, 2.0, 3.0])
    for compare in (lambda x: x > 2, lambda x: x >= 2, lambda x: x < 2, lambda x: x <= 2,
                    lambda x: x == 2, lambda x: x != 2, lambda x: np.ones(3) < x,
                    lambda x: x > x[::-1], lambda x: x // 2, lambda x: 7 // x):
        assert np.array_equal(seen(compare, x), compare(x))
    assert seen(bool, 2.0) is True and seen(lambda x: not x, 0.0) is True
    with pytest.raises(ValueError, match="truth value"):
        seen(bool, x)


def test_a_traced_number_has_no_hash_and_no_length_that_a_plain_one_has_not():
    for wrong in (hash, len, iter):
        with pytest.raises(TypeError):
            seen(lambda x: list(wrong(x)) if wrong is iter else wrong(x), 2.0)  # noqa: B023
    assert seen(len, np.ones(3)) == 3
    assert [plain(part) for part in seen(list, np.array([1.0, 2.0]))] == [1.0, 2.0]


def test_a_copy_is_the_number_itself():
    x = Dual(1.0, 2.0)
    assert copy.copy(x) is x and copy.deepcopy([x])[0] is x


def test_a_primitive_that_moves_numbers_takes_along_which_were_left_out():
    def back(y, x):
        return (lambda g: g[::-1],)

    x = np.array([0.0, 4.0])
    for moves, wanted in ((True, [0, 0.25]), (False, [np.nan, 0.25])):
        reverse = primitive(lambda x: x[::-1], back, moves)
        with np.errstate(all="ignore"):
            found = grad(lambda x: reverse(np.sqrt(x))[0])(x)  # noqa: B023
        assert np.array_equal(found, wanted, equal_nan=True)


def test_it_shows_itself():
    assert seen(repr, 2.0) == "traced(np.float64(2.0))"
    assert seen(lambda x: f"{x:.2f}", 2.0) == "2.00"
    assert repr(Dual(1.5, np.float64(2.0))) == "Dual(1.5, 2.0)"
    assert repr(Dual(Dual(1.0, 2.0), 3.0, 1)) == "Dual(Dual(1.0, 2.0), 3.0)"
    assert repr(Dual(np.ones(2), np.ones(2))).startswith("Dual(array(")


@pytest.mark.parametrize("call, message", [
    (math.sin, "leave out float and item, use np.sin for math.sin"), (int, "leave out float"),
    (complex, "leave out float"), (lambda x: [1, 2][x], "leave out float"),
    (lambda x: np.ones(3)[x], "lose its derivative"),
    (lambda x: x.tolist(), "leave out float"), (lambda x: np.array([x]), "leave out np.array"),
    (lambda x: np.frexp(x), "np.frexp (has no derivative|is not followed).* write it with"),
    (lambda x: np.add(x, 1, dtype=np.float32), "dtype=: leave it out"),
    (lambda x: np.multiply.outer(x, x), "np.multiply.outer has no derivative here"),
    (lambda x: np.add.at(np.ones(3), 0, x), "np.add.at has no derivative"),
    (lambda x: divmod(x, 2), "divmod|unsupported"),
])
def test_what_would_drop_a_derivative_is_refused(call, message):
    for make in (lambda call: seen(call, 2.0), lambda call: call(Dual(2.0, 1.0))):
        with pytest.raises(TypeError, match=message):
            make(call)


def test_routines_of_other_rooms_are_refused_with_what_to_use_instead():
    for call in (linear.cholesky, numbers.logsumexp, lambda A: linear.solve(A, np.ones(2))):
        with pytest.raises(TypeError, match=r"use np\.linalg or lib\.gradients\.logsumexp"):
            seen(call, np.eye(2))


def test_what_scipy_computes_is_refused_by_its_name():
    special = pytest.importorskip("scipy.special")
    with pytest.raises(TypeError, match=r"^erf has no derivative here"):
        grad(special.erf)(1.0)
    erf = primitive(special.erf, lambda y, x: (
        lambda g: g * 2 / math.sqrt(math.pi) * np.exp(-x * x),))
    assert grad(erf)(0.5) == 2 / math.sqrt(math.pi) * np.exp(-0.25)
    second = grad(grad(erf))(0.5)
    assert second == pytest.approx(-grad(erf)(0.5), rel=4 * 2.0**-53, abs=0)


def test_a_primitive_is_the_function_itself_on_plain_numbers():
    cube = primitive(lambda x: x**3, lambda y, x: (lambda g: 3 * x * x * g,))
    assert cube(2.0) == 8.0 and isinstance(cube(2.0), np.float64)
    assert np.array_equal(cube(np.array([1.0, 2.0])), [1, 8])
    shifted = primitive(np.add, lambda y, a, b: (lambda g: g, None))
    assert grad(lambda x: shifted(x, x))(1.0) == 1.0  # the second derivative is said to be zero
    assert shifted.__doc__ == np.add.__doc__


def test_names_are_those_of_code():
    assert name_of(np.linalg.qr) == "np.linalg.qr" and name_of(np.median) == "np.median"
    assert name_of(np.add) == "np.add" and name_of(math.sin) == "sin"
    assert name_of(logsumexp) == "logsumexp" and name_of(np.abs) == "np.absolute"


def test_the_remedy_is_in_the_room():
    assert "supported()" in REMEDY and "primitive" in REMEDY
