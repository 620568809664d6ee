"""What a number is kept in earns no mark: the rule of `lib.grade.returned`, over all problem sets.

The reference solutions of the masters come back as other kinds of numbers.
"""

import functools
import inspect
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lib import grade
from lib.grade import handed
from lib.numbers import peak_memory
from tests.grade.test_homework_sets import CHECKS, MODULES, check, fraction, right
from tests.grade.wrong.conjugate_gradients import trusting

FUNCTIONS = [pair for pair in CHECKS if callable(right(*pair))]
INPUTS = [pair for pair in CHECKS if not callable(right(*pair))]
WIDE = np.finfo(np.longdouble).nmant > 52


def each(change, value):
    """Return a result with every number in it changed, as arrays and scalars of NumPy."""
    if isinstance(value, tuple | list):
        return type(value)(each(change, part) for part in value)
    return change(np.asarray(value))[()]


def as_another(answer, change):
    """Return an answer, a function or an input, whose numbers are of another kind."""
    if not callable(answer):
        return each(change, answer)
    return functools.wraps(answer)(lambda *args: each(change, answer(*args)))


def judged(topic, word, change):
    """Return the report on a reference solution whose numbers are of another kind."""
    return check(topic, word)(as_another(right(topic, word), change), seed=2003)


def test_there_are_sets_to_test():
    assert len(CHECKS) == 41 == len(FUNCTIONS) + len(INPUTS) and len(INPUTS) == 10


@pytest.mark.parametrize("topic, word", CHECKS)
@pytest.mark.parametrize("what, change", [
    ("of the same value", lambda x: x + 0j), ("and 1e-3 i", lambda x: x + 1e-3j),
    ("times i", lambda x: x * 1j), ("of clongdouble", lambda x: x.astype(np.clongdouble))])
def test_a_complex_answer_earns_nothing_where_a_real_one_is_asked_for(topic, word, what, change):
    report = judged(topic, word, change)
    assert fraction(report) == 0, (what, report)
    assert all("complex numbers" in case.reason for case in report.cases), report


@pytest.mark.parametrize("topic, word", CHECKS)
def test_digits_beyond_those_asked_for_are_rounded_off(topic, word):
    def widened(x):
        return x.astype(np.longdouble) * (1 + np.longdouble(2) ** -58)

    wide, plain = (judged(topic, word, change) for change in (widened, lambda x: x))
    assert wide.passed
    assert [case.reason for case in wide.cases] == [case.reason for case in plain.cases]


@pytest.mark.parametrize("topic, word", CHECKS)
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int8, np.int64])
def test_narrow_numbers_are_judged_by_their_values(topic, word, kind):
    """An identity in float16 rounds errors away, in int8 it wraps: both are computed in float64."""
    def narrow(x):
        finite = np.clip(np.nan_to_num(x.astype(float)), -100, 100)
        with np.errstate(over="ignore"):
            return (finite if kind in (np.int8, np.int64) else x).astype(kind)

    reports = [judged(topic, word, change) for change in (
        narrow, lambda x: narrow(x).astype(float))]
    rows = [[(case.shown, case.verdict) for case in report.cases] for report in reports]
    assert rows[0] == rows[1], reports


@pytest.mark.parametrize("topic, word", FUNCTIONS)
@pytest.mark.parametrize("kind", [Fraction, Decimal, str])
def test_numbers_that_are_no_floats_earn_nothing(topic, word, kind):
    def converted(x):
        return np.array([kind(value) if np.isfinite(value) else value for value in
                         x.astype(float).ravel().tolist()], dtype=object).reshape(x.shape)

    assert fraction(judged(topic, word, converted)) < 0.3


@pytest.mark.parametrize("topic, word", INPUTS)
@pytest.mark.parametrize("kind", [Fraction, Decimal, np.float64, np.longdouble])
def test_an_input_breaks_by_its_floats(topic, word, kind):
    def converted(x):
        return np.array([kind(value) for value in x.astype(float).ravel().tolist()],
                        dtype=object).reshape(x.shape)

    assert judged(topic, word, converted).passed


@pytest.mark.skipif(not WIDE, reason="longdouble is float64 here")
@pytest.mark.parametrize("word, formula", [
    ("midpoint", lambda a, b: (a + b) / 2), ("midpoint", lambda a, b: a / 2 + b / 2),
    ("total", lambda x: functools.reduce(np.add, x[np.argsort(np.abs(x), kind="stable")])),
    ("total", np.sum)])
def test_a_wider_format_on_the_way_does_not_keep_the_promise(word, formula):
    def widely(*args):
        return float(formula(*(np.asarray(part, np.longdouble) for part in args)))

    # What survives rounding twice, or is sorted by luck, is one seed in a hundred.
    marks = [fraction(check("floating_point", word)(widely, seed=seed)) for seed in range(3, 23)]
    assert max(sorted(marks)[:19]) <= 0.5


def hostile():
    """Return inputs that would not fit into memory, or into the stack, as arrays and lists."""
    deep = [1.0]
    for _ in range(100_000):
        deep = [deep]
    round_ = [1.0]
    round_.append(round_)
    wide = [[0.5] * 4000] * 4000
    large = np.broadcast_to(0.5, (10**5, 10**5))
    return {"an array of 1e10": large, "lists of 1.6e7": wide, "100 000 levels": deep,
            "a list in itself": round_, "a tuple of arrays": (large[0], large[0], large[0]),
            "a vector of 1e9": np.broadcast_to(0.5, 10**9), "a long text": "1" * 10**7,
            "a large dict": dict.fromkeys(range(10**5), 0.5)}


