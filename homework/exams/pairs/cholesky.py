"""Two answers to judge, on Cholesky's method."""

import math

import numpy as np

from homework.exams.items import Bank, Collision, verdict, weigh
from homework.exams.words import sci
from lib.linear import NotPositiveDefiniteError, cholesky
from lib.problems import gaussian_kernel

bank = Bank("cholesky")


def refused(K):
    """Return whether Cholesky's method refuses a matrix."""
    try:
        cholesky(K)
    except NotPositiveDefiniteError:
        return True
    return False


def kernel(n, length):
    """Return the matrix of a Gaussian kernel on n points of [0, 1]."""
    points = np.linspace(0, 1, n)[:, None]
    return gaussian_kernel(points, length).columns(np.arange(n))


def log_determinant_of(K):
    """Return the log-determinant by Cholesky's factor."""
    return float(2 * np.sum(np.log(np.diag(cholesky(K)))))


WHOSE_FAULT = (
    ("@2: its eigenvalue is negative by rounding, that of @1 by model",
     "a matrix of many points may always get jitter"),
    ("Either: both have eigenvalues that are negative by rounding",
     "jitter cures every refusal"),
    ("Neither: both have eigenvalues far below what rounding makes",
     "a refusal always means that the model is wrong"),
    ("@1: its smallest eigenvalue is the farther one from zero",
     "jitter is meant for clearly negative eigenvalues"),
)


@bank.item("judge", 4)
def whose_fault(rng):
    case = rng.randrange(3)
    smooth = [(f"Gaussian kernel, {n} points, length {length:g}, diagonal 1", kernel(n, length))
              for n, length in zip(rng.sample([60, 80, 100], 2), (0.4, 0.5), strict=True)]
    wrong = [(f"correlations {b:g}, {b:g} and −{b:g} of three variables",
              np.array([[1, b, -b], [b, 1, b], [-b, b, 1]]))
             for b in (one / 10 for one in rng.sample([6, 7, 8, 9], 2))]
    pair = [(wrong[0], smooth[0]), smooth, wrong][case]
    assert all(refused(K) for _, K in pair)
    cured = [not refused(K + 1e-10 * np.eye(len(K))) for _, K in pair]
    low = [float(np.linalg.eigvalsh(K)[0]) for _, K in pair]
    if any(-0.1 < one < -1e-12 or one > 0 for one in low):
        raise Collision("the computed eigenvalue is kind")
    return weigh(
        rng, "Two covariance matrices are refused in float64 (u = 1.1 × 10⁻¹⁶). Which of them may "
        "get a jitter of 10⁻¹⁰ as an honest cure?",
        f"{pair[0][0]}; smallest eigenvalue {low[0]:.1g}",
        f"{pair[1][0]}; smallest eigenvalue {low[1]:.1g}",
        WHOSE_FAULT,
        verdict(*cured), "The size of the negative eigenvalue tells: at rounding level it is "
        "rounding's, far above it the model's. Only a rounding error is cured by 10⁻¹⁰.",
        ask="Which one, and why?")


@bank.item("judge", 3)
def log_determinant(rng):
    case = rng.randrange(3)
    value, n = (rng.choice([(0.2, 50 * rng.randint(17, 24)), (0.3, 50 * rng.randint(17, 24)),
                            (8.0, 50 * rng.randint(9, 16))]) if case == 0 else
                (rng.choice([0.3, 0.4, 2.0, 3.0]), 10 * rng.randint(2, 5)))
    K = np.eye(n) * value
    if case == 2:
        K[:2, :2] = -value * np.array([[1.0, 0.2], [0.2, 1.0]])
    with np.errstate(all="ignore"):
        det = float(np.linalg.det(K))
    assert (0 < det < math.inf) == (case > 0) and refused(K) == (case == 2)
    total = "refused, a pivot is negative" if case == 2 else f"{log_determinant_of(K):.1f}"
    return weigh(
        rng, f"The log-determinant of what should be a covariance matrix, of order {n}, with "
        f"pivots of size {value:g}, in float64, which ends near 10³⁰⁸ and 10⁻³²⁴.",
        f"log(det(K)), where det(K) = {det:.3g}", f"2 sum(log(diag(L))): {total}",
        [("@2: the product leaves the range, a sum of logarithms does not",
          "a determinant always leaves the range"),
         ("Either: the product and the sum both stay within the range",
          "equal in mathematics is equal in floats"),
         ("Neither: K is no covariance matrix, and det(K) hides it",
          "a refusal is the routine's failure to compute"),
         ("@1, with 10⁻³⁰⁰ added: det(K) is right but for that",
          "a small epsilon cures every inf and nan")],
        case, f"{value:g} to the power {n} is 10 to the power {n * math.log10(value):.0f}. Two "
        "negative eigenvalues leave a determinant positive; a pivot shows the first.")


@bank.item("judge", 2)
def how_much_jitter(rng):
    n = rng.choice([60, 70, 80])
    large, small, noise = rng.choice([(1e-2, 1e-9, 1e-5), (1e-1, 1e-10, 1e-6), (1e-6, 1e-10, 1e-2),
                                      (1e-7, 1e-9, 0.1), (1e-2, 1e-4, 1e-8), (1e-1, 1e-3, 1e-7)])
    K = kernel(n, 0.5)
    assert refused(K) and not any(refused(K + t * np.eye(n)) for t in (large, small))
    sums = [log_determinant_of(K + t * np.eye(n)) for t in (large, small)]
    return weigh(
        rng, f"A kernel matrix of {n} points with diagonal 1 is refused in float64; 2 n u tr K is "
        f"{sci(2 * n * n * 2.0**-53, 1)}. Two jitters make it pass, for data with noise of the "
        f"variance {sci(noise, 1)}.", f"jitter {sci(large, 1)}, log-determinant {sums[0]:.0f}",
        f"jitter {sci(small, 1)}, log-determinant {sums[1]:.0f}",
        [("@2: as a variance it is far below the noise, @1 is above",
          "the smaller jitter is always the better"),
         ("Either: as variances both are far below the noise",
          "a likelihood does not see the jitter"),
         ("Neither: as variances both of them are above the noise",
          "jitter of any size falsifies the model"),
         ("@1: the larger one is safer, and both do make it pass",
          "more jitter is more safety")],
        verdict(large < noise / 10, small < noise / 10),
        f"Jitter is a variance: @1 claims {sci(large, 1)}, @2 {sci(small, 1)}, beside the noise of "
        f"{sci(noise, 1)} that the model has.", ask="Which one do you add, and why?")
