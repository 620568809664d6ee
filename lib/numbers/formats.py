"""Binary floating-point formats, from float64 down to eight bits, and rounding into them.

A format is described, not implemented: every value of every format here is also a
float64, so the functions take and return float64 and only ever round. That makes it
possible to run one experiment in seven precisions and to change nothing but `fmt`.
"""

from dataclasses import dataclass

import numpy as np

from lib.numbers.arguments import plain_array
from lib.numbers.scalars import random_source, truth_value, whole_number


@dataclass(frozen=True)
class Format:
    """A binary floating-point format: a sign, an exponent field and p significant bits.

    Values are m * 2**(e - p + 1) with an integer |m| < 2**p and emin <= e <= emax. They are
    normal where |m| >= 2**(p - 1), and then the leading bit need not be stored; the others,
    all at e = emin, are subnormal and fill the gap around zero evenly.

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

    Raises
    ------
    TypeError
        If name is no text, or a width no integer.
    ValueError
        If exponent_bits is not 2 to 11 (without infinity 2 to 10) or precision not 2 to 53: beyond
        that not every value is a float64, within it every one is.

    References
    ----------
    IEEE Std 754-2019, section 3.3. For fp8: Micikevicius et al., "FP8 formats for deep
    learning", arXiv 2209.05433 (2022), table 1.

    Examples
    --------
    >>> FP16.max, FP16.eps, FP16.u
    (65504.0, 0.0009765625, 0.00048828125)
    >>> [f"{fmt}: {fmt.bits} bits" for fmt in (FP64, TF32, E4M3)]
    ['fp64: 64 bits', 'tf32: 19 bits', 'e4m3: 8 bits']
    """

    name: str
    exponent_bits: int
    precision: int
    has_infinity: bool = True

    def __post_init__(self):
        if not isinstance(self.name, str):
            raise TypeError(f"name = {self.name!r} is not a text: use str(name)")
        object.__setattr__(self, "has_infinity", truth_value(self.has_infinity, "has_infinity"))
        # Without infinity the largest exponent holds numbers too, and 11 bits would leave float64.
        for name, high in (("exponent_bits", 11 if self.has_infinity else 10), ("precision", 53)):
            value = whole_number(getattr(self, name), name)
            if not 2 <= value <= high:
                without = "" if self.has_infinity else " without infinity"
                raise ValueError(f"{name} must lie between 2 and {high}{without}: got {value}")
            object.__setattr__(self, name, value)  # an int of Python, which cannot wrap

    def __str__(self):
        return self.name

    @property
    def bits(self):
        """Return the width: a sign, the exponent field, and the stored fraction."""
        return self.exponent_bits + self.precision

    @property
    def emin(self):
        """Return the exponent of the smallest normal number."""
        return 2 - 2 ** (self.exponent_bits - 1)

    @property
    def emax(self):
        """Return the exponent of the largest finite number."""
        return 2 ** (self.exponent_bits - 1) - (1 if self.has_infinity else 0)

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
        lost_to_nan = 0 if self.has_infinity else self.eps
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
    x, fmt = np.abs(_as_float64(x)), _format(fmt)
    gap = np.where(x > fmt.max, np.inf, np.ldexp(1.0, _quantum(x, fmt)))
    return _like_input(np.where(np.isnan(x), np.nan, gap))


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
        If true, every x beyond fmt.max becomes fmt.max with its sign, infinities included.

    Returns
    -------
    ndarray of float64, same shape as x, or float for a scalar x
        Within ulp(x, fmt) / 2 of x for "nearest" and "away", within ulp(x, fmt) for the
        others, while |x| <= fmt.max. Results beyond fmt.max become inf, or nan where fmt has
        no infinity; "zero", and "up" or "down" on the side they lead away from, stop at
        fmt.max, as they would for the largest finite x.

    Raises
    ------
    ValueError
        If mode is unknown, or "stochastic" has no rng.
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
    x, fmt = _as_float64(x), _format(fmt)
    quantum = _quantum(x, fmt)
    steps = _round_to_integer(np.ldexp(x, -quantum), mode, rng)
    with np.errstate(over="ignore"):  # what passes float64's largest is beyond fmt.max too
        rounded = np.ldexp(steps, quantum)
    beyond = np.abs(rounded) > fmt.max
    return _like_input(np.where(beyond, _overflow(x, fmt, mode, saturate), rounded))


