"""What `lib.digits` knows about Python code: rebuild functions, find the source of instructions."""

import ast
import builtins
import dis
import functools
import linecache
import sys
from types import CellType, CodeType, FunctionType, MethodType

_Cached = type(functools.lru_cache(lambda: None))


class StandIn:
    """A module some of whose names mean something else."""

    def __init__(self, module, names):
        self.__dict__.update(names, _module=module)

    def __getattr__(self, name):
        return getattr(self._module, name)


class Rebuilder:
    """Copy functions, and the functions they name, with some objects exchanged for others.

    Nothing global changes: every module whose functions are copied lends them a copy of its
    names, and the frames of the copies are known by it.

    Parameters
    ----------
    exchange : list of (object, object)
        What to look for in globals, closures and imports, and what to put there.
    lift : callable
        Applied to the default values of arguments.
    watch : callable
        Called with what each copy returns.
    packages : collection of str
        Functions of these top-level modules are copied, others are left alone.
    """

    def __init__(self, exchange, lift, watch, packages):
        self.memo = {id(old): (old, new) for old, new in exchange}
        self.lift, self.watch, self.packages = lift, watch, packages
        self.worlds, self.copies = {}, set()
        self.builtins = {name: self(thing) for name, thing in vars(builtins).items()}
        self.builtins["__import__"] = self._import

    def __call__(self, thing):
        """Return the copy of a function, what an object is exchanged for, or the thing itself."""
        if id(thing) in self.memo:
            return self.memo[id(thing)][1]
        if isinstance(thing, FunctionType):
            ours = (thing.__module__ or "").split(".")[0] in self.packages
            return self._function(thing) if ours else thing
        if isinstance(thing, MethodType):
            return MethodType(self(thing.__func__), thing.__self__)
        if isinstance(thing, functools.partial):
            return functools.partial(self(thing.func), *thing.args, **thing.keywords)
        return self(thing.__wrapped__) if isinstance(thing, _Cached) else thing

    def give_methods(self, owner):
        """Make an object call copies of its methods."""
        for kind in reversed(type(owner).__mro__):
            for name, method in vars(kind).items():
                if isinstance(method, FunctionType) and hasattr(owner, "__dict__"):
                    vars(owner)[name] = MethodType(self(method), owner)

    def place(self, name):
        """Return (code, offset, name) of the innermost instruction of a copy that is running."""
        frame = sys._getframe(1)
        while frame and id(frame.f_globals) not in self.copies:
            frame = frame.f_back
        return frame and (frame.f_code, frame.f_lasti, name)

    def place_of(self, error):
        """Return the same for an exception, named "raise": the innermost that it went through."""
        trace, place = error.__traceback__, self.place("raise")
        while trace:
            if id(trace.tb_frame.f_globals) in self.copies:
                place = trace.tb_frame.f_code, trace.tb_lasti, "raise"
            trace = trace.tb_next
        return place

    def _import(self, name, *rest):
        return self(builtins.__import__(name, *rest))

    def _function(self, f):
        cells = [self._cell(cell) for cell in f.__closure__ or ()]
        world = self._world(f.__globals__)
        copy = FunctionType(f.__code__, world, f.__name__, None, tuple(new for _, new in cells))

        @functools.wraps(f)
        def watched(*args, **kwargs):
            result = copy(*args, **kwargs)
            self.watch(result)
            return result

        self.memo[id(f)] = f, watched  # before what follows: functions name themselves
        copy.__defaults__ = self.lift(f.__defaults__)
        copy.__kwdefaults__ = self.lift(f.__kwdefaults__)
        for old, new in cells:
            if _is_filled(old) and not _is_filled(new):
                new.cell_contents = self(old.cell_contents)
        for name in _names(f.__code__) & f.__globals__.keys():
            world[name] = self(f.__globals__[name])
        return watched

    def _world(self, names):
        if id(names) not in self.worlds:
            self.worlds[id(names)] = world = dict(names, __builtins__=self.builtins)
            self.copies.add(id(world))
        return self.worlds[id(names)]

    def _cell(self, cell):
        return self.memo.setdefault(id(cell), (cell, CellType()))


def _is_filled(cell):
    try:
        return cell.cell_contents is cell.cell_contents
    except ValueError:  # a variable that has no value yet
        return False


def _names(code):
    inner = [_names(const) for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*inner)


class Source:
    """The text of one file or notebook cell, by statement, function and expression."""

    def __init__(self, filename):
        self.lines = [line.rstrip("\n") for line in linecache.getlines(filename)]
        nodes = _nodes("\n".join(self.lines))
        self.functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        self.spans = {}
        for node in nodes:
            own = isinstance(node, ast.Lambda) and self.span(node.lineno)[0] < node.lineno
            if isinstance(node, ast.stmt) or own:  # a lambda on lines of its own
                first, last = node.lineno, _head_end(node)
                self.spans.update(dict.fromkeys(range(first, last + 1), (first, last)))

    def span(self, line):
        """Return the first and last line of the statement, or the head of one, at a line."""
        return self.spans.get(line, (line, line))

    def statement(self, line):
        """Return the text of the statement at a line, without its indentation."""
        first, last = self.span(line)
        return "\n".join(_dedented(self.lines[first - 1 : last]))

    def function(self, line):
        """Return first and last line of the innermost function, or else statement, at a line."""
        around = [(_start(node), node.end_lineno) for node in self.functions]
        return max([s for s in around if s[0] <= line <= s[1]], default=self.span(line))

    def listing(self, first, last):
        """Return (number, text) of the lines of a range, dedented, without docstrings."""
        documented = [node.body[0] for node in self.functions if ast.get_docstring(node)]
        spans = [range(text.lineno, text.end_lineno + 1) for text in documented]
        numbers = [
            n
            for n in range(first, min(last, len(self.lines)) + 1)
            if self.lines[n - 1].strip() and not any(n in span for span in spans)
        ]
        return list(zip(numbers, _dedented([self.lines[n - 1] for n in numbers]), strict=True))

    def expression(self, position):
        """Return the text at (first line, last line, first, last byte column) on one line."""
        first, last, start, end = position
        if None in position or last > len(self.lines):
            return ""
        rows = [row.encode() for row in self.lines[first - 1 : last]]
        rows[-1] = rows[-1][:end]
        rows[0] = rows[0][start:]
        return " ".join(b" ".join(rows).decode().split())


@functools.lru_cache(maxsize=64)
def _nodes(text):
    """Return the nodes of the syntax tree, parents before children."""
    try:
        return list(ast.walk(ast.parse(text)))
    except SyntaxError:  # not Python as a whole: its lines are all there is
        return []


def _head_end(node):
    body = getattr(node, "body", None)
    return max(node.lineno, _start(body[0]) - 1) if isinstance(body, list) else node.end_lineno


def _start(node):
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])


def _dedented(rows):
    indents = [len(row) - len(row.lstrip()) for row in rows]
    return [row[min(indents, default=0) :] for row in rows]


def instruction(code, offset):
    """Return the name of an instruction and the position of its expression (see Source)."""
    position = list(code.co_positions())[offset // 2]
    return dis.opname[code.co_code[offset]], position
