"""What is taken out of a module of judges runs by itself, in whatever order it was asked for."""

import importlib

import pytest

from homework import Trouble
from homework.slices import Slices

SOURCE = """import math
B = 2.0


def root():
    return math.sqrt(B)


C = B + 1
D = root() + C
"""


@pytest.fixture
def judges(tmp_path, monkeypatch):
    (tmp_path / "judges_to_slice.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module("judges_to_slice")


@pytest.mark.parametrize("names", [("root", "C"), ("C", "root"), ("D",), ("root", "D", "C")])
def test_what_is_needed_comes_first_in_every_order(judges, names):
    slices, made = Slices(), {}
    for name in names:
        slices.take(name, judges)
    exec("\n".join([*slices.imports.values(), *slices.in_order()]), made)
    assert all(name in made for name in names) and made["B"] == 2.0
    assert len(slices.in_order()) == len(set(slices.in_order()))


def test_a_name_that_is_not_there_is_told(judges):
    with pytest.raises(Trouble, match="has no 'missing' of its own"):
        Slices().take("missing", judges)
