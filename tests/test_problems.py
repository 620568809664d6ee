"""The data are what NIST and FPBench published, the generators what they promise."""

import hashlib
import inspect
import itertools
import json
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.problems import (
    FOLDER,
    cancelling_terms,
    hamming_expressions,
    read_recorded,
    read_strd,
)

SETS = {"Lottery": 218, "Michelso": 100, "NumAcc1": 3, "NumAcc3": 1001, "PiDigits": 5000}
MANIFEST = json.loads((FOLDER / "MANIFEST.json").read_text())


def files_under(folder):
    for path in folder.iterdir():
        yield from files_under(path) if path.is_dir() else [path]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_data_file_is_the_one_that_was_published(entry):
    content = FOLDER.joinpath(entry["file"]).read_bytes()
    assert len(content) == entry["bytes"]
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry["provenance"] and entry["licence"]


def test_every_data_file_has_its_provenance():
    # data/recorded holds our own measurements, which state their origin themselves.
    names = {str(path).split("/data/", 1)[1] for path in files_under(FOLDER)}
    published = {name for name in names if not name.startswith("recorded/")}
    assert published - {"MANIFEST.json"} == {entry["file"] for entry in MANIFEST}


@pytest.mark.parametrize("path", list((FOLDER / "recorded").iterdir()), ids=lambda path: path.name)
def test_a_record_says_where_it_comes_from(path):
    record = read_recorded(path.name.removesuffix(".json"))
    assert set(record) == {"script", "date", "device", "versions", "measured"}
    root = inspect.getsourcefile(read_recorded).removesuffix("lib/problems.py")
    with open(root + record["script"], encoding="utf-8") as script:
        assert path.name in script.read()


def test_an_unknown_record_is_refused():
    with pytest.raises(ValueError, match="no record 'torch': choose one of"):
        read_recorded("torch")


def exact_statistics(values):
    """Mean, standard deviation and autocorrelation of exact numbers, to 40 digits."""
    n = len(values)
    mean = sum(values) / n
    squares = sum((y - mean) ** 2 for y in values)
    lagged = sum((a - mean) * (b - mean) for a, b in itertools.pairwise(values))
    with mpmath.workdps(40):
        std = mpmath.sqrt(mpmath.mpf(squares.numerator) / squares.denominator / (n - 1))
        return [mpmath.mpf(q.numerator) / q.denominator for q in (mean,)] + [
            std, mpmath.mpf(lagged.numerator) / lagged.denominator
            / (mpmath.mpf(squares.numerator) / squares.denominator)]


@pytest.mark.parametrize("name", SETS)
def test_the_certified_values_follow_from_the_printed_decimals(name):
    strd = read_strd(name)
    found = exact_statistics([Fraction(text) for text in strd.decimals])
    for key, value in zip(("mean", "std", "autocorrelation"), found, strict=True):
        text = strd.certified[key]
        assert getattr(strd, key) == float(text)
        with mpmath.workdps(40):
            # NIST prints 15 digits, correctly rounded.
            assert abs(value - mpmath.mpf(text)) <= 5e-15 * abs(value), key


@pytest.mark.parametrize("name", SETS)
def test_the_data_are_the_printed_decimals_rounded_and_cannot_be_changed(name):
    strd = read_strd(name)
    assert strd.data.shape == (SETS[name],) and strd.data.dtype == np.float64
    assert strd.data.tolist() == [float(Fraction(text)) for text in strd.decimals]
    with pytest.raises(ValueError, match="read-only"):
        strd.data[0] = 0.0


def test_an_unknown_set_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'Mavro'.*Lottery, Michelso"):
        read_strd("Mavro")


@pytest.mark.parametrize("n, condition", [(6, 4), (7, 1e3), (7, 2.0**60), (50, 1e16), (51, 1e100),
                                          (300, 1e290)])
def test_cancelling_terms_have_the_wanted_condition_and_the_stated_sum(n, condition):
    for seed in range(10, 20):
        x, total = cancelling_terms(n, condition, np.random.default_rng(seed))
        exact = sum(map(Fraction, x.tolist()))
        assert x.shape == (n,) and total == float(exact) == math.fsum(x.tolist())
        assert 0.5 <= sum(abs(Fraction(v)) for v in x.tolist()) / abs(exact) / condition <= 2


def test_cancelling_terms_defeat_a_loop_at_the_reciprocal_of_u():
    x, total = cancelling_terms(100, 2.0**53 * 1e4, np.random.default_rng(11))
    naive = 0.0
    for term in x.tolist():
        naive += term
    assert abs(naive - total) > abs(total)


@pytest.mark.parametrize("n, condition", [(5, 10), (10, 1), (6, 1e30), (100, 1e300),
                                          (100, math.nan)])
def test_cancelling_terms_refuses_what_it_cannot_build(n, condition):
    with pytest.raises(ValueError, match=f"n = {n}"):
        cancelling_terms(n, condition, np.random.default_rng(3))


def test_all_28_hamming_expressions_are_there():
    expressions = hamming_expressions()
    assert len(expressions) == 28
    assert expressions["problem_3_3_3"].source == "1/(x + 1) - 2/x + 1/(x - 1)"
    assert expressions["p42_negative"].source == "(-b - sqrt(b*b - 4*(a*c)))/(2*a)"
    assert expressions["problem_3_4_6"].source == "(x + 1)**(1/n) - x**(1/n)"
    assert expressions["problem_3_3_3"].precondition == "x not in (0, 1, -1)"
    assert expressions["example_3_8"].precondition == "N > 0"


def prefix_value(node, values):
    """Evaluate an FPCore expression as written, in prefix form, without the infix translation."""
    if isinstance(node, str):
        return values[node] if node in values else float(node)
    name, *operands = node
    x = [prefix_value(operand, values) for operand in operands]
    arithmetic = {"+": lambda a, b: a + b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
                  "-": lambda a, b=None: -a if b is None else a - b, "pow": lambda a, b: a**b}
    return arithmetic.get(name, getattr(math, name, None))(*x)


def test_the_functions_compute_what_the_benchmark_states():
    text = (FOLDER / "fpcore" / "fpbench-hamming-ch3.fpcore").read_text()
    cores = json_like(text)
    for (key, expression), core in zip(hamming_expressions().items(), cores, strict=True):
        values = dict(zip(expression.arguments, (0.25, 0.75, -0.125), strict=False))
        assert eval(expression.precondition, {}, dict(values)), key
        assert expression.function(*values.values()) == prefix_value(core[-1], values), key


def json_like(text):
    """Read S-expressions by turning them into JSON: another way than the reader's."""
    text = "\n".join(line.partition(";")[0] for line in text.splitlines())
    for mark in "()":
        text = text.replace(mark, f" {mark} ")
    words, inside = [], False
    for piece in text.split('"'):
        words += [f'"{piece}"'] if inside else [
            word if word in "()" else json.dumps(word) for word in piece.split()]
        inside = not inside
    joined = ",".join(words).replace("(,", "[").replace(",)", "]").replace("(", "[")
    return json.loads("[" + joined.replace(")", "]") + "]")


def test_the_source_of_an_expression_can_be_read_hence_traced():
    function = hamming_expressions()["problem_3_4_1"].function
    assert inspect.getsource(function).endswith("return (1 - cos(x))/(x*x)\n")
