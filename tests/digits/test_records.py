"""What is kept of an operation."""





import math

from lib.digits.records import absorbed, shares
from lib.digits.shadow import Shadow
from lib.digits.tape import Tape


def test_digits_are_printed_whole_and_rounded_down():
    from lib.digits.records import whole
    assert [whole(d) for d in (15.95, 15.979, 15.981, 12.99, 0.5, 0.0)] == [15, 15, 16, 13, 0, 0]


def test_a_term_is_absorbed_where_a_rounded_sum_is_the_other_term():
    tape = Tape(60, ())
    one, big, none = (Shadow(tape, v) for v in (1.0, 1e16, 0.0))
    assert absorbed(1e16, [big, one]) == absorbed(1e16, [one, big]) == (1.0, 1e16)
    assert absorbed(-1e16, [one, big]) == (1.0, 1e16)  # 1 - 1e16
    assert absorbed(2.0, [one, one]) is None
    assert absorbed(1e16, [big, none]) is None
    correction = Shadow(tape, 1.0, r=tape.context.mpf(0))
    assert absorbed(1e16, [big, correction]) is None


def test_of_many_origins_the_largest_parts_are_kept():
    tape = Tape(60, ())
    x = Shadow(tape, 1.0, shares={place: tape.context.mpf(place) for place in range(1, 41)})
    kept = shares([x], [tape.context.mpf(2)], "here", tape.context.mpf(100))
    assert sorted(kept.values(), reverse=True) == [100, *range(80, 58, -2)]


def test_a_part_without_bound_stays_one():
    tape = Tape(60, ())
    x = Shadow(tape, 1.0, shares={"a": tape.context.mpf(0), "b": tape.context.mpf(1)})
    assert shares([x], [tape.context.inf], "here", 0) == {"a": math.inf, "b": math.inf}
