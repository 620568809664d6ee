"""Inner products as hardware adds them: products exact or rounded, sums in a format of few bits.

The terms x[k] y[k] are added from left to right, k = 0, 1, 2, ..., and every addition is rounded
as the format asks, once. Arrays hold many sums side by side, along all axes but the last. What is
rounded before, the numbers x and y themselves, is the caller's: `round_to` or `round_blocks`.
"""

import numpy as np

from lib.numbers.exact import to_odd
from lib.numbers.formats import FP32, Format, round_to
from lib.numbers.pairs import two_sum
from lib.numbers.rounding import finite_float64, like_input
from lib.numbers.scalars import whole_number


def simulated_dot(x, y, fmt, products=None, block=None, outer=FP32, mode="nearest", rng=None):
    """Return sum(x * y) along the last axis, added from left to right in a format.

    Parameters
    ----------
    x, y : array_like, shapes (..., n) that broadcast
        Finite numbers, any two of which have an exact product in float64, as those of FP32, TF32
        and all shorter formats do.
    fmt : Format
        What every sum is rounded to, from 0 on: FP32, FP16, BF16, TF32, or one of your own of at
        most 51 bits.
    products : Format, optional
        What every product is rounded to; by default they are exact, as in tensor cores.
    block : int, optional
        Where given, each block of so many terms has a sum of its own in fmt, from 0 on, and the
        sums of the blocks are added from left to right in `outer`.
    outer : Format
        For the sums of blocks.
    mode, rng
        Of all roundings, as for `round_to`.

    Returns
    -------
    ndarray of float64, of the shape without its last axis, or float for vectors
        0 for n = 0. With g(n, u) = n u / (1 - n u), with u that of fmt for "nearest" and "away" and
        2 u for other modes, and while nothing overflows or is subnormal, the error is at most
        g(n, u) sum(|x y|) for exact products, and (v + (1 + v) g(n, u)) sum(|x y|) for those that
        are rounded with v = u of `products`. In m blocks of b terms, with w = u of `outer`, it is
        at most (g(b, u) + g(m, w) + g(b, u) g(m, w)) sum(|x y|) for exact products. From n u = 1
        on, g says nothing.
        If rounding errors are independent, of mean 0, as those of random data nearly are, then with
        a probability of at least 1 - 2 n exp(-t**2 (1 - u)**2 / 2) the error is at most
        (exp(t sqrt(n) u + n u**2 / (1 - u)) - 1) sum(|x y|), of order sqrt(n) u, for any t > 0. For
        "stochastic" this holds for all data, with 2 u in the place of u. For "nearest" it fails
        near n u = 1 where all terms have one sign: then the sum stops to grow, and all errors are
        of the other sign.

    Raises
    ------
    TypeError
        If x or y is what `round_to` refuses, or fmt, products or outer no Format.
    ValueError
        If x or y is not finite or a single number, or their shapes do not fit; if a product may not
        be exact in float64, or a format has more than 51 bits, or block is below 1; if mode is
        unknown, or "stochastic" has no rng.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1; Higham & Mary, SIAM
    J. Sci. Comput. 41 (2019), section 3, for random errors; Connolly, Higham & Mary, SIAM J. Sci.
    Comput. 43 (2021), for stochastic rounding; Blanchard, Higham & Mary, SIAM J. Sci. Comput. 42
    (2020), for blocks.

    Examples
    --------
    >>> from lib.numbers.formats import BF16, FP16
    >>> x, y = np.full(1000, 0.5), np.ones(1000)
    >>> simulated_dot(x, y, FP16), simulated_dot(x, y, BF16), simulated_dot(x, y, BF16, block=50)
    (500.0, 128.0, 500.0)
    """
    x, y = _factors(x, y)
    for name, each in (("fmt", fmt), ("outer", outer), ("products", products or fmt)):
        _narrow(each, name)
    n = x.shape[-1]
    size = n or 1 if block is None else whole_number(block, "block", 1)
    total = np.zeros(np.broadcast_shapes(x.shape, y.shape)[:-1])
    for first in range(0, n, size):  # one block, of all terms, if there are none
        part = np.zeros_like(total)
        for k in range(first, min(first + size, n)):
            term = x[..., k] * y[..., k]
            if products is not None:
                term = round_to(term, products, mode, rng)
            part = _add(part, term, fmt, mode, rng)
        total = part if block is None else _add(total, part, outer, mode, rng)
    return like_input(np.asarray(total))


def simulated_matmul(A, B, fmt, products=None, block=None, outer=FP32, mode="nearest", rng=None):
    """Return the product of two matrices, each element as `simulated_dot` of a row and a column.

    Parameters
    ----------
    A, B : array_like, shapes (m, n) and (n, p)
    fmt, products, block, outer, mode, rng
        As for `simulated_dot`.

    Returns
    -------
    ndarray of float64, shape (m, p)
        With the bounds of `simulated_dot` for each element.

    Raises
    ------
    TypeError, ValueError
        As `simulated_dot`, or if A or B is no matrix, or their shapes do not fit.

    Examples
    --------
    >>> from lib.numbers.formats import BF16
    >>> simulated_matmul([[256.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 2.0]], BF16)
    array([[256.,   2.],
           [  2.,   2.]])
    """
    A, B = finite_float64(A, "A"), finite_float64(B, "B")
    if A.ndim != 2 or B.ndim != 2 or A.shape[1] != len(B):
        raise ValueError(f"A of shape {A.shape} and B of shape {B.shape} have no product: give "
                         "shapes (m, n) and (n, p)")
    return simulated_dot(A[:, None], B.T, fmt, products, block, outer, mode, rng)


