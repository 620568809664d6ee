"""Binary floating-point formats, from float64 down to four bits, and rounding into them.

A format is described, not implemented: every value of every format here is also a
float64, so the functions take and return float64 and only ever round. That makes it
possible to run one experiment in ten precisions and to change nothing but `fmt`.
"""

import math
from dataclasses import dataclass

import numpy as np

from lib.numbers.arguments import plain_array
from lib.numbers.rounding import as_float64, like_input, round_to_integer
from lib.numbers.scalars import truth_value, whole_number


@dataclass(frozen=True)
class Format:
    """A binary floating-point format: a sign, an exponent field and p significant bits.

    Values are m * 2**(e - p + 1) with an integer |m| < 2**p and emin <= e <= emax. They are
    normal where |m| >= 2**(p - 1), and then the leading bit need not be stored; the others,
    all at e = emin, are subnormal and fill the gap around zero evenly.

    A format of precision 1 is a scale: it has no sign, no fraction and no zero, and each of its
    patterns is a power of two, but for the last, which is nan.

    Parameters
    ----------
    name : str
        What figures and messages call it; also what `str` returns.
    exponent_bits : int
        Width k of the exponent field; its bias is 2**(k - 1) - 1.
    precision : int
        Significant bits p, the leading one included: p - 1 of them are stored.
    has_infinity : bool
        Whether the largest exponent is kept for inf and nan, as IEEE 754 asks. Without
        infinity that exponent holds numbers too, and only the pattern of ones is nan.
    has_nan : bool
        Whether there is a nan at all. Without one every pattern is a number, infinity is none of
        them, and what lies beyond the largest number becomes that.

    Raises
    ------
    TypeError
        If name is no text, or a width no integer.
    ValueError
        If exponent_bits is not 2 to 11 (without infinity 2 to 10) or precision not 2 to 53 (without
        infinity 1 to 53): beyond that not every value is a float64, within it every one is. If a
        format with infinity, or a scale, is to have no nan.

    References
    ----------
    IEEE Std 754-2019, section 3.3. For fp8: Micikevicius et al., "FP8 formats for deep
    learning", arXiv 2209.05433 (2022), table 1. For fewer bits, and the scale e8m0: Rouhani et al.,
    "OCP Microscaling Formats (MX) Specification", version 1.0 (2023), section 5.

    Examples
    --------
    >>> FP16.max, FP16.eps, FP16.u
    (65504.0, 0.0009765625, 0.00048828125)
    >>> [f"{fmt}: {fmt.bits} bits" for fmt in (FP64, TF32, E4M3)]
    ['fp64: 64 bits', 'tf32: 19 bits', 'e4m3: 8 bits']
    >>> E2M1.max, E8M0.smallest_normal == 2.0**-127
    (6.0, True)
    """

    name: str
    exponent_bits: int
    precision: int
    has_infinity: bool = True
    has_nan: bool = True

    def __post_init__(self):
        if not isinstance(self.name, str):
            raise TypeError(f"name = {self.name!r} is not a text: use str(name)")
        for name in ("has_infinity", "has_nan"):
            object.__setattr__(self, name, truth_value(getattr(self, name), name))
        # Without infinity the largest exponent holds numbers too, and 11 bits would leave float64.
        limits = ((2, 11), (2, 53)) if self.has_infinity else ((2, 10), (1, 53))
        for name, (low, high) in zip(("exponent_bits", "precision"), limits, strict=True):
            value = whole_number(getattr(self, name), name)
            if not low <= value <= high:
                without = "" if self.has_infinity else " without infinity"
                raise ValueError(f"{name} must lie between {low} and {high}{without}: got {value}")
            object.__setattr__(self, name, value)  # an int of Python, which cannot wrap
        if (self.has_infinity or self.is_scale) and not self.has_nan:
            raise ValueError("a format with infinity, or of precision 1, has a nan too: leave "
                             "has_nan = True")

    def __str__(self):
        return self.name

    @property
    def is_scale(self):
        """Return whether the numbers are powers of two only, without sign and zero."""
        return self.precision == 1

    @property
    def bits(self):
        """Return the width: a sign, unless it is a scale, the exponent field, and the fraction."""
        return self.exponent_bits + self.precision - self.is_scale

    @property
    def emin(self):
        """Return the exponent of the smallest normal number."""
        return 2 - 2 ** (self.exponent_bits - 1) - self.is_scale

    @property
    def emax(self):
        """Return the exponent of the largest finite number."""
        return 2 ** (self.exponent_bits - 1) - (self.has_infinity or self.is_scale)

    @property
    def eps(self):
        """Return the gap between 1 and the next larger number, 2**(1 - p)."""
        return 2.0 ** (1 - self.precision)

    @property
    def u(self):
        """Return the unit roundoff, eps / 2: the largest relative error of one rounding."""
        return 2.0**-self.precision

    @property
    def max(self):
        """Return the largest finite number."""
        nan_is_among_numbers = self.has_nan and not (self.has_infinity or self.is_scale)
        lost_to_nan = self.eps if nan_is_among_numbers else 0
        return (2.0 - self.eps - lost_to_nan) * 2.0**self.emax

    @property
    def smallest_normal(self):
        """Return the smallest positive number with all p bits."""
        return 2.0**self.emin

    @property
    def smallest_subnormal(self):
        """Return the smallest positive number, which is also the gap around zero."""
        return 2.0 ** (self.emin - self.precision + 1)


