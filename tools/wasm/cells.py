"""Run the code cells of a notebook in one IPython, without a kernel. Pyodide runs this module.

What the cells show is written down as a notebook has it; others judge it. So this needs nothing
but IPython and matplotlib, of which a test core has versions of its own.
"""

import sys
import time
import warnings

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

FILTERS = warnings.filters[:]
SHOWN = []  # what the cell that runs has shown so far, as outputs of a notebook


class Stream:
    """A text stream that writes down what is printed."""

    encoding = "utf-8"

    def __init__(self, name):
        self.name = name

    def write(self, text):
        """Note a piece of text."""
        if text:
            SHOWN.append({"output_type": "stream", "name": self.name, "text": text})
        return len(text)

    def flush(self):
        """Do nothing: what is written is there."""

    def isatty(self):
        """Return that nobody is typing."""
        return False


class Results(DisplayHook):
    """Write down the value that a cell ends in."""

    def write_output_prompt(self):
        """Write no prompt."""

    def write_format_data(self, format_dict, md_dict=None):
        """Note the value's forms, if it has any: one that displays itself has none."""
        if format_dict:
            SHOWN.append({"output_type": "execute_result", "data": dict(format_dict)})


class Displays(DisplayPublisher):
    """Write down what a cell displays."""

    def publish(self, data, metadata=None, **more):
        """Note the forms of a thing displayed."""
        SHOWN.append({"output_type": "display_data", "data": dict(data)})


class Shell(InteractiveShell):
    """An IPython whose outputs are written down."""

    displayhook_class = Type(Results)
    display_pub_class = Type(Displays)

    def _showtraceback(self, etype, evalue, stb):
        SHOWN.append({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue),
                      "traceback": list(stb)})


def begin(_=None):
    """Forget the names, figures and filters of warnings of the chapter before.

    What that one changed inside modules is not undone.
    """
    import matplotlib.pyplot as plt

    plt.close("all")
    warnings.resetwarnings()
    warnings.filters[:] = FILTERS
    Shell.instance().reset(new_session=True)  # one for all: matplotlib_inline keeps to the first


def run(source):
    """Run the code of one cell; return (whether it ended well, its outputs, seconds)."""
    SHOWN.clear()
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    began = time.perf_counter()
    try:
        success = Shell.instance().run_cell(source, store_history=True).success
    finally:
        sys.stdout, sys.stderr = kept
    return success, SHOWN[:], round(time.perf_counter() - began, 3)
