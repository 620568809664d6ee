"""The process in which submissions are judged, one after the other, beside the one that asks.

A judge that hangs on an answer, or dies of one, takes this process with it and nothing else: the
one that asks ends it at its deadline and starts another.
"""

import functools
import hashlib
import os
import resource
import signal
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

from homework.peer import Peer
from homework.plain import plain
from homework.runner import pipe
from homework.session import Ended, Session, TooLong

MEMORY = 6 * 2**30  # bytes of address space for the judges
GRACE = 60  # seconds that judges may take beyond what the submission may
kept = threading.local()
open_ones = []


def as_array(data):
    """Return bytes as an array, which the wire carries."""
    return np.frombuffer(data, np.uint8)


def grade(request, base):
    """Grade a submission, whose data and judges are laid into a folder of base first."""
    from homework import Trouble
    from homework.judging import graded

    folder = laid_out(request["data"], base)
    try:
        result = graded(request, folder)
    except Trouble as trouble:
        return {"trouble": plain(trouble)}
    return result | {"notebook": as_array(result["notebook"].encode()),
                     "seed": request["seed"], "variant": request["variant"]}


def laid_out(data, base):
    """Return a folder that holds some files, made once for each set of them, whole or not at all.

    Parameters
    ----------
    data : dict of str to array of bytes
    base : path
        A folder in which nobody else can write: what lies there is imported.
    """
    digest = hashlib.sha256(b"".join(name.encode() + b"\0" + bytes(content) + b"\0"
                                     for name, content in sorted(data.items()))).hexdigest()[:16]
    folder = Path(base) / digest
    if not folder.is_dir():
        half = Path(tempfile.mkdtemp(dir=base))
        for name, content in data.items():
            (half / Path(name).name).write_bytes(bytes(content))
        half.rename(folder)
    return folder


def asked(request):
    """Grade a submission in this thread's bench; once more in a new one where that has died.

    What has hung would hang again.

    Returns
    -------
    dict
        As `homework.judging.graded` gives; or {"ended": why}, or {"trouble": what to mend}.
    """
    seconds = 2 * request["limits"].get("total", 240) + GRACE  # its cells may run again
    for _ in range(2):
        bench = getattr(kept, "bench", None)
        if bench is None or not bench.alive:
            bench = kept.bench = started()
        try:
            return bench.call("grade", [request], request.get("seconds", seconds))
        except TooLong as problem:
            return {"ended": f"its judges did not end: {problem}"}
        except Ended as problem:
            why = " ".join([f"its judges ended twice: {problem}", *bench.words().splitlines()[-1:]])
        except Exception as problem:  # which shall stop nobody else's grading
            return {"ended": failure(problem)}
    return {"ended": plain(why)}


def failure(problem, what="its grading"):
    """Return what went wrong with one submission that nobody has foreseen, as one line."""
    return plain(f"{what} failed: {type(problem).__name__}: {problem}", 300)


def started():
    """Start a bench."""
    root = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    folder = tempfile.TemporaryDirectory(prefix="homework-bench-")
    bench = Session([sys.executable, "-m", "homework.bench", folder.name],
                    settings={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1",
                              "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})
    open_ones.append((bench, folder))
    return bench


def close():
    """End every bench of this process, and remove its folder."""
    while open_ones:
        bench, folder = open_ones.pop()
        bench.__exit__()
        folder.cleanup()


def main():
    """Serve the process that asks until it is gone."""
    channel = pipe()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    tempfile.tempdir = sys.argv[1]  # what is made here goes with the folder, even where this ends
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # a sandbox's first process inherits it
    Peer(channel, {"grade": functools.partial(grade, base=sys.argv[1])}).serve()


if __name__ == "__main__":
    main()
