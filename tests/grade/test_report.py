"""A report can be read as text and as a table."""

import html.parser
from fractions import Fraction

import numpy as np
import pytest

from lib.grade import WORTH, Case, Report, check_accuracy, fraction


def judged(f, **options):
    """Return the report on a function that should be log1p."""
    points = {"tiny": 1e-12, "small": 1e-5, "one": 1.0}
    return check_accuracy(f, np.log1p, points, ulps=4, **options)


def test_a_report_without_cases_can_be_shown():
    report = check_accuracy(lambda x: x, lambda x: Fraction(x), [], ulps=1)
    assert not report.passed and report.verdict == "not attempted"
    assert repr(report).strip() == "<lambda>: no cases" and "no cases" in report._repr_html_()


def test_labels_and_names_of_any_kind_are_shown():
    class Nameless:
        def __getattr__(self, name):
            raise RuntimeError(name)

        def __call__(self, x):
            return x

    report = check_accuracy(Nameless(), lambda x: x, {0: 1.0, (1, 2): 2.0}, ulps=0)
    assert repr(report).splitlines()[:2] == ["answer: passed, stable in all 2 cases",
                                             "  0       stable  0 ulp, allowed 0"]


def test_a_verdict_is_one_of_six():
    with pytest.raises(ValueError, match="verdict 'good' is none of these: not attempted, wrong"):
        Case("x = 1", "good")


class Tags(html.parser.HTMLParser):
    """Collects the start tags of a page and checks that all are closed."""

    def __init__(self):
        super().__init__()
        self.seen, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_table_has_headers_a_caption_and_escaped_text():
    report = Report("f", (Case("x < 1 & y", "wrong", "raised <b>"), Case("b", "stable")))
    page, tags = report._repr_html_(), Tags()
    tags.feed(page)
    assert not tags.open and tags.seen[0] == ("div", {"class": "lib-report"})
    scopes = [attrs.get("scope") for tag, attrs in tags.seen if tag == "th"]
    assert scopes == ["col"] * 3 + ["row"] * 2
    assert "f: wrong, 1 of 2 cases stable</caption>" in page
    assert "x &lt; 1 &amp; y" in page and "<b>" not in page


def test_the_text_lines_up_and_says_what_decided():
    report = judged(lambda x: np.log1p(x) if x < 1 else 1 / 0, name="log1p")
    lines = repr(report).splitlines()
    assert lines[0] == "log1p: wrong, 2 of 3 cases stable"
    assert lines[3] == "  one    wrong   raised ZeroDivisionError: division by zero"
    assert repr(judged(np.log1p)).startswith("log1p: passed, stable in all 3 cases\n")
    assert repr(judged(...)) == ("answer: not attempted\n  tiny   not attempted\n"
                                 "  small  not attempted\n  one    not attempted")


def test_a_word_is_shown_in_place_of_a_verdict_and_escaped():
    report = Report("x", (Case("a", "stable", "", "<right>"), Case("b", "wrong", "", "<no>")),
                    note="you took < for >", good="right")
    assert report.headline == "x: <no>, 1 of 2 right" and report.verdict == "wrong"
    page = report._repr_html_()
    assert "<strong>&lt;no&gt;</strong>" in page and "<right>" not in page
    assert "<p>Perhaps you took &lt; for &gt;.</p></div>" in page
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    assert repr(report).splitlines()[-1] == "  Perhaps you took < for >."


def test_another_road_is_worse_than_stable_and_better_than_unstable():
    right, road, weak = (Case("a", verdict) for verdict in ("stable", "another road", "unstable"))
    assert Report("f", (right, road)).verdict == "another road"
    assert Report("f", (right, road)).headline == "f: right, but by another road"
    assert not Report("f", (right, road)).passed
    assert Report("f", (weak, road)).verdict == "unstable"


def test_what_is_left_out_beside_what_is_right_is_counted():
    cases = (Case("a", "stable"), Case("b", "not attempted"), Case("c", "not attempted"))
    assert Report("f", cases).headline == "f: 1 of 3 cases stable, the others not attempted"
    assert Report("f", (*cases, Case("d", "wrong"))).headline == "f: wrong, 1 of 4 cases stable"


