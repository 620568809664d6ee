"""Hostile inputs to each function of this room: a result within its bound, or a refusal."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import linear
from lib.linear import (
    advise,
    back_substitution,
    cg,
    cholesky,
    classical_gram_schmidt,
    condition_estimate,
    default_cutoff,
    discrepancy,
    eigh,
    eliminate,
    eliminate_symmetric,
    equilibrate,
    filtered_solution,
    forward_substitution,
    generalized_cross_validation,
    householder_qr,
    incomplete_cholesky,
    inverse_iteration,
    jacobi_preconditioner,
    jacobi_svd,
    lanczos,
    landweber,
    landweber_filter,
    least_squares,
    leave_one_out,
    low_rank,
    lu,
    lu_complete,
    mixed_solve,
    modified_gram_schmidt,
    normal_equations,
    nystrom_preconditioner,
    one_norm_estimate,
    pivoted_qr,
    power_iteration,
    principal_components,
    pseudoinverse,
    qr_step,
    randomized_svd,
    rayleigh_quotient_iteration,
    refine,
    reflector,
    reorthogonalized_gram_schmidt,
    ridge,
    ridge_filter,
    right_hand_side,
    rotation,
    rounded_lu,
    solve,
    tridiagonalize,
    truncated_least_squares,
    truncation_filter,
    vector,
    whitening,
    wilkinson_shift,
    woodbury_solve,
)
from lib.numbers import BF16, FP16, FP32, backward_error, least_squares_backward_error, residual
from tests.hostile import LAYOUTS, NOT_NUMBERS, answer, arrays, exact, same, steady, vectors
from tests.linear.helpers import gamma, loss, norm, roundoff, unit

EYE, ONES = np.eye(2), np.ones(2)
FACTORS, TOP = lu(EYE), jacobi_svd(EYE)

# Every argument of every function that takes arrays, beside arguments that fit.
SLOTS = {
    "advise": [("A", advise), ("b", lambda x: advise(EYE, x))],
    "equilibrate": [("A", equilibrate)],
    "back_substitution": [("U", lambda x: back_substitution(x, ONES)),
                          ("b", lambda x: back_substitution(EYE, x))],
    "forward_substitution": [("L", lambda x: forward_substitution(x, ONES)),
                             ("b", lambda x: forward_substitution(EYE, x))],
    "solve": [("A", lambda x: solve(x, ONES)), ("b", lambda x: solve(EYE, x))],
    "refine": [("A", lambda x: refine(x, ONES, ONES)), ("b", lambda x: refine(EYE, x, ONES)),
               ("x", lambda x: refine(EYE, ONES, x)),
               ("factors", lambda x: refine(EYE, ONES, ONES, factors=x if x is not None else 1))],
    "mixed_solve": [("A", lambda x: mixed_solve(x, ONES)), ("b", lambda x: mixed_solve(EYE, x)),
                    ("fmt", lambda x: mixed_solve(EYE, ONES, x)),
                    ("steps", lambda x: mixed_solve(EYE, ONES, steps=x))],
    "rounded_lu": [("A", lambda x: rounded_lu(x, FP16)), ("fmt", lambda x: rounded_lu(EYE, x))],
    "least_squares": [("A", lambda x: least_squares(x, ONES)),
                      ("b", lambda x: least_squares(EYE, x))],
    "normal_equations": [("A", lambda x: normal_equations(x, ONES)),
                         ("b", lambda x: normal_equations(EYE, x))],
    "ridge": [("A", lambda x: ridge(x, ONES, 1.0)), ("b", lambda x: ridge(EYE, x, 1.0)),
              ("lam", lambda x: ridge(EYE, ONES, x))],
    "truncated_least_squares": [
        ("A", lambda x: truncated_least_squares(x, ONES)),
        ("b", lambda x: truncated_least_squares(EYE, x)),
        ("cutoff", lambda x: truncated_least_squares(EYE, ONES, x if x is not None else "0"))],
    "filtered_solution": [
        ("U", lambda x: filtered_solution((x, ONES, EYE), ONES, ONES)),
        ("s", lambda x: filtered_solution((EYE, x, EYE), ONES, ONES)),
        ("Vt", lambda x: filtered_solution((EYE, ONES, x), ONES, ONES)),
        ("b", lambda x: filtered_solution(TOP, x, ONES)),
        ("filters", lambda x: filtered_solution(TOP, ONES, x))],
    "pseudoinverse": [("A", pseudoinverse)],
    "whitening": [("X", whitening), ("X", whitening(np.array([[0.0, 1], [1, 0], [2, 2]])))],
    "principal_components": [
        ("X", principal_components),
        ("X", principal_components(np.array([[0.0, 1], [1, 0], [2, 2]])).scores)],
    "low_rank": [("A", lambda x: low_rank(x, 1)), ("rank", lambda x: low_rank(EYE, x))],
    "randomized_svd": [
        ("A", lambda x: randomized_svd(x, 1, np.random.default_rng(7))),
        ("rng", lambda x: randomized_svd(EYE, 1, x)),
        ("rank", lambda x: randomized_svd(EYE, x, np.random.default_rng(7)))],
    "rotation": [("alpha", lambda x: rotation(x, ONES, ONES)),
                 ("beta", lambda x: rotation(ONES, x, ONES)),
                 ("gamma", lambda x: rotation(ONES, ONES, x))],
    "truncation_filter": [("s", lambda x: truncation_filter(x, 0.1)),
                          ("cutoff", lambda x: truncation_filter(ONES, x))],
    "ridge_filter": [("s", lambda x: ridge_filter(x, 0.1)),
                     ("lam", lambda x: ridge_filter(ONES, x))],
    "discrepancy": [("U", lambda x: discrepancy((x, ONES, EYE), ONES, 1.0)),
                    ("s", lambda x: discrepancy((EYE, x, EYE), ONES, 1.0)),
                    ("b", lambda x: discrepancy(TOP, x, 1.0)),
                    ("delta", lambda x: discrepancy(TOP, ONES, x))],
    "landweber": [("A", lambda x: landweber(x, ONES, 0.5, 3)),
                  ("b", lambda x: landweber(EYE, x, 0.5, 3)),
                  ("step", lambda x: landweber(EYE, ONES, x, 3)),
                  ("count", lambda x: landweber(EYE, ONES, 0.5, x))],
    "landweber_filter": [("s", lambda x: landweber_filter(x, 0.5, 3)),
                         ("step", lambda x: landweber_filter(ONES, x, 3)),
                         ("count", lambda x: landweber_filter(ONES, 0.5, x))],
    "woodbury_solve": [("d", lambda x: woodbury_solve(x, EYE, ONES)),
                       ("F", lambda x: woodbury_solve(1.0, x, ONES)),
                       ("b", lambda x: woodbury_solve(1.0, EYE, x))],
    "cg": [("A", lambda x: cg(x, ONES)), ("b", lambda x: cg(EYE, x)),
           ("tol", lambda x: cg(EYE, ONES, x)), ("maxiter", lambda x: cg(EYE, ONES, maxiter=x)),
           ("preconditioner", lambda x: cg(EYE, ONES, preconditioner=x)),
           ("x0", lambda x: cg(EYE, ONES, x0=x))],
    "jacobi_preconditioner": [("A", jacobi_preconditioner)],
    "incomplete_cholesky": [("A", incomplete_cholesky),
                            ("shift", lambda x: incomplete_cholesky(EYE, x))],
    "IncompleteCholesky": [("r", incomplete_cholesky(EYE))],
    "nystrom_preconditioner": [
        ("K", lambda x: nystrom_preconditioner(x, 1.0, 1, np.random.default_rng(7))),
        ("lam", lambda x: nystrom_preconditioner(EYE, x, 1, np.random.default_rng(7))),
        ("rank", lambda x: nystrom_preconditioner(EYE, 1.0, x, np.random.default_rng(7))),
        ("rng", lambda x: nystrom_preconditioner(EYE, 1.0, 1, x))],
    "NystromPreconditioner": [
        ("r", nystrom_preconditioner(EYE, 1.0, 1, np.random.default_rng(7)))],
    "condition_estimate": [("lu", lambda x: condition_estimate(x, 1.0)),
                           ("norm_A", lambda x: condition_estimate(FACTORS, x))],
    "one_norm_estimate": [("n", lambda x: one_norm_estimate(np.negative, np.negative, x))],
    "default_cutoff": [("shape", lambda x: default_cutoff(x, float))],
    "power_iteration": [("A", lambda x: power_iteration(x, ONES)),
                        ("start", lambda x: power_iteration(EYE, x if x is not None else "1")),
                        ("tol", lambda x: power_iteration(EYE, ONES, x if x is not None else "1")),
                        ("maxiter", lambda x: power_iteration(EYE, ONES, 0.1, x))],
    "inverse_iteration": [
        ("A", lambda x: inverse_iteration(x, 0.5)), ("shift", lambda x: inverse_iteration(EYE, x)),
        ("start", lambda x: inverse_iteration(EYE, 0.5, 1.0 if x is None else x))],
    "rayleigh_quotient_iteration": [
        ("A", rayleigh_quotient_iteration),
        ("start", lambda x: rayleigh_quotient_iteration(EYE, 1.0 if x is None else x))],
    "lanczos": [("A", lambda x: lanczos(x, 1, start=ONES)), ("k", lambda x: lanczos(EYE, x)),
                ("start", lambda x: lanczos(EYE, 1, start=1.0 if x is None else x))],
    "qr_step": [("d", lambda x: qr_step(x, [1.0], 0, 1)),
                ("e", lambda x: qr_step([1.0, 2.0], x, 0, 1)),
                ("low", lambda x: qr_step([1.0, 2.0], [1.0], x, 1)),
                ("high", lambda x: qr_step([1.0, 2.0], [1.0], 0, x))],
    "wilkinson_shift": [("a", lambda x: wilkinson_shift(x, 1.0, 1.0)),
                        ("b", lambda x: wilkinson_shift(1.0, x, 1.0)),
                        ("c", lambda x: wilkinson_shift(1.0, 1.0, x))],
    "right_hand_side": [("b", lambda x: right_hand_side(x, EYE))],
    "LU": [("b", FACTORS.solve)],
    "eliminate": [("packed", eliminate)], "eliminate_symmetric": [("panel", eliminate_symmetric)],
    "reflector": [("x", reflector)], "vector": [("x", vector)],
} | {f.__name__: [("A", f)] for f in (
    cholesky, eigh, tridiagonalize, lu, lu_complete, householder_qr, pivoted_qr, jacobi_svd,
    classical_gram_schmidt, modified_gram_schmidt, reorthogonalized_gram_schmidt)} | {f.__name__: [
        ("U", lambda x, f=f: f((x, ONES, EYE), ONES, [1.0])),
        ("s", lambda x, f=f: f((EYE, x, EYE), ONES, [1.0])),
        ("b", lambda x, f=f: f(TOP, x, [1.0])), ("lams", lambda x, f=f: f(TOP, ONES, x)),
    ] for f in (generalized_cross_validation, leave_one_out)}
# What is taken as it is: sparse matrices, functions, and None for what may be left out.
TAKEN = {("advise", "A"): {"sparse"}, ("advise", "b"): {"None"},
         ("randomized_svd", "A"): {"sparse"}, ("cg", "A"): {"sparse", "function"},
         ("power_iteration", "A"): {"sparse", "function"},
         ("lanczos", "A"): {"sparse", "function"},
         ("cg", "preconditioner"): {"sparse", "function", "None"}, ("cg", "x0"): {"None"},
         ("cg", "maxiter"): {"None"}, ("jacobi_preconditioner", "A"): {"sparse"},
         ("incomplete_cholesky", "A"): {"sparse"}, ("incomplete_cholesky", "shift"): {"None"},
         ("nystrom_preconditioner", "K"): {"sparse"}}
CALLS = [(name, argument, call) for name, slots in SLOTS.items() for argument, call in slots]


def test_no_function_of_the_door_is_left_out():
    classes = {"CGResult", "Components", "Whitening", "SVD", "Pseudoinverse", "TruncatedSolution",
               "Ritz", "Eigendecomposition", "Eigenpair", "DominantEigenpair",
               "IllConditionedWarning", "NotPositiveDefiniteError", "SingularMatrixError",
               "MixedSolution", "Advice"}
    assert set(linear.__all__) == set(SLOTS) | classes | {"checked_finite"}


@pytest.mark.parametrize("name, argument, call", CALLS, ids=[f"{n}-{a}" for n, a, _ in CALLS])
def test_what_are_no_numbers_is_refused_by_name(name, argument, call):
    for kind, x in NOT_NUMBERS.items():
        accepted = kind in TAKEN.get((name, argument), ())
        assert len(answer(lambda x=x: call(x), argument)) == accepted, kind


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", [
    lu, lu_complete, householder_qr, jacobi_svd, pseudoinverse, principal_components, whitening,
    modified_gram_schmidt, eigh, tridiagonalize, rayleigh_quotient_iteration, power_iteration,
    lambda A: inverse_iteration(A, 0.1), lambda A: lanczos(A, 4)])
def test_the_layout_of_memory_and_the_byte_order_change_no_bit(function, layout):
    A = np.random.default_rng(3).standard_normal((5, 5))
    A = A + A.T
    results = [vars(r) if hasattr(r, "__dataclass_fields__") else dict(enumerate(r))
               for r in (function(A), function(LAYOUTS[layout](A)))]
    assert all(same(results[0][key], results[1][key]) for key in results[0])


def quietly(call, *names):
    """Return [call()] without its warnings of ill-conditioning, or [] where it refuses by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", linear.IllConditionedWarning)
        return answer(call, *names)


