"""Measure how densely code is packed, and hold it to what a reader takes in at once.

Think Bayes 2 has 7 to 8 syntax nodes a line; the first chapters of this book had 17 to 24.

`python tools/author/density.py` prints a line for each chapter.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import ast
import re
import sys
from statistics import median

from chapter import asked, read
from reading import is_visible, visible

NODES, NODES_MOST, COMPREHENSIONS, COLUMNS, LINES = 11.5, 17, 6, 79, 15
FOLDED_LINES = 40
LEFT_OUT = ("try", "check", "solution")
LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Symbols of the notation page, indices and what everybody calls so.
SHORT = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") | {"ax", "fl"}
UNLABELLED = {"true", "false", "inf", "nan", "array", "dtype", "none"}


def lesson_code(chapter):
    """Return the code cells that are measured."""
    return [cell for cell in chapter.cells if cell.kind == "code" and cell.step not in LEFT_OUT]


def code_lines(cell):
    """Return the lines of a cell that hold code."""
    return [line for line in cell.source.splitlines()
            if line.strip() and not line.lstrip().startswith("#")]


def nodes_a_line(cell):
    """Return how many nodes of the syntax tree a line of a cell holds."""
    return sum(1 for _ in ast.walk(cell.tree)) / max(1, len(code_lines(cell)))


def measured(chapter):
    """Return the median and the 90 % point of nodes a line, and comprehensions in 100 lines."""
    cells = [cell for cell in lesson_code(chapter) if code_lines(cell)]
    if not cells:
        return 0.0, 0.0, 0.0
    nodes = sorted(map(nodes_a_line, cells))
    loops = sum(isinstance(node, LOOPS) for cell in cells for node in ast.walk(cell.tree))
    lines = sum(len(code_lines(cell)) for cell in cells)
    return median(nodes), nodes[min(len(nodes) - 1, int(0.9 * len(nodes)))], 100 * loops / lines


def density(chapter):
    """The code is unfolded and named, so that a reader takes in a line at a time."""
    middle, most, loops = measured(chapter)
    dense = sorted(lesson_code(chapter), key=nodes_a_line)[::-1]
    names = ", ".join(cell.id for cell in dense[:5])
    if middle > NODES:
        yield f"{middle:.1f} syntax nodes a line in the median, at most {NODES}: unfold {names}"
    if most > NODES_MOST:
        yield f"{most:.1f} syntax nodes a line in the densest tenth, at most {NODES_MOST}: {names}"
    if loops > COMPREHENSIONS:
        yield f"{loops:.1f} comprehensions in 100 lines, at most {COMPREHENSIONS}: write loops"
    if not 15 <= (count := len(visible(chapter))) <= 30:
        yield f"{count} visible code cells in the lesson; a chapter has 15 to 30"


def cells_read(chapter):
    """A visible cell fits into one look: 15 lines of 79 columns; its output says what it is."""
    for cell in chapter.cells:
        if cell.kind != "code":
            continue
        if any(len(line) > COLUMNS for line in cell.source.splitlines()):
            yield f"{cell.id}: a line has more than {COLUMNS} columns"
        if len(cell.code_lines) > (most := LINES if is_visible(cell) else FOLDED_LINES):
            yield f"{cell.id}: {len(cell.code_lines)} lines; at most {most}"
    for cell in chapter.lesson:
        if is_visible(cell) and (shown := cell.text_output.strip()):
            if not set(re.findall(r"[a-z]{3,}", shown.lower())) - UNLABELLED:
                yield f"{cell.id}: shows {shown[:30]!r}; print it with a label"
            elif re.match(r"['\"({[]", shown):
                yield f"{cell.id}: shows a bare {shown[:20]!r}…; print a sentence or a table"


def unfolded(chapter):
    """One statement does one thing."""
    for cell in chapter.cells:
        for node in ast.walk(cell.tree):
            for complaint in packed(node):
                yield f"{cell.id}: line {node.lineno}: {complaint}"


def packed(node):
    """Yield what is packed into a node."""
    if isinstance(node, ast.NamedExpr):
        yield "no `:=`: give the value a line of its own"
    if isinstance(node, LOOPS) and any(isinstance(inside, LOOPS) for inside in ast.walk(node)
                                       if inside is not node):
        yield "a comprehension inside a comprehension: write the outer one as a loop"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Tuple) and any(
            isinstance(part, ast.Call) for part in node.value.elts):
        yield "a tuple of calls as a statement: one line each"
    if isinstance(node, ast.Expr | ast.Return | ast.Assign) and chooses(node.value):
        yield "`and` or `or` chooses a value: write an if"
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "next":
        yield "`next` chooses a value: write a loop"
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) \
            and not isinstance(node.value, ast.Call | ast.Attribute):
        yield "a tuple on the left only for what one call returns: one line each"
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) \
            and len(node.id) < 3 and node.id not in SHORT:
        yield f"{node.id!r} says little: three letters or more, or a symbol of the notation page"


def chooses(node):
    """Return whether an expression picks one of its operands, which are no truths."""
    return isinstance(node, ast.BoolOp) and not all(
        isinstance(part, ast.Compare | ast.UnaryOp | ast.BoolOp | ast.Call | ast.Name)
        for part in node.values)


def main(arguments):
    """Print the density of the named notebooks, or of all."""
    print("nodes a line   densest tenth   comprehensions in 100 lines   visible cells")
    for path in asked(__doc__, arguments):
        made = read(path)
        middle, most, loops = measured(made)
        print(f"{middle:12.1f} {most:15.1f} {loops:29.1f} {len(visible(made)):15d}   {made.topic}")
    return 0


RULES = (density, cells_read, unfolded)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
