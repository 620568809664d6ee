"""Remember which functions the traces of an exam went through, so that an oral card has others."""

import re
from pathlib import Path

from homework.exams import write

NAME = "traced.txt"
HEAD = "# The functions that this exam traces; `oral` leaves them out. Not for the students."


def traced_in(item):
    """Return the name of the function that an item traces.

    Examples
    --------
    >>> from homework.exams.bank import bank
    >>> traced_in(bank("lu").draw("trace_left", 5))
    'no_exchange'
    """
    return re.match(r"`(\w+)\(", item.stem)[1]


def functions(items):
    """Return the names of all functions that some items trace, sorted."""
    return sorted({traced_in(item) for item in items if item.kind == "read"})


def note(folder, items):
    """Write what an exam traces into its folder; return the path."""
    return write.put(Path(folder) / NAME, "\n".join([HEAD, *functions(items), ""]))


def used(folder):
    """Return the functions that the exams below a folder trace; none where there is no exam."""
    return frozenset(line for path in sorted(Path(folder).rglob(NAME))
                     for line in path.read_text(encoding="utf-8").split("\n")
                     if re.fullmatch(r"\w+", line))
