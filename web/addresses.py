"""Ask after a DOI where it is registered, when Sphinx checks the links that leave the book.

Publishers refuse programs with 403, whether the article is there or not; the registry of DOIs
answers everybody.
"""

import re

DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)")
REGISTRY = "https://doi.org/api/handles/"


def asked(address):
    """Return the address to ask in place of an address, or None if it is asked itself.

    >>> asked("https://doi.org/10.1137/1.9780898718027")
    'https://doi.org/api/handles/10.1137/1.9780898718027'
    >>> asked("https://numpy.org/") is None
    True
    """
    found = DOI.fullmatch(address)
    return found and REGISTRY + found[1]


def original(address):
    """Return the address that the book names for one that was asked.

    >>> original("https://doi.org/api/handles/10.1137/1")
    'https://doi.org/10.1137/1'
    """
    return address.replace(REGISTRY, "https://doi.org/", 1)


def setup(app):
    """Let linkcheck ask so."""
    app.connect("linkcheck-process-uri", lambda _, address: asked(address))
