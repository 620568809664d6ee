"""Numbers in blocks that share a scale: the microscaling formats of OCP, and NVFP4.

A block is a run of neighbours along the last axis; the last block of a row may be shorter. Each
block stores one scale and, for every number, an element of few bits; what a number becomes is its
element times the scales. All of it is exact in float64 but the roundings that the scheme asks for.
"""

from dataclasses import dataclass

import numpy as np

from lib.numbers.formats import E2M1, E2M3, E3M2, E4M3, E5M2, E8M0, FP32, Format, round_to
from lib.numbers.rounding import finite_float64
from lib.numbers.scalars import whole_number

MODES = ("nearest", "away", "zero", "stochastic")
RULES = ("floor", "even", "ceil", "fit")


@dataclass(frozen=True)
class BlockScheme:
    """A way to store numbers in blocks: the format of elements, their count, and of the scale.

    Attributes
    ----------
    name : str
        What messages call it; also what `str` returns.
    element : Format
        Of each number, divided by the scale of its block.
    size : int
        How many numbers share a scale.
    scale : Format
        E8M0, a power of two for each block; or E4M3 and, for the whole array, one number of FP32.

    Raises
    ------
    TypeError
        If name is no text, element or scale no Format, or size no integer.
    ValueError
        If size is below 1, element a scale, or scale, where it is no power of two, so long that
        element and scale have more than 28 bits of precision together.

    Examples
    --------
    >>> MXFP4_E2M1.bits, NVFP4.bits
    (4.25, 4.5)
    """

    name: str
    element: Format
    size: int = 32
    scale: Format = E8M0

    def __post_init__(self):
        if not isinstance(self.name, str):
            raise TypeError(f"name = {self.name!r} is not a text: use str(name)")
        for part in ("element", "scale"):
            if not isinstance(getattr(self, part), Format):
                raise TypeError(f"{part} must be a Format, such as lib.numbers.E2M1: got "
                                f"{getattr(self, part)!r}")
        if self.element.is_scale:
            raise ValueError(f"element {self.element} holds powers of two only: give E2M1")
        if not self.scale.is_scale and self.element.precision + self.scale.precision > 28:
            raise ValueError(f"scale {self.scale} is too long beside {self.element} for products "
                             "that are exact in float64: give E8M0 or E4M3")
        object.__setattr__(self, "size", whole_number(self.size, "size", 1))

    def __str__(self):
        return self.name

    @property
    def bits(self):
        """Return the bits that a number takes, with its share of the scale of a full block."""
        return self.element.bits + self.scale.bits / self.size


MXFP8_E4M3 = BlockScheme("mxfp8 e4m3", E4M3)
MXFP8_E5M2 = BlockScheme("mxfp8 e5m2", E5M2)
MXFP6_E3M2 = BlockScheme("mxfp6 e3m2", E3M2)
MXFP6_E2M3 = BlockScheme("mxfp6 e2m3", E2M3)
MXFP4_E2M1 = BlockScheme("mxfp4 e2m1", E2M1)
NVFP4 = BlockScheme("nvfp4", E2M1, size=16, scale=E4M3)


def round_blocks(x, scheme, mode="nearest", rng=None, rule="floor"):
    """Return the numbers that x becomes when it is stored in blocks, as float64.

    Parameters
    ----------
    x : array_like, shape (..., n)
        Finite real numbers, exact in float64; blocks are counted from the start of the last axis.
    scheme : BlockScheme
        MXFP8_E4M3, MXFP8_E5M2, MXFP6_E3M2, MXFP6_E2M3, MXFP4_E2M1 or NVFP4.
    mode : {"nearest", "away", "zero", "stochastic"}
        How elements are rounded, as in `round_to`; scales are not affected.
    rng : numpy.random.Generator, optional
        Where the randomness of "stochastic" comes from; required there, unused elsewhere.
    rule : {"floor", "even", "ceil", "fit"}
        How the power of two of a block is chosen; see `block_scales`. NVFP4 knows "floor" only,
        which leaves its own rule as it is.

    Returns
    -------
    ndarray of float64, of x's shape
        Each number is round_to(x / scale, element, saturate=True) * scale, with the quotient exact
        before it is rounded, and the scales of `block_scales`. Away from both ends of the range of
        scales, a number is off by at most u of the element times the largest |x| of its block where
        it does not saturate, and by less than a quarter of itself where it does. An x whose scale
        is 0 becomes 0.

    Raises
    ------
    TypeError
        If x is what `round_to` refuses, or scheme is no scheme.
    ValueError
        If x has no axis, or an infinity or a nan, to which no scale fits; if mode or rule is
        unknown, or "stochastic" has no rng.

    Notes
    -----
    Dividing in float64 rounds once more, which is harmless. A boundary m between two elements has
    so few bits that m * scale is exact. If x is another float64, it is more than u |m * scale| away
    from that, u = 2**-53, or just as far where m * scale is a power of two and x is smaller. Either
    way the quotient is more than half a gap between floats away from m, and is rounded to a float
    on its own side of m.

    References
    ----------
    Rouhani et al., "OCP Microscaling Formats (MX) Specification", version 1.0 (2023), section 6.3;
    NVIDIA, "Pretraining Large Language Models with NVFP4", arXiv 2509.25149 (2025), for NVFP4.

    Examples
    --------
    >>> round_blocks([1.0, 0.3, -7.0, 0.1], MXFP4_E2M1)
    array([ 1. ,  0.5, -6. ,  0. ])
    >>> round_blocks([1.0, 0.3, -7.0, 0.1], MXFP4_E2M1, rule="fit")
    array([ 1.,  0., -8.,  0.])
    """
    if not (isinstance(mode, str) and mode in MODES):
        raise ValueError(f"mode {mode!r} is none of these: {', '.join(MODES)}")
    blocks, n = _blocks(x, scheme)
    scale = _scales(blocks, scheme, rule)[..., None]
    with np.errstate(under="ignore"):  # what underflows is far below the smallest element
        quotients = blocks / np.where(scale > 0, scale, np.inf)
        rounded = round_to(quotients, scheme.element, mode, rng, saturate=True) * scale
    count = rounded.shape[-2] * scheme.size
    return rounded.reshape(*rounded.shape[:-2], count)[..., :n]


