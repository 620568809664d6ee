"""Say how far two readers agree: differences of marks, and weighted kappa with its interval."""

import math
import statistics

FEW = 30  # answers below which an interval by large-sample theory is a rough one
Z = 1.959963984540054  # of a normal distribution, 95 %


def kappa(first, second):
    """Return Cohen's weighted kappa, weights quadratic, and the ends of its 95 % interval.

    With quadratic weights, 1 minus the mean squared difference of the pairs over that of all pairs
    of a first with a second mark (Cohen, 1968), for marks of any kind. The standard error is that
    of Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969) 323-327, not under the null
    hypothesis: the spread of what each answer adds to kappa, to first order.

    Parameters
    ----------
    first, second : sequence of float
        The marks of each answer.

    Returns
    -------
    (float, float, float) or None
        None where a reader gives all answers one mark: there is no agreement beyond chance.

    Examples
    --------
    >>> [round(x, 2) for x in kappa([0, 1, 2, 3, 4, 4], [0, 1, 2, 3, 3, 4])]
    [0.96, 0.88, 1.0]
    >>> kappa([2, 2, 2], [2, 2, 2]) is None
    True
    """
    if min(len(set(first)), len(set(second))) < 2:
        return None
    n = len(first)
    pairs = list(zip(first, second, strict=True))
    to_second = [statistics.fmean((a - b) ** 2 for b in second) for a in first]
    to_first = [statistics.fmean((a - b) ** 2 for a in first) for b in second]
    by_chance = statistics.fmean(to_second)
    found = statistics.fmean((a - b) ** 2 for a, b in pairs)
    adds = [-((a - b) ** 2) / by_chance + found / by_chance**2 * (row + column)
            for (a, b), row, column in zip(pairs, to_second, to_first, strict=True)]
    value, reach = 1 - found / by_chance, Z * statistics.pstdev(adds) / math.sqrt(n)
    return value, max(-1.0, value - reach), min(1.0, value + reach)


def told(first, second):
    """Return sentences on the marks of two readers of the same answers.

    Examples
    --------
    >>> for line in told([2, 1, 0], [2, 1, 1]): print(line)
    3 answers: the same mark in 2; the second reader gives 0.33 points more on average, spread 0.58.
    Weighted kappa 0.67, 95 % interval 0.26 to 1.00.
    3 answers are few: the interval is a rough one, and any sentence on the readers too.
    """
    n = len(first)
    if not n:
        return ["No answer has two marks."]
    apart = [b - a for a, b in zip(first, second, strict=True)]
    mean = statistics.fmean(apart)
    spread = f", spread {statistics.stdev(apart):.2f}" if n > 1 else ""
    lines = [f"{n} answers: the same mark in {sum(d == 0 for d in apart)}; the second reader gives "
             f"{abs(mean):.2f} points {'more' if mean >= 0 else 'less'} on average{spread}."]
    found = kappa(first, second)
    lines.append(f"Weighted kappa {found[0]:.2f}, 95 % interval {found[1]:.2f} to {found[2]:.2f}."
                 if found and found[0] < 1 else "Weighted kappa 1, all marks agree: no interval."
                 if found else "A reader gives one mark to all: there is no kappa.")
    if n < FEW:
        lines.append(f"{n} answers are few: the interval is a rough one, and any sentence on the "
                     "readers too.")
    return lines