def ordinary(*parts):
    """Return whether no product or quotient of two of the numbers can be subnormal or infinite."""
    small = np.sqrt(np.finfo(parts[0].dtype).tiny) / np.finfo(parts[0].dtype).eps
    return all(np.all((x == 0) | ((np.abs(x) > small) & (np.abs(x) < 1 / small))) for x in parts)


fewer = settings(steady, max_examples=40)  # for what takes milliseconds each
WORDS = (r"A|b|x|X|L|U|R|column \d+|row \d+|pivot \d+|matrix|solution|inverse|value|variance|"
         "diagonal")
DTYPES = st.sampled_from([np.float64, np.float32])
SIZES = st.integers(1, 5)


def lists(elements, n):
    """Draw lists of a length, as arrays."""
    return st.lists(elements, min_size=n, max_size=n).map(np.array)


def structured(shape, dtype):
    """Draw small whole numbers, often dependent, in rows and columns of very different units."""
    m, n = shape if len(shape) == 2 else (shape[0], 1)
    powers = st.integers(-150, 150) if dtype is np.float64 else st.integers(-15, 15)
    units = st.one_of(st.just(np.zeros(m, int)), lists(powers, m)), lists(powers, n)
    parts = st.tuples(lists(st.integers(-3, 3), m * n), st.one_of(st.just(np.zeros(n, int)),
                                                                  units[1]), units[0])
    return parts.map(lambda p: np.ldexp(p[0].reshape(m, n).astype(dtype), p[2][:, None] + p[1])
                     .reshape(shape))


