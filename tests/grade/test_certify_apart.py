"""A command has the status that it ends with, and what ends its process has 1."""

import os
import subprocess
import sys

import pytest

from environment import ROOT
from lib.grade.certify import apart

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no child processes here")


def run(text, **options):
    """Return how Python ends that runs a command, `command`, which a text defines."""
    code = ("import os, sys\nfrom lib.grade.certify import apart, own_output\n"
            f"{text}\nsys.exit(apart(command))")
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, **options)


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_status_is_that_of_the_command(status):
    assert apart(lambda: status) == status


def raising(problem):
    def command():
        raise problem
    return command


@pytest.mark.parametrize("problem, status", [
    (SystemExit(2), 2), (SystemExit(None), 0), (SystemExit("text"), 1), (KeyboardInterrupt(), 130),
    (BrokenPipeError(), 1), (ValueError("mine"), 1)])
def test_an_exception_has_a_status_too(problem, status):
    assert apart(raising(problem)) == status


@needs_fork
@pytest.mark.parametrize("end, how", [
    ("os._exit(0)", "ended with status 0 before the report was made"),
    ("os._exit(7)", "ended with status 7"), ("os.kill(os.getpid(), 9)", "ended by signal 9"),
    ("os.fork() or os._exit(0); os._exit(0)", "ended with status 0")])
def test_a_process_that_ends_itself_has_status_1_and_a_sentence(end, how):
    found = run(f"def command():\n    print('begun', flush=True)\n    {end}")
    assert found.returncode == 1 and how in found.stderr and "Traceback" not in found.stderr


@needs_fork
def test_a_child_that_is_left_running_holds_nobody_up():
    found = run("def command():\n    if os.fork() == 0:\n        import time\n        os.close(1)\n"
                "        os.close(2)\n        time.sleep(9)\n        os._exit(0)\n    return 0",
                timeout=60)
    assert found.returncode == 0


@pytest.mark.parametrize("noise", [
    "os.write(1, b'noise\\n')", "os.system('echo noise')",
    "print('noise', file=sys.__stdout__, flush=True)"])
def test_what_is_printed_below_python_goes_to_the_errors(noise):
    found = run(f"def command():\n    with own_output():\n        {noise}\n"
                "        print('report')\n    return 0")
    assert (found.returncode, found.stdout, found.stderr) == (0, "report\n", "noise\n")


def test_without_an_output_there_is_none_to_divide():
    found = run("def command():\n    os.close(2)\n    with own_output():\n        print('report')\n"
                "    return 0")
    assert (found.returncode, found.stdout) == (0, "report\n")
