"""An advice says what was asked, what was found, and what to do, as text and as HTML."""

import numpy as np
import pytest

from lib import linear
from lib.linear import advise
from lib.linear.findings import (
    ASKED,
    CALLS,
    REASONS,
    Advice,
    Question,
    answered,
    digits_left,
    leaves_digits,
    refusal,
    small_residual,
)


def test_each_method_has_a_reason_and_a_call_of_the_room():
    assert REASONS.keys() == CALLS.keys()
    for method in REASONS.keys() - {"none", "substitution"}:
        assert method in linear.__all__ and method in CALLS[method]


@pytest.mark.parametrize("kappa, dtype, digits", [
    (1.0, np.float64, 15), (0.5, np.float64, 15), (1e8, np.float64, 7), (9e15, np.float64, 0),
    (1e300, np.float64, 0), (np.inf, np.float64, 0), (1.0, np.float32, 7), (1e5, np.float32, 2),
    (2e7, np.float32, 0)])
def test_digits_are_what_u_times_kappa_leaves(kappa, dtype, digits):
    assert digits_left(kappa, dtype) == digits


def test_the_limit_of_the_condition_number_is_one_over_n_u():
    for n in (1, 7):
        limit = 2.0**53 / n
        for kappa, left in ((limit, True), (np.nextafter(limit, np.inf), False), (np.inf, False),
                            (np.nan, False)):
            questions = []
            assert leaves_digits(kappa, n, np.float64, questions) is left
            assert questions[0].answer == ("yes" if left else "no")


def test_a_backward_error_that_is_too_large_asks_for_refinement():
    questions = []
    assert small_residual(1e-16, 1e-15, questions, "10 n u") == ()
    assert "refine" in small_residual(1e-3, 1e-15, questions, "10 n u")[0]
    assert [question.answer for question in questions] == ["yes", "no"]


def test_both_views_hold_every_question_answer_and_step():
    for A in (np.eye(2) + 1, np.ones((3, 3)), np.ones((4, 2)), np.diag([1.0, 2.0])):
        advice = advise(A)
        text, page = repr(advice), advice._repr_html_()
        assert text.startswith(advice.headline)
        for question in advice.questions:
            assert question.asked in text and question.measured in text
            assert question.measured in page and f"<strong>{question.answer}<" in page
        for step in advice.next_steps:
            assert f"next: {step}" in text and step.replace("'", "&#x27;") in page
        assert page.count("<tr>") == len(advice.questions) + 1


def test_the_page_shows_signs_of_comparison_as_text():
    advice = Advice("lu", None, None, (answered("scale", True, "a < b & c"),), ("x > y",))
    page = advice._repr_html_()
    assert "a &lt; b &amp; c" in page and "x &gt; y" in page
    assert "digits unknown" in advice.headline


def test_questions_are_in_words_and_frozen():
    question = Question("symmetric", "no", "")
    assert question.asked == ASKED["symmetric"]
    with pytest.raises(AttributeError):
        question.answer = "yes"
    with pytest.raises(AttributeError):
        refusal([question], np.inf).method = "lu"


def test_a_refusal_promises_nothing_and_names_what_adds_an_assumption():
    advice = refusal([answered("condition", False, "")], np.inf)
    assert (advice.method, advice.digits, advice.x) == ("none", 0, None)
    assert any("ridge" in step for step in advice.next_steps)
