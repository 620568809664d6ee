"""What `lib.digits` knows about Python code: rebuild it, and find its source.

`Rebuilder` copies functions so that the names in them stand for something else
while nothing global changes.  `Source` maps an instruction of a code object to
the statement and the expression it belongs to.
"""

import ast
import builtins
import dis
import functools
import linecache
from types import CellType, CodeType, FunctionType, MethodType


class StandIn:
    """A module some of whose names mean something else."""

    def __init__(self, module, names):
        self.__dict__.update(names, _module=module)

    def __getattr__(self, name):
        return getattr(self._module, name)


class Rebuilder:
    """Copy functions, and what they call, with some objects exchanged for others.

    Parameters
    ----------
    exchange : list of (object, object)
        What to look for in globals, closures, defaults and imports, and what to put there.
    lift : callable
        Applied to the default values of arguments.
    packages : collection of str
        Functions of these top-level modules are copied too, others are left alone.
    """

    def __init__(self, exchange, lift, packages):
        self.memo = {id(old): (old, new) for old, new in exchange}
        self.lift, self.packages = lift, packages
        self.worlds, self.copies = {}, set()
        self.builtins = dict(vars(builtins), __import__=self._import)

    def __call__(self, thing):
        """Return the copy of a function, the stand-in of an exchanged object, else the thing."""
        if id(thing) in self.memo:
            return self.memo[id(thing)][1]
        if isinstance(thing, FunctionType):
            ours = (thing.__module__ or "").split(".")[0] in self.packages
            return self._function(thing) if ours else thing
        if isinstance(thing, MethodType):
            return MethodType(self(thing.__func__), thing.__self__)
        if isinstance(thing, functools.partial):
            return functools.partial(self(thing.func), *thing.args, **thing.keywords)
        return self(thing.__wrapped__) if type(thing) is _Cached else thing

    def _import(self, name, *rest):
        return self(builtins.__import__(name, *rest))

    def _function(self, f):
        world = self._world(f.__globals__)
        cells = tuple(self._cell(cell) for cell in f.__closure__ or ())
        copy = FunctionType(f.__code__, world, f.__name__, None, cells)
        self.memo[id(f)] = f, copy  # before what follows: functions call themselves
        copy.__dict__.update(f.__dict__)
        copy.__qualname__, copy.__module__ = f.__qualname__, f.__module__
        copy.__defaults__ = f.__defaults__ and tuple(map(self.lift, f.__defaults__))
        copy.__kwdefaults__ = f.__kwdefaults__ and {
            name: self.lift(value) for name, value in f.__kwdefaults__.items()
        }
        for old, new in zip(f.__closure__ or (), cells, strict=True):
            if not _is_filled(new) and _is_filled(old):
                new.cell_contents = self(old.cell_contents)
        for name in _names(f.__code__) & f.__globals__.keys():
            world[name] = self(f.__globals__[name])
        return copy

    def _world(self, names):
        if id(names) not in self.worlds:
            self.worlds[id(names)] = world = dict(names, __builtins__=self.builtins)
            self.copies.add(id(world))
        return self.worlds[id(names)]

    def _cell(self, cell):
        return self.memo.setdefault(id(cell), (cell, CellType()))[1]


_Cached = type(functools.lru_cache(lambda: None))


def _is_filled(cell):
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


def _names(code):
    inner = [_names(const) for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*inner)


class Source:
    """The text of one file or notebook cell, by statement and expression."""

    def __init__(self, filename):
        self.lines = [line.rstrip("\n") for line in linecache.getlines(filename)]
        try:
            self.tree = ast.parse("\n".join(self.lines))
        except SyntaxError:  # such as a cell with shell commands: lines are all we have
            self.tree = ast.Module([], [])
        self.spans = {}
        for node in ast.walk(self.tree):  # parents first, so the innermost statement wins
            if isinstance(node, ast.stmt):
                first, last = node.lineno, _head_end(node)
                self.spans.update(dict.fromkeys(range(first, last + 1), (first, last)))

    def span(self, line):
        """Return the first and last line of the statement (or its head) at a line."""
        return self.spans.get(line, (line, line))

    def statement(self, line):
        """Return the text of the statement at a line, without its indentation."""
        first, last = self.span(line)
        rows = self.lines[first - 1 : last]
        return "\n".join(_dedented(rows))

    def function(self, line):
        """Return first and last line of the function around a line, and its name.

        Outside any function (a lambda of a module) this is the statement.
        """
        around = [
            (_start(node), node.end_lineno, node.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and _start(node) <= line <= node.end_lineno
        ]
        return max(around) if around else (*self.span(line), "")

    def listing(self, first, last):
        """Return (number, text) for the lines of a range, dedented, without docstrings."""
        skipped = {
            line
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None
            for line in range(node.body[0].lineno, node.body[0].end_lineno + 1)
        }
        kept = [n for n in range(first, last + 1) if n <= len(self.lines) and n not in skipped]
        rows = _dedented([self.lines[n - 1] for n in kept])
        return [(n, row) for n, row in zip(kept, rows, strict=True) if row.strip()]


def _head_end(node):
    body = getattr(node, "body", None)
    if not body:
        return node.end_lineno
    return max(node.lineno, _start(body[0]) - 1)


def _start(node):
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])


def _dedented(rows):
    indents = [len(row) - len(row.lstrip()) for row in rows if row.strip()]
    return [row[min(indents, default=0) :] for row in rows]


def instruction(code, offset):
    """Return the name of an instruction and where its expression stands.

    Returns
    -------
    str
        Such as "BINARY_OP".
    tuple of int
        First line, last line, first and last byte column; None where unknown.
    """
    position = next(p for i, p in enumerate(code.co_positions()) if i == offset // 2)
    return dis.opname[code.co_code[offset]], position


def expression(source, position):
    """Return the text at a position on one line, or "" where it is unknown."""
    first, last, start, end = position
    if start is None or end is None or not 0 < first <= last <= len(source.lines):
        return ""
    rows = [row.encode() for row in source.lines[first - 1 : last]]
    rows[-1] = rows[-1][:end]
    rows[0] = rows[0][start:]
    return " ".join(b" ".join(rows).decode().split())
