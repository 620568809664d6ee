"""Read what a person types as an input: numbers and lists, with a little arithmetic, nothing else.

`[2**54] + [1] * 10`, `1e-5`, `[(0, 0, 1e-17)]`: no name is looked up and nothing is called.
"""

import ast
import math
import operator

LONGEST, MOST = 4000, 1000  # letters of a line; elements of a list
SIGNS = {ast.UAdd: operator.pos, ast.USub: operator.neg}
OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
              ast.Div: operator.truediv, ast.Pow: operator.pow}


def value_of(text):
    """Return the number or the list that a text writes.

    Raises
    ------
    ValueError
        If it is anything else; the message says what.

    Examples
    --------
    >>> value_of("[2**3, -1/4] + [1] * 2"), value_of("1e-5")
    ([8.0, -0.25, 1.0, 1.0], 1e-05)
    >>> value_of("print(1)")
    Traceback (most recent call last):
    ValueError: 'print(1)' is no number and no list of numbers
    """
    if len(text) > LONGEST:
        raise ValueError(f"the line has {len(text)} letters, more than {LONGEST}")
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, KeyError, TypeError, RecursionError, MemoryError) as problem:
        raise ValueError(f"{text.strip()[:40]!r} is no number and no list of numbers") from problem
    except ArithmeticError as problem:
        raise ValueError(f"{text.strip()[:40]!r} divides by 0 or is too large") from problem


def _value(node):
    """Return the value of a node; raise a TypeError where it has none."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return _alone(float(node.value))  # as all numbers here: 9**9**9 is too large at once
    if isinstance(node, ast.List | ast.Tuple):
        parts = [_value(part) for part in node.elts]
        if any(isinstance(part, list) and any(isinstance(one, list) for one in part)
               for part in parts):
            raise TypeError  # lists of lists of lists grow beyond all bounds
        return parts
    if isinstance(node, ast.UnaryOp):
        return _alone(SIGNS[type(node.op)](_value(node.operand)))
    if isinstance(node, ast.BinOp):
        return _both(OPERATIONS[type(node.op)], _value(node.left), _value(node.right))
    raise TypeError


def _both(operation, left, right):
    """Return the result of an operation: on numbers, a sum of lists, or a list so many times."""
    lists = [isinstance(part, list) for part in (left, right)]
    if any(lists) and operation is operator.mul and not all(lists):
        held, times = (left, right) if lists[0] else (right, left)
        if not (0 <= times <= MOST and times % 1 == 0 and times * len(held) <= MOST):
            raise ValueError(f"a list {times:g} times is more than {MOST} elements")
        return held * int(times)
    if all(lists) and operation is operator.add and len(left) + len(right) <= MOST:
        return left + right
    return _alone(operation(left, right)) if not any(lists) else _alone(None)


def _alone(value):
    """Return a finite real number, or raise a TypeError."""
    if not isinstance(value, float) or not math.isfinite(value):
        raise TypeError
    return value
