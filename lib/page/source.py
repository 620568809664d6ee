"""Show what the course is made of: the source of its own functions."""

import ast
import inspect
import textwrap

# The gates through which arguments come; what they check is said in a docstring, not in a chapter.
GATES = ("in_place", "plain_array", "random_source", "real_array", "real_number", "whole_number",
         "with_roots")


class source:  # noqa: N801 - it is called like the function it shows
    """The source of a lib function, displayed as the code that does the work.

    A chapter that shows a method through `source` keeps no second copy of it; its text is stored
    with the notebook and compared, so that a change in lib is noticed where it is read. The
    docstring (`help(function)` has it), private decorators and the lines that only check arguments
    are left out.

    Parameters
    ----------
    function : function or class
        What to show.

    Raises
    ------
    TypeError
        If its source cannot be had, as for functions written in C.

    Examples
    --------
    >>> source(source.__repr__)
    def __repr__(self):
        return self.text
    """

    def __init__(self, function):
        try:
            self.text = shown(textwrap.dedent(inspect.getsource(function)))
        except (TypeError, OSError) as error:
            raise TypeError(f"{function!r} has no Python source: give a function of lib") from error

    def __repr__(self):
        return self.text

    def _repr_markdown_(self):
        return f"```python\n{self.text}\n```"


def shown(text):
    """Return the text of a function or a class without docstrings, private decorators, checks."""
    lines, dropped = text.splitlines(), set()
    for node in ast.walk(ast.parse(text)):
        for mark in getattr(node, "decorator_list", ()):
            if ast.unparse(mark).startswith("_"):
                dropped |= set(range(mark.lineno, mark.end_lineno + 1))
        body = getattr(node, "body", None)
        for place, part in enumerate(body if isinstance(body, list) else ()):
            if is_docstring(part, place) or checks_arguments(part):
                dropped |= set(range(part.lineno, part.end_lineno + 1))
    for number, line in enumerate(lines, 1):
        if not line.strip() and number - 1 in dropped:
            dropped.add(number)  # The blank line after what is left out goes with it.
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in dropped).rstrip()


def is_docstring(node, place):
    """Return whether a statement is a docstring: a text that stands first in a body."""
    return (place == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str))


def checks_arguments(node):
    """Return whether a statement passes arguments through a gate, as in `x = real_array(x)`."""
    call = getattr(node, "value", None)
    if not isinstance(node, ast.Assign | ast.Expr) or not isinstance(call, ast.Call):
        return False
    name = ast.unparse(call.func).rpartition(".")[2]
    if isinstance(node, ast.Expr):
        return name in GATES or name.startswith("_check")
    into = getattr(node.targets[0], "elts", [node.targets[0]])
    given = call.args[:len(into)]
    return list(map(ast.unparse, into)) == list(map(ast.unparse, given)) and (
        name in GATES or name.startswith("_"))
