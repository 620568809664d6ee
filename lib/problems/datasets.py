"""Real data with known answers: NIST's reference sets, tables, images and recorded measurements.

Each reader takes a name, refuses an unknown one with those that there are, and returns what lies in
`lib/problems/data`, whose MANIFEST.json tells origin, licence and checksum. Nothing is downloaded.
"""

import json
import re
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np

FOLDER = files("lib.problems") / "data"
STATISTICS = {"mean": "Mean", "std": "Standard Deviation", "autocorrelation": "Autocorrelation"}


def data_file(kind, name, *folders):
    """Return the path of a data file, or refuse its name with those that there are.

    Parameters
    ----------
    kind : str
        What messages call it, such as "image".
    name : str
        The file's name up to the first dot.
    *folders : str
        Where in lib/problems/data to look.
    """
    known = {path.name.partition(".")[0]: path for folder in folders
             for path in (FOLDER / folder).iterdir()}
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"no {kind} {name!r}: choose one of {', '.join(sorted(known))}")
    return known[name]


@dataclass(frozen=True)
class StrdUnivariate:
    """A data set of NIST's Statistical Reference Datasets with certified summary statistics.

    Attributes
    ----------
    name, title : str
        The file's name without its ending, and the name that NIST prints.
    data : ndarray, shape (n,), float64, read-only
        The decimal data, each rounded to the nearest float.
    decimals : tuple of str
        The decimal data as printed.
    mean, std, autocorrelation : float
        Certified for the decimal data: the sample mean, the standard deviation with denominator
        n - 1, and the autocorrelation coefficient of lag 1.
    certified : dict of str to str
        The same three as NIST prints them, to 15 digits or exact.
    """

    name: str
    title: str
    data: np.ndarray
    decimals: tuple
    mean: float
    std: float
    autocorrelation: float
    certified: dict


@dataclass(frozen=True)
class StrdLinear:
    """A least-squares problem of NIST's Statistical Reference Datasets with certified answers.

    Attributes
    ----------
    name, title : str
        The file's name without its ending, and the name that NIST prints.
    X : ndarray, shape (m, n), float64, read-only
        The design matrix: a column of ones unless the model has no intercept, then the
        predictors, or the powers of the only predictor.
    y : ndarray, shape (m,), float64, read-only
        The response.
    decimals : tuple of tuple of str
        The rows of the table as printed: the response, then the predictors.
    coefficients, deviations : ndarray, shape (n,), float64, read-only
        Certified for the decimal data: the least-squares coefficients and their standard
        deviations.
    residual_std, r_squared : float
        Certified likewise.
    certified : dict of str to tuple of str
        "coefficients" and "deviations" as NIST prints them, to 15 digits.
    """

    name: str
    title: str
    X: np.ndarray
    y: np.ndarray
    decimals: tuple
    coefficients: np.ndarray
    deviations: np.ndarray
    residual_std: float
    r_squared: float
    certified: dict


def read_strd(name):
    """Return a data set of NIST's Statistical Reference Datasets, with its certified results.

    Parameters
    ----------
    name : str
        Summary statistics: "Lottery", "Michelso", "NumAcc1", "NumAcc3", "PiDigits". Linear least
        squares: "Norris", "Pontius", "NoInt1", "Longley", "Wampler1", "Wampler4".

    Returns
    -------
    StrdUnivariate or StrdLinear

    Raises
    ------
    ValueError
        If there is no data set of this name.

    References
    ----------
    NIST, Statistical Reference Datasets, https://www.itl.nist.gov/div898/strd/ (2003).

    Examples
    --------
    >>> light = read_strd("Michelso")
    >>> light.data.size, light.std, light.certified["std"]
    (100, 0.0790105478190518, '0.0790105478190518')
    >>> jobs = read_strd("Longley")
    >>> jobs.X.shape, jobs.certified["coefficients"][6]
    ((16, 7), '1829.15146461355')
    """
    path = data_file("data set", name, "strd/univ", "strd/lls")
    text = path.read_text(encoding="ascii")
    title = re.search(r"Dataset Name: *(.*\S)", text)[1]
    if "Certified Regression" in text:
        return _linear(name, title, *re.split(r"\nData: +y +x.*\n", text))
    header, values = re.split(r"Data: *Y *\n-+\n", text)
    certified = {key: re.search(rf"Sample {word}[^:]*: *(\S+)", header)[1]
                 for key, word in STATISTICS.items()}
    return StrdUnivariate(name, title, _fixed(values.split()), tuple(values.split()),
                          certified=certified,
                          **{key: float(value) for key, value in certified.items()})


