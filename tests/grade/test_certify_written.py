"""The arguments of a traced function, as they are written at the command line."""

import numpy as np
import pytest

from lib.grade.certify import Misuse, arguments_of, literal


@pytest.mark.parametrize("text", [
    "np.array([1.0, 2.0])", "numpy.array((1.0, -2.5))", "np.asarray([[1.0], [2.0]])",
    "np.array([1, 2])", "np.array([1, 2], dtype=float)", "np.array([1, 2], np.float64)",
    "np.array([0.5], dtype='float64')", "np.array([1.0, np.inf, -np.inf])", "np.array(2.0)",
    "np.array([np.float64(1.0), 2.0])", "np.float64(1.5)", "np.float64(-1)",
    *(repr(one) for one in (np.eye(2), np.array([np.nan, np.inf]), np.linspace(0, 1, 40),
                            [np.float64(0.1), np.float64(0.2)]))])
def test_numbers_of_numpy_are_read_as_python_reads_them(text):
    found, wanted = literal(text), eval(text, {**vars(np), "np": np, "numpy": np})
    assert type(found) is type(wanted)
    assert np.asarray(found).dtype == np.asarray(wanted).dtype
    assert np.array_equal(found, wanted, equal_nan=True)


def test_arrays_stand_in_lists_and_dictionaries():
    weights = literal("{'W': np.array([[1.0]]), 'b': [array([2.0]), 3]}")
    assert [type(weights["W"]), *map(type, weights["b"])] == [np.ndarray, np.ndarray, int]


@pytest.mark.parametrize("text, reason", [
    ("np.array([1.0], dtype=np.float32)", "by --fmt, not by float32"),
    (repr(np.ones(2, np.float16)), "by --fmt, not by float16"), ("np.array([1.0], int)", "by int"),
    ("bfloat16(1.0)", "by --fmt, not by bfloat16"),
    ("np.array([[1.0], [1.0, 2.0]])", "makes no array"),
    ("np.array(['1.0'])", "makes no array"), ("np.array([None], dtype=float)", "makes no array"),
    ("np.array([1.0, ..., 9.0])", "makes no array"), ("np.array([1j])", "makes no array"),
    ("np.zeros(3)", "no Python literal"), ("np.full(2, 3.0)", "no Python literal"),
    ("np.array()", "no Python literal"),
    ("np.array([1.0], copy=True)", "no Python literal"), ("np.array(*[1.0])", "no Python literal"),
    ("np.array([1.0], **{'dtype': float})", "no Python literal"),
    ("np.float64([1.0])", "no Python literal"), ("np.float64(1, dtype=float)", "no Python literal"),
    ("np.array([1.0]).sum()", "no Python literal"), ("np.array(open('kept'))", "no Python literal"),
    ("open('kept', 'w')", "no Python literal"),
    ("np.array([open('kept', 'w')])", "no Python literal")])
def test_what_is_no_number_of_numpy_is_refused_and_never_run(tmp_path, monkeypatch, text, reason):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Misuse, match=reason):
        literal(text)
    assert not (tmp_path / "kept").exists()


def test_arguments_by_name_come_once():
    assert arguments_of(["[1.0]", "n = [2, 3]"]) == ([[1.0]], {"n": [2, 3]})
    args, kwargs = arguments_of(["[1.0]", "w=[2, 3]"], arrays=True)
    assert args[0].tolist() == [1.0] and kwargs["w"].tolist() == [2.0, 3.0]
    for texts, reason in ((["x=1.0", "x=2.0"], "x=2.0: x was given before, as 1.0"),
                          (["x==1.0"], "'=1.0' is no Python literal"), (["x="], "'x='")):
        with pytest.raises(Misuse, match=reason):
            arguments_of(texts)
