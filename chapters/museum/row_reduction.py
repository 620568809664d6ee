"""A pivot that nobody looked for

A library inverted matrices by row reduction, with the rows in the order in which they came. A
pivot below 10⁻¹⁰ it did not divide by at all, and the inverse was wrong, without a word. In the
report the pivot was 0. Here it is 10⁻⁹, just above the limit, in a system of two equations: another
fault with the same cure. The system is ours.

The row with the largest entry in the column goes first.

The tracer blames the lines that compute with a factor of 10⁹. The fix is a choice of rows
before the first of them, which rounds nothing: the formulas stay, and get other numbers.
"""

REPORT, YEAR, STATE = "twist-vector/elixir-matrix#10", 2023, "proposed"
FIX = "twist-vector/elixir-matrix#11"
CHAPTER = "lu"
INPUT = ([[1e-9, 1.0], [1.0, 1.0]], [1.0, 2.0])


def row_reduction(A, b):
    factor = A[1][0] / A[0][0]
    pivot = A[1][1] - factor * A[0][1]
    y = (b[1] - factor * b[0]) / pivot
    x = (b[0] - A[0][1] * y) / A[0][0]
    return x, y


def row_reduction_fixed(A, b):
    if abs(A[0][0]) < abs(A[1][0]):
        A, b = A[::-1], b[::-1]
    factor = A[1][0] / A[0][0]
    pivot = A[1][1] - factor * A[0][1]
    y = (b[1] - factor * b[0]) / pivot
    x = (b[0] - A[0][1] * y) / A[0][0]
    return x, y
