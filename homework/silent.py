"""Make what stands for the judges where students' code runs: nothing there holds a reference.

An answer that calls the judge's own way to the right value has written no method. So the modules
with judges are hidden, and what is laid over them is made of their sources, anew for each process
that grades: checks that say nothing, and the functions of a variant alone, `own_angle(variant)`,
with what these need.
"""

import ast
import functools
import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("homework", "exercises", "certify")  # of lib/grade: what holds references
HEAD = '"""{about}"""\n\nfrom homework.hushed import absent, hushed\n'
FOLDERS = []  # temporary ones, which go when this process ends


def silent(source, module, also=()):
    """Return the text of a module that stands for one with judges.

    Parameters
    ----------
    source, module : str
        Its text and its name.
    also : tuple of str
        Names that are silent beside those that begin with `check_`.

    Examples
    --------
    >>> print(silent("U = 2.0\\n\\ndef check_x(a): return _x(a)\\n\\ndef _x(a): return U\\n\\n"
    ...              "def own_x(variant=''): return 3", "topic"))
    \"""What a notebook needs of topic; its checks are silent.\"""
    <BLANKLINE>
    from homework.hushed import absent, hushed
    <BLANKLINE>
    def own_x(variant=''):
        return 3
    check_x = hushed('check_x')
    __getattr__ = absent('topic')
    <BLANKLINE>
    """
    body = [part for node in ast.parse(source).body for part in _single(node)]
    names = [bound(node) for node in body]
    needed = set().union({"*"}, *(given for node, given in zip(body, names, strict=True)
                                  if is_of_variant(node)))
    before = None
    while needed != before:
        before = set(needed)
        for node, given in zip(body, names, strict=True):
            if given & needed:
                needed |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    kept = [ast.unparse(node) for node, given in zip(body, names, strict=True) if given & needed]
    checks = sorted(name for name in set().union(*names)
                    if name.startswith("check_") or name in also)
    return "\n".join([HEAD.format(about=f"What a notebook needs of {module}; its checks are "
                                        "silent."), *kept,
                      *(f"{name} = hushed({name!r})" for name in checks),
                      f"__getattr__ = absent({module!r})", ""])


def _single(node):
    """Return the statements that a statement is, where it imports several names."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return [node]
    others = {"module": node.module, "level": node.level} if hasattr(node, "module") else {}
    return [type(node)(names=[alias], **others) for alias in node.names]


def bound(node):
    """Return the names that a statement binds, at any depth; * for those of a whole module."""
    names = set()
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            names.add(part.name)
        elif isinstance(part, ast.alias):
            names.add((part.asname or part.name).partition(".")[0])
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.add(part.id)
        if part is node and isinstance(part, ast.FunctionDef | ast.ClassDef):
            break  # what is bound inside is its own
    return names


def is_of_variant(node):
    """Return whether a statement defines a public function of a variant and of nothing else."""
    return (isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "check_"))
            and ast.unparse(node.args).partition("=")[0] == "variant")


def holds_judges(source):
    """Return whether a file beside a master has judges: it defines a check, or takes them over.

    Examples
    --------
    >>> holds_judges("from lib.grade.homework.svd import *"), holds_judges("x = 1")
    (True, False)
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    rooms = tuple(f"lib.grade.{room}" for room in ROOMS)
    return any(name.startswith("check_") for node in body for name in bound(node)) or any(
        (getattr(node, "module", None) or "").startswith(rooms) for node in body)


@functools.cache
def base():
    """Return a folder that only this process writes to, removed when it ends."""
    FOLDERS.append(tempfile.TemporaryDirectory(prefix="homework-silent-"))
    return Path(FOLDERS[-1].name)


def laid(folder, texts):
    """Write some texts, by name, into a folder of the base, for every user to read."""
    place = base() / folder
    place.mkdir(exist_ok=True)
    place.chmod(0o755)
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
        (place / name).chmod(0o644)
    return place


@functools.cache
def rooms():
    """Return the folder that is laid over each room of lib/grade, by its name there."""
    found = {}
    for room in ROOMS:
        texts = {}
        for path in sorted((ROOT / "lib" / "grade" / room).glob("*.py")):
            door = path.stem == "__init__"
            if door or room != "certify":
                name = ".".join(["lib.grade", room, *[path.stem] * (not door)])
                texts[path.name] = silent(path.read_text(encoding="utf-8"), name, ("certify",))
        found[room] = laid(room, texts)
    return found


def shown(files):
    """Return the files of a problem set as answers see them: judges among them are silent."""
    return [_shown(Path(path)) for path in files]


def _shown(path):
    """Return where a file lies as answers see it."""
    source = path.read_bytes() if path.suffix == ".py" and path.is_file() else b""
    if not holds_judges(source):
        return path
    text = silent(source, path.stem)
    return laid(hashlib.sha256(text.encode()).hexdigest()[:16], {path.name: text}) / path.name


def installed(folders):
    """Return where `lib` lies among the packages of this environment too, under some folders."""
    places = {Path(place).resolve() / "lib" for place in sys.path} - {ROOT / "lib"}
    return sorted(place for place in places if (place / "grade").is_dir() and any(
        place.is_relative_to(folder) for folder in folders))


def bare(files):
    """Return a folder to work in where there is no sandbox, with `lib` and files as answers see it.

    `lib` is found there before any other, for Python looks first into the folder where it starts.
    """
    folder, grade = Path(tempfile.mkdtemp(dir=base())), ROOT / "lib" / "grade"
    shutil.copytree(ROOT / "lib", folder / "lib", ignore=lambda place, names: {
        "__pycache__", *(ROOMS if Path(place) == grade else ())} & set(names))
    for room, place in rooms().items():
        shutil.copytree(place, folder / "lib" / "grade" / room)
    for path in shown(files):
        shutil.copy(path, folder / path.name)
    return folder
