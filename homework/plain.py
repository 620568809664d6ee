"""Write what a student has named or said where an instructor reads it: in lines and in tables."""

import csv
import io
import re

MOST = 2000  # letters of a line
# A formula begins with one of these, in East Asian settings also with a wide one.
SIGNS = "=⁼⩵⩶₌﹦＝+⁺₊﬩﹢＋﹣－−⁻₋@﹫＠|｜%﹪％-"
SPLITS = ";；﹔\u037e"  # between the fields of a CSV where a comma is in a number
NUMBER = r"[-+\u2212]\d[\d.]*(?:e[-+]?\d+)?[])},.:;]*(?: |$)"
BEGINS = re.compile(rf'(?:^|[{SPLITS}])(?=[ "\ufffd]*[{SIGNS}])'
                    rf'| (?=["\ufffd]*[{SIGNS}](?! |$))(?!["\ufffd]*{NUMBER})')


def plain(text, most=MOST):
    """Return a text as one line of letters that can be printed.

    What would move a terminal's cursor, begin a line or reverse the reading is replaced.

    Examples
    --------
    >>> plain("a\\r\\x1b[2Kada  15 of 15\\n"), plain(3), plain("half \\ud800")
    ('a \ufffd[2Kada  15 of 15', '3', 'half ?')
    """
    text = str(text)[:most].encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "\ufffd"
                   for letter in text).strip()


def plainly(value):
    """Return a value of dicts, lists and numbers in which every text is plain."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: plainly(part) for key, part in value.items()}
    return [plainly(part) for part in value] if isinstance(value, list | tuple) else value


def safe(field):
    """Return a field of which a spreadsheet takes no part for a formula.

    Whether it splits at commas, semicolons, tabs or blanks is the reader's setting, and quotes do
    not hold where another mark splits: an apostrophe stands before each part that a sign may begin.
    A number behind a blank stays, for it is none.

    Examples
    --------
    >>> safe("=cmd|' /C calc'!A0"), safe(" \\n+1"), safe(-1.5), safe("ada"), safe(None)
    ("'=cmd|' /C calc'!A0", "'+1", -1.5, 'ada', '')
    >>> safe("x;=A1"), safe("x\\t=A1"), safe("\uff1dA1"), safe("got -1.5, x = 2 - 1")
    ("x;'=A1", "x '=A1", "'\uff1dA1", 'got -1.5, x = 2 - 1')
    """
    if isinstance(field, int | float):
        return field
    return BEGINS.sub(r"\g<0>'", plain("" if field is None else field))


def table(rows):
    """Return rows as the text of a CSV: texts in quotes, and no field is a formula.

    All tables are made here.

    Examples
    --------
    >>> print(table([["id", "mark"], ["a;=1", 2.5], ["ben", None]]), end="")
    "id","mark"
    "a;'=1",2.5
    "ben",""
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC).writerows(
        [[safe(field) for field in row] for row in rows])
    return text.getvalue()
