"""Figures that move: arguments that are refused, and what a notebook stores of them."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from environment import ROOT
from lib.page import IntSlider, Slider, explore
from tests.page.drawings import line, page


@pytest.mark.parametrize("options, message", [
    ({}, "one to three parameters, got 0"),
    ({name: Slider(0, 1, 2) for name in "klmn"}, "one to three parameters, got 4"),
    ({"k": 3}, "k=3 is no parameter: use Slider"),
    ({"slope": Slider(0, 1)}, "draw must take axes, then slope"),
    ({"k": Slider(0, 1), "alt": ""}, "explore needs alt"),
    ({"k": Slider(0, 1), "alt": None}, "explore needs alt"),
    ({"k": Slider(0, 1), "panels": 0}, "panels, an integer from 1 on; got 0"),
    ({"k": Slider(0, 1), "panels": True}, "panels, an integer from 1 on; got True"),
    ({"k": Slider(0, 1), "panels": 1.0}, "panels, an integer from 1 on; got 1.0"),
    *(({"k": Slider(0, 1), "figsize": size},
       f"figsize, width and height from 1 to 50 inches, as in (5.2, 3.4); got {size!r}")
      for size in [(0, 0), 5, "a", "ab", (), (1, 2, 3), (np.nan, 2), (0.5, 3), (3, 1e4)]),
    ({"k": Slider(0, 1, 500)}, "500 = 500 frames are more than 400: give the controls fewer"),
])
def test_a_wrong_argument_names_the_value_and_the_remedy(shown, options, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        shown(**options)


def test_where_nothing_is_wanted_arguments_are_checked_and_nothing_is_drawn(shown, monkeypatch):
    monkeypatch.setenv("EXPLORE_STATIC", "nothing")
    drawn = []
    assert explore(lambda ax, k: drawn.append(k), alt="A line.", k=Slider(0, 1, 3)) is None
    assert drawn == []
    with pytest.raises(ValueError, match="explore needs alt"):
        explore(line, alt="", k=Slider(0, 1, 3))


@pytest.mark.parametrize("static", [True, False])
def test_an_error_on_every_frame_is_an_error(shown, static):
    with pytest.raises(NameError, match="undefined"):
        shown(lambda ax, k: undefined, static=static, k=IntSlider(0, 2))  # noqa: F821


def test_numbers_of_numpy_are_sizes(shown):
    shown(lambda axes, k: axes[1].plot([k]), panels=np.int64(2), figsize=np.array([6, 3]),
          k=Slider(0, 1, 2))


def explains(ax, k):
    """Draw a line, or raise an error whose message looks like a formula, for k = 1."""
    if k == 1:
        raise ValueError("give $x^{$ back")
    line(ax, k)


def mislabels(ax, k):
    """Draw a line with a label that is no formula, for k = 1."""
    line(ax, k)
    ax.set_xlabel("$x^{$" if k == 1 else "$x$")


@pytest.mark.parametrize("draw, told", [(explains, "give $x^{$ back"), (mislabels, "Expected")])
def test_a_dollar_in_one_frame_leaves_the_others(shown, draw, told):
    data = page(shown(draw, k=IntSlider(0, 2))).data
    assert list(data["words"]) == ["1"] and told in data["words"]["1"]
    assert shown(draw, static=False, k=IntSlider(0, 2, init=1))


def test_where_words_alone_are_wanted_one_frame_is_drawn(monkeypatch, capsys):
    drawn = []
    monkeypatch.setenv("EXPLORE_STATIC", "words")
    explore(lambda ax, k: drawn.append(k) or line(ax, k), alt="A line.", k=IntSlider(0, 9, init=4),
            say=lambda k: f"The slope is {k}.")
    assert capsys.readouterr().out == "<explore: k (10)>\n" and set(drawn) == {4}
    with pytest.raises(ZeroDivisionError):
        explore(lambda ax, k: 1 / 0, alt="A line.", k=IntSlider(0, 9))


DRAW = """
from lib.page import Slider, explore
def draw(ax, k):
    ax.plot([0, k])
explore(draw, alt="A line.", k=Slider(0, 1, 3))
"""


def test_a_notebook_stores_words_alone_and_passes_nbval(tmp_path):
    path = tmp_path / "moving.ipynb"
    cell = {"cell_type": "code", "id": "explore-line", "metadata": {}, "source": DRAW.strip(),
            "outputs": [], "execution_count": None}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4,
                                "nbformat_minor": 5}))
    settings = {name: value for name, value in os.environ.items() if name != "EXPLORE_STATIC"}

    def python(*arguments):
        return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=settings, timeout=300,
                              capture_output=True, text=True)

    assert python("tools/author/notebooks.py", "run", str(path)).returncode == 0
    [output] = json.loads(path.read_text())["cells"][0]["outputs"]
    assert output["data"] == {"text/plain": ["<explore: k (3)>"]}
    settings["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # to load the others takes seconds
    nbval = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "nbval.plugin", "--nbval",
             "--nbval-current-env")
    assert python(*nbval, str(path)).returncode == 0
    path.write_text(path.read_text().replace("k (3)", "k (4)"))
    assert python(*nbval, str(path)).returncode == 1
