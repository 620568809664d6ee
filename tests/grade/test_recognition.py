"""A mistake is recognised whatever its last bits are, by the cases that discriminate."""

import numpy as np
import pytest

from lib.grade import check_accuracy
from lib.grade.homework.svd import check_turned
from tests.grade.test_judging import POINTS, note


def test_mild_cases_take_no_part_in_recognition_where_others_went_wrong():
    known = {"you took the logarithm of x": np.log, "you doubled": lambda x: 2 * x}

    def either(x):
        return np.log(x) if x < 1 else 5.0

    report = check_accuracy(either, np.log1p, POINTS, ulps=2, known=known)
    assert report.note == ""
    assert report.with_mild("one").note == "you took the logarithm of x"
    assert report.with_mild("tiny").note == report.with_mild("one", "small", "tiny").note == ""


def test_where_mild_cases_alone_went_wrong_they_have_to_be_explained():
    known = {"you cut off at 1e-9": lambda x: 0.0 if x < 1e-9 else np.log1p(x)}
    for f, said in ((known["you cut off at 1e-9"], "you cut off at 1e-9"),
                    (lambda x: 3.0 if x < 1e-9 else np.log1p(x), "")):
        report = check_accuracy(f, np.log1p, POINTS, ulps=2, known=known).with_mild("tiny")
        assert report.verdict == "stable" and not report.passed and report.note == said


def test_an_answer_that_fails_as_the_mistake_does_is_recognised():
    known = {"you factored A": lambda x: np.linalg.cholesky(np.array([[x - 1e-6]]))[0, 0]}
    assert note(known["you factored A"], known) == "you factored A"
    assert note(lambda x: 1 / 0, known) == ""


def turned(P, Q, size=np.max):
    P, Q = (part / size(np.abs(part)) for part in (P, Q))
    left, _, right = np.linalg.svd(Q.T @ P)
    return left * np.array([1, 1, np.sign(np.linalg.det(left @ right))]) @ right


@pytest.mark.parametrize("answer", [
    lambda P, Q: turned(Q, P), lambda P, Q: turned(P, Q).T,
    lambda P, Q: turned(Q, P, np.linalg.norm), lambda P, Q: np.linalg.inv(turned(P, Q)),
    lambda P, Q: turned(Q[::-1], P[::-1])])
def test_a_mistake_is_named_by_whatever_road_it_was_made(answer):
    assert check_turned(answer, seed=2027).note == "this turns Q onto P"


@pytest.mark.parametrize("answer", [
    turned, lambda P, Q: turned(P, Q) * [1, 1, -1], lambda P, Q: np.eye(3),
    lambda P, Q: turned(Q, P) * (1 + 1e-4), lambda P, Q: turned(Q, P) @ turned(Q, P)])
def test_another_mistake_is_not(answer):
    assert not check_turned(answer, seed=2027).note
