"""Conjugate gradients answer for the true residual, and for what they say of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from lib.grade.calls import Verdict
from lib.grade.certify import KINDS, certify
from lib.grade.certify.iterations import measure_cg, read_cg
from lib.grade.certify.kinds import Case
from tests.grade.certified import textbook_cg

KIND = KINDS["cg"]


def case_of(number=0):
    return Case(KIND, KIND.trials[number], [91, number], "float64")


@pytest.mark.parametrize("make, said", [
    (lambda x: x, None), (lambda x: (x, 0), True), (lambda x: (x, 7), False),
    (lambda x: (x, True), True), (lambda x: (x, np.False_), False),
    (lambda x: SimpleNamespace(x=x, converged=True), True),
    (lambda x: SimpleNamespace(x=x), None)])
def test_what_a_routine_says_is_read_in_every_form(make, said):
    case = case_of()
    x, found = read_cg(make(np.ones(20)), case)
    assert x.tolist() == [1.0] * 20 and found is said


def test_a_wrong_shape_is_refused():
    with pytest.raises(Verdict):
        read_cg((np.ones(3), 0), case_of())


def test_the_residual_is_the_true_one():
    case = case_of()
    A, b = case["A"], case["b"]
    x = np.linalg.solve(A, b) + 1e-5
    right = np.linalg.norm(b - A @ x) / np.linalg.norm(b)
    for said in (None, True):
        found = measure_cg((x, said), case)
        assert all(number == pytest.approx(right, rel=1e-9, abs=0) for number, _ in found.values())
        assert len(found) == (2 if said else 1)
    assert measure_cg((x * np.inf, None), case)["true residual"][0] == np.inf


def test_only_a_claim_that_is_false_is_blamed():
    (claims, honest) = (certify(f, "cg", seed=92) for f in (
        textbook_cg, lambda A, b, tol: textbook_cg(A, b, tol)[0]))
    bad = [case.name for case in claims.cases if case.verdict != "stable"]
    assert bad == ["a tolerance that rounding forbids"] and honest.passed


@pytest.mark.parametrize("info", [False, 17, np.int64(3)])
def test_what_has_converged_has_to_be_called_so(info):
    found = certify(lambda A, b, tol: (np.linalg.solve(A, b), info), "cg", seed=93)
    assert found.cases[0].reason.startswith("says that it has not converged, with a residual of")
    assert found.verdict == "wrong" and "what has converged that it has not" in found.fault
    assert certify(lambda A, b, tol: np.linalg.solve(A, b), "cg", seed=93).passed


@pytest.mark.parametrize("info", [[1.0, 0.1], np.ones(3), 0.0, None, "yes"])
def test_what_is_no_info_is_told_what_info_is(info):
    found = certify(lambda A, b, tol: (np.linalg.solve(A, b), info), "cg", seed=93)
    assert found.verdict == "wrong"
    assert "info is True or 0 where it has converged" in found.cases[0].reason


def test_a_residual_at_the_tolerance_may_be_called_either():
    case = case_of()
    A, b, tol = case["A"], case["b"], case["tol"]
    w, V = np.linalg.eigh(A)
    for size in (0.995, 1.0):
        x = np.linalg.solve(A, b) + size * tol * np.linalg.norm(b) * V[:, 0] / w[0]
        for said in (True, False):
            assert all(number <= bound for number, bound in measure_cg((x, said), case).values())
