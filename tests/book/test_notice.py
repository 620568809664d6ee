"""A weekly run opens one issue, keeps it true, and closes it; it repeats nothing."""

import json
import os
import stat
import subprocess
import sys

import pytest

import notice
from environment import ROOT

OTHER = {"number": 3, "title": "Links lead nowhere, says a reader", "body": "- x"}
RUN = {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "a/b",
       "GITHUB_RUN_ID": "8"}


def issue(report, run="run 7"):
    """Return the open issue that a report has left."""
    return {"number": 5, "title": "Links lead nowhere", "body": notice.body(report, run)}


def verbs(report, failed, issues):
    """Return what is done to which issue."""
    done = notice.steps("Links lead nowhere", report, failed, "run 8", issues)
    return [step[1:3] if step[1] != "create" else step[1:2] for step in done]


@pytest.mark.parametrize("report, failed, issues, expected", [
    ("- a", True, [], [["create"]]),
    ("- a", True, [OTHER], [["create"]]),  # another title is another matter
    ("- a", True, [OTHER, issue("- a")], []),  # told already, by another run
    ("- a\n- b", True, [issue("- a")], [["edit", "5"], ["comment", "5"]]),
    ("", False, [issue("- a")], [["close", "5"]]),
    ("", False, [OTHER], []),
    ("", False, [], []),
])
def test_what_is_told_already_is_not_told_again(report, failed, issues, expected):
    assert verbs(report, failed, issues) == expected


def test_the_line_ends_of_a_browser_are_no_change():
    edited = issue("- a\n- b")
    edited["body"] = edited["body"].replace("\n", "\r\n")
    assert verbs("- a\n- b\n", True, [edited]) == []


def test_a_long_report_is_cut_between_lines_and_still_compared():
    report = "\n".join(f"- line {number} of many" for number in range(5000))
    text = notice.body(report, "run 7")
    assert len(text) < 65_536 and "… and more, which the run lists." in text
    assert text.partition("\n- …")[0] in report
    assert verbs(report, True, [issue(report)]) == []


def call(folder, result, open_issues, report="- a\n"):
    """Call the tool with a `gh` that writes down its arguments; return its end and those."""
    program, log = folder / "gh", folder / "log"
    program.write_text(f"#!{sys.executable}\nimport json, sys\n"
                       f"open({str(log)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
                       f"print({json.dumps(open_issues)!r})\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / "failures.md").write_text(report)
    command = [sys.executable, str(ROOT / "tools" / "notice.py"), "Links lead nowhere",
               str(folder / "failures.md"), result]
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    done = subprocess.run(command, capture_output=True, text=True,
                          env={**os.environ, **RUN, "PATH": path})
    lines = log.read_text().splitlines() if log.exists() else []
    return done, [json.loads(line) for line in lines]


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_the_tool_asks_and_then_acts(tmp_path):
    done, (asked, acted) = call(tmp_path, "failure", [OTHER])
    assert done.returncode == 0, done.stderr
    assert asked[:2] == ["issue", "list"] and '"Links lead nowhere" in:title' in asked
    assert acted[:4] == ["issue", "create", "--title", "Links lead nowhere"]
    assert acted[5].startswith("- a\n") and "https://example.org/a/b/actions/runs/8" in acted[5]


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
@pytest.mark.parametrize("outcome, report, said", [
    ("skipped", "- a", "'skipped' is no outcome: write failure or success"),
    ("failure", " \n", "failures.md is empty: an issue would not say what failed"),
])
def test_what_cannot_be_told_is_refused_before_anything_is_done(outcome, report, said, tmp_path):
    done, acted = call(tmp_path, outcome, [], report)
    assert done.returncode == 1 and said in done.stderr and acted == []