FP64 = Format("fp64", exponent_bits=11, precision=53)
FP32 = Format("fp32", exponent_bits=8, precision=24)
TF32 = Format("tf32", exponent_bits=8, precision=11)
FP16 = Format("fp16", exponent_bits=5, precision=11)
BF16 = Format("bf16", exponent_bits=8, precision=8)
E4M3 = Format("e4m3", exponent_bits=4, precision=4, has_infinity=False)
E5M2 = Format("e5m2", exponent_bits=5, precision=3)
E3M2 = Format("e3m2", exponent_bits=3, precision=3, has_infinity=False, has_nan=False)
E2M3 = Format("e2m3", exponent_bits=2, precision=4, has_infinity=False, has_nan=False)
E2M1 = Format("e2m1", exponent_bits=2, precision=2, has_infinity=False, has_nan=False)
E8M0 = Format("e8m0", exponent_bits=8, precision=1, has_infinity=False)

_BY_DTYPE = {"float64": FP64, "float32": FP32, "float16": FP16}


def format_of(dtype):
    """Return the format of a NumPy floating dtype: float64, float32 or float16.

    Raises
    ------
    TypeError
        If dtype is none of the three.

    Examples
    --------
    >>> format_of(np.dtype("float32")).precision
    24
    """
    try:
        name = repr(dtype) if dtype is None else np.dtype(dtype).name  # NumPy's None is float64
    except TypeError:
        name = repr(dtype)
    if name not in _BY_DTYPE:
        raise TypeError(f"dtype {name} is none of {', '.join(_BY_DTYPE)}; convert with "
                        ".astype(float)")
    return _BY_DTYPE[name]


def unit_roundoff(dtype):
    """Return u of a dtype; objects count as float64, whose arithmetic the tracer follows.

    Raises
    ------
    TypeError
        If dtype is neither object nor one of those of `format_of`.

    Examples
    --------
    >>> unit_roundoff(np.float32) == 2.0**-24, unit_roundoff(object) == 2.0**-53
    (True, True)
    """
    is_object = not isinstance(dtype, np.ndarray) and dtype in (object, np.dtype(object))
    return FP64.u if is_object else format_of(dtype).u


def ulp(x, fmt=FP64):
    """Return the gap between neighbouring numbers of fmt at x: one unit in the last place.

    Parameters
    ----------
    x : array_like or float
        Where to look; x need not be a number of fmt.
    fmt : Format
        Whose numbers to look at.

    Returns
    -------
    ndarray of float64, or float for a scalar x
        2**(max(e, emin) - p + 1) where 2**e <= |x| < 2**(e + 1). At a power of two this is
        the gap to the larger neighbour; the gap to the smaller one is half of it. Beyond
        fmt.max there are no neighbours: inf. At nan: nan.

    References
    ----------
    Goldberg, ACM Computing Surveys 23 (1991), section 1.2; `math.ulp` for float64.

    Examples
    --------
    >>> ulp(1.0) == FP64.eps, ulp(1e16), ulp(1.0, BF16)
    (True, 2.0, 0.0078125)
    """
    x, fmt = np.abs(as_float64(x)), _format(fmt)
    gap = np.where(x > fmt.max, np.inf, np.ldexp(1.0, _quantum(x, fmt)))
    return like_input(np.where(np.isnan(x), np.nan, gap))


