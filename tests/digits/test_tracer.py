"""The tracer: its marks and digits against what is known of each method."""

import functools
import math
import re
import time

import mpmath
import numpy as np
import pytest

from lib.digits import Line, trace
from lib.numbers import BF16, compensated_sum, naive_sum
from lib.problems import hamming_expressions

# Hamming's expressions: where to evaluate them, the digits that first-order analysis leaves
# (-log10 of the amplification times u, give or take one), the operation at which they show as
# lost, and the one that made the error.
HAMMING = {
    "example_3_1": ((1e8,), "sqrt(x + 1) - sqrt(x)", "sqrt(x + 1)"),
    "example_3_3": ((1.0, 1e-7), "sin(x + eps) - sin(x)", None),
    "example_3_4": ((1e-5,), "1 - cos(x)", "cos(x)"),
    "example_3_5": ((1e7,), "atan(N + 1) - atan(N)", None),
    "example_3_6": ((1e8,), "1/sqrt(x) - 1/sqrt(x + 1)", None),
    "problem_3_3_1": ((1e8,), "1/(x + 1) - 1/x", "1/(x + 1)"),
    "problem_3_3_2": ((1.0, 1e-7), "tan(x + eps) - tan(x)", None),
    "problem_3_3_3": ((1e6,), "1/(x + 1) - 2/x + 1/(x - 1)", None),
    "problem_3_3_4": ((1e8,), "(x + 1)**(1/3) - x**(1/3)", None),
    "problem_3_3_5": ((1.0, 1e-7), "cos(x + eps) - cos(x)", None),
    "problem_3_3_6": ((1e8,), "log(N + 1) - log(N)", None),
    "problem_3_3_7": ((1e-4,), "exp(x) - 2 + exp(-x)", None),
    "p42_positive": ((1.0, 1e6, 1.0), "-b + sqrt(b*b - 4*(a*c))", "sqrt(b*b - 4*(a*c))"),
    "p42_negative": ((1.0, -1e6, 1.0), "-b - sqrt(b*b - 4*(a*c))", "sqrt(b*b - 4*(a*c))"),
    "problem_3_2_1_positive": ((1.0, 1e6, 1.0), "-b2 + sqrt(b2*b2 - a*c)", "sqrt(b2*b2 - a*c)"),
    "problem_3_2_1_negative": ((1.0, -1e6, 1.0), "-b2 - sqrt(b2*b2 - a*c)", "sqrt(b2*b2 - a*c)"),
    "example_3_7": ((1e-5,), "exp(x) - 1", "exp(x)"),
    "example_3_8": ((1e8,), "(N + 1)*log(N + 1) - N*log(N)", None),
    "example_3_9": ((1e-4,), "1/x - 1/tan(x)", None),
    "example_3_10": ((1e-5,), "log(1 + x)", "1 + x"),
    "problem_3_4_1": ((1e-5,), "1 - cos(x)", "cos(x)"),
    "problem_3_4_2": ((2.0, 3.0, 1e-7), "exp(a*eps) - 1", "exp(a*eps)"),
    "problem_3_4_3": ((1e-7,), "log((1 - eps)/(1 + eps))", None),
    "problem_3_4_4": ((1e-6,), "exp(x) - 1", "exp(x)"),
    "problem_3_4_5": ((1e-4,), "x - sin(x)", "sin(x)"),
    "problem_3_4_6": ((1e8, 5.0), "(x + 1)**(1/n) - x**(1/n)", None),
    "section_3_5": ((0.5, 1e-5), "exp(a*x) - 1", "exp(a*x)"),
    "section_3_11": ((1e-5,), "exp(x) - 1", "exp(x)"),
}
# The same, rewritten as Hamming asks; the tracer must find nothing to say about these.
REWRITTEN = {
    "example_3_1": lambda x: 1 / (math.sqrt(x + 1) + math.sqrt(x)),
    "example_3_3": lambda x, eps: 2 * math.cos(x + eps / 2) * math.sin(eps / 2),
    "example_3_4": lambda x: math.tan(x / 2),
    "example_3_5": lambda N: math.atan(1 / (1 + N * (N + 1))),
    "example_3_6": lambda x: 1 / (math.sqrt(x * (x + 1)) * (math.sqrt(x + 1) + math.sqrt(x))),
    "problem_3_3_1": lambda x: -1 / (x * (x + 1)),
    "problem_3_3_2": lambda x, eps: math.sin(eps) / (math.cos(x) * math.cos(x + eps)),
    "problem_3_3_3": lambda x: 2 / (x * (x - 1) * (x + 1)),
    "problem_3_3_4": lambda x: 1 / (math.cbrt(x + 1) ** 2 + math.cbrt(x * (x + 1))
                                    + math.cbrt(x) ** 2),
    "problem_3_3_5": lambda x, eps: -2 * math.sin(x + eps / 2) * math.sin(eps / 2),
    "problem_3_3_6": lambda N: math.log1p(1 / N),
    "problem_3_3_7": lambda x: 4 * math.sinh(x / 2) ** 2,
    "p42_positive": lambda a, b, c: 2 * c / (-b - math.sqrt(b * b - 4 * a * c)),
    "p42_negative": lambda a, b, c: 2 * c / (-b + math.sqrt(b * b - 4 * a * c)),
    "problem_3_2_1_positive": lambda a, b, c: c / (-b - math.sqrt(b * b - a * c)),
    "problem_3_2_1_negative": lambda a, b, c: c / (-b + math.sqrt(b * b - a * c)),
    "example_3_7": lambda x: math.expm1(x),
    "example_3_8": lambda N: (N + 1) * math.log1p(1 / N) + math.log(N) - 1,
    "example_3_10": lambda x: math.log1p(-x) / math.log1p(x),
    "problem_3_4_1": lambda x: 2 * (math.sin(x / 2) / x) ** 2,
    "problem_3_4_2": lambda a, b, eps: eps * math.expm1((a + b) * eps) / (
        math.expm1(a * eps) * math.expm1(b * eps)),
    "problem_3_4_3": lambda eps: math.log1p(-eps) - math.log1p(eps),
    "problem_3_4_4": lambda x: math.sqrt(math.exp(x) + 1),
    "section_3_5": lambda a, x: math.expm1(a * x),
    "section_3_11": lambda x: math.exp(x) / math.expm1(x),
}  # fmt: skip


