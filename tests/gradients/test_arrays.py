"""What moves numbers has a derivative that moves them back."""

import numpy as np
import pytest

from lib.gradients import grad, hvp
from lib.gradients.arrays import METHODS, SHUFFLES, STEPS

X = np.arange(1.0, 13).reshape(3, 4)
PICKED, TWICE = np.array([2, 0]), np.array([[0, 0], [2, 0]])
MASK = X % 3 == 1
MOVES = {
    "an element": lambda x: x[1, 2], "a row": lambda x: x[1], "a row from the end": lambda x: x[-1],
    "a slice": lambda x: x[::2, 1:3], "backwards": lambda x: x[:, ::-1],
    "a new axis": lambda x: x[:, None], "an ellipsis": lambda x: x[..., 0],
    "picked rows": lambda x: x[PICKED], "picked twice": lambda x: x[TWICE],
    "a list": lambda x: x[[0, 2, 2]], "pairs": lambda x: x[PICKED, PICKED],
    "a mask": lambda x: x[MASK], "a mask of rows": lambda x: x[MASK[:, 0]],
    "a slice and a list": lambda x: x[:2, [3, 3, 0]], "nothing": lambda x: x[:0],
    "rows": lambda x: np.stack(list(x)), "unpacked": lambda x: (lambda a, b, c: a * 1 + c)(*x),
    "reshape": lambda x: np.reshape(x, (2, 6)), "method reshape": lambda x: x.reshape(4, -1),
    "method reshape of a tuple": lambda x: x.reshape((6, 2)), "ravel": np.ravel,
    "flatten": lambda x: x.flatten(), "T": lambda x: x.T, "transpose": np.transpose,
    "transpose of axes": lambda x: np.transpose(x[None], (1, 2, 0)),
    "method transpose": lambda x: x[None].transpose(2, 0, 1),
    "method transpose of a tuple": lambda x: x[None].transpose((2, 0, 1)),
    "swapaxes": lambda x: np.swapaxes(x[None], 0, -1), "moveaxis": lambda x: np.moveaxis(
        x[None], 0, 2),
    "expand_dims": lambda x: np.expand_dims(x, (0, 2)), "squeeze": lambda x: np.squeeze(x[None]),
    "squeeze of an axis": lambda x: np.squeeze(x[None, :, None], 2),
    "broadcast_to": lambda x: np.broadcast_to(x[:, None], (2, 3, 5, 4)), "copy": np.copy,
    "method copy": lambda x: x.copy(),
    "concatenate": lambda x: np.concatenate([x, 2 * x, np.ones((1, 4))]),
    "concatenate columns": lambda x: np.concatenate([x, x[:, :1]], axis=-1),
    "concatenate all": lambda x: np.concatenate([x, x[0]], axis=None),
    "stack": lambda x: np.stack([x, np.ones((3, 4)), x], axis=1),
    "stack of numbers": lambda x: np.stack([x[0, 0], 1.0, x[2, 3]]),
    "vstack": lambda x: np.vstack([x, x[0]]), "hstack": lambda x: np.hstack([x, x[:, :2]]),
    "hstack of vectors": lambda x: np.hstack([x[0], x[1], 1.0]),
    "column_stack": lambda x: np.column_stack([x, x[:, 0]]),
    "flip": np.flip, "flip of an axis": lambda x: np.flip(x, 1), "fliplr": np.fliplr,
    "flipud": np.flipud, "roll": lambda x: np.roll(x, 5), "rot90": np.rot90,
    "roll along an axis": lambda x: np.roll(x, 1, axis=0), "repeat": lambda x: np.repeat(
        x, 2, axis=1), "tile": lambda x: np.tile(x, (2, 2)),
    "take": lambda x: np.take(x, [3, 3, 0], axis=1), "method take": lambda x: x.take([5, 5]),
    "method repeat": lambda x: x.repeat(3), "diagonal": np.diagonal,
    "diagonal beside": lambda x: np.diagonal(x, 1), "diag of a matrix": lambda x: np.diag(x, -1),
    "diag of a vector": lambda x: np.diag(x[0]), "diag beside": lambda x: np.diag(x[0], 2),
    "tril": np.tril, "triu": np.triu, "tril beside": lambda x: np.tril(x, -1),
    "triu beside": lambda x: np.triu(x, 1), "tril of a stack": lambda x: np.tril(
        np.reshape(x, (2, 3, 2)), -1), "triu of a stack": lambda x: np.triu(
        np.reshape(x, (2, 2, 3)), 1), "clip above": lambda x: np.clip(x, None, 1e6),
    "clip below": lambda x: np.clip(x, a_min=-1e6, a_max=None), "method clip": lambda x: x.clip(
        -1e6, 1e6), "method clip below": lambda x: x.clip(min=-1e6),
    "method clip above": lambda x: x.clip(max=1e6),
    "split": lambda x: np.split(x, 2, axis=1)[1],
    "array_split": lambda x: np.array_split(x, 2)[0],
    "where": lambda x: np.where(MASK, x, 3 * x),
    "where of rows": lambda x: np.where(MASK[0], x, 1.0),
    "astype": lambda x: x.astype(np.float32),
    "swapped method": lambda x: x.swapaxes(0, 1), "squeezed method": lambda x: x[None].squeeze(),
    "diagonal method": lambda x: x.diagonal(), "ravel method": lambda x: x.ravel(),
}


