"""The map of the chapters in a real browser: every chapter in a box, its name inside, or a list.

As in test_site, a check returns the faults of a page, and has seen a page that has them.
"""

import pytest

from tests.site.visits import CHAPTERS, with_style

pytestmark = pytest.mark.browser

MAP = "chapters/map.html"


def faults(visit):
    """Return the boxes of the map whose name runs over the edge, or that cover one another."""
    return visit.page.evaluate("""() => {
      const boxes = [...document.querySelectorAll(".map a")], found = [];
      const edges = boxes.map(one => one.querySelector("rect").getBoundingClientRect());
      boxes.forEach((one, at) => {
        const text = one.querySelector("text").getBoundingClientRect(), box = edges[at];
        const out = text.left < box.left || text.right > box.right || text.top < box.top
          || text.bottom > box.bottom;
        const over = edges.slice(0, at).some(other => other.left < box.right
          && box.left < other.right && other.top < box.bottom && box.top < other.bottom);
        if (out || over) found.push(one.textContent);
      });
      return found;
    }""")


def cut(visit):
    """Return the arrows of the map that run over the edge of the drawing."""
    return visit.page.evaluate("""() => {
      const whole = document.querySelector(".map svg").getBoundingClientRect();
      return [...document.querySelectorAll(".map-arrows path")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.left < whole.left || box.right > whole.right || box.bottom > whole.bottom;
      }).map(one => one.getAttribute("d"));
    }""")


def chapters_of(visit, links):
    """Return the chapters that some links of a page lead to, without those out of sight."""
    found = visit.page.locator(f"{links}:visible").evaluate_all(
        "all => all.map(one => new URL(one.getAttribute('href'), location).pathname.slice(1))")
    return [path for path in CHAPTERS if path in found]


def test_every_chapter_has_a_box_with_its_name_inside(visit):
    seen = visit(MAP)
    assert chapters_of(seen, ".map a") == CHAPTERS
    assert seen.page.locator(".map a").count() == len(CHAPTERS)
    assert faults(seen) == []


def test_no_arrow_is_cut_at_the_edge(visit, broken):
    assert cut(visit(MAP)) == []
    assert len(cut(broken(lambda page: page.replace('viewBox="-8 0 ', 'viewBox="0 0 '), MAP))) == 1


def test_a_box_is_reached_by_the_keyboard_and_shows_it(visit):
    seen = visit(MAP, fresh=True)
    box = seen.page.locator(".map a").first
    width = "one => getComputedStyle(one.querySelector('rect')).strokeWidth"
    before = box.evaluate(width)
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        if box.evaluate("one => one == document.activeElement"):
            break
    assert box.evaluate("one => one == document.activeElement")
    assert box.evaluate(width) != before


@pytest.mark.parametrize("options", [{"width": 390}, {"width": 390, "java_script_enabled": False}])
def test_a_narrow_screen_has_the_list_instead(options, visit):
    seen = visit(MAP, fresh=True, **options)
    assert not seen.page.locator(".map svg").is_visible()
    assert chapters_of(seen, ".map-list > li > p > a:first-child") == CHAPTERS


def test_names_that_do_not_fit_are_seen(broken):
    assert len(faults(broken(with_style(".map a text { font-size: 30px !important }"), MAP))) > 5
