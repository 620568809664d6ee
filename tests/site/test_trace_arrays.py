"""Every trace of the book, those with arrays too, in a browser: the story of lib to the letter.

This takes a Pyodide with NumPy: that of PYODIDE, or the core of the tests on WebAssembly.
"""

import functools
import re

import pytest

from tests.site.test_trace_page import Kept, Reader, tracing
from tests.site.traces import all_traces
from tests.site.visits import SITE, python_beside, serving

pytestmark = pytest.mark.xdist_group("trace arrays")
ASK = """([code, given, precision]) => book.part("python.js").then(() => book.python.ask("trace",
  {source: code, arguments: given, precision}, {packages: ["numpy", "lib.zip"]}))"""


class Full(Kept):
    """Serve the pages of the site with another Python."""

    python = None

    def translate_path(self, path):
        """Return the file behind an address: of Python from its own folder."""
        place = path.partition("?")[0].removeprefix("/book/_static/run/")
        if place != path.partition("?")[0]:
            return str(self.python / "_static" / "run" / place)
        return super().translate_path(path)


@pytest.fixture(scope="module")
def address(full, tmp_path_factory):
    """Serve the site with that core; return its address."""
    Full.python = tmp_path_factory.mktemp("full")
    python_beside(Full.python, full)
    with serving(functools.partial(Full, directory=str(SITE))) as address:
        yield f"{address}book/"


@pytest.fixture(scope="module")
def reader(browser, address):
    """Return somebody on the page."""
    someone = Reader(browser, address)
    yield someone
    someone.context.close()


def test_every_trace_of_the_book_is_told_to_the_letter(reader):
    traces = all_traces()
    wanted = {name: tracing.answer(*one) for name, one in traces.items()}
    told = [name for name, one in wanted.items() if one["good"]]  # the others do not stand alone
    assert len(told) >= 0.9 * len(traces) and len(told) >= 60
    found = {name: reader.page.evaluate(ASK, list(traces[name])) for name in told}
    assert {name: one for name, one in found.items() if one != wanted[name]} == {}


def test_a_site_with_a_full_pyodide_asks_nobody_else(reader):
    reader.page.select_option("#tracing-example", "numpy_variance")
    assert reader.run() == "Traced: the story is below."
    assert not reader.foreign() and any("/core/numpy-" in one for one in reader.requests)


def test_numpy_is_announced_until_it_is_there(reader):
    code = "import numpy as np\ndef f(x):\n    return np.cumsum(x)\n"
    reader.page.evaluate("book.python?.stop()")
    reader.fill(code, "[0.1, 0.2]")
    note = reader.page.locator(".tracing-note")
    reader.page.wait_for_function(
        "document.querySelector('.tracing-note').textContent.includes('NumPy from')")
    assert reader.run() == "Traced: the story is below."
    assert re.fullmatch(r"Python 3\.\S+ and NumPy are here\. Run fetches nothing more\.",
                        note.inner_text())
    assert "The worst of its 2 numbers is that at [" in reader.page.inner_text(".tracing-back")
    reader.page.evaluate("book.python.stop()")
    reader.fill(code, "[0.1, 0.3]")
    reader.page.wait_for_function(
        "document.querySelector('.tracing-note').textContent.startsWith('Run fetches Python')")
