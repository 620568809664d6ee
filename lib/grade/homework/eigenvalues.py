"""Judge the problem set on eigenvalues."""

import numpy as np

from lib import grade, problems
from lib.grade.calls import fails
from lib.grade.handed import on_arrays, one_argument
from lib.grade.variants import instances, own
from lib.grade.watched import counted_product

U = 2.0**-53


@np.errstate(all="ignore")
def check_modes(answer, seed=1967, variant=""):
    """Judge `modes(K, M)`: the pairs of K v = w M v, V^T M V = I, values ascending.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_modes(lambda K, M: np.linalg.eigh(K)).note
    'M was left out'
    """
    # What M^-1 K loses grows with kappa(M); equal values show what their vectors are to M.
    cases = {"any n, in any units": _any_pair(rng := instances(seed, variant, "modes"))}
    for name, n, kappa in (("M near I", 5, 2.0), ("kappa(M) = 1e4", 8, 1e4),
                           ("kappa(M) = 1e7", 6, 1e7)):
        cases[name] = (_symmetric(np.linspace(-1, 2, n), rng),
                       _symmetric(np.geomspace(1, 1 / kappa, n), rng))
    K, M = cases["kappa(M) = 1e4"]
    masses = 10.0 ** rng.uniform(-3, 3, 6)
    chain = 2 * np.eye(6) - np.eye(6, k=1) - np.eye(6, k=-1)
    L = np.linalg.cholesky(_symmetric(np.linspace(1, 9, 6), rng))
    cases |= {"a value three times": (L @ _symmetric(np.array([1.0, 2, 2, 2, 3, 4]), rng) @ L.T,
                                      L @ L.T),
              "a chain of masses": (chain, np.diag(masses)),
              "in units of 1e-150": (1e-150 * K, 1e-150 * M),
              "1 by 1": (np.array([[6.0]]), np.array([[4.0]]))}
    report = grade.check_identity(
        answer, _no_modes, cases, parts=("values", "vectors"), name="modes",
        bound=lambda K, M: {"V^T M V is off I by": 30 * len(K) * U * np.linalg.cond(M),
                            "K V is off M V w by": 30 * len(K) * U * np.linalg.cond(M)}, known={
            "M was left out": lambda K, M: tuple(np.linalg.eigh(K)),
            "the columns have length 1; v^T M v should be 1": lambda K, M: _scaled_modes(
                K, M, lambda v, M: v @ v),
            "M^-1 K is not symmetric, and eigh reads one half of it": lambda K, M: tuple(
                np.linalg.eigh(np.linalg.solve(M, K)))},
        shows={"a value three times": "vectors of one value need not come out M-orthogonal"})
    return report.with_mild("1 by 1", "in units of 1e-150")


def _any_pair(rng):
    """Return K and M of 9 to 15 rows, in any units."""
    n, unit = int(rng.integers(9, 16)), 10.0 ** rng.uniform(-9, 9)
    return (unit * _symmetric(rng.normal(size=n), rng),
            unit * _symmetric(10.0 ** rng.uniform(-4, 0, n), rng))


def _symmetric(values, rng):
    """Return a symmetric matrix with such eigenvalues."""
    Q = problems.random_orthogonal(len(values), len(values), rng)
    A = Q * values @ Q.T
    return (A + A.T) / 2


def _scaled_modes(K, M, size):
    """Return the modes by the root of M, columns scaled to size(v, M) = 1."""
    root = _power(M, -0.5)  # not the factor that the task asks for
    values, Z = np.linalg.eigh(root @ K @ root)
    V = root @ Z
    return values, V / np.sqrt([size(v, M) for v in V.T])


def _no_modes(values, V, K, M):
    """Return what keeps values and vectors from being those of K v = w M v."""
    n = len(K)
    if values.shape != (n,) or V.shape != (n, n):
        fails(f"shapes {values.shape} and {V.shape}, wanted {(n,)} and {(n, n)}")
    if np.iscomplexobj(values) or np.iscomplexobj(V):
        return {"complex numbers: all values are real": True}
    norms = [np.linalg.norm(A, 2) for A in (K, M)]
    lengths = np.sqrt(np.sum(V * V, axis=0))
    scale = (norms[0] + np.abs(values) * norms[1]) * np.where(lengths == 0, 1, lengths)
    return {"the values do not ascend": bool(np.any(np.diff(values) < 0)),
            "K V is off M V w by": (K @ V - M @ V * values) / scale,
            "V^T M V is off I by": V.T @ M @ V - np.eye(n)}


