"""What runs on GitHub: commands that exist, no failure that is hidden, the versions that are said.

A rule is a function that returns the faults of a workflow, and each has seen one that has them.
"""

import os
import re
import subprocess
import tomllib

import pytest
import yaml

import environment
import extras
import run
from environment import ROOT

FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yml"))
# What a workflow may change: the site and its branch colab, an issue, a release.
WRITTEN = {"site": {"pages", "id-token", "contents"}, "latest": {"issues"}, "links": {"issues"},
           "release": {"contents"}, "wasm": {"issues"}}


def text_of(name):
    """Return a workflow as text."""
    return (FOLDER / f"{name}.yml").read_text(encoding="utf-8")


def workflow(name):
    """Return a workflow as data."""
    return yaml.safe_load(text_of(name))


def steps(data):
    """Return all steps of a workflow."""
    return [step for job in data["jobs"].values() for step in job["steps"]]


def commands(data):
    """Return the lines that a workflow runs."""
    return [line.strip() for step in steps(data) for line in step.get("run", "").splitlines()]


def unknown(data):
    """Return the commands of a workflow that the project has not."""
    known = run.parser()._subparsers._group_actions[0].choices
    faults = []
    for line in commands(data):
        words = line.split()
        if words[0].startswith((".", "python")) and words[1:2] != ["-m"]:
            file = words[1] if words[0] == "python" else words[0]
            if not (ROOT / file).is_file():
                faults.append(f"there is no {file}")
            elif file == "tools/run.py" and (len(words) < 3 or words[2] not in known):
                faults.append(f"tools/run.py has no command {' '.join(words[2:])!r}")
    return faults


def hiding(text):
    """Return what would let a workflow go on after a failure, or wait for ever."""
    data = yaml.safe_load(text)
    found = [word for word in ("continue-on-error", "||", "always()", "set +e")
             if word in text]
    return found + [name for name, job in data["jobs"].items()
                    if not 0 < job.get("timeout-minutes", 0) <= 60]


def loose(text, allowed=()):
    """Return the actions without a major version of their own, and tokens that may too much."""
    uses = [step["uses"] for step in steps(yaml.safe_load(text)) if "uses" in step]
    found = [one for one in uses if not re.fullmatch(r"actions/[\w-]+@v\d+", one)]
    found += [f"{scope}: write" for scope in re.findall(r"^ +([\w-]+): write$", text, re.M)
              if scope not in allowed]
    return found + ([] if "permissions" in yaml.safe_load(text) else ["no permissions"])


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_is_sound(name):
    assert unknown(workflow(name)) == []
    assert hiding(text_of(name)) == []
    assert loose(text_of(name), WRITTEN.get(name, ())) == []


SPOILT = """
on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@main
      - uses: somebody/thing@v1
      - run: python tools/run.py tests || true
      - run: python tools/nothing.py
      - run: .ci/walk
      - run: python -m pip --version
"""


def test_an_unsound_workflow_is_seen():
    data = yaml.safe_load(SPOILT)
    assert unknown(data) == ["tools/run.py has no command 'tests || true'",
                             "there is no tools/nothing.py", "there is no .ci/walk"]
    assert hiding(SPOILT) == ["||", "one"]
    assert loose(SPOILT) == ["actions/checkout@main", "somebody/thing@v1", "no permissions"]
    assert loose("permissions:\n  packages: write\njobs: {}\n") == ["packages: write"]


def test_a_release_waits_for_its_files_and_for_every_check():
    data = workflow("release")
    assert data[True] == {"push": {"tags": ["v*"]}}
    order = commands(data)
    steps_wanted = ("python tools/version.py", "python tools/run.py test",
                    "python tools/run.py pdf", ".venv/bin/python -m pytest",
                    "python tools/run.py offline", "mkdir release",
                    "gh release create")
    places = [next(at for at, line in enumerate(order) if line.startswith(words))
              for words in steps_wanted]
    assert places == sorted(places)
    assert order[places[1]] == "python tools/run.py test"  # every stage
    assert "--verify-tag" in order[places[-1]] and "--notes-file notes.md" in order[places[-1]]
    files = " ".join(f"_build/html/{name}" for name in extras.WORDS)
    assert f"mv {files} release" in order
    assert order[places[0]].endswith('"$GITHUB_REF_NAME" > notes.md')


# --- Each of them ---------------------------------------------------------------------------------

