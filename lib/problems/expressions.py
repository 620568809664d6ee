"""Textbook expressions as they stand on paper, which is how not to compute them."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getsource, signature
from math import atan, cos, exp, log, sin, sqrt, tan

EXPRESSIONS = {}


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
    >>> first.source, first.precondition, first.function(3.0) == 2 - sqrt(3)
    ('sqrt(x + 1) - sqrt(x)', 'x >= 0', True)
    """
    return dict(EXPRESSIONS)


def stated(name, precondition="True"):
    """Return a decorator that enters a function of one line among the expressions."""
    def enter(function):
        source = getsource(function).partition("return ")[2].strip()
        EXPRESSIONS[function.__name__] = Expression(
            f"NMSE {name}", tuple(signature(function).parameters), source, precondition, function)
        return function

    return enter


@stated("example 3.1", "x >= 0")
def example_3_1(x):
    return sqrt(x + 1) - sqrt(x)


@stated("example 3.3")
def example_3_3(x, eps):
    return sin(x + eps) - sin(x)


@stated("example 3.4", "x != 0")
def example_3_4(x):
    return (1 - cos(x))/sin(x)


@stated("example 3.5")
def example_3_5(N):
    return atan(N + 1) - atan(N)


@stated("example 3.6", "x >= 0")
def example_3_6(x):
    return 1/sqrt(x) - 1/sqrt(x + 1)


@stated("problem 3.3.1", "x != 0")
def problem_3_3_1(x):
    return 1/(x + 1) - 1/x


@stated("problem 3.3.2")
def problem_3_3_2(x, eps):
    return tan(x + eps) - tan(x)


@stated("problem 3.3.3", "x not in (0, 1, -1)")
def problem_3_3_3(x):
    return 1/(x + 1) - 2/x + 1/(x - 1)


@stated("problem 3.3.4", "x >= 0")
def problem_3_3_4(x):
    return (x + 1)**(1/3) - x**(1/3)


@stated("problem 3.3.5")
def problem_3_3_5(x, eps):
    return cos(x + eps) - cos(x)


@stated("problem 3.3.6", "N > 0")
def problem_3_3_6(N):
    return log(N + 1) - log(N)


@stated("problem 3.3.7")
def problem_3_3_7(x):
    return exp(x) - 2 + exp(-x)


@stated("p42, positive", "b*b >= 4*(a*c) and a != 0")
def p42_positive(a, b, c):
    return (-b + sqrt(b*b - 4*(a*c)))/(2*a)


@stated("p42, negative", "b*b >= 4*(a*c) and a != 0")
def p42_negative(a, b, c):
    return (-b - sqrt(b*b - 4*(a*c)))/(2*a)


@stated("problem 3.2.1, positive", "b2*b2 >= a*c and a != 0")
def problem_3_2_1_positive(a, b2, c):
    return (-b2 + sqrt(b2*b2 - a*c))/a


@stated("problem 3.2.1, negative", "b2*b2 >= a*c and a != 0")
def problem_3_2_1_negative(a, b2, c):
    return (-b2 - sqrt(b2*b2 - a*c))/a


@stated("example 3.7")
def example_3_7(x):
    return exp(x) - 1


@stated("example 3.8", "N > 0")
def example_3_8(N):
    return (N + 1)*log(N + 1) - N*log(N) - 1


@stated("example 3.9", "x != 0")
def example_3_9(x):
    return 1/x - 1/tan(x)


@stated("example 3.10", "-1 < x < 1")
def example_3_10(x):
    return log(1 - x)/log(1 + x)


@stated("problem 3.4.1", "x != 0")
def problem_3_4_1(x):
    return (1 - cos(x))/(x*x)


@stated("problem 3.4.2", "eps != 0")
def problem_3_4_2(a, b, eps):
    return eps*(exp((a + b)*eps) - 1)/((exp(a*eps) - 1)*(exp(b*eps) - 1))


@stated("problem 3.4.3", "-1 < eps < 1")
def problem_3_4_3(eps):
    return log((1 - eps)/(1 + eps))


@stated("problem 3.4.4", "x != 0")
def problem_3_4_4(x):
    return sqrt((exp(2*x) - 1)/(exp(x) - 1))


@stated("problem 3.4.5", "x != 0")
def problem_3_4_5(x):
    return (x - sin(x))/(x - tan(x))


@stated("problem 3.4.6", "x >= 0")
def problem_3_4_6(x, n):
    return (x + 1)**(1/n) - x**(1/n)


@stated("section 3.5")
def section_3_5(a, x):
    return exp(a*x) - 1


@stated("section 3.11", "x != 0")
def section_3_11(x):
    return exp(x)/(exp(x) - 1)
