"""Matrices have the spectra, condition numbers, determinants and growth that they promise."""

import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse

from lib.numbers import condition
from lib.problems import (
    collinear,
    hilbert,
    lauchli,
    poisson2d,
    random_orthogonal,
    random_rotation,
    read_cg_counts,
    read_matrix,
    read_right_hand_side,
    vandermonde,
    wilkinson,
    with_singular_values,
)
from lib.problems.datasets import FOLDER
from lib.problems.matrices import COUNTED, DEFINITE, MATRICES
from tests.hostile import NOT_NUMBERS

U = 2.0**-53


@pytest.mark.parametrize("m, n", [(1, 1), (7, 3), (40, 40)])
def test_random_columns_are_orthonormal(m, n):
    Q = random_orthogonal(m, n, np.random.default_rng(5))
    assert Q.shape == (m, n)
    assert np.linalg.norm(Q.T @ Q - np.eye(n), 2) <= 10 * math.sqrt(m * n) * U


def test_half_of_the_orthogonal_matrices_are_reflections_and_no_rotation_is():
    rng = np.random.default_rng(6)
    signs = [np.linalg.slogdet(random_orthogonal(4, 4, rng)).sign for _ in range(400)]
    assert abs(np.mean(signs)) < 4 / math.sqrt(400)
    for n in (1, 2, 5, 8):
        Q = random_rotation(n, rng)
        assert abs(np.linalg.det(Q) - 1) < 20 * n * U
        assert np.linalg.norm(Q.T @ Q - np.eye(n)) < 20 * n * U


def test_the_first_entry_of_a_uniform_matrix_has_mean_zero():
    # Householder QR alone makes the sign of every diagonal of R the same, and this mean -0.8.
    rng = np.random.default_rng(9)
    mine = np.mean([random_orthogonal(2, 2, rng)[0, 0] for _ in range(400)])
    raw = np.mean([np.linalg.qr(rng.standard_normal((2, 2)))[0][0, 0] for _ in range(400)])
    assert abs(mine) < 4 / math.sqrt(400) < abs(raw)


@pytest.mark.parametrize("s, m", [([3.0], None), ([2, 1, 1e-8, 0], 9), (np.geomspace(1, 1e-12, 30),
                                                                     None)])
def test_the_singular_values_are_the_given_ones(s, m):
    A = with_singular_values(s, np.random.default_rng(4), m)
    assert A.shape == (m or len(s), len(s))
    error = np.abs(np.linalg.svd(A, compute_uv=False) - s).max()
    assert error <= 10 * math.sqrt(A.size) * U * max(s)


@pytest.mark.parametrize("s", [[1, -1], [], [[1.0]], [np.inf], [np.nan]])
def test_impossible_singular_values_are_refused(s):
    with pytest.raises(ValueError, match=r"^s.* (singular values|empty|remove|a list)"):
        with_singular_values(s, np.random.default_rng(4))


def test_fewer_rows_than_columns_are_refused():
    with pytest.raises(ValueError, match="3 orthonormal columns need 3 rows, got m = 2"):
        with_singular_values([1, 2, 3], np.random.default_rng(4), m=2)


@pytest.mark.parametrize("n, condition", [(6, 1.5e7), (8, 1.5e10), (10, 1.6e13)])
def test_the_condition_of_hilbert_follows_from_its_whole_inverse(n, condition):
    inverse = np.array([[(-1) ** (i + j) * (i + j + 1) * math.comb(n + i, n - j - 1)
                         * math.comb(n + j, n - i - 1) * math.comb(i + j, i) ** 2
                         for j in range(n)] for i in range(n)], dtype=object)
    exact = np.array([[Fraction(1, i + j + 1) for j in range(n)] for i in range(n)])
    assert (exact @ inverse == np.eye(n, dtype=int)).all()
    assert (hilbert(n) == exact.astype(float)).all()
    kappa = np.linalg.norm(hilbert(n), 2) * np.linalg.norm(inverse.astype(float), 2)
    assert abs(kappa / condition - 1) < 0.05
    grown = (1 + math.sqrt(2)) ** (4 * n) / math.sqrt(n)
    assert 0.023 < kappa / grown < 0.025


