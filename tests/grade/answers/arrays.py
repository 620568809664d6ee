"""Answers to the exercises on arrays: three that are wrong, at least, for each check.

RIGHT holds solutions only for the checks that the chapter does not yet call.
"""

import numpy as np

from lib import linear, numbers


def gradient(tokens, slopes, words):
    table = np.zeros((words, slopes.shape[1]))
    np.add.at(table, tokens, slopes)
    return table.astype(slopes.dtype)


def by_assignment(tokens, slopes, words):
    table = np.zeros((words, slopes.shape[1]), slopes.dtype)
    table[tokens] += slopes
    return table


def in_own_type(tokens, slopes, words):
    table = np.zeros((words, slopes.shape[1]), slopes.dtype)
    np.add.at(table, tokens, slopes)
    return table


def in_place(tokens, slopes, words):
    for k in range(len(tokens)):
        slopes[k] *= 1.5
    return gradient(tokens, slopes, words) / 1.5


def first_only(tokens, slopes, words):
    table = np.zeros((words, slopes.shape[1]), slopes.dtype)
    table[tokens[::-1]] = slopes[::-1]
    return table


def means(tokens, slopes, words):
    times = np.maximum(np.bincount(tokens, minlength=words), 1)
    return (gradient(tokens, slopes, words) / times[:, None]).astype(slopes.dtype)


def column_by_column(tokens, slopes, words):
    return np.array([np.bincount(tokens, column) for column in slopes.T]).T.astype(slopes.dtype)


def by_products(X, Y, middle=0.0, dtype=float):
    X, Y = (X - middle).astype(dtype), (Y - middle).astype(dtype)
    squares = np.sum(Y * Y, axis=1)
    found = [np.argmin(squares - 2 * X[k : k + 50] @ Y.T, axis=1) for k in range(0, len(X), 50)]
    return np.concatenate(found)


def whole(X, Y):
    middle = Y.mean(axis=0, dtype=float)
    return np.argmin(np.sum((Y - middle) ** 2, axis=1) - 2 * (X - middle) @ (Y - middle).T, axis=1)


def all_differences(X, Y):
    return np.argmin(((X[:, None].astype(float) - Y) ** 2).sum(axis=2), axis=1)


def measured_afterwards(X, Y):
    found = all_differences(X, Y)
    numbers.peak_memory(lambda: 1)
    return found


def row_by_row(X, Y):
    found = []
    for x in X.astype(float):
        difference = Y - x
        squares = np.sum(difference * difference, axis=1)
        found.append(np.argmin(squares))
    return np.array(found)


def right_places(X, Y):
    return by_products(X, Y, Y.mean(axis=0, dtype=float))


def farthest(X, Y):
    middle = Y.mean(axis=0, dtype=float)
    X, Y = X - middle, Y - middle
    squares = np.sum(Y * Y, axis=1)
    return np.concatenate([np.argmax(squares - 2 * X[k : k + 50] @ Y.T, axis=1)
                           for k in range(0, len(X), 50)])


def from_triangle(blocks):
    R = None
    for X, y in blocks:
        stacked = np.column_stack([X, y])
        R = linear.householder_qr(stacked if R is None else np.vstack([R, stacked]))[1]
    n = R.shape[1] - 1
    return linear.back_substitution(R[:n, :n], R[:n, n])


def of_all(blocks):
    X, y = zip(*blocks, strict=True)
    return linear.least_squares(np.vstack(X), np.concatenate(y))


def normal(blocks):
    G, g = 0, 0
    for X, y in blocks:
        G, g = G + X.T @ X, g + X.T @ y
    return np.linalg.solve(G, g)


def of_blocks(blocks):
    return np.array([np.linalg.lstsq(X, y)[0] for X, y in blocks if len(X) >= X.shape[1]])


def without_short(blocks):
    return from_triangle(pair for pair in blocks if len(pair[0]) >= pair[0].shape[1])


def but_last(blocks):
    blocks = iter(blocks)
    held, kept = next(blocks), []
    for pair in blocks:
        kept.append(held)
        held = pair
    return from_triangle(kept or [held])


def twice_through(blocks):
    widest = max(X.shape[1] for X, _ in blocks)
    return from_triangle(blocks)[:widest]


