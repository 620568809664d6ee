"""Read from a master what is graded: the problems, their judges and their points."""

import ast
import importlib
import sys
from dataclasses import dataclass

from homework import Trouble
from homework.notebooks import Cell, read

HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")
STUB = "..."


@dataclass(frozen=True)
class Problem:
    """A problem: its graded cell, its points, and, unless it is prose, whose name is judged how."""

    grade_id: str
    points: float
    name: str = ""
    check: str = ""
    title: str = ""

    @property
    def by_hand(self):
        """Whether a person has to read the answer."""
        return not self.check


def problems_of(cells, where="the master"):
    """Return the problems of a master, in order; complain of one that cannot be graded."""
    found, title = [], ""
    for cell in cells:
        if (cell.kind == "markdown" and not cell.is_answer
                and cell.source.lstrip().startswith("#")):
            title = cell.source.lstrip().splitlines()[0].strip("# ")
        if cell.points is None:
            continue
        if cell.is_answer:
            found.append(Problem(cell.grade_id, cell.points, title=title))
            continue
        name, check = judge_of(cell, where)
        found.append(Problem(cell.grade_id, cell.points, name, check, title))
    names = [problem.grade_id for problem in found]
    if not found or len(set(names)) < len(names):
        raise Trouble(f"{where} has no graded cell, or two of one grade_id: {', '.join(names)}.")
    return found


def judge_of(cell, where="the master"):
    """Return the name that a graded cell judges, and the check of `checks` that does so.

    Examples
    --------
    >>> cell = Cell("code", "checks.check_half(half, seed=1, variant=VARIANT)")
    >>> judge_of(cell)
    ('half', 'check_half')
    """
    lines = [line for line in cell.source.splitlines() if line.strip() and "###" not in line]
    try:
        call = ast.parse("\n".join(lines)).body[0].value
        (answer, *_), check = call.args, call.func
        assert check.value.id == "checks" and len(lines) == 1
        return answer.id, check.attr
    except (SyntaxError, AttributeError, IndexError, ValueError, AssertionError):
        raise Trouble(
            f"{where}: the graded cell {cell.grade_id or cell.id!r} is {cell.source[:80]!r}.\n"
            "It has to be one line, checks.check_word(name, seed=1, variant=VARIANT), so that the "
            "answer is judged outside the sandbox.") from None


def checks_of(cells, folder):
    """Return the module that a master calls `checks`.

    Its `import` is looked for in the code cells: ``from lib.grade.homework import svd as checks``,
    or ``import my_checks as checks`` for a module beside the notebook, in folder.
    """
    for cell in cells:
        for node in _imports(cell):
            for alias in node.names:
                if (alias.asname or alias.name) == "checks":
                    base = getattr(node, "module", None)
                    return _module(f"{base}.{alias.name}" if base else alias.name, folder)
    raise Trouble("No cell of the master imports its judges: it has to say\n"
                  "    from lib.grade.homework import TOPIC as checks")


def _imports(cell):
    """Return the import statements of a code cell."""
    try:
        tree = ast.parse(cell.source if cell.kind == "code" else "")
    except SyntaxError:
        return []
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


def _module(name, folder):
    """Import a module, one beside the notebook too."""
    folder = str(folder)
    sys.path.insert(0, folder)
    try:
        if "." not in name:  # another problem set may have a module of this name
            sys.modules.pop(name, None)
        return importlib.import_module(name)
    except ImportError as problem:
        raise Trouble(f"The judges {name} cannot be imported: {problem}.\nThey belong into "
                      f"lib/grade/homework, or beside the notebook in {folder}.") from None
    finally:
        sys.path.remove(folder)


def release_of(cells):
    """Return the students' cells: solutions give way to a stub, hidden checks to nothing.

    A function's body becomes `...`, a value too; prose, between the same marks, an invitation.
    """
    released = []
    for cell in cells:
        source = cell.source
        if cell.is_answer:
            stub = _stub(source) if cell.kind == "code" else "*Write your answer here.*"
            source = cut(source, SOLUTION, stub)
        source = cut(source, HIDDEN, "# Your answer is judged here, on fresh numbers.")
        released.append(Cell(cell.kind, source, cell.id, cell.marks, cell.attachments))
    return released


def cut(source, marks, stub):
    """Return a text with what stands between two marking lines, and these, replaced by a stub.

    Examples
    --------
    >>> cut("def f(x):\\n    ### BEGIN SOLUTION\\n    return x\\n    ### END SOLUTION",
    ...     SOLUTION, "...")
    'def f(x):\\n    ...'
    """
    lines, inside = [], False
    for line in source.splitlines():
        if marks[0] in line:
            inside = True
            indent = line[:len(line) - len(line.lstrip())]
            lines += [indent + part for part in stub.splitlines()]
        elif marks[1] in line:
            if not inside:
                raise Trouble(f"a line {marks[1]!r} has no line {marks[0]!r} before it")
            inside = False
        elif not inside:
            lines.append(line)
    if inside:
        raise Trouble(f"a line {marks[0]!r} has no line {marks[1]!r} after it")
    return "\n".join(lines)


def _stub(source):
    """Return what stands for a solution: the body of a function, or what the cell is to define."""
    before = source.partition(SOLUTION[0])[0]
    if before.strip():
        return STUB if "def " in before else ""
    return "\n".join(_empty(node) for node in _defined(source)) or STUB


def _defined(source):
    """Return what the solution of a cell defines, at its top level."""
    inside = source.partition(SOLUTION[0])[2].partition(SOLUTION[1])[0]
    try:
        tree = ast.parse(inside)
    except (SyntaxError, ValueError):
        return []
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.Assign)]


def _empty(node):
    """Return a definition without what is written in it."""
    if isinstance(node, ast.FunctionDef):
        return f"def {node.name}({ast.unparse(node.args)}):\n    {STUB}"
    return f"{', '.join(ast.unparse(target) for target in node.targets)} = {STUB}"


def master_of(path):
    """Return the cells of a master's file."""
    if not path.is_file():
        raise Trouble(f"There is no master {path}.")
    return read(path.read_bytes())
