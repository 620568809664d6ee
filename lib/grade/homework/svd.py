"""Judge the problem set on the singular value decomposition."""

import numpy as np

from lib import grade, problems
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, one_argument
from lib.grade.variants import instances, own

U = 2.0**-53
# What is measured of a plane: relative to the distances, or, where these are 0, to the coordinates.
ROUGH = "the distances are too large, relatively, by", "rms is off, relatively, by"
FLAT = tuple(f"{what}, over the largest coordinate, by" for what in (
    "the distances are too large", "rms is off"))


@np.errstate(all="ignore")
def check_turned(answer, seed=1976, variant=""):
    """Judge `turned(P, Q)`: the rotation that brings points P nearest to Q, never a mirror.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the points, and of what was done to them.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_turned(lambda P, Q: np.eye(3)).cases[0].verdict
    'wrong'
    """
    rng, cases = instances(seed, variant, "turned"), {}
    flat = np.array([1.0, 1.0, 0.0])
    # A mirror fits better than any rotation where points were mirrored, or lie in a plane.
    for name, shape, mirror, noise in (
            ("exact", 1.0, 1, 0.0), ("noisy", 1.0, 1, 0.05),
            ("mirrored", [3.0, 2.0, 0.5], -1, 0.01),
            ("mirrored, long in x", [5.0, 1.0, 1.5], -1, 0.02), ("in a plane", flat, 1, 0.0),
            ("in a plane, noisy", flat, -1, 1e-9), ("half a turn", [3.0, 2.0, 1.0], 1, 0.0)):
        P = rng.normal(size=(12, 3)) * shape
        turn = problems.random_rotation(3, rng) if name != "half a turn" else np.diag([1, -1, -1.0])
        cases[name] = (P, P @ (turn * [1, 1, mirror]).T + noise * rng.normal(size=(12, 3)))
    P, Q = cases["noisy"]
    cases["any number, in any units"] = _any_points(rng)
    cases |= {"in units of 1e-200": (1e-200 * P, 1e-200 * Q), "in units of 1e200":
              (1e200 * P, 1e200 * Q), "one point": (P[:1], Q[:1])}
    report = grade.check_identity(
        answer, _no_turn, cases, name="turned", bound={
            "loses right angles by": 30 * U, "points farther than need be by": 1e-12}, known={
            "this is the nearest orthogonal matrix, which may be a mirror": lambda P, Q:
                _turn(P, Q, lambda d: np.ones(3)),
            "the first direction was mirrored back: the last costs least": lambda P, Q:
                _turn(P, Q, lambda d: np.array([d, 1, 1])),
            "this turns Q onto P": lambda P, Q: _turn(Q, P, lambda d: np.array([1, 1, d]))})
    return report.with_mild("in units of 1e-200", "in units of 1e200", "one point")


def _any_points(rng):
    """Return 13 to 59 points and the same ones turned, in any units."""
    P, unit = rng.normal(size=(int(rng.integers(13, 60)), 3)), 10.0 ** rng.uniform(-20, 20)
    turn = problems.random_rotation(3, rng)
    return unit * P, unit * (P @ turn.T + 0.1 * rng.normal(size=P.shape))


def _turn(P, Q, signs):
    """Return U diag(signs(d)) V^T of the products of points, d the sign of det(U V^T)."""
    P, Q = P / np.max(np.abs(P)), Q / np.max(np.abs(Q))
    left, _, right = np.linalg.svd(Q.T @ P)
    return left * signs(np.sign(np.linalg.det(left @ right))) @ right


def _no_turn(R, P, Q):
    """Return what keeps R from being a best rotation."""
    if R.shape != (3, 3):
        fails(f"of shape {R.shape}, wanted (3, 3)")
    P, Q = P / np.max(np.abs(Q)), Q / np.max(np.abs(Q))
    best = _turn(P, Q, lambda d: np.array([1, 1, d]))
    # Distances of points, not their squares: an exact fit leaves 0.
    far, least = (np.sqrt(np.sum((P @ turn.T - Q) ** 2)) for turn in (R, best))
    return {"loses right angles by": R.T @ R - np.eye(3),
            "a mirror, of determinant -1": bool(np.linalg.det(R) < 0),
            "points farther than need be by": max(far - least, 0) / np.sqrt(np.sum(Q * Q))}