RIGHT = {}

# By what the report has to say of each, somewhere.
WRONG = {
    "memory": {
        "not bytes": (0, 4e6, 0.5e6, 4e9, 2e6),
        "one stride does not lead from each to the next": (0, 0, 0.5, 4000, 2),
        "a truth value takes one byte": (0, 4, 4, 4000, 2),
        "and no bit": (0, 4, 0.0625, 4000, 2),
        "units of 2**20 bytes": (0, 3.8147, 0.4768, 3814.7, 1.9073),
        "in both directions": (0, 4, 0.5, 2000, 2),
        "each row meets each other row": (0, 4, 0.5, 4, 2),
        "not one number is left out": (0, 4, 0.5, 8, 2),
        "have to be made": (0, 4, 0.5, 4000, 0),
        "a slice and a transpose copy nothing": (2, 4, 0.5, 4000, 2),
        "4 given, 5 wanted": (0, 4, 0.5, 4000),
    },
    "gradient": {
        "a word that occurs several times counts once": by_assignment,
        "added in float32": in_own_type,
        "only the first slope of each word is there": first_only,
        "these are means of the slopes": means,
        "but (25, 4) is wanted": column_by_column,
        "but the slopes are float32": lambda tokens, slopes, words: gradient(
            tokens, slopes.astype(float), words),
        "nothing was added": lambda tokens, slopes, words: np.zeros(
            (words, slopes.shape[1]), slopes.dtype),
        "with the opposite sign": lambda tokens, slopes, words: -gradient(tokens, slopes, words),
        "changed": in_place,
    },
    "shapes": {
        "no axis is stretched": ((50_000,), (50_000,)),
        "can share 100 000 better": ((90_000, 1), (10_000,)),
        "at most 100 000 numbers": ((100_000, 1), (100_000,)),
        "two shapes that fit": ((50_000,), (49_999,)),
        "tuples of positive integers": ((50_000.0, 1), (50_000,)),
        "a tuple of 2 is wanted": [50_000, 1],
    },
    "judge": {
        "'Ben' is not right": ("Ben", 9007),
        "this is where int64 itself overflows": ("Ada", 9_223_372),
        "a product is their square": ("Ada", 9_007_199_254),
        "all integers up to 2**53 are floats": ("Ada", 4503),
        "count in binary": ("Ada", 1000),
        "one column too many": ("Ada", 9008),
        "too small": ("Ada", 9000),
    },
    "nearest": {
        "not the nearest, in": by_products,
        "allowed is 2": whole,
        "a loop over single elements is too slow": row_by_row,
        "these are the farthest": farthest,
        "forty points": lambda X, Y: by_products(X - X.mean(axis=0), Y - Y.mean(axis=0)),
        "but places are wanted": lambda X, Y: right_places(X, Y).astype(float),
        "but (600,) is wanted": lambda X, Y: right_places(X, Y)[:, None],
        "places that Y does not have": lambda X, Y: right_places(X, Y) + len(Y),
        "MB of arrays at a time": all_differences,
        "82 MB of arrays at a time": measured_afterwards,
    },
    "read": {
        "line 5 only shows what another line has made": (5, 5, 13, "cure"),
        "exchanged the two lines": (5, 3, 13, "cure"),
        "is no power of ten": (3, 5, 8e12, "cure"),
        "'no cure' is not right": (3, 5, 13, "no cure"),
    },
    "fit": {
        "as much as the square of the condition number costs": normal,
        "allowed is 1": of_all,
        "the means of the coefficients of the blocks":
            lambda blocks: of_blocks(blocks).mean(axis=0),
        "the fit of the first block alone": lambda blocks: of_blocks(blocks)[0],
        "the fit of the last block alone": lambda blocks: of_blocks(blocks)[-1],
        "the last block was left out": but_last,
        "the first block was left out": lambda blocks: (
            next(iter(blocks)), from_triangle(blocks))[1],
        "a short last block": without_short,
        "gone through a second time": twice_through,
        "with the opposite sign": lambda blocks: -from_triangle(blocks),
        "but (4,) is wanted": lambda blocks: np.append(from_triangle(blocks), 0.0),
    },
}
