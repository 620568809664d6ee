"""Find the numbers of a claim: those that its sentence states, and those that its asserts use."""

import ast
import math
import re

# A number of prose or TeX: sign, digits, an exponent of its own, a power of ten, a percent sign.
# Digits glued to a letter (float32, x_1, log1p) name things and are no numbers.
NUMBER = re.compile(r"""
    (?<![\w.\\]) (?P<minus>(?<![\w)}|])-)? (?<![\w.\\]) (?P<base>\d+(?:\.\d+)?)
    (?:e(?P<e>[+-]?\d+) | \s*\^\s*\{?(?P<power>[-+]?\d+)\}?)?
    (?:\s*×\s*10\s*\^\s*\{?(?P<ten>[-+]?\d+)\}?)?
    (?P<percent>\s*%)? (?![.\d]*\d)""", re.VERBOSE)
MISSPELT = re.compile(r"\d[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]|\d,\d{3}(?!\d)")


def plain(text):
    """Return Markdown with one sign for minus and times, digits in one piece, bare symbols."""
    text = re.sub(r"\\times|\\cdot", "×", text.replace("−", "-").replace("\\%", "%"))
    text = re.sub(r"(?<=\d)(?:\\,|\\ |[\u202f\u2009\u00a0 ])(?=\d{3}(?!\d))", "", text)
    return re.sub(r"([A-Za-z)}|])\s*\^\s*(?:\{[^}]*\}|\d)|_\{[^}]*\}|_\d+", r"\1", text)


def numbers(text):
    """Return (spelling, accepted values) of each number that a text states, in order.

    50 % may be checked as 50 or as 0.5. Exponents of symbols are no numbers.
    """
    found = []
    for match in NUMBER.finditer(plain(text)):
        value = float(match["base"] + (f"e{match['e']}" if match["e"] else ""))
        value = value ** int(match["power"] or 1) * 10.0 ** int(match["ten"] or 0)
        value = -value if match["minus"] else value
        found.append((match[0].strip(), {value, value / 100} if match["percent"] else {value}))
    return found


def is_literal(node):
    """Return whether an expression is made of numbers alone, such as 1e-8 or -2**53."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, ast.UnaryOp):
        return is_literal(node.operand)
    return isinstance(node, ast.BinOp) and is_literal(node.left) and is_literal(node.right)


def literals(node):
    """Yield the numbers that code states, also in its strings, as 2**53 and as the 53 in it.

    Neither places (x[7]) nor the digits that round() keeps state a number of a sentence.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from map(float, re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", node.value))
        return
    if is_literal(node):
        yield eval(compile(ast.Expression(node), "literal", "eval"))
    for part in stating(node):
        yield from literals(part)


def stating(node):
    """Return the parts of an expression whose numbers count; a sign stays with its number."""
    if isinstance(node, ast.Subscript) and is_place(node.slice):
        return [node.value]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("round"):
        return [node.func, *node.args[:1]]
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):  # 7 digits are 10**-7
        return [node.left, getattr(node.right, "operand", node.right)]
    return list(ast.iter_child_nodes(node))


def is_place(index):
    """Return whether an index is written in plain integers, as in x[7], A[0, -1] or x[:3]."""
    return not any(isinstance(node, ast.Name) or isinstance(getattr(node, "value", None), str)
                   for node in ast.walk(index))


def read_names(node):
    """Return the names that occur in some code."""
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def settings(tree):
    """Return (names, code) for all that sets names; pairs are taken apart: a, b = 1, 2."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            found += zip(target.elts, value.elts, strict=False) if pairs else [(target, value)]
        elif isinstance(node, ast.For):
            found.append((node.target, node.iter))
        elif isinstance(node, ast.FunctionDef):
            found.append((ast.Name(node.name), node))
    return [(read_names(target), value) for target, value in found]


def stated(tree):
    """Return the numbers in the asserts of a cell and in what sets the names that they use."""
    asserts = [statement for statement in tree.body
               if any(isinstance(node, ast.Assert) for node in ast.walk(statement))]
    used = set().union(*map(read_names, asserts))
    sources, waiting = asserts, settings(tree)
    while taken := [pair for pair in waiting if pair[0] & used]:
        waiting = [pair for pair in waiting if pair not in taken]
        sources = sources + [value for _, value in taken]
        used |= set().union(*(read_names(value) for _, value in taken))
    return [value for node in sources for value in literals(node)]


def unstated(sentence, tree):
    """Return the numbers of a sentence, with their signs, that its asserts do not use as often."""
    left, missing = stated(tree), []
    for spelling, accepted in numbers(sentence):
        known = next((value for value in left
                      if any(math.isclose(value, one, rel_tol=1e-12) for one in accepted)), None)
        if known is None:
            missing.append(spelling)
        else:
            left.remove(known)
    return missing
