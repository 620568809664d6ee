"""A right answer by another road is told so; nothing that watches is left behind."""

import gc
import importlib
import inspect
import json
import math
import re
import sys
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest
from numpy.linalg import solve as imported_solve

from environment import ROOT
from lib import linear
from lib.grade import Budget, check_accuracy, check_identity
from lib.grade.budget import kinds, target
from lib.gradients import gradient_descent

A = np.array([[2.0, 1.0], [1.0, 3.0]])
B = np.array([3.0, 4.0])
SYSTEM = {"small": (A, B)}


def judged(f, **budget):
    return check_accuracy(f, [[1.0, 1.0]], SYSTEM, bound=1e-15, budget=Budget(**budget))


def fault(f, **budget):
    """Return what the report says of the road; empty where the answer passes."""
    report = judged(f, **budget)
    assert report.cases[0].verdict == "stable" and report.passed == (len(report.cases) == 1)
    return "" if report.passed else report.cases[1].reason.removeprefix("small: ")


def by_lu(A, b):
    return linear.lu(A).solve(b)


def by_cramer(A, b):
    (p, q), (r, s) = A
    det = p * s - q * r
    return [(b[0] * s - q * b[1]) / det, (p * b[1] - b[0] * r) / det]


def renamed(A, b):
    return imported_solve(A, b)


def hidden(A, b):
    from numpy.linalg import inv as harmless
    return (lambda inverse: inverse(A))(harmless) @ b


def deep(A, b):
    return np.polyfit([0.0, 1.0], [1.0, 1.0], 1) * 0 + by_cramer(A, b)  # by lstsq, within


@pytest.mark.parametrize("f, names, called", [
    (by_cramer, ["numpy.linalg", "lib.linear"], ""),
    (by_lu, ["numpy.linalg.solve", "numpy.linalg.inv", "mpmath"], ""),
    (lambda A, b: np.linalg.solve(A, b), ["numpy.linalg.solve"], "numpy.linalg.solve"),
    (renamed, ["numpy.linalg.solve"], "numpy.linalg.solve"),
    (renamed, ["scipy", "numpy.linalg"], "numpy.linalg"),
    (hidden, ["numpy.linalg.solve", "numpy.linalg.inv"], "numpy.linalg.inv"),
    (np.linalg.solve, ["numpy.linalg.solve"], "numpy.linalg.solve"),
    (deep, ["numpy.linalg.lstsq"], "numpy.linalg.lstsq"),
    (by_lu, ["lib.linear.lu"], "lib.linear.lu"),
    (by_lu, ["no_such_package.solve"], ""),
    (lambda A, b: [math.fsum([0.5, 0.5]), 1.0], ["math.fsum"], "math.fsum"),
    (lambda A, b: [float(Fraction(1)), 1.0], ["fractions"], "fractions")])
def test_what_is_forbidden_is_seen_under_any_name(f, names, called):
    said = f"calls {called}, which the task forbids" if called else ""
    assert fault(f, forbidden=names) == said


def test_calls_are_counted_in_each_case():
    once = {"lib.linear.lu": (1, 1)}
    assert fault(by_lu, calls=once) == ""
    assert fault(by_cramer, calls=once) == "calls lib.linear.lu 0 times, asked for are 1"
    assert fault(lambda A, b: (by_lu(A, b) + by_lu(A, b)) / 2, calls=once | {
        "lib.linear.cholesky": (0, 0)}) == "calls lib.linear.lu 2 times, asked for are 1"
    assert fault(by_lu, calls={"lib.linear.lu": (2, 3)}).endswith("1 times, asked for are 2 to 3")


def test_a_function_may_be_called_in_some_kinds_of_numbers_only():
    def mixed(A, b):
        return linear.lu(A.astype(np.float32)).solve(b.astype(np.float32))

    single = {"lib.linear.lu": ("float32",)}
    assert fault(mixed, given=single) == ""
    assert fault(by_lu, given=single) == "calls lib.linear.lu in float64, asked for is float32"
    assert fault(by_cramer, given=single) == ""  # whether it is called, `calls` asks


def in_fractions(A, b):
    exact = [Fraction(x) for x in b]
    return [float(x) for x in exact] / b


def in_decimals(A, b):
    one = Decimal(1)
    return float(one) * b / b


def in_extended(A, b):
    x = b.astype(np.longdouble)
    return (x / x).astype(float)


def in_objects(A, b):
    x = np.array([Fraction(v) for v in b], dtype=object)
    return (x / x).astype(float)


@pytest.mark.parametrize("f, kind", [
    (by_cramer, ""), (in_fractions, "Fraction"), (in_decimals, "Decimal"), (in_objects, "Fraction"),
    (in_extended, np.dtype(np.longdouble).name)])
