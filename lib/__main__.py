"""Certify or trace a routine at the command line: `python -m lib certify`, `python -m lib trace`.

The exit status is 0 where every case is stable (or the trace was made), 1 where one is not (or the
routine raised, did not end in time, or ended its process), 2 where the command could not be
understood, with a sentence that says why, and 130 where somebody stopped it.
"""

import argparse
import contextlib
import sys

from lib.digits import trace_call
from lib.grade.certify import (
    FORMATS,
    KINDS,
    Misuse,
    apart,
    arguments_of,
    certify,
    in_time,
    literal,
    loaded,
    own_output,
)

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
    commands = parser()
    options, late = commands.parse_known_args(arguments)
    if late and (options.command is not run_trace or any(one.startswith("-") for one in late)):
        commands.error(f"unrecognized arguments: {' '.join(late)}")
    try:
        if late:  # arguments behind an option
            options.values += late
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
                     help="a Python literal, an array such as np.array([1.0, 2.0]), or one of "
                     "these by name, such as n=3")
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
    args, kwargs = arguments_of(options.values, options.arrays)
    try:
        found = in_time(lambda: trace_call(f, args, kwargs, fmt=fmt), options.seconds)
    except Exception as problem:  # of the routine, or of trace about it
        lists = any(isinstance(one, list) for one in (*args, *kwargs.values()))
        remedy = " (with --arrays lists are arrays)" * lists
        print(f"python -m lib: {type(problem).__name__}: {problem}{remedy}", file=sys.stderr)
        return 1
    print(found._repr_html_() if options.html else found)
    return 1 if found.raised else 0


def alone():
    """Carry out the command line, with an output of its own."""
    with own_output():
        return main()


if __name__ == "__main__":
    sys.exit(apart(alone))