def round_to(x, fmt, mode="nearest", rng=None, saturate=False):
    """Return the number of fmt that x rounds to, as float64.

    Parameters
    ----------
    x : array_like or float
        Real numbers, exact in float64; nan stays nan, zeros keep their sign.
    fmt : Format
        The format to round into.
    mode : str
        "nearest": the nearer neighbour, of two equally near the one with the even last bit.
        "away": the nearer neighbour, of two equally near the one further from zero.
        "up", "down", "zero": the neighbour towards +inf, towards -inf, towards zero.
        "stochastic": the upper neighbour with probability (x - lower) / (upper - lower),
        exact to 2**-53, so that the expected result is x.
    rng : numpy.random.Generator, optional
        Where the randomness of "stochastic" comes from; required there, unused elsewhere.
    saturate : bool
        If true, every x beyond fmt.max becomes fmt.max with its sign, infinities included. Where
        fmt has neither infinity nor nan it does so in any case.

    Returns
    -------
    ndarray of float64, same shape as x, or float for a scalar x
        Within ulp(x, fmt) / 2 of x for "nearest" and "away", within ulp(x, fmt) for the
        others, while |x| <= fmt.max. Results beyond fmt.max become inf, or nan where fmt has
        no infinity; "zero", and "up" or "down" on the side they lead away from, stop at
        fmt.max, as they would for the largest finite x. In a scale every positive x below the
        smallest power becomes that, a tie goes to the larger power, as in ml_dtypes and in
        torch, and what is not positive becomes nan.

    Raises
    ------
    ValueError
        If mode is unknown, or "stochastic" has no rng; if x holds a nan, and fmt has none.
    TypeError
        If x holds what float64 cannot: complex or extended numbers, integers beyond 2**53; if x is
        masked, a np.matrix or no numbers; if fmt is no `Format`, or rng is no generator of NumPy.

    Notes
    -----
    Rounding a float64 sum, difference, product, quotient or square root of numbers of fmt
    gives what fmt's own arithmetic would: 53 bits are at least 2p + 2 for every p <= 25, so
    that rounding twice is harmless (Figueroa, SIGNUM Newsletter 30, 1995).

    References
    ----------
    IEEE Std 754-2019, sections 4.3 and 7.4; Croci et al., "Stochastic rounding:
    implementation, error analysis and applications", R. Soc. Open Sci. 9 (2022).

    Examples
    --------
    >>> round_to(0.1, BF16), round_to(2049.0, FP16), round_to(1e5, FP16)
    (0.10009765625, 2048.0, inf)
    >>> round_to([460.0, 1000.0], E4M3), round_to(1000.0, E4M3, saturate=True)
    (array([448.,  nan]), 448.0)
    >>> round_to(0.1, E5M2, mode="up"), round_to(0.1, E5M2, mode="down")
    (0.109375, 0.09375)
    """
    x, fmt = as_float64(x), _format(fmt)
    if not fmt.has_nan and np.isnan(x).any():
        raise ValueError(f"x holds a nan, and {fmt} has none: remove or replace it first")
    quantum = _quantum(x, fmt)
    steps = round_to_integer(np.ldexp(x, -quantum), mode, rng)
    with np.errstate(over="ignore"):  # what passes float64's largest is beyond fmt.max too
        rounded = np.ldexp(steps, quantum)
    if fmt.is_scale:
        rounded = np.where(x > 0, np.maximum(rounded, fmt.smallest_normal), np.nan)
    beyond = np.abs(rounded) > fmt.max
    return like_input(np.where(beyond, _overflow(x, fmt, mode, saturate), rounded))


def round_float(x, fmt):
    """Return the number of fmt nearest to one float: what `round_to` gives, without an array.

    The format has a nan, and is no scale.

    Examples
    --------
    >>> round_float(0.1, BF16), round_float(2049.0, FP16), round_float(-1e5, FP16)
    (0.10009765625, 2048.0, -inf)
    >>> round_float(1000.0, E4M3), round_float(-1e-9, E4M3)
    (nan, -0.0)
    """
    if x == 0 or x != x:
        return x
    rounded = math.inf
    if not math.isinf(x):
        quantum = max(math.frexp(x)[1] - 1, fmt.emin) - fmt.precision + 1
        rounded = round(abs(math.ldexp(x, -quantum))) * 2.0**quantum  # of ties, the even one
    beyond = math.inf if fmt.has_infinity else math.nan
    return math.copysign(rounded if rounded <= fmt.max else beyond, x)


