"""Figures on a page without a kernel: frames in order, light, labelled, alive in a browser."""

import gzip
import re

import numpy as np
import pytest

from environment import ROOT
from lib.page import Choice, IntSlider, LogSlider, Slider
from tests.page.drawings import curves, fails, line, page


def test_a_frame_without_a_picture_says_so(shown):
    data = page(shown(fails, k=IntSlider(0, 5))).data
    assert data["words"] == {
        "1": "Cannot be drawn. ZeroDivisionError: k - 1 is <zero>",
        "2": "Nothing finite to draw.", "3": "Nothing finite to draw.",
        "4": "Nothing finite to draw.",
    }


def test_words_are_seen_as_well(shown):
    one = page(shown(fails, k=IntSlider(0, 5)))
    letters = [one.frame(number).count("<use href") for number in range(6)]
    assert letters[4] >= letters[0] + len("Nothing") and letters[1] >= len("ZeroDivisionError")


@pytest.mark.parametrize("draw", [
    lambda ax, k: ax.axhline(k), lambda ax, k: ax.text(0.5, 0.5, "text"),
    lambda ax, k: ax.scatter([1], [k]), lambda ax, k: ax.imshow(np.eye(2)),
    lambda ax, k: ax.plot([1, 2, 3], [1, np.nan, k]), lambda ax, k: ax.loglog([1, 2], [0, 1 + k]),
])
def test_a_frame_with_a_picture_says_nothing(shown, draw):
    assert page(shown(draw, k=IntSlider(0, 2))).data["words"] == {}


def test_frames_come_in_the_order_of_the_grid(shown):
    def draw(ax, a, b):
        ax.plot([0, 1], [a, b], gid=f"{a}{b}")
        ax.set_axis_off()
    one = page(shown(draw, a=IntSlider(0, 1), b=IntSlider(0, 2, init=1)))
    ends = [re.search(r'd="m([\d.]+) ([\d.]+)l([\d.]+) ?([\d.-]+)"', one.frame(number))
            for number in range(6)]
    starts = [float(end[2]) for end in ends]
    drops = [float(end[4]) for end in ends]
    # y points down in SVG: a = 1 starts higher than a = 0, and a greater b ends higher.
    assert starts[0] == starts[1] == starts[2] > starts[3] == starts[4] == starts[5]
    assert drops[0] > drops[1] > drops[2] and drops[3] > drops[4] > drops[5]
    assert one.all("div")[2]["data-frame"] == "1"


def test_the_first_frame_needs_no_script(shown):
    bundle = shown(k=IntSlider(0, 4, init=3))
    one = page(bundle)
    assert one.frame(3) in bundle._repr_mimebundle_()["text/html"].split("<script")[0]


def test_ids_are_unique_and_every_reference_has_its_shape(shown):
    def both(axes, k):
        curves(axes[0], k)
        axes[1].scatter([1, 2], [1, k])
    ids = []
    # In base 16 the eleventh letter of a figure would be "a", as the parameter.
    for panels, draw, name in ((1, line, "k"), (1, lambda ax, a: curves(ax, a), "a"),
                               (2, both, "k")):
        one = page(shown(draw, panels=panels, **{name: Slider(0, 1, 3)}))
        own = [attributes["id"] for _, attributes in one.elements if "id" in attributes]
        everything = "".join(one.frame(number) for number in range(3))
        assert set(re.findall(r'(?:href="|url\()#([\w.-]+)', everything)) <= set(own)
        ids += own
    assert len(ids) == len(set(ids))


def test_the_same_figure_is_the_same_text(shown):
    first, second = (shown(curves, k=Slider(0, 1, 3))._repr_mimebundle_() for _ in range(2))
    assert first["text/html"] == second["text/html"]


def test_thirty_frames_weigh_less_than_forty_kilobytes(shown):
    code = shown(curves, k=LogSlider(0.1, 10, 30))._repr_mimebundle_()["text/html"]
    assert len(gzip.compress(code.encode())) < 40_000


def test_a_figure_over_the_budget_names_the_remedy(shown):
    def noise(ax, k):
        ax.plot(np.random.default_rng(k).normal(size=5000))
    with pytest.raises(ValueError, match=r"weigh \d+ kB after gzip, more than 80: take fewer"):
        shown(noise, k=IntSlider(2, 12))


def test_colours_follow_the_page_and_no_paper_is_transparent(shown):
    def draw(ax, k):
        ax.plot([0, k], label="a")
        ax.plot([k, 0], color="black", label="b")
        ax.plot([k, k], color="#123456", label="c")
        ax.legend()
    text = page(shown(draw, k=IntSlider(1, 2))).frame(0)
    assert "stroke:var(--lib-explore-0,#064cbd)" in text and "stroke:currentColor" in text
    assert "stroke:#123456" in text and "#000000" not in text and "#ffffff" not in text
    legend = text.rindex("fill:var(--lib-explore-paper,#fff)")
    assert "opacity" not in text[legend:text.index('"', legend)]


