"""Nothing passes that should not, nothing crashes, and the likely fault is named."""

import itertools
import math
import threading
import time
import types
import warnings

import numpy as np
import pytest

from lib.grade import certify
from lib.grade.certify import KINDS, limits
from lib.grade.certify.limits import NO_LIMIT
from tests.grade.certified import float32_inside


class Rigged(np.ndarray):
    def nothing(self, *args, **options):
        return np.zeros(self.shape)

    __sub__ = __rsub__ = __matmul__ = __rmatmul__ = __abs__ = nothing
    __array_ufunc__ = __array_function__ = nothing


class Always:
    def __float__(self):
        return 1.0

    def __eq__(self, other):
        return True

    def __le__(self, other):
        return True


def last(*args):
    return args[-1]


def rigged(*args):
    return np.ones(np.shape(args[-1]) or 3).view(Rigged)


def mutating(*args):
    for arg in args:
        if isinstance(arg, np.ndarray):
            arg[...] = 0
    return args[-1]


def generating(*args):
    yield 1.0


def endless(*args):
    while True:
        pass


def quitting(*args):
    raise SystemExit(0)


def deep(*args):
    return deep(*args)


def remembering():
    seen = []

    def f(*args):
        seen.append(args)
        return seen[0][-1]
    return f


ATTACKS = {
    "its input": last, "its first input": lambda *args: args[0], "rigged arithmetic": rigged,
    "always equal": lambda *args: Always(), "earlier calls": remembering(), "mutating": mutating,
    "generator": generating, "nan": lambda *args: np.full(np.shape(args[-1]), np.nan),
    "complex": lambda *args: np.ones(np.shape(args[-1])) * 1j, "None": lambda *args: print(),
    "a column": lambda *args: np.ones((3, 1)), "one number": lambda *args: 1.0,
    "text": lambda *args: "1.0", "objects": lambda *args: np.array([object()] * 3),
    "quits": quitting, "deep": deep, "infinity": lambda *args: np.inf,
    "too large": lambda *args: 10**400, "zeros": lambda *args: np.zeros(np.shape(args[-1])),
    "twice the first": lambda *args: (args[0], args[0]), "two Nones": lambda *args: (None, None),
    "masked": lambda *args: np.ma.masked_array(np.ones(3)), "nothing yet": ...,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_passes_and_none_crashes(attack):
    for what in KINDS:
        found = certify(ATTACKS[attack], what, seed=5, seconds=0.2)
        assert not found.passed
        assert found.verdict == "wrong" or attack == "nothing yet"
        assert repr(found) and found._repr_html_() and found.json()


def test_an_endless_loop_ends_soon():
    start = time.monotonic()
    found = certify(endless, "solver", seed=5, seconds=0.1)
    assert found.verdict == "wrong" and "does not end" in found.fault
    assert time.monotonic() - start < 20
    assert [case.reason for case in found.cases[:3]] == ["no result after 0.1 s"] * 2 + [
        "left out: 3 calls had no result in time"]
    assert {case.verdict for case in found.cases[2:]} == {"not attempted"}


def slow(times):
    """Return a solver that takes so many seconds in one call after the other, then none."""
    left = list(times)

    def f(A, b):
        time.sleep(left.pop(0) if left else 0)
        return np.linalg.solve(A, b)
    return f


def test_a_first_call_may_be_slow_and_a_second_one_counts():
    assert certify(slow([0.6]), "solver", seed=5, seconds=0.2).passed
    found = certify(slow([0, 0.6]), "solver", seed=5, seconds=0.2)
    assert found.cases[1].reason == "no result after 0.2 s" and found.verdict == "wrong"


def test_what_there_was_no_time_for_is_not_called_wrong(monkeypatch):
    ticks = itertools.count()  # a call takes a second, and so does reading what it returns
    monkeypatch.setattr(limits, "time", types.SimpleNamespace(monotonic=lambda: next(ticks)))
    found = certify(np.linalg.solve, "solver", seed=5, seconds=2)
    assert found.verdict == "not attempted" and not found.passed
    assert [case.verdict for case in found.cases[:10]] == ["stable"] * 10
    assert {case.reason for case in found.cases[10:]} == {"left out: all calls together have 20 s"}
    assert "the others not attempted" in found.headline and not found.fault


def test_state_is_noticed():
    calls = []

    def tiring(A, b):
        calls.append(A)
        return np.linalg.solve(A, b) * (1 + 1e-3 * (len(calls) > len(KINDS["solver"].trials)))

    found = certify(tiring, "solver", seed=6)
    assert len(found.cases) == len(KINDS["solver"].trials) and "earlier calls" in found.fault
    assert found.cases[0].reason.startswith("called again, backward error")

    memory = {}

    def reusing(A, b):
        place = memory.setdefault(len(b), np.zeros(len(b)))
        place[:] = np.linalg.solve(A, b)
        return place

    found = certify(reusing, "solver", seed=6)
    assert found.verdict == "wrong" and "memory of its own" in found.fault


def later(f, own, calls, many=1):
    """Return f, whose results are fresh in so many calls, and then in memory of its own."""
    count, places = [], [own(None, None) for _ in range(many)]

    def wrapped(*args):
        count.append(args)
        result = f(*args)
        if len(count) <= calls:
            return result
        place = places[len(count) % many] = own(result, places[len(count) % many])
        return place

    return wrapped


def in_array(result, place):
    if result is None:
        return np.zeros(40)
    place[:result.size] = result
    return place[:result.size] if place.size == 40 else place


def in_list(result, place):
    if result is None:
        return []
    place[:] = result.tolist()
    return place


def in_tuple(result, place):
    if result is None:
        return None
    if place is None or [one.shape for one in place] != [one.shape for one in result]:
        return tuple(map(np.array, result))
    for mine, new in zip(place, result, strict=True):
        mine[...] = new
    return place


def in_a_scalar(result, place):
    if result is None:
        return np.zeros(())
    place[...] = result
    return place


def softmax(x):
    p = np.exp(x - x.max())
    return p / p.sum()


@pytest.mark.parametrize("calls", [0, 1, 5])
@pytest.mark.parametrize("what, f, own", [
    ("solver", np.linalg.solve, in_list), ("softmax", softmax, in_list),
    ("eigh", np.linalg.eigh, in_tuple), ("qr", np.linalg.qr, in_tuple),
    ("sum", math.fsum, in_a_scalar), ("variance", np.var, in_a_scalar)])
def test_a_result_that_a_later_call_overwrites_is_seen_whatever_it_is(what, f, own, calls):
    for many in (1, 3):
        found = certify(later(f, own, calls, many), what, seed=60)
        assert found.verdict == "wrong" and "overwritten by a later call" in found.fault
        names = [row.name for row in found.cases if row.reason == "overwritten by a later call"]
        assert names and f'Its result of "{names[0]}" was overwritten' in found.fault
        assert "after others" not in found.script and len(found.script.split("\n")) == 5


def test_an_array_that_is_fresh_in_the_first_call_alone_is_seen():
    memory, calls = np.zeros(100), []

    def shares(A, b):
        calls.append(b)
        x = np.linalg.solve(A, b)
        if len(calls) == 1:
            return x
        memory[:len(x)] = x
        return memory[:len(x)]

    for seed in range(60, 66):
        calls.clear()
        found = certify(shares, "solver", seed=seed)
        assert not found.passed and 'Its result of "n = 1" was overwritten' in found.fault


def test_memory_for_each_shape_is_seen_though_the_shape_comes_once(torch):
    places = {}

    def kept(x):
        place = places.setdefault(x.shape, torch.zeros(x.shape, dtype=torch.float64))
        place[:] = torch.softmax(x, 0)
        return place

    found = certify(kept, "softmax", seed=61)
    assert 'Its result of "random numbers" was overwritten' in found.fault


def test_a_result_that_is_kept_and_left_alone_is_no_fault():
    known = {}

    def cached(A, b):
        return known.setdefault((A.tobytes(), b.tobytes()), np.linalg.solve(A, b))

    assert certify(cached, "solver", seed=62).passed


def test_a_failure_that_does_not_come_again_is_told_so():
    calls = []

    def stumbling(A, b):
        calls.append(A)
        return np.linalg.solve(A, b) * (2 if len(calls) == 6 else 1)

    found = certify(stumbling, "solver", seed=6)
    assert "earlier calls" in found.fault and "for _ in range(6): x = " in found.script
    assert "call 6 failed, after others" in found.script


def test_what_is_printed_is_told():
    def noisy(A, b):
        print("step", 1)
        return np.linalg.solve(A, b)

    found = certify(noisy, "solver", seed=7)
    assert found.passed and found.remarks[0].startswith("It prints: 'step 1")


def test_where_no_limit_is_possible_it_says_so():
    found = []
    thread = threading.Thread(target=lambda: found.append(certify(np.sum, "sum", seed=8)))
    thread.start()
    thread.join()
    assert found[0].passed and NO_LIMIT in repr(found[0])


def test_the_cases_are_those_of_the_seed():
    one, same, other, fresh = (certify(np.linalg.solve, "solver", seed=seed)
                               for seed in (9, 9, 10, None))
    assert one.numbers == same.numbers != other.numbers and 0 <= fresh.seed < 2**31


def test_warnings_are_told():
    def warning(A, b):
        warnings.warn("be careful", stacklevel=1)
        return np.linalg.inv(A) @ b * np.float64(1) / np.float64(0)

    (remark,) = certify(warning, "solver", seed=7).remarks
    assert "UserWarning: be careful" in remark and "RuntimeWarning: divide by zero" in remark


@pytest.mark.parametrize("options", [
    {"what": "sloven"}, {"dtype": "float16"}, {"dtype": None}, {"dtype": "flot"}, {"seconds": 0},
    {"seconds": -1}, {"seconds": np.nan}, {"seconds": "2"}, {"seconds": 1e-9}, {"seed": -1},
    {"seed": 1.7}, {"seed": "a"}])
def test_what_is_no_kind_no_limit_and_no_seed_is_refused_with_a_remedy(options):
    with pytest.raises((ValueError, TypeError), match="choose"):
        certify(np.sum, **{"what": "sum", **options})


@pytest.mark.parametrize("f", [None, 7, "np.sum", np])
def test_what_is_no_function_is_refused(f):
    with pytest.raises(TypeError, match="is no function"):
        certify(f, "sum")


def test_a_format_is_taken_by_its_type_too():
    found = certify(np.sum, "sum", dtype=np.float32, seed=np.int64(3))
    assert (found.dtype, found.seed) == ("float32", 3)


def test_another_format_than_came_in_is_another_road():
    wide = certify(lambda A, b: np.linalg.solve(A.astype(float), b), "solver", seed=17,
                   dtype="float32")
    assert wide.verdict == "another road" and "another format" in wide.fault
    assert certify(float32_inside(np.sum), "sum", seed=17, dtype="float32").passed
