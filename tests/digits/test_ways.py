"""What a function reaches and may change is copied for each run, whatever keeps it."""

import abc
import collections
import dataclasses
import enum
import functools
import math
import sys
import types
import typing

import numpy as np
import pytest

from lib.digits import trace
from lib.digits.copies import Rebuilder


def absorbs(x):
    return (x + 1e16) - 1e16


def memoized(f):
    cache = {}

    def wrapper(x):
        if x not in cache:
            cache[x] = f(x)
        return cache[x]

    return wrapper


class Memo:
    """A cache as a decorator."""

    def __init__(self, f):
        self.f, self.cache = f, {}

    def __call__(self, x):
        if x not in self.cache:
            self.cache[x] = self.f(x)
        return self.cache[x]


class Missing(dict):
    """A dict that computes what it does not hold."""

    def __missing__(self, x):
        self[x] = absorbs(x)
        return self[x]


class Kept:
    """Caches of a class."""

    cache = {}  # noqa: RUF012
    calls = 0

    @classmethod
    def of(cls, x):
        cls.calls += 1
        if x not in cls.cache:
            cls.cache[x] = absorbs(x)
        return cls.cache[x]

    @staticmethod
    @functools.lru_cache
    def static(x):
        return absorbs(x)

    @functools.cached_property
    def root(self):
        return math.sqrt(self.x)

    @property
    def small(self):
        return 1 - math.cos(self.x)


STORE, NAMESPACE, ORDERED = {}, types.SimpleNamespace(cache={}), collections.OrderedDict()
TABLE = {"f": functools.lru_cache(absorbs)}
LOG = []
memo, missing, by_closure = Memo(absorbs), Missing(), memoized(absorbs)


def in_global(x):
    if x not in STORE:
        STORE[x] = absorbs(x)
    return STORE[x]


def in_namespace(x):
    return NAMESPACE.cache.setdefault(x, absorbs(x))


def in_ordered(x):
    return ORDERED.setdefault(x, absorbs(x))


def in_default(x, m={}):  # noqa: B006
    if x not in m:
        m[x] = absorbs(x)
    return m[x]


def in_list(x):
    LOG.append(absorbs(x))
    return LOG[0]


def in_attribute(x):
    if x not in in_attribute.cache:
        in_attribute.cache[x] = absorbs(x)
    return in_attribute.cache[x]


in_attribute.cache = {}


@pytest.mark.parametrize("f", [
    memoized(absorbs), memo, in_global, in_namespace, in_ordered, in_default, in_list, in_attribute,
    lambda x: by_closure(x), lambda x: memo(x), lambda x: missing[x], lambda x: Kept.of(x),
    lambda x: Kept.static(x), lambda x: TABLE["f"](x), Kept.of, functools.lru_cache(absorbs),
], ids=lambda f: getattr(f, "__qualname__", "object"))  # fmt: skip
def test_a_cache_hides_no_shadow_and_stays_as_it_was(f):
    for _ in range(2):
        result = trace(f, 0.3)
        assert result.value == result.plain == 0 and result.digits == 0 and not result.note
        assert result.cause[1:3] == ("addition", "x + 1e16")
    kept = [STORE, NAMESPACE.cache, ORDERED, in_default.__defaults__[0], LOG, in_attribute.cache,
            memo.cache, missing, Kept.cache, by_closure.__closure__[0].cell_contents]  # fmt: skip
    assert not any(kept) and Kept.calls == 0
    assert TABLE["f"].cache_info().currsize == Kept.static.cache_info().currsize == 0


def test_a_cache_among_the_arguments_is_copied_too():
    cached = memoized(absorbs)
    assert trace(lambda f, x: f(x), cached, 0.3).digits == 0
    assert not cached.__closure__[0].cell_contents


def test_a_cache_still_saves_work():
    @functools.lru_cache
    def fibonacci(n, x):
        return x if n < 2 else fibonacci(n - 1, x) + fibonacci(n - 2, x)

    result = trace(lambda x: fibonacci(60, x), 0.1)  # without one it would run for years
    assert result.value == fibonacci(60, 0.1) and fibonacci.cache_info().misses == 61


def test_aliases_stay_aliases():
    shared = []
    first, second = {"a": shared}, types.SimpleNamespace(b=shared)

    def f(x):
        first["a"].append(x)
        return second.b[0] / 3

    assert trace(f, 0.1).value == 0.1 / 3 and shared == []


def test_properties_and_methods_of_classes_are_followed(line_of):
    def f(x):
        kept = Kept()
        kept.x = x
        return kept.small, kept.root

    names = dict(vars(Kept))
    result = trace(f, 1e-5)
    assert result.shows[1:3] == ("subtraction", "1 - math.cos(self.x)")
    assert line_of(result, "math.sqrt(self.x)").digits > 15
    assert dict(vars(Kept)) == names


def test_a_class_gets_its_own_back_whatever_happens():
    class Failing:
        tried = 0

        def fail(self, x):
            Failing.tried += 1
            Failing.new = x
            raise KeyError(x)

    names = dict(vars(Failing))
    with pytest.raises(KeyError):
        trace(lambda x: Failing().fail(x), 0.1)
    assert dict(vars(Failing)) == names


