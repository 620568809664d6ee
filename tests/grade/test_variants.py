"""A variant has its own numbers, and the same ones whenever they are drawn."""

import pytest

from lib.grade.variants import instances, own


def test_seed_and_variant_decide_what_is_drawn():
    drawn = {(seed, variant): tuple(instances(seed, variant).random(3))
             for seed in (5, 6) for variant in ("", "a", "b", "é", "student-17")}
    assert len(set(drawn.values())) == len(drawn)
    assert all(tuple(instances(*key).random(3)) == values for key, values in drawn.items())


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="seed = -3 is below 0"):
        instances(-3)


def test_own_numbers_differ_between_students_and_between_problems():
    options = list(range(3, 50))
    chosen = [own(f"s{i}", options, "gap") for i in range(40)]
    assert set(chosen) <= set(options) and len(set(chosen)) > 15
    assert chosen == [own(f"s{i}", options, "gap") for i in range(40)]
    assert chosen != [own(f"s{i}", options, "peak") for i in range(40)]
    assert own("", options, "gap") == own("", options, "peak") == 3
