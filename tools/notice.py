"""Tell the maintainers on GitHub what a weekly run found, once, and take it back when it is well.

    python tools/notice.py "Links lead nowhere" failures.md failure     or: success

There is at most one open issue of a title. A run that finds what the issue says already adds
nothing; one that finds something else rewrites it and says so in a comment; one that finds nothing
closes it. The file lists what failed, and names no run and no day. Needs `gh`, as GitHub's runners
have it, and a token that may write issues.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

LONGEST = 60_000  # characters; GitHub takes 65 536
MARK = "\n\n---\n"


def body(report, run):
    """Return the text of an issue: the report, and below a line the run that made it."""
    cut = report.strip()
    if len(cut) > LONGEST:
        cut = cut[:LONGEST].rpartition("\n")[0] + "\n- … and more, which the run lists."
    return f"{cut}{MARK}Found by {run}; this issue closes itself when all is well again."


def steps(title, report, failed, run, issues):
    """Return the arguments of `gh` that bring the issues to the state of a report.

    `issues` are the open ones, each with number, title and body.

    >>> steps("Links", "- x", False, "run 7", [])
    []
    """
    text = body(report, run)
    mine = next((one for one in issues if one["title"] == title), None)
    if not failed:
        well = f"All is well in {run}."
        return [["issue", "close", str(mine["number"]), "--comment", well]] if mine else []
    if mine is None:
        return [["issue", "create", "--title", title, "--body", text]]
    same = mine["body"].replace("\r\n", "\n").partition(MARK)[0] == text.partition(MARK)[0]
    number = str(mine["number"])
    return [] if same else [
        ["issue", "edit", number, "--body", text],
        ["issue", "comment", number, "--body", f"The list above has changed with {run}."]]


def gh(*arguments):
    """Run `gh`; return what it prints, or stop with its own words."""
    return subprocess.run(["gh", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def main(title, file, outcome):
    """Bring the issues to the state of a report; the outcome of a step is GitHub's word."""
    if outcome not in ("failure", "success"):
        sys.exit(f"{outcome!r} is no outcome: write failure or success")
    failed = outcome == "failure"
    told = Path(file).read_text(encoding="utf-8") if failed else ""
    if failed and not told.strip():
        sys.exit(f"{file} is empty: an issue would not say what failed")
    run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}".format(
        **os.environ)
    found = gh("issue", "list", "--state", "open", "--limit", "100", "--search",
               f'"{title}" in:title', "--json", "number,title,body")
    for step in steps(title, told, failed, run, json.loads(found)):
        gh(*step)


if __name__ == "__main__":
    main(*sys.argv[1:])
