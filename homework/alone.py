"""Let one process at a time grade a course: two would write one gradebook."""

import contextlib
import os

from homework import Trouble


@contextlib.contextmanager
def alone(course):
    """Hold a course while it is graded; the system lets go of it when the process ends.

    Raises
    ------
    Trouble
        Where another process holds it, which is named by its number.
    """
    if not course.folder.is_dir():  # nothing was collected there, which grading says
        yield
        return
    with open(course.folder / ".grading", "a+", encoding="utf-8") as file:
        try:
            _take(file)
        except OSError:
            file.seek(0)
            raise Trouble(f"Another process grades {course.folder} ({file.read().strip()}): wait "
                          "for it, or stop it; what it has done is kept.") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


def _take(file):
    """Lock a file, or raise OSError at once."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(2**20)  # a byte that is not read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
