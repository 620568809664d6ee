"""Figures at rest: one plays at a time, and none by itself for readers who ask for rest."""

import pytest

from tests.site.visits import SOME

pytestmark = pytest.mark.browser

FRAME = "root => root.querySelector('.lib-explore-picture').dataset.frame"
NAME = "button => button.getAttribute('aria-label')"


def figures(visit):
    """Return the figures of a page that have a button, each with its first one."""
    found = visit.page.query_selector_all(".lib-explore:has(button)")
    return [(figure, figure.query_selector("button")) for figure in found]


def moves_on(visit, figure):
    """Return whether a figure shows another frame after a while in which nobody does anything."""
    before = figure.evaluate(FRAME)
    visit.page.wait_for_timeout(1500)  # several steps of a slider that plays, one of a choice
    return figure.evaluate(FRAME) != before


@pytest.mark.parametrize("path", SOME[:2])
def test_with_less_motion_play_goes_one_step_and_says_so(visit, path):
    seen = visit(path, fresh=True, reduced_motion="reduce")
    figure, button = figures(seen)[0]
    assert button.evaluate(NAME).startswith("Next ")
    before = figure.evaluate(FRAME)
    button.click()
    assert figure.evaluate(FRAME) != before and not moves_on(seen, figure)
    assert figure.query_selector("[role=status]").get_attribute("aria-live") == "polite"
    assert button.evaluate(NAME).startswith("Next ")


def test_a_figure_that_plays_stops_when_motion_is_no_longer_wanted(visit):
    seen = visit(SOME[0], fresh=True)
    figure, button = figures(seen)[0]
    button.click()
    assert button.evaluate(NAME).startswith("Pause ") and moves_on(seen, figure)
    seen.page.emulate_media(reduced_motion="reduce")
    seen.page.wait_for_function("button => button.ariaLabel.startsWith('Next ')", arg=button)
    assert not moves_on(seen, figure)


def test_one_figure_plays_at_a_time(visit):
    seen = visit(SOME[0], fresh=True)
    (first, one), (_, two) = figures(seen)[:2]
    one.click()
    two.click()
    assert [button.evaluate(NAME).split()[0] for button in (one, two)] == ["Play", "Pause"]
    assert not moves_on(seen, first)
    two.click()
    assert two.evaluate(NAME).startswith("Play ")
