"""Record how NumPy, SciPy and PyTorch answer the same calls, for the chapter on low precision.

    python benchmarks/record_twins.py

needs torch, which the book does not; the chapter reads the record. Tests compare the columns of
NumPy and SciPy with what they answer now, and that of PyTorch where it is installed. A result is
told by its type and, where that is the matter, by what is special about it; rounding is not.
"""

import datetime
import importlib
import importlib.util
import json
import platform
import warnings
from pathlib import Path

import numpy as np
import scipy
from scipy import linalg, special, stats

torch = importlib.util.find_spec("torch") and importlib.import_module("torch")

RECORD = Path(__file__).resolve().parent.parent / "lib/problems/data/recorded/twins.json"
GOOD, RIGHT = np.array([[4.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0])
INPUTS = {
    "float64": (GOOD, RIGHT),
    "float32": (GOOD.astype(np.float32), RIGHT.astype(np.float32)),
    "float16": (GOOD.astype(np.float16), RIGHT.astype(np.float16)),
    "integer": (GOOD.astype(np.int64), RIGHT.astype(np.int64)),
    "singular": (np.array([[1.0, 2.0], [2.0, 4.0]]), RIGHT),
    "a nan": (np.array([[np.nan, 1.0], [1.0, 3.0]]), RIGHT),
    "two at once": (np.stack([GOOD, 2 * GOOD]), np.stack([RIGHT, RIGHT])),
    "empty": (np.zeros((0, 0)), np.zeros(0)),
}
# In these, A is a matrix, b a vector, and B a matrix of one column.
CALLS = {
    "solve": ("np.linalg.solve(A, B)", "linalg.solve(A, B)", "torch.linalg.solve(A, B)"),
    "inv": ("np.linalg.inv(A)", "linalg.inv(A)", "torch.linalg.inv(A)"),
    "det": ("np.linalg.det(A)", "linalg.det(A)", "torch.linalg.det(A)"),
    "slogdet": ("np.linalg.slogdet(A)[1]", None, "torch.linalg.slogdet(A)[1]"),
    "cholesky": ("np.linalg.cholesky(A)", "linalg.cholesky(A)", "torch.linalg.cholesky(A)"),
    "qr": ("np.linalg.qr(A)[1]", "linalg.qr(A)[1]", "torch.linalg.qr(A)[1]"),
    "svd": ("np.linalg.svd(A)[1]", "linalg.svd(A)[1]", "torch.linalg.svd(A)[1]"),
    "eigh": ("np.linalg.eigh(A)[0]", "linalg.eigh(A)[0]", "torch.linalg.eigh(A)[0]"),
    "eig": ("np.linalg.eig(A)[0]", "linalg.eig(A)[0]", "torch.linalg.eig(A)[0]"),
    "lstsq": ("np.linalg.lstsq(A, B)[0]", "linalg.lstsq(A, B)[0]", "torch.linalg.lstsq(A, B)[0]"),
    "pinv": ("np.linalg.pinv(A)", "linalg.pinv(A)", "torch.linalg.pinv(A)"),
    "matrix_rank": ("np.linalg.matrix_rank(A)", None, "torch.linalg.matrix_rank(A)"),
    "cond": ("np.linalg.cond(A)", None, "torch.linalg.cond(A)"),
    "norm": ("np.linalg.norm(A)", "linalg.norm(A)", "torch.linalg.norm(A)"),
    "expm": (None, "linalg.expm(A)", "torch.linalg.matrix_exp(A)"),
    "@": ("A @ B", None, "A @ B"),
    "sum": ("np.sum(b)", None, "torch.sum(b)"),
    "mean": ("np.mean(b)", None, "torch.mean(b)"),
    "std": ("np.std(b)", "stats.tstd(b)", "torch.std(b)"),
    "max": ("np.max(b)", None, "torch.max(b)"),
    "logsumexp": (None, "special.logsumexp(b)", "torch.logsumexp(b, -1)"),
    "softmax": (None, "special.softmax(b, -1)", "torch.softmax(b, -1)"),
}
DEFAULTS = {
    "std of 1 and 2": ("np.std(two)", "stats.tstd(two)", "torch.std(two)"),
    "var of one number": ("np.var(two[:1])", None, "torch.var(two[:1])"),
    "median of 1, 2, 3, 4": ("np.median(four)", None, "torch.median(four)"),
    "mean of the integers 1 and 2": ("np.mean(whole)", None, "torch.mean(whole)"),
    "integers divided by 0 with //": ("whole // 0", None, "whole // 0"),
    "sum of the bytes 200 and 100": ("np.sum(bytes_)", None, "torch.sum(bytes_)"),
    "type of 1.0 from a list": ("np.array([1.0])", None, "torch.tensor([1.0])"),
    "type of integers plus 0.5": ("whole + 0.5", None, "whole + 0.5"),
    "type of float32 plus one float64": ("singles + one", None, "singles + one"),
    "x[[0, 0]] += 1 on zeros": ("twice(zeros)", None, "twice(zeros)"),
    "rank of diag(1, 3e-16)": ("np.linalg.matrix_rank(D)", "linalg.lstsq(D, E)[2]",
                               "torch.linalg.matrix_rank(D)"),
    "largest of pinv(diag(1, 1e-15))": ("np.max(np.linalg.pinv(P))", "np.max(linalg.pinv(P))",
                                        "torch.max(torch.linalg.pinv(P))"),
    "cholesky above the diagonal": ("np.linalg.cholesky(G)[0, 1]", "linalg.cholesky(G)[0, 1]",
                                    "torch.linalg.cholesky(G)[0, 1]"),
    "eigvalsh of 2 99 / 1 2": ("np.linalg.eigvalsh(T)", "linalg.eigvalsh(T)",
                               "torch.linalg.eigvalsh(T)"),
    "softmax of two -inf": (None, "special.softmax(hidden)", "torch.softmax(hidden, -1)"),
    "softmax without an axis": (None, "special.softmax(table)", "torch.softmax(table)"),
    "logsumexp without an axis": (None, "special.logsumexp(table)", "torch.logsumexp(table)"),
    "5000 float16 ones, sum": ("np.sum(halves)", None, "torch.sum(halves)"),
    "the same as a column of two": ("np.sum(columns, 0)", None, "torch.sum(columns, 0)"),
    "the same, the last of cumsum": ("np.cumsum(halves)[-1]", None, "torch.cumsum(halves, 0)[-1]"),
    "a million 0.1, column mean, float32": ("np.mean(tenths, 0)", None,
                                            "torch.mean(tenths, 0)"),
}
ARRAYS = {
    "two": RIGHT, "four": np.arange(1.0, 5.0), "whole": np.array([1, 2]),
    "bytes_": np.array([200, 100], np.uint8), "singles": np.ones(2, np.float32),
    "one": np.array(1.0), "zeros": np.zeros(2), "D": np.diag([1.0, 3e-16]), "E": np.ones((2, 1)),
    "P": np.diag([1.0, 1e-15]), "G": GOOD, "T": np.array([[2.0, 99.0], [1.0, 2.0]]),
    "hidden": np.full(2, -np.inf), "table": np.zeros((2, 2)), "halves": np.ones(5000, np.float16),
    "columns": np.ones((5000, 2), np.float16), "tenths": np.full((10**6, 2), 0.1, np.float32),
}


def twice(x):
    """Return x after one was added to its first entry by an index that occurs twice."""
    x = x + 0
    x[[0, 0]] += 1
    return x


def answer(expression, arrays, describe):
    """Return what describe says of the value of an expression, or the name of what it raises."""
    names = {"np": np, "linalg": linalg, "special": special, "stats": stats, "torch": torch,
             "twice": twice}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            value = eval(expression, names | arrays)
        except Exception as problem:
            return type(problem).__name__.strip("_")
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    return describe(np.asarray(value))


def kind(value):
    """Return the type of a result, with what is special about it."""
    numbers = value.astype(complex).ravel()
    special_cases = {"no number": not value.size, "nan": np.isnan(numbers).any(),
                     "-inf": (numbers == -np.inf).any(), "0": not numbers.any(),
                     "above 1e15": (np.abs(numbers) > 1e15).any()}
    found = [name for name, is_it in special_cases.items() if is_it]
    return ", ".join([value.dtype.name, *found[:1]])


def numbers_of(value):
    """Return the numbers of a result to four digits, with its type."""
    return " ".join([*(f"{number:.4g}" for number in value.ravel()[:2]), value.dtype.name])


def column(which, arrays):
    """Return arrays as the library of a column takes them: 0 NumPy, 1 SciPy, 2 PyTorch."""
    return {name: torch.from_numpy(array) for name, array in arrays.items()} if which == 2 \
        else arrays


def measure():
    """Return both tables: of NumPy and SciPy, and of PyTorch where it is installed."""
    found = {"calls": {}, "inputs": {}, "defaults": {}}
    libraries = ["numpy", "scipy"] + ["torch"] * bool(torch)
    for call, expressions in CALLS.items():
        named = {name: text for name, text in zip(libraries, expressions, strict=False) if text}
        found["calls"][call] = named
        found["inputs"][call] = {}
        for which, (name, text) in enumerate(zip(libraries, expressions, strict=False)):
            if text:
                found["inputs"][call][name] = {
                    label: answer(text, column(which, {"A": A, "b": b, "B": b[..., None]}), kind)
                    for label, (A, b) in INPUTS.items()}
    for label, expressions in DEFAULTS.items():
        found["defaults"][label] = {
            name: answer(text, column(which, ARRAYS), numbers_of)
            for which, (name, text) in enumerate(zip(libraries, expressions, strict=False)) if text}
    return found


if __name__ == "__main__":
    record = {
        "script": "benchmarks/record_twins.py",
        "date": datetime.date.today().isoformat(),
        "device": f"CPU, {platform.machine()}",
        "versions": {"python": platform.python_version(), "numpy": np.__version__,
                     "scipy": scipy.__version__, "torch": torch.__version__},
        "measured": measure(),
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {RECORD.name}")
