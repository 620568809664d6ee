"""Numbers inside containers."""

import collections
import dataclasses
import functools
import math

import mpmath
import numpy as np
import pytest

from lib.digits import trace


def test_structures_keep_their_structure():
    Point = collections.namedtuple("Point", "x y")

    @dataclasses.dataclass(frozen=True)
    class Result:
        values: object
        steps: int

    def f(d):
        p = Point(d["a"][0] / 3, 1)
        return p, [Result(np.array([p.x, 2.0]), 5)], {"none": None}, np.array([1, 2])

    (point, (result,), none, ints) = trace(f, {"a": (1.0,)}).value
    assert point == Point(1 / 3, 1) and result.steps == 5 and none == {"none": None}
    assert result.values.dtype == float and result.values.tolist() == [1 / 3, 2]
    assert ints.tolist() == [1, 2]
    components = trace(f, {"a": (1.0,)}).components
    assert components[1][0].values.tolist() == [components[0].x, 16]
    assert trace(f, {"a": (1.0,)}).exact[0].x == mpmath.mpf(trace(f, {"a": (1.0,)}).exact[0].x)


def test_arrays_do_what_arrays_do():
    def f(A, x):
        B = A[1:, ::-1] * x[:2] + A.T[:2, 1:] / 3
        y = np.where(B > 1, np.exp(-B), B**2).sum(axis=0) + A.mean() - x.max()
        z = np.concatenate([y, np.cumsum(x), [(A @ x) @ A @ x, np.dot(x, x), np.linalg.norm(A)]])
        return np.sort(np.abs(z)), np.clip(z, 0, 1), np.outer(y, y).reshape(-1), z.std()

    rng = np.random.default_rng(5)
    A, x = rng.random((3, 2)), rng.random(2)
    result = trace(f, A, x)
    for ours, plain in zip(result.value, f(A, x), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-14)
    assert result.digits > 12


def test_what_is_no_float_passes_through():
    result = trace(lambda x, n, s: (x * n, s, n // 2, f"{x:.1f} {x}"), 0.1, 3, "text")
    assert result.value == (0.1 * 3, "text", 1, "0.1 0.1")
    assert math.isnan(trace(lambda x: None, 0.1).digits)
    assert trace(lambda x: x > 0, 0.1).value is True


def test_sets_and_keys_hold_numbers_too():
    result = trace(lambda x: ({x, x / 3}, frozenset([x]), {x: x / 3, f"{x}": 1}), 0.1)
    wanted = {0.1, 0.1 / 3}, frozenset([0.1]), {0.1: 0.1 / 3, "0.1": 1}
    assert result.value == result.plain == wanted
    assert result.digits > 15


def test_arrays_without_shadows_keep_their_type():
    result = trace(lambda x: [np.ones(2, np.float32) * 2, np.arange(3), x], 0.1)
    assert [array.dtype for array in result.value[:2]] == [np.float32, np.arange(3).dtype]
    assert type(result.value[2]) is float and type(trace(lambda x: x[0], np.ones(1)).value) is float


@dataclasses.dataclass
class Doubled:
    """What runs when it is made must not run when it is copied."""

    a: float
    norm: float = dataclasses.field(init=False)

    def __post_init__(self):
        self.a = self.a * 2
        self.norm = math.sqrt(self.a)
        self.other = self.a / 3

    def root(self):
        return math.sqrt(self.a)


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    a: float


def test_dataclasses_are_copied_without_being_made_anew():
    result = trace(lambda x: Doubled(x * 3), 0.1)
    assert result.value == result.plain == Doubled(0.1 * 3) and not result.note
    assert max(result.components.a, result.components.norm) <= 16 and result.digits > 15
    assert type(result.value.other) is float and result.value.other == result.plain.other
    given = Doubled(0.1)
    result = trace(lambda d: d.a * d.norm + d.root(), given)
    assert result.value == given.a * given.norm + given.root() and given.a == 0.2
    assert trace(lambda d: Frozen(d.a * 3), Frozen(0.1)).value == Frozen(0.1 * 3)


def test_containers_of_every_type_keep_it():
    result = trace(lambda d: d["a"] + d["z"], collections.defaultdict(float, a=0.1))
    assert result.value == 0.1 and result.digits == 16
    ordered = collections.OrderedDict(a=0.1, b=0.2)
    assert trace(lambda d: d.popitem(last=False)[1] * 3, ordered).value == 0.1 * 3
    assert len(ordered) == 2
    assert trace(lambda c: c["a"] * 3 + c["none"], collections.Counter(a=0.1)).value == 0.1 * 3
    result = trace(lambda d: d.append(d[0] / 3) or d, collections.deque([0.1, 0.2], 2))
    assert result.value == collections.deque([0.2, 0.1 / 3], 2) and result.value.maxlen == 2
    assert result.digits == min(result.components) > 15


def test_data_that_contains_itself_does_so_in_the_value():
    def grown(x):
        tree = {"root": x, "kids": [{"x": x / 3}]}
        tree["kids"][0]["up"] = tree
        return tree

    value = trace(grown, 0.1).value
    assert value["kids"][0]["up"] is value and value["kids"][0]["x"] == 0.1 / 3
    loop = [0.1]
    loop.append(loop)
    assert trace(lambda x: x[1][1][0] / 3, loop).value == 0.1 / 3
    assert trace(lambda x: grown(x)["kids"][0]["x"], 0.1).value == 0.1 / 3


def circle(x):
    items = [x]
    items.append((items,))
    return items[1]


CIRCLE = circle(0.1)


@pytest.mark.parametrize("f, x", [
    (circle, 0.1), (lambda x: x[0][0], CIRCLE), (lambda x, c=CIRCLE: x * c[0][0], 0.1)])
def test_a_tuple_that_contains_itself_is_told(f, x):
    with pytest.raises(ValueError, match="a tuple contains itself: let it hold a name"):
        trace(f, x)
    assert trace(lambda x: circle(x)[0][0] / 3, 0.1).value == 0.1 / 3  # on the way it may


def test_what_is_one_thing_stays_one():
    def f(a, b):
        a[0] += 1
        return b[0] / 3, [a, b]

    one = [0.1]
    result = trace(f, one, one)
    assert result.value[0] == 1.1 / 3 and result.value[1][0] is result.value[1][1]
    many = lambda x: functools.reduce(lambda tree, _: [tree, tree], range(60), [x])  # noqa: E731
    assert trace(many, 0.1).digits == 16  # 2**60 leaves, 61 lists
