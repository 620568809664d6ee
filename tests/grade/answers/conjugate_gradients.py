"""Wrong answers to the exercises on conjugate gradients, three at least for each.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np
import scipy.sparse.linalg

from lib import linear, problems

RIGHT = {}


def planned(root=np.sqrt, two=2, whole=np.ceil, least=1):
    """Return a plan of steps with a slip."""
    def steps_planned(kappa, eps):
        part = 2 / (root(kappa) + 1)
        if part >= 1:
            return least
        return max(least, int(whole(np.log(two / eps) / -np.log1p(-part))))

    return steps_planned


def cancelled(kappa, eps):
    if kappa == 1:
        return 1
    factor = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    return max(1, int(np.ceil(np.log(eps / 2) / np.log(factor))))


def printed(kappa, eps):
    factor = (kappa - 1) / (kappa + 1)
    return int(np.log(eps) / np.log(factor))


def without_guard(kappa, eps):
    part = 2 / (np.sqrt(kappa) + 1)
    return int(np.ceil(np.log(2 / eps) / -np.log1p(-part)))


def mended(rho_of=lambda r, z: r @ z, beta=lambda new, old: new / old, made_of="z", first="z"):
    """Return a preconditioned loop with a slip."""
    def mended_gradients(A, b, times_M, steps):
        x, residual = 0 * b, b
        z = times_M(residual)
        direction = z if first == "z" else residual
        for _ in range(steps):
            rho = rho_of(residual, z)
            product = A @ direction
            step = rho / (direction @ product)
            x = x + step * direction
            residual = residual - step * product
            z = times_M(residual)
            kept = beta(rho_of(residual, z), rho)
            direction = (z if made_of == "z" else residual) + kept * direction
        return x

    return mended_gradients


def plain(A, b, times_M, steps):
    return mended()(A, b, lambda r: r, steps)


def half_mended(alpha, beta):
    """Return a loop whose alpha and beta are made of different squares, "rr" or "rz"."""
    def mended_gradients(A, b, times_M, steps):
        x, r = 0 * b, b
        z = direction = times_M(r)
        squares = {"rr": r @ r, "rz": r @ z}
        for _ in range(steps):
            product = A @ direction
            step = squares[alpha] / (direction @ product)
            x = x + step * direction
            r = r - step * product
            z, old = times_M(r), squares
            squares = {"rr": r @ r, "rz": r @ z}
            direction = z + squares[beta] / old[beta] * direction
        return x

    return mended_gradients


def joined(A, b, times_M, steps):
    x, residual = 0 * b, times_M(b)
    direction = residual
    for _ in range(steps):
        rho = residual @ residual
        product = times_M(A @ direction)
        step = rho / (direction @ product)
        x = x + step * direction
        residual = residual - step * product
        direction = residual + (residual @ residual) / rho * direction
    return x


def scipys(A, b, times_M, steps):
    return scipy.sparse.linalg.cg(A, b, maxiter=steps)[0]


def packaged(A, b, times_M, steps):
    return linear.cg(A, b, maxiter=steps, preconditioner=times_M).x


def twice_a_step(A, b, times_M, steps):
    x = mended()(A, b, times_M, steps)
    return x + 0 * (A @ x)


def solved(A, b, times_M, steps):
    return np.linalg.solve(A, b)


def one_short(A, b, times_M, steps):
    return mended()(A, b, times_M, steps - 1)


def overwriting(A, b, times_M, steps):
    b -= A @ (0 * b)
    b[0] += 1
    return mended()(A, b, times_M, steps - 1)


def whole(X, v, lam):
    squares = np.sum(X**2, axis=1)
    K = np.exp(-np.maximum(squares[:, None] + squares - 2 * X @ X.T, 0) / 2)
    return K @ v + lam * v


def blocks(under=2, power=1, penalty=1.0, rows=100, tail=True):
    """Return a product in blocks with a slip."""
    def kernel_product(X, v, lam):
        squares = np.sum(X**2, axis=1)
        product = penalty * lam * v
        stop = len(X) if tail else rows * (len(X) // rows)
        for start in range(0, stop, rows):
            block = slice(start, start + rows)
            distances = np.maximum(squares[block, None] + squares - 2 * X[block] @ X.T, 0)
            product[block] += np.exp(-distances**power / under) @ v
        return product

    return kernel_product


def three_dimensional(X, v, lam):
    product = lam * v
    for start in range(0, len(X), 200):
        gaps = X[start:start + 200, None] - X
        product[start:start + 200] += np.exp(-np.sum(gaps**2, axis=2) / 2) @ v
    return product


def uncrossed(X, v, lam):
    squares = np.sum(X**2, axis=1)
    product = lam * v
    for start in range(0, len(X), 100):
        block = slice(start, start + 100)
        product[block] += np.exp(-(squares[block, None] + squares - X[block] @ X.T) / 2) @ v
    return product


def borrowed(X, v, lam):
    return problems.gaussian_kernel(X, 1.0)(v) + lam * v


def elements(X, v, lam):
    product = lam * v
    for i, p in enumerate(X):
        for j, q in enumerate(X):
            product[i] += np.exp(-np.sum((p - q) ** 2) / 2) * v[j]
    return product


def everywhere(X, v, lam):
    return blocks(penalty=0.0)(X, v, lam) + lam * np.sum(v)


# By what the report has to say of each, somewhere.
WRONG = {
    "log": {
        "parted by step 60": (60, 4, "C"),
        "80 is too large": (80, 4, "C"),
        "20 is too small": (20, 4, "C"),
        "the ratio itself": (40, 8000, "C"),
        "its exponent was asked for": (40, 1e4, "C"),
        "as a whole number": (40, np.log10(8000), "C"),
        "3.9 is too small": (40, 3.9, "C"),
        "nearer to 10 000 than to 1000": (40, 3, "C"),
        "without its sign": (40, -4, "C"),
        "2 is too small": (40, 2, "C"),
        "stays where it is": (40, 4, "A"),
        "asks the same residual": (40, 4, "B"),
        "a single one given, 3 wanted": 40,
    },
    "judge": {
        "'Ada' is not right": ("Ada", 8),
        "you left out the eigenvalue": ("Ben", 7),
        "this is the number of unknowns": ("Ben", 5000),
        "knows the ends of the spectrum only": ("Ben", 956),
        "one eigenvalue in common": ("Ben", 5001),
        "9 is too large": ("Ben", 9),
        "none of these: Ada, Ben": ("both", 8),
    },
    "plan": {
        "the square root of kappa is missing": planned(root=float),
        "the 2 in front is missing": planned(two=1),
        "this is rounded down": planned(whole=np.floor),
        "this is rounded to the nearest": planned(whole=np.round),
        "the bound is 0 after one step": planned(least=0),
        "its digits are gone": cancelled,
        "steps_planned: wrong": printed,
        "kappa 1e4": without_guard,
        "this is the card's estimate": lambda kappa, eps: (
            max(1, int(np.ceil(np.sqrt(kappa) * np.log(2 / eps) / 2)))),
        "one step more": lambda kappa, eps: planned()(kappa, eps) + 1,
        "returned None": lambda kappa, eps: print(end=""),
    },
    "mended": {
        "not mended at all": plain,
        "r · r was left in alpha and beta": mended(rho_of=lambda r, z: r @ r),
        "r · r was left in beta": half_mended("rz", "rr"),
        "r · r was left in alpha:": half_mended("rr", "rz"),
        "the first direction is r": mended(first="r"),
        "every direction is made of r": mended(made_of="r", first="r"),
        "the plain loop on M A and M b": joined,
        "A was asked for matvec: use A @ v only, no solver": scipys,
        "A was asked for its elements": packaged,
        "z · z stands where": mended(rho_of=lambda r, z: z @ z),
        "upside down": mended(beta=lambda new, old: old / new if new else 0),
        "forgets the one before": mended(beta=lambda new, old: 0),
        "is made of r after": mended(made_of="r"),
        "too many products with A": twice_a_step,
        "A was asked for solve": solved,
        "mended_gradients: wrong": one_short,
        "changed its argument": overwriting,
    },
    "product": {
        "MB of arrays at a time, allowed is 12": whole,
        "allowed is 12": three_dimensional,
        "the lam is missing": blocks(penalty=0.0),
        "the 2 under the squared distance": blocks(under=1),
        "the 2 before p · q": uncrossed,
        "which the task forbids": borrowed,
        "a loop over single elements is too slow": elements,
        "the distance was not squared": blocks(power=0.5),
        "no multiple of a block's rows": blocks(tail=False),
        "to every element of K": everywhere,
        "returned None": lambda X, v, lam: print(end=""),
    },
    "rise": {
        "b is an eigenvector": ((1, 100), (1, 0)),
        "both parts of b are alike": ((1, 100), (1, -1)),
        "lies along the large eigenvalue": ((1, 100), (0.1, 1)),
        "too near each other": ((1, 10), (1, 0.3)),
        "eigenvalues from 1 to 100": ((1, 1000), (1, 0.1)),
        "not 0": ((1, 100), (0, 0)),
        "times the norm": ((1, 100), (1, 0.9)),
        "two pairs of numbers": ((1, 50, 100), (1, 1, 1)),
        "finite": ((1, 100), (1, np.nan)),
    },
    "rank": {
        "one column less does": (13, 9),
        "below 1, and lam is 0.5": (11, 9),
        "or the result was rounded down": (12, 8),
        "you took kappa, not its root": (12, 14),
        "this is the card's estimate": (12, 11),
        "so is the root of kappa": (12, 13),
        "10 is too small": (10, 9),
        "a single one given, 2 wanted": 12,
    },
    "many": {
        "you left out what a solution": (45, 134),
        "not cheaper yet": (63, 1201),
        "both cost the same": (64, 1200),
        "added the two costs": (35, 1201),
        "1202 is too large": (64, 1202),
    },
}
