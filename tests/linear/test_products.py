"""Whatever multiplies is taken as a matrix, or refused by name."""

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg

from lib.linear import randomized_svd
from lib.linear.products import length, multiplication, product, unit_vector, with_products
from lib.numbers import peak_memory
from tests.linear.helpers import DTYPES, rng, roundoff

A = np.array([[2.0, 1.0], [1.0, 3.0]])


@pytest.mark.parametrize("matrix", [A, A.tolist(), scipy.sparse.csr_array(A),
                                    scipy.sparse.coo_matrix(A), scipy.sparse.bsr_array(A),
                                    scipy.sparse.linalg.aslinearoperator(A), A.astype(int)])
def test_all_kinds_of_matrices_multiply(matrix):
    taken = with_products(matrix)
    assert taken.dtype == np.float64 and np.array_equal(product(taken, np.ones(2)), [3, 4])
    multiply, start = multiplication(matrix, None, symmetric=True)
    assert np.array_equal(multiply(np.array([1.0, 0.0])), [2, 1])
    assert np.allclose(start * np.hypot(1, np.cos(1)), [1, np.cos(1)], rtol=4e-16, atol=0)


def test_a_dask_array_is_read_block_by_block_and_never_whole():
    array = pytest.importorskip("dask.array", reason="dask is not installed")
    block = rng(2012).standard_normal((200, 1000)) * 0.5 ** np.arange(1000)
    read = []

    def reading(block_info):
        read.append(block_info[None]["chunk-location"])
        return block.copy()

    A = array.map_blocks(reading, chunks=((200,) * 20, 1000), dtype=float, meta=np.zeros((0, 0)))
    with dask_in_turn():
        randomized_svd(A, 3, rng(2011), 5, 0)  # what is imported at the first use is no block
        read.clear()
        found, most = peak_memory(lambda: randomized_svd(A, 3, rng(2011), 5, 1))
    # 2 q + 2 products, and 2 q + 1 more for the bound of the error.
    assert len(read) == 7 * 20
    assert most < 0.3 * A.nbytes
    # Twenty equal blocks; the fourth singular value is an eighth of the first.
    s = np.sqrt(20) * np.linalg.svd(block, compute_uv=False)
    assert found.s == pytest.approx(s[:3], rel=1e-3, abs=0) and found.error < 12 * s[3]


def dask_in_turn():
    """Return a context in which dask computes in this thread."""
    return pytest.importorskip("dask").config.set(scheduler="synchronous")


def test_what_does_not_multiply_is_refused():
    for wrong in (scipy.sparse.csr_array((0, 3)), scipy.sparse.csr_array(1j * A)):
        with pytest.raises(TypeError, match="A is sparse, of"):
            with_products(wrong)
    with pytest.raises(ValueError, match=r"the data of A\[0\] is nan"):
        with_products(scipy.sparse.csr_array(np.array([[np.nan]])))
    with pytest.raises(TypeError, match="A is an operator of complex128"):
        with_products(scipy.sparse.linalg.aslinearoperator(1j * A))
    with pytest.raises(OverflowError, match="a product with A left the range"):
        product(np.full((2, 2), 1e308), np.ones(2))


def test_products_are_new_arrays_and_the_vector_is_locked():
    multiply, v = multiplication(lambda v: v, np.array([3.0, 4.0]))
    w = multiply(v)
    assert np.array_equal(w, v) and not np.shares_memory(w, v)
    assert v.flags.writeable and w.flags.writeable
    assert np.array_equal(v, [0.6, 0.8])


def test_the_start_takes_the_dtype_of_the_matrix():
    for dtype in DTYPES:
        multiply, start = multiplication(A.astype(dtype), [3, 4])
        assert start.dtype == dtype and multiply(start).dtype == dtype
        assert multiplication(A.astype(dtype), None)[1].dtype == dtype
    with pytest.raises(TypeError, match="A is of float32, start of float64: convert one of them"):
        multiplication(A.astype(np.float32), np.ones(2))
    assert multiplication(lambda v: v, np.ones(2, np.float32))[1].dtype == np.float32


@pytest.mark.parametrize("n", [10, 34, 60, 100])
def test_the_start_has_a_part_along_each_eigenvector_of_paths_and_cycles(n):
    path = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    start = multiplication(path, None)[1]
    # A random direction has parts of about n**-0.5, the least of n of them about n**-1.5.
    assert np.abs(np.linalg.eigh(path)[1].T @ start).min() > 0.01 * n**-1.5
    path[0, 0] = path[-1, -1] = 1
    assert np.abs(np.linalg.eigh(path)[1].T @ start).min() > 0.01 * n**-1.5
    assert np.abs(np.fft.rfft(start)).min() > 0.01  # the eigenvectors of every cycle


@pytest.mark.parametrize("dtype", DTYPES)
def test_symmetry_of_sparse_matrices_is_asked_for_up_to_rounding(dtype):
    S = scipy.sparse.csr_array(A.astype(dtype))
    S[0, 1] = 1 + dtype(8 * 2 * 2 * roundoff(dtype))
    multiplication(S, None, symmetric=True)
    S[0, 1] = 1 + dtype(100 * 2 * 2 * roundoff(dtype))
    with pytest.raises(ValueError, match=r"A differs from its transpose by up to .*: the matrix"):
        multiplication(S, None, symmetric=True)
    multiplication(S, None)


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1.0, 1e300])
def test_lengths_lose_nothing_at_the_ends_of_the_range(scale):
    x = np.array([3.0, 4.0, 12.0]) * scale
    assert length(x) == pytest.approx(13 * scale, rel=4 * 2.0**-53, abs=0)
    assert np.abs(unit_vector(x) - np.array([3.0, 4.0, 12.0]) / 13).max() <= 4 * 2.0**-53
    assert length(np.zeros(3)) == 0


def test_lengths_of_many_float32_numbers_are_summed_by_blocks():
    # Added one after the other, a million equal squares are off by far more than u.
    x = np.full(2**20, 1.1, np.float32)
    exact = np.linalg.norm(x.astype(float))
    assert abs(length(x) / exact - 1) <= 1100 * 2.0**-24
    assert length(rng().standard_normal(2000)) > 0
