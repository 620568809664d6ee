"""Certify or trace a routine at the command line: `python -m lib certify`, `python -m lib trace`.

The exit status is 0 where every case is stable (or the trace was made), 1 where one is not (or the
routine raised, did not end in time, or ended its process), 2 where the command could not be
understood, with a sentence that says why, and 130 where somebody stopped it.
"""

import argparse
import ast
import contextlib
import sys

import numpy as np

from lib.digits import trace
from lib.grade.certify import KINDS, Misuse, apart, certify, in_time, loaded, own_output
from lib.numbers import Format, formats

FORMATS = {name.lower(): value for name, value in vars(formats).items()
           if isinstance(value, Format)}
FORMATS |= {"float64": formats.FP64, "float32": formats.FP32, "float16": formats.FP16,
            "bfloat16": formats.BF16}  # as the page of the site calls them, and everybody
CERTIFY = """\
examples:
  python -m lib certify mine.py:solve --as solver
  python -m lib certify numpy.linalg:qr --as qr --dtype float32 --json
"""
TRACE = """\
examples:
  python -m lib trace mine.py:variance "[1.0, 2.0, 4.0]"
  python -m lib trace mine.py:variance "np.array([1.0, 2.0, 4.0])"
  python -m lib trace mine.py:step 1.0 1e-3 --fmt bfloat16
"""


def main(arguments=None):
    """Carry out a command; return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line by default.

    Returns
    -------
    int
        0, 1 or 2, as the module says.

    Raises
    ------
    SystemExit
        With 2 where an option is unknown, with 0 after --help.

    Examples
    --------
    >>> main(["certify", "numpy.linalg:solve", "--as", "sloven"])
    2
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    with contextlib.suppress(AttributeError):  # a stream of a test, or of a notebook
        sys.stdout.reconfigure(errors="replace")
    if arguments[:1] == ["trace"]:
        arguments = [negative(text) for text in arguments]
    options = parser().parse_args(arguments)
    try:
        return options.command(options)
    except Misuse as problem:
        print(f"python -m lib: {problem}", file=sys.stderr)
        return 2


def parser():
    """Return the parser of both commands."""
    # One argument after the other.
    top = argparse.ArgumentParser(prog="python -m lib", description=__doc__.split("\n")[0])
    commands = top.add_subparsers(required=True, metavar="certify | trace")
    form = {"formatter_class": argparse.RawDescriptionHelpFormatter}
    one = commands.add_parser("certify", help="hold hostile cases against a routine",
                              epilog=CERTIFY, **form)
    one.add_argument("routine", nargs="?", help="FILE.py:FUNCTION or module:function")
    one.add_argument("--as", dest="kind", metavar="KIND", help="without it the kinds are listed")
    one.add_argument("--dtype", default="float64", help="float64 (default) or float32")
    one.add_argument("--seed", type=int, help="draw the cases of this seed again")
    one.add_argument("--seconds", type=float, default=2.0, help="limit of each call (2); "
                     "all together have ten times as much")
    one.add_argument("--json", action="store_true", help="print JSON")
    one.set_defaults(command=run_certify)
    two = commands.add_parser("trace", help="show on which line the digits go", epilog=TRACE,
                              **form)
    two.add_argument("routine", help="FILE.py:FUNCTION or module:function")
    two.add_argument("values", nargs="*", metavar="ARG",
                     help="a Python literal, or an array such as np.array([1.0, 2.0])")
    two.add_argument("--fmt", default="fp64", help=f"one of {', '.join(FORMATS)}")
    two.add_argument("--arrays", action="store_true", help="make arrays of lists")
    two.add_argument("--html", action="store_true", help="print the view of the book's pages")
    two.add_argument("--seconds", type=float, default=60.0, help="limit of the trace (60)")
    two.set_defaults(command=run_trace)
    return top


def negative(text):
    """Return a negative number in brackets, for argparse reads -1e-3 as an option."""
    try:
        is_number = text.startswith("-") and isinstance(literal(text), int | float)
    except Misuse:
        return text
    return f"({text})" if is_number and text != "-0" else text


def run_certify(options):
    """Print the certificate of a routine."""
    # All that can be wrong with the command comes before the routine runs.
    if options.kind is None:
        print(listed())
        return 2
    if options.kind not in KINDS:
        raise Misuse(f"no kind {options.kind!r}: choose one of {', '.join(KINDS)}")
    if options.dtype not in ("float64", "float32"):
        raise Misuse(f"no dtype {options.dtype!r}: choose float64 or float32")
    if options.seed is not None and options.seed < 0:
        raise Misuse(f"seed {options.seed} is negative: choose one from 0 on")
    checked(options.seconds)
    if options.routine is None:
        raise Misuse("which routine? give FILE.py:FUNCTION or module:function")
    found = certify(loaded(options.routine), options.kind, seed=options.seed, dtype=options.dtype,
                    seconds=options.seconds, origin=options.routine)
    print(found.json() if options.json else found)
    return 0 if found.passed else 1


def checked(seconds):
    """Refuse a limit that is none."""
    if not 0.05 <= seconds <= 3600:
        raise Misuse(f"{seconds} seconds are no limit: choose some from 0.05 to 3600")


def listed():
    """Return the kinds with their signatures, as lines."""
    lines = [f"  {kind.name:14} {kind.about}\n{'':17}{kind.signature}" for kind in KINDS.values()]
    return "\n".join(["Say with --as what the routine is:", *lines, "", CERTIFY.rstrip()])


def run_trace(options):
    """Print the trace of a routine."""
    if options.fmt.lower() not in FORMATS:
        raise Misuse(f"no format {options.fmt!r}: choose one of {', '.join(FORMATS)}")
    checked(options.seconds)
    f, fmt = loaded(options.routine), FORMATS[options.fmt.lower()]
    args = [literal(text, options.arrays) for text in options.values]
    try:
        found = in_time(lambda: trace(f, *args, fmt=fmt), options.seconds)
    except Exception as problem:  # of the routine, or of trace about it
        remedy = " (with --arrays lists are arrays)" * any(isinstance(one, list) for one in args)
        print(f"python -m lib: {type(problem).__name__}: {problem}{remedy}", file=sys.stderr)
        return 1
    print(found._repr_html_() if options.html else found)
    return 1 if found.raised else 0


class Unusual(ast.NodeTransformer):
    """Takes for values what no literal of Python is: nan and inf, NumPy's arrays and float64."""

    def visit_Name(self, node):
        return ast.Constant(float(bare(node))) if bare(node) in ("nan", "inf") else node

    def visit_Attribute(self, node):
        return self.visit_Name(node)

    def visit_Call(self, node):
        name, written = bare(node.func), ast.unparse(node)
        given = [*node.args, *(one.value for one in node.keywords if one.arg == "dtype")]
        whole = len(given) == len(node.args) + len(node.keywords) and len(given) in (1, 2)
        if not whole or name not in ("array", "asarray", *FORMATS):
            return node  # no literal, then
        others = {*map(bare, given[1:]), *({name} & FORMATS.keys())} - {"float", "float64"}
        if others:
            raise Misuse(f"{written}: give numbers in float64, and choose the precision by --fmt, "
                         f"not by {others.pop()}")
        value = ast.literal_eval(self.visit(given[0]))
        if name != "float64":
            return ast.Constant(array(value, written, float if given[1:] else None))
        is_number = isinstance(value, int | float) and not given[1:]
        return ast.Constant(np.float64(value)) if is_number else node


