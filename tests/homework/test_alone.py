"""Two gradings of one course at once: the second waits for nothing and spoils nothing."""

import os
import subprocess
import sys

import pytest

from homework import Trouble
from homework.alone import alone
from homework.course import Course
from tests.homework.test_loop import make, said


def test_a_second_grading_is_refused_by_the_number_of_the_first(tmp_path, capsys):
    course = make(tmp_path)
    with alone(course):
        status, out = said(course, capsys, "grade", "small")
        assert status == 2 and f"process {os.getpid()}" in out and "is kept" in out
    with alone(course):
        pass


def test_a_grading_that_was_killed_holds_nothing(tmp_path):
    course = make(tmp_path)
    text = ("import os, pathlib, sys\nfrom homework.alone import alone\n"
            "from homework.course import Course\n"
            "with alone(Course(sys.argv[1])):\n    print('held', flush=True)\n    input()\n")
    with subprocess.Popen([sys.executable, "-c", text, str(course.folder)],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Trouble, match=f"process {other.pid}"), alone(course):
            pass
        other.kill()
    with alone(course):
        pass


def test_what_is_no_course_is_for_the_grading_to_tell(tmp_path):
    with alone(Course(str(tmp_path / "none"))):
        assert not (tmp_path / "none").exists()