def test_the_kinds_of_numbers_that_an_answer_holds_are_seen(f, kind):
    if kind != "float64":  # as which longdouble counts on some machines
        said = f"computes in {kind}, asked for is float64" if kind else ""
        assert fault(f, numbers=("float64",)) == said


def test_operations_are_counted_for_each_case():
    # Three for the determinant, and four for each unknown.
    for most, said in ((11, ""), (10, "takes 11 operations, 10 are enough")):
        assert fault(by_cramer, operations=lambda A, b, m=most: m) == said
    # 2/3 n**3 + 2 n**2, and terms of order n, which count at n = 2.
    assert fault(by_lu, operations=lambda A, b: 2 / 3 * len(b) ** 3 + 4 * len(b) ** 2) == ""
    refused = fault(np.linalg.solve, operations=lambda A, b: 100)
    assert refused.startswith("its operations cannot be counted: raised")
    assert fault(lambda A, b: np.ones(2), operations=lambda A, b: 100) == (
        "its operations cannot be counted: none is done on the numbers given")


def test_a_right_answer_by_another_road_does_not_pass_and_is_not_called_wrong():
    report = judged(renamed, forbidden=["numpy.linalg"])
    assert report.verdict == "another road" and not report.passed
    assert report.headline == "renamed: right, but by another road"
    assert [case.verdict for case in report.cases] == ["stable", "another road"]
    wrong = judged(lambda A, b: np.linalg.solve(A, b) * 2, forbidden=["numpy.linalg"])
    assert wrong.verdict == "wrong" and len(wrong.cases) == 1


def test_an_identity_has_a_budget_too():
    report = check_identity(renamed, lambda x, A, b: A @ x - b, SYSTEM, bound=1e-15,
                            budget=Budget(forbidden=["numpy.linalg.solve"]))
    assert report.verdict == "another road"


def raises(A, b):
    raise ValueError("no")


def leaves(A, b):
    sys.exit()


@pytest.mark.parametrize("f", [by_lu, raises, leaves, ..., lambda A: A])
@pytest.mark.parametrize("before", [None, lambda frame, event, arg: None])
def test_the_hook_of_before_is_put_back_whatever_happens(f, before):
    was = sys.getprofile()
    try:
        sys.setprofile(before)
        judged(f, forbidden=["numpy.linalg.solve"])
        assert sys.getprofile() is before
    finally:
        sys.setprofile(was)


def test_what_the_reference_calls_is_not_counted():
    report = check_accuracy(by_cramer, lambda A, b: np.linalg.solve(A, b), SYSTEM, bound=1e-15,
                            budget=Budget(forbidden=["numpy.linalg"]))
    assert report.passed


@pytest.mark.parametrize("name, kind", [
    ("decimal.Decimal", "type"), ("numpy.dot", "_ArrayFunctionDispatcher")])
def test_what_cannot_be_seen_is_a_fault_of_the_exercise(name, kind):
    for option in ({"forbidden": [name]}, {"calls": {name: (0, 1)}}, {"given": {name: ()}}):
        with pytest.raises(TypeError, match=f"calls of {name} cannot be seen, it is a {kind}"):
            Budget(**option)


added = np.logaddexp


@pytest.mark.parametrize("f", [
    lambda A, b: [np.logaddexp(0, 0) / np.log(2), 1.0], lambda A, b: [added(0, 0) / np.log(2), 1.0],
    lambda A, b: [(lambda: np.logaddexp.reduce([0, 0]))() / np.log(2), 1.0]])
def test_a_ufunc_may_be_forbidden_and_not_counted(f):
    name = "numpy.logaddexp"
    assert fault(f, forbidden=[name]) == f"calls {name}, which the task forbids"
    assert fault(by_cramer, forbidden=[name]) == ""
    for option in ({"calls": {name: (0, 1)}}, {"given": {name: ()}}):
        with pytest.raises(TypeError, match=f"calls of {name} cannot be seen, it is a ufunc"):
            Budget(**option)


@pytest.mark.parametrize("name", ["math.fsumm", "numpy.linalg.slove", "lib.linaer.lu",
                                  "lib.linear.lu.nothing", "", ".fsum"])
def test_a_misspelt_name_is_a_fault_of_the_exercise(name):
    for option in ({"forbidden": [name]}, {"calls": {name: (0, 1)}}, {"given": {name: ()}}):
        with pytest.raises(ValueError, match="is the name of nothing in"):
            Budget(**option)


@pytest.mark.parametrize("option", ["forbidden", "numbers"])
def test_a_text_in_the_place_of_a_list_is_a_fault_of_the_exercise(option):
    with pytest.raises(TypeError, match=f"{option} = 'math.fsum' is a text: give a list"):
        Budget(**{option: "math.fsum"})


