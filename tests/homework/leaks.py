"""Find solutions and hidden checks of the problem sets in other files, however they are written."""

import html
import io
import re
import zipfile

from homework.course import MASTERS
from homework.notebooks import read
from homework.problems import HIDDEN, SOLUTION

WINDOW, LEAST = 3, 50  # lines in a row, and letters in them, that tell a solution
TEXTS = (".html", ".js", ".json", ".ipynb", ".md", ".txt", ".py", ".xml", ".csv", ".inv", "")


def masters():
    """Return the path of every master."""
    return [path for path in sorted(MASTERS.glob("*/*.ipynb")) if path.stem == path.parent.name]


def bare(text):
    """Return the letters and digits of a text, without tags and ends of lines."""
    text = html.unescape(re.sub(r"<[A-Za-z/!][^<>]*>", "", text))
    return re.sub(r"\W", "", text.replace("\\n", "\n").replace("\\t", " "))


def between(source, marks):
    """Return the lines between two marks."""
    inside = source.partition(marks[0])[2].partition(marks[1])[0]
    return [line for line in inside.splitlines() if line.strip()]


def secrets_of(cells):
    """Return what must not be seen of a master: bare texts by what they are."""
    found = {}
    for cell in cells:
        lines = between(cell.source, SOLUTION)
        for k in range(max(len(lines) - WINDOW, 0) + 1):
            text = bare("\n".join(lines[k:k + WINDOW]))
            if len(text) >= LEAST:
                found[text] = f"solution {cell.grade_id}"
        for line in between(cell.source, HIDDEN):
            found[bare(line)] = f"hidden check {cell.grade_id}"
    return found


def all_secrets():
    """Return what must not be seen of any master."""
    return {text: f"{path.stem}: {what}" for path in masters()
            for text, what in secrets_of(read(path.read_bytes())).items()}


def leaks(name, data, secrets):
    """Return what a file holds of the secrets; zips and wheels are opened."""
    if name.endswith((".zip", ".whl")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [leak for member in archive.namelist()
                    for leak in leaks(f"{name}/{member}", archive.read(member), secrets)]
    suffix = "." + name.rpartition(".")[2] if "." in name.rpartition("/")[2] else ""
    if suffix not in TEXTS:
        return []
    text = bare(data.decode("utf-8", "replace"))
    return [f"{name}: {what}" for secret, what in secrets.items() if secret in text]
