"""Show on the instructor's page how the marks of a problem came about: its cases, its students."""

import html
from collections import Counter

from homework.plain import plain
from lib.grade import WORTH

VERDICTS = [*WORTH]  # from the best to the worst


def accounts(rows):
    """Return what the cases of a problem gave and how each mark was made, folded, as HTML.

    Parameters
    ----------
    rows : dict of str to dict
        The result of the problem by student, as a record has it.
    """
    judged = {student: row for student, row in rows.items() if row["cases"]}
    if not judged:
        return ""
    parts = [_table(("case", *VERDICTS), of_cases(list(judged.values())), "What the cases gave"),
             _table(("student", "points", "how the mark came about"), of_students(judged),
                    "How each mark came about")]
    return ("<details><summary>How the marks came about</summary>" + "".join(parts)
            + "<p>A case counts what its verdict is worth: " + ", ".join(
                f"{verdict} {WORTH[verdict]:g}" for verdict in VERDICTS)
            + ". The mean over all cases, or the cap if that is smaller, is the mark; the cap is "
            "what the worst case that is not mild is worth.</p></details>")


def of_cases(rows):
    """Return for each case its name and how many answers had which verdict.

    A case that less than half of the answers have, since its name was drawn, is one of the others.

    Examples
    --------
    >>> rows = [{"cases": [["small", "stable", "", False], ["n = 0", verdict, "", True]]}
    ...         for verdict in ("wrong", "stable", "wrong")]
    >>> of_cases(rows)
    [['small', 3, 0, 0, 0, 0, 0], ['n = 0 (mild)', 1, 0, 0, 0, 2, 0]]
    """
    names = [[case[0] + " (mild)" * (case[3:] == [True]) for case in row["cases"]] for row in rows]
    often = Counter(name for own in names for name in dict.fromkeys(own))
    found = {}
    for own, row in zip(names, rows, strict=True):
        for name, case in zip(own, row["cases"], strict=True):
            kept = name if 2 * often[name] >= len(rows) else "other cases"
            found.setdefault(kept, Counter())[case[1]] += 1
    return [[name, *(counts[verdict] for verdict in VERDICTS)] for name, counts in found.items()]


def of_students(rows):
    """Return for each student the points and the line that makes them up; the lowest first.

    Examples
    --------
    >>> of_students({"ada": {"points": 2.0, "of": 4, "account": ["Mean: …", "A mild …"]}})
    [['ada', '2 of 4', 'Mean: …']]
    """
    ordered = sorted(rows.items(), key=lambda pair: (pair[1]["points"], pair[0]))
    return [[student, f"{row['points']:g} of {row['of']:g}",
             plain(next(iter(row.get("account") or [row.get("headline", "")])))]
            for student, row in ordered]


def _table(heads, rows, caption):
    """Return a table whose first column names its rows."""
    top = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{html.escape(str(first))}</th>'
        + "".join(f"<td>{html.escape(str(field))}</td>" for field in rest) + "</tr>"
        for first, *rest in rows)
    return (f'<div class="wide" tabindex="0" role="region" aria-label="{caption}"><table>'
            f"<caption>{caption}</caption><tr>{top}</tr>{body}</table></div>")
