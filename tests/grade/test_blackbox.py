"""Black boxes: answers, budget, and the judge; blind search and a neighbour's input break few."""

import math
from fractions import Fraction

import numpy as np
import pytest

from homework.kit.finders import FINDERS
from lib.grade.blackbox import BUDGET, TOPICS, Box, Spent, check_broken, family
from lib.grade.blackbox.box import member_of
from lib.grade.blackbox.families import relative
from lib.grade.blackbox.sums import RULES, SWITCH, panels
from lib.grade.blackbox.systems import PIVOT, SAMPLE

MEMBERS = [f"{317 * at}/student {at}" for at in range(60)]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_reference_breaks_every_member_within_the_budget_by_queries_alone(topic):
    for number in MEMBERS:
        ask = Box(topic, number)
        found = FINDERS[topic](ask)
        assert check_broken(topic, found, number).passed, number
        assert len(ask.log) < BUDGET


@pytest.mark.parametrize("topic", TOPICS)
def test_the_input_of_a_neighbour_breaks_few_others(topic):
    found = FINDERS[topic](Box(topic, MEMBERS[3]))
    others = MEMBERS[:3] + MEMBERS[4:]
    assert sum(check_broken(topic, found, number).passed for number in others) <= 0.1 * len(others)


def blind(topic, rng):
    """Return an input that is admitted, of the kind that breaks, for no reason."""
    if topic == "floating_point":
        return rng.permutation([2.0**54, -(2.0**54), *[1.0] * 28]).tolist()
    if topic == "cancellation":
        return float(10 ** rng.uniform(-6.5, -4.5))
    if topic == "quadrature":
        return float(rng.integers(1, 12_001))
    if topic == "lu_qr_cholesky":
        k, m = sorted(rng.choice(20, 2, replace=False).tolist())
        return [(k, k, 1e-17), (k, m, 1.0), (m, k, 1.0)]
    b = np.ones(24)
    b[rng.choice(24, 4, replace=False)] = 0
    return b.tolist()


