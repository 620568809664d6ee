"""Trace a function that a reader has pasted: the story, or a sentence that says what is wrong."""

import ast
import contextlib
import io
import linecache
import math
import sys
import textwrap
import traceback
from types import ModuleType

import advice
import numpy as np
import returned

from lib.digits import ShadowLost, trace_call
from lib.numbers import formats

FILE = "<your function>"
FORMATS = {"float64": formats.FP64, "float32": formats.FP32, "float16": formats.FP16,
           "bfloat16": formats.BF16}
PLAIN = {0xA0: " ", 0x202F: " ", 0x2212: "-"}  # spaces that do not break, and a minus
PRINTED = 10_000  # characters that are shown of what a function prints
LONGEST = 300_000  # characters of a story that a page can show


class SaidError(Exception):
    """What is wrong, in a sentence."""


class Printed(io.StringIO):
    """Text that is printed, up to a limit, and how much there was."""

    length = 0

    def write(self, text):
        """Keep what still fits."""
        self.length += len(text)
        super().write(text[: max(0, PRINTED - self.tell())])
        return len(text)

    def told(self):
        """Return what is shown of the text, and whether it is not all."""
        return {"printed": self.getvalue(), "cut": self.length > PRINTED}


def answer(source, arguments, precision):
    """Return what a page shows of a trace.

    Parameters
    ----------
    source : str
        Python that defines a function; the last one is traced.
    arguments : str
        What stands between the brackets of its call.
    precision : str
        One of FORMATS.

    Returns
    -------
    dict
        `good`; then the story as `text` and `html`, what came `back`, as [text, html] too, and a
        `hint`, a sentence or nothing; or else `said`. And what was `printed`, and whether that was
        `cut`.

    Examples
    --------
    >>> found = answer("def f(x):\\n    return (x + 1) - x", "1e16", "float64")
    >>> found["text"].splitlines()[0]
    'f: 0 of 16 digits are right.'
    >>> answer("f = 3", "", "float64")["said"]
    'The code defines no function: write def f(x): ...'
    """
    printed = Printed()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            found = traced(source, arguments, FORMATS[precision])
            text, html = str(found), found._repr_html_()
            back, hint = list(returned.views(found)), advice.hint(found, source)
        if len(html) > LONGEST:
            raise SaidError(f"The story is {len(html)} characters long, too long for a page: trace "
                            "a shorter function, or one that calls fewer others")
    except SaidError as error:
        return {"good": False, "said": str(error), **printed.told()}
    return {"good": True, "text": text, "html": html, "back": back, "hint": hint, **printed.told()}


def traced(source, arguments, fmt):
    """Return the trace of the last function that a text defines."""
    with told("The code"):
        source, tree = read(source)
    linecache.cache[FILE] = len(source), None, source.splitlines(keepends=True), FILE
    yours = sys.modules["yours"] = ModuleType("yours")
    vars(yours).update(math=math, np=np)  # which a single function, pasted, may lack
    name = defined(tree)
    with told("The code"):
        exec(compile(tree, FILE, "exec"), vars(yours))
    if name is None or not callable(vars(yours).get(name)):
        raise SaidError(f"The code defines no function{beside(tree)}: write def f(x): ...")
    vars(yours)["arguments of the page"] = lambda *args, **kwargs: (args, kwargs)
    with told("The arguments"):
        call = ast.parse(f"f(\n{arguments}\n)", "<arguments>", mode="eval")
        if not isinstance(call.body, ast.Call) or call.body.func.id != "f":
            raise SaidError(f"The arguments {arguments!r:.80} are none: write 1e16, or "
                            "[1.0, 2.0], 3")
        call.body.func.id = "arguments of the page"
        args, kwargs = eval(compile(call, "<arguments>", "eval"), vars(yours))
    with told(name):
        try:
            return trace_call(vars(yours)[name], args, kwargs, fmt=fmt)
        except TypeError as error:
            if "no argument holds one" not in str(error):
                raise
        raise SaidError(advice.without_float(name, vars(yours)[name], args, kwargs))


def read(source):
    """Return Python as it was written, and its tree, of what was copied: perhaps with other marks.

    A text that can be read stays as it is. Else spaces that do not break and typographic minus
    signs become plain ones, an indent of all lines goes, and of a session only the inputs stay.

    Examples
    --------
    >>> read(">>> def f(x):\\n...     return x\\n>>> f(2)\\n2")[0]
    'def f(x):\\n    return x\\nf(2)'
    """
    try:
        return source, ast.parse(source, FILE)
    except SyntaxError:
        lines = textwrap.dedent(source.translate(PLAIN)).splitlines()
        if any(line.startswith(">>>") for line in lines):
            lines = [line[4:] for line in lines if line.startswith((">>>", "..."))]
        plain = "\n".join(lines)
        with contextlib.suppress(SyntaxError):
            return plain, ast.parse(plain, FILE)
        raise


def beside(tree):
    """Return what a tree defines in place of a function, as words."""
    for node in reversed(tree.body):
        if isinstance(node, ast.AsyncFunctionDef):
            return f" but {node.name}, which is async and is not followed"
        if isinstance(node, ast.ClassDef):
            return f" but the class {node.name}, whose methods are followed from a function"
    return ""


def defined(tree):
    """Return the name of the last function that a tree defines at its top, or None.

    Examples
    --------
    >>> defined(ast.parse("def f(x): ...\\ng = lambda x: x\\ny = g(1)"))
    'g'
    """
    names = [None]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            names += [one.id for one in node.targets if isinstance(one, ast.Name)]
    return names[-1]


@contextlib.contextmanager
def told(what):
    """Turn whatever is raised into a sentence: the arguments, the code or a function did it."""
    try:
        yield
    except SaidError:
        raise
    except SyntaxError as error:
        line = f" in line {error.lineno}" if error.filename == FILE else ""
        raise SaidError(f"{what} cannot be read as Python{line}: {error.msg}") from None
    except ShadowLost as error:
        raise SaidError(f"{what} cannot be followed: {error}") from None
    except BaseException as error:  # all that a stranger's code can raise, SystemExit as well
        frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == FILE]
        line = f" in line {frames[-1].lineno}" if frames else ""
        words = f"{type(error).__name__}: {error}".removesuffix(": ")
        endless = isinstance(error, RecursionError)
        more = f". Does {what} call itself without end? Let a case return" if endless else ""
        raise SaidError(f"{what} failed{line}: {words[:1000]}{more}") from None
