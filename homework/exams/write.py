"""Write a set of questions in all its formats into a folder, and say what was written."""

from pathlib import Path

from homework import Trouble
from homework.exams import gift, papers, qti, texts


def put(path, data):
    """Write text or bytes; tell where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}. Choose another folder: "
                      "--to FOLDER") from error
    return path


def printed(path, text, pdf):
    """Write a page, and its PDF if that is wanted and there is a Chromium; return the paths."""
    page = put(path, text)
    made = papers.to_pdf(page) if pdf else None
    return [page, *filter(None, [made])]


def everything(folder, title, items, outcomes, pdf=True, note=""):
    """Write sheet, key, GIFT, QTI and plain text; return the paths."""
    folder = Path(folder)
    paths = printed(folder / "questions.html", papers.questions(title, items), pdf)
    paths.append(put(folder / "questions.txt", texts.sheet(title, items)))
    return paths + keyed(folder, title, items, outcomes, pdf, note)


def keyed(folder, title, items, outcomes, pdf=True, note=""):
    """Write what holds the key: the key itself with its note, GIFT and QTI; return the paths."""
    paths = printed(folder / "key.html", papers.key(title, items, outcomes, note), pdf)
    return [*paths, put(folder / "key.txt", texts.key(title, items, outcomes, note)),
            put(folder / "moodle.gift.txt", gift.gift(items, title)),
            put(folder / "qti.zip", qti.package(items, title))]


def told(paths, pdf=True):
    """Print the paths, and say where PDF is missing."""
    for path in paths:
        print(path)
    if pdf and not any(path.suffix == ".pdf" for path in paths):
        print("No Chromium was found, so there is no PDF: print the HTML from a browser, or set "
              "CHROMIUM to the path of one.")
