"""Problems whose answers are known: certified data sets, matrices, hard sums, expressions.

The one door to all of them: readers of real data live in `lib.datasets`, matrices in
`lib.matrices`. Readers take a name and return a frozen record of what lies in `lib/data`;
generators take their randomness as an argument. Nothing is downloaded.
"""

import linecache
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from lib.datasets import FOLDER, read_image, read_recorded, read_strd, read_table
from lib.matrices import (
    collinear,
    hilbert,
    lauchli,
    poisson2d,
    random_orthogonal,
    random_rotation,
    read_matrix,
    read_right_hand_side,
    vandermonde,
    wilkinson,
    with_singular_values,
)

__all__ = [
    "Expression",
    "cancelling_terms",
    "collinear",
    "hamming_expressions",
    "hilbert",
    "lauchli",
    "poisson2d",
    "random_orthogonal",
    "random_rotation",
    "read_image",
    "read_matrix",
    "read_recorded",
    "read_right_hand_side",
    "read_strd",
    "read_table",
    "vandermonde",
    "wilkinson",
    "with_singular_values",
]


def cancelling_terms(n, condition, rng):
    """Return n floats whose sum is much smaller than they are, and that sum.

    The first half of the terms has random signs and magnitudes between 1 and about `condition`;
    each later term cancels the sum so far down to a random remainder on a shrinking scale, the last
    one down to sum(|x|) / condition. The order is shuffled.

    Parameters
    ----------
    n : int
        Number of terms, at least 6.
    condition : float
        Wanted condition number sum(|x|) / |sum(x)|, between 4 and 1e290, and at most
        2**(20 (n - 4)): every term hides 53 bits of it at the very most.
    rng : numpy.random.Generator
        Source of the terms.

    Returns
    -------
    x : ndarray, shape (n,)
    total : float
        The exact sum, correctly rounded. The condition number is within a factor 2 of the wanted
        one.

    Raises
    ------
    ValueError
        If n or condition is out of range.

    References
    ----------
    After Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm 6.1 (GenDot).

    Examples
    --------
    >>> x, total = cancelling_terms(100, 1e20, np.random.default_rng(7))
    >>> math.fsum(x.tolist()) == total
    True
    >>> f"{np.abs(x).sum() / abs(total):.0e}"
    '1e+20'
    """
    if n < 6 or not 4 <= condition <= min(1e290, 2.0 ** min(20 * (n - 4), 1023)):
        raise ValueError("cancelling_terms needs n >= 6 and a condition from 4 to 1e290 and "
                         f"2**(20 (n - 4)), got n = {n}, condition = {condition}: add terms")
    half, b = n // 2, math.log2(condition)
    exponents = np.concatenate([[b], rng.uniform(0, b, half - 1), np.linspace(b, 0, n - half)])
    x = rng.uniform(-1, 1, n) * np.exp2(np.rint(exponents))
    total = sum(map(Fraction, x[:half].tolist()))
    for i in range(half, n):
        if i == n - 1:
            x[i] = rng.choice([-1, 1]) * np.abs(x[:i]).sum() / condition
        x[i] = float(Fraction(x[i]) - total)
        total += Fraction(x[i])
    return rng.permutation(x), float(total)


@dataclass(frozen=True)
class Expression:
    """A textbook expression as it stands on paper, which is how not to compute it.

    Attributes
    ----------
    name : str
        As in the benchmark, for example "NMSE example 3.1".
    arguments : tuple of str
    source : str
        The expression in Python, with names of the module math.
    precondition : str
        In Python, on the arguments; "True" if there is none.
    function : callable
        Evaluates the expression in float64. Its source can be inspected, hence traced.
    """

    name: str
    arguments: tuple
    source: str
    precondition: str
    function: Callable


def hamming_expressions():
    """Return the 28 expressions of chapter 3 of Hamming's book, as FPBench states them.

    Returns
    -------
    dict of str to Expression
        Keys are the names of the functions, such as "example_3_1" for "NMSE example 3.1".

    References
    ----------
    Hamming, Numerical Methods for Scientists and Engineers, 2nd ed., Dover (1987), chapter 3;
    Damouche et al., Toward a standard benchmark format and suite for floating-point analysis,
    NSV 2016.

    Examples
    --------
    >>> first = hamming_expressions()["example_3_1"]
    >>> first.source, first.precondition, first.function(3.0) == 2 - math.sqrt(3)
    ('sqrt(x + 1) - sqrt(x)', 'x >= 0', True)
    """
    text = (FOLDER / "fpcore" / "fpbench-hamming-ch3.fpcore").read_text(encoding="ascii")
    tokens = re.findall(r'"[^"]*"|[()]|[^\s()"]+', re.sub(r";.*", "", text))
    expressions = {}
    while tokens:
        _, arguments, *properties, body = _parse(tokens)
        keys = dict(zip(properties[::2], properties[1::2], strict=True))
        name = keys[":name"].strip('"')
        key = re.sub(r"\W+", "_", name.removeprefix("NMSE "))
        source = _infix(body)[0]
        expressions[key] = Expression(name, tuple(arguments), source,
                                      _infix(keys.get(":pre", "True"))[0],
                                      _function(key, arguments, source))
    return expressions


def _parse(tokens):
    """Take one S-expression off the front of the tokens and return it as nested lists."""
    token = tokens.pop(0)
    if token != "(":
        return token
    items = []
    while tokens[0] != ")":
        items.append(_parse(tokens))
    tokens.pop(0)
    return items


def _infix(node):
    """Return a parsed expression in Python's notation, and how tightly its operator binds."""
    if isinstance(node, str):
        return node, 9
    operator, operands = node[0], [_infix(item) for item in node[1:]]
    if operator in ("and", "<", ">", ">=", "!="):
        return _condition(operator, [text for text, _ in operands]), 0
    level = {"+": 1, "-": 1, "*": 2, "/": 2, "pow": 4}.get(operator)
    if level is None:
        return f"{operator}({', '.join(text for text, _ in operands)})", 9
    if len(operands) == 1:
        return f"-{_within(operands[0], 3)}", 3
    left, right = operands
    sign = {"*": "*", "/": "/", "pow": "**"}.get(operator, f" {operator} ")
    return f"{_within(left, level + (level == 4))}{sign}{_within(right, level + 1)}", level


def _within(operand, level):
    """Return the text of an operand, in parentheses if it binds less tightly than level."""
    text, own = operand
    return text if own >= level else f"({text})"


def _condition(operator, texts):
    """Return a precondition in Python; != compares all its arguments with the first."""
    if operator == "and":
        return " and ".join(texts)
    if operator == "!=" and len(texts) > 2:
        return f"{texts[0]} not in ({', '.join(texts[1:])})"
    return f" {operator} ".join(texts)


def _function(name, arguments, source):
    """Return the expression as a function; its lines are left where inspect looks for them."""
    text = f"def {name}({', '.join(arguments)}):\n    return {source}\n"
    file = f"<fpbench {name}>"
    namespace = {word: getattr(math, word) for word in re.findall(r"[a-z]+(?=\()", source)}
    exec(compile(text, file, "exec"), namespace)
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    return namespace[name]
