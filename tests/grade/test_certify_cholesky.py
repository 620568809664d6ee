"""Cholesky's factor is measured by its product and its form, and has to be refused at times."""

import numpy as np
import scipy.linalg

from lib.grade.certify import KINDS, certify
from lib.grade.certify.cholesky import measure_cholesky, read_cholesky
from lib.grade.certify.kinds import Case

REFUSED = [trial.name for trial in KINDS["cholesky"].trials if trial.refuses]


def case_of(A):
    made = Case(KINDS["cholesky"], KINDS["cholesky"].trials[0], [9, 0], "float64")
    made.values["A"], made.n, made.other = A, max(A.shape), None
    return made


def test_both_triangles_are_cholesky_factors_and_no_other_root_is():
    A = np.array([[4.0, 2.0], [2.0, 10.0]])
    for factor in (np.linalg.cholesky(A), scipy.linalg.cholesky(A)):
        case = case_of(A)
        assert max(number for number, _ in measure_cholesky(read_cholesky(factor, case), case)
                   .values()) == 0
    w, V = np.linalg.eigh(A)
    assert measure_cholesky(V * np.sqrt(w), case)["above the diagonal of L"][0] > 0.1
    assert measure_cholesky(-np.linalg.cholesky(A), case)["negative on the diagonal of L"][0] > 0.1


def test_the_factor_is_lower_or_upper_in_every_case():
    for lower in (True, False):
        assert certify(lambda A, lower=lower: scipy.linalg.cholesky(A, lower=lower), "cholesky",
                       seed=45).passed
        found = certify(lambda A, lower=lower: scipy.linalg.cholesky(
            A, lower=lower ^ (len(A) == 5)), "cholesky", seed=45)
        (row,) = [row for row in found.cases if row.verdict != "stable"]
        which = ("lower", "upper") if lower else ("upper", "lower")
        assert row.name == "unequal scales" and row.reason == (
            f"returned the {which[1]} factor, and the {which[0]} one before")


def test_an_indefinite_matrix_has_to_be_refused_by_an_exception_or_by_nan():
    for answer, verdict in ((np.linalg.cholesky, "stable"), (lambda A: A * np.nan, "stable"),
                            (lambda A: np.linalg.cholesky(A + np.eye(len(A))), "wrong")):
        cases = [one for one in certify(answer, "cholesky", seed=44).cases if one.name in REFUSED]
        assert len(cases) == 3 and {case.verdict for case in cases} == {verdict}


def test_an_exception_that_is_raised_everywhere_is_no_refusal():
    for f in (lambda A: np.linalg.cholesky(A, 1, 2, 3), lambda A: np.linalg.cholesky(A.nothing),
              lambda A: scipy.linalg.cholesky(A * np.inf)):
        cases = certify(f, "cholesky", seed=44).cases
        assert {case.verdict for case in cases} == {"wrong"}


def clamped(least):
    """Return a factorisation that takes a pivot between 0 and least for a tiny one."""
    def f(A):
        n, d = len(A), 2.0 ** np.round(np.log2(np.maximum(np.diag(A), 1e-300)) / 2)
        S, L = A / d / d[:, None], np.zeros_like(A)
        for k in range(n):
            p = S[k, k] - L[k, :k] @ L[k, :k]
            if p < least:
                raise np.linalg.LinAlgError("not positive definite")
            L[k, k] = np.sqrt(max(p, 1e-18))
            L[k + 1:, k] = (S[k + 1:, k] - L[k + 1:, :k] @ L[k, :k]) / L[k, k]
        return L * d[:, None]
    return f


def test_a_pivot_just_below_0_is_no_tiny_one():
    for seed in range(45, 55):
        found = certify(clamped(-0.002), "cholesky", seed=seed)
        assert found.verdict == "wrong" and "refuse it" in found.fault
        assert certify(clamped(0), "cholesky", seed=seed).passed