def test_every_python_that_the_course_names_is_tested_on_push():
    said = {name: (ROOT / name).read_text(encoding="utf-8")
            for name in ("README.md", "CONTRIBUTING.md", "requirements.txt")}
    oldest, newest = (".".join(map(str, one)) for one in (environment.OLDEST, environment.NEWEST))
    assert [name for name, text in said.items()
            if f"Python {oldest} to {newest}" not in text] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={oldest},<3.{environment.NEWEST[1] + 1}"
    every = {f"3.{minor}" for minor in range(environment.OLDEST[1], environment.NEWEST[1] + 1)}
    rows = workflow("test")["jobs"]["pythons"]["strategy"]["matrix"]["include"]
    assert {row["python"] for row in rows if row["os"] == "ubuntu-latest"} == every
    assert {row["os"].partition("-")[0] for row in rows} == {"ubuntu", "windows", "macos"}
    assert workflow("test")[True].keys() >= {"push", "pull_request"}  # YAML reads on as True
    weekly = workflow("latest")["jobs"]["latest"]["strategy"]["matrix"]["include"]
    assert {row["python"] for row in weekly} == every


def test_the_newest_releases_are_tried_every_week_and_no_platform_is_forgotten():
    data = workflow("latest")
    assert data[True]["schedule"][0]["cron"].split()[2:] == ["*", "*", "1"]
    assert data["defaults"]["run"]["shell"] == "bash"  # with pipefail
    trying, table = data["jobs"]["latest"], data["jobs"]["table"]
    platforms = trying["strategy"]["matrix"]["include"]
    assert len({tuple(row.values()) for row in platforms}) == len(platforms) >= 6
    assert not trying["strategy"]["fail-fast"]
    assert "python tools/run.py latest" in commands(data)
    assert f"python tools/platforms.py records --expect {len(platforms)}" in commands(data)
    assert table["needs"] == "latest" and table["if"] == "${{ !cancelled() }}"
    kept = [step["with"] for step in steps(data) if "upload-artifact" in step.get("uses", "")]
    assert [one["path"] for one in kept] == ["_build/latest/record.json", "records/table.md"]
    assert {one["if-no-files-found"] for one in kept} == {"error"}


@pytest.mark.parametrize("name", ["latest", "links"])
def test_a_weekly_run_tells_of_what_its_own_step_found(name):
    told = [step for step in steps(workflow(name)) if "tools/notice.py" in step.get("run", "")]
    named = [step["id"] for step in steps(workflow(name)) if "id" in step]
    assert len(told) == len(named) == 1
    assert told[0]["env"]["OUTCOME"] == f"${{{{ steps.{named[0]}.outcome }}}}"
    assert "!cancelled()" in told[0]["if"] and '"$OUTCOME"' in told[0]["run"]
    assert "issues: write" in text_of(name) and "push" not in workflow(name)[True]


def test_the_site_waits_for_the_tests():
    data = workflow("site")
    assert list(data[True]) == ["workflow_run"]
    assert data[True]["workflow_run"]["workflows"] == [workflow("test")["name"]]
    condition = data["jobs"]["publish"]["if"]
    assert "conclusion == 'success'" in condition and "event == 'push'" in condition
    assert all("head_sha" in job["steps"][0]["with"]["ref"] for job in data["jobs"].values())
    assert data["jobs"]["colab"]["needs"] == "publish"


def test_the_site_is_published_with_what_readers_take_along():
    steps_ = workflow("site")["jobs"]["publish"]["steps"]
    assert [step["run"].partition("  #")[0] for step in steps_ if "run" in step] == [
        "python tools/run.py site"]
    upload = next(step for step in steps_ if "upload-pages-artifact" in step.get("uses", ""))
    assert upload["with"]["path"] == "_build/html"


@pytest.mark.skipif(os.name == "nt", reason="the runner of this workflow is Linux")
def test_the_branch_for_colab_holds_the_notebooks_of_today_and_nothing_else(tmp_path):
    def git(*words):
        return subprocess.check_output(["git", *words], cwd=tmp_path / "clone", text=True)

    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "origin"], check=True)
    subprocess.run(["git", "clone", "-q", tmp_path / "origin", tmp_path / "clone"], check=True,
                   capture_output=True)
    (tmp_path / "clone" / "code.py").write_text("")
    git("add", "code.py")
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "x")
    run_lines = workflow("site")["jobs"]["colab"]["steps"][-1]["run"]
    for day in (["softmax"], ["qr", "lu"]):  # from the second day on the branch is there
        git("checkout", "-q", "-f", "--detach", "HEAD")
        (tmp_path / "clone" / "notebooks").mkdir(exist_ok=True)
        for name in day:
            (tmp_path / "clone" / "notebooks" / f"{name}.ipynb").write_text("{}")
        git("branch", "-D", "colab") if git("branch", "--list", "colab") else None
        subprocess.run(["bash", "-e", "-c", run_lines], cwd=tmp_path / "clone", check=True,
                       env={**os.environ, "COMMIT": "0123"}, capture_output=True)
    assert git("ls-tree", "--name-only", "origin/colab").split() == ["lu.ipynb", "qr.ipynb"]
    assert git("log", "--format=%s", "origin/colab").split("\n")[:-1] == ["Notebooks of 0123"]