def test_mild_cases_are_named_and_the_headline_is_that_of_the_others():
    report = Report("f", (Case("n = 0", "wrong", "raised"), Case("n = 9", "stable")), note="so")
    mild = report.with_mild("n = 0")
    assert [case.mild for case in mild.cases] == [True, False]
    assert (report.verdict, mild.verdict, mild.mild_verdict) == ("wrong", "stable", "wrong")
    assert not mild.passed and mild.with_mild() == mild
    assert mild.headline == "f: stable, but wrong in a mild case: n = 0"
    assert mild.standing == "stable, but wrong in mild cases" and report.standing == "wrong"
    with pytest.raises(ValueError, match="no case is called 'n = 1'"):
        report.with_mild("n = 1")


@pytest.mark.parametrize("verdicts, mild, headline", [
    (["stable", "inaccurate"], ["wrong", "stable"],
     "f: inaccurate, 2 of 4 cases stable, and wrong in a mild case: mild 0"),
    (["unstable"], ["wrong", "wrong"],
     "f: unstable, 0 of 3 cases stable, and wrong in 2 mild cases: mild 0, mild 1"),
    (["wrong"], ["wrong", "inaccurate"], "f: wrong, 0 of 3 cases stable"),
    (["unstable"], ["inaccurate", "not attempted"],
     "f: unstable, 0 of 3 cases stable, and wrong in a mild case: mild 1"),
    (["not attempted"], ["stable"], "f: 1 of 2 cases stable, the others not attempted"),
    (["not attempted"], ["not attempted"], "f: not attempted"),
    (["stable"], ["stable"], "f: passed, stable in all 2 cases"),
    ([], ["stable", "wrong"], "f: stable, but wrong in a mild case: mild 1")])
def test_a_verdict_is_worth_the_cap_and_says_what_went_worse(verdicts, mild, headline):
    cases = [Case(f"case {k}", verdict) for k, verdict in enumerate(verdicts)]
    report = Report("f", (*cases, *(Case(f"mild {k}", verdict, mild=True)
                                    for k, verdict in enumerate(mild))))
    assert report.headline == headline
    assert fraction(report) <= WORTH[report.verdict]


def test_a_marked_report_tells_what_each_case_is_worth_and_adds_up():
    cases = (Case("a < b", "stable"), Case("c", "unstable", "5 ulp"), Case("d", "wrong", mild=True))
    report = Report("f", cases)
    assert "worth" not in repr(report) + report._repr_html_() and "Mean" not in repr(report)
    line = "Mean: (1 × 1 + 1 × 1/2 + 1 × 0) / 3 = 50%. Cap: 50%, by “c”, unstable. Mark: 50%"
    assert repr(report.for_points(3)).splitlines()[1:] == [
        "  a < b  stable       worth 1", "  c      unstable     worth 1/2  5 ulp",
        "  d      wrong, mild  worth 0", f"  {line}: 1.5 of 3 points.",
        "  A mild case lowers the mean and caps nothing."]
    page, tags = report.with_mild("d")._repr_html_(), Tags()
    tags.feed(page)
    assert not tags.open
    scopes = [attrs.get("scope") for tag, attrs in tags.seen if tag == "th"]
    assert scopes == ["col"] * 4 + ["row"] * 3
    assert f"<p>{line}.</p><p>A mild case lowers" in page and "</strong>, mild</td>" in page


def test_a_report_without_cases_can_be_marked():
    assert repr(Report("f", ()).for_points(2)) == (
        "f: no cases\n  Mean: no cases = 0%. Cap: 100%, no case lowers it. Mark: the smaller, 0%: "
        "0 of 2 points.")


def test_a_mild_case_that_was_left_out_is_named():
    cases = (Case("n = 0", "not attempted"), Case("n = 9", "stable"))
    assert "but wrong in a mild case: n = 0" in Report("f", cases).with_mild("n = 0").headline