def hostile(shape, dtype):
    """Draw arrays of every kind."""
    return st.one_of(arrays(shape, dtype), structured(shape, dtype))


def squares(n):
    """Draw square matrices and a right-hand side of one dtype."""
    return DTYPES.flatmap(lambda t: st.tuples(hostile((n, n), t), hostile((n,), t)))


def tall():
    """Draw matrices with at least as many rows as columns."""
    shapes = st.tuples(SIZES, st.integers(0, 3)).map(lambda s: (s[0] + s[1], s[0]))
    return st.tuples(DTYPES, shapes).flatmap(lambda s: hostile(s[1], s[0]))


@fewer
@given(SIZES.flatmap(squares))
def test_a_solution_has_a_small_backward_error_or_is_refused(problem):
    A, b = problem
    for x in quietly(lambda: solve(A, b), WORDS):
        growth = lu(A).growth
        assert np.isfinite(x).all()
        if ordinary(A, b, x):
            assert backward_error(A, x, b) <= 10 * len(A) * roundoff(A.dtype) * max(growth, 1)


@fewer
@given(SIZES.flatmap(squares))
def test_advice_solves_as_well_as_it_says_or_refuses(problem):
    A, b = problem
    for advice in quietly(lambda: advise(A, b), WORDS):
        assert (advice.x is None) == (advice.method == "none")
        if advice.x is not None:
            assert np.isfinite(advice.x).all() and advice.x.dtype == A.dtype
            small = advice.questions[-1].answer == "yes"
            assert small == (advice.backward_error <= 10 * len(A) * roundoff(A.dtype))
            # In the units of A, too, where none of them were changed one by one.
            if small and advice.questions[2].answer == "no" and ordinary(A, b, advice.x) and (
                    advice.questions[3].answer == "yes"):
                assert backward_error(A, advice.x, b) <= 20 * len(A) * roundoff(A.dtype)