@np.errstate(all="ignore")
def check_root(answer, seed=1986, variant=""):
    """Judge `inverse_root(A)`: the symmetric X with X A X = I, to 30 n u kappa(A).

    Parameters
    ----------
    answer : callable
    seed : int
        Of the matrices.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_root(lambda A: np.linalg.inv(A)).note
    'this is the inverse, not its square root'
    """
    # Known are four other things that whiten, or look like a root.
    rng = instances(seed, variant, "root")
    cases = {f"n = {n}, kappa = {kappa:.0e}": (_symmetric(np.geomspace(1, 1 / kappa, n), rng),)
             for n, kappa in ((4, 10), (8, 1e4), (10, 1e8))}
    (A,) = cases["n = 8, kappa = 1e+04"]
    cases |= {"a value twice": (_symmetric(np.array([1.0, 1, 4, 4, 9]), rng),),
              "diagonal": (np.diag([4.0, 9.0, 0.25]),), "in units of 1e-200": (1e-200 * A,),
              "1 by 1": (np.array([[16.0]]),)}
    report = grade.check_identity(
        answer, _no_root, cases, name="inverse_root",
        bound=lambda A: {"X A X is off I by": 30 * len(A) * U * np.linalg.cond(A),
                         "X is off symmetry by": 30 * len(A) * U}, known={
            "this is the inverse, not its square root": lambda A: np.linalg.inv(A),
            "the inverse of Cholesky's factor whitens, and is not symmetric":
                lambda A: np.linalg.inv(np.linalg.cholesky(A)),
            "roots of the elements are no root of the matrix":
                lambda A: 1 / np.sqrt(np.abs(A)),
            "this is the square root, not its inverse": lambda A: _power(A, 0.5)})
    return report.with_mild("1 by 1", "in units of 1e-200", "diagonal")


def _power(A, exponent):
    """Return a power of a symmetric positive definite matrix."""
    values, V = np.linalg.eigh(A)
    return V * values**exponent @ V.T


def _no_root(X, A):
    """Return how far X is from the inverse square root of A."""
    if X.shape != A.shape:
        fails(f"of shape {X.shape}, wanted {A.shape}")
    # In units in which nothing over- or underflows.
    size = 2.0 ** np.floor(np.log2(np.max(np.abs(A))) / 2)
    X, A = X * size, A / size / size
    return {"X is off symmetry by": (X - X.T) / np.max(np.abs(X)),
            "X has a value that is not positive": bool(np.min(np.linalg.eigvalsh(
                (X + X.T) / 2)) <= 0),
            "X A X is off I by": X @ A @ X - np.eye(len(A))}


@np.errstate(all="ignore")
def check_lanczos(answer, seed=1950, variant=""):
    """Judge `ritz_values(product, start, steps)`: no ghosts, and no more than the space has.

    Parameters
    ----------
    answer : callable
    seed : int
        Of the spectra and the starts; products are counted.
    variant : str

    Returns
    -------
    Report

    Examples
    --------
    >>> check_lanczos(lambda product, start, steps: np.ones(steps)).cases[0].verdict
    'wrong'
    """
    # Values, steps, and how many parts of the start are not 0.
    rng, cases, ledger = instances(seed, variant, "lanczos"), {}, {}
    spectra = {"values alike": (np.linspace(1, 2, 40), 12, 40),
               "four far out, 60 steps": (np.append(rng.random(96), [3, 5, 9, 20.0]), 60, 100),
               "both signs": (np.linspace(-1, 1.1, 40), 20, 40),
               "start in a space of 3": (np.linspace(1, 9, 30), 10, 3),
               "a value many times": (np.repeat([1.0, 2.0, 5.0], 10), 8, 30),
               "one step": (np.linspace(1, 2, 9), 1, 9)}
    known = {}
    for name, (values, steps, parts) in spectra.items():
        share = np.where(np.arange(len(values)) < parts, 1 + rng.random(len(values)), 0.0)
        turn = problems.random_orthogonal(len(values), len(values), rng)
        A = turn * values @ turn.T
        cases[name] = (counted_product((A + A.T) / 2, ledger), turn @ share, steps)
        known[cases[name][0]] = _ritz(values, share, steps)
    report = grade.check_identity(
        answer, lambda found, product, start, steps: _no_ritz(
            found, known[product], ledger[product], steps), cases, name="ritz_values",
        bound={"a value is off by": 1e-8}, shows={
            "four far out, 60 steps": "rounding lets converged values come back as ghosts",
            "start in a space of 3": "the space ends: stop where nothing new is left",
            "a value many times": "a start sees each value once"})
    return report.with_mild("one step")