def exactly(expression, arguments):
    """The value of a Hamming expression, evaluated by mpmath from its text."""
    values = {name: mpmath.mpf(x) for name, x in zip(expression.arguments, arguments, strict=True)}
    text = re.sub(r"\(1/3\)", repr("(1/3)"), expression.source)  # a float, as Python reads it
    text = text.replace("'(1/3)'", f"mpf({1 / 3!r})")
    return eval(text, vars(mpmath) | values)


def test_all_of_hammings_expressions_are_tried():
    assert HAMMING.keys() == hamming_expressions().keys() and len(HAMMING) == 28
    assert REWRITTEN.keys() < HAMMING.keys()


@pytest.mark.parametrize("name", HAMMING)
def test_hammings_expressions_lose_digits_where_they_cancel(name, digits_left):
    arguments, shows, cause = HAMMING[name]
    expression = hamming_expressions()[name]
    result = trace(expression.function, *arguments)
    exact = exactly(expression, arguments)
    assert abs(result.exact - exact) <= mpmath.mpf(10) ** -40 * abs(exact)
    assert result.value == expression.function(*arguments)
    assert result.digits == pytest.approx(digits_left(result.value, exact), abs=1e-9)
    assert result.digits < 12
    assert result.shows.expression == shows
    assert result.cause.expression == cause if cause else result.cause.expression in shows
    assert result.cause != result.shows


@pytest.mark.parametrize("name", REWRITTEN)
def test_their_rewritten_forms_keep_their_digits(name):
    arguments = HAMMING[name][0]
    result = trace(REWRITTEN[name], *arguments)
    exact = exactly(hamming_expressions()[name], arguments)
    assert abs(result.exact - exact) <= 1e-14 * abs(exact)  # the float 1/3 is not a third
    assert result.digits > 15
    assert result.shows is None and result.cause is None


# What each method loses is known, and where: line shown, operation; line of the cause, operation.


def one_pass_variance(x):
    n = len(x)
    total = sum(x)
    squares = sum(x * x)
    return (squares - total * total / n) / (n - 1)


def two_pass_variance(x):
    mean = sum(x) / len(x)
    return sum((x - mean) ** 2) / (len(x) - 1)


