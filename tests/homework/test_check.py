"""The sandbox is tried from inside, and what is missing is named with its remedy."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from homework import check, sandbox
from homework.limits import Limits
from tests.homework import small
from tests.homework.test_loop import make, said


def test_a_machine_that_can_grade_says_so(tmp_path, capsys):
    small.need_sandbox()
    status, out = said(make(tmp_path), capsys, "check")
    assert "bubblewrap: no network, nothing of the course to be seen" in out
    assert status == 0 or "memory" in out


def test_a_hole_is_found(tmp_path, monkeypatch):
    small.need_sandbox()
    folder = tmp_path / "course"
    folder.mkdir()
    whole = sandbox.bubblewrap

    def with_a_hole(*args):
        start = whole(*args)
        place = start.index("--remount-ro")
        hole = [*sandbox.way_to(folder), "--ro-bind", str(folder), str(folder)]
        return [*start[:place], *hole, *start[place:]]

    monkeypatch.setattr(sandbox, "bubblewrap", with_a_hole)
    fine, _, words = check.sandbox_row(folder)
    assert not fine and "has holes" in words and str(folder) in words


def test_no_sandbox_is_told_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "found", lambda: ("", "bubblewrap is not installed"))
    fine, _, words = check.sandbox_row(tmp_path)
    assert not fine and "sudo apt-get install bubblewrap" in words


def test_an_environment_in_a_temporary_folder_is_there(monkeypatch):
    small.need_sandbox()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        mark = Path(folder, "mark")
        mark.write_text("here")
        os.chmod(folder, 0o755)
        monkeypatch.setattr(sys, "prefix", folder)
        start = sandbox.bubblewrap(sandbox.as_root(), Limits())
        seen = subprocess.run([*start, "cat", str(mark)], capture_output=True, text=True)
        others = subprocess.run([*start, "ls", "/tmp"], capture_output=True, text=True)
    assert seen.stdout == "here" and others.stdout.split() == [Path(folder).name]


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setattr(check, "NEEDED", ("nbgrader", "no-such-package"))
    rows = check.version_rows()
    assert [row[0] for row in rows] == [True, False] and "pip install" in rows[1][2]


def test_a_user_namespace_holds_as_well():
    small.need_sandbox()
    start = [*sandbox.bubblewrap(False, Limits()), "sh", "-c", "id -u; ls /; touch /x"]
    run = subprocess.run(start, capture_output=True, text=True)
    assert run.stdout.split()[0] == "65534" and "Read-only file system" in run.stderr


def test_a_container_has_no_network_no_rights_and_limits():
    start = sandbox.command("podman", Limits(), ["/data/x.csv"])
    text = " ".join(start)
    for part in ("--network none", "--read-only", "--cap-drop ALL", "no-new-privileges",
                 "--pids-limit 32", "--memory 2048m", "/data/x.csv:/home/student/x.csv:ro",
                 "-m homework.runner", "RLIMIT_AS="):
        assert part in text
    assert sandbox.ending(start) == ["podman", "kill", start[start.index("--name") + 1]]
    assert sandbox.ending(["bwrap"]) == []
