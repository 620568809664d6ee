"""The form of an answer is told by one sentence for each fault, and nothing of its values."""

import numpy as np
import pytest

from lib.grade.forms import form_of, form_of_input, stand_in


@pytest.mark.parametrize("answer, telling", [
    (..., "form: not written yet"), (3.0, "form: float; asked for: a function"),
    (lambda x: x, "form: the function does not take 2 arguments, which are asked for"),
    (lambda x, y: None, "form: takes 2 arguments; returned None: not written yet, or without "
                        "return"),
    (lambda x, y: 1 / 0, "form: takes 2 arguments; raised ZeroDivisionError: division by zero"),
    (lambda x, y: "a", "form: str; asked for: numbers of NumPy or Python"),
    (lambda x, y: [[1], [1, 2]], "form: list, which is no array of numbers"),
    (lambda x, y: [1, 2], "form: 1 result, of shape (2,), int64: as asked"),
    (lambda x, y: x.astype("f"), "form: 1 result, of shape (2,), float32; asked for: 1 result, of "
                                 "shape (2,), float64"),
    (lambda x, y: 1j * x, "form: 1 result, of shape (2,), complex128; asked for: 1 result, of "
                          "shape (2,), float64")])
def test_each_fault_of_a_form_has_its_sentence(answer, telling):
    assert repr(form_of(answer, (np.ones(2), 3), ("float64", (2,)))) == telling


def test_an_answer_is_called_once_on_copies_and_in_silence():
    calls, x = [], np.ones(3)

    def spoils(given):
        calls.append(given)
        given[:] = np.log(-given)
        return given

    assert "as asked" in repr(form_of(spoils, (x,), ("float64", (3,)), False))
    assert len(calls) == 1 and list(x) == [1, 1, 1]


def test_a_stand_in_takes_many_only_where_the_judges_function_does():
    with pytest.raises(ValueError, match="one float at a time"):
        stand_in(None)(np.ones(2))
    with pytest.raises(ValueError, match="one vector at a time"):
        stand_in(3)(np.ones((2, 2)))
    assert stand_in(None, many=True)(np.ones(2)).tolist() == [0.5, 0.5]
    assert stand_in(3, many=True)(np.ones((2, 2))).tolist() == [[1, 1], [2, 2], [0, 0]]


def test_values_change_nothing_of_what_is_told():
    asked = [("float64", (3,)), ("bool", ())]
    values = 0.0, 1.0, -1e300, np.nan, np.inf
    said = {repr(form_of(lambda x, v=v: (x * 0 + v, v > 0), (np.ones(3),), asked)) for v in values}
    assert said == {"form: 2 results, of shapes (3,) and (), float64 and bool: as asked"}


def test_one_array_holds_several_results_only_where_that_is_admitted():
    asked = [("float64", (2,)), ("float64", (2,))]
    assert "as asked" in repr(form_of(lambda: np.ones((2, 2)), (), asked, packed=True))
    assert "as asked" not in repr(form_of(lambda: np.ones((2, 2)), (), asked))


def test_an_input_of_another_number_of_things_is_not_admitted():
    found = form_of_input((1.0, 2.0, 3.0), "two numbers", lambda a, b: True)
    assert repr(found) == "form: not admitted; asked for: two numbers"
    assert repr(form_of_input(..., "two numbers", lambda a, b: True)) == "form: not written yet"
