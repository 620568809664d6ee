"""The advice fits every matrix of the package and every trap, and its digits are there."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
from mpmath import mp

from lib.linear import advise, solve
from lib.numbers import backward_error
from lib.problems import (
    hilbert,
    poisson2d,
    read_matrix,
    read_right_hand_side,
    vandermonde,
    wilkinson,
)
from lib.problems.matrices import MATRICES
from tests.linear.helpers import DTYPES, random_matrix, roundoff, stated

# The method and the digits for every matrix that comes with the package.
EXPECTED = {
    "west0067": ("lu", 12), "bfwa62": ("lu", 12), "bcsstk03": ("cholesky", 8), "nos1": ("cg", 8),
    "nos4": ("cholesky", 12), "LFAT5": ("cholesky", 7), "nos5": ("cg", 11),
    "bcsstm22": ("substitution", 15), "494_bus": ("cg", 9), "nos7": ("cg", 7),
    "mesh3e1": ("cg", 15), "model_48_8_3": ("cholesky", 12),
    "well1033": ("least_squares", 12), "illc1033": ("least_squares", 10),
}


def answers(advice):
    """Return the answers by the keys of their questions."""
    return {question.key: question.answer for question in advice.questions}


def kernel(jitter):
    """Return the Gaussian kernel of 50 points, with jitter on its diagonal."""
    points = np.linspace(0, 1, 50)
    return np.exp(-(np.subtract.outer(points, points) ** 2) / 0.02) + jitter * np.eye(50)


def normals(*shape):
    """Return a matrix of normal numbers."""
    return np.random.default_rng(77).standard_normal(shape)


def weighted():
    """Return a weighted Gram matrix, which rounding makes unequal to its transpose."""
    X = normals(50, 6)
    return X.T @ np.diag(np.random.default_rng(78).random(50)) @ X


CASES = {
    "Hilbert 8": (hilbert(8), "cholesky", 5),
    "Hilbert 12, which Cholesky accepts": (hilbert(12), "none", 0),
    "Hilbert 14, which it refuses": (hilbert(14), "none", 0),
    "a swap": (np.array([[0.0, 1.0], [1.0, 0.0]]), "lu", 15),
    "tiny": (1e-200 * hilbert(3), "cholesky", 13),
    "ones": (np.ones((3, 3)), "none", 0),
    "1 to 9": (np.arange(1, 10).reshape(3, 3), "none", 0),
    "integers": (np.array([[2, 1], [1, 3]]), "cholesky", 15),
    "a list": ([[2, 1], [1, 3]], "cholesky", 15),
    "a kernel": (kernel(0), "none", 0),
    "a kernel with jitter": (kernel(1e-6), "cholesky", 8),
    "20 samples in 50 dimensions": (np.cov(normals(20, 50).T), "none", 0),
    "a small unit": (np.array([[1e-12, 1.0], [1e-12, -1.0]]), "lu", 15),
    "a large element": (np.array([[1.0, 1e10], [1.0, 1.0]]), "lu", 15),
    "a small pivot": (np.diag([1.0, 1e-20]), "substitution", 15),
    "one by one": (np.array([[-3.0]]), "substitution", 15),
    "growth": (wilkinson(60), "lu_complete", 14),
    "weighted Gram": (weighted(), "cholesky", 15),
    "one triangle only": (np.array([[4.0, 1.0], [3.0, 4.0]]), "lu", 15),
    "a zero row": (np.array([[1.0, 2.0, 3.0], [0, 0, 0], [4.0, 5.0, 6.0]]), "none", 0),
    "a zero pivot": (np.array([[1.0, 1.0, 1.0], [0, 0, 1.0], [0, 0, 1.0]]), "none", 0),
    "zero": (np.zeros((3, 3)), "none", 0),
    "indefinite": (np.diag([1.0, -1.0]) + 0.1, "lu", 15),
    "tall": (normals(50, 3), "least_squares", 15),
    "a repeated column": (normals(50, 3)[:, [0, 1, 2, 0]], "truncated_least_squares", 15),
    "wide": (normals(3, 50), "truncated_least_squares", 15),
}


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("form", ["sparse", "dense"])
def test_the_matrices_of_the_package(name, form):
    A = read_matrix(name)
    advice = advise(A if form == "sparse" else A.toarray())
    assert (advice.method, advice.digits) == EXPECTED[name]
    assert advice.questions[-1].key == "residual" and advice.questions[-1].answer == "yes"


@pytest.mark.parametrize("name", CASES)
def test_the_traps(name):
    A, method, digits = CASES[name]
    advice = advise(A)
    assert (advice.method, advice.digits) == (method, digits)


def test_cholesky_accepts_hilbert_12_and_the_condition_number_does_not():
    found = answers(advise(hilbert(12)))
    assert (found["definite"], found["condition"]) == ("yes", "no")
    assert answers(advise(hilbert(14)))["definite"] == "no"


def test_growth_is_seen_where_the_condition_number_is_harmless():
    A = wilkinson(60)
    advice = advise(A, A @ np.linspace(0.5, 1.5, 60))
    assert np.linalg.cond(A) < 60 and answers(advice)["growth"] == "no"
    assert advice.backward_error <= 10 * 60 * roundoff(float)
    # And elimination with partial pivoting is as wrong as that.
    x = scipy.linalg.solve(A, A @ np.linspace(0.5, 1.5, 60))
    assert np.max(np.abs(x - np.linspace(0.5, 1.5, 60))) > 0.1


def test_scaling_that_matters_is_named_and_a_common_factor_is_not():
    assert answers(advise(CASES["a small unit"][0]))["scale"] == "no"
    assert any("equilibrate" in step for step in advise(CASES["a small unit"][0]).next_steps)
    for power in (-900, -1, 900):
        A = np.ldexp(hilbert(6), power)
        advice, plain = advise(A), advise(hilbert(6))
        assert (advice.questions, advice.kappa) == (plain.questions, plain.kappa)


def test_rounding_of_a_gram_matrix_is_no_asymmetry_and_is_told():
    advice = advise(weighted())
    assert "rounding" in {q.key: q.measured for q in advice.questions}["symmetric"]
    assert any("(A + A.T) / 2" in step for step in advice.next_steps)


def test_an_asymmetric_matrix_is_not_read_by_one_triangle():
    A, b = np.array([[4.0, 1.0], [3.0, 4.0]]), np.ones(2)
    assert np.allclose(scipy.linalg.solve(A, b, assume_a="pos", lower=False), 0.2)
    assert np.allclose(advise(A, b).x, [3 / 13, 1 / 13], rtol=1e-15)


def exact_solution(A, b):
    """Return the solution of A x = b in 60 digits, rounded."""
    with mp.workdps(60):
        return np.array([float(x) for x in mp.lu_solve(mp.matrix(A.tolist()), mp.matrix(b))])


SMALL = {name: CASES[name][0] for name in (
    "Hilbert 8", "a swap", "tiny", "a small unit", "a large element", "a small pivot", "growth",
    "weighted Gram", "one triangle only", "indefinite", "one by one")} | {
    "Vandermonde": vandermonde(np.linspace(0.1, 1, 8)), "random": random_matrix(20),
    "upper": np.triu(random_matrix(12)), "lower, graded": np.tril(
        random_matrix(9)) * 10.0 ** -np.arange(9)[:, None],
    "LFAT5": read_matrix("LFAT5").toarray()}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_digits_that_are_promised_are_there(name, dtype):
    with np.errstate(under="ignore"):
        A = SMALL[name].astype(dtype)
    if not np.all(np.any(A, axis=0)):
        return  # underflow of 1e-200 in float32
    b = np.random.default_rng(4).standard_normal(len(A)).astype(dtype)
    advice = advise(A, b)
    if advice.method == "none":
        assert dtype == np.float32 and np.linalg.cond(A.astype(float)) > 1e5
        return
    n = len(A)
    bound = stated(advise, "maximum norm is at most {} unless", n=n, digits=advice.digits)
    x = exact_solution(A.astype(float), b.astype(float).tolist())
    assert np.max(np.abs(advice.x - x)) / np.max(np.abs(x)) <= bound


def drawn_system(rng):
    """Return a small system, of one of five kinds, whose rows and columns differ in size."""
    n, kind, most = int(rng.integers(1, 6)), rng.integers(5), rng.choice([0, 2, 4, 7])
    A = rng.integers(-3, 4, (n, n)).astype(float) if kind > 2 else rng.standard_normal((n, n))
    A = (np.triu(A), A @ A.T, A + A.T, A, A)[kind]
    if rng.random() < 0.5:
        A = A * 10.0 ** rng.uniform(-most, most, ((n, n), (1, n), (n, 1))[rng.integers(3)])
    if rng.random() < 0.3:
        units = 10.0 ** rng.uniform(-most, most, n)
        A = A * units * units[:, None]
    return A, A @ (rng.standard_normal(n) * 10.0 ** rng.uniform(-rng.choice([0, 5]), 0, n))


@pytest.mark.filterwarnings("error")
def test_no_system_of_unequal_scales_gets_a_digit_that_is_not_there():
    rng, solved = np.random.default_rng(100), 0
    for _ in range(2000):
        A, b = drawn_system(rng)
        advice = advise(A, b)
        if advice.method == "none" or not np.any(b):
            continue
        exact = solve(*(np.vectorize(Fraction, otypes=[object])(M) for M in (A, b))).astype(float)
        bound = 60 * len(A) * 10.0**-advice.digits  # as the docstring says
        assert np.max(np.abs(advice.x - exact)) <= bound * np.max(np.abs(exact)), (A, b)
        solved += 1
    assert solved > 1800


@pytest.mark.parametrize("x, least", [((1.0, 1.0), 3), ((1e12, 1.0), 15)])
def test_digits_are_those_of_the_given_units(x, least):
    A = np.array([[1e-12, 1.0], [1e-12, -1.0]])
    advice = advise(A, A @ x)
    assert advice.digits == least and advice.kappa < 3 and not advice.scaled
    assert any("15 digits are there in the scaled units" in s for s in advice.next_steps) is (
        least < 15)
    assert advise(A).scaled and "15 digits of the largest scaled unknown" in advise(A).headline


def test_columns_of_a_triangle_are_scaled_only_where_it_were_refused():
    T = np.array([[1.0, 1e12], [0.0, 3.0]])
    advice = advise(T, np.array([1e12 / 3 + 1, 1.0]))
    assert advice.digits == 3 and 1e12 < advice.kappa < 3e12 and "scale" not in answers(advice)
    T[0, 1] = 1e17
    x = np.array([1e17, 1.0])
    advice = advise(T, T @ x)
    assert answers(advice)["scale"] == "no" and advice.digits == 15
    assert advise(T, np.ones(2)).digits == 15 and advise(T, T @ np.ones(2)).digits == 0


def test_units_of_rows_and_columns_together_are_no_reason_to_refuse():
    d = 1.12e-8  # rows and columns differ by less than 1e8, and the condition number by 1e16
    advice = advise(np.array([[1.0, 0.9 * d], [0.9 * d, d * d]]))
    assert (advice.method, advice.digits, answers(advice)["scale"]) == ("cholesky", 14, "no")


@pytest.mark.parametrize("n", [20, 100, 1000])
def test_one_pair_of_nearly_equal_columns_among_many_is_found(n):
    A = 0.9 * np.eye(n)
    for distance, left in ((2.0**-53, False), (1e-10, True)):
        A[2, 4] = A[4, 2] = 1.3 * (1 - distance)
        A[2, 2] = A[4, 4] = 1.3
        advice = advise(A)
        assert answers(advice)["condition"] == ("yes" if left else "no")
        assert advice.kappa > 0.4 / distance


def test_each_unknown_of_a_diagonal_matrix_is_one_division():
    b = np.array([1e308, -1e-20, 0.0])
    assert np.array_equal(advise(np.diag([1.0, 2.0, 4.0]), b).x, b / [1, 2, 4])
    small = advise(np.diag([1e300, 1e300]), np.array([1e-20, 1e-22]))
    assert small.digits == 3 and small.x[0] == 1e-320  # subnormal: rounded to 5e-324
    told = advise(np.array([[1.0, 1e-3], [1e-3, 1.0]]), np.array([1e308, 1e-20]))
    assert any("became 0" in step for step in told.next_steps)


def test_less_than_a_digit_is_said_so():
    advice = advise(np.array([[1, 1 - 8e-16], [1 - 8e-16, 1]]))
    assert advice.digits == 0 and "less than one digit" in advice.headline
    assert "which leaves less than one" in repr(advice)


@pytest.mark.parametrize("share, method", [(0.3, "none"), (3.0, "none"), (1 / 30, "cholesky")])
def test_the_limit_of_the_condition_number_counts_rows(share, method):
    n = 100  # the condition number is this share of 1 / u, and 100 times of 1 / (n u)
    A = np.eye(n)
    A[2, 4] = A[4, 2] = 1 - 2 * 2.0**-53 / (share * (1 if method == "none" else 1 / 8))
    assert advise(A).method == method


@pytest.mark.parametrize("wide, empty", [(3, "yes"), (40, "no")])
def test_nearly_empty_is_less_than_a_twentieth(wide, empty):
    i = np.arange(200)
    A = 100 * np.eye(200) + (np.abs(i - i[:, None]) <= wide)
    assert answers(advise(A))["sparse"] == empty


@pytest.mark.parametrize("times, answer", [(9, "yes"), (11, "no")])
def test_ten_n_u_is_a_small_backward_error(times, answer, monkeypatch):
    error = times * 5 * roundoff(float)
    monkeypatch.setattr("lib.linear.advice.backward_error", lambda *_: error)
    assert answers(advise(hilbert(5)))["residual"] == answer


@pytest.mark.parametrize("name", [name for name in EXPECTED if not name.endswith("1033")])
def test_a_system_is_solved_with_a_small_backward_error(name):
    A = read_matrix(name).toarray()
    b = np.random.default_rng(9).standard_normal(len(A))
    advice = advise(A, b)
    assert backward_error(A, advice.x, b) <= 10 * len(A) * roundoff(float)


def test_a_least_squares_problem_is_solved_and_its_residual_counts():
    A, b = read_matrix("illc1033"), read_right_hand_side("illc1033")
    advice = advise(A, b)
    x = scipy.linalg.lstsq(A.toarray(), b)[0]
    assert np.max(np.abs(advice.x - x)) <= 1e-9 * np.max(np.abs(x))
    far = b + 1e6 * np.random.default_rng(3).standard_normal(len(b))
    assert advise(A, far).kappa > 10 * advice.kappa


def test_poisson_beyond_the_limit_of_what_is_stored_is_judged_by_products():
    A = poisson2d(50)
    b = A @ np.ones(2500)
    advice = advise(A, b)
    assert advice.method == "cg" and np.max(np.abs(advice.x - 1)) < 1e-9
    assert 0.5 < advice.kappa / (0.4 * 51**2) < 1.1


def test_a_solution_for_zero_is_zero():
    for A in (hilbert(4), np.eye(3), np.ones((4, 2)) + np.eye(4, 2), poisson2d(50)):
        assert np.array_equal(advise(A, np.zeros(A.shape[0])).x, np.zeros(A.shape[1]))


def test_what_is_no_system_is_refused_by_name():
    with pytest.raises(ValueError, match=r"A\[0, 1\] is nan"):
        advise(np.array([[1.0, np.nan], [0.0, 1.0]]))
    with pytest.raises(ValueError, match="A is empty"):
        advise(np.zeros((0, 0)))
    with pytest.raises(ValueError, match="b needs 2 rows"):
        advise(np.eye(2), np.ones(3))
    with pytest.raises(TypeError, match=r"float64, b of float32"):
        advise(np.eye(2), np.ones(2, np.float32))
    with pytest.raises(TypeError, match="sparse"):
        advise(scipy.sparse.eye_array(3, dtype=complex).tocsr())
    with pytest.raises(ValueError, match="lsqr"):
        advise(scipy.sparse.eye_array(5000, 4000).tocsr())
    with pytest.raises(OverflowError, match="the solution x"):
        advise(np.diag([1e-300, 1e-300]), np.full(2, 1e300))


def test_an_argument_is_not_changed():
    A, b = hilbert(5), np.ones(5)
    advise(A, b)
    assert np.array_equal(A, hilbert(5)) and np.array_equal(b, np.ones(5))
