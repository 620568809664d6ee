"""Make submissions of a master: its own solutions, wrong answers that are listed, constants."""

import ast
import re

from homework import Trouble
from homework.notebooks import text_of, written
from homework.problems import SOLUTION, release_of
from homework.transplant import defined

CONSTANTS = ("0.0", "1.0", "-1.0", "float('nan')", "float('inf')", "None", "True", "False", "''",
             "[]")
ZEROS = "zeros of the first argument's shape"
WRONG = re.compile(r"^# (\w+): (.+)$", re.M)


def bare(source):
    """Return the text of an answer's cell without the marks of its solution."""
    return "\n".join(line for line in source.splitlines() if line.strip() not in SOLUTION)


def submission(cells, replaced=None):
    """Return a submission as text: the master's own answers to the problems in code.

    Parameters
    ----------
    cells : list of Cell
        Of the master.
    replaced : dict of str to str, optional
        Other answers, by the name that is judged.
    """
    found, replaced = release_of(cells), replaced or {}
    for mine, own in zip(found, cells, strict=True):
        if own.is_answer and own.kind == "code":
            mine.source = bare(own.source)
            for name in replaced.keys() & defined(mine.source):
                mine.source = replaced[name]
    return text_of(written(found))


def constant(cells, name, value):
    """Return an answer to a problem that is always the same value, given as Python's text.

    Examples
    --------
    >>> from homework.notebooks import Cell
    >>> cell = Cell("code", "def half(x):\\n    return x / 2", marks={"solution": True})
    >>> print(constant([cell], "half", "0.0"))
    def half(*args):
        return 0.0
    """
    values = ast.parse("\n".join(bare(cell.source) for cell in cells
                                 if cell.is_answer and cell.kind == "code"))
    functions = {node.name for node in values.body if isinstance(node, ast.FunctionDef)}
    if name not in functions:
        return f"{name} = {'0.0' if value == ZEROS else value}"
    body = "__import__('numpy').zeros_like(args[0])" if value == ZEROS else value
    return f"def {name}(*args):\n    return {body}"


def listed(text, names):
    """Return wrong answers as lists of (name, what was done, code), from the text of a file.

    Each begins with a comment, `# NAME: what was done`; the code that defines NAME follows.

    Examples
    --------
    >>> listed("# half: doubled\\ndef half(x):\\n    return 2 * x\\n", ["half"])
    [('half', 'doubled', 'def half(x):\\n    return 2 * x')]
    """
    heads = list(WRONG.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    found = [(head[1], head[2].strip(), text[head.end():end].strip())
             for head, end in zip(heads, ends, strict=False)]
    for name, done, code in found:
        if name not in names:
            raise Trouble(f"The wrong answer '# {name}: {done}' is to no problem: there are "
                          f"{', '.join(names)}.")
        if name not in defined(code):
            raise Trouble(f"Below '# {name}: {done}' nothing is called {name}: write the code "
                          "that defines it.")
    if not found:
        raise Trouble("No wrong answer is listed: each begins with a line such as\n"
                      f"    # {names[0]}: what was done\nand has the code below.")
    return found
