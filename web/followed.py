"""Which functions of NumPy the tracer follows, found by calling each while the book is built.

`{followed}` shows them, folded away: those whose results keep the exact numbers beside the floats,
and those at which a story stops.
"""

import contextlib
import hashlib
import html
import io
import json
import warnings
from pathlib import Path

import numpy as np
import numpy.fft
from docutils import nodes
from numpy.testing import overrides
from sphinx.util.docutils import SphinxDirective

from lib import digits
from lib.digits import ShadowLost
from lib.digits.runs import Ending, run_traced
from lib.digits.shadow import Shadow
from lib.digits.values import leaves
from lib.numbers import FP64

HOMES = {"np": np, "np.linalg": np.linalg, "np.fft": numpy.fft}
X, A = np.array([0.7, 0.3]), np.array([[0.7, 0.3], [0.2, 0.9]])
# How a function may be called with a vector and a matrix; no text is among it, for a file's name.
CALLS = (
    lambda f, x, A: f(x), lambda f, x, A: f(A), lambda f, x, A: f(x, x), lambda f, x, A: f(A, A),
    lambda f, x, A: f(A, x), lambda f, x, A: f([x, x]), lambda f, x, A: f(x, 1),
    lambda f, x, A: f(A, 1), lambda f, x, A: f(x, 0.1, 0.2), lambda f, x, A: f(x > 0.5, x, x + 1),
    lambda f, x, A: f(A, [0, 1]), lambda f, x, A: f(x, (2, 1)), lambda f, x, A: f(A, 1, 0),
    lambda f, x, A: f([x > 0.5], [x]), lambda f, x, A: f(lambda y: y, 0, A),
    lambda f, x, A: f(0.5, x, x), lambda f, x, A: f(x, x, 1),
)
FOLDS = """\
<details class="tracing-calls"><summary>The {count} functions of NumPy that are followed</summary>
<p>{kept}.</p>
<p>So are the operators, @ among them, and the methods of these names. What gives whole numbers,
truth values or shapes needs no exact number, and is not listed.</p></details>
<details class="tracing-calls"><summary>The {stops} at which a story stops</summary>
<p>{lost}.</p></details>
<p>Each was called with vectors and matrices, under NumPy {version}, when this page was built.</p>
"""


def functions():
    """Return {name: function} of those to which NumPy lets others give a meaning."""
    known = (overrides.get_overridable_numpy_array_functions()
             | overrides.get_overridable_numpy_ufuncs())
    named = {f"{home}.{name}": getattr(module, name) for home, module in HOMES.items()
             for name in sorted(dir(module)) if not name.startswith("_")}
    return {name: f for name, f in named.items() if callable(f) and f.__hash__ and f in known}


def plainly(call, f):
    """Return what a call gives on plain numbers, or None where it is no way to call a function."""
    try:
        return call(f, X.copy(), A.copy())
    except Exception:
        return None


def outcome(call, f):
    """Return whether what a call gives has exact numbers beside its floats; None if it stops."""
    try:
        _, ending = run_traced(call, (f, X, A), {}, 60, Ending(None, None), FP64)
    except ShadowLost:
        return None
    return bool(leaves(ending.result, Shadow))


def kind(f):
    """Return whether a function is followed; None if it gives no numbers that would have digits.

    It is not if a story stops where it is called in the first way that is one of its own.
    """
    answers = {call: plainly(call, f) for call in CALLS}
    ways = [call for call in CALLS if answers[call] is not None]
    if not any(leaves(answers[call], (float, complex)) for call in ways):
        return None
    found = []
    for call in ways:
        found.append(outcome(call, f))
        if found[-1]:
            return True
    return None if found[0] is False else False


def followed():
    """Return the names of the functions that are followed, and of those at which a story stops."""
    kinds, named = {}, functions()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        for f in named.values():
            if id(f) not in kinds:  # some have two names
                kinds[id(f)] = kind(f)
    return [[name for name, f in named.items() if kinds[id(f)] is wanted]
            for wanted in (True, False)]


def kept(folder):
    """Return the same, from a folder where neither the tracer nor NumPy has changed."""
    parts = [*sorted(Path(digits.__file__).parent.glob("*.py")), Path(__file__)]
    state = hashlib.sha256(b"".join(map(Path.read_bytes, parts))).hexdigest() + np.__version__
    file = folder / "followed.json"
    if not file.is_file() or json.loads(file.read_text(encoding="utf-8"))[0] != state:
        file.write_text(json.dumps([state, followed()]), encoding="utf-8")
    return json.loads(file.read_text(encoding="utf-8"))[1]


class Followed(SphinxDirective):
    """Show the two lists."""

    def run(self):
        """Return the folds."""
        lists = kept(Path(self.env.doctreedir))
        words = [", ".join(f"<code>{html.escape(name)}</code>" for name in names)
                 for names in lists]
        made = FOLDS.format(count=len(lists[0]), kept=words[0], stops=len(lists[1]), lost=words[1],
                            version=np.__version__)
        return [nodes.raw("", made, format="html")]


def setup(app):
    """Register the directive."""
    app.add_directive("followed", Followed)