def test_classes_stay_themselves():
    @dataclasses.dataclass
    class Point:
        x: float

        def __add__(self, other):
            return Point(self.x + other.x)

    class Heir(Memo):
        def __init__(self, f):
            super().__init__(f)

    def f(p):
        assert isinstance(p, Point) and isinstance(Heir(absorbs), Memo)
        return p + Point(Heir(absorbs)(p.x))

    result = trace(f, Point(0.3))
    assert type(result.value) is Point and result.value == Point(0.3) and result.digits < 1


class Colour(enum.Enum):
    RED = 0.1

    def scaled(self, x):
        return self.value * math.sqrt(x)


class Shape(abc.ABC):
    __slots__ = ("cache", "side")

    def __init__(self, side):
        self.side, self.cache = side, {}

    @abc.abstractmethod
    def area(self): ...


class Square(Shape):
    __slots__ = ()

    def area(self):
        return self.cache.setdefault(self.side, absorbs(self.side))


class Pair(typing.NamedTuple):
    a: float
    b: float = 0.1

    def root(self):
        return math.sqrt(self.a * self.b)


square = Square(0.3)


def test_classes_of_every_kind_lend_their_methods():
    assert trace(lambda x: Colour.RED.scaled(x), 2.0).value == 0.1 * math.sqrt(2)
    assert trace(lambda x: Pair(x).root(), 2.0).value == math.sqrt(0.2)
    assert trace(lambda p: p.root(), Pair(2.0)).value == math.sqrt(0.2)
    assert trace(lambda x: Square(x).area() + square.area(), 0.3).digits == 0
    assert square.cache == {} and type(trace(lambda x: Pair(x), 2.0).value) is Pair


def test_numbers_held_by_a_partial_are_followed():
    difference = functools.partial(lambda a, b: a * 3 - b, 0.1)
    for f in (difference, lambda b: difference(b)):
        result = trace(f, 0.3)
        assert result.digits == 0 and result.cause[1:3] == ("product", "a * 3")


def test_a_table_in_an_array_is_copied():
    table = np.zeros(3)

    def f(x):
        table[0] += 1
        return x * table[0]

    assert trace(f, 0.1).value == 0.1 and table.tolist() == [0, 0, 0]


def test_modules_of_the_same_package_are_followed(monkeypatch):
    other = types.ModuleType(f"{__name__.split('.')[0]}.other")
    exec("cache = {}\ndef f(x):\n    return cache.setdefault(x, (x + 1e16) - 1e16)", vars(other))
    result = trace(lambda x: other.f(x), 0.3)
    assert result.digits == 0 and other.cache == {}


def test_what_f_changes_in_a_module_is_seen_by_all_of_the_run():
    other = types.ModuleType(f"{__name__.split('.')[0]}.other")
    source = "total = scale = 1\ndef add(x):\n    global total\n    total += x\n"
    exec(source + "    return scale * total", vars(other))

    def f(x):
        other.scale = x
        return other.add(x) / 3 - other.total, other.scale

    result = trace(f, 0.3)
    assert result.value == (0.3 * 1.3 / 3 - 1.3, 0.3) and not result.note
    assert (other.total, other.scale) == (1, 1)


HELPER = """
import functools
cache = {}
class Kept:
    cache = {}
    def go(self, x):
        return self.cache.setdefault(x, (x + 1e16) - 1e16)
@functools.lru_cache
def cached(x):
    return (x + 1e16) - 1e16
def kept(x):
    return cache.setdefault(x, (x + 1e16) - 1e16)
def by_class(x):
    return Kept().go(x)
"""


@pytest.mark.parametrize("folder, digits", [("home", 0), ("site-packages", 16)])
@pytest.mark.parametrize("name", ["cached", "kept", "by_class"])
def test_modules_of_yours_are_followed_wherever_they_are(
        folder, digits, name, tmp_path, monkeypatch):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "far_helper.py").write_text(HELPER)
    monkeypatch.syspath_prepend(tmp_path / folder)
    monkeypatch.delitem(sys.modules, "far_helper", raising=False)

    def f(x):
        import far_helper  # which the plain run loads
        return getattr(far_helper, name)(x)

    result = trace(f, 0.3)
    assert result.value == 0 and result.digits == digits  # from another's cache: exact data
    if folder == "home":
        import far_helper
        assert result.cause[1:3] == ("addition", "x + 1e16")
        assert far_helper.cache == far_helper.Kept.cache == {}
        assert far_helper.cached.cache_info().currsize == 0
    del sys.modules["far_helper"]


def test_what_cannot_be_copied_is_told():
    class Single:
        def __copy__(self):
            raise TypeError("there is one only")

    single = Single()
    with pytest.raises(TypeError, match="copies what f may change, and there is one only"):
        trace(lambda x: x if single else -x, 0.1)


def test_what_belongs_elsewhere_is_left_alone():
    rebuild = Rebuilder([], lambda x: x, lambda x: None, {"elsewhere"})
    for thing in (memo, Kept, absorbs, math, np.float64):
        assert rebuild(thing) is thing
