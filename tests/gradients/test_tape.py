"""The tape keeps its order, its memory and its shapes."""

import gc
import weakref

import numpy as np
import pytest

from lib.gradients import grad, hvp, primitive
from lib.gradients.tape import Tape, fitted
from tests.gradients.functions import ROUNDOFF
from tests.hostile import NOT_NUMBERS


def test_the_sweep_adds_what_broadcasting_had_copied():
    for shape in ((), (1,), (4,), (3, 1), (1, 4), (2, 3, 4), (2, 1, 1)):
        found = grad(lambda x: np.sum(x * np.ones((2, 3, 4))))(np.ones(shape))
        assert np.shape(found) == shape and np.all(found == 24 / np.ones(shape).size)


def test_float32_shares_are_added_in_float64():
    terms = np.full((200_000, 2), 0.1, np.float32)
    found = grad(lambda x: np.sum(x * terms))(np.ones(2, np.float32))
    wanted = 200_000 * float(np.float32(0.1))
    assert found.dtype == np.float32 and np.max(np.abs(found - wanted)) <= 2.0**-24 * wanted
    # In float32, row by row, as NumPy adds along the first axis, digits are lost.
    assert np.abs(terms.sum(axis=0)[0] - wanted) > 1e3 * 2.0**-24 * wanted


def test_a_tape_holds_values_until_it_is_closed():
    kept = []

    def f(x):
        y = np.exp(x)
        kept.append(weakref.ref(y.value))
        return np.sum(y)

    grad(f)(np.ones(1000))
    gc.collect()
    assert kept[0]() is None


def test_what_no_rule_needs_is_not_kept():
    kept = []

    def f(x):
        for _ in range(3):
            x = x + 1.0
            kept.append(weakref.ref(x.value))
        return np.sum(x) if kept[0]() is None else None

    assert np.array_equal(grad(f)(np.ones(1000)), np.ones(1000))


def test_values_on_the_tape_are_read_only():
    def f(x):
        y = 2 * x
        y.value[0] = 7.0
        return np.sum(y)

    with pytest.raises(ValueError, match="change a copy"):
        grad(f)(np.ones(3))


def test_levels_grow():
    assert Tape().level < Tape().level


def test_a_rule_of_the_wrong_shape_is_told():
    wrong = primitive(np.sum, lambda y, x: (lambda g: np.ones(5),))
    with pytest.raises(ValueError, match=r"gradient of shape \(5,\) for an argument of shape \(3,"):
        grad(wrong)(np.ones(3))
    few = primitive(np.multiply, lambda y, a, b: (lambda g: g * b,))
    with pytest.raises(ValueError, match="zip"):
        grad(lambda x: few(x, x))(1.0)


def test_fitted_is_a_sum_over_what_was_copied():
    part = np.arange(24.0).reshape(2, 3, 4)
    assert np.array_equal(fitted(part, (3, 1), np.dtype(float)), part.sum((0, 2))[:, None])
    assert fitted(part, (), np.dtype(np.float32)) == 276


@pytest.mark.parametrize("constant, message", [
    (NOT_NUMBERS["masked matrix"], "constant is masked"),
    (NOT_NUMBERS["np.matrix"], "constant is a np.matrix"),
    (np.array([1j, 2]), "np.multiply gave complex128"),
    (np.array([1.0, None]), "unsupported|gave object"),
    (np.ones(2, np.longdouble), "np.multiply gave .*float.*convert its arguments"),
])
def test_constants_that_are_no_plain_floats_are_refused(constant, message):
    with pytest.raises(TypeError, match=message):
        grad(lambda x: np.sum(x * constant))(np.ones(2))


def test_a_sparse_matrix_is_refused():
    sparse = pytest.importorskip("scipy.sparse")
    S = sparse.eye(2).tocsr()
    for f in (lambda x: np.sum(x @ S), lambda x: np.sum(S @ x)):
        with pytest.raises(TypeError, match=r"constant is sparse|lose its derivative"):
            grad(f)(np.ones(2))


def test_a_tree_of_uses_is_swept_once():
    def doubled(x):
        for _ in range(200):  # 2**200 paths lead from here to there
            x = x + x
        return x

    assert grad(doubled)(1.0) == 2.0**200


def test_each_share_is_asked_for_once():
    asked = []

    def rule(y, x):
        return (lambda g: asked.append(1) or 2 * g,)

    twice = primitive(lambda x: 2 * x, rule)

    def f(x):
        y = twice(x)
        return np.sum(y * y) + np.sum(np.sin(y)) + y[0]

    grad(f)(np.ones(3))
    assert len(asked) == 1


def test_what_nothing_depends_on_has_gradient_zero():
    found = grad(lambda x: x[0] * 2)([1.0, np.ones((2, 2)), np.ones(2, np.float32)])
    assert found[0] == 2 and np.array_equal(found[1], np.zeros((2, 2)))
    assert found[2].dtype == np.float32
    assert np.array_equal(grad(lambda x: 3.0)(np.ones(2)), [0, 0])
    assert np.array_equal(grad(lambda x: np.sum(np.floor(x)))(np.ones(2)), [0, 0])


def test_gradients_are_arrays_of_their_own():
    constant = np.array([3.0, 4.0])
    a, b, c = grad(lambda x: np.sum(x[0] + x[1]) + np.sum(x[2] * constant))([np.ones(2)] * 3)
    for x in (a, b, c):
        x += 7.0
    assert np.array_equal(a, [8, 8]) and np.array_equal(b, [8, 8])
    assert np.array_equal(constant, [3, 4])
    same = np.ones(2)
    first, second = grad(lambda x: np.sum(x[0]) + 2 * np.sum(x[1]))([same, same])
    assert np.array_equal(first, [1, 1]) and np.array_equal(second, [2, 2])


