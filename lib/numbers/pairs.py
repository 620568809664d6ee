"""Add and multiply floats without losing anything: a rounded result, and the error it made."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from lib.numbers.arguments import one_shape, plain_array, refuse_mixed
from lib.numbers.exact import exact_parts


def two_sum(a, b):
    """Return the rounded sum of a and b, and the error that rounding made.

    With round-to-nearest and no overflow, s + e equals a + b exactly (Knuth, TAOCP vol. 2,
    section 4.2.2, theorem B). Where s overflows, e is nan; so it may be where only b is the largest
    float or its negative, as a number on the way then overflows: exchange a and b there. Works
    elementwise on arrays, on fractions, which never round, and on Decimals and mpmath numbers that
    are no longer than the working precision.

    Whole numbers of Python stay whole, also those that NumPy holds one by one.

    Raises
    ------
    TypeError
        If a or b is masked, a np.matrix or no numbers, or both are arrays of integers, which wrap;
        if a Decimal is beside a float, or a fraction beside a Decimal or a number of mpmath.
    ValueError
        If the shapes do not fit, or a number would be rounded before it is added: a Python float
        beside float32, an integer beyond 2**53 or a fraction beside a float, a number with more
        digits than the working precision of Decimals or mpmath.

    Examples
    --------
    >>> s, e = two_sum(1e16, 1.0)
    >>> s == 1e16, e
    (True, 1.0)
    """
    a, b = _summands(a, b)
    s = a + b
    b_kept = s - a
    a_kept = s - b_kept
    return s, (a - a_kept) + (b - b_kept)


def _summands(a, b):
    """Return a and b as arrays or numbers that can be added, or refuse them."""
    # Floats of NumPy widen without loss beside each other; a Python float may not beside float32.
    if any(isinstance(a, kind) and isinstance(b, kind) for kind in (float, np.floating)):
        return a, b
    arrays, dtype = _common(a, b)
    whole = [array.dtype.kind in "biu" for array in arrays]
    if all(whole) and (arrays[0].ndim or arrays[1].ndim):
        raise TypeError("two_sum adds floats, got arrays of integers a and b: convert with "
                        ".astype(float)")
    if dtype.kind in "fc":
        return [_kept(*each, dtype) for each in zip((a, b), arrays, "ab", strict=True)]
    # Exact: whole numbers become those of Python, objects add as they do.
    with np.errstate(all="ignore"):  # NumPy 2.5 warns beside what the function raises
        return np.frompyfunc(_exact_pair, 2, 2)(*(array.astype(object) for array in arrays))


def _exact_pair(a, b):
    """Return two numbers as such that can be added and subtracted exactly, or refuse them."""
    _refuse_rounded(a, b)
    refuse_mixed((a, b), "a, b")
    for x in (a, b):
        if isinstance(x, Decimal) or hasattr(x, "_mpf_") or hasattr(x, "_mpc_"):
            zero = Decimal(0) if isinstance(x, Decimal) else x.context.zero
            return _at_working_precision(a, zero), _at_working_precision(b, zero)
    return a, b


def _at_working_precision(x, zero):
    """Return x as a number like zero, or refuse it if its working precision does not hold x."""
    kept = zero + x
    pairs = zip(exact_parts(kept, "x"), exact_parts(x, "x"), strict=True)
    if any(p != q and q == q for p, q in pairs):
        raise ValueError(f"{x!r:.80} has more digits than {type(kept).__name__} keeps: raise its "
                         "working precision, or convert a and b to fractions")
    return kept


def _refuse_rounded(a, b):
    """Refuse two numbers, one of which would be rounded before they are added."""
    for x, kind in ((a, type(b)), (b, type(a))):
        # A number of the tracer counts as a float in isinstance, and is none.
        if not issubclass(kind, float | complex | np.inexact):
            continue
        if isinstance(x, Fraction):
            raise ValueError(f"{x} is a fraction beside a float, which would round it: convert a "
                             "and b to fractions")
        # Numbers of Python take the kind of their partner.
        if type(x) in (int, bool, float, complex) and not _holds(kind, x):
            is_long = isinstance(x, int) and abs(x) >= 2**99
            what = f"a whole number of {x.bit_length()} bits" if is_long else x
            raise ValueError(f"{what} is beside a {kind.__name__}, which would round it: convert a "
                             "and b to fractions")


def _holds(kind, x):
    """Return whether a kind of floats holds a number of Python; it holds any nan."""
    if type(x) is complex:
        return _holds(kind, x.real) and _holds(kind, x.imag)
    try:
        with np.errstate(over="ignore"):
            return type(x)(kind(x).real) == x or x != x
    except OverflowError:  # beyond the range
        return False


def _common(a, b):
    """Return a and b as arrays, and their dtype: a number of Python takes that of its partner."""
    arrays = plain_array(a, "a"), plain_array(b, "b")
    one_shape(*arrays, ("a", "b"))
    try:
        return arrays, np.result_type(*(x if type(x) in (int, float) else array.dtype
                                        for x, array in zip((a, b), arrays, strict=True)))
    except OverflowError:  # a whole number beyond 64 bits
        return arrays, np.dtype(object)


def _kept(x, array, name, dtype):
    """Return an array in a dtype of floats, or refuse it if that would round."""
    try:
        with np.errstate(over="ignore"):
            wide, kept = array.astype(dtype), True
        if type(x) in (int, float):
            kept = x != x or type(x)(wide.real) == x
        elif array.dtype.kind in "iu" and array.size:
            kept = max(int(array.max()), -int(array.min())) <= 2**(np.finfo(dtype).nmant + 1)
    except OverflowError:  # a whole number beyond the range
        kept = False
    if not kept:
        raise ValueError(f"{name} holds numbers that {dtype} would round: convert a and b to one "
                         "dtype first")
    return wide[()]


def two_prod(a, b):
    """Return the rounded product of a and b, and the error that rounding made.

    Parameters
    ----------
    a, b : ndarray or float
        Factors, any one floating dtype; broadcast together.

    Returns
    -------
    p, e : pair of ndarray or scalar, of the factors' dtype
        p + e equals a * b exactly, as long as nothing overflows on the way and no bit of
        the product lies below the smallest subnormal. Both hold in float64 for factors
        between 1e-145 and 1e150 (float32: 1e-15 and 1e15; float16: 0.25 and 200); scale others by
        a power of two.

    Raises
    ------
    TypeError
        If a or b is not of a real floating dtype, is masked or a np.matrix.
    ValueError
        As `two_sum`.

    References
    ----------
    Dekker, Numer. Math. 18 (1971), who credits the splitting to Veltkamp; Ogita, Rump &
    Oishi, SIAM J. Sci. Comput. 26 (2005), algorithms 3.2 and 3.3.

    Examples
    --------
    >>> p, e = two_prod(1e8 + 1, 1e8 + 1)
    >>> f"{p:.0f} {e:.0f}"
    '10000000200000000 1'
    """
    arrays, dtype = _common(a, b)
    if not np.issubdtype(dtype, np.floating):
        raise TypeError(f"two_prod needs real floats a and b, got {dtype}; convert with "
                        ".astype(float)")
    a, b = (_kept(*each, dtype) for each in zip((a, b), arrays, "ab", strict=True))
    a_high, a_low = _split(a, dtype)
    b_high, b_low = _split(b, dtype)
    p = a * b
    return p, a_low * b_low - (((p - a_high * b_high) - a_low * b_high) - a_high * b_low)


def _split(a, dtype):
    """Return a as a sum of two halves, so short that products of halves are exact."""
    precision = np.finfo(dtype).nmant + 1
    scaled = dtype.type(2.0 ** ((precision + 1) // 2) + 1) * a
    high = scaled - (scaled - a)
    return high, a - high