@fewer
@given(tall())
def test_advice_for_a_tall_matrix_is_a_finite_fit_or_a_refusal(A):
    for advice in quietly(lambda: advise(A, np.ones(len(A), A.dtype)), WORDS):
        assert advice.x is None or np.isfinite(advice.x).all()
        assert advice.method in ("least_squares", "truncated_least_squares", "none", "substitution",
                                 "lu", "cholesky", "lu_complete")


@fewer
@given(SIZES.flatmap(squares), st.sampled_from([FP16, BF16, FP32]))
def test_mixed_precision_says_whether_it_converged_or_refuses(problem, fmt):
    A, b = problem
    for found in quietly(lambda: mixed_solve(A, b, fmt), WORDS):
        assert np.isfinite(found.x).all() and found.x.dtype == A.dtype
        assert found.backward_error == backward_error(A, found.x, b)
        limit = 10 * len(A) * roundoff(A.dtype)
        assert found.converged <= (found.backward_error <= limit)


@fewer
@given(SIZES.flatmap(squares))
def test_factors_multiply_to_the_matrix_or_are_refused(problem):
    A, _ = problem
    for factor in (lu, lu_complete, lambda A: lu(A, pivot=False)):
        for factors in quietly(lambda factor=factor: factor(A), WORDS):
            lower, upper = factors.lower, factors.upper
            if not ordinary(A, lower, upper):
                continue
            with np.errstate(all="ignore"):
                error = np.abs(residual(lower, upper, A[factors.rows][:, factors.columns]))
                allowed = np.abs(lower).astype(float) @ np.abs(upper).astype(float)
            assert np.all(error <= gamma(len(A), A.dtype) * allowed)


