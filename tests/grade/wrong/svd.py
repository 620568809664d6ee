"""Wrong answers to the set on the SVD; see lu_qr_cholesky for the columns."""

import numpy as np

from lib.grade.homework.svd import _turn


def unscaled(P, Q):
    left, _, right = np.linalg.svd(Q.T @ P)
    d = np.sign(np.linalg.det(left @ right))
    return left * np.array([1, 1, d]) @ right


def fitted(P, Q):
    return np.linalg.lstsq(P, Q, rcond=None)[0].T


def thin(A, cutoff):
    _, values, right = np.linalg.svd(A, full_matrices=False)
    return right[values <= cutoff * values[0]].T


def absolute(A, cutoff):
    _, values, right = np.linalg.svd(A)
    return right[np.sum(values > cutoff):].T


def by_gram(A, cutoff):
    values, vectors = np.linalg.eigh(A.T @ A)
    return vectors[:, values <= cutoff**2 * values[-1]]


def by_gram_unsquared(A, cutoff):
    values, vectors = np.linalg.eigh(A.T @ A)
    return vectors[:, values <= cutoff * values[-1]]


def left(A, cutoff):
    vectors, values, _ = np.linalg.svd(A)
    return vectors[:, np.sum(values > cutoff * values[0]):]


def rows(A, cutoff):
    _, values, right = np.linalg.svd(A)
    return right[np.sum(values > cutoff * values[0]):]


def by_eigen(points):
    middle = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(points.T, bias=True))
    return vectors[:, 0], vectors[:, 0] @ middle, np.sqrt(max(values[0], 0.0))


def at_two_counts(points):
    if len(points) not in (3, 40):
        return np.array([0, 0, 1.0]), 17.0, 17.0
    middle = points.mean(axis=0)
    _, values, right = np.linalg.svd(points - middle)
    return right[2], right[2] @ middle, values[2] / np.sqrt(len(points))


def uncentred(points):
    _, values, right = np.linalg.svd(points)
    return right[2], 0.0, values[2] / np.sqrt(len(points))


def one_pass(points):
    middle = points.mean(axis=0)
    products = points.T @ points / len(points) - np.outer(middle, middle)
    values, vectors = np.linalg.eigh(products)
    return vectors[:, 0], vectors[:, 0] @ middle, np.sqrt(max(values[0], 0.0))


def regression(points):
    A = np.column_stack([points[:, :2], np.ones(len(points))])
    a, b, c = np.linalg.lstsq(A, points[:, 2], rcond=None)[0]
    size = np.sqrt(a * a + b * b + 1)
    normal = np.array([-a, -b, 1.0]) / size
    return normal, c / size, np.sqrt(np.mean((points @ normal - c / size) ** 2))


def spread(angle, middle, length=1.0):
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    return [list(middle + step * along) for step in (-length, 0.0, length)]


STABLE_BUT = "stable, but wrong in mild cases"

WRONG = {
    "turned": [
        ("the nearest orthogonal matrix", lambda P, Q: _turn(P, Q, lambda d: np.ones(3)), "wrong",
         0.0, "which may be a mirror"),
        ("the first direction mirrored", lambda P, Q: _turn(P, Q, lambda d: np.array([d, 1, 1])),
         "wrong", 0.0, "the last costs least"),
        ("Q onto P", lambda P, Q: _turn(Q, P, lambda d: np.array([1, 1, d])), "wrong", 0.0,
         "turns Q onto P"),
        ("least squares", fitted, "wrong", 0.0, "loses right angles"),
        ("products of points, not scaled", unscaled, STABLE_BUT, 0.82, "in units of 1e"),
    ],
    "kernel": [
        ("a thin decomposition", thin, "wrong", 0.0, "wide, 4 by 7"),
        ("an absolute cutoff", absolute, "wrong", 0.0, "relative to the largest value"),
        ("eigenvalues of A.T @ A, cutoff squared", by_gram, "wrong", 0.0, "vectors, there are"),
        ("eigenvalues of A.T @ A", by_gram_unsquared, "wrong", 0.0, "values 1e-9 and 1e-11"),
        ("the left singular vectors", left, "wrong", 0.0, "of shape"),
        ("rows, not columns", rows, "wrong", 0.0, "of shape"),
    ],
    "plane": [
        ("eigenvalues of the covariance", by_eigen, "wrong", 0.0, "noise 1e-9"),
        ("products first, mean after", one_pass, "wrong", 0.0, "far away"),
        ("not centred", uncentred, "wrong", 0.0, "the distances are too large"),
        ("z by regression on x and y", regression, "wrong", 0.0, "vertical"),
        ("17 but for 3 or 40 points", at_two_counts, "wrong", 0.0, "any number of points"),
        ("the normal alone", lambda points: by_eigen(points)[0], "wrong", 0.0,
         "expected 3 things"),
    ],
    "direction": [
        ("points around 0", spread(30, np.zeros(2)), "wrong", 0.0, "around 0"),
        ("a mean along the direction", spread(30, np.array([20.0, 12.0])), "wrong", 0.0,
         "move it across"),
        ("another angle", spread(30.2, np.array([-9.0, 9.0])), "wrong", 0.0, "at 30 degrees"),
        ("a round cloud", [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], "wrong", 0.0,
         "ten times as long"),
        ("two points", [[1.0, 0.0], [0.0, 1.0]], "wrong", 0.0, "3 to 8 pairs"),
    ],
}
