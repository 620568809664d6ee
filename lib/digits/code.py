"""Find the source of instructions, for `lib.digits`."""

import ast
import dis
import functools
import linecache


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