@np.errstate(all="ignore")
def check_kernel(answer, seed=1970, variant=""):
    """Judge `null_space(A, cutoff)`: an orthonormal basis of what A makes small, to 30 n u.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices; their singular values stand clear of the cutoff.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_kernel(lambda A, cutoff: np.eye(A.shape[1])).cases[0].verdict
    'wrong'
    """
    rng = instances(seed, variant, "kernel")
    # (rows, columns, singular values): wide, tall, near the cutoff from both sides, other units.
    kinds = {"tall, rank 3 of 5": (9, 5, [3, 2, 1, 0, 0], 1e-10),
             "wide, 4 by 7": (4, 7, [3, 2, 1, 0.5], 1e-10),
             "wide, rank 2": (4, 6, [3, 1, 0, 0], 1e-10),
             "values 1e-9 and 1e-11": (8, 5, [2, 1, 1e-9, 1e-11, 0], 1e-10),
             "values 1e-3 and 1e-5": (6, 4, [1, 0.1, 1e-3, 1e-5], 1e-4)}
    cases = {name: (problems.with_singular_values(np.array(values, float), rng, m=rows)
                    if rows >= columns else _wide(rows, columns, values, rng), cutoff)
             for name, (rows, columns, values, cutoff) in kinds.items()}
    small = cases["tall, rank 3 of 5"][0]
    rows, unit = int(rng.integers(5, 12)), 10.0 ** rng.uniform(-30, 30)
    cases["of any shape, in any units"] = (unit * _wide(
        rows, int(rng.integers(12, 20)), [3, 1, 1e-3, *[0] * (rows - 3)], rng), 1e-6)
    cases |= {"in units of 1e-14": (1e-14 * small, 1e-10),
              "in units of 1e14": (1e14 * small, 1e-10),
              "full rank": (rng.normal(size=(6, 3)), 1e-10), "zeros": (np.zeros((3, 4)), 1e-10)}
    report = grade.check_identity(
        answer, _no_kernel, cases, name="null_space", bound=lambda A, cutoff: {
            "loses right angles by": 30 * max(A.shape) * U,
            "A v over its largest value": max(cutoff, 30 * max(A.shape) * U)}, shows={
            "wide, 4 by 7": "a thin decomposition has no vectors beyond the fourth",
            "values 1e-9 and 1e-11": "their squares are below u",
            "in units of 1e-14": "the cutoff is relative to the largest value"})
    return report.with_mild("zeros", "full rank")


def _wide(rows, columns, values, rng):
    """Return a matrix with more columns than rows and such singular values."""
    right = problems.random_orthogonal(columns, rows, rng)
    return problems.random_orthogonal(rows, rows, rng) * np.array(values, float) @ right.T


def _no_kernel(V, A, cutoff):
    """Return what keeps V from being a basis of the null space."""
    n = A.shape[1]
    values = np.linalg.svd(A, compute_uv=False)
    size = n - int(np.sum(values > cutoff * values[0]))
    if V.ndim != 2 or V.shape[0] != n:
        fails(f"of shape {V.shape}, wanted {(n, size)}")
    if V.shape[1] != size:
        return {f"{V.shape[1]} vectors, there are {size}": True}
    if size == 0:
        return {"no vectors, as there are none": 0.0}
    return {"loses right angles by": V.T @ V - np.eye(size),
            "A v over its largest value": np.sqrt(np.sum((A @ V) ** 2, axis=0)) / (
                values[0] or 1.0)}


@np.errstate(all="ignore")
def check_plane(answer, seed=1901, variant=""):
    """Judge `plane(points)`: normal, offset and rms distance of the best plane through points.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the planes and of how far the points are off them.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_plane(lambda points: (np.array([0, 0, 1.0]), 0.0, 0.0)).cases[0].verdict
    'wrong'
    """
    rng, cases = instances(seed, variant, "plane"), {}
    # How far the points are off a plane, and the plane off the origin.
    for name, off, far in (("noise 1e-2", 1e-2, 1), ("noise 1e-6", 1e-6, 1),
                           ("noise 1e-9", 1e-9, 1), ("far away", 1e-3, 1e6),
                           ("vertical", 1e-4, 1), ("any number of points", 1e-3, 1)):
        frame = problems.random_rotation(3, rng)
        if name == "vertical":
            frame = np.array([[0.0, 0, 1], [0, 1, 0], [1, 0, 0]])
        many = 2 * int(rng.integers(30, 200)) + 1 if name == "any number of points" else 40
        local = rng.normal(size=(many, 3)) * [2.0, 1.0, off]
        cases[name] = (local @ frame.T + far * rng.normal(size=3),)
    triangle = np.array([[0.0, 0, 0], [2, 0, 0], [rng.uniform(0.5, 1.5), 1.5, 0]])
    cases["three points"] = (triangle @ problems.random_rotation(3, rng).T + rng.normal(size=3),)
    report = grade.check_identity(
        answer, _no_plane, cases, parts=("normal", "offset", "rms"), name="plane",
        bound=_plane_bounds, shows={
            "noise 1e-9": "the smallest eigenvalue of the products is below u",
            "far away": "the mean is to be taken off before any product",
            "vertical": "z is no function of x and y",
            "three points": "they lie in their plane: rms is 0 but for rounding"})
    return report.with_mild("three points")


