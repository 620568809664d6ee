"""Name a paper by a short code in place of its seed, which gives the key to who has it."""

import hashlib
from functools import cache

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so that no word comes out
ROUNDS = 200_000  # of the hash, so that trying seeds takes time


@cache
def code(*what):
    """Return three letters for what a paper is made of, the seed among it.

    They tell papers apart and are too few to tell the seed: of 8000 seeds one has the same code.

    Examples
    --------
    >>> code("exam", "lu", 2027)
    'QKS'
    """
    found = hashlib.pbkdf2_hmac("sha256", repr(what).encode(), b"where the digits go", ROUNDS)
    number, letters = int.from_bytes(found), ""
    for _ in range(3):
        number, at = divmod(number, len(LETTERS))
        letters += LETTERS[at]
    return letters


def note(seed, name):
    """Return the line of a key that says the seed."""
    return (f"Seed {seed}; on the paper and in the names of files it is called {name}. Who has the "
            "seed can make this key: keep it until no group has still to sit.")
