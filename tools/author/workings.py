"""The contract of a chapter's code: short cells, honest checks, figures and exercises complete.

Each rule takes a Chapter and yields what is wrong, as a sentence that tells the author what to do.
"""

import ast
import re

TAGS = {"hide-cell", "hide-input", "raises-exception", "nbval-ignore-output", "invert-dark",
        "helper"}
LONG = ("longdouble", "float128", "clongdouble", "complex256")


def setup(chapter):
    """The setup cell is short, holds the only imports and sets the figures' style."""
    for cell in chapter.of("setup"):
        if len(cell.code_lines) > 8:
            yield f"setup: {len(cell.code_lines)} lines; at most 8"
        if not cell.code_lines or cell.code_lines[-1].strip() != "figures.use_style()":
            yield "setup: ends with figures.use_style()"
    for cell, node in code_nodes(chapter):
        if isinstance(node, ast.Import | ast.ImportFrom) and cell.step != "setup":
            yield f"{cell.id}: move the import of line {node.lineno} to the setup cell"
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
            yield f"{cell.id}: import by name; a star hides where a name comes from"


def code_style(chapter):
    """The code prints what every machine prints and leaves nothing to the reader's luck."""
    for cell, node in code_nodes(chapter):
        if isinstance(node, ast.Attribute) and node.attr in LONG:
            yield f"{cell.id}: {node.attr} has 80, 64 or 128 bits by platform: use lib or mpmath"
        if isinstance(node, ast.Call) and (problem := bad_seed(node)):
            yield f"{cell.id}: {problem}"
    for cell in chapter.cells:
        if cell.kind != "code":
            continue
        if not cell.tree.body:
            yield f"{cell.id}: is no Python (magic commands are not)"
        if any(line.split("#")[0].rstrip().endswith(";") for line in cell.source.splitlines()):
            yield f"{cell.id}: no `;` at a line's end: end figure cells with an assignment"
        for tag in set(cell.tags) - TAGS:
            yield f"{cell.id}: tag {tag!r} is not used here; known are {', '.join(sorted(TAGS))}"
        if "hide-cell" in cell.tags and cell.step != "solution":
            yield f"{cell.id}: only solutions hide; a reader needs everything else"
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"{cell.id}: writes to stderr: use np.errstate or mend the cause of the warning"
    ignored = [cell for cell in chapter.cells if "nbval-ignore-output" in cell.tags]
    if len(ignored) > 2:
        yield f"{len(ignored)} cells are tagged nbval-ignore-output; at most 2"
    for cell in ignored:
        following = chapter.cells[chapter.cells.index(cell):][:3]
        if not any("assert " in near.source for near in following if near.kind == "code"):
            yield f"{cell.id}: its output is not compared, so an assert must guard it"


def bad_seed(call):
    """Return what is wrong with a call that seeds a random generator, or nothing."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in ("default_rng", "RandomState", "seed", "SeedSequence"):
        return ""
    if not call.args:
        return f"{name}() differs from run to run: give it a seed"
    seed = call.args[0]
    if isinstance(seed, ast.Constant) and seed.value in (0, 1, 42):
        return f"the seed {seed.value} looks chosen: take another, such as a year"
    return ""


def honesty(chapter):
    """Nothing keeps a check from failing."""
    for cell in chapter.cells:
        if cell.kind != "code":
            continue
        if found := re.search(r"#.*\b(NBVAL|PYTEST_VALIDATE)_\w+", cell.source):
            yield f"{cell.id}: leave out the comment {found[0]!r}: nbval would obey it"
        if found := re.search(r"^\s*#+\s*assert\b.*", cell.source, re.MULTILINE):
            yield f"{cell.id}: {found[0].strip()!r} asserts nothing: mend the assert, or delete it"
        if any(isinstance(inside, ast.Assert) for node in ast.walk(cell.tree)
               if swallows(node) for inside in ast.walk(node)):
            yield f"{cell.id}: an assert within try or suppress may fail unseen: take it out"


def swallows(node):
    """Return whether a statement may keep what fails in it to itself."""
    return isinstance(node, ast.Try | ast.TryStar) or (
        isinstance(node, ast.With) and any("suppress" in ast.unparse(item) for item in node.items))


def figures(chapter):
    """Every figure has a label, a caption and a text for those who do not see it."""
    names = []
    for cell in chapter.cells:
        if cell.kind != "code" or not (kind := figure_kind(cell)):
            continue
        mystnb = cell.metadata.get("mystnb", {})
        name, caption = (mystnb.get("figure", {}).get(key, "") for key in ("name", "caption"))
        names.append(name)
        if not re.fullmatch(r"fig(-[a-z0-9]+)+", name):
            yield f'{cell.id}: label the figure: "mystnb": {{"figure": {{"name": "fig-…"}}}}'
        if len(caption) < 15 or not caption.rstrip().endswith("."):
            yield f'{cell.id}: give the figure a "caption" in mystnb.figure: a sentence'
        asked = explore_arguments(cell)
        alt = str(getattr(asked.get("alt"), "value", "")) if kind == "explore" else (
            mystnb.get("image", {}).get("alt", ""))
        where = "the argument alt of explore" if kind == "explore" else '"mystnb": {"image": {"alt"'
        if len(alt) < 25:
            yield f"{cell.id}: say in {where} what the figure shows to those who cannot see it"
        if kind == "explore" and "say" not in asked:
            yield f"{cell.id}: give explore `say`, which tells in a sentence what a frame shows"
        if kind == "figure" and cell.tree.body and not isinstance(cell.tree.body[-1], ast.Assign):
            yield f"{cell.id}: end the figure cell in an assignment (`ax = figures.…`)"
    for name in {name for name in names if name and names.count(name) > 1}:
        yield f"the figure label {name} occurs twice"


def figure_kind(cell):
    """Return "explore" or "figure" for a cell that draws, else nothing."""
    if "<explore:" in cell.text_output:
        return "explore"
    if "<Figure size" in cell.text_output:
        return "figure"
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore":
            return "explore"
    return ""


def explore_arguments(cell):
    """Return the arguments of a cell's call of explore by name, as nodes of the syntax tree."""
    return {keyword.arg: keyword.value for node in ast.walk(cell.tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore"
            for keyword in node.keywords}


def code_nodes(chapter):
    """Yield the syntax nodes of all code cells, each with its cell."""
    for cell in chapter.cells:
        for node in ast.walk(cell.tree):
            yield cell, node


RULES = (setup, code_style, honesty, figures)
