"""The contract of a chapter's code: short cells, honest checks, figures and exercises complete.

Each rule takes a Chapter and yields what is wrong, as a sentence that tells the author what to do.
"""

import ast
import re
from statistics import median

from chapter import bold_sentences
from numerals import MISSPELT, unstated
from story import folds

TAGS = {"hide-cell", "hide-input", "raises-exception", "nbval-ignore-output", "invert-dark"}
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


def cell_sizes(chapter):
    """Cells are short: one idea each."""
    cells = [cell for cell in chapter.lesson if cell.kind == "code"]
    if not 20 <= len(cells) <= 32:
        yield f"{len(cells)} code cells before the exercises; a chapter has 20 to 32"
    for cell in cells:
        if not 1 <= len(cell.code_lines) <= 10:
            yield f"{cell.id}: {len(cell.code_lines)} lines; split it into ideas of 1 to 10 lines"
    if cells and (middle := median(len(cell.code_lines) for cell in cells)) > 6:
        yield f"the median cell has {middle:g} lines; at most 6"
    for cell in chapter.of("check", "solution"):
        if len(cell.code_lines) > 25:
            yield f"{cell.id}: {len(cell.code_lines)} lines; at most 25"


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


def claims(chapter):
    """Each claim is one bold sentence before its asserts, which use all its numbers."""
    for cell in chapter.of("say"):
        if len(said := bold_sentences(cell.source)) != 1:
            yield f"{cell.id}: exactly one **bold sentence**, the claim; it has {len(said)}"
        elif not said[0].endswith((".", "?", "!")):
            yield f"{cell.id}: the bold text is a sentence: its full stop stands inside"
        claim = chapter.by_id.get(f"claim-{cell.word}")
        if claim is None:
            yield f"{cell.id}: no cell claim-{cell.word} asserts it"
            continue
        if chapter.cells[chapter.cells.index(cell) + 1] is not claim:
            yield f"{cell.id}: claim-{cell.word} stands directly after it"
        for number in MISSPELT.findall(" ".join(said)):
            yield f"{cell.id}: write {number} as $10^{{-3}}$ or 20 000, which can be compared"
        for number in unstated(" ".join(said), claim.tree):
            yield (f"{claim.id}: the sentence says {number}; let an assert, or what sets a name in "
                   "it, use that number with its sign (2^{53} as 2**53, 10^{-8} as 1e-8), once "
                   "for each time that the sentence says it")
    for cell in chapter.of("claim"):
        if not any(isinstance(node, ast.Assert) for node in ast.walk(cell.tree)):
            yield f"{cell.id}: holds no assert"
        if cell.outputs:
            yield f"{cell.id}: a claim cell shows nothing; show the value in a run cell before it"
        if f"say-{cell.word}" not in chapter.by_id:
            yield f"{cell.id}: no cell say-{cell.word} says it"


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
        alt = explore_alt(cell) if kind == "explore" else mystnb.get("image", {}).get("alt", "")
        where = "the argument alt of explore" if kind == "explore" else '"mystnb": {"image": {"alt"'
        if len(alt) < 25:
            yield f"{cell.id}: say in {where} what the figure shows to those who cannot see it"
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


def explore_alt(cell):
    """Return the literal text of explore's argument alt."""
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore":
            for keyword in node.keywords:
                if keyword.arg == "alt" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return ""


def exercises(chapter):
    """Every exercise has stars, hints in folds, a stub, a check and a solution that passes it."""
    for cell in chapter.of("exercise"):
        if not re.search(r"^### Exercise: \S.* ★{1,3}$", cell.source, re.MULTILINE):
            yield f"{cell.id}: needs the heading `### Exercise: title ★` with one to three stars"
        yield from folds(cell, "Hint")
        for step in ("try", "check", "solution"):
            if f"{step}-{cell.word}" not in chapter.by_id:
                yield f"{cell.id}: no cell {step}-{cell.word}"
    for cell in chapter.of("try"):
        name = stub_name(cell)
        if not name:
            yield f"{cell.id}: one stub and nothing else: `def name(x): ...` or `name = ...`"
            continue
        check = chapter.by_id.get(f"check-{cell.word}")
        if check and not uses(check, name):
            yield f"{check.id}: checks {name}, the name of its try cell"
        if check and "not attempted" not in check.text_output:
            yield f"{check.id}: is stored as *not attempted*: run it with the stub untouched"
        solution = chapter.by_id.get(f"solution-{cell.word}")
        if solution and not uses(solution, f"{name}_solution"):
            yield f"{solution.id}: defines {name}_solution"
    for cell in chapter.of("solution"):
        if "hide-cell" not in cell.tags:
            yield f'{cell.id}: fold it: metadata {{"tags": ["hide-cell"]}}'
        if not any(isinstance(node, ast.Assert) and "passed" in ast.unparse(node)
                   for node in ast.walk(cell.tree)):
            yield f"{cell.id}: asserts that its report passes (`assert check(…).passed`)"


def stub_name(cell):
    """Return the name that a try cell leaves to the student; nothing if it is no lone stub."""
    body = cell.tree.body
    if len(body) != 1:
        return ""
    node = body[0]
    if isinstance(node, ast.FunctionDef) and is_ellipsis(getattr(node.body[-1], "value", None)) \
            and len(node.body) <= 2:
        return node.name
    if isinstance(node, ast.Assign) and is_ellipsis(node.value) \
            and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def is_ellipsis(node):
    return isinstance(node, ast.Constant) and node.value is ...


def uses(cell, name):
    """Return whether a cell reads, sets or defines a name."""
    return any(name in (getattr(node, "id", ""), getattr(node, "name", ""))
               for node in ast.walk(cell.tree))


def code_nodes(chapter):
    """Yield the syntax nodes of all code cells, each with its cell."""
    for cell in chapter.cells:
        for node in ast.walk(cell.tree):
            yield cell, node


RULES = (setup, cell_sizes, code_style, honesty, claims, figures, exercises)
