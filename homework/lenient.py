"""Leave out of a cell what works only on another computer, with a word, so that the rest runs.

A line of the system, `!pip install`, is left out here; so is a line of IPython's that fails,
`%load_ext black`, and an import of what is not installed, each by itself.
"""

import ast
import sys

LEFT_OUT = "left out here: "
SYSTEM = ("pip", "conda", "mamba", "micromamba", "uv", "sx", "system", "sc", "alias")
OWN = ("time", "timeit", "prun")  # which run code of the student's: its errors are its own


def leave_out(what, why=""):
    """Say that something is left out."""
    print(f"{LEFT_OUT}{str(what)[:80]}{f' ({why})' * bool(why)}", file=sys.stderr)


def soften(shell):
    """Make a shell of IPython leave out what cannot run here."""
    from IPython.utils.text import SList

    carried_out = shell.run_line_magic

    def magic(name, line, _stack_depth=1):
        if name in SYSTEM:
            return leave_out(f"%{name} {line}")
        if name in OWN:
            return carried_out(name, line, _stack_depth + 1)
        try:
            return carried_out(name, line, _stack_depth + 1)
        except Exception as problem:
            return leave_out(f"%{name} {line}", problem)

    def system(command):
        leave_out(f"!{command}")
        return SList()

    shell.run_line_magic, shell.getoutput = magic, system
    shell.system = lambda command: leave_out(f"!{command}")
    shell.ask_exit = lambda: leave_out("exit()")
    shell.absent = lambda what: leave_out(what, sys.exc_info()[1])
    shell.ast_transformers.append(Imports())


class Imports(ast.NodeTransformer):
    """Put each import at the top level of a cell where its failure ends nothing else."""

    def visit_Module(self, node):
        """Return the cell, changed."""
        node.body = [new for old in node.body for new in apart(old)]
        return node


def apart(node):
    """Return what stands for a statement: an import, by each of its names, may fail.

    Examples
    --------
    >>> [ast.unparse(new) for new in apart(ast.parse("import numpy, pandas as pd").body[0])][0]
    "try:\\n    import numpy\\nexcept ImportError:\\n    get_ipython().absent('import numpy')"
    """
    if isinstance(node, ast.Import):
        single = [ast.Import([name]) for name in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
        single = [node]
    else:
        return [node]
    made = []
    for one in single:
        told = ast.parse(f"get_ipython().absent({ast.unparse(one)!r})").body
        handler = ast.ExceptHandler(ast.Name("ImportError", ast.Load()), None, told)
        made.append(ast.Try([one], [handler], [], []))
        for part in ast.walk(made[-1]):
            ast.copy_location(part, node)
    return made
