"""Draw what a class did, problem by problem: python -m homework report TOPIC."""

import base64
import html
import io
import itertools
import re
import statistics
from collections import Counter

from homework import Trouble
from homework.accounts import accounts
from homework.course import Course, parser, put
from homework.judging import ALL_BUT_MILD
from homework.plain import plain, table
from homework.summary import deciding, summary_of
from lib.grade import WORTH

ABOUT = """Write a page, marks/TOPIC.html, that shows for each problem how the class did: verdicts,
the misconceptions that were recognised and whose they are, what each case gave and how each mark
was made of it, seconds of judging; and how the marks are spread. marks/TOPIC-misconceptions.csv
has the misconceptions as a table."""
KINDS = "recognised", "measured"  # a mistake that has a name; what the worst case said
NUMBER = r"(?<![\w.])[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?j?(?!\w)"
SHADES = {"stable": "#1b7837", ALL_BUT_MILD: "#5aae61", "another road": "#a6dba0",
          "unstable": "#fee08b", "inaccurate": "#fc8d59", "wrong": "#b2182b",
          "not attempted": "#bdbdbd"}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
img {{ max-width: 100% }} td, th {{ text-align: left; padding: 0 1.5rem 0 0; vertical-align: top }}
pre {{ white-space: pre-wrap }} th[scope=row] {{ font-weight: normal }} .wide {{ overflow-x: auto }}
.wide table {{ min-width: 44rem }}
caption {{ text-align: left; font-weight: bold; padding: 1rem 0 0 }}</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""


def main(arguments):
    """Write the report; return the exit status."""
    options = parser("report", ABOUT, "svd").parse_args(arguments)
    course = Course(options.course)
    course.master(options.topic)
    records = {student: record for student, record in course.records(options.topic).items()
               if record["state"] == "graded"}
    if not records:
        raise Trouble(f"Nothing is graded of {options.topic}: python -m homework grade "
                      f"{options.topic}")
    rows = problems_in(records)
    lines = [["problem", "kind", "misconception", "students", "who"], *(
        [name, kind, said, len(who), " ".join(who)] for name, row in rows.items()
        for (kind, said), who in row["said"])]
    put(course.folder / "marks" / f"{options.topic}-misconceptions.csv", table(lines))
    place = course.folder / "marks" / f"{options.topic}.html"
    put(place, page(course, options.topic, records, rows))
    for name, row in rows.items():
        print(f"  {name:<20} {shares(row['verdicts'])}")
        for (kind, said), who in row["said"][:3]:
            print(f"    {len(who)} x {said}" + " (recognised)" * (kind == KINDS[0]))
    print(place)
    return 0


def problems_in(records):
    """Return for each problem its verdicts, what was said of them and of whom, and times."""
    found = {}
    for student, record in records.items():
        for row in record["problems"]:
            one = found.setdefault(row["grade_id"], {
                "title": row.get("title", ""), "verdicts": Counter(), "said": {}, "seconds": [],
                "marks": [], "rows": {}})
            one["rows"][student] = row
            one["verdicts"][row.get("verdict", row["headline"])] += 1
            one["seconds"].append(row.get("seconds", 0.0))
            one["marks"] += [] if row["points"] is None else [row["points"] / (row["of"] or 1)]
            said = plain(row["note"] or measure(deciding(row)))
            if said:
                one["said"].setdefault((KINDS[not row["note"]], said), []).append(student)
    for one in found.values():
        one["said"] = sorted(one["said"].items(),
                             key=lambda pair: (KINDS.index(pair[0][0]), -len(pair[1])))
    return found


def measure(reason):
    """Return what was measured without its numbers, which are each student's own.

    Examples
    --------
    >>> measure("points farther than need be by: 0.43, allowed 1e-12 (a mirror fits better)")
    'points farther than need be by'
    >>> measure("got 2.3, expected 23: too small by a factor of 10"), measure("5 vectors, not 4")
    ('got …, expected …: too small by a factor of …', '… vectors, not …')
    """
    reason = re.sub(r", allowed \S+.*", "", reason)
    return re.sub(r": (…|inf|nan)$", "", re.sub(NUMBER, "…", reason))