def bare(node):
    """Return a name as it is written, without np. and quotes.

    Examples
    --------
    >>> bare(ast.parse("numpy.float64", mode="eval"))
    'float64'
    """
    return ast.unparse(node).strip("'").removeprefix("np.").removeprefix("numpy.")


def array(value, written, dtype):
    """Return an array of what was written, or refuse what makes none of numbers."""
    try:
        found = np.array(value)
        if found.dtype.kind in "biuf":
            return found if dtype is None else found.astype(dtype)
    except (ValueError, OverflowError):  # rows of several lengths
        pass
    raise Misuse(f"{written} makes no array: give floats, in rows of one length")


def literal(text, arrays=False):
    """Return the value of a Python literal, or of an array of such; refuse anything else.

    Nothing that is written is carried out.

    Examples
    --------
    >>> literal("[1.0, 2]"), literal("(-1e-3)")
    ([1.0, 2], -0.001)
    >>> literal("[nan, -np.inf]")
    [nan, -inf]
    >>> literal("np.array([[1.0, 2.0]])"), literal("np.float64(1.5)")
    (array([[1., 2.]]), np.float64(1.5))
    """
    try:
        value = ast.literal_eval(Unusual().visit(ast.parse(text.strip(), mode="eval")))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise Misuse(f"{text!r} is no Python literal: write numbers such as 1.0, lists such as "
                     '"[1.0, 2.0]", arrays such as "np.array([1.0, 2.0])", texts in quotes'
                     ) from None
    return array(value, text, float) if arrays and isinstance(value, list) else value


def alone():
    """Carry out the command line, with an output of its own."""
    with own_output():
        return main()


if __name__ == "__main__":
    sys.exit(apart(alone))
