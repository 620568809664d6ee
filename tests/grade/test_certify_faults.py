"""The likely fault is one that the routine does not contradict; what it raises is told first."""

import math
import re
import sys

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse.linalg
import scipy.special

from lib.grade import certify
from tests.grade.certified import WRONG, float32_inside

SEEDS = range(300, 304)


def test_a_narrower_format_inside_is_named_wherever_the_numbers_are_plain():
    for what in ("solver", "cholesky", "sum", "variance"):
        found = certify(WRONG[what]["float32 inside"], what, seed=17)
        assert "float32 inside" in found.fault and found.chapter == "floating_point"
    for what in ("logsumexp", "softmax"):
        f = float32_inside(getattr(scipy.special, what))
        assert "float32 inside" in certify(f, what, seed=17).fault
    half = certify(lambda x: np.float32(np.sum(x.astype(np.float16))), "sum", seed=17,
                   dtype="float32")
    assert "float16 inside" in half.fault


@pytest.mark.parametrize("f", [lambda x: 0.0, np.max, lambda x: np.float64(x.size)])
def test_what_does_not_look_at_its_numbers_computes_in_no_narrower_format(f):
    assert "inside" not in certify(f, "sum", seed=17).fault


def solver(A, b):
    return np.linalg.solve(A, b)


def fails_where(kind, fails, problem):
    """Return a right routine of a kind that raises where fails(argument) is true."""
    right = {"solver": solver, "sum": math.fsum, "eigh": np.linalg.eigh}[kind]

    def f(*args):
        if fails(args[0]):
            raise problem
        return right(*args)
    return f


class Routines:
    def method(self, A, b):
        return np.linalg.solve(A, b)


@pytest.mark.parametrize("what, f, words", [
    ("sum", fails_where("sum", lambda x: len(x) > 9999, MemoryError("too big")),
     "raises MemoryError: too big where it has to return, first in \"many small terms"),
    ("eigh", fails_where("eigh", lambda A: len(A) > 20, AssertionError("too many")),
     "raises AssertionError: too many"),
    ("solver", fails_where("solver", lambda A: np.linalg.cond(A) > 1e12, ValueError("ill")),
     "raises ValueError: ill"),
    ("solver", fails_where("solver", lambda A: np.linalg.cond(A) > 1e12,
                           np.linalg.LinAlgError("singular")), "raises LinAlgError: singular"),
    ("solver", lambda A, b: sys.exit(3), "raises SystemExit: 3"),
    ("solver", lambda A, b, c: b, "'c': it is called as solve(A, b) -> x"),
    ("solver", Routines.method, "it is called as solve(A, b) -> x")])
def test_an_exception_is_told_and_no_mathematics_with_it(what, f, words):
    fault = certify(f, what, seed=301).fault
    assert words in fault and "It may" not in fault and "It fails" not in fault
    assert fault.count(". ") == 1  # the sentence, and where to read on


def test_what_raises_and_what_returns_are_both_told():
    def by_cholesky(A, b):
        L = np.linalg.cholesky(A.T @ A)
        return np.linalg.solve(L.T, np.linalg.solve(L, A.T @ b))

    fault = certify(by_cholesky, "least_squares", seed=302).fault
    assert fault.startswith("It raises LinAlgError") and "as normal equations do" in fault


def unnormalised(A):
    w, V = np.linalg.eigh(A)
    return w, 2 * V


def by_lu(A):
    P, L, U = scipy.linalg.lu(A)
    if (np.diag(P @ U) < -1e-9).any():
        raise ValueError("not definite")
    return L * np.sqrt(np.diag(U))


def sum1(x):
    p = scipy.special.softmax(x)
    p[-1] = 1 - p[:-1].sum()
    return p


@pytest.mark.parametrize("what, f, words", [
    ("logsumexp", lambda x: 0.0, "nothing is hostile"),
    ("logsumexp", lambda x: scipy.special.logsumexp(x) / np.log(10), "nothing is hostile"),
    ("logsumexp", np.max, "nothing is hostile"),
    ("softmax", scipy.special.log_softmax, "nothing is hostile"),
    ("eigh", unnormalised, "nothing is hostile"),
    ("solver", lambda A, b: np.linalg.solve(A.T, b), "nothing is hostile"),
    ("cholesky", by_lu, "root of a number that rounding has made negative|another matrix"),
    ("cholesky", lambda A: np.linalg.cholesky(A)[::-1], "no triangular factor"),
    ("softmax", sum1, "one as 1 minus the others"),
    ("logsumexp", lambda x: np.nan_to_num(scipy.special.logsumexp(x)), "the answer is -inf"),
    ("logsumexp", lambda x: np.log(np.sum(np.exp(np.clip(x, -700, 700)))), "may clip"),
    ("cg", lambda A, b, tol: scipy.sparse.linalg.minres(A, b, rtol=tol / 100)[0],
     "before the residual is what was asked for")])
def test_no_sentence_is_said_that_the_routine_contradicts(what, f, words):
    for seed in SEEDS:
        assert re.search(words, certify(f, what, seed=seed).fault)


def test_what_fits_no_mistake_is_told_so():
    def odd(A, b):
        return np.linalg.solve(A, b) * (np.nan if np.all(b == 0) else 1)

    assert "nan or inf where the answer is finite" in certify(
        lambda x: np.var(x) * (np.nan if len(x) == 1000 else 1), "variance", seed=303).fault
    assert "divide by the size of something that is 0" in certify(odd, "solver", seed=303).fault
