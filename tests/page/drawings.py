"""Drawings for the tests of moving figures, and the parsed page of what explore displays."""

import json
from html.parser import HTMLParser

import numpy as np


def line(ax, k):
    """Draw a line of slope k."""
    ax.plot([0, 1], [0, k])
    ax.set(xlabel="$x$", ylabel="$kx$")


def curves(ax, k):
    """Draw three curves of 100 points that all change with k, and a legend."""
    x = np.linspace(0, 1, 100)
    for number in range(1, 4):
        ax.plot(x, np.exp(-number * k * x), label=f"curve {number}")
    ax.set(xlabel="$x$", ylabel="$y$", title=f"k = {k:.3g}")
    ax.legend()


def fails(ax, k):
    """Draw a line, unless k is 1, 2, 3 or 4."""
    if k == 1:
        raise ZeroDivisionError("k - 1 is <zero>")
    if k in (2, 3):
        ax.set_yscale("log")
    if k != 4:
        ax.plot([0, 1], {2: [-1, 0], 3: [np.nan, np.inf]}.get(k, [1, 2]))


class Page(HTMLParser):
    """The elements of a page with their attributes, and the data that its script reads."""

    def __init__(self, code):
        super().__init__()
        self.elements, self.data = [], None
        self.feed(code)

    def handle_starttag(self, tag, attributes):
        """Note an element."""
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, text):
        """Read the data of the script."""
        if self.elements[-1][0] == "script":
            self.data = json.loads(text)

    def all(self, name):
        """Return the attributes of all elements of a name."""
        return [attributes for tag, attributes in self.elements if tag == name]

    def frame(self, number):
        """Return the markup of a frame."""
        return "".join(self.data["pieces"][piece] for piece in self.data["frames"][number])


def page(bundle):
    """Return the parsed page of what explore displays."""
    return Page(bundle._repr_mimebundle_()["text/html"])