def _best_plane(points):
    """Return the rms distance of the best plane, what rounding may do to it, and the size."""
    values = np.linalg.svd(points - np.mean(points, axis=0), compute_uv=False)
    size = np.max(np.abs(points))
    return values[2] / np.sqrt(len(points)), 100 * U * size, size


def _plane_bounds(points):
    """Return what is allowed: rounding of the largest coordinate, over the distances or it."""
    best, rounding, size = _best_plane(points)
    length = {"the normal is off length 1 by": 20 * U}
    if best < rounding:
        return length | dict.fromkeys(FLAT, rounding / size)
    return length | dict.fromkeys(ROUGH, 1e-9 + rounding / best)


def _no_plane(normal, offset, rms, points):
    """Return how far a plane is from the best one, and what is said of it from the truth."""
    if normal.shape != (3,) or np.shape(offset) or np.shape(rms):
        fails(f"shapes {normal.shape}, {np.shape(offset)}, {np.shape(rms)}, "
              "wanted (3,), () and ()")
    (best, rounding, size), middle = _best_plane(points), np.mean(points, axis=0)
    distances = (points - middle) @ normal + (middle @ normal - offset)
    reached, length = np.sqrt(np.mean(distances**2)), np.sqrt(normal @ normal)
    labels, unit = (FLAT, size) if best < rounding else (ROUGH, best)
    off = max(reached - best, 0.0) / unit, (rms - best) / unit
    return {"the normal is off length 1 by": length - 1, **dict(zip(labels, off, strict=True))}


def own_angle(variant=""):
    """Return the angle, in degrees, of the first direction in the break-it problem.

    Examples
    --------
    >>> own_angle()
    30.0
    """
    return own(variant, [30.0, *(k / 10 for k in range(200, 701) if k != 300)], "direction")


@np.errstate(all="ignore")
def check_direction(answer, seed=0, variant=""):
    """Judge points whose first direction, not centred, is at a right angle to the centred one.

    Parameters
    ----------
    answer : list of pairs
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_angle`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_direction([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]).cases[0].shown
    'not admitted'
    """
    wanted = own_angle(variant)

    def centred(X):
        return X - np.mean(X, axis=0)

    # A first direction is one only where the second is much smaller.
    return grade.check_counterexample(
        one_argument(answer), on_arrays(lambda X: _between(_angle(X), wanted)), above=85,
        name="direction", unit="degrees lie between the directions", valid={
            "3 to 8 pairs of finite numbers, 100 at most in size": on_arrays(
                lambda X: X.ndim == 2 and X.shape[1] == 2 and 3 <= len(X) <= 8 and bool(
                    np.all(np.abs(X) <= 100))),
            "a first direction, ten times as long as the second": on_arrays(
                lambda X: _ratio(centred(X)) >= 10),
            f"a first direction at {wanted:g} degrees, within 0.05": on_arrays(
                lambda X: _between(_angle(centred(X)), wanted) <= 0.05)},
        known={"the points lie around 0, where centring changes nothing": on_arrays(
            lambda X: np.max(np.abs(np.mean(X, axis=0))) < np.max(np.std(X, axis=0))),
            "the mean lies along the first direction: move it across": on_arrays(
                lambda X: _between(_angle(X), wanted) <= 60)})


def _angle(X):
    """Return the angle of the first right singular vector, in degrees from 0 to 180."""
    first = np.linalg.svd(X)[2][0]
    return float(np.degrees(np.arctan2(first[1], first[0])) % 180)


def _between(one, other):
    """Return the angle between two lines."""
    gap = abs(one - other) % 180
    return min(gap, 180 - gap)


def _ratio(X):
    """Return the first singular value over the second."""
    values = np.linalg.svd(X, compute_uv=False)
    return values[0] / max(values[1], 1e-300)