def _linear(name, title, header, table):
    """Return a least-squares problem from the two halves of its file."""
    rows = tuple(tuple(line.split()) for line in table.splitlines() if line.strip())
    y, *predictors = np.array(rows, dtype=float).T
    lines = re.findall(r"^ *B(\d) +(\S+) +(\S+) *$", header, flags=re.M)
    powers, coefficients, deviations = zip(*lines, strict=True)
    columns = [predictors[0] ** int(k) for k in powers]
    if len(predictors) > 1:
        columns = [np.ones_like(y), *predictors]
    residual_std, r_squared = (float(re.search(rf"{word} +(\S+)", header)[1]) for word in
                               (r"Residual\s+Standard Deviation", "R-Squared"))
    certified = {"coefficients": coefficients, "deviations": deviations}
    return StrdLinear(name, title, _fixed(np.column_stack(columns)), _fixed(y), rows,
                      _fixed(coefficients), _fixed(deviations), residual_std, r_squared, certified)


def _fixed(values):
    """Return numbers, or their decimals, as an array of float64 that cannot be changed."""
    array = np.array(values, dtype=float)
    array.flags.writeable = False
    return array


def read_recorded(name):
    """Return a measurement that this book quotes but does not repeat, with where it comes from.

    Parameters
    ----------
    name : str
        A file of lib/problems/data/recorded without its ending, such as "torch_cross_entropy".

    Returns
    -------
    dict
        With the keys "script", "date", "device", "versions" and "measured".

    Raises
    ------
    ValueError
        If there is no such record.

    Examples
    --------
    >>> sorted(read_recorded("torch_cross_entropy"))
    ['date', 'device', 'measured', 'script', 'versions']
    """
    return json.loads(data_file("record", name, "recorded").read_text(encoding="utf-8"))


def read_image(name):
    """Return a real grey image.

    Parameters
    ----------
    name : {"camera", "coins", "text"}
        Of 512 x 512, 303 x 384 and 172 x 448 pixels.

    Returns
    -------
    ndarray, shape (rows, columns), float64
        Whole numbers from 0 (black) to 255 (white).

    Raises
    ------
    ValueError
        If there is no image of this name.

    Examples
    --------
    >>> read_image("coins").shape
    (303, 384)
    """
    with data_file("image", name, "images").open("rb") as file, np.load(file) as archive:
        return archive["pixels"].astype(float)


@dataclass(frozen=True)
class Table:
    """Real data for regression or classification.

    Attributes
    ----------
    names : tuple of str
        One for each column of X.
    X : ndarray, shape (m, n), float64, read-only
        The features, in their own units.
    y : ndarray, shape (m,), float64, read-only
        The target.
    """

    names: tuple
    X: np.ndarray
    y: np.ndarray


def read_table(name):
    """Return a table of features and targets, unscaled and uncentred.

    Parameters
    ----------
    name : {"diabetes", "digits"}
        "diabetes": ten measurements of 442 patients, and how far their illness had progressed a
        year later (Efron, Hastie, Johnstone & Tibshirani, Ann. Statist. 32, 2004).
        "digits": 1797 handwritten digits in 8 x 8 pixels from 0 to 16, and which digit it is
        (UCI Optical Recognition of Handwritten Digits, test set); three pixels are always 0.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If there is no table of this name.

    Examples
    --------
    >>> patients = read_table("diabetes")
    >>> patients.X.shape, patients.names[:4]
    ((442, 10), ('age', 'sex', 'bmi', 'bp'))
    """
    if not isinstance(name, str) or name not in ("diabetes", "digits"):
        raise ValueError(f"no table {name!r}: choose one of diabetes, digits")
    if name == "diabetes":
        names = "age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"
        X, y = (_numbers(f"diabetes_{part}") for part in ("data_raw", "target"))
    else:
        names = tuple(f"row {k // 8}, column {k % 8}" for k in range(64))
        X, y = np.split(_numbers(name, delimiter=","), [64], axis=1)
    return Table(names, _fixed(X), _fixed(y.ravel()))


def _numbers(name, delimiter=None):
    """Return the numbers of a table that lies compressed in lib/problems/data/tables."""
    with as_file(data_file("table", name, "tables")) as path:
        return np.loadtxt(path, delimiter=delimiter)
