"""The data are what NIST and others published; certified values follow from the decimals."""

import hashlib
import inspect
import itertools
import json
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from lib.problems import read_image, read_recorded, read_strd, read_table
from lib.problems.datasets import FOLDER

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


@pytest.mark.parametrize("path", sorted((FOLDER / "recorded").iterdir()),
                         ids=lambda path: path.name)
def test_a_record_says_where_it_comes_from(path):
    record = read_recorded(path.name.removesuffix(".json"))
    assert set(record) == {"script", "date", "device", "versions", "measured"}
    root = inspect.getsourcefile(read_recorded).removesuffix("lib/problems/datasets.py")
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


LINEAR = {"Norris": (36, 2), "Pontius": (40, 3), "NoInt1": (11, 1), "Longley": (16, 7),
          "Wampler1": (21, 6), "Wampler4": (21, 6)}


def exact_fit(rows, model):
    """Solve the normal equations of printed decimals in fractions; return also their inverse."""
    X, y = model([[Fraction(text) for text in row] for row in rows])
    n = len(X[0])
    gram = [[sum(row[i] * row[j] for row in X) for j in range(n)]
            + [sum(row[i] * value for row, value in zip(X, y, strict=True))]
            + [Fraction(i == j) for j in range(n)] for i in range(n)]
    for k in range(n):
        gram[k] = [value / gram[k][k] for value in gram[k]]
        for i in set(range(n)) - {k}:
            gram[i] = [a - gram[i][k] * b for a, b in zip(gram[i], gram[k], strict=True)]
    fit = [row[n] for row in gram]
    residual = sum((value - sum(map(Fraction.__mul__, row, fit))) ** 2
                   for row, value in zip(X, y, strict=True))
    return fit, [gram[k][n + 1 + k] for k in range(n)], residual / max(len(X) - n, 1)


def model(name):
    """Return the design matrix and response of a set from its rows, in exact numbers."""
    def build(rows):
        y = [row[0] for row in rows]
        if name == "Longley":
            return [[Fraction(1), *row[1:]] for row in rows], y
        powers = [1] if name == "NoInt1" else range(LINEAR[name][1])
        return [[row[1] ** k for k in powers] for row in rows], y
    return build


@pytest.mark.parametrize("name", LINEAR)
def test_the_certified_fit_follows_from_the_printed_decimals(name):
    strd = read_strd(name)
    fit, inverse, variance = exact_fit(strd.decimals, model(name))
    assert [float(text) for text in strd.certified["coefficients"]] == strd.coefficients.tolist()
    for text, value in zip(strd.certified["coefficients"], fit, strict=True):
        assert abs(Fraction(text) - value) <= Fraction(5, 10**15) * abs(value)
    # Deviations in the same way; their squares are rational.
    for text, element in zip(strd.certified["deviations"], inverse, strict=True):
        exact = element * variance
        assert abs(Fraction(text) ** 2 - exact) <= Fraction(1, 10**13) * exact
    assert abs(strd.residual_std**2 - float(variance)) <= 1e-13 * float(variance)


@pytest.mark.parametrize("name", LINEAR)
def test_the_design_is_the_exact_one_rounded_and_cannot_be_changed(name):
    strd = read_strd(name)
    X, y = model(name)([[Fraction(text) for text in row] for row in strd.decimals])
    assert strd.X.shape == LINEAR[name] and strd.y.shape == LINEAR[name][:1]
    assert strd.y.tolist() == [float(value) for value in y]
    # A power of a decimal that is no float is rounded twice; here all with powers are whole.
    assert strd.X.tolist() == [[float(value) for value in row] for row in X]
    for array in (strd.X, strd.y, strd.coefficients, strd.deviations):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_r_squared_is_one_minus_the_share_of_the_residual():
    for name in ("Norris", "Longley", "Wampler4"):
        strd = read_strd(name)
        residual = strd.y - strd.X @ strd.coefficients
        share = residual @ residual / np.sum((strd.y - strd.y.mean()) ** 2)
        assert abs(1 - share - strd.r_squared) < 1e-9


def test_images_are_whole_grey_values():
    for name, shape in {"camera": (512, 512), "coins": (303, 384), "text": (172, 448)}.items():
        image = read_image(name)
        assert image.shape == shape and image.dtype == np.float64
        assert np.array_equal(image, np.rint(image))
        assert image.min() >= 0 and 190 < image.max() <= 255
    with pytest.raises(ValueError, match="no image 'lena': choose one of camera, coins, text"):
        read_image("lena")


def test_the_diabetes_table_is_that_of_efron_and_others():
    table = read_table("diabetes")
    assert table.X.shape == (442, 10) and table.y.shape == (442,) and len(table.names) == 10
    # Total cholesterol s1 is LDL s2 + HDL s3 + a remainder, so these are nearly collinear.
    centred = table.X - table.X.mean(axis=0)
    assert np.corrcoef(centred[:, 4], centred[:, 5])[0, 1] > 0.89
    assert set(np.unique(table.X[:, 1])) == {1.0, 2.0} and (table.y > 0).all()


def test_the_digits_have_three_pixels_that_never_vary():
    table = read_table("digits")
    assert table.X.shape == (1797, 64) and set(table.y.tolist()) == set(range(10))
    assert table.X.min() == 0 and table.X.max() == 16
    assert [int(k) for k in np.flatnonzero(np.ptp(table.X, axis=0) == 0)] == [0, 32, 39]
    with pytest.raises(ValueError, match="no table 'iris': choose one of"):
        read_table("iris")
