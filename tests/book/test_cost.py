"""What a chapter costs is counted in its kernel, figures that move apart, and held to a budget."""

import json
import platform
from time import process_time
from types import SimpleNamespace

import pytest

import cost
from web import status


def run(account, source, seconds):
    """Spend CPU time in a cell of an account."""
    account.begin(SimpleNamespace(raw_cell=source))
    end = process_time() + seconds
    while process_time() < end:
        pass
    account.end(None)


def test_the_frames_of_moving_figures_are_counted_apart(monkeypatch, tmp_path):
    monkeypatch.setenv("COST", str(tmp_path / "x.cost"))
    account = cost.Account()
    run(account, "from lib.page import explore\nx = 1", 0.02)
    assert account.frames == 0 and account.lesson >= 0.02
    lesson = account.lesson
    run(account, "def draw(ax): ...\n\n\nexplore(draw)", 0.03)
    assert account.lesson == lesson and account.frames >= 0.03
    assert json.loads((tmp_path / "x.cost").read_text()) == account.told()


def test_a_slow_machine_makes_no_chapter_dear(monkeypatch):
    told = {}
    for pace in (1, 3):  # the same work, on a machine that takes three times as long
        monkeypatch.setattr(cost, "yardstick", lambda pace=pace: cost.STANDARD * pace)
        account = cost.Account()
        account.lesson, account.frames = 20 * pace, 10 * pace
        told[pace] = account.told()
        assert told[pace].pop("pace") == pace
    assert told[1] == told[3] and told[1]["lesson"] == 20 and told[1]["frames"] == 10


def test_the_pace_is_measured_between_the_cells(monkeypatch):
    paces = iter([1, 3, 5])
    monkeypatch.setattr(cost, "yardstick", lambda: cost.STANDARD * next(paces))
    monkeypatch.setattr(cost, "BETWEEN", 0.02)
    account = cost.Account()
    for seconds in (0.03, 0.001, 0.03):
        run(account, "x = 1", seconds)
    assert account.told()["pace"] == 3


def test_more_work_takes_the_yardstick_longer(monkeypatch):
    short = min(cost.yardstick() for _ in range(5))
    monkeypatch.setattr(cost, "STEPS", 10 * cost.STEPS)
    assert min(cost.yardstick() for _ in range(5)) > 4 * short > 0


def test_memory_that_was_held_counts_after_it_is_free():
    before = cost.peak()
    if before is None:
        pytest.skip("nothing tells it here")
    del [bytearray(b"x") * 200_000_000][0]
    assert cost.peak() >= 200 and cost.peak() >= before


@pytest.mark.parametrize("lesson, frames, memory, words", [
    (30, 20, 500, []), (1, 1, None, []),
    (31, 1, 100, ["takes 31 CPU seconds; its budget is 30"]),
    (29, 32, 100, ["frames take 61 CPU seconds; the budget is 60"]),
    (1, 1, 501, ["takes 501 MB of memory; its budget is 500"]),
    (61, 0, 501, ["61 CPU seconds", "61 CPU seconds", "501 MB"]),
])
def test_what_is_over_budget_is_told(lesson, frames, memory, words):
    found = cost.over({"lesson": lesson, "frames": frames, "memory": memory})
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))


def test_the_page_of_the_status_names_the_same_budgets():
    assert {key: most for key, _, most in status.BUDGETS.values()} == {
        "lesson": cost.LESSON, "all": cost.ALL, "memory": cost.MEMORY}


def test_the_kind_of_machine_names_no_machine():
    assert cost.machine().endswith(" cores") and platform.node() not in cost.machine()