@fewer
@given(SIZES.flatmap(squares))
def test_substitution_is_exact_for_a_matrix_near_by(problem):
    A, b = problem
    for T, solver in ((np.tril(A), forward_substitution), (np.triu(A), back_substitution)):
        for x in quietly(lambda T=T, solver=solver: solver(T, b), WORDS):
            if ordinary(T, b, x):
                with np.errstate(all="ignore"):
                    allowed = np.abs(T).astype(float) @ np.abs(x).astype(float)
                assert np.all(np.abs(residual(T, x, b)) <= gamma(len(T) + 1, T.dtype) * allowed)


@fewer
@given(SIZES.flatmap(squares))
def test_cholesky_factors_what_it_accepts(problem):
    A = problem[0]
    with np.errstate(all="ignore"):
        gram = A @ A.T
        symmetric = A + A.T
    for matrix in (A, gram, symmetric):
        for L in quietly(lambda matrix=matrix: cholesky(matrix), WORDS):
            kept = np.tril(matrix) + np.tril(matrix, -1).T
            if ordinary(kept, L):
                allowed = np.abs(L).astype(float) @ np.abs(L).T.astype(float)
                bound = gamma(len(L) + 1, L.dtype) * allowed
                assert np.all(np.abs(residual(L, L.T, kept)) <= bound)


def symmetric(A):
    """Return symmetric matrices made of one, some of them semidefinite."""
    with np.errstate(all="ignore"):
        return np.tril(A) + np.tril(A, -1).T, A @ A.T, A + A.T, np.diag(np.abs(np.diag(A)))


@fewer
@given(SIZES.flatmap(squares))
def test_conjugate_gradients_say_how_far_they_came(problem):
    A, b = problem
    for matrix in symmetric(A):
        for result in quietly(lambda matrix=matrix: cg(matrix, b), WORDS, "residual"):
            assert np.isfinite(result.x).all() and result.steps <= 10 * len(b)
            assert result.converged == (result.true_residual <= 1e-8)
            if ordinary(matrix, b, result.x):
                with np.errstate(all="ignore"):
                    true = np.linalg.norm(b - matrix.astype(float) @ result.x.astype(float))
                    reach = np.linalg.norm(matrix.astype(float)) * np.linalg.norm(result.x)
                told = result.true_residual * np.linalg.norm(b.astype(float))
                assert abs(true - told) <= 2.0**-48 * (reach + np.linalg.norm(b))


