"""The lines of a traced function are moved by the seed; what it computes stays."""

import inspect
import random

import pytest

from homework.exams import listing
from homework.exams.bank import bank, traced, traced_systems
from homework.exams.dressed import FACTOR, dressed

FUNCTIONS = [one for module in (traced, traced_systems)
             for _, one in inspect.getmembers(module, inspect.isfunction)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_a_moved_function_returns_what_it_did_times_its_factor(function):
    values = (4.5, 1.5, 3.25) if function is traced_systems.second_pivot else (
        0.5, 4.5, 1.5, 3.25, 0.75, 1.25)[:function.__code__.co_argcount]
    taken = set(function.__code__.co_varnames)
    assert not taken & {"p", "q", "result", "unscaled", *(line.split()[0] for line in FACTOR)}
    plain, sources = function(*values), set()
    for seed in range(11, 31):
        made = dressed(random.Random(seed), function)
        assert made(*values, 6.0, 7.0) == 2 * plain
        sources.add(inspect.getsource(made))
        assert len({source.count("\n") for source in sources}) == 1
    assert len(sources) > 5


def test_options_of_a_trace_are_two_by_two():
    """Whoever looks for the option that shares most with the others finds nothing."""
    for seed in range(11, 31):
        texts = [one.text for one in bank("lu").draw("trace_no_exchange", seed).options]
        makers, shows = zip(*(text.split(", line ") for text in texts), strict=True)
        assert sorted(map(makers.count, makers)) == sorted(map(shows.count, shows)) == [2] * 4


def test_a_trace_without_another_line_that_rounds_accuses_one_of_the_function():
    wrong = listing.accused(random.Random(5), [2, 3], 6, [5], 8)
    assert len({text for text, _ in wrong}) == 3 and all(thought for _, thought in wrong)