def test_one_pass_variance_loses_what_the_squares_rounded(line_of):
    x = 1e8 + np.array([0.25, 0.5, 0.75, 1.0, 1.25, 1.5])
    result = trace(one_pass_variance, x)
    assert float(result.exact) == pytest.approx(np.var(x - 1e8, ddof=1), rel=1e-15, abs=0)
    assert result.digits < 1
    assert "squares - total" in line_of(result, "return").source
    assert result.shows[:3] == (line_of(result, "return").number, "subtraction",
                                "squares - total * total / n")
    assert result.cause.expression in ("x * x", "sum(x * x)", "total * total")
    assert "error made here" in line_of(result, str(result.cause.expression)).note
    assert trace(two_pass_variance, x).digits > 15


def quadratic(a, b, c):
    disc = b * b - 4 * a * c
    root = math.sqrt(disc)
    x1 = (-b + root) / (2 * a)
    x2 = (-b - root) / (2 * a)
    return x1, x2


def test_the_small_root_of_a_quadratic_shows_what_the_square_root_rounded(line_of):
    result = trace(quadratic, 1, 1e8, 1)
    assert result.components[0] == result.digits < 1 and result.components[1] > 15
    assert result.shows.expression == "-b + root" and result.cause.expression == "math.sqrt(disc)"
    x1 = line_of(result, "x1 =")
    # Of a + b, with a = -1e8 and b = sqrt(1e16 - 4), the amplification is (|a| + |b|) / |a + b|.
    root = mpmath.sqrt(mpmath.mpf(10) ** 16 - 4)
    amplification = float((10**8 + root) / (10**8 - root))
    assert x1.amplification == pytest.approx(amplification, rel=1e-12, abs=0)
    assert x1.loss > 15 and line_of(result, "x2 =").loss < 1
    assert line_of(result, "disc =").rounding == 0  # 1e16 - 4 is a float


def test_a_quadratic_with_a_nearly_double_root_shows_the_square_of_b(digits_left):
    result = trace(quadratic, 1.0, 2.0000001, 1.0000001)
    assert result.digits == pytest.approx(digits_left(result.value[0], result.exact[0]), abs=1e-9)
    assert result.shows.expression == "b * b - 4 * a * c"
    assert result.cause.expression == "b * b"


def eliminate(A, b):
    A, b = A.copy(), b.copy()
    factor = A[1, 0] / A[0, 0]
    A[1, 1] = A[1, 1] - factor * A[0, 1]
    b[1] = b[1] - factor * b[0]
    return A, b


def back_substitute(A, b):
    x = np.zeros_like(b)
    x[1] = b[1] / A[1, 1]
    x[0] = (b[0] - A[0, 1] * x[1]) / A[0, 0]
    return x


def solve(A, b):
    return back_substitute(*eliminate(A, b))


def test_a_tiny_pivot_rounds_in_elimination_and_shows_in_back_substitution(line_of):
    A, b = np.array([[1e-14, 1.0], [1.0, 1.0]]), np.array([1.0, 2.0])
    result = trace(solve, A, b)
    assert result.digits < 4 and result.components[1] > 15
    assert result.shows.expression == "b[0] - A[0, 1] * x[1]"
    assert result.shows.number == line_of(result, "x[0] =").number
    # x1 is right to the last digit but one: the loss amplifies its rounding, or those in it.
    assert result.cause.expression in ("b[1] / A[1, 1]", "b[1] - factor * b[0]",
                                       "A[1, 1] - factor * A[0, 1]")
    assert trace(solve, A[::-1], b[::-1]).digits > 15
    assert line_of(result, "return back_substitute").digits == result.digits


def test_a_pivot_below_the_spacing_rounds_the_second_row_away(line_of):
    result = trace(solve, np.array([[1e-20, 1.0], [1.0, 1.0]]), np.array([1.0, 2.0]))
    assert result.value.tolist() == [0, 1] and result.components.tolist() == [0, 16]
    assert result.shows.expression == "b[0] - A[0, 1] * x[1]"
    assert result.cause.expression in ("b[1] - factor * b[0]", "A[1, 1] - factor * A[0, 1]")
    assert line_of(result, "A[1, 1] =").digits > 15  # lost there, but not yet to be seen


def gram_schmidt(A):
    Q = np.zeros_like(A)
    for j in range(A.shape[1]):
        v = A[:, j]
        for i in range(j):
            v = v - (Q[:, i] @ A[:, j]) * Q[:, i]
        Q[:, j] = v / np.sqrt(v @ v)
    return Q


