"""Every trace of the book as something to paste: code that stands alone, arguments, precision."""

import ast

from chapter import paths, read
from lib.numbers import formats
from web.exhibits import exhibits
from web.runtime import HERE
from web.tracing import PRECISIONS

MUSEUM = HERE.parent / "chapters" / "museum"
NAMES = {fmt: name for name, fmt in PRECISIONS.items()}


def bound(node):
    """Return the names that a statement gives a new value, and those of which it changes a part."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}, set()
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}, set()
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return set(), set()
    targets = [one for target in getattr(node, "targets", None) or [node.target]
               for one in getattr(target, "elts", [target])]
    new = {one.id for one in targets if isinstance(one, ast.Name)}
    return new, {one for target in targets for one in names_in(target)} - new


def names_in(node):
    """Return the names that occur in a piece of code."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def asked_by(node):
    """Return the names from outside that a statement needs."""
    own = {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    if isinstance(node, ast.FunctionDef):
        own |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name)
                and isinstance(one.ctx, ast.Store)}
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)
            and (isinstance(one.ctx, ast.Load) or isinstance(node, ast.AugAssign))} - own


def needed(statements, name, end, found):
    """Note by number the statements that give a name the value that it has before a number."""
    for number in reversed(range(end)):
        new, changed = bound(statements[number])
        if name in new | changed:
            if number not in found:
                found.add(number)
                is_body = isinstance(statements[number], ast.FunctionDef | ast.ClassDef)
                for other in asked_by(statements[number]):  # a body is run later
                    needed(statements, other, end if is_body else number, found)
            if name in new:
                return


def pasted(statements, f, arguments, fmt):
    """Return (code, arguments, precision), with the function last."""
    found = set()
    for name in {f, *names_in(ast.parse(f"f({arguments})"))}:
        needed(statements, name, len(statements), found)
    code = [statements[number] for number in sorted(found)]
    last = [node for node in code if getattr(node, "name", "") == f][-1:]
    ordered = [node for node in code if node not in last] + last
    return "\n".join(map(ast.unparse, ordered)) + "\n", arguments, NAMES[fmt]


def of_chapter(path):
    """Yield (name, what to paste) for the traces of a chapter."""
    before = []
    for cell in read(path).cells:
        for node in cell.tree.body if cell.tree else ():
            for call in ast.walk(node):
                if is_trace(call):
                    yield f"{path.stem}-{cell.id}", pasted(before, *parts(call))
            before.append(node)


def is_trace(node):
    """Return whether a node is a call of digits.trace on a function that has a name."""
    return (isinstance(node, ast.Call) and ast.unparse(node.func) == "digits.trace"
            and isinstance(node.args[0], ast.Name))


def parts(call):
    """Return function, arguments and format of a call of trace."""
    fmt = [ast.unparse(one.value).rpartition(".")[2] for one in call.keywords if one.arg == "fmt"]
    given = [*call.args[1:], *(one for one in call.keywords if one.arg != "fmt")]
    return (call.args[0].id, ", ".join(map(ast.unparse, given)),
            getattr(formats, fmt[0]) if fmt else formats.FP64)


def of_museum():
    """Yield (name, what to paste) for the bugs of the museum."""
    for one in exhibits(MUSEUM):
        if one.format in NAMES:
            body = ast.parse(one.source).body
            yield f"museum-{one.name}", pasted(body, one.name, "*INPUT", one.format)


def all_traces():
    """Return {name: what to paste} for every trace of the book in a precision of the page."""
    found = {}
    for path in paths():
        for name, one in of_chapter(path):
            found[name if name not in found else f"{name}-{len(found)}"] = one
    return found | dict(of_museum())