def test_controls_are_labelled_and_speak_their_values(shown):
    one = page(shown(lambda ax, k, kind: line(ax, k), k=Slider(0, 1, 3, init=1, label="κ < λ"),
                     kind=Choice({"a & b": 1, "c": 2}, init="c")))
    labels = {attributes["for"] for attributes in one.all("label")}
    [slider], [select] = one.all("input"), one.all("select")
    assert labels == {slider["id"], select["id"]}
    assert (slider["aria-valuetext"], slider["value"], slider["max"]) == ("1", "2", "2")
    assert [button["aria-label"] for button in one.all("button")] == ["Play κ < λ", "Play kind"]
    assert [("selected" in option) for option in one.all("option")] == [False, True]
    assert {"role": "img", "aria-label": "A line."}.items() <= one.all("div")[2].items()
    assert one.all("p")[0]["role"] == "status"


# --- In a browser --------------------------------------------------------------------------------


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens a page of figures as a file, with or without scripts."""
    def visit(*bundles, script=True, width=800):
        figures = "".join(bundle._repr_mimebundle_()["text/html"] for bundle in bundles)
        assets = {kind: (ROOT / f"web/assets/explore.{kind}").read_text() for kind in ("css", "js")}
        path = tmp_path / "page.html"
        path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title>'
                        f"<style>{assets['css']}</style>{figures}<script>{assets['js']}</script>")
        context = browser.new_context(java_script_enabled=script,
                                      viewport={"width": width, "height": 800})
        one = context.new_page()
        one.goto(path.as_uri())
        return one
    return visit


def test_the_script_shows_each_frame_as_if_drawn_from_nothing(shown, opened):
    bundle = shown(fails, k=IntSlider(0, 5))
    data = page(bundle).data
    one = opened(bundle)
    for number in (3, 0, 1, 5, 4, 2, 0):
        one.locator("input").fill(str(number))
        seen, fresh = one.evaluate("""pieces => {
          const group = document.querySelector("svg > g"), copy = group.cloneNode();
          copy.innerHTML = pieces;
          return [group.innerHTML, copy.innerHTML];
        }""", "".join(data["pieces"][piece] for piece in data["frames"][number]))
        assert seen == fresh
        assert one.locator("[role=status]").text_content() == data["words"].get(str(number), "")


def test_one_of_two_figures_moves_alone_by_key_choice_and_button(shown, opened):
    first = shown(lambda ax, k, kind: line(ax, k), k=Slider(0, 1, 4, label="κ"),
                  kind=Choice(["a", "b"]))
    one = opened(first, shown(curves, k=Slider(0, 1, 3)))
    picture = one.locator("[role=img]").first
    one.locator("input").first.focus()
    one.keyboard.press("End")
    assert one.locator("input").first.get_attribute("aria-valuetext") == "1"
    one.locator("select").select_option("b")
    assert picture.get_attribute("data-frame") == "7"
    assert picture.get_attribute("aria-label") == "A line. (κ = 1, kind = b)"
    one.locator("button").first.click()
    one.wait_for_function("document.querySelector('input').value === '2'")
    assert one.locator("button").first.get_attribute("aria-label") == "Pause κ"
    one.locator("button").first.click()
    assert one.locator("button").first.get_attribute("aria-label") == "Play κ"
    one.locator("button").nth(1).click()
    one.wait_for_function("document.querySelector('select').value === '0'")
    one.locator("select").press("Escape")
    assert one.locator("button").nth(1).get_attribute("aria-label") == "Play kind"
    assert one.locator("[role=img]").nth(1).get_attribute("data-frame") == "0"


def test_without_a_script_the_first_frame_stands_beside_idle_controls(shown, opened):
    one = opened(shown(k=IntSlider(0, 5, init=3)), script=False)
    assert one.locator("svg path").count() > 5
    assert one.locator("input").is_disabled() and one.locator("button").is_disabled()


def test_panels_stack_on_a_narrow_page(shown, opened):
    def both(axes, k):
        for ax in axes:
            line(ax, k)
    bundle = shown(both, panels=2, k=IntSlider(0, 5))
    tops = []
    for width in (1000, 320):
        one = opened(bundle, width=width)
        tops.append([box.bounding_box()["y"] for box in one.locator("svg").all()])
        assert one.evaluate("document.documentElement.scrollWidth") <= width
    assert tops[0][0] == tops[0][1] and tops[1][0] < tops[1][1]