def test_a_target_is_code_a_builtin_or_a_module():
    assert target("lib.linear.lu") is linear.lu.__code__
    assert target("math.fsum") is math.fsum
    assert target("numpy.linalg") == "numpy.linalg"


def test_kinds_are_found_in_lists_and_not_too_deep():
    x = [1.0, [np.float16(1), [[Fraction(1)]]]]
    assert kinds([x]) == {"float64", "float16"}
    assert kinds([1, True, np.int64(1), "one", None]) == set()
    assert kinds([np.array([Decimal(1), 2], dtype=object), 1j]) == {"Decimal", "complex128"}


class Silent:
    def __getattr__(self, name):
        raise RuntimeError("no attribute")


class SilentFunction(Silent):
    def __call__(self, A, b):
        return by_cramer(A, b)


def beside_silence(A, b):
    near = [Silent()]
    return by_cramer(A, b) if near else near


@pytest.mark.parametrize("budget", [
    {"numbers": ("float64",)}, {"forbidden": ["numpy.linalg"]}, {"given": {"math.fsum": ()}}])
@pytest.mark.parametrize("make, verdict", [
    (SilentFunction, "stable"), (lambda: beside_silence, "stable"), (Silent, "wrong"),
    (lambda: lambda A, b: Silent(), "wrong")])
def test_what_has_no_attributes_to_give_gets_a_verdict(make, verdict, budget):
    assert judged(make(), **budget).verdict == verdict


# --- What a text forbids is looked at -------------------------------------------------------------

FORBIDS = re.compile(
    r"not allowed|is allowed, .* are not|[Dd]o without|[Ww]rite it out, without|in float64 only|"
    r"without (a second|trying|computing)|no other factorisation|but for `linear|another road|"
    r"[Ww]rite the method yourself|[Oo]f libraries call|one triangular solve|goes through `|"
    r"at most \d+ (calls|products)|`\w+` at most \d+ times|by at most .{1,20} calls|"
    r"no more than `\w+` products")
LOOKS = re.compile(r"budget=|only_products|Watched|MOST_PRODUCTS|_with_adder|_counted|_allowing|"
                   r"VALUES|calls|most\b")


def forbidding():
    """Return (module, word, what the text says) of the tasks that forbid a road or count it."""
    found = []
    for folder, start, package in (("chapters", "exercise-", "exercises"),
                                   ("homework/*", "task-", "homework")):
        for path in sorted(ROOT.glob(f"{folder}/*.ipynb")):
            module = f"lib.grade.{package}.{path.stem}"
            if find_spec(module) is None:
                continue
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                text = " ".join("".join(cell["source"]).partition("<details>")[0].split())
                said = FORBIDS.search(text)
                if cell["id"].startswith(start) and said:
                    word = cell["id"].removeprefix(start).replace("-", "_")
                    found.append((module, word, said[0]))
    return found


def test_there_are_texts_that_forbid_a_road():
    assert ("lib.grade.exercises.gradient_descent", "change",
            "Write it out, without") in forbidding()
    assert len(forbidding()) > 25


@pytest.mark.parametrize("module, word, said", forbidding())
def test_what_a_text_forbids_its_check_looks_at(module, word, said):
    checks = importlib.import_module(module)
    if check := getattr(checks, f"check_{word}", None):
        source = inspect.getsource(check)
        helpers = set(re.findall(r"\b_\w+", source)) & set(vars(checks))
        source += "".join(inspect.getsource(vars(checks)[name]) for name in helpers
                          if callable(vars(checks)[name]))
        assert LOOKS.search(source), f"{word}: the text says {said!r}, and nothing looks"


def test_what_was_forgotten_before_is_no_call_of_an_answer():
    usual = gc.get_threshold()

    def by_cramer_amid_garbage(A, b):
        if sys.getprofile():  # it is watched
            gc.set_threshold(gc.get_count()[0] + 500)
        kept = [[] for _ in range(1000)]  # no call but one, so that here is where it is collected
        return by_cramer(A, b) if kept else None

    forgotten = gradient_descent(lambda x: x, np.ones(2), 0.1)
    next(forgotten)
    gc.set_threshold(0)  # nothing is collected until the answer runs
    try:
        ring = [forgotten]
        ring.append(ring)
        del forgotten, ring
        assert fault(by_cramer_amid_garbage, forbidden=["lib.gradients"]) == ""
    finally:
        gc.set_threshold(*usual)
    assert gc.isenabled()


def test_an_answer_finds_and_leaves_collecting_as_it_was():
    gc.disable()
    try:
        assert fault(by_cramer, forbidden=["lib.gradients"]) == "" and not gc.isenabled()
    finally:
        gc.enable()
