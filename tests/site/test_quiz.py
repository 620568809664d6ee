"""The pages of questions in a real browser: covered, chosen, counted, and where to begin.

As in test_site, a check returns the faults of a page, and has seen a page that has them.
"""

import re

import pytest

from tests.site.visits import SITE, with_style

pytestmark = pytest.mark.browser

QUIZ = "chapters/misconceptions.html"
TEN = "chapters/self_test.html"
SEEN = "one => one.checkVisibility({visibilityProperty: true, opacityProperty: true})"


@pytest.fixture(scope="module")
def places():
    """Return a function: page of the site -> the anchors that it has."""
    known = {}

    def get(path):
        if path not in known:
            text = (SITE / "chapters" / path).read_text(encoding="utf-8")
            known[path] = set(re.findall(r'\bid="([^"]+)"', text))
        return known[path]

    return get


def astray(visit, places):
    """Return the answers without a link to a place in a chapter."""
    links = visit.page.locator(".quiz > .answer").evaluate_all(
        "all => all.map(one => [...one.querySelectorAll('a')].at(-1)?.getAttribute('href') ?? '')")
    return [link for link in links if not (target := link.partition("#"))[0]
            or (target[2] and target[2] not in places(target[0]))]


def in_sight(visit):
    """Return which answers of a page can be seen."""
    return visit.page.locator(".quiz > .answer > p:first-child").evaluate_all(
        f"all => all.map({SEEN})")


@pytest.mark.parametrize("path, least", [(QUIZ, 40), (TEN, 10)])
def test_every_answer_leads_to_its_section(path, least, visit, places):
    assert visit(path).page.locator(".quiz").count() >= least
    assert astray(visit(path), places) == []


def test_an_answer_that_leads_nowhere_is_seen(broken, places):
    gone = broken(lambda page: re.sub(r'(href="svd\.html#)[^"]+', r"\1no-such-place", page), QUIZ)
    assert set(astray(gone, places)) == {"svd.html#no-such-place"}


@pytest.mark.parametrize("path", [QUIZ, TEN])
def test_answers_are_covered_and_without_scripts_all_is_there(path, visit):
    assert not any(in_sight(visit(path, fresh=True, answers=None)))
    plain = visit(path, fresh=True, java_script_enabled=False)
    assert all(in_sight(plain)) and plain.page.get_by_role("button", name="Show me").count() == 0
    assert all(in_sight(visit(path, fresh=True)))


def test_covered_answers_that_show_are_seen(broken):
    bare = broken(with_style(".answer * { visibility: visible !important }"), QUIZ)
    assert any(in_sight(bare))


def test_a_guess_uncovers_one_answer_is_counted_kept_and_forgotten(visit):
    seen = visit(QUIZ, fresh=True, answers=None)
    first, second = (seen.page.locator(".quiz").nth(at) for at in (0, 1))
    first.get_by_role("button").nth(1).press("Enter")
    second.get_by_role("button").nth(1).click()
    assert sum(in_sight(seen)) == 2 and all(in_sight(seen)[:2])
    assert first.locator(".prediction-verdict:visible").inner_text() == "Right."
    assert second.locator(".prediction-verdict:visible").inner_text().startswith("Not right")
    total = seen.page.locator(".prediction-sum p")
    count = seen.page.locator(".quiz").count()
    assert total.inner_text() == f"You were right in 1 of {count}; {count - 2} still open."
    seen.page.reload()
    assert sum(in_sight(seen)) == 2
    seen.page.get_by_role("button", name="Forget my answers").click()
    assert not any(in_sight(seen))
    assert total.inner_text() == f"Your answers on this page: none yet, of {count}."


def test_answers_of_a_quiz_are_not_handed_in(visit):
    seen = visit(QUIZ, fresh=True, answers=None)
    assert seen.page.locator(".prediction-sum button").count() == 1


def answer_all(visit, wrong):
    """Choose the right option of every question but some, by number."""
    quizzes = visit.page.locator(".quiz")
    for at in range(quizzes.count()):
        data = quizzes.nth(at).locator(".prediction-tools").get_attribute("data-prediction")
        right = int(re.search(r'"answer": (\d)', data)[1])
        choice = right % 2 if at in wrong else right - 1
        quizzes.nth(at).locator("ol button").nth(choice).click()


@pytest.mark.parametrize("wrong, said", [
    ((), "You missed none: begin wherever you like."),
    ((3, 6), "Begin with Conditioning."),
])
def test_the_self_test_says_where_to_begin(wrong, said, visit):
    seen = visit(TEN, fresh=True, answers=None)
    recommended = seen.page.locator(".begin-said")
    assert recommended.inner_text() == ""
    answer_all(seen, wrong)
    assert recommended.inner_text() == said
    assert seen.page.locator(".begin > .is-known").count() == 10 - len(wrong)


def test_the_self_test_has_a_list_of_links_without_scripts(visit):
    plain = visit(TEN, fresh=True, java_script_enabled=False)
    links = plain.page.locator(".begin > li a:visible")
    assert links.count() == 10
    addresses = [link.get_attribute("href") for link in links.all()]
    assert all((SITE / "chapters" / address).is_file() for address in addresses)
