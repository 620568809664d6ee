"""A prediction is right or not, and the right one is not given away."""

import itertools
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.grade import check_accuracy, check_value


@pytest.mark.parametrize("answer, expected, options, verdict", [
    (7, 7, {}, "stable"), (7, 7.4, {"within": 0.5}, "stable"), (6.8, 7.4, {"within": 0.5}, "wrong"),
    (3e-9, 1e-9, {"factor": 10}, "stable"), (3e-9, 1e-9, {"factor": 2}, "wrong"),
    (-5, -4, {"factor": 2}, "stable"), (" Subtraction", "subtraction", {}, "stable"),
    ("addition", "subtraction", {}, "wrong"), (True, True, {}, "stable"), (1, True, {}, "wrong"),
    ("7", 7, {}, "wrong"), (b"7", 7, {}, "wrong"), (True, 1, {}, "wrong"),
    (10**400, -7, {}, "wrong"), ("seven", 7, {}, "wrong"), (np.nan, 7, {}, "wrong"),
    (10**400, 7, {}, "wrong"), (np.array([1, 2]), 7, {}, "wrong"), (print, 7, {}, "wrong"),
    (..., 7, {}, "not attempted"), (None, "no", {}, "not attempted"),
    ((1, "no"), (1, "no"), {}, "stable"), ([1, "NO"], (1, "no"), {}, "stable"),
    ((1, ...), (1, "no"), {}, "wrong"), (..., (1, "no"), {}, "not attempted"),
    ((..., ...), (1, "no"), {}, "not attempted"), ((1,), (1, "no"), {}, "wrong"),
    (np.array([1, 2]), (1, 2), {}, "stable"), (np.array([1.0, 2.0]), (1.0, 2.0), {}, "stable"),
    (np.array([[1, 2]]), (1, 2), {}, "wrong"), ({1, 2}, (1, 2), {}, "wrong"),
    (np.False_, False, {}, "stable"), (np.True_, False, {}, "wrong"),
    (np.array(True), True, {}, "stable"), (True, np.True_, {}, "stable"),
    (np.True_, 1, {}, "wrong"), ((...,), (1, 2), {}, "not attempted"),
    ((..., None, ...), (1, 2), {}, "not attempted"), ((), (1, 2), {}, "wrong"),
    (1, np.True_, {}, "wrong"),
    (np.str_("no"), "no", {}, "stable"), (np.float32(7), 7, {}, "stable"),
    (np.array([7.0]), 7, {}, "stable"), ((np.False_, np.str_("No")), (False, "no"), {}, "stable"),
    (np.ma.masked, 7, {}, "wrong"), (np.ma.masked_array(7.0, mask=True), 7, {}, "wrong"),
    (np.ma.masked_array([1.0, 2.0], mask=[0, 1]), (1, 2), {}, "wrong"), (7 + 0j, 7, {}, "wrong"),
    (object(), "no", {}, "wrong"), ("n" * 10**5, "no", {}, "wrong")])
def test_predictions(answer, expected, options, verdict):
    assert check_value(answer, expected, **options).verdict == verdict


def test_a_tuple_that_cannot_be_read_is_wrong():
    def leave(self):
        raise SystemExit

    answer = type("Closed", (tuple,), {"__iter__": leave})((1, 2))
    assert check_value(answer, (1, 2)).verdict == "wrong"


def test_a_wrong_number_is_told_its_direction_and_not_the_answer():
    report = check_value((1, 9), (5, 5), name="digits")
    assert [case.reason for case in report.cases] == ["1 is too small", "9 is too large"]
    assert "5" not in repr(report)


def test_no_answer_makes_a_report_raise():
    class Hostile:
        def __float__(self):
            raise RuntimeError("no float")

        __str__ = __repr__ = __array__ = __eq__ = __float__
        __hash__ = None

    report = check_value(Hostile(), 1.0)
    assert report.verdict == "wrong" and "Hostile" in repr(report) + report._repr_html_()
    boxed = np.empty(1, dtype=object)
    boxed[0] = Hostile()
    assert check_value(boxed, 1.0).verdict == "wrong"
    assert check_accuracy(lambda x: Hostile(), [1.0], [2.0], ulps=1).verdict == "wrong"


