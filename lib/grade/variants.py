"""Draw the instances of a problem from a seed and from the text that marks a student's variant.

The property that is judged is the same for everybody; the numbers are one's own, and whoever knows
seed and variant draws them again.
"""

import numpy as np


def instances(seed, variant="", word=""):
    """Return a generator of random numbers for a seed and a variant.

    Parameters
    ----------
    seed : int
        At least 0.
    variant : str
        Any text; the empty one is everybody's.
    word : str
        Of the problem: what one problem of a set is given tells nothing of another's numbers.

    Returns
    -------
    numpy.random.Generator

    Raises
    ------
    ValueError
        If the seed is below 0.

    Examples
    --------
    >>> draws = [int(instances(7, text).integers(1000)) for text in ("", "ada", "bob", "ada")]
    >>> draws[1] == draws[3], len(set(draws))
    (True, 3)
    """
    if seed < 0:
        raise ValueError(f"seed = {seed} is below 0: give a whole number from 0 on")
    own_stream = [*word.encode("utf-8"), 256] if word else []  # 256 is no byte of a text
    return np.random.default_rng([seed, *own_stream, *str(variant).encode("utf-8")])


def own(variant, options, word=""):
    """Return the one of some options that belongs to a variant, the first to the empty one.

    It depends on no seed, so that a task can state it.

    Parameters
    ----------
    variant : str
    options : sequence
    word : str
        Of the problem: two problems of one variant choose independently.

    Examples
    --------
    >>> own("", [3, 7, 11]), own("ada", [3, 7, 11]) in (3, 7, 11)
    (3, True)
    """
    if not variant:
        return options[0]
    return options[int(instances(len(options), f"{variant}/{word}").integers(len(options)))]