def test_the_determinant_of_vandermonde_is_the_product_of_differences():
    x = np.array([-2.0, 0.5, 1.0, 3.0])
    product = np.prod([b - a for k, a in enumerate(x) for b in x[k + 1 :]])
    assert abs(np.linalg.det(vandermonde(x)) / product - 1) < 1e-13
    assert vandermonde(x, 2).tolist() == [[1, -2], [1, 0.5], [1, 1], [1, 3]]


def test_no_positive_nodes_make_vandermonde_well_conditioned():
    rng = np.random.default_rng(8)
    for n in (2, 4, 8, 12):
        for x in (rng.uniform(0, 1, n), rng.lognormal(size=n), np.linspace(0, 1, n)):
            assert np.linalg.cond(vandermonde(x), np.inf) > 2 ** (n - 1)
    signs = np.linalg.cond(vandermonde(np.cos(np.pi * np.arange(12) / 11)), np.inf)
    assert signs > 2**6  # and 2**(n / 2) with nodes that are symmetric to 0


@pytest.mark.parametrize("n", [2, 5, 30])
def test_wilkinson_is_well_conditioned_and_grows(n):
    A = wilkinson(n)
    assert np.linalg.cond(A) < n
    sign, logarithm = np.linalg.slogdet(A)
    assert sign == 1 and abs(logarithm - (n - 1) * math.log(2)) < 1e-12 * n
    U_factor = A.copy()
    for k in range(n - 1):  # every pivot is already the largest of its column
        assert abs(U_factor[k, k]) == np.abs(U_factor[k:, k]).max()
        U_factor[k + 1 :] -= np.outer(U_factor[k + 1 :, k] / U_factor[k, k], U_factor[k])
    assert U_factor[-1, -1] == 2.0 ** (n - 1)


def test_lauchli_has_two_singular_values_and_a_singular_gram_matrix():
    s = np.linalg.svd(lauchli(4, 1e-3), compute_uv=False)
    assert np.abs(s - [math.sqrt(4 + 1e-6), 1e-3, 1e-3, 1e-3]).max() < 20 * U
    for eps, rank in ((1.05e-8, 1), (1.06e-8, 3)):
        X = lauchli(3, eps)
        assert np.linalg.matrix_rank(X) == 3
        assert ((X.T @ X == 1).all()) == (rank == 1)


@pytest.mark.parametrize("distance", [1.0, 1e-2, 1e-6])
def test_the_condition_of_collinear_columns_is_the_formula(distance):
    s = np.linalg.svd(collinear(40, 6, distance, np.random.default_rng(3)), compute_uv=False)
    root = math.sqrt(4 + distance**4)
    wanted = (2 + distance**2 + root) / (2 * distance)
    assert abs(s[0] / s[-1] / wanted - 1) < 100 * U / distance
    assert abs(s[0] - math.sqrt((2 + distance**2 + root) / 2)) < 100 * U
    assert np.abs(s[1:-1] - 1).max() < 100 * U


def test_a_combination_of_the_columns_would_be_singular():
    # The listing that this generator replaces added a multiple of a column that was there already.
    X = np.random.default_rng(3).standard_normal((50, 4))
    assert np.linalg.cond(np.column_stack([X, X[:, 0] + 1e-3 * X[:, 1]])) > 1e15


@pytest.mark.parametrize("k", [1, 2, 7])
def test_the_laplacian_has_the_eigenvalues_of_its_formula(k):
    A = poisson2d(k)
    t = np.arange(1, k + 1) * math.pi / (k + 1)
    wanted = np.sort((4 - 2 * np.cos(t)[:, None] - 2 * np.cos(t)).ravel())
    assert (A != A.T).nnz == 0
    assert np.abs(np.linalg.eigvalsh(A.toarray()) - wanted).max() < 100 * U
    assert abs(wanted[-1] / wanted[0] * math.tan(t[0] / 2) ** 2 - 1) < 1e-13