def _format(fmt):
    """Return fmt, or refuse what is no Format."""
    if not isinstance(fmt, Format):
        raise TypeError(f"fmt must be a Format, such as lib.numbers.FP16: got {fmt!r}")
    return fmt


def _quantum(x, fmt):
    """Return the exponent of the gap between numbers of fmt at x, without an upper limit."""
    exponent = np.where(x == 0, fmt.emin, np.frexp(x)[1] - 1)
    return np.maximum(exponent, fmt.emin) - fmt.precision + 1


def _overflow(x, fmt, mode, saturate):
    """Return what an x that rounds beyond fmt.max becomes."""
    inward = (mode == "zero") | ((mode == "up") & (x < 0)) | ((mode == "down") & (x > 0))
    saturates = truth_value(saturate, "saturate") or not fmt.has_nan
    stops = saturates | (inward & np.isfinite(x))
    return np.copysign(np.where(stops, fmt.max, np.inf if fmt.has_infinity else np.nan), x)


def bits(x, fmt=None):
    """Return the bit pattern of x as text: sign, exponent field, fraction; of a scale one field.

    Parameters
    ----------
    x : float, or NumPy scalar of type float64, float32 or float16
        The number to look at.
    fmt : Format, optional
        The format; x is rounded to it first, to nearest. By default the format of x's own
        type, in which x is exact.

    Returns
    -------
    str
        The field of a nan shows the usual quiet nan; its payload is not kept.

    Raises
    ------
    TypeError
        If x is no scalar, or fmt is missing and x of a NumPy type that `format_of` refuses.
    ValueError
        If x is nan, and fmt has none.

    Examples
    --------
    >>> bits(np.float16(-1.5)), bits(2.0**-24, FP16), bits(448.0, E4M3)
    ('1 01111 1000000000', '0 00000 0000000001', '0 1111 110')
    >>> bits(6.0, E2M1), bits(1.0, E8M0)
    ('0 11 1', '01111111')
    """
    number = plain_array(x, "x")
    if number.ndim:
        raise TypeError(f"bits shows one number, got shape {number.shape}; index x first")
    if fmt is None:
        fmt = format_of(x.dtype) if hasattr(x, "dtype") else FP64
    x = round_to(number, fmt)
    code = _magnitude_code(abs(x), fmt)
    if fmt.is_scale:
        return format(code, f"0{fmt.bits}b")
    pattern, sign = format(code, f"0{fmt.bits - 1}b"), int(np.signbit(x))
    return f"{sign} {pattern[: fmt.exponent_bits]} {pattern[fmt.exponent_bits :]}"


def _magnitude_code(x, fmt):
    """Return the integer that encodes x >= 0; codes count the numbers of fmt upwards from 0."""
    one_binade = 2 ** (fmt.precision - 1)
    if np.isnan(x):
        all_ones = 2 ** (fmt.bits - (not fmt.is_scale)) - 1
        return all_ones - one_binade // 2 + 1 if fmt.has_infinity else all_ones
    if np.isinf(x):
        return 2 ** (fmt.bits - 1) - one_binade
    quantum = int(_quantum(x, fmt))
    binades = quantum + fmt.precision - 1 - fmt.emin
    # The leading bit of a normal number carries into the exponent field, which counts from 1, but
    # from 0 in a scale, where no number is subnormal.
    return binades * one_binade + int(np.ldexp(x, -quantum)) - fmt.is_scale


def values(fmt):
    """Return every finite number of fmt, ascending, zero once.

    Parameters
    ----------
    fmt : Format
        A format of at most 16 bits.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    ValueError
        If fmt has more than 16 bits: there would be too many to list.

    Examples
    --------
    >>> len(values(E4M3)), values(E4M3)[-3:]
    (253, array([384., 416., 448.]))
    """
    if _format(fmt).bits > 16:
        raise ValueError(f"{fmt} has 2**{fmt.bits} bit patterns, too many; list 16 bits or fewer")
    exponents = np.arange(fmt.emin, fmt.emax + 1)[:, None] - fmt.precision + 1
    grid = np.ldexp(np.arange(2.0**fmt.precision), exponents)
    positive = np.unique(grid[(grid > 0) & (grid <= fmt.max)])
    return positive if fmt.is_scale else np.concatenate([-positive[::-1], [0.0], positive])