@pytest.mark.parametrize("topic, word", INPUTS)
@pytest.mark.parametrize("name", hostile())
def test_an_enormous_input_is_refused_before_it_is_copied(topic, word, name, monkeypatch):
    asked = []
    monkeypatch.setattr(grade, "check_counterexample",
                        lambda *args, **options: asked.append(options["valid"]))
    check(topic, word)([1.0, 2.0])
    monkeypatch.undo()
    (valid,) = asked
    first, value = next(iter(valid.values())), hostile()[name]
    parts = list(value) if isinstance(value, tuple) else [value] * 3

    def refused():
        try:
            return not first(*parts[:len(inspect.signature(first).parameters)])
        except (ValueError, TypeError):
            return True

    report, most = peak_memory(lambda: check(topic, word)(value))
    assert peak_memory(refused)[0] is True and peak_memory(refused)[1] < 2e7
    assert not report.passed and most < 2e7 and fraction(report) == 0


@pytest.mark.parametrize("value", [1j, [1.0, 1j], np.ones(2) * (1 + 0j), [[1.0, 2.0], [3.0, 0j]],
                                   np.array([1.0, 1j], dtype=object)])
def test_no_condition_drops_an_imaginary_part(value):
    with pytest.raises(TypeError, match="complex numbers, real ones are asked for"):
        handed.on_arrays(lambda x: True)(value)


@pytest.mark.parametrize("value", ["1.0", ["1.0"], [None], np.ma.masked_array([1.0], [True]),
                                   [{}], np.array(["2026"], dtype="datetime64")])
def test_no_condition_reads_numbers_out_of_other_things(value):
    with pytest.raises((TypeError, ValueError)):
        handed.on_arrays(lambda x: True)(value)


def test_the_conditions_of_an_input_are_all_on_arrays():
    """A condition on the entries as they come computes in their format: 1e6 is inf in float16."""
    values = np.append(np.geomspace(1.2e-7, 1, 12), np.geomspace(2, 6e4, 12)).astype(np.float16)
    report = MODULES["conjugate_gradients"].check_late(list(values))
    assert report.cases[0].shown == "not admitted"


NOWHERE = {"norm": {"an infinity"}, "gain": {"a layer of zeros"}, "kernel": {"full rank"}}


@pytest.mark.parametrize("topic, word", FUNCTIONS)
def test_each_case_fails_an_answer_that_is_a_hundredth_off(topic, word):
    """But where the answer is infinite, or has no numbers."""
    rng = np.random.default_rng(1013)

    def off(x):
        return x * (1 + rng.uniform(0.005, 0.01, x.shape)) + rng.uniform(5e-4, 1e-3, x.shape)

    report = judged(topic, word, lambda x: off(x.astype(float)))
    assert {case.name for case in report.cases if case.verdict == "stable"} == NOWHERE.get(
        word, set()), report


def test_three_points_say_how_far_they_are_from_their_plane():
    def by_covariance(points):
        values, vectors = np.linalg.eigh(np.cov(points.T, bias=True))
        normal = vectors[:, 0]
        return normal, normal @ points.mean(axis=0), np.sqrt(abs(values[0]))

    reports = [check("svd", "plane")(by_covariance, seed=seed) for seed in range(20, 40)]
    cases = [case for report in reports for case in report.cases if case.name == "three points"]
    assert all(case.mild and "over the largest coordinate" in case.reason for case in cases)
    assert sum(case.verdict == "unstable" for case in cases) > 15


def where_the_recursion_deceives(seed, variant):
    """Return tol, kappa, n, most and tol / kappa of what its recursion solves, and if that lies."""
    told = []

    def noted(product, b, tol, most):
        A = np.array([product(e) for e in np.eye(len(b))])
        x, said = trusting(product, b, tol, most)
        if said and np.any(b):
            kappa = np.linalg.cond(A)
            lies = np.linalg.norm(b - A @ x) > tol * np.linalg.norm(b)
            told.append(((tol, kappa, len(b), most, tol / kappa), lies))
        return x, said

    check("conjugate_gradients", "honest")(noted, seed, variant)
    return told


@pytest.mark.parametrize("seed", [2003, 2011, 2027, 2029])
@pytest.mark.parametrize("variant", ["", "ada"])
@pytest.mark.parametrize("dense", [False, True])
def test_no_threshold_tells_where_the_recursion_of_conjugate_gradients_lies(seed, variant, dense):
    # Where as many products as columns are allowed, an answer may solve without the recursion.
    told = [(known, lies) for known, lies in where_the_recursion_deceives(seed, variant)
            if not dense or known[3] < known[2]]
    false = np.array([known for known, lies in told if lies])
    true = np.array([known for known, lies in told if not lies])
    assert len(false) >= 2 and len(true) >= 2, told
    assert np.all(np.min(false, axis=0) < np.max(true, axis=0)), (false, true)
    assert np.all(np.min(true, axis=0) < np.max(false, axis=0)), (false, true)
