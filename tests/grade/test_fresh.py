"""What a judge compares is asked in two processes: an answer with a memory gains nothing."""

import functools
import math

import numpy as np
import pytest

from lib.grade.fresh import in_two
from tests.grade.test_homework_sets import CHECKS, check, fraction, right


class Twofold:
    """An answer that another process would give again, as one across a pipe is."""

    def __init__(self, made):
        self.made, self.answer, self.calls, self.others = made, made(), 0, []

    def __call__(self, *args):
        self.calls += 1
        return self.answer(*args)

    def afresh(self):
        self.others.append(Twofold(self.made))
        return self.others[-1]


def with_memory():
    known = {}
    return lambda x: known.setdefault(tuple(sorted(x)), float(np.sum(x)))


def with_the_last_result():
    last = []

    def total(x):
        if not last or last[0] != sorted(x):
            last[:] = sorted(x), float(np.sum(x))
        return last[1]

    return total


def with_a_cache():
    inner = functools.lru_cache(lambda terms: math.fsum(terms))
    return lambda x: inner(tuple(sorted(x)))


@pytest.mark.parametrize("made, mark", [(with_memory, 0), (with_the_last_result, 0),
                                        (with_a_cache, 1), (lambda: math.fsum, 1),
                                        (lambda: np.sum, 0)])
def test_a_sum_is_compared_with_what_another_process_finds(made, mark):
    for seed in range(3, 13):
        answer = Twofold(made)
        report = check("floating_point", "total")(answer, seed=seed)
        assert fraction(report) == mark, report
        assert len(answer.others) == 1 and answer.others[0].calls == answer.calls


def test_without_another_process_the_answer_is_asked_each_time():
    ask, seen = in_two(lambda x: seen.append(x) or len(seen)), []
    assert [ask("a"), ask("b"), ask("c")] == [1, 2, 3] and seen == ["a", "b", "c"]


@pytest.mark.parametrize("topic, word", [pair for pair in CHECKS if callable(right(*pair))])
def test_who_asks_more_than_once_a_case_asks_afresh(topic, word):
    answer = Twofold(lambda: right(topic, word))
    report = check(topic, word)(answer, seed=2011)
    assert report.passed and (answer.calls == len(report.cases)) != bool(answer.others)
