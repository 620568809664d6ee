"""What a cell shows: text, pictures and other forms, in order, up to what a page can hold.

It stands in for IPython's `display`, which the page does not load.
"""

import pprint
import sys
import time
from types import ModuleType

TEXT = 100_000  # characters that are shown of all that a cell prints
MARKUP = 300_000  # characters of a thing's HTML; of more, its text is shown
MANY = 100  # things that are shown
OFTEN = 0.3  # seconds from one look at what a running cell has printed to the next
MOVING = "application/x-moving"  # the form of a figure whose frames are drawn one by one
FORMS = ("text/html", "text/markdown", "image/png", MOVING)
CONTAINERS = (list, tuple, dict, set, frozenset)


class Shown:
    """What one cell has shown so far; a quiet one shows nothing.

    Examples
    --------
    >>> shown = Shown()
    >>> shown.write("one, "), shown.write("two"), shown.add({"text/plain": "3"})
    (5, 3, None)
    >>> shown.outputs
    [{'text': 'one, two'}, {'text/plain': '3'}]
    """

    def __init__(self, quiet=False, tell=None):
        self.outputs, self.quiet, self.tell = [], quiet, tell
        self.room, self.looked = TEXT, time.monotonic()

    def write(self, text):
        """Show printed text, up to a limit; return its length, as a stream does."""
        text = str(text)
        if not self.quiet and self.room > 0 and text:
            cut = text[:self.room]
            self.room -= len(text)
            if self.room <= 0:
                cut += f"\n(More than {TEXT:,} characters: the rest is not shown.)"
            if self.outputs and "text" in self.outputs[-1]:
                self.outputs[-1]["text"] += cut
            else:
                self.outputs.append({"text": cut})
            self.let_see()
        return len(text)

    def let_see(self):
        """Tell the page what there is, now and then, before the cell has ended."""
        if self.tell and time.monotonic() - self.looked > OFTEN:
            self.tell(self.outputs)
            self.looked = time.monotonic()

    def add(self, data):
        """Show a thing in its forms."""
        if not self.quiet and len(self.outputs) < MANY:
            self.outputs.append(data)

    def flush(self):
        """Do nothing: what is written is there."""

    def isatty(self):
        """Return that nobody is typing."""
        return False


now = Shown()  # of the cell that runs


def begin(quiet, tell):
    """Start anew, for a cell; return where what it shows is noted."""
    global now
    now = Shown(quiet, tell)
    return now


def display(*things):
    """Show things, as IPython's function of this name does."""
    for thing in things:
        now.add(forms(thing))


def forms(thing):
    """Return a thing's text and its richer forms, by their MIME types.

    Examples
    --------
    >>> forms(0.5)
    {'text/plain': '0.5'}
    """
    found = {}
    if hasattr(type(thing), "_repr_mimebundle_"):
        found = dict(thing._repr_mimebundle_() or {})
    for name, mime in (("_repr_html_", "text/html"), ("_repr_markdown_", "text/markdown")):
        if mime not in found and hasattr(type(thing), name):
            found[mime] = getattr(thing, name)()
    rich = {mime: found[mime] for mime in FORMS if found.get(mime) and fits(found[mime])}
    return {"text/plain": found.get("text/plain") or plain(thing)} | rich


def fits(form):
    """Return whether a page can hold a form: text of a bounded length, or what this page made."""
    return len(form) <= MARKUP if isinstance(form, str) else isinstance(form, dict)


def plain(thing):
    """Return a thing's text: that of a long list or dict one entry a line, as in a notebook.

    Examples
    --------
    >>> print(plain({"first": "x" * 40, "second": "y" * 40}))
    {'first': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
     'second': 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'}
    """
    text = pprint.pformat(thing, width=80, sort_dicts=False) if type(thing) in CONTAINERS else (
        repr(thing))
    return text if len(text) <= TEXT else f"{text[:TEXT]}\n(The rest is not shown.)"


def install():
    """Let `from IPython.display import display` find the function of this module."""
    package = ModuleType("IPython")
    package.get_ipython, package.version_info = (lambda: None), (9, 0)  # matplotlib asks for both
    package.display = ModuleType("IPython.display")
    package.display.display = display
    sys.modules.update({"IPython": package, "IPython.display": package.display})
