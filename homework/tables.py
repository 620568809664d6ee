"""Read tables as spreadsheets write them: comma, semicolon or tab, Unicode or Windows' letters."""

import codecs
import csv
import io
import unicodedata
from collections import Counter

from homework import Trouble

NAMES = {"id", "name", "email", "lms_id", "topic", "due", "late", "submitted", "student", "form",
         "seed", "code"}


def rows(path, *columns):
    """Return the rows of a table as dicts, without those that are empty.

    Names of columns that are known may be in capitals, and of two words; letters are composed.

    Parameters
    ----------
    path : path
    columns : str
        That have to be there.

    Raises
    ------
    Trouble
        If a column is missing or there twice, or the file is no text.
    """
    text = text_of(path)
    first = text.lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    names = [named(name or "") for name in reader.fieldnames or []]
    reader.fieldnames = names
    for column in columns:
        if names and column not in names:
            raise Trouble(f"{path} has the columns {', '.join(names)}: it needs "
                          f"{' and '.join(columns)}.")
    twice = [name for name, times in Counter(names).items() if times > 1 and name in NAMES]
    if twice:
        raise Trouble(f"{path} has two columns called {twice[0]}: give one of them another name.")
    return [{key: unicodedata.normalize("NFC", value or "").strip()
             for key, value in row.items() if isinstance(key, str)}
            for row in reader if any(row.values())]


def named(name):
    """Return the name of a column; one that is known as it is known.

    Examples
    --------
    >>> named(" ID"), named("LMS id"), named("Room")
    ('id', 'lms_id', 'Room')
    """
    name = name.strip()
    known = "_".join(name.lower().split())
    return known if known in NAMES else name


def text_of(path):
    """Return the text of a table: UTF-8, UTF-16 as Excel's "Unicode Text" has it, or Windows'.

    Raises
    ------
    Trouble
        If it is none of them.
    """
    data = path.read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:  # as Excel saves a CSV in western Europe
        text = "\0" if wide else data.decode("cp1252", "replace")
    if "\0" in text:
        raise Trouble(f"{path} cannot be read as text: save it as CSV UTF-8.")
    return text