@pytest.mark.parametrize("name, shape, nnz, condition", [
    ("west0067", (67, 67), 294, 1.302e2), ("bfwa62", (62, 62), 450, 5.531e2),
    ("well1033", (1033, 320), 4732, 1.661e2), ("illc1033", (1033, 320), 4732, 1.889e4)])
def test_a_matrix_from_practice_is_the_one_that_was_published(name, shape, nnz, condition):
    A = read_matrix(name)
    assert A.shape == shape and A.nnz == nnz and A.dtype == np.float64
    assert abs(np.linalg.cond(A.toarray()) / condition - 1) < 1e-3


@pytest.mark.parametrize("name, n, nnz, condition", [
    ("494_bus", 494, 1666, 2.415e6), ("LFAT5", 14, 46, 1.431e8), ("bcsstk03", 112, 640, 6.791e6),
    ("bcsstm22", 138, 138, 9.413e2), ("mesh3e1", 289, 1889, 8.928),
    ("model_48_8_3", 48, 2304, 1e3), ("nos1", 237, 1017, 1.992e7), ("nos4", 100, 594, 1.578e3),
    ("nos5", 468, 5172, 1.1e4), ("nos7", 729, 4617, 2.375e9)])
def test_matrices_for_conjugate_gradients_are_symmetric_positive_definite(name, n, nnz, condition):
    A = read_matrix(name)
    assert A.shape == (n, n) and A.nnz == nnz and A.dtype == np.float64 and name in DEFINITE
    assert (A != A.T).nnz == 0
    eigenvalues = np.linalg.eigvalsh(A.toarray())
    assert eigenvalues[0] > 0
    assert abs(eigenvalues[-1] / eigenvalues[0] / condition - 1) < 1e-3


def test_the_model_has_the_spectrum_of_strakos():
    # Strakos 1991: most eigenvalues are crowded at the lower end; n = 48, kappa = 1e3, rho = 0.8.
    i = np.arange(48)
    wanted = 1e-3 * (1 + i / 47 * 999 * 0.8 ** (47 - i))
    found = np.linalg.eigvalsh(read_matrix("model_48_8_3").toarray())
    assert np.abs(found - wanted).max() < 100 * U


def test_the_published_counts_are_those_of_the_paper():
    # In exact arithmetic n steps are enough: 112 for the first.
    assert read_cg_counts("bcsstk03") == {"none": 364, "jacobi": 118}
    assert read_cg_counts("bcsstm22") == {"none": 43}
    for name in COUNTED:
        counts = read_cg_counts(name)
        assert set(counts) == ({"none"} if name == "bcsstm22" else {"none", "jacobi"})
        assert all(0 < count < 9 * read_matrix(name).shape[0] for count in counts.values())
    with pytest.raises(ValueError, match="no count of steps for a matrix 'LFAT5': choose one of"):
        read_cg_counts("LFAT5")


def test_the_reader_agrees_with_that_of_scipy(tmp_path):
    scipy_io = pytest.importorskip("scipy.io")
    known = {path.name.partition(".")[0]: path for path in (FOLDER / "matrices").iterdir()}
    for name in MATRICES:
        path = tmp_path / known[name].name
        path.write_bytes(known[name].read_bytes())
        theirs = scipy.sparse.coo_array(scipy_io.mmread(path, spmatrix=False))
        assert (read_matrix(name) != theirs).nnz == 0
    for name in ("well1033", "illc1033"):
        path = tmp_path / "rhs.mtx.gz"
        path.write_bytes((FOLDER / "matrices" / f"{name}_rhs1.mtx.gz").read_bytes())
        assert (read_right_hand_side(name) == scipy_io.mmread(path).ravel()).all()


def test_an_unknown_matrix_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match="no matrix 'west0068': choose one of bfwa62, illc1033"):
        read_matrix("west0068")


RNG = np.random.default_rng(11)
MASKED = np.ma.masked_array([1.0, 2.0, 1000.0], mask=[0, 0, 1])


