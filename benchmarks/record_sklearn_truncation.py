"""Record what scikit-learn's LinearRegression makes of certified data, for the chapter on the SVD.

    python benchmarks/record_sklearn_truncation.py

needs scikit-learn, which the book does not; the chapter reads the record. Each run adds what the
installed version does to what others did, under its number.
"""

import datetime
import json
import platform
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression, Ridge

from lib.numbers import log_relative_error
from lib.problems import read_strd
from lib.problems.datasets import FOLDER

RECORD = Path(str(FOLDER)) / "recorded" / "sklearn_truncation.json"


def certified(name, settings):
    """Return the correct digits, R^2 and rank of a fit, its intercept being scikit-learn's own."""
    strd = read_strd(name)
    X = strd.X[:, 1:]
    model = LinearRegression(**settings).fit(X, strd.y)
    found = np.append(model.intercept_, model.coef_)
    digits = float(np.min(log_relative_error(found, strd.coefficients)))
    return {"digits": round(digits, 1), "r_squared": round(float(model.score(X, strd.y)), 7),
            "rank": int(model.rank_), "columns": X.shape[1]}


def many_rows():
    """Return the slopes that are found in float32 where y = x1 + x2 and x2 varies less than x1."""
    X = np.random.default_rng(33032).normal(size=(500_000, 2)).astype(np.float32)
    X[:, 1] *= np.float32(0.03)
    return [round(float(slope), 3) for slope in LinearRegression().fit(X, X.sum(axis=1)).coef_]


def chosen():
    """Return the solvers that two estimators choose when the choice is left to them."""
    X = np.random.default_rng(20000).normal(size=(20_000, 10))
    return {"Ridge()": Ridge().fit(X, X[:, 0]).solver_, "PCA()": PCA().fit(X)._fit_svd_solver}


def measure():
    """Return everything that the chapter quotes of the installed version."""
    sets = "Norris", "Pontius", "Longley", "Wampler1", "Wampler4"
    calls = {"LinearRegression()": {}}
    if "tol" in LinearRegression().get_params():
        calls["LinearRegression(tol=1e-15)"] = {"tol": 1e-15}
    found = {call: {name: certified(name, settings) for name in sets}
             for call, settings in calls.items()}
    return found | {"float32, 500000 rows, slopes 1 and 1": many_rows(),
                    "solvers for 20000 x 10": chosen()}


if __name__ == "__main__":
    before = json.loads(RECORD.read_text(encoding="utf-8"))["measured"] if RECORD.exists() else {}
    measured = before | {sklearn.__version__: measure()}
    record = {
        "script": "benchmarks/record_sklearn_truncation.py",
        "date": datetime.date.today().isoformat(),
        "device": f"CPU, {platform.machine()}",
        "versions": {"python": platform.python_version(), "numpy": np.__version__,
                     "scipy": scipy.__version__, "scikit-learn": ", ".join(sorted(measured))},
        "measured": dict(sorted(measured.items())),
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {RECORD.name}")
