"""Remember of a submission what its platform called it, and by when it was there."""

import datetime
import json
from pathlib import PurePosixPath

from homework.course import put
from homework.whose import CANVAS, MOODLE, names_nobody, without

NOTE = "collected.json"  # beside the submitted notebook


def part_of(name, topics=()):
    """Return the part of a path that a platform named, and which platform; two empty texts if none.

    What lies in a folder with somebody's name is called as its owner likes, and proves nothing.

    Parameters
    ----------
    name : str
    topics : list of str
        Problem sets, whose names are nobody's.

    Examples
    --------
    >>> part_of("export/lovelaceada_LATE_17_8001_svd.ipynb")
    ('lovelaceada_LATE_17_8001_svd.ipynb', 'canvas')
    >>> part_of("Ada Lovelace_123_assignsubmission_file_/svd.ipynb")
    ('Ada Lovelace_123_assignsubmission_file_', 'moodle')
    >>> part_of("ada/svd.ipynb"), part_of("ada/me_1_2_svd.ipynb")
    (('', ''), ('', ''))
    """
    for part in PurePosixPath(name).parts:
        found = [platform for platform, form in (("canvas", CANVAS), ("moodle", MOODLE))
                 if form.match(part)]
        if len(found) == 1:
            return part, found[0]
        if found or not names_nobody(without(part, topics)):
            break
    return "", ""


def calls_late(part):
    """Return whether a name of Canvas says LATE before its numbers, where no student writes.

    Examples
    --------
    >>> calls_late("adalovelace_LATE_17_8_svd.ipynb"), calls_late("adalovelace_17_8_a_LATE_b.ipynb")
    (True, False)
    """
    return bool(CANVAS.match(part)["late"])


def note(place, name, when, data, submitted=None):
    """Note beside a submission its name and its date, before the new data are written.

    The date says that it was there by then: platforms date a zip when it is downloaded. So the
    same data keep the earlier date.
    """
    dated = datetime.datetime.fromtimestamp(when, datetime.UTC).isoformat(timespec="seconds")
    before = read(place)
    if before and place.is_file() and place.read_bytes() == data:
        dated = min(dated, before.get("dated", dated))
        submitted = submitted or before.get("submitted")
    put(place.with_name(NOTE), json.dumps({"name": str(name), "dated": dated} | (
        {"submitted": submitted} if submitted else {}), indent=1) + "\n")


def read(place):
    """Return what was noted beside a submitted notebook; empty where nothing was."""
    try:
        found = json.loads(place.with_name(NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def set_aside(place):
    """Copy a submission and its note into the folder `earlier` beside it; return the copy."""
    folder = place.with_name("earlier")
    number = len(list(folder.glob("*.ipynb"))) + 1
    copy = folder / f"{number}.ipynb"
    put(copy, place.read_bytes())
    if place.with_name(NOTE).is_file():
        put(copy.with_suffix(".json"), place.with_name(NOTE).read_bytes())
    return copy


def put_back(place, copy):
    """Let a submission count that was set aside, in place of the one that is there."""
    put(place, copy.read_bytes())
    if copy.with_suffix(".json").is_file():
        put(place.with_name(NOTE), copy.with_suffix(".json").read_bytes())
