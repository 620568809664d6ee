"""A break-it problem has hundreds of own numbers, and what is copied literally earns nothing."""

import pytest

from lib.grade import fraction
from tests.grade.test_homework_sets import CHECKS, MODULES, check, right

INPUTS = [pair for pair in CHECKS if not callable(right(*pair))]


def numbers(topic, variant):
    """Return the own numbers of a variant."""
    return tuple(own(variant) for name, own in vars(MODULES[topic]).items()
                 if name.startswith("own_"))


@pytest.mark.parametrize("topic, word", INPUTS)
def test_there_are_hundreds_of_own_numbers(topic, word):
    found = {numbers(topic, f"v{n}") for n in range(3000)}
    assert len(found) > 340
    assert all(len(set(column)) > 10 for column in zip(*found, strict=True))


@pytest.mark.parametrize("topic, word", INPUTS)
def test_the_answer_to_another_number_earns_nothing(topic, word):
    variants = [f"v{n}" for n in range(7, 19)]
    answers = {variant: right(topic, word, variant) for variant in variants}
    for own in variants:
        for whose, answer in answers.items():
            same = numbers(topic, own) == numbers(topic, whose)
            assert fraction(check(topic, word)(answer, variant=own)) == same, (own, whose)