def _no_ritz(found, right, counted, steps):
    """Return how far values are from those of the Krylov space, and whether products were many."""
    A, calls = counted
    if calls > steps:
        return {f"{calls} products, {steps} are enough": True}
    if found.shape != right.shape:
        return {f"{found.size} values, the space has {right.size}": True}
    return {"the values do not ascend": bool(np.any(np.diff(found) < 0)),
            "a value is off by": (found - right) / np.linalg.norm(A, 2)}


def _ritz(values, start, steps):
    """Return the Ritz values of a diagonal matrix, each vector orthogonalised twice."""
    basis = [start / np.sqrt(start @ start)]
    while len(basis) < steps:
        v = values * basis[-1]
        for q in (*basis, *basis):
            v = v - (q @ v) * q
        size = np.sqrt(v @ v)
        if size < 1e-10 * np.max(values):
            break
        basis.append(v / size)
    Q = np.array(basis)
    return np.linalg.eigvalsh(Q * values @ Q.T)


def own_eigenvalue(variant=""):
    """Return the first element, an eigenvalue, of the matrix of the break-it problem.

    Examples
    --------
    >>> own_eigenvalue()
    1.0
    """
    return own(variant, [1.0, *(k / 100 for k in range(101, 500))], "moved")


@np.errstate(all="ignore")
def check_moved(answer, seed=0, variant=""):
    """Judge a matrix whose eigenvalue moves much farther than one element of it.

    Parameters
    ----------
    answer : array_like
    seed : int
        Nothing is drawn.
    variant : str
        Chooses `own_eigenvalue`.

    Returns
    -------
    Report

    Examples
    --------
    >>> check_moved([[1.0, 0.0], [0.0, 3.0]]).cases[0].shown
    'does not break'
    """
    first = own_eigenvalue(variant)

    def moved(A):
        changed = A.copy()
        changed[-1, 0] += 1e-8
        near = np.linalg.eigvals(changed)
        return max(np.min(np.abs(near - value)) for value in np.diag(A)) / 1e-8

    # Triangular: the eigenvalues are known, and stand on the diagonal.
    return grade.check_counterexample(
        one_argument(answer), on_arrays(moved), above=1000.0, name="moved",
        unit="times as far", valid={
            "a square matrix of 2 to 5 rows": on_arrays(
                lambda A: A.ndim == 2 and A.shape[0] == A.shape[1] and 2 <= len(A) <= 5),
            "elements of at most 10 in size": on_arrays(
                lambda A: bool(np.all(np.abs(A) <= 10))),
            "zeros below the diagonal": on_arrays(lambda A: not np.any(np.tril(A, -1))),
            f"a first element of {first}": on_arrays(lambda A: A[0, 0] == first),
            "eigenvalues at least 1 apart, but for rounding": on_arrays(
                lambda A: np.min(np.diff(np.sort(np.diag(A)))) >= 1 - 1e-12)},
        known={"a diagonal matrix is symmetric: its values move no farther than it does":
               on_arrays(lambda A: not np.any(np.triu(A, 1))),
               "two rows have too few paths back: take more, with large elements above":
               on_arrays(lambda A: len(A) < 4)})
