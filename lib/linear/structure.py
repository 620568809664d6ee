"""See what a matrix is made of before anything is computed with it: zeros, sizes, symmetry.

Nothing here rounds but logarithms and one product; each function costs some n**2 operations.
"""

import numpy as np

from lib.numbers import unit_roundoff


def triangle_kind(A):
    """Return "diagonal", "lower" or "upper", whichever A is first; an empty string if none.

    Examples
    --------
    >>> triangle_kind(np.array([[1.0, 0.0], [2.0, 3.0]]))
    'lower'
    """
    above, below = np.any(np.triu(A, 1)), np.any(np.tril(A, -1))
    if above and below:
        return ""
    return "upper" if above else "lower" if below else "diagonal"


def zero_line(A):
    """Return the name of a row or a column that is zero, the first; an empty string if none is.

    Examples
    --------
    >>> zero_line(np.array([[1.0, 0.0], [2.0, 0.0]]))
    'column 1'
    """
    for name, lines in (("row", A), ("column", A.T)):
        zero = np.flatnonzero(~np.any(lines, axis=1))
        if len(zero):
            return f"{name} {zero[0]}"
    return ""


def zero_pivot(T):
    """Return the name of an element of the diagonal of a triangle that is 0, or an empty string.

    Examples
    --------
    >>> zero_pivot(np.array([[1.0, 2.0], [0.0, 0.0]]))
    'element 1 of the diagonal'
    """
    zeros = np.flatnonzero(np.diag(T) == 0)
    return f"element {zeros[0]} of the diagonal" if len(zeros) else ""


def density(A):
    """Return the share of elements that are not zero, and the largest distance from the diagonal.

    Examples
    --------
    >>> share, band = density(np.eye(4, k=1) + np.eye(4))
    >>> float(share), band
    (0.4375, 1)
    """
    i, j = np.nonzero(A)
    return len(i) / A.size, int(np.max(np.abs(i - j), initial=0))


def asymmetry(A):
    """Return max|A - A.T| / max|A|, and whether rounding alone can have made the difference.

    As in `cholesky`, an element may differ by 10 n u sqrt(A[i, i] A[j, j]).

    Examples
    --------
    >>> asymmetry(np.array([[4.0, 1.0], [3.0, 4.0]]))
    (0.5, False)
    """
    largest = np.max(np.abs(A))
    S = A / largest if largest else A
    gap, root = np.abs(S - S.T), np.sqrt(np.abs(np.diag(S)))
    allowed = 10 * len(A) * unit_roundoff(A.dtype) * np.outer(root, root)
    return float(np.max(gap)), bool(np.all(gap <= allowed))


def spread(A):
    """Return the ratio of the largest to the smallest size of rows, or of columns, in powers of 10.

    The size of a row is its largest element; the greater of the two ratios counts. No row or column
    may be zero.

    Examples
    --------
    >>> round(spread(np.diag([1.0, 1e-300])))
    300
    """
    size = logarithms(A)
    return float(max(np.ptp(np.max(size, axis=axis)) for axis in (0, 1)) * np.log10(2))


def logarithms(A):
    """Return log2|A|, -inf for 0, by fractions and exponents: nothing over- or underflows."""
    fraction, exponent = np.frexp(np.abs(A).astype(float))
    with np.errstate(divide="ignore"):
        return np.log2(fraction) + exponent
