"""What is multiplied by vectors alone is read as it is, or refused by name."""

import numpy as np
import pytest
import scipy.sparse

from lib.linear import NotPositiveDefiniteError, cg, lanczos, power_iteration
from lib.linear.operators import product, stored_symmetric, symmetric_system
from tests.linear.helpers import DTYPES, rng, roundoff


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", [np.asarray, scipy.sparse.csr_array, scipy.sparse.csc_matrix])
@pytest.mark.parametrize("multiple, accepted", [(0.0, True), (0.9, True), (1.2, False)])
def test_a_matrix_may_differ_from_its_transpose_by_rounding(dtype, kind, multiple, accepted):
    d = np.array([4.0, 1.0, 100.0])
    A = rng().standard_normal((3, 3))
    A = np.round(A + A.T)
    np.fill_diagonal(A, d)
    # Ten units of the root of two diagonal elements are allowed; 5 is added, to be seen in A.
    A[0, 2] = A[2, 0] = 5.0
    A[0, 2] += multiple * 10 * 3 * roundoff(dtype) * 2 * 10
    A = kind(A.astype(dtype))
    if accepted:
        assert stored_symmetric(A).dtype == dtype
    else:
        with pytest.raises(ValueError, match=r"A\[0, 2\] and A\[2, 0\] differ by .* symmetric"):
            stored_symmetric(A)


def test_the_worst_pair_is_named():
    A = np.eye(4)
    A[3, 1], A[0, 2] = 1e-3, 1e-9
    for kind in (np.asarray, scipy.sparse.coo_array):
        with pytest.raises(ValueError, match=r"M\[1, 3\] and M\[3, 1\] differ by 0.001: "):
            stored_symmetric(kind(A), "M")


@pytest.mark.parametrize("A, error, said", [
    (scipy.sparse.csr_array((0, 0)), TypeError, "A is sparse, of float64 and of shape"),
    (1j * scipy.sparse.eye_array(3), TypeError, "A is sparse, of complex128"),
    (scipy.sparse.coo_array(np.ones(3)), TypeError, "A is sparse"),
    (scipy.sparse.csr_array((2, 3)), ValueError, r"A has shape \(2, 3\), but must be square"),
    (np.nan * scipy.sparse.eye_array(3), ValueError, r"the data of A\[0\] is nan: remove"),
    (np.ones((2, 3)), ValueError, r"A has shape \(2, 3\), but must be square"),
    (np.ones(3), ValueError, "a matrix has two dimensions"),
    (np.array([[1e308, -1e308], [1e308, 1.0]]), ValueError, "differ by inf"),
    (np.matrix(np.eye(2)), TypeError, "A is a np.matrix"),
])
def test_what_is_no_stored_symmetric_is_refused(A, error, said):
    with pytest.raises(error, match=said):
        stored_symmetric(A)


def test_sparse_matrices_become_floats_by_rows():
    for A in (scipy.sparse.eye_array(3, dtype=int), scipy.sparse.eye_array(3).todok(),
              scipy.sparse.csr_array((3, 3), dtype=int)):
        read = stored_symmetric(A)
        assert read.format == "csr" and read.dtype == np.float64
        assert np.array_equal(read.toarray(), A.toarray())


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_right_hand_side_has_the_dtype_of_the_matrix(dtype):
    for A in (np.eye(2, dtype=dtype), scipy.sparse.eye_array(2, dtype=dtype)):
        read, b = symmetric_system(A, [1, 2])
        assert b.dtype == read.dtype == dtype
        with pytest.raises(ValueError, match=r"b has shape \(3,\), but the matrix has shape"):
            symmetric_system(A, [1, 2, 3])
    read, b = symmetric_system(abs, np.ones(2, dtype))
    assert read is abs and b.dtype == dtype
    assert symmetric_system(abs, [1, 2])[1].dtype == np.float64


@pytest.mark.parametrize("A", [np.eye(3), scipy.sparse.eye_array(3).tocsr(), lambda v: v])
def test_a_product_is_a_new_array_of_the_dtype(A):
    v = np.arange(3.0)
    for dtype in DTYPES:
        made = product(A, dtype)(v.astype(dtype))
        assert made.dtype == dtype and made.tolist() == [0, 1, 2]
        made[:] = 7
    assert v.tolist() == [0, 1, 2]


def test_a_function_is_shown_a_vector_that_it_cannot_change():
    v = np.ones(2)
    with pytest.raises(ValueError, match="read-only"):
        product(lambda seen: np.multiply(seen, 2, out=seen), float)(v)
    assert v.tolist() == [1, 1] and v.flags.writeable


def test_a_stored_symmetric_with_unsorted_columns_is_one():
    parts = np.array([2.0, 9.0, 2.0]), np.array([1, 0, 0]), np.array([0, 2, 3])
    A = scipy.sparse.csr_array(parts)
    assert not A.has_sorted_indices and stored_symmetric(A) is A
    A.data[0] = 3
    with pytest.raises(ValueError, match="differ by 1: conjugate gradients need"):
        stored_symmetric(A)


def test_a_sparse_matrix_without_elements_keeps_its_dtype():
    b = np.ones(2, np.float32)
    nothing = scipy.sparse.csr_array((2, 2), dtype=np.float32)
    assert lanczos(nothing, 1, start=b).values.dtype == np.float32
    assert power_iteration(nothing, b).vector.dtype == np.float32
    with pytest.raises(NotPositiveDefiniteError):
        cg(nothing, b)