@pytest.mark.parametrize("call, error, said", [
    (lambda: vandermonde(MASKED), TypeError, "x is masked"),
    (lambda: vandermonde(NOT_NUMBERS["np.matrix"]), TypeError, "x is a np.matrix"),
    (lambda: vandermonde([1j, 2.0]), TypeError, "x is complex"),
    (lambda: vandermonde(["1", "2"]), TypeError, "x is of <U1"),
    (lambda: vandermonde([1.0, np.nan]), ValueError, r"x\[1\] is nan"),
    (lambda: vandermonde(np.ones((2, 2))), ValueError, r"must be a list: use x.ravel"),
    (lambda: vandermonde([1e200, 2.0], 3), OverflowError, "1e.200, whose power 2 left the range"),
    (lambda: vandermonde([1.0], 2.0), TypeError, "n = 2.0 is not an integer"),
    (lambda: with_singular_values(MASKED, RNG), TypeError, "s is masked"),
    (lambda: with_singular_values(["1", "2"], RNG), TypeError, "s is of <U1"),
    (lambda: with_singular_values([1.0], 7), TypeError, "rng = 7 is not a generator"),
    (lambda: random_orthogonal(3, 2.0, RNG), TypeError, "n = 2.0 is not an integer"),
    (lambda: random_orthogonal(0, 0, RNG), ValueError, "m = 0: it must be at least 1"),
    (lambda: random_rotation(3, np.random), TypeError, "is not a generator of random numbers"),
    (lambda: hilbert(2.5), TypeError, "n = 2.5 is not an integer"),
    (lambda: hilbert(0), ValueError, "n = 0: it must be at least 1"),
    (lambda: wilkinson(-1), ValueError, "n = -1: it must be at least 1"),
    (lambda: lauchli(3, np.inf), ValueError, "eps = inf is not finite"),
    (lambda: lauchli(3, "1"), TypeError, "eps is of <U1, not float32"),
    (lambda: lauchli(3, 1j), TypeError, "eps = 1j is not a real number"),
    (lambda: collinear(3, 1, 0.1, RNG), ValueError, "n = 1: it must be at least 2"),
    (lambda: collinear(3, 2, np.nan, RNG), ValueError, "distance = nan is not finite"),
    (lambda: poisson2d(1.5), TypeError, "k = 1.5 is not an integer"),
    (lambda: read_matrix(None), ValueError, "no matrix None: choose one of"),
])
def test_what_makes_no_matrix_is_named(call, error, said):
    with pytest.raises(error, match=said):
        call()


def test_integers_other_byte_orders_and_float32_are_the_same_numbers():
    s = [4, 2, 1]
    wanted = with_singular_values(s, np.random.default_rng(12))
    for dtype in (int, np.float32, ">f8"):
        A = with_singular_values(np.array(s, dtype), np.random.default_rng(12))
        assert A.dtype == np.float64 and np.array_equal(A, wanted)
        assert np.array_equal(vandermonde(np.array(s, dtype)), vandermonde(s))


def test_problems_need_no_scipy_until_a_sparse_matrix_is_asked_for():
    code = ("import sys; import lib.problems as p; p.hilbert(3); p.read_strd('Norris'); "
            "before = 'scipy' in sys.modules; p.poisson2d(2); "
            "print(before, 'scipy.sparse' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2])
    assert done.stdout.split() == ["False", "True"]


def test_names_of_matrices_and_of_right_hand_sides_are_kept_apart():
    with pytest.raises(ValueError, match=r"bfwa62, illc1033, well1033, west0067, .*nos7$"):
        read_matrix("well1033_rhs1")
    with pytest.raises(ValueError, match=r"'west0067': choose one of illc1033, well1033$"):
        read_right_hand_side("west0067")


@pytest.mark.parametrize("n", [2, 3, 20])
def test_what_docstrings_say_of_condition_numbers_holds_from_two_on(n):
    assert condition(wilkinson(n)) < n
    for x in (np.arange(n), np.geomspace(1e-3, 1, n)):
        assert condition(vandermonde(x), np.inf) > 2 ** (n - 1)
    s = np.linalg.svd(lauchli(n, -0.5), compute_uv=False)
    assert s == pytest.approx([np.sqrt(n + 0.25)] + [0.5] * (n - 1))
