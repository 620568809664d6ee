"""Fold what a reader need not see at first: each fold says what is inside.

The fold is made from the step in a cell's id, its outputs and its tags; the notebook has no mark
for it. It is a closed <details> of HTML, which needs no script.
"""

import ast

from docutils import nodes

# What stands on the fold of a whole cell, code and output, by the cell's step ...
WHOLE = {
    "setup": "Imports",
    "claim": "✓ checked by every build",
    "check": "Check your answer: how this is judged",
    "solution": "A solution",
}
# ... and on the fold of code whose output stays in sight.
CODE = "Code of this figure"


def fold(cells, code_cells):
    """Tell MyST-NB which cells of a page to hide, how far, and under which words."""
    for cell in code_cells:
        source = cells[cell["cell_index"]]
        step = source.get("id", "").partition("-")[0]
        if step in WHOLE:
            hide(cell, "all", WHOLE[step])
        elif "helper" in source["metadata"].get("tags", []):
            hide(cell, "all", f"Helper: {purpose(''.join(source['source']))}")
        elif shows_figure(cell):
            hide(cell, "input", CODE)


def hide(cell, mode, words):
    """Hide all of a cell or its input; the words are the same while it is shown."""
    cell["hide_mode"] = mode
    cell["prompt_show"] = cell["prompt_hide"] = words


def shows_figure(cell):
    """Tell whether a cell draws something: a picture, or a figure that moves."""
    return any(isinstance(node, nodes.image)
               or (isinstance(node, nodes.raw) and "lib-explore" in node.astext())
               for node in cell.findall())


def purpose(code):
    """Return what a helper is for: its docstring's first line, else the names that it defines."""
    defined = [node for node in ast.parse(code).body
               if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    text = ast.get_docstring(defined[0]) if defined else ""
    if text:
        return text.splitlines()[0]
    names = [node.name for node in defined] or assigned(code)
    return ", ".join(names)


def assigned(code):
    """Return the names that some code assigns at its top, in order."""
    targets = [target for node in ast.parse(code).body if isinstance(node, ast.Assign)
               for target in node.targets]
    return [node.id for target in targets for node in ast.walk(target)
            if isinstance(node, ast.Name)]
