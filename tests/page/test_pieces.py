"""Pictures as pieces: each point to half a grain, each letter once."""

import re

import numpy as np
import pytest

from lib.page.pieces import Pieces, relative_path
from lib.page.stage import Stage


def test_a_relative_path_keeps_every_point_to_half_a_grain():
    rng = np.random.default_rng(5)
    points = rng.uniform(-100, 400, size=(1000, 2))
    data = "M" + "L".join(f" {x:.6f} {y:.6f} " for x, y in points)
    steps = [[float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", step)]
             for step in re.split("[ml]", relative_path(data, 0.1))[1:]]
    # Half a grain, and the 6 decimals of the data; the sum of 1000 steps adds no error of its own.
    assert np.abs(np.cumsum(steps, axis=0) - points).max() <= 0.05 + 1e-6


@pytest.mark.parametrize("data, short", [
    ("M 0 0 L 1 0 z M 5 5 L 6 5 z", "m0 0l1 0zm5 5l1 0z"),
    ("M 1 1 C 2 1 3 2 3 3 Q 4 4 5 3", "m1 1c1 0 2 1 2 2q1 1 2 0"),
    ("M 0.04 0 L -0.26 -7", "m0 0l-.3-7"),
])
def test_a_relative_path_knows_the_commands_of_matplotlib(data, short):
    assert relative_path(data, 0.1) == short


def test_letters_are_stored_once():
    stage = Stage(lambda ax, k: ax.set_title("0" * k), 1, (5, 3))
    pieces = Pieces({}, "")
    for k in (1, 5, 9):
        pieces.pack(stage.svg({"k": k})[0])
    zeros = [shape for shape in pieces.shapes if shape.count("q") > 8]
    before = len(pieces.shapes)
    pieces.pack(stage.svg({"k": 12})[0])
    assert zeros and len(pieces.shapes) == before
