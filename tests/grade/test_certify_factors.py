"""Factorisations are measured by what they promise: product, shape, orthogonality."""

import numpy as np
import pytest

from lib.grade.certify import KINDS, certify
from lib.grade.certify.factors import measure_eigh, measure_qr
from lib.grade.certify.kinds import Case
from tests.grade.certified import gram_schmidt
from tests.grade.certified_right import RIGHT


def case_of(what, A, dtype="float64"):
    made = Case(KINDS[what], KINDS[what].trials[0], [9, 0], dtype)
    made.values["A"], made.n, made.other = A, max(A.shape), None
    return made


@pytest.mark.parametrize("what", ["qr", "cholesky", "eigh"])
def test_right_factorisations_are_backward_stable(what):
    for f in RIGHT[what]:
        for dtype in ("float64", "float32"):
            found = certify(f, what, seed=41, dtype=dtype)
            assert found.passed and {case.shown for case in found.cases} == {"backward stable"}


def test_a_wrong_factor_is_measured_by_how_wrong_it_is():
    A = np.random.default_rng(42).normal(size=(6, 3))
    Q, R = np.linalg.qr(A)
    case = case_of("qr", A)
    for size in (1e-9, 1e-3):
        assert measure_qr((Q * (1 + size), R), case)["loss of orthogonality"][0] == pytest.approx(
            2 * size + size**2, rel=1e-6, abs=0)
        assert measure_qr((Q, R * (1 + size)), case)["columns of A - Q R"][0] == pytest.approx(
            size, rel=1e-6, abs=0)
    assert measure_qr((Q, R + np.tri(3, k=-1)), case)["below the diagonal of R"][0] > 0.1


def test_a_small_column_counts_by_its_own_size():
    A = np.random.default_rng(43).normal(size=(6, 3)) * [1, 1e-9, 1]
    Q, R = np.linalg.qr(A)
    R[:, 1] += 1e-12
    assert measure_qr((Q, R), case_of("qr", A))["columns of A - Q R"][0] > 1e-4


def test_eigenvalues_ascend_and_belong_to_their_vectors():
    A = np.diag([3.0, -1.0, 2.0])
    w, V = np.linalg.eigh(A)
    case = case_of("eigh", A)
    assert max(number for number, _ in measure_eigh((w, V), case).values()) == 0
    assert measure_eigh((w[::-1], V[:, ::-1]), case)["a step down"][0] == 1
    assert measure_eigh((w[[1, 0, 2]], V), case)["residual A V - V w"][0] == 1
    assert measure_eigh((w, V @ np.ones((3, 3))), case)["loss of orthogonality"][0] > 1


def test_orthogonalising_twice_is_not_enough_where_a_column_vanishes():
    def twice(A):
        Q, R = gram_schmidt(A)
        Q, S = gram_schmidt(Q)
        return Q, S @ R

    found = certify(twice, "qr", seed=45)
    bad = {case.name for case in found.cases if case.verdict != "stable"}
    assert {"a column of zeros", "zeros"} <= bad and "κ = 1/sqrt(u)" not in bad
