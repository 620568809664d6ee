"""Products of vectors, matrices and stacks have the gradients of their sums of products."""

import numpy as np
import pytest

from lib.gradients import grad, hvp
from tests.gradients.functions import ROUNDOFF

SHAPES = [((4,), (4,)), ((4,), (4, 3)), ((5, 4), (4,)), ((5, 4), (4, 3)), ((2, 5, 4), (4, 3)),
          ((5, 4), (2, 4, 3)), ((2, 5, 4), (2, 4, 3)), ((2, 1, 5, 4), (3, 4, 6)),
          ((4,), (2, 4, 3)), ((2, 5, 4), (4,)), ((1, 4), (4, 1)), ((3, 1), (1, 1))]


def as_sums(a, b):
    """Return a @ b by broadcasting and sums, whose rules are others."""
    A = a[None, :] if np.ndim(a) == 1 else a
    B = b[:, None] if np.ndim(b) == 1 else b
    product = np.sum(A[..., :, :, None] * B[..., None, :, :], axis=-2)
    product = product[..., 0, :] if np.ndim(a) == 1 else product
    return product[..., 0] if np.ndim(b) == 1 else product


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_products_are_sums_of_products(shapes):
    rng = np.random.default_rng(8)
    a, b = (rng.standard_normal(shape) for shape in shapes)
    w = rng.standard_normal(np.shape(a @ b))
    loss = [grad(lambda x, f=f: np.sum(np.sin(f(*x)) * w)) for f in (np.matmul, as_sums)]
    for found, wanted, x in zip(loss[0]((a, b)), loss[1]((a, b)), (a, b), strict=True):
        assert found.shape == x.shape
        # Inner products of at most thirty terms, summed in two orders.
        assert np.max(np.abs(found - wanted)) <= 60 * ROUNDOFF * np.max(np.abs(wanted))
    v = (rng.standard_normal(a.shape), rng.standard_normal(b.shape))
    seconds = [hvp(lambda x, f=f: np.sum(np.sin(f(*x)) * w), (a, b), v) for f in (
        np.matmul, as_sums)]
    for found, wanted in zip(*seconds, strict=True):
        assert np.max(np.abs(found - wanted)) <= 200 * ROUNDOFF * np.max(np.abs(wanted))


@pytest.mark.parametrize("f, g", [
    (np.dot, np.matmul), (lambda a, b: a.dot(b), np.matmul), (lambda a, b: a @ b, np.matmul),
    (lambda a, b: np.vdot(a, b[:, 0]), lambda a, b: a @ b[:, 0]),
    (lambda a, b: np.vdot(b, b[::-1]), lambda a, b: np.sum(b * b[::-1])),
    (lambda a, b: np.outer(a, b[:, 0]), lambda a, b: a[:, None] * b[:, 0]),
    (lambda a, b: np.outer(b, a), lambda a, b: np.reshape(b, (-1, 1)) * a),
    (lambda a, b: np.dot(a[0], b), lambda a, b: a[0] * b),
    (lambda a, b: np.dot(b, 3.0), lambda a, b: 3 * b),
    (lambda a, b: np.ones(4) @ b, lambda a, b: np.sum(b, axis=0)),
    (lambda a, b: [1.0, 2.0, 3.0, 4.0] @ b, lambda a, b: np.arange(1.0, 5) @ b),
    (lambda a, b: b.T @ [1, 2, 3, 4], lambda a, b: b.T @ np.arange(1.0, 5)),
])
def test_other_names_of_products(f, g):
    x = np.arange(1.0, 5), np.arange(12.0).reshape(4, 3)
    one, other = (grad(lambda x, h=h: np.sum(h(*x) ** 2))(x) for h in (f, g))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_dot_of_stacks_is_refused():
    with pytest.raises(TypeError, match=r"np\.dot of more than matrices .*: use a @ b"):
        grad(lambda x: np.sum(np.dot(x, x)))(np.ones((2, 2, 2)))


@pytest.mark.parametrize("shapes", [((2,), (3,)), ((2, 3), (2, 3)), ((), (3,))])
def test_shapes_that_do_not_fit_are_numpys_error(shapes):
    with pytest.raises(ValueError, match="matmul"):
        grad(lambda x: np.sum(x[0] @ x[1]))([np.ones(shape) for shape in shapes])
