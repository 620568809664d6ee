"""What the figure of the first page says: numbers to be read, and a sentence for each frame."""

import math

from web.pixels import ALL, LIMIT

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value):
    """Return a number to be read: in groups of three, or a small one as a digit and a power.

    >>> number(4294967296.0).replace("\u202f", " "), number(0.5), number(9.31e-10)
    ('4 294 967 296', '0.5', '9 × 10⁻¹⁰')
    """
    if value == 0 or abs(value) >= 0.1:
        digits = 0 if value == round(value) or abs(value) >= 1000 else 1
        return f"{value:,.{digits}f}".replace(",", "\u202f")
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit} × 10{str(int(exponent)).translate(RAISED)}"


def counted(count):
    """Return how many pixels, in few letters.

    >>> counted(2**20)
    '1.0 million'
    """
    return f"{count / 1e6:.1f} million" if count >= 1e6 else number(count)


def power_of_two(value):
    """Return a power of two as one.

    >>> power_of_two(2**32)
    '2³²'
    """
    return f"2{str(round(math.log2(value))).translate(RAISED)}"


def sentence(look):
    """Return what a frame shows, with its numbers."""
    if look.pairs:
        parts = " + ".join(number(float(one)) for one in (look.total, look.term))
        return f"Two halves of one size meet: {parts}. Both count; the mean is {look.mean:.1f}."
    beside = f"The next float is {number(float(look.gap))} away."
    pixel = f"the next pixel, {float(look.term):.0f}"
    if stuck(look):
        stays = f"Every pixel is below half of that: the sum stays {power_of_two(look.total)}"
        if look.count == ALL:
            quotient = f"{power_of_two(look.total)} / {power_of_two(look.count)}"
            return f"{beside} {stays}, and {quotient} is {look.mean:g}."
        return f"{beside} {stays}, the mean sinks to {look.mean:.1f}."
    if look.moved == 0:
        return f"{beside} Half of it is more than {pixel}, which is lost."
    whole = abs(look.moved - float(look.term)) < 0.5
    counts = "counts in full" if whole else f"counts as {number(look.moved)}"
    return f"{beside} {pixel.capitalize()}, {counts}; the mean is {look.mean:.1f}."


def stuck(look):
    """Tell whether no pixel can move the sum any more."""
    return not look.pairs and look.gap / 2 > LIMIT
