"""Open what was handed in: folders, zips, zips in zips; nothing of a stranger's stops it."""

import contextlib
import datetime
import io
import os
import stat
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from homework.course import composed
from homework.notebooks import LARGEST
from homework.whose import CANVAS, MOODLE, names_nobody

MOST, CROWD = 2**31, 20_000  # bytes and members of a platform's zip
ROOM, MEMBERS = 2**27, 1000  # of one handed-in file, zips in it included
DEEPEST = 3  # zips in zips
SKIPPED = {"__MACOSX", ".ipynb_checkpoints"}


@dataclass
class Found:
    """A file that may be a submission.

    Attributes
    ----------
    path : PurePosixPath
        Where it was.
    when : float
        When the outermost file in which it was is dated, which the platform wrote.
    data : bytes
    outer : PurePosixPath, optional
        The path of that outermost file, which says whose it is; None in place of `path`.
    """

    path: PurePosixPath
    when: float
    data: bytes
    outer: PurePosixPath | None = None


class Budget:
    """Bytes and members that a handed-in file may unfold to, in all."""

    def __init__(self, room, members):
        self.room, self.members, self.said = room, members, f"{room >> 20} MiB or {members} members"

    def take(self, size):
        """Take a member of a size from what is left.

        Raises
        ------
        OverflowError
            If there is not so much left.
        """
        self.room, self.members = self.room - size, self.members - 1
        if min(self.room, self.members) < 0:
            raise OverflowError(f"more than {self.said} are too many")


@contextlib.contextmanager
def telling(told, path, what):
    """Make a line of what is told of whatever a stranger's bytes raise, for this file alone."""
    try:
        yield
    except Exception as problem:
        told.append(f"{path}: {what}: {str(problem)[:200] or type(problem).__name__}")


def found_in(place, told):
    """Yield the notebooks of a folder, a zip or a file; nothing that is a link or a device."""
    files = [place] if place.is_file() else walked(place)
    base = place.parent if place.is_file() else place
    for path in files:
        inside = PurePosixPath(composed(path.relative_to(base).as_posix()))
        with telling(told, inside, "it cannot be read"):
            state = path.lstat()
            if not (stat.S_ISREG(state.st_mode) or path == place):
                told.append(f"{inside}: a link or a device, which is not followed")
            elif state.st_size > max(LARGEST, MOST * (path.suffix.lower() == ".zip")):
                told.append(f"{inside}: {state.st_size / 2**20:.0f} MiB are too many")
            else:
                one = Found(inside, path.stat().st_mtime, path.read_bytes())
                yield from unpacked(one if is_export(inside, path == place)
                                    else replace(one, outer=inside), told)


def walked(place):
    """Yield the files of a folder in a fixed order."""
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(set(folders) - SKIPPED)
        yield from (Path(folder) / name for name in sorted(names))


def is_export(path, alone):
    """Return whether a zip is one of all submissions, which the platform made.

    It is the one that is collected, unless a platform named it for a student, or has a name, in
    such folders, that is nobody's.
    """
    if path.suffix.lower() != ".zip":
        return False
    if alone:
        return not (CANVAS.match(path.name) or MOODLE.match(path.name))
    return all(part and names_nobody(part) for part in (*path.parent.parts, path.stem))


def unpacked(one, told, budget=None, depth=0):
    """Yield a notebook as it is, and those inside a zip."""
    suffix = one.path.suffix.lower()
    if suffix == ".zip" and depth < DEEPEST:
        if budget is None:
            budget = Budget(*((ROOM, MEMBERS) if one.outer else (MOST, CROWD)))
        with telling(told, one.path, "a zip that cannot be opened"):
            yield from _members(one, told, budget, depth)
    elif len(one.data) > LARGEST:
        told.append(f"{one.path}: {len(one.data) / 2**20:.0f} MiB are too many")
    elif suffix in (".ipynb", ".json") or one.data[:1] == b"{":
        yield one
    elif not one.path.name.startswith("."):
        told.append(f"{one.path}: no notebook")


def _members(one, told, budget, depth):
    """Yield the notebooks of a zip; a name in it leads nowhere outside, for none is used as one."""
    with zipfile.ZipFile(io.BytesIO(one.data)) as archive:
        for member in archive.infolist():
            parts = composed(member.filename).replace("\\", "/").split("/")
            inside = PurePosixPath(*(part for part in parts if part not in ("", ".", "..")))
            path = (one.path.with_suffix("") if one.outer else one.path.parent) / inside
            skipped = SKIPPED & set(inside.parts) or stat.S_ISLNK(member.external_attr >> 16)
            if member.is_dir() or skipped or not inside.name:
                continue
            if member.file_size > LARGEST * 5:
                told.append(f"{path}: {member.file_size / 2**20:.0f} MiB are too many")
                continue
            budget.take(member.file_size)
            with telling(told, path, "a member of a zip that cannot be read"):
                found = Found(path, one.when, archive.read(member), one.outer)
                if one.outer is None:
                    found = replace(found, when=_dated(member, one.when), outer=inside)
                yield from unpacked(found, told, budget if one.outer else None, depth + 1)


def _dated(member, otherwise):
    """Return when a member of a platform's zip is dated; of a date that is none, another."""
    try:
        return datetime.datetime(*member.date_time).timestamp()
    except (ValueError, OverflowError):
        return otherwise