def test_classical_gram_schmidt_loses_digits_where_it_subtracts_projections(line_of):
    lauchli = np.array([[1, 1, 1], [1e-7, 0, 0], [0, 1e-7, 0], [0, 0, 1e-7]])
    result = trace(gram_schmidt, lauchli)
    assert result.shows.expression == "v - (Q[:, i] @ A[:, j]) * Q[:, i]"
    assert result.shows.operation == "subtraction"
    assert result.cause.number in (line_of(result, "Q[:, j] =").number, result.shows.number)
    assert result.cause != result.shows
    assert line_of(result, "v = v -").runs >= 3
    exact = np.array(result.exact)
    gram = exact.T @ exact
    assert all(abs(gram[i, j] - (i == j)) < 1e-40 for i in range(3) for j in range(3))
    assert result.exact[0, 0] == pytest.approx(1 / mpmath.sqrt(1 + mpmath.mpf(1e-7) ** 2))


def horner(coefficients, x):
    value = coefficients[0]
    for c in coefficients[1:]:
        value = value * x + c
    return value


def test_horner_near_a_multiple_root_adds_what_the_products_rounded(digits_left):
    coefficients = [float(math.comb(7, k) * (-1) ** k) for k in range(8)]  # (x - 1)**7
    result = trace(horner, coefficients, 1.01)
    x = mpmath.mpf(1.01)
    assert abs(result.exact - (x - 1) ** 7) <= mpmath.mpf(10) ** -44 * (x - 1) ** 7
    assert result.digits == pytest.approx(digits_left(result.value, (x - 1) ** 7), abs=1e-9)
    assert result.digits < 2
    assert result.shows[1:3] == ("addition", "value * x + c")
    assert result.cause[1:3] in [("product", "value * x"), ("addition", "value * x + c")]
    assert [line.runs for line in result.lines] == [7]


def test_a_recurrence_that_loses_a_little_each_time_is_told(line_of):
    def integrals(y):
        for n in range(1, 21):
            y = 1 / n - 5 * y
        return y

    result = trace(integrals, math.log(1.2))
    assert result.digits < 3 and result.shows.expression == "1 / n - 5 * y"
    assert 0 < line_of(result, "y =").loss < 1.5


def test_a_sum_followed_by_its_error_keeps_its_digits():
    x = np.array([1e8, 0.1, 0.2, -1e8])
    naive, compensated = trace(naive_sum, x), trace(compensated_sum, x)
    assert naive.digits < 9 and compensated.digits > 15
    assert "the result does not need them" in repr(compensated)


def test_addition_is_named_as_the_cause_and_subtraction_as_where_it_shows():
    result = trace(lambda x: (x + 1) - x, 1e16)
    assert (result.value, result.exact, result.digits) == (0.0, 1, 0.0)
    assert result.cause[1:3] == ("addition", "x + 1")
    assert result.shows[1:3] == ("subtraction", "(x + 1) - x")
    (line,) = result.lines
    assert line.loss == 16 and line.amplification == pytest.approx(2e16)
    assert line.note == ("error made here (the addition `x + 1`); digits show as lost here: "
                         "16 before, 0 after (the subtraction `(x + 1) - x`)")


def test_log_of_one_plus_x_loses_nothing_by_itself():
    result = trace(lambda x: math.log(1 + x), 1e-10)
    assert result.cause.expression == "1 + x" and result.shows.operation == "log"
    assert trace(lambda x: math.log1p(x), 1e-10).shows is None


def test_ten_thousand_operations_take_two_seconds():
    def f(x):
        s = 0.0
        for k in range(1, 2501):
            s = s + np.exp(-x) / k * x
        return s

    start = time.process_time()
    result = trace(f, 0.7)
    assert time.process_time() - start < 3 * 2
    assert sum(line.runs for line in result.lines) == 2500 and isinstance(result.lines[0], Line)


def rounded(x, digits=2, fmt="%g"):
    return fmt % 1.0, np.round(x, digits)


def test_an_argument_that_the_function_has_too_is_never_taken_for_that_of_trace():
    assert trace(rounded, 0.12345).value == ("1", 0.12)
    for given in ({"digits": 3}, {"fmt": BF16}):
        name = next(iter(given))
        with pytest.raises(TypeError, match=rf"{name} is an argument of trace and of rounded, too: "
                           rf"bind that of rounded by functools.partial\(rounded, {name}="):
            trace(rounded, 0.12345, **given)
    bound = functools.partial(rounded, digits=3, fmt="%d")
    assert trace(bound, 0.12345, digits=80).value == ("1", 0.123)
    assert trace(bound, 0.12345, fmt=BF16).fmt == BF16