def aligned_dot(x, y, bits=14, group=32, promote=None):
    """Return sum(x * y) along the last axis as tensor cores add groups of products: cut, then add.

    In each group the products, and the sum so far, are cut towards zero to multiples of the power
    of two that leaves the largest of them `bits` bits; the cut numbers are added exactly.

    Parameters
    ----------
    x, y : array_like, shapes (..., n) that broadcast
        As for `simulated_dot`.
    bits : int
        From 2 to 40. Users of Hopper's FP8 products report about 14; other hardware keeps more.
    group : int
        How many products are added at once, from left to right group by group, at most 1024.
    promote : int, optional
        Where given, so many terms, a multiple of `group`, have a sum of their own, and these are
        added from left to right in FP32. The last sum is rounded to FP32 in any case.

    Returns
    -------
    ndarray of float64, of the shape without its last axis, or float for vectors
        With an error of at most (m (group + 1) 2**(1 - bits) + 2**-24) sum(|x y|) for m groups, as
        long as nothing is promoted and the sum is in the normal range of FP32. Where all terms have
        one sign errors do not average out: what is cut is lost.

    Raises
    ------
    TypeError, ValueError
        As `simulated_dot`, or if bits, group or promote is no integer of its range.

    References
    ----------
    Fasi, Higham, Mikaitis & Pranesh, PeerJ Comput. Sci. 7 (2021) e330, for tensor cores; DeepSeek,
    "DeepSeek-V3 Technical Report", arXiv 2412.19437 (2024), section 3.3, for 14 bits and promotion.

    Examples
    --------
    >>> x, y = np.full(4096, 1.0), np.full(4096, 0.6875)
    >>> float(x @ y), aligned_dot(x, y), aligned_dot(x, y, promote=128)
    (2816.0, 2534.0, 2816.0)
    """
    x, y = _factors(x, y)
    bits, group = whole_number(bits, "bits", 2), whole_number(group, "group", 1)
    promote = None if promote is None else whole_number(promote, "promote", group)
    if bits > 40 or group > 1024 or (promote or 0) % group:
        raise ValueError(f"bits = {bits}, group = {group}, promote = {promote}: give at most 40 "
                         "bits, groups of at most 1024, and a multiple of group to promote")
    part = np.zeros(np.broadcast_shapes(x.shape, y.shape)[:-1])
    total = np.zeros_like(part)
    for first in range(0, x.shape[-1], group):
        if promote and first % promote == 0:
            total, part = np.asarray(round_to(total + part, FP32)), np.zeros_like(part)
        products = x[..., first : first + group] * y[..., first : first + group]
        terms = np.concatenate([products, part[..., None]], axis=-1)
        exponent = np.frexp(np.max(np.abs(terms), axis=-1, keepdims=True))[1]
        cut = np.ldexp(np.trunc(np.ldexp(terms, bits - exponent)), exponent - bits)
        part = np.sum(cut, axis=-1)  # exact: whole multiples below 2**(bits + 10)
    return round_to(total + part, FP32)


def _factors(x, y):
    """Return x and y, or refuse what has no inner products, or none that are exact in float64."""
    x, y = finite_float64(x, "x"), finite_float64(y, "y")
    if not (x.ndim and y.ndim and x.shape[-1] == y.shape[-1]):
        raise ValueError(f"x of shape {x.shape} and y of shape {y.shape} have no inner products: "
                         "give their last axes one length")
    try:
        np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        raise ValueError(f"x of shape {x.shape} and y of shape {y.shape} do not broadcast: make "
                         "their leading axes fit") from None
    sizes = np.abs(np.concatenate([x.ravel(), y.ravel()]))
    bits = _significant_bits(x) + _significant_bits(y)
    if bits > 53 or np.any(sizes > 2.0**500) or np.any((sizes > 0) & (sizes < 2.0**-450)):
        raise ValueError("x and y have products that float64 does not hold exactly: round both "
                         "first, as with round_to(x, FP32)")
    return x, y


def _significant_bits(x):
    """Return the bits from the first to the last that is set, at most, of the numbers in x."""
    whole = np.ldexp(np.frexp(x)[0], 53).astype(np.int64)
    lowest = np.frexp((whole & -whole).astype(float))[1]  # 53 for a power of two, 0 for 0
    return int(np.max(np.where(whole != 0, 54 - lowest, 0), initial=0))


def _narrow(fmt, name):
    """Refuse what is no format of at most 51 bits, by name."""
    if not isinstance(fmt, Format):
        raise TypeError(f"{name} must be a Format, such as lib.numbers.FP32: got {fmt!r}")
    if fmt.precision > 51 or fmt.is_scale:
        raise ValueError(f"{name} = {fmt}: sums are simulated in formats of 2 to 51 bits; for "
                         "float64 use x @ y")


@np.errstate(all="ignore")  # of infinities, which the formats have too
def _add(total, term, fmt, mode, rng):
    """Return the sum of two numbers, rounded to fmt once."""
    # Rounding what float64 has rounded is harmless for two numbers of fmt and to nearest only: a
    # longer product may lie on a boundary of fmt, and float64 drop the total beside it; and for
    # "up" and "down" numbers of fmt are boundaries themselves. So where the sum of float64 is not
    # exact, it is rounded to odd instead, which keeps it off all boundaries of 51 bits and less
    # (Boldo & Melquiond, IEEE Trans. Comput. 57, 2008).
    plain = total + term
    if not np.all((plain - total == term) & (plain - term == total)):
        plain = to_odd(*two_sum(total, term))
    return round_to(plain, fmt, mode, rng)
