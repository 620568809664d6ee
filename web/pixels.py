"""The numbers of the first page's figure: 2**26 random pixels, added in three ways.

Each channel of the 1024 images of NumPy's issue 11331 has 2**26 pixels between 0 and 255. Here
they are added as they were there, one by one in float32, and in two ways that cure it.
"""

import functools
from dataclasses import dataclass

import numpy as np

from lib.numbers import pairwise_sum

ALL = 2**26
BLOCK = 2**12  # pixels that are drawn and added at a time
LIMIT = 255  # no pixel is larger
WAYS = ("float32, one by one", "float64, one by one", "float32, in pairs")
# How many pixels have been added when the figure looks: four looks for each doubling.
LOOKS = tuple(round(2 ** (quarter / 4) / BLOCK) * BLOCK for quarter in range(64, 105))


@dataclass(frozen=True)
class Look:
    """One addition: `term` is added to `total`, `count` pixels being in the sum, and makes `after`.

    One by one the term is the next pixel, after `count` others. In pairs it is the second half of
    `count` pixels, and the total the first.
    """

    count: int
    total: np.floating
    term: np.floating
    after: np.floating
    pairs: bool = False

    @property
    def gap(self):
        """The distance from the sum to the next larger float of its format."""
        return np.spacing(self.after if self.pairs else self.total)

    @property
    def moved(self):
        """By how much the addition moves the sum."""
        return float(self.after) - float(self.total)

    @property
    def mean(self):
        """The mean of `count` pixels, as this sum has it."""
        total = self.after if self.pairs else self.total
        return float(total / total.dtype.type(self.count))


def pixels(rng):
    """Return the next pixels: random numbers between 0 and 255 in float32."""
    return rng.random(BLOCK, dtype=np.float32) * np.float32(LIMIT)


def add(total, terms):
    """Return a sum after more terms, each added to it in its own format and rounded."""
    return np.add.accumulate(np.concatenate([[total], terms]), dtype=total.dtype)[-1]


def in_pairs(sums):
    """Return the last addition of a sum in pairs, of which the sums of its blocks are known."""
    first, second = pairwise_sum(sums[:len(sums) // 2]), pairwise_sum(sums[len(sums) // 2:])
    return Look(len(sums) * BLOCK, first, second, first + second, pairs=True)


@functools.cache
def looks():
    """Return {way: its looks}: 2**26 additions in each format, which take a second or two."""
    rng = np.random.default_rng(2018)
    totals, sums = [np.float32(0), np.float64(0)], []
    found = {way: [] for way in WAYS}
    block = pixels(rng)
    while len(sums) * BLOCK < ALL:
        totals = [add(total, block) for total in totals]
        sums.append(np.sum(block))  # along an array NumPy adds in pairs
        block = pixels(rng)
        count = len(sums) * BLOCK
        if count in LOOKS:
            for way, total in zip(WAYS, totals, strict=False):
                term = total.dtype.type(block[0])
                found[way].append(Look(count, total, term, total + term))
            found[WAYS[2]].append(in_pairs(np.array(sums)))
    return found
