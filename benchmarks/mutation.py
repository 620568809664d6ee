"""Count how many small faults, put into a room of lib one by one, its own tests notice.

Run as `python benchmarks/mutation.py numbers` for a sample of every module of a room, with
`--sample 50` for a larger one, `--module sums` for one module, `--seed 9` for others. Without an
argument, as `make bench` calls it, a small sample of one room is tried. A fault swaps an operator,
shifts a comparison or a number, drops a sign, negates a condition or forgets a result. It is put
into a copy of lib and tests in a temporary folder, so that the working tree is never touched, and
counts as killed if the tests of its module (tests/<room>/test_<module>*.py, or those of the whole
room if it has none of its own, the room's test_hostile.py and the doctests) fail or take too long.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}
TURNS = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}


def swapped(table, operator):
    """Return a list with the operator that a table puts in the place of another, if any."""
    return [table[type(operator)]()] if type(operator) in table else []


def faults(node):
    """Yield (what is done, attribute, its new value) for each fault that a node can have."""
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp):
        for new in swapped(SWAPS, node.op):
            yield f"{type(node.op).__name__} to {type(new).__name__}", "op", new
    elif isinstance(node, ast.Compare):
        for new in (one for table in (SWAPS, TURNS) for one in swapped(table, node.ops[0])):
            yield (f"{type(node.ops[0]).__name__} to {type(new).__name__}", "ops",
                   [new, *node.ops[1:]])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} to {not node.value}", "value", not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield f"{node.value} to {node.value + 1}", "value", node.value + 1
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield f"{type(node.op).__name__} dropped", "op", ast.UAdd()
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "condition negated", "test", ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "result forgotten", "value", ast.Constant(None)


def nodes(tree):
    """Return the nodes inside functions, without messages of errors, annotations and docstrings."""
    found = []

    def visit(node, inside):
        if isinstance(node, ast.Raise):
            return
        if inside:
            found.append(node)
        if isinstance(node, ast.FunctionDef):
            for part in [*node.args.defaults, *node.args.kw_defaults, *node.body]:
                if part is not None:
                    visit(part, True)
            return
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(tree, False)
    return found


def mutants(source):
    """Return (line, what is done, the faulty source) for every fault of a module."""
    found = []
    tree = ast.parse(source)
    for node in nodes(tree):
        for what, attribute, new in faults(node):
            kept = getattr(node, attribute)
            setattr(node, attribute, new)
            found.append((node.lineno, what, ast.unparse(ast.fix_missing_locations(tree))))
            setattr(node, attribute, kept)
    return found


def tests_of(room, module):
    """Return the paths of what judges a module: its tests, or its room's, and its doctests."""
    folder = ROOT / "tests" / room
    own = sorted(folder.glob(f"test_{module}*.py")) or sorted(folder.glob("test_*.py"))
    own += [path for path in [folder / "test_hostile.py"] if path.exists() and path not in own]
    return [*(str(path.relative_to(ROOT)) for path in own), f"lib/{room}/{module}.py"]


def survives(copy, tests, seconds):
    """Return whether the tests pass in the copy within a number of seconds."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    settings = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=settings, timeout=seconds,
                              capture_output=True, text=True, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def judge(copy, room, module, sample, seed):
    """Print the survivors of a module; return how many faults were killed, and how many tried."""
    path, tests = copy / "lib" / room / f"{module}.py", tests_of(room, module)
    source = path.read_text(encoding="utf-8")
    start = time.monotonic()
    if not survives(copy, tests, None):
        print(f"{room}/{module}: its tests fail before anything is changed", flush=True)
        return 0, 0
    patience = 10 + 4 * (time.monotonic() - start)
    every = mutants(source)
    drawn = random.Random(f"{seed} {room} {module}").sample(every, min(sample, len(every)))
    killed = 0
    for line, what, faulty in sorted(drawn):
        path.write_text(faulty, encoding="utf-8")
        if survives(copy, tests, patience):
            text = source.splitlines()[line - 1].strip()
            print(f"  survived {room}/{module}.py:{line} {what}: {text}", flush=True)
        else:
            killed += 1
    path.write_text(source, encoding="utf-8")
    print(f"{room}/{module}: {killed} of {len(drawn)} killed, of {len(every)} possible", flush=True)
    return killed, len(drawn)


def main():
    """Try a sample of faults in each module of a room, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("room", nargs="?")
    parser.add_argument("--module")
    parser.add_argument("--sample", type=int, help="faults for each module")
    parser.add_argument("--seed", type=int, default=2026)
    wanted = parser.parse_args()
    room, sample = wanted.room or "numbers", wanted.sample or (20 if wanted.room else 2)
    modules = [path.stem for path in sorted((ROOT / "lib" / room).glob("*.py"))
               if path.stem == wanted.module or (not wanted.module and path.stem != "__init__")]
    if not modules:
        parser.error(f"there is no module {wanted.module or ''} in lib/{room}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("lib", "tests", "tools"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        counts = [judge(copy, room, module, sample, wanted.seed) for module in modules]
    killed, tried = (sum(column) for column in zip(*counts, strict=True))
    print(f"{room}: {killed} of {tried} killed, {killed / max(tried, 1):.0%}")


if __name__ == "__main__":
    main()