@fewer
@given(SIZES.flatmap(squares))
def test_an_incomplete_factor_is_one_where_the_matrix_is_not_zero(problem):
    for matrix in symmetric(problem[0]):
        for M in quietly(lambda matrix=matrix: incomplete_cholesky(matrix), WORDS):
            L = np.diag(M.diagonal.astype(float))
            L[M.rows, M.columns] = M.values
            if ordinary(matrix, M.diagonal, M.values):
                wanted = matrix + M.shift * np.diag(np.diag(matrix)).astype(float)
                allowed = (gamma(9, float) + 3 * roundoff(matrix.dtype)) * (np.abs(L) @ np.abs(L.T))
                assert np.all((np.abs(L @ L.T - wanted) <= allowed)[matrix != 0])


def scaled(A):
    """Return float64 columns of norms near 1, and the exponents that were taken off."""
    exponents = np.frexp(np.max(np.abs(A), axis=0))[1]
    return np.ldexp(A.astype(float), -exponents), exponents


def columns_are_right(A, Q, R):
    """Return whether each column of A - Q R is 10 sqrt(m n) u times that of A at the most."""
    B, exponents = scaled(A)
    error = np.linalg.norm(B - Q.astype(float) @ np.ldexp(R.astype(float), -exponents), axis=0)
    return np.all(error <= unit(A) * np.linalg.norm(B, axis=0))


@fewer
@given(tall())
def test_q_is_orthogonal_and_r_gives_the_columns(A):
    for name, factor in (("householder", householder_qr), ("pivoted", pivoted_qr),
                         ("twice", reorthogonalized_gram_schmidt)):
        for Q, R, *order in quietly(lambda factor=factor: factor(A), WORDS):
            B = A[:, order[0]] if order else A
            assert loss(Q) <= unit(A), name
            if ordinary(A, R):
                assert columns_are_right(B, Q, R), name


@fewer
@given(tall())
def test_gram_schmidt_gives_the_columns_too(A):
    for factor in (classical_gram_schmidt, modified_gram_schmidt):
        for Q, R in quietly(lambda factor=factor: factor(A), WORDS):
            assert np.all(np.diag(R) >= 0)
            if ordinary(A, R):
                assert columns_are_right(A, Q, R)


@fewer
@given(tall(), st.booleans())
def test_a_decomposition_is_one(A, wide):
    A = A.T if wide else A
    for factors in quietly(lambda: jacobi_svd(A), WORDS):
        U, s, Vt = (x.astype(float) for x in factors)
        assert loss(factors.U) <= unit(A) and loss(factors.Vt.T) <= unit(A)
        assert np.all(s >= 0) and np.all(np.diff(s) <= 0)
        exponent = np.frexp(np.max(np.abs(A)))[1]
        B, t = np.ldexp(A.astype(float), -exponent), np.ldexp(s, -exponent)
        with np.errstate(under="ignore"):
            subnormal = len(A) * float(np.ldexp(float(np.finfo(A.dtype).smallest_subnormal),
                                                min(-exponent, 1000)))
        assert norm(B - U * t @ Vt) <= unit(A) * norm(B) + subnormal
        assert np.abs(t - np.linalg.svd(B, compute_uv=False)).max() <= unit(A) * norm(B) + subnormal


def symmetric_matrices():
    """Draw symmetric matrices of one dtype, of every kind, and of very different rows."""
    def mirrored(A):
        return np.tril(A) + np.tril(A, -1).T
    return st.tuples(DTYPES, SIZES).flatmap(
        lambda s: hostile((s[1], s[1]), s[0])).map(mirrored)


@fewer
@given(symmetric_matrices())
def test_eigenvalues_and_vectors_are_those_or_refused(A):
    for found in quietly(lambda: eigh(A), WORDS):
        V, n = found.vectors.astype(float), len(A)
        bound = 10 * n * roundoff(A.dtype)
        assert loss(found.vectors) <= bound
        exponent = np.frexp(np.max(np.abs(A)))[1]
        B, w = (np.ldexp(x.astype(float), -exponent) for x in (A, found.values))
        with np.errstate(under="ignore"):
            subnormal = n * float(np.ldexp(float(np.finfo(A.dtype).smallest_subnormal), -exponent))
        assert norm(B @ V - V * w) <= bound * norm(B) + subnormal
        assert np.abs(w - np.linalg.eigvalsh(B)).max() <= 2 * bound * norm(B) + subnormal
        for Q, T in quietly(lambda: tridiagonalize(A), WORDS):
            assert loss(Q) <= bound and np.array_equal(T, T.T)


