"""The bounds that docstrings state are the ones that the tests of this room hold results to."""

import math

import numpy as np
import pytest

from lib.calculus import interpolation_coefficients
from lib.linear import (
    cholesky,
    default_cutoff,
    eigh,
    forward_substitution,
    householder_qr,
    jacobi_svd,
    lanczos,
    least_squares,
    lu,
    modified_gram_schmidt,
    principal_components,
    pseudoinverse,
    reorthogonalized_gram_schmidt,
    solve,
    tridiagonalize,
    truncated_least_squares,
    whitening,
)
from lib.problems import with_eigenvalues, with_singular_values
from tests.linear.helpers import gamma, stated, unit

U = 2.0**-53


def gamma_of(n):
    """Return the bound of substitution and elimination, as the tests compute it."""
    return lambda **v: gamma(v["n"] + n, float)


def units(**v):
    """Return 10 sqrt(m n) u."""
    return unit(np.empty((v["m"], v["n"])))


def ten_n(**v):
    """Return 10 n u."""
    return 10 * v["n"] * U


STATED = [
    (forward_substitution, "where g = {}. It takes", gamma_of(1)),
    (lu, "|E| <= {} |lower|", gamma_of(0)),
    (lu, "backward error of at most {} growth", lambda **v: 10 * v["n"] * U),
    (cholesky, "|E| <= {} |L|", gamma_of(1)),
    (cholesky, "Symmetric up to {} sqrt(A", lambda **v: 10 * v["n"] * U),
    (cholesky, "is at most about {};", lambda **v: v["n"] * (v["n"] + 1) * U),
    (solve, "backward error of at most {} growth", lambda **v: 10 * v["n"] * U),
    (modified_gram_schmidt, "is at most {} kappa u", lambda **v: 10 * math.sqrt(v["n"])),
    (reorthogonalized_gram_schmidt, "is at most {}, for", units),
    (householder_qr, "loss of orthogonality is at most {} in practice", units),
    (householder_qr, "A - Q R is at most {} times", units),
    (jacobi_svd, "by that of A, are at most {}. So", units),
    (least_squares, "to norm 1, is at most {}. The", units),
    (truncated_least_squares, "moved by at most {} norm(A)", units),
    (pseudoinverse, "all hold to {} kappa", units),
    (principal_components, "an error of at most {} times", units),
    (whitening, "that vary) to {} kappa", units),
    (tridiagonalize, "loss of orthogonality is at most {}. T", ten_n),
    (tridiagonalize, "A - Q T Q^T is at most {} norm(A)", ten_n),
    (eigh, "each eigenvalue, are at most {} norm(A)", ten_n),
    (eigh, "of the vectors V is at most {}. Values", ten_n),
    (lanczos, "lies an eigenvalue, up to {} norm(A);", ten_n),
    (lanczos, "of the basis is at most {}. Raises", ten_n),
    (with_eigenvalues, "by at most {} max(|values|)", ten_n),
    (with_singular_values, "by at most {} max(s)", units),
    (interpolation_coefficients, "at most about {}, however", lambda **v: 7 * v["n"] * U),
    (default_cutoff, "Return {}:", lambda **v: default_cutoff((v["m"], v["n"]), float)),
]


@pytest.mark.parametrize("function, sentence, tested", STATED)
@pytest.mark.parametrize("m, n", [(9, 4), (200, 131)])
def test_a_bound_is_stated_as_it_is_tested(function, sentence, tested, m, n):
    names = {"m": m, "n": n, "u": U, "eps": 2 * U}
    assert stated(function, sentence, **names) == pytest.approx(tested(**names), rel=1e-14, abs=0)
