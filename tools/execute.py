"""Run chapters for the site, two at a time, each in a process of its own, and say how it goes.

A process of its own can be stopped at any moment: its kernel ends with it. What it writes to the
terminal does not reach people; what they need to know is told here.
"""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from environment import ROOT, say

AT_ONCE = 2
SECONDS = 120  # that one cell may take
COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of the messages of Sphinx and IPython
# The kernel would warn of connections that never leave this machine.
ARGUMENTS = ["--IPKernelApp.log_level=40", "--InteractiveShellApp.extra_extensions=witness",
             "--InteractiveShellApp.extra_extensions=cost"]
TABLED = ["--InteractiveShellApp.extra_extensions=tabled"]  # what the site has beside a notebook


class Failed(Exception):  # noqa: N818  not an error of the program
    """A cell of a chapter failed; the message names it, the error and the place."""


def settings(static=False):
    """Return the environment of a kernel: the tools can be imported, figures come as frames."""
    folders = [str(ROOT / "tools"), str(ROOT / "tools" / "author"), os.environ.get("PYTHONPATH")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, folders)),
            **({"EXPLORE_STATIC": "1"} if static else {})}


def execute(notebook, folder, static=False):
    """Run a notebook (of nbformat) in a folder and fill in its outputs; raise Failed.

    Static outputs are those of the site: figures come as frames, and with their numbers.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", record_timing=False,
                            resources={"metadata": {"path": str(folder)}},
                            extra_arguments=ARGUMENTS + TABLED * static)
    try:
        client.execute(env=settings(static))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise Failed(what_failed(notebook, error)) from error


def what_failed(notebook, error):
    """Return which cell of a notebook failed, with what, and on which lines."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            expected = "raises-exception" in cell.metadata.get("tags", ())
            if output.output_type == "error" and not expected:
                return "\n".join([f"cell {cell.id}: {output.ename}: {output.evalue}",
                                  *places("\n".join(output.traceback))])
    last = [cell.id for cell in notebook.cells if cell.get("execution_count")]
    return f"after cell {last[-1] if last else 'none'}: {type(error).__name__}: {error}"


def places(traceback):
    """Return the lines of a traceback that say where: a file or a cell, and the line that ran."""
    lines = COLOURS.sub("", traceback).splitlines()
    return [f"    {line.strip()}" for line in lines
            if re.match(r"(Cell In|File ).*line \d+|File .*:\d+|-+> ?\d+", line)]


# --- Several at once -----------------------------------------------------------------------------


@dataclass
class Run:
    """A chapter that is running: its process, the file it will write, and when it began."""

    path: Path
    process: subprocess.Popen
    executed: Path
    began: float


def start(path, folder):
    """Start a chapter; what it says goes to a file beside the executed notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    executed = folder / path.name
    with open(executed.with_suffix(".log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen([sys.executable, __file__, str(path), str(executed)],
                                   stdout=log, stderr=subprocess.STDOUT, env=settings())
    return Run(path, process, executed, time.monotonic())


def run_all(chapters, folder, keep):
    """Run chapters; call keep(path, executed notebook, seconds, cost) after each.

    Returns {topic: what failed}. The others run to their end all the same.
    """
    waiting, running, failed = list(chapters), [], {}
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                running.append(start(waiting.pop(0), folder))
                say(f"    {running[-1].path.stem} ...")
            for run in [run for run in running if run.process.poll() is not None]:
                running.remove(run)
                finish(run, keep, failed)
            time.sleep(0.05)
    finally:
        for run in running:
            run.process.kill()
            run.process.wait()
    return failed


def finish(run, keep, failed):
    """Keep what a chapter shows, or note why it failed; say so."""
    seconds = time.monotonic() - run.began
    topic, log = run.path.stem, run.executed.with_suffix(".log")
    cost = run.executed.with_suffix(".cost")
    if run.process.returncode == 0:
        import nbformat

        keep(run.path, nbformat.read(run.executed, as_version=4), seconds,
             json.loads(cost.read_text(encoding="utf-8")))
        run.executed.unlink()
    else:
        failed[topic] = log.read_text(encoding="utf-8", errors="replace").strip()[-3000:]
    log.unlink()
    cost.unlink(missing_ok=True)
    say(f"    {topic} {'took' if run.process.returncode == 0 else 'FAILED after'} {seconds:.0f} s")


def main(path, executed):
    """Run one chapter and write it, executed, into a file; return the exit status."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    os.environ["COST"] = str(Path(executed).with_suffix(".cost"))
    try:
        execute(notebook, Path(path).parent, static=True)
    except Failed as failure:
        print(failure)
        return 1
    Path(executed).write_text(nbformat.writes(notebook), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
