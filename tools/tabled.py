"""Keep the numbers behind each figure beside its picture: an extension of IPython for the build.

A figure has one more form then, a table in CSV: `lib.page.tables` writes it, of a figure of
matplotlib as of one that moves. `book.keep` puts the tables of a chapter into a folder, from which
the site offers them; no notebook stores them.
"""

import sys

from IPython.core.formatters import BaseFormatter
from traitlets import ObjectName, Unicode

CSV = "text/csv"


class Tables(BaseFormatter):
    """Ask what is displayed for its table.

    A figure is known by its kind and not by a function noted for it: who chooses the form of
    pictures, as lib.page.figures does, makes IPython forget all such functions.
    """

    format_type = Unicode(CSV)
    print_method = ObjectName("_repr_csv_")

    def __call__(self, thing):
        """Return the table of a thing, or None."""
        figures = sys.modules.get("matplotlib.figure")
        if figures and isinstance(thing, figures.Figure):
            return table(thing)
        return super().__call__(thing)


def table(figure):
    """Return the table of a figure of matplotlib."""
    from lib.page.shapes import shown
    from lib.page.tables import written

    return written([({}, shown(figure))])


def taken(notebook):
    """Take the tables out of an executed notebook; return {name of a file: table}."""
    found = {}
    for cell in notebook.cells:
        data = [output.data for output in cell.get("outputs", ()) if CSV in output.get("data", ())]
        for number, one in enumerate(data, 1):
            found[f"{cell.id}{f'.{number}' if number > 1 else ''}.csv"] = one.pop(CSV)
    return found


def load_ipython_extension(shell):
    """Give all figures that are displayed from here on their tables."""
    shell.display_formatter.formatters[CSV] = Tables(parent=shell.display_formatter)
