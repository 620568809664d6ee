"""Neighbours of a list have different own numbers."""

import itertools
import types

from homework.course import variant_of
from homework.variants import fresh_seed
from lib.grade.homework import quadrature, svd
from lib.grade.variants import own


def same(seed, students, number):
    """Return how many neighbours have one number."""
    numbers = [number(variant_of(seed, student)) for student in students]
    return sum(one == other for one, other in itertools.pairwise(numbers))


def test_neighbours_have_different_numbers():
    students = [f"s{n}" for n in range(300)]
    by_chance = sum(same(f"seed {n}", students, svd.own_angle) for n in range(20))
    assert by_chance > 3 and same(fresh_seed(students, svd), students, svd.own_angle) == 0


def test_several_numbers_of_a_set_count_together():
    def both(variant):
        return quadrature.own_intervals(variant), quadrature.own_phase(variant)

    students = [f"s{n}" for n in range(60)]
    assert same(fresh_seed(students, quadrature), students, both) == 0


def test_where_there_are_few_numbers_or_none_there_is_a_seed_all_the_same():
    few = types.SimpleNamespace(own_side=lambda variant: own(variant, [1, 2]), own_two=len,
                                check_side=lambda answer: None)
    students = [f"s{n}" for n in range(30)]
    seeds = [fresh_seed(students, checks, 5) for checks in (few, types.SimpleNamespace())]
    assert all(len(seed) == 16 for seed in seeds) and seeds[0] != seeds[1]
    assert same(seeds[0], students, few.own_side) > 0
