"""Loops whose operations are counted on paper, and by `lib.numbers.count_operations`."""

import inspect

from homework.exams.items import fill
from homework.exams.words import whole
from lib.numbers import count_operations


def counted(stem, function, values, why, share=0.1):
    """Return a draft: how many operations does this loop take? A share of them is forgiven."""
    count = count_operations(function, *values)
    lines = [line for line in inspect.getsource(function).rstrip().split("\n") if '"""' not in line]
    more = " A product `@` takes those that its sums take." if "@" in "".join(lines) else ""
    return fill(f"{stem} How many additions, subtractions, multiplications and divisions of "
                "numbers does it take? (The leading term is "
                f"enough.){more}", count, f"{why} Counted: "
                f"{whole(count)}.", within=share * count, listing="\n".join(lines),
                ran=[count])


def kahan(x):
    """Return the sum of x."""
    s = x[0]
    c = s - s
    for term in x[1:]:
        y = term - c
        t = s + y
        c = (t - s) - y
        s = t
    return s


def two_pass(x):
    """Return the variance of x."""
    mean = sum(x) / len(x)
    total = x[0] - x[0]
    for value in x:
        total = total + (value - mean) * (value - mean)
    return total / len(x)


def substitute(L, b):
    """Return the solution of L x = b, L a lower triangle."""
    x = b.copy()
    for i in range(len(b)):
        for j in range(i):
            x[i] = x[i] - L[i, j] * x[j]
        x[i] = x[i] / L[i, i]
    return x


def product(A, x):
    """Return A x."""
    y = x * 0
    for i in range(len(x)):
        for j in range(len(x)):
            y[i] = y[i] + A[i, j] * x[j]
    return y


def eliminate(A):
    """Return A after elimination without exchanges."""
    U = A.copy()
    n = len(A)
    for k in range(n):
        for i in range(k + 1, n):
            factor = U[i, k] / U[k, k]
            for j in range(k + 1, n):
                U[i, j] = U[i, j] - factor * U[k, j]
    return U


def cholesky_updates(A):
    """Return A after the updates of Cholesky's method, square roots left out."""
    L = A.copy()
    n = len(A)
    for k in range(n):
        for j in range(k + 1, n):
            for i in range(j, n):
                L[i, j] = L[i, j] - L[i, k] * L[j, k]
    return L


def gram(A):
    """Return the lower triangle of the Gram matrix of A."""
    rows, columns = A.shape
    G = A[:columns] * 0
    for i in range(columns):
        for j in range(i + 1):
            for k in range(rows):
                G[i, j] = G[i, j] + A[k, i] * A[k, j]
    return G


def low_rank_product(U, V, x):
    """Return (U V^T) x without forming the product."""
    small = V.T @ x
    return U @ small


def power_step(A, x, norm):
    """Return the next vector of power iteration, and its quotient."""
    y = A @ x
    quotient = x @ y
    return y / norm, quotient


def tridiagonal(low, main, high, b):
    """Return the solution of a system with three diagonals."""
    d = main.copy()
    x = b.copy()
    n = len(b)
    for i in range(1, n):
        factor = low[i - 1] / d[i - 1]
        d[i] = d[i] - factor * high[i - 1]
        x[i] = x[i] - factor * x[i - 1]
    x[n - 1] = x[n - 1] / d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - high[i] * x[i + 1]) / d[i]
    return x


def cg_vectors(x, r, p, q, rho, kappa):
    """Return what a step of conjugate gradients does beside its product q = A p."""
    alpha = rho / (p @ q)
    x = x + alpha * p
    r = r - alpha * q
    new = r @ r
    p = r + (new / rho) * p
    return x, r, p


def horner(c, x):
    """Return the polynomial with coefficients c at x."""
    value = c[0]
    for coefficient in c[1:]:
        value = value * x + coefficient
    return value


def momentum_step(w, v, g, beta, step):
    """Return weights and velocity after a step."""
    v = beta * v + g
    w = w - step * v
    return w, v


def simpson_sum(values, h):
    """Return Simpson's rule from values at equal steps."""
    total = values[0] + values[-1]
    for i in range(1, len(values) - 1):
        weight = 4 if i % 2 else 2
        total = total + weight * values[i]
    return total * h / 3


def add_row(gram, row):
    """Return a Gram matrix with one more row of data."""
    n = len(row)
    G = gram.copy()
    for i in range(n):
        for j in range(n):
            G[i, j] = G[i, j] + row[i] * row[j]
    return G


def backward(weights, g):
    """Return the gradient behind a stack of linear layers."""
    for W in weights:
        g = W @ g
    return g


def differences(X, y):
    """Return squared distances of the rows of X to y."""
    gaps = X - y
    return (gaps * gaps).sum(axis=1)