def _format(fmt):
    """Return fmt, or refuse what is no Format."""
    if not isinstance(fmt, Format):
        raise TypeError(f"fmt must be a Format, such as lib.numbers.FP16: got {fmt!r}")
    return fmt


def _as_float64(x):
    """Return x as float64, or refuse if that would round."""
    x = plain_array(x, "x")
    if x.dtype.kind == "c":
        raise TypeError(f"{x.dtype} does not fit in float64; convert x.real and x.imag one by one")
    if not np.can_cast(x.dtype, np.float64):
        raise TypeError(f"{x.dtype} does not fit in float64; convert x with .astype(float) first")
    if x.dtype.kind in "iu" and x.size and max(int(x.max()), -int(x.min())) > 2**53:
        raise TypeError("integers beyond 2**53 do not fit in float64; convert x with "
                        ".astype(float) first, which rounds")
    return x.astype(np.float64)


def _like_input(x):
    """Return a zero-dimensional array as a float, any other as it is."""
    return x if x.ndim else float(x)


def _quantum(x, fmt):
    """Return the exponent of the gap between numbers of fmt at x, without an upper limit."""
    exponent = np.where(x == 0, fmt.emin, np.frexp(x)[1] - 1)
    return np.maximum(exponent, fmt.emin) - fmt.precision + 1


def _round_to_integer(steps, mode, rng):
    """Return steps as whole numbers; everything before and after this is exact."""
    whole_by = {"nearest": np.rint, "up": np.ceil, "down": np.floor, "zero": np.trunc}
    modes = [*whole_by, "away", "stochastic"]
    if not (isinstance(mode, str) and mode in modes):
        raise ValueError(f"mode {mode!r} is none of these: {', '.join(modes)}")
    if mode in whole_by:
        return whole_by[mode](steps)
    fraction, whole = np.modf(steps)
    if mode == "away":
        return whole + np.copysign(np.abs(fraction) >= 0.5, steps)
    if rng is None:
        raise ValueError("mode 'stochastic' needs rng: give one, numpy.random.default_rng(7)")
    rng = random_source(rng)
    return whole + np.copysign(rng.random(np.shape(steps)) < np.abs(fraction), steps)


def _overflow(x, fmt, mode, saturate):
    """Return what an x that rounds beyond fmt.max becomes."""
    inward = (mode == "zero") | ((mode == "up") & (x < 0)) | ((mode == "down") & (x > 0))
    stops = truth_value(saturate, "saturate") | (inward & np.isfinite(x))
    return np.copysign(np.where(stops, fmt.max, np.inf if fmt.has_infinity else np.nan), x)


def bits(x, fmt=None):
    """Return the bit pattern of x as text: sign, exponent field, fraction.

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

    Examples
    --------
    >>> bits(np.float16(-1.5)), bits(2.0**-24, FP16), bits(448.0, E4M3)
    ('1 01111 1000000000', '0 00000 0000000001', '0 1111 110')
    """
    number = plain_array(x, "x")
    if number.ndim:
        raise TypeError(f"bits shows one number, got shape {number.shape}; index x first")
    if fmt is None:
        fmt = format_of(x.dtype) if hasattr(x, "dtype") else FP64
    x = round_to(number, fmt)
    pattern = format(_magnitude_code(abs(x), fmt), f"0{fmt.bits - 1}b")
    sign = int(np.signbit(x))
    return f"{sign} {pattern[: fmt.exponent_bits]} {pattern[fmt.exponent_bits :]}"


def _magnitude_code(x, fmt):
    """Return the integer that encodes x >= 0; codes count the numbers of fmt upwards from 0."""
    one_binade = 2 ** (fmt.precision - 1)
    if np.isnan(x):
        return 2 ** (fmt.bits - 1) - (one_binade // 2 if fmt.has_infinity else 1)
    if np.isinf(x):
        return 2 ** (fmt.bits - 1) - one_binade
    quantum = int(_quantum(x, fmt))
    binades = quantum + fmt.precision - 1 - fmt.emin
    # The leading bit of a normal number carries into the exponent field, which counts from 1.
    return binades * one_binade + int(np.ldexp(x, -quantum))


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
    return np.concatenate([-positive[::-1], [0.0], positive])