def test_a_constant_that_changes_after_its_use_is_refused():
    kept = np.ones(3)

    def f(x):
        y = x * kept
        kept[:] = 5.0
        return np.sum(y)

    with pytest.raises(ValueError, match="change a copy"):
        grad(f)(np.ones(3))
    kept[:] = 2.0  # it is not locked afterwards
    assert np.array_equal(grad(lambda x: np.sum(x * kept))(np.ones(3)), [2, 2, 2])


def test_constants_are_unlocked_with_their_views_and_errors_pass():
    base = np.arange(6.0)
    view, index = base[:3], np.array([0, 1, 0])

    def f(x):
        y = np.sum(x * view) + np.sum(x * base[3:]) + np.sum(x[index,]) + base @ base * x[0]
        if x[0] > 5:
            raise ZeroDivisionError("of f itself")
        return y

    assert np.array_equal(grad(f)(np.ones(3)), [60.0, 6.0, 7.0])
    with pytest.raises(ZeroDivisionError, match="of f itself"):
        grad(f)(np.full(3, 6.0))
    assert base.flags.writeable and view.flags.writeable and index.flags.writeable
    locked = np.ones(3)
    locked.flags.writeable = False
    grad(lambda x: np.sum(x * locked))(np.ones(3))
    assert not locked.flags.writeable


def test_a_view_that_was_used_before_its_base_is_unlocked_after_it():
    a = np.arange(3.0)
    v = a[1:]
    # NumPy lets no view be written to while the owner of its memory is read-only.
    assert grad(lambda x: np.sum(x * v) + np.sum(x * a))(2.0) == 6
    assert a.flags.writeable and v.flags.writeable


def test_the_labels_of_an_index_are_locked_too():
    labels = np.array([0, 1])

    def f(x):
        y = x[np.arange(2), labels]
        labels[:] = 2
        return np.sum(y)

    with pytest.raises(ValueError, match="change a copy"):
        grad(f)(np.ones((2, 3)))


def test_a_number_that_outlived_its_gradient_is_refused():
    kept = []

    def f(x):
        kept.append(x)
        return np.sum(x)

    grad(f)(np.ones(2))
    for late in (lambda x: np.sum(kept[0] * x), lambda x: np.sum(kept[0]), lambda x: kept[0][0],
                 lambda x: np.exp(kept[0]), lambda x: x[0] + kept[0][0]):
        with pytest.raises(ValueError, match="finished was used"):
            grad(late)(np.ones(2))
    scalar = []
    grad(lambda x: scalar.append(x) or x)(1.0)
    with pytest.raises(ValueError, match="finished was used"):
        grad(lambda x: scalar[0])(1.0)
    assert np.array_equal(grad(lambda x: np.sum(kept[0].value * x))(np.ones(2)), [1, 1])


NEVER_USED = {
    "where": (lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0)), [0, 0, 0.25]),
    "where, through more steps": (
        lambda x: np.sum(np.where((x > 0)[:, None], 2 * (np.log(x) * np.sqrt(x))[:, None], 0)),
        [0, 0, 2 * (0.5 + np.log(4) / 4)]),
    "an index": (lambda x: np.sum(np.sqrt(x)[x > 0]), [0, 0, 0.25]),
    "a slice": (lambda x: np.sqrt(x)[2:][0], [0, 0, 0.25]),
    "joined, then a slice": (lambda x: np.concatenate([np.sqrt(x), x])[2], [0, 0, 0.25]),
    "stacked, then a row": (lambda x: np.sum(np.stack([np.sqrt(x), x])[:, 2]), [0, 0, 1.25]),
    "a transpose": (lambda x: np.sum(np.where(x > 0, np.sqrt(x)[None].T[:, 0], 0)), [0, 0, 0.25]),
    "a flip": (lambda x: np.sum(np.flip(np.sqrt(x))[:1]), [0, 0, 0.25]),
    "a division": (lambda x: np.sum(np.where(x > 0, 1 / x, 0)), [0, 0, -0.0625]),
}


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize("name", NEVER_USED)
def test_what_was_never_used_leaks_no_nan(name):
    f, wanted = NEVER_USED[name]
    x = np.array([-1.0, 0.0, 4.0])
    assert np.max(np.abs(grad(f)(x) - wanted)) <= 4 * ROUNDOFF
    assert np.max(np.abs(grad(lambda x: f(x) + 0 * np.sum(x))(x) - wanted)) <= 4 * ROUNDOFF


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_a_logarithm_under_a_floor_leaks_no_nan():
    for floored in (lambda y: np.maximum(y, -5), lambda y: np.clip(y, -5, None),
                    lambda y: -np.minimum(-y, 5)):
        found = grad(lambda x: np.sum(floored(np.log(x))))(np.array([0.0, 1.0]))  # noqa: B023
        assert np.array_equal(found, [0, 1])


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_what_was_used_elsewhere_as_well_does_not_lose_its_nan():
    # Where g is 0 by arithmetic, and not because a number was left out, 0 times inf stays a nan.
    def f(x):
        root = np.sqrt(x)
        return np.sum(np.where(x > 1, root, 0)) + np.sum(root * root)

    assert np.isnan(grad(f)(np.array([0.0, 4.0]))[0])
    assert grad(f)(np.array([0.0, 4.0]))[1] == 1.25


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_second_derivatives_leak_no_nan():
    x = np.array([-1.0, 0.0, 4.0])
    found = hvp(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0)), x, np.ones(3))
    assert np.max(np.abs(found - [0, 0, -1 / 32])) <= 2 * ROUNDOFF