def test_whole_numbers_that_floats_round_to_one_are_told_apart():
    assert not check_value(2**53, 2**53 + 1).passed
    assert not check_value(2**53 + 1, 2**53).passed
    assert not check_value(2**60 + 100, 2**60, within=1).passed
    assert not check_value(float(2**60), 2**60 + 37).passed
    assert check_value(float(2**60), 2**60).passed
    assert check_value(2**53 + 1, 2**53 + 1).passed
    assert check_value(2**60 + 1, 2**60, within=1).passed
    assert check_value(np.int64(2**53 + 1), 2**53 + 1).passed


@pytest.mark.parametrize("answer, said", [
    (4, "a single one given, 3 wanted"), (4.0, "a single one given, 3 wanted"),
    ("4", "a single one given, 3 wanted"), (np.float64(4), "a single one given, 3 wanted"),
    ([4], "1 given, 3 wanted"), ((4, 4, 4, 4), "4 given, 3 wanted"), ((), "0 given, 3 wanted"),
    ({1, 2, 3}, "a single one given, 3 wanted"),
    (np.ones((3, 3)), "a tuple of 3 is wanted, not a ndarray")])
def test_another_number_of_entries_is_counted(answer, said):
    report = check_value(answer, (4, 4, 4), within=1)
    assert [case.reason for case in report.cases] == [said] and report.verdict == "wrong"


def test_parts_and_units_are_named_and_each_has_its_own_tolerance():
    report = check_value((9, 0.4, "no"), (8, 0.5, "yes"), within=(1, 0.01, 0), name="formats",
                         parts=("digits", "share", "safe?"), units=("digits", "", ""))
    assert repr(report) == ("formats: not right, 1 of 3 right\n"
                            "  digits  right      9 digits is right\n"
                            "  share   not right  0.4 is too small\n"
                            "  safe?   not right  'no' is not right")
    assert check_value((2.0, 30.0), (1.0, 10.0), factor=(2, 3)).passed
    with pytest.raises(ValueError, match="parts has 1 names for 2 entries"):
        check_value((1, 2), (1, 2), parts=("one",))


def test_a_named_wrong_answer_is_recognised_and_gives_nothing_away():
    left = (11, 10, 4)
    known = {"you told the digits that are lost": (5, 6, 12), "the last is a trap": (..., ..., 12)}
    for answer, note in (((5, 6, 12), "you told the digits that are lost"), ((5.3, 6, 12), known),
                         ((11, 10, 12), "the last is a trap"), ((5, 6, 4), ""), (left, ""),
                         ((5, 6), ""), (..., ""), (("a", "b", 7), "")):
        report = check_value(answer, left, within=0.5, known=known)
        assert report.note in note if note else report.note == ""
    assert "11" not in repr(check_value((5, 6, 12), left, known=known))
    assert check_value(2, 1, known={"you doubled it": 2}).note == "you doubled it"


def test_the_words_are_those_of_a_prediction():
    report = check_value((1, ..., 3), (1, 2, 3))
    assert [case.shown for case in report.cases] == ["right", "not attempted", "right"]
    assert report.headline == "answer: 2 of 3 right, the others not attempted"
    assert check_value((1, 2), (1, 2)).headline == "answer: passed, right in all 2 cases"
    assert "stable" not in check_value(2, 1)._repr_html_()


@pytest.mark.parametrize("answer, options, right", [
    (10**400, {}, True), (10**400 + 1, {}, False), (10**400 + 1, {"within": 2}, True),
    (np.inf, {}, False), (np.inf, {"within": 10**400}, False), (-(10**400), {}, False),
    (5, {}, False), (10**401, {"factor": 20}, True)])
def test_expected_numbers_beyond_the_floats_are_compared_and_do_not_raise(answer, options, right):
    assert check_value(answer, 10**400, **options).passed == right


TINY, THIRD, TENTH = Fraction(1, 10**400), Fraction(1, 3), Fraction(1, 10)


