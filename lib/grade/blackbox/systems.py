"""Two families of solvers: a search for pivots that misses a row, a test that samples."""

from fractions import Fraction

import numpy as np

from lib.grade.blackbox.families import Family, floats, number

# --- lu_qr_cholesky: elimination that does not look at one row, in one step -----------------------

SIZE, CHANGED = 20, 3


def _blind_row(rng):
    step, row = sorted(rng.choice(SIZE, 2, replace=False).tolist())
    return (step, row), f"In step {step} it does not look at row {row}, counted from 0."


def _changes(given):
    if not hasattr(given, "__len__") or len(given) > SIZE**2:
        raise ValueError("give a list of (row, column, element)")
    made = []
    for one in given:
        if not hasattr(one, "__len__") or len(one) != 3:
            raise ValueError(f"{str(one)[:40]!r} is no (row, column, element)")
        i, j, value = (number(part) for part in one)
        if i % 1 or j % 1 or not (0 <= i < SIZE and 0 <= j < SIZE):
            raise ValueError(f"row {i:g}, column {j:g}: both are 0 to {SIZE - 1}")
        made.append((int(i), int(j), value))
    if len({one[:2] for one in made}) < len(made):
        raise ValueError("an element is given twice")
    return made


def _matrix(changes):
    A = np.eye(SIZE)
    for i, j, value in changes:
        A[i, j] = value
    return A


def _eliminated(member, changes):
    A = _matrix(changes)
    b = np.sum(A, axis=1)
    with np.errstate(all="ignore"):
        for k in range(SIZE):
            seen = [i for i in range(k, SIZE) if (k, i) != member]
            p = max(seen, key=lambda i: abs(A[i, k]))
            A[[k, p]], b[[k, p]] = A[[p, k]], b[[p, k]]
            factors = A[k + 1:, k] / A[k, k]
            A[k + 1:] -= np.outer(factors, A[k])
            b[k + 1:] -= factors * b[k]
        for k in reversed(range(SIZE)):
            b[k] = (b[k] - A[k, k + 1:] @ b[k + 1:]) / A[k, k]
    return b.tolist()


def _solved(changes):
    A = _matrix(changes)
    rows = [[*map(Fraction, row), Fraction(float(np.sum(row)))] for row in A.tolist()]
    for k in range(SIZE):
        p = next(i for i in range(k, SIZE) if rows[i][k])
        rows[k], rows[p] = rows[p], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(SIZE):
            if i != k and (factor := rows[i][k]):
                rows[i] = [a - factor * c for a, c in zip(rows[i], rows[k], strict=True)]
    return [float(row[-1]) for row in rows]


def _distance(found, exact):
    found, exact = np.array(found), np.array(exact)
    error = np.max(np.abs(found - exact)) / np.max(np.abs(exact))
    return float(error) if np.isfinite(error) else np.inf


def _is_harmless(changes):
    A = _matrix(changes)
    return bool(np.all(np.abs(A) <= 2) and np.linalg.cond(A) <= 10)


PIVOT = Family(
    "a search for the pivot",
    "A routine solves A x = b, 20 equations, by elimination: it exchanges rows for the largest "
    "pivot, but in one step its search leaves out one row. A is the identity but for the elements "
    "that you give, and b is A times ones. A query is a list of (row, column, element), counted "
    "from 0, the answer is x. Hand in at most three elements, none above 2, for which x is off by "
    "half of its size, although the condition number of A is at most 10.",
    _blind_row, _changes, _eliminated,
    lambda found, changes: _distance(found, _solved(changes)), 0.5,
    {"at most three elements": lambda changes: len(changes) <= CHANGED,
     "elements of at most 2, a condition number of at most 10": _is_harmless})


# --- conjugate_gradients: a test that looks at four of the residuals ------------------------------

UNKNOWNS, SAMPLED = 24, 4
DIAGONAL = np.arange(1.0, UNKNOWNS + 1)


def _sample(rng):
    seen = sorted(rng.choice(UNKNOWNS, SAMPLED, replace=False).tolist())
    return seen, f"It looks at the residuals {seen}, counted from 0."


def _iterated(seen, b):
    b = np.array(b)
    x, r = np.zeros(UNKNOWNS), b.copy()
    p, rho, enough = r.copy(), r @ r, 1e-10 * np.max(np.abs(b))
    with np.errstate(all="ignore"):
        for _ in range(2 * UNKNOWNS):
            if np.max(np.abs(r[seen])) <= enough:
                break
            alpha = rho / (p @ (DIAGONAL * p))
            x += alpha * p
            r -= alpha * DIAGONAL * p
            rho, before = r @ r, rho
            p = r + rho / before * p
    return x.tolist()


SAMPLE = Family(
    "a test that samples",
    "A routine solves A x = b by conjugate gradients from x = 0; A is diagonal, 1, 2, ..., 24. It "
    "stops when the residual is small, but to save time its test looks at four of the 24 residuals "
    "alone, always the same. A query is b, a list of 24 numbers, the answer is x. Hand in a b that "
    "has at least 20 elements from 1 to 2, the others 0, for which x is off by half of its size.",
    _sample, lambda given: floats(given, UNKNOWNS), _iterated,
    lambda found, b: _distance(found, np.array(b) / DIAGONAL), 0.5,
    {"elements of 0, or from 1 to 2": lambda b: all(v == 0 or 1 <= v <= 2 for v in b),
     "at least 20 that are not 0": lambda b: sum(v != 0 for v in b) >= UNKNOWNS - SAMPLED})

SYSTEMS = {"lu_qr_cholesky": PIVOT, "conjugate_gradients": SAMPLE}
