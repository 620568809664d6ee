"""Find the ends of a spectrum by counting: the eigenvalues below a number are negative pivots."""

import numpy as np

SHIFTS = 64  # tried at a time
ROUNDS = 8  # each divides a range of the logarithm, 1418 for all floats, by 63: to 1e-11 in all


def extreme_eigenvalues(alphas, betas):
    """Return the smallest and the largest eigenvalue of L D L^T, from steps of conjugate gradients.

    After steps 0 to k - 1, D = diag(1 / alphas), and L is lower bidiagonal with ones on its
    diagonal and the roots of betas[1], ..., betas[k - 1] below: this is the tridiagonal matrix of
    Lanczos's method, started from the first residual.

    Parameters
    ----------
    alphas, betas : ndarray, shape (k,), float64
        Positive, except for betas[0], which is not read.

    Returns
    -------
    (float, float)
        Each to a relative error of about 1e-11, however far they are apart: the product L D L^T,
        which would cost the small ones their digits, is not formed.

    References
    ----------
    Saad, Iterative Methods for Sparse Linear Systems (2003), section 6.7.3; Barth, Martin &
    Wilkinson, Numer. Math. 9 (1967); for the pivots of L D L^T less a shift, Dhillon & Parlett,
    Linear Algebra Appl. 387 (2004).

    Examples
    --------
    >>> found = extreme_eigenvalues(np.array([2 / 3, 3 / 4]), np.array([0, 1 / 9]))
    >>> [round(value, 9) for value in found]
    [1.0, 2.0]
    """
    pivots = 1 / alphas
    lost = betas[1:] * pivots[:-1]  # what a step adds to the next element of the diagonal
    top = 2 * (np.sum(pivots) + np.sum(lost))  # no eigenvalue is above the sum of all
    return tuple(_eigenvalue(pivots, lost, index, top) for index in (0, len(pivots) - 1))


def _eigenvalue(pivots, lost, index, top):
    """Return the eigenvalue that has index smaller ones, all of them positive and below top."""
    low, high = np.finfo(float).tiny, top
    for _ in range(ROUNDS):
        shifts = np.geomspace(low, high, SHIFTS)
        above = int(np.argmax(_count_below(pivots, lost, shifts) > index))
        low, high = shifts[max(above - 1, 0)], shifts[above]
    return float(high)


@np.errstate(all="ignore")
def _count_below(pivots, lost, shifts):
    """Return how many eigenvalues of L D L^T lie below each shift, by Sylvester's law."""
    count, carried = np.zeros(len(shifts), int), -shifts
    for pivot, add in zip(pivots, np.append(lost, 0), strict=True):
        shifted = pivot + carried
        shifted[shifted == 0] = np.finfo(float).tiny
        count += shifted < 0
        carried = add * (carried / shifted) - shifts
    return count