@pytest.mark.parametrize("topic", TOPICS)
def test_one_blind_try_breaks_few(topic):
    rng = np.random.default_rng(8123)
    assert sum(check_broken(topic, blind(topic, rng), number).passed
               for number in MEMBERS) <= 0.05 * len(MEMBERS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_number_draws_the_same_member_again_and_others_draw_others(topic):
    keys = [member_of(topic, number)[1] for number in MEMBERS]
    assert keys == [member_of(topic, number)[1] for number in MEMBERS]
    assert len(set(keys)) > 0.5 * len(keys)


def test_the_budget_is_kept_and_what_cannot_be_read_costs_nothing():
    ask = Box("cancellation", "ada", budget=2)
    for wrong in ("x", [1.0], None, math.nan, math.inf, 10**400, 1j, {}):
        with pytest.raises(ValueError, match="is no"):
            ask(wrong)
    assert ask.left == 2 and ask.log == []
    assert [ask(0.5), ask(0.25)] == [found for _, found in ask.log]
    with pytest.raises(Spent, match="all 2 queries are used"):
        ask(0.5)
    assert repr(ask) == "a black box for cancellation: 2 of 2 queries used"


def test_a_topic_without_a_box_is_told():
    with pytest.raises(ValueError, match="no black box for 'svd': choose cancellation"):
        family("svd")


REFUSED = {
    "floating_point": [[1.0] * 30, [2.0**54, -(2.0**54), *[1.0] * 27], [2.0**60, -(2.0**60),
                       *[1.0] * 28], 3, "abc", {"a": 1}, [None] * 30, [[1.0]] * 30],
    "cancellation": [1e-9, 0.0, 2.0, -1e-5, "1e-5", [1e-5], math.nan, math.inf],
    "quadrature": [0, 0.5, -3, 12_001, 1e300, "3"],
    "lu_qr_cholesky": [[(0, 0, 1e-17), (0, 0, 1.0)], [(0, 20, 1.0)], [(-1, 0, 1.0)], [(0.5, 0, 1)],
                       [(0, 0)], 4, [(0, 0, 0.0)], [(0, 0, 1e-17)], [(0, 1, 3.0)],
                       [(0, 0, 1e-17), (0, 1, 1.0), (1, 0, 1.0), (2, 2, 1.5)]],
    "conjugate_gradients": [[0.0] * 24, [0.5] * 24, [1.0] * 23, [1.0] * 19 + [0.0] * 5,
                            [math.nan] * 24],
}


@pytest.mark.parametrize("topic", REFUSED)
def test_what_the_task_does_not_admit_is_refused_with_a_reason(topic):
    for given in REFUSED[topic]:
        report = check_broken(topic, given, "ada")
        assert report.cases[0].shown == "not admitted", given
        assert report.cases[0].reason


class Liar(float):
    """A number whose comparisons and powers say what they like."""

    def __le__(self, other):
        return True

    __ge__ = __gt__ = __lt__ = __le__

    def __float__(self):
        return 1e-3


class Broken:
    """A list that raises at each touch."""

    def __len__(self):
        raise SystemExit


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("given", [Liar(1e9), Broken(), [Liar(5)] * 24, lambda: 3],
                         ids=["liar", "broken", "liars", "function"])
def test_an_answer_that_cheats_breaks_nothing(topic, given):
    assert check_broken(topic, given, "ada").verdict == "wrong"


@pytest.mark.parametrize("given", [..., None])
def test_no_answer_is_not_attempted(given):
    assert check_broken("quadrature", given).verdict == "not attempted"


# --- The families do what their keys say ----------------------------------------------------------

def test_outside_its_window_the_switch_is_right_and_inside_it_is_not():
    for number in MEMBERS:
        (low, high), _ = member_of("cancellation", number)
        points = [*np.geomspace(1e-8, low * 0.999, 40), *np.geomspace(high * 1.001, 1, 40)]
        errors = [SWITCH.error(SWITCH.answer((low, high), x), x) for x in points]
        assert max(errors) < 1e-10
        inside = np.geomspace(low, high, 20)
        assert max(SWITCH.error(SWITCH.answer((low, high), x), x) for x in inside) > 1e-8


def test_elimination_is_right_wherever_it_looks_at_the_row_that_it_needs():
    for number in MEMBERS[:4]:
        member, _ = member_of("lu_qr_cholesky", number)
        for k in range(19):
            for m in range(k + 1, 20, 1 + k % 3):
                given = [(k, k, 1e-17), (k, m, 1.0), (m, k, 1.0)]
                error = PIVOT.error(PIVOT.answer(member, given), given)
                assert (error > 0.5) == ((k, m) == member)
                assert error > 0.5 or error < 1e-14
        k, m = member
        given = [(k, k, 1e-17), (k, m, 1.0), (m, k, 1.0)]
        assert PIVOT.error(PIVOT.answer(member, given), given) > 0.5


def test_conjugate_gradients_are_right_where_the_test_sees_something():
    rng = np.random.default_rng(77)
    for number in MEMBERS:
        seen, _ = member_of("conjugate_gradients", number)
        b = 1 + rng.random(24)
        assert SAMPLE.error(SAMPLE.answer(seen, b.tolist()), b.tolist()) < 1e-8
        b[seen] = 0
        assert SAMPLE.error(SAMPLE.answer(seen, b.tolist()), b.tolist()) == 1


@pytest.mark.parametrize("rule, order", list(zip(RULES, (2, 2, 4), strict=True)))
def test_the_rules_have_the_orders_of_their_names_and_their_aliases(rule, order):
    exact = 1 + math.sin(0.6 * math.pi) / (0.6 * math.pi)
    errors = [abs(panels(rule, n, 0.3) - exact) for n in (10, 20)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.02)
    assert [panels(rule, n, 400.0) for n in (100, 200)] == [2.0, 2.0]
    assert panels(rule, 101, 400.0) == pytest.approx(1)


def test_a_relative_error_is_exact():
    assert relative(1.0, Fraction(10**30 + 1, 10**30)) == pytest.approx(1e-30)
    assert relative(math.inf, 1.0) == math.inf == relative(1.0, 0)