def matrix(F):
    """Return the matrix of a linear function of arrays like X, constants left out."""
    zero = np.ravel(F(np.zeros_like(X)))
    rows = [np.ravel(F(unit.reshape(X.shape))) - zero for unit in np.eye(X.size)]
    return np.stack(rows, axis=1)


@pytest.mark.parametrize("name", MOVES)
def test_the_sweep_back_is_the_transpose(name):
    F, A = MOVES[name], matrix(MOVES[name])
    w = np.random.default_rng(5).integers(-4, 5, len(A)).astype(float)
    found = grad(lambda x: np.sum(np.ravel(F(x)) * w))(X)
    assert np.array_equal(np.ravel(found), A.T @ w)
    assert np.array_equal(plain_value(F), F(X))


def plain_value(F):
    """Return what a function gives of X while it is followed."""
    kept = []
    grad(lambda x: kept.append(F(x)) or np.sum(x))(X)
    return kept[0].value


@pytest.mark.parametrize("name", MOVES)
def test_and_back_again_for_second_derivatives(name):
    A, v = matrix(MOVES[name]), np.arange(12.0).reshape(3, 4) - 5
    start = np.ravel(MOVES[name](X))
    found = hvp(lambda x: np.sum(np.ravel(MOVES[name](x)) ** 3), X, v)
    wanted = A.T @ (6 * start * (A @ np.ravel(v)))
    # Of whole numbers: exact, in float32 as well.
    assert np.array_equal(np.ravel(found), wanted)


@pytest.mark.parametrize("axis", [0, 1, -1, None])
def test_sorting_takes_gradients_to_where_numbers_came_from(axis):
    x, w = np.random.default_rng(6).standard_normal((2, 3, 4))
    w = np.ravel(w) if axis is None else w
    found = grad(lambda x: np.sum(np.sort(x, axis) * w))(x)
    order = np.argsort(x, axis)
    assert np.array_equal(np.take_along_axis(found, order, axis), w)


@pytest.mark.parametrize("function", [f for f in STEPS if f not in (
    np.isclose, np.allclose, np.array_equal)], ids=lambda f: f.__name__)
def test_steps_give_constants(function):
    kept = []
    grad(lambda x: kept.append(function(x)) or np.sum(x))(X)
    wanted = function(X)
    assert type(kept[0]) is type(wanted)
    assert all(np.array_equal(a, b) for a, b in zip(np.atleast_1d(kept[0]), np.atleast_1d(wanted),
                                                    strict=True))


def test_comparisons_of_arrays_are_constants():
    kept = []

    def f(x):
        kept.extend([np.isclose(x, X), np.allclose(x, X), np.array_equal(x, X), (x > 3).any(),
                     np.where(x > 11), len(x), x.shape, x.size, x.ndim, x.dtype, f"{x[0, 0]:.1f}"])
        return np.sum(x)

    grad(f)(X)
    assert kept[0].all() and kept[1] is True and kept[2] is True and kept[3]
    assert [part.tolist() for part in kept[4]] == [[2], [3]]
    assert kept[5:] == [3, (3, 4), 12, 2, np.float64, "1.0"]


@pytest.mark.parametrize("call, message", [
    (lambda x: np.ravel(x, order="F"), "np.ravel: got an unexpected keyword argument 'order'"),
    (lambda x: np.reshape(x, (4, 3), order="F"), "np.reshape: .*'order'; here it takes"),
    (lambda x: np.concatenate([x, x], dtype=np.float32), "np.concatenate: .*'dtype'"),
    (lambda x: x.sort(), "no .sort: use a function of NumPy"),
    (lambda x: x.fill(0.0), "no .fill: use a function"),
    (lambda x: np.take_along_axis(x, TWICE, 0), "np.take_along_axis has no derivative here"),
    (lambda x: np.pad(x, 1), "np.pad has no derivative here: write it"),
])
def test_what_is_not_followed_is_refused_by_name(call, message):
    with pytest.raises((TypeError, AttributeError), match=message):
        grad(lambda x: np.sum(call(x)))(X)


def test_methods_and_shuffles_are_functions_of_numpy():
    assert all(hasattr(np.ndarray, name) and hasattr(np, name) for name in METHODS)
    assert all(getattr(np, f.__name__) is f for f in SHUFFLES)


def test_a_wrong_index_is_numpys_error():
    for index in (5, (0, 9), "W"):
        with pytest.raises(IndexError):
            grad(lambda x: x[index][0])(X)  # noqa: B023


def test_repeated_places_of_float32_are_added_in_float64():
    index = np.zeros(200_000, int)
    found = grad(lambda x: np.sum(x[index] * np.float32(0.1)))(np.ones(2, np.float32))
    assert found.dtype == np.float32
    assert abs(found[0] - 200_000 * float(np.float32(0.1))) <= 2.0**-24 * 20_000