def block_scales(x, scheme, rule="floor"):
    """Return the number by which each block of x is divided before its elements are rounded.

    Parameters
    ----------
    x, scheme
        As for `round_blocks`.
    rule : {"floor", "even", "ceil", "fit"}
        For a power of two: with a the largest |x| of the block, of p bits the elements and max the
        largest of them, its exponent is floor(log2(a)) - emax, which is the rule of OCP ("floor");
        the same for a rounded to p bits, ties upwards ("even"); ceil(log2(a)) - emax ("ceil"); the
        smallest with a <= max * scale, so that nothing saturates ("fit", RCEIL elsewhere). The
        logarithms are exact. For NVFP4, where only "floor" is known, the array has the scale
        s = max|x| / (6 * 448), rounded to FP32, and a block s times a / (6 s), rounded to E4M3.

    Returns
    -------
    ndarray of float64, shape (..., ceil(n / size))
        Exponents end at -127 and 127. A block of zeros has the scale 2**-127, in NVFP4 0.

    Raises
    ------
    TypeError, ValueError
        As `round_blocks`.

    References
    ----------
    As for `round_blocks`; for the rule "fit", Mishra et al., arXiv 2506.08027 (2025).

    Examples
    --------
    >>> x = [7.0] + 31 * [0.0] + [1.0]
    >>> block_scales(x, MXFP4_E2M1), block_scales(x, MXFP4_E2M1, rule="fit")
    (array([1.  , 0.25]), array([2.  , 0.25]))
    """
    return _scales(_blocks(x, scheme)[0], scheme, rule)


def _blocks(x, scheme):
    """Return x in blocks, of shape (..., count, size), the last filled with zeros, and its n."""
    if not isinstance(scheme, BlockScheme):
        raise TypeError(f"scheme must be a BlockScheme, such as lib.numbers.NVFP4: got {scheme!r}")
    x = finite_float64(x)
    if not x.ndim:
        raise ValueError("x is a single number, and blocks run along an axis: give an array")
    n = x.shape[-1]
    fill = [(0, 0)] * (x.ndim - 1) + [(0, -n % scheme.size)]
    return np.pad(x, fill).reshape(*x.shape[:-1], -(-n // scheme.size), scheme.size), n


def _scales(blocks, scheme, rule):
    """Return the scale of each block, which is not rounded further."""
    known = RULES if scheme.scale.is_scale else RULES[:1]
    if not (isinstance(rule, str) and rule in known):
        raise ValueError(f"rule {rule!r} of {scheme} is none of these: {', '.join(known)}")
    largest = np.max(np.abs(blocks), axis=-1, initial=0)
    if scheme.scale.is_scale:
        exponent = _exponents(largest, scheme.element, rule)
        return np.ldexp(1.0, np.clip(exponent, scheme.scale.emin, scheme.scale.emax))
    # Both quotients are rounded twice, which is harmless as in `round_blocks`; so is the product
    # of the scales, which has 28 bits.
    top = scheme.element.max
    whole = round_to(np.max(largest, initial=0) / (top * scheme.scale.max), FP32, saturate=True)
    whole = max(whole, FP32.smallest_subnormal)
    return round_to(largest / (top * whole), scheme.scale, saturate=True) * whole


def _exponents(largest, element, rule):
    """Return the exponents that a rule gives to blocks with these largest numbers."""
    fraction, exponent = np.frexp(largest)
    if rule == "even":
        whole = np.floor(np.ldexp(fraction, element.precision) + 0.5)
        fraction, carry = np.frexp(np.ldexp(whole, -element.precision))
        exponent = exponent + carry
    # frexp is exact, where log2 becomes a whole number already a little below a power of two.
    highest = {"ceil": 0.5, "fit": np.frexp(element.max)[0]}.get(rule, 1)
    exponent = exponent - 1 - element.emax + (fraction > highest)
    return np.where(largest > 0, exponent, E8M0.emin)