@pytest.mark.parametrize("answer, expected, right", [
    (THIRD, THIRD, True), (1 / 3, THIRD, False), (THIRD, 1 / 3, False),
    (0.5, 5 * TENTH, True), (0.1, TENTH, False), (0.1, Decimal("0.1"), False),
    (Decimal("0.1"), TENTH, True), (1e23, 10**23, False), (1e22, 10**22, True),
    (TINY, 0, False), (0, TINY, False), (TINY, TINY, True), (mpmath.mpf(10) ** -400, 0.0, False),
    (Fraction(10**400), Fraction(10**400) + 1, False), (Fraction(10**400), 10**400, True),
    (np.inf, 10**400, False), (10**400, np.inf, False), (np.inf, np.inf, True),
    (-np.inf, np.inf, False), (Decimal("Infinity"), np.inf, True), (mpmath.inf, np.inf, True),
    (Decimal("1e400"), np.inf, False), (1.7976931348623157e308, np.inf, False),
    (Decimal("1e20000"), Decimal("1e20001"), False), (2**53 + 1, Fraction(2**53), False),
    (mpmath.mpf(1) / 3, 1 / 3, True), (np.float32(0.1), 0.1, False), (mpmath.mpc(7, 0), 7, False),
    (np.clongdouble(7), 7, False), (Decimal("NaN"), 7, False), (np.nan, np.nan, False)],
    ids=lambda value: type(value).__name__)
def test_without_room_numbers_of_every_kind_are_compared_exactly(answer, expected, right):
    assert check_value(answer, expected).passed == right
    assert check_value((answer,), (expected,), within=(0,), factor=(1.0,)).passed == right


@pytest.mark.skipif(np.finfo(np.longdouble).nmant == 52, reason="longdouble is float64 here")
def test_a_longdouble_counts_with_all_its_digits():
    third = np.longdouble(1) / 3
    assert check_value(third, third).passed and not check_value(third, 1 / 3).passed
    assert not check_value(np.longdouble(2) ** 2000, np.inf).passed
    assert check_value(np.longdouble(2) ** 2000, 2**2000).passed


def test_the_ends_of_the_room_are_in_it_as_decimals_and_the_next_ones_are_not():
    # In floats 0.8 - 0.7 is above 0.1, and 0.3 / 0.1 below 3.
    for tenths, room in itertools.product(range(1, 30), range(1, 10)):
        near, width = tenths / 10, room / 10
        for end in ((tenths + room) / 10, (tenths - room) / 10):
            assert check_value(end, near, within=width).passed
            beyond = end + np.copysign(1e-14, end - near) * (abs(end) + near)
            assert not check_value(beyond, near, within=width).passed
        if room > 1:
            for end, beyond in ((tenths * room / 10, 1), (tenths / 10 / room, -1)):
                assert check_value(end, near, factor=room).passed
                assert check_value(np.array([end]), near, factor=room).passed
                assert not check_value(end * (1 + beyond * 1e-14), near, factor=room).passed


def test_whole_numbers_and_fractions_have_no_room_beyond_their_ends():
    assert check_value(THIRD + 1, 1, within=THIRD).passed
    assert not check_value(THIRD + 1 + TINY, 1, within=THIRD).passed
    assert not check_value(2**60 + 1, 2**60, within=0.5).passed
    assert not check_value(float(2**60), 2**60 + 37, within=36).passed
    assert check_value(3 * THIRD * 10**400, THIRD * 10**400, factor=3).passed
    assert not check_value(3 * THIRD * 10**400 + 1, THIRD * 10**400, factor=3).passed
    assert not check_value(np.inf, 5.0, within=1e300).passed
    assert not check_value(5.0, np.inf, within=1e300).passed


def test_a_number_that_float_alone_reads_is_one():
    class Held:
        def __float__(self):
            return 7.0

    assert check_value(Held(), 7).passed and not check_value(Held(), 8).passed


def test_numbers_beyond_the_floats_are_shown_as_such():
    assert check_value(10**400, 7).cases[0].reason == "beyond 1e308 is too large"
    assert check_value(-TINY, 7).cases[0].reason == "above -1e-323 is too small"
    assert check_value(THIRD, 1 / 3).cases[0].reason == "0.333333 is too large"