@fewer
@given(symmetric_matrices())
def test_an_eigenpair_has_the_residual_it_tells_or_is_refused(A):
    calls = (lambda: power_iteration(A, maxiter=100), lambda: rayleigh_quotient_iteration(A),
             lambda: inverse_iteration(A, 0.0), lambda: inverse_iteration(A, A[0, 0]))
    for call in calls:
        for found in quietly(call, WORDS + "|shift"):
            if not ordinary(A):
                continue
            residual = np.linalg.norm(A.astype(float) @ found.vector - found.value * found.vector)
            rounding = 10 * len(A) * roundoff(A.dtype) * norm(A)
            assert abs(residual - found.residual) <= rounding
            spectrum = np.linalg.eigvalsh(A.astype(float))
            assert np.abs(spectrum - found.value).min() <= found.residual + rounding
            assert not found.converged or found.residual <= 20 * np.sqrt(len(A)) * norm(A) * max(
                len(A) * roundoff(A.dtype), roundoff(A.dtype) ** 0.5)


@fewer
@given(symmetric_matrices(), st.booleans(), st.integers(1, 6))
def test_ritz_values_lie_near_eigenvalues_or_are_refused(A, twice, k):
    for found in quietly(lambda: lanczos(A, k, twice), WORDS):
        if ordinary(A):
            spectrum = np.linalg.eigvalsh(A.astype(float))
            distances = np.abs(found.values.astype(float)[:, None] - spectrum).min(axis=1)
            rounding = (10 * len(A) if twice else 2000) * roundoff(A.dtype) * norm(A)
            assert np.all(distances <= 2.5 * found.bounds.astype(float) + rounding)


@fewer
@given(tall())
def test_a_least_squares_solution_is_one_of_a_problem_near_by(A):
    b = A[:, 0] / 2 + A[::-1, -1] / 2
    for x in quietly(lambda: least_squares(A, b), WORDS):
        assert np.isfinite(x).all()
        if ordinary(A, b, x):
            for error in quietly(lambda x=x: least_squares_backward_error(A, x, b), WORDS):
                assert error <= unit(A)


@fewer
@given(tall())
def test_penrose_and_whiteness_or_a_refusal(A):
    for result in quietly(lambda: pseudoinverse(A), WORDS):
        s, P = result.singular_values.astype(float), result.matrix.astype(float)
        assert np.isfinite(P).all() and result.rank + result.dropped == len(s)
        if result.dropped == 0 and ordinary(A, result.matrix):
            kappa = s[0] / s[-1]
            assert norm(A.astype(float) @ P @ A - A) <= unit(A) * kappa * norm(A)
    for whiten in quietly(lambda: whitening(A), WORDS):
        for white in quietly(lambda whiten=whiten: whiten(A), WORDS):
            deviations = whiten.matrix.astype(float)
            kappa = norm(deviations) / np.linalg.norm(deviations, -2)
            covariance = np.atleast_2d(np.cov(white.astype(float).T))
            if ordinary(whiten.matrix):
                assert norm(covariance - np.eye(whiten.rank)) <= 4 * unit(A) * kappa


@fewer
@given(DTYPES.flatmap(lambda t: vectors(t, min_size=1)))
def test_a_reflector_reflects_or_refuses(x):
    for v, beta in quietly(lambda: reflector(x), "x", r"R"):
        exponent = np.frexp(np.max(np.abs(x)))[1]
        y, size = np.ldexp(x.astype(float), -exponent), float(np.ldexp(float(beta), -exponent))
        v = v.astype(float)
        reflected = y - 2 * (v @ y) / (v @ v) * v
        bound = 10 * len(x) * roundoff(x.dtype) * np.linalg.norm(y)
        assert v[0] == 1
        if ordinary(x):
            assert abs(reflected[0] - size) <= bound and size * y[0] <= 0
            assert np.linalg.norm(reflected[1:]) <= bound


@fewer
@given(DTYPES.flatmap(lambda t: vectors(t, min_size=1)), st.floats(), st.floats())
def test_filter_factors_lie_between_0_and_1(s, lam, cutoff):
    for f in quietly(lambda: ridge_filter(s, lam), "s", "lam"):
        assert np.all((f >= 0) & (f <= 1)) and np.all(f[s == 0] == 0)
    for f in quietly(lambda: truncation_filter(s, cutoff), "s", "cutoff"):
        assert set(f.tolist()) <= {0.0, 1.0}
        product = exact(cutoff) * exact(s.max())
        assert f.tolist() == [exact(x) > product for x in s]
