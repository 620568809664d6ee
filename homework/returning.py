"""Lay files of single students out as the platforms take them back: a zip for each platform."""

import io
import zipfile
from pathlib import PurePosixPath

from homework import origin
from homework.course import put

WHERE = {"canvas": "the assignment's page in Canvas: Re-Upload Submissions",
         "moodle": "Moodle: View all submissions, Upload multiple feedback files in a zip",
         "plain": "a folder for each id"}


def zips(course, topic, files):
    """Write feedback/TOPIC-PLATFORM.zip for each platform from which submissions came.

    Parameters
    ----------
    course : Course
    topic : str
    files : dict of str to path
        What each student gets back.

    Returns
    -------
    list of str
        A sentence on each zip.
    """
    names = {student: origin.read(course.place("submitted", student, topic)).get("name", "")
             for student in files}
    told = []
    for platform in ("canvas", "moodle", "plain"):
        members = {layout: files[student].read_bytes() for student in files if (
            layout := member(platform, names[student], student, files[student].name))}
        place = course.folder / "feedback" / f"{topic}-{platform}.zip"
        if not members:
            place.unlink(missing_ok=True)  # of an earlier run
            continue
        put(place, zipped(members))
        told.append(f"{place}: {len(members)} of {len(files)} pages ({WHERE[platform]})")
    return told


def member(platform, name, student, file):
    """Return the name in a platform's zip of a file for a student; empty where there is none.

    Canvas knows whose a file is by two numbers in the name under which the submission was
    downloaded, of the student and of the file that was handed in; Moodle by the folder's number.

    Examples
    --------
    >>> member("canvas", "lovelaceada_LATE_17_8001_svd (1).ipynb", "ada", "svd.html")
    'lovelaceada_LATE_17_8001_svd (1).html'
    >>> member("moodle", "Ada Lovelace_123_assignsubmission_file_/x.ipynb", "ada", "svd.html")
    'Ada Lovelace_123_assignsubmission_file_/svd.html'
    >>> member("plain", "", "ada", "svd.html"), member("canvas", "ada/svd.ipynb", "ada", "svd.html")
    ('ada/svd.html', '')
    """
    if platform == "plain":
        return f"{student}/{file}"
    part, found = origin.part_of(name, [PurePosixPath(file).stem])
    if found != platform:
        return ""
    if platform == "moodle":
        return f"{origin.MOODLE.match(part)[0].rstrip('_')}_/{file}"
    stem, suffix = PurePosixPath(part).stem, PurePosixPath(file).suffix
    head, _, last = stem.rpartition("_")
    # Canvas passes over a file whose last word is link: it stands for a submitted address.
    return f"{head}_{'file-' * last.startswith('link')}{last}{suffix}"


def zipped(members):
    """Return the bytes of a zip of files by name; the same files make the same bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()
