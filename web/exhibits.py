"""The exhibits of the museum: bugs that were reported in public, run and traced again.

An exhibit is one Python file. Its docstring has a title, what went wrong, what the fix changed and,
where the tracer blames another line, why. The function named as the file has the bug; the one
named `..._fixed` has not. Where the fix is a wider format instead, `FIXED_FORMAT` is it, and
`CHANGED` has the lines that are computed in it.
"""

import ast
import difflib
import functools
import importlib.util
import linecache
import math

from lib.digits import trace
from lib.numbers import FP64

OTHERS = ("FIX", "FIXED_FORMAT", "CHANGED")  # names that not all exhibits have


def loaded(path):
    """Run an exhibit's file and return it as a module, which no import finds."""
    spec = importlib.util.spec_from_file_location(f"museum_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Exhibit:
    """One reported bug.

    Attributes
    ----------
    name, title, story, cure, miss : str
        The file's name and the parts of its docstring; miss is "" where there is none.
    report, fix, year, state, chapter
        Where it was reported and mended, such as "numpy/numpy#8775"; when; whether the fix was
        merged, closed with the report, or proposed; the chapter that explains it.
    """

    def __init__(self, path):
        self.path, self.name = path, path.stem
        self.source = path.read_text(encoding="utf-8")
        module = loaded(path)
        parts = [" ".join(part.split()) for part in module.__doc__.strip().split("\n\n")]
        self.title, self.story, self.cure, self.miss = (*parts, "")[:4]
        self.report, self.year, self.state = module.REPORT, module.YEAR, module.STATE
        self.chapter, self.input = module.CHAPTER, module.INPUT
        self.fix, wider, self.marked = (getattr(module, name, None) for name in OTHERS)
        self.format = getattr(module, "FORMAT", FP64)
        self.fixed_format = wider or self.format
        self.broken = self.numbered(self.name, module)
        self.fixed = self.broken if self.marked else self.numbered(f"{self.name}_fixed", module)

    def numbered(self, name, module):
        """Return a function whose lines count from 1, as in the listing."""
        text, file = self.segment(name), f"<museum {name}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), vars(module))
        return getattr(module, name)

    @functools.cached_property
    def before(self):
        """The trace of what was reported."""
        return trace(self.broken, *self.input, fmt=self.format)

    @functools.cached_property
    def after(self):
        """The trace of what the fix made of it."""
        return trace(self.fixed, *self.input, fmt=self.fixed_format)

    def segment(self, name):
        """Return the source of a function, or of what is assigned to a name."""
        for node in ast.parse(self.source).body:
            targets = getattr(node, "targets", ())
            if getattr(node, "name", "") == name or name in [getattr(t, "id", "") for t in targets]:
                return ast.get_source_segment(self.source, node)
        return ""

    @functools.cached_property
    def listing(self):
        """The lines that reproduce the bug, but for imports."""
        given = self.segment("INPUT").replace("  # fmt: skip", "")
        call = f"trace({self.name}, *INPUT{formatted(self.format)})"
        return f"{self.segment(self.name)}\n\n{given}\n{call}"

    @functools.cached_property
    def lines(self):
        """The lines of the function with the bug, but for its first: number to text."""
        return dict(enumerate(body(self.segment(self.name)), 2))

    @functools.cached_property
    def difference(self):
        """The lines of both functions, each with "- ", "+ " or two blanks before it."""
        if self.marked:
            told = []
            for text in self.lines.values():
                wider = text.strip() in self.marked
                told.append(f"{'-' if wider else ' '} {text}")
                told += [f"+ {text}  # in {self.fixed_format}"] * wider
            return told
        old, new = (body(self.segment(name)) for name in (self.name, f"{self.name}_fixed"))
        told = []
        for what, i, j, k, m in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
            told += [f"{' ' if what == 'equal' else '-'} {text}" for text in old[i:j]]
            told += [f"+ {text}" for text in new[k:m] if what != "equal"]
        return told

    @functools.cached_property
    def changed(self):
        """The numbers of the lines that the fix took out, or computes in another format."""
        old = [line[0] == "-" for line in self.difference if line[0] != "+"]
        return {number for number, gone in zip(self.lines, old, strict=True) if gone}

    @functools.cached_property
    def named(self):
        """The numbers of the lines that the tracer names: where digits show as lost, and why."""
        return {mark.number for mark in self.marks if mark}

    @property
    def marks(self):
        """Where the tracer sees the loss show, and its cause; None where it names no line."""
        return self.before.shows, self.before.cause

    @property
    def blamed(self):
        """Whether the tracer names a line that the fix changed."""
        return bool(self.named & self.changed)

    @property
    def chance(self):
        """How probable that would be for as many lines drawn at random."""
        count, kept = len(self.lines), len(self.lines) - len(self.changed)
        return 1 - math.comb(kept, len(self.named)) / math.comb(count, len(self.named))


def formatted(fmt):
    """Return the argument that asks for a format; nothing for float64."""
    return "" if fmt == FP64 else f", fmt={str(fmt).upper()}"


def body(source):
    """Return the lines of a function without its first, and without their common indentation."""
    return [line.removeprefix("    ") for line in source.splitlines()[1:] if line.strip()]


def exhibits(folder):
    """Return the exhibits of a folder, in the order of their names."""
    return [Exhibit(path) for path in sorted(folder.glob("*.py"))]


def share(found):
    """Return in how many exhibits the changed line is blamed, and how many chance would find."""
    return sum(one.blamed for one in found), sum(one.chance for one in found)


def split(found):
    """Return the exhibits in which nothing could miss, nothing could hit, and either could be."""
    sure = [one for one in found if one.chance == 1]
    lost = [one for one in found if one.chance == 0]
    return sure, lost, [one for one in found if 0 < one.chance < 1]


def each_mark(found):
    """Return how many traces name a line, and in how many the fix changed the one that shows the
    loss, and the cause."""
    changed = [[bool(mark) and mark.number in one.changed for mark in one.marks] for one in found]
    shows, cause = zip(*changed, strict=True)
    return sum(bool(one.named) for one in found), sum(shows), sum(cause)


def last_lines(found):
    """Return how many exhibits a reader would hit who always blames the last two lines."""
    return sum(bool(set(list(one.lines)[-2:]) & one.changed) for one in found)
