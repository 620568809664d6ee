"""Read the arguments of a traced function as somebody wrote them at the command line."""

import ast
import re

import numpy as np

from lib.grade.certify.loading import Misuse
from lib.numbers import Format, formats

FORMATS = {name.lower(): value for name, value in vars(formats).items()
           if isinstance(value, Format)}
FORMATS |= {"float64": formats.FP64, "float32": formats.FP32, "float16": formats.FP16,
            "bfloat16": formats.BF16}  # as the page of the site calls them, and everybody
NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=\s*(.+)", re.DOTALL)  # an argument such as n=3


def arguments_of(texts, arrays=False):
    """Return what is given by place, and what by name.

    Examples
    --------
    >>> arguments_of(["1e16", "n=3", "'a = b'"])
    ([1e+16, 'a = b'], {'n': 3})
    """
    args, kwargs = [], {}
    for text in texts:
        found = NAMED.fullmatch(text)
        if not found:
            args.append(literal(text, arrays))
        elif found[1] in kwargs:
            raise Misuse(f"{text}: {found[1]} was given before, as {kwargs[found[1]]!r}")
        else:
            kwargs[found[1]] = literal(found[2], arrays)
    return args, kwargs


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