def shares(verdicts):
    """Return how often each verdict was given, in words.

    Examples
    --------
    >>> shares(Counter(["wrong", "stable", "stable"]))
    '2 stable, 1 wrong'
    """
    order = [*SHADES, *(name for name in verdicts if name not in SHADES)]
    return ", ".join(f"{verdicts[name]} {name}" for name in order if verdicts[name])


def page(course, topic, records, rows):
    """Return the page as HTML."""
    parts = [picture(spread(records), f"Marks of {len(records)} submissions: {tens(records)}.")]
    for name, row in rows.items():
        parts.append(f"<h2>{html.escape(row['title'] or name)}</h2>")
        parts.append(picture(bar(row["verdicts"]), f"{name}: {shares(row['verdicts'])}."))
        parts.append(f"<p>{html.escape(shares(row['verdicts']))}; judged in "
                     f"{statistics.median(row['seconds']):.2f} s (median), "
                     f"{max(row['seconds']):.2f} s (longest).</p>")
        lines = "".join(f"<tr><td>{len(who)}</td><td>{html.escape(said)}</td>"
                        f"<td>{html.escape(', '.join(who[:8]))}{' …' * (len(who) > 8)}</td>"
                        f"<td>{kind}</td></tr>" for (kind, said), who in row["said"][:12])
        if lines:
            parts.append('<table><tr><th scope="col">students</th><th scope="col">what went wrong'
                         '</th><th scope="col">who</th><th scope="col">how it is known</th></tr>'
                         f'{lines}</table>')
        parts.append(accounts(row["rows"]))
    parts.append(f"<h2>All submissions</h2><pre>{html.escape(summary_of(course, topic))}</pre>")
    return PAGE.format(title=f"Problem set {html.escape(topic)}", body="\n".join(parts))


def fractions(records):
    """Return the part of the points that each submission has of those that are given."""
    found = []
    for record in records.values():
        rows = [row for row in record["problems"] if row["points"] is not None]
        most = sum(row["of"] for row in rows)
        found.append(sum(row["points"] for row in rows) / most if most else 0.0)
    return found


def tens(records):
    """Return how many marks lie in each quarter, in words."""
    found = fractions(records)
    ends = (0, 0.25, 0.5, 0.75, 1.01)
    return ", ".join(f"{sum(low <= f < high for f in found)} from {low:.0%} to {min(high, 1):.0%}"
                     for low, high in itertools.pairwise(ends))


def axes(width, height):
    """Return a figure and its axes, which no window shows."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def spread(records):
    """Return a figure of how the marks are spread."""
    figure, ax = axes(7, 2.2)
    ax.hist([100 * f for f in fractions(records)], bins=range(0, 101, 5), color="#4575b4",
            edgecolor="white")
    ax.set(xlabel="per cent of the points given by machine", ylabel="submissions", xlim=(0, 100))
    return figure


def bar(verdicts):
    """Return a figure of one bar in the colours of the verdicts, each with its number."""
    figure, ax = axes(7, 0.9)
    figure.set_layout_engine("none")
    ax.set_position([0, 0, 1, 1])
    left = 0
    for name in [*SHADES, *(name for name in verdicts if name not in SHADES)]:
        width = verdicts[name]
        if width:
            ax.barh(0, width, left=left, color=SHADES.get(name, "#d9d9d9"), edgecolor="black")
            ax.text(left + width / 2, 0, f"{name}\n{width}", ha="center", va="center", fontsize=8,
                    color="white" if WORTH.get(name, 0.3) in (0.0, 1.0) and name != "not attempted"
                    else "black")
        left += width
    ax.set_axis_off()
    return figure


def picture(figure, words):
    """Return a figure as an image inside the page, with its words for who cannot see it."""
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=110)
    coded = base64.b64encode(data.getvalue()).decode()
    return f'<p><img src="data:image/png;base64,{coded}" alt="{html.escape(words)}"></p>'
