"""Matrices whose condition, spectrum or growth is known, by formula or from the literature.

Generators return float64 arrays (`poisson2d` and `read_matrix` sparse ones) and take what is random
about them from an `rng`. Cast the result for another precision: the known answers then hold to its
unit roundoff.
"""

import gzip
import json

import numpy as np

from lib.numbers import random_source, real_array, real_number, whole_number
from lib.problems.datasets import data_file

DEFINITE = ("494_bus", "LFAT5", "bcsstk03", "bcsstm22", "mesh3e1", "model_48_8_3", "nos1", "nos4",
            "nos5", "nos7")  # symmetric positive definite
COUNTED = tuple(name for name in DEFINITE if name not in ("LFAT5", "mesh3e1"))
MATRICES = "bfwa62", "illc1033", "well1033", "west0067", *DEFINITE
MEASURED = "illc1033", "well1033"  # those with a right-hand side


def random_orthogonal(m, n, rng):
    """Return a random matrix with orthonormal columns, uniform (Haar) among all of them.

    Parameters
    ----------
    m, n : int
        Shape, with m >= n.
    rng : numpy.random.Generator

    Returns
    -------
    Q : ndarray, shape (m, n), float64
        Q.T @ Q is the identity, to rounding. Where m = n the determinant is 1 or -1, with equal
        chances: half of the results are reflections. `random_rotation` has 1 always.

    References
    ----------
    Stewart, SIAM J. Numer. Anal. 17 (1980); Mezzadri, Notices AMS 54 (2007): without the signs of
    the diagonal of R the distribution is that of the QR algorithm, not uniform.
    """
    m, n = whole_number(m, "m", 1), whole_number(n, "n", 1)
    if m < n:
        raise ValueError(f"{n} orthonormal columns need {n} rows, got m = {m}: transpose the "
                         "result")
    Q, R = np.linalg.qr(random_source(rng).standard_normal((m, n)))
    return Q * np.where(np.diag(R) < 0, -1.0, 1.0)


def random_rotation(n, rng):
    """Return a random rotation of n dimensions: orthogonal, with determinant +1, uniform.

    Parameters
    ----------
    n : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, n), float64

    Examples
    --------
    >>> round(float(np.linalg.det(random_rotation(5, np.random.default_rng(7)))), 12)
    1.0
    """
    Q = random_orthogonal(n, n, rng)
    Q[:, 0] *= np.linalg.slogdet(Q).sign
    return Q


def float_list(x, name):
    """Return a list of finite numbers as a vector of float64, or refuse it by name."""
    x = real_array(x, name)
    if x.ndim != 1:
        raise ValueError(f"{name} has shape {x.shape}, but must be a list: use {name}.ravel()")
    for part in x if x.dtype == object else ():
        real_number(part, f"a number in {name}")
    x = x.astype(float)
    if not np.isfinite(x).all():
        raise ValueError(f"{name} holds {x[~np.isfinite(x)][0]}: remove or replace it first")
    return x


def with_singular_values(s, rng, m=None):
    """Return a random matrix with the given singular values.

    Parameters
    ----------
    s : array_like, shape (n,)
        The singular values, none of them negative, in any order.
    rng : numpy.random.Generator
    m : int, optional
        Number of rows, at least n; n by default.

    Returns
    -------
    A : ndarray, shape (m, n), float64
        U diag(s) V.T with random orthogonal factors. Rounding moves every singular value by at
        most 10 sqrt(m n) u max(s), so those below that are lost, whatever computes them; where
        max(s) is below 1e-290, A is subnormal, by up to 5e-324 sqrt(m n) more.

    Raises
    ------
    TypeError, ValueError
        If s is no list of finite numbers that are not negative, or m < n.

    Examples
    --------
    >>> A = with_singular_values([1, 1e-3], np.random.default_rng(7), m=5)
    >>> A.shape, f"{np.linalg.cond(A):.6g}"
    ((5, 2), '1000')
    """
    s = float_list(s, "s")
    if not (s >= 0).all():
        raise ValueError(f"s = {s}, but singular values are not negative: use abs(s)")
    U = random_orthogonal(m if m is not None else s.size, s.size, rng)
    return U * s @ random_orthogonal(s.size, s.size, rng).T


def hilbert(n):
    """Return Hilbert's matrix 1 / (i + j + 1), i and j from 0 to n - 1, each entry rounded.

    It is symmetric positive definite, its inverse consists of whole numbers, and its condition
    number is about 0.024 (1 + sqrt(2))**(4n) / sqrt(n): 1.5e7 at n = 6, 1.5e10 at n = 8, 1.6e13 at
    n = 10.

    References
    ----------
    Todd, NBS Applied Mathematics Series 39 (1954); Choi, Amer. Math. Monthly 90 (1983).

    Examples
    --------
    >>> hilbert(2)
    array([[1.        , 0.5       ],
           [0.5       , 0.33333333]])
    """
    i = np.arange(whole_number(n, "n", 1))
    return 1 / (i[:, None] + i + 1.0)


def vandermonde(x, n=None):
    """Return the matrix of the powers x**0, ..., x**(n - 1), by rows of one x each.

    Parameters
    ----------
    x : array_like, shape (m,)
        Nodes, all finite.
    n : int, optional
        Number of powers; m by default.

    Returns
    -------
    ndarray, shape (m, n), float64
        Where n = m the determinant is the product of all x[j] - x[i] with i < j, and with nodes
        that are not negative the condition number in the infinity norm is above 2**(n - 1) for
        n > 1.

    Raises
    ------
    TypeError, ValueError
        If x is no list of finite numbers.
    OverflowError
        If a power is too large for float64.

    References
    ----------
    Gautschi & Inglese, Numer. Math. 52 (1988).

    Examples
    --------
    >>> vandermonde([1, 2, 3])
    array([[1., 1., 1.],
           [1., 2., 4.],
           [1., 3., 9.]])
    """
    x = float_list(x, "x")
    with np.errstate(over="ignore"):
        A = x[:, None] ** np.arange(x.size if n is None else whole_number(n, "n", 1))
    if not np.isfinite(A).all():
        raise OverflowError(f"x holds {np.max(np.abs(x))}, whose power {A.shape[1] - 1} left the "
                            "range of float64: scale the nodes")
    return A


def wilkinson(n):
    """Return the matrix on which partial pivoting is worst: the last pivot grows to 2**(n - 1).

    It has ones on the diagonal and in the last column, and minus ones below the diagonal. Its
    determinant is 2**(n - 1), its condition number in the 2-norm below n for n > 1: only the
    elimination is bad.

    References
    ----------
    Wilkinson, J. ACM 8 (1961), section 8; Higham, Accuracy and Stability of Numerical Algorithms
    (2002), section 9.4.

    Examples
    --------
    >>> wilkinson(3)
    array([[ 1.,  0.,  1.],
           [-1.,  1.,  1.],
           [-1., -1.,  1.]])
    """
    n = whole_number(n, "n", 1)
    A = np.eye(n) - np.tri(n, k=-1)
    A[:, -1] = 1
    return A


def lauchli(n, eps):
    """Return a row of ones above eps times the identity.

    The singular values are sqrt(n + eps**2), once, and |eps|, n - 1 times. The Gram matrix is
    eps**2 on the diagonal plus 1 everywhere: in floating point exactly singular as soon as
    1 + eps**2 rounds to 1, that is, for eps below 1.05e-8 in float64.

    References
    ----------
    Läuchli, Numer. Math. 3 (1961).

    Examples
    --------
    >>> lauchli(2, 0.5)
    array([[1. , 1. ],
           [0.5, 0. ],
           [0. , 0.5]])
    """
    n, eps = whole_number(n, "n", 1), _finite(eps, "eps")
    return np.vstack([np.ones(n), eps * np.eye(n)])


def _finite(x, name):
    """Return a number as a finite float, or refuse it by name."""
    x = real_number(x, name)
    if not np.isfinite(x):
        raise ValueError(f"{name} = {x} is not finite: choose another")
    return x


def collinear(m, n, distance, rng):
    """Return a design matrix whose last column is its first one plus a small new direction.

    Parameters
    ----------
    m, n : int
        Shape, with m >= n >= 2.
    distance : float
        Length d of what the last column adds to the first, in a direction that is orthogonal to
        all other columns: were it a combination of them, the matrix would be singular.
    rng : numpy.random.Generator

    Returns
    -------
    X : ndarray, shape (m, n), float64
        All other columns are orthonormal. The largest and the smallest singular value are the
        roots of (2 + d**2 + r) / 2 and (2 + d**2 - r) / 2 where r = sqrt(4 + d**4); hence the
        condition number is (2 + d**2 + r) / (2 d), nearly 2 / d. Rounding moves the smallest by
        at most 10 sqrt(m n) u, so a d below that is lost.

    Examples
    --------
    >>> X = collinear(50, 5, 1e-3, np.random.default_rng(7))
    >>> round(float(np.linalg.cond(X)))
    2000
    """
    X = random_orthogonal(m, whole_number(n, "n", 2), rng)
    X[:, -1] = X[:, 0] + _finite(distance, "distance") * X[:, -1]
    return X


def poisson2d(k):
    """Return the 5-point Laplacian on k x k inner points of a square, times the mesh width squared.

    Returns
    -------
    scipy.sparse.csr_array, shape (k**2, k**2)
        Symmetric positive definite. The eigenvalues are 4 - 2 cos(i t) - 2 cos(j t), i and j from
        1 to k, t = pi / (k + 1); hence the condition number is cot(t / 2)**2, about
        0.4 (k + 1)**2.

    References
    ----------
    Saad, Iterative Methods for Sparse Linear Systems (2003), section 2.2.

    Examples
    --------
    >>> poisson2d(2).toarray()
    array([[ 4., -1., -1.,  0.],
           [-1.,  4.,  0., -1.],
           [-1.,  0.,  4., -1.],
           [ 0., -1., -1.,  4.]])
    """
    import scipy.sparse  # here, as most of what imports this module needs no SciPy

    k = whole_number(k, "k", 1)
    line = scipy.sparse.diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(k, k))
    eye = scipy.sparse.eye_array(k)
    return (scipy.sparse.kron(line, eye) + scipy.sparse.kron(eye, line)).tocsr()


def read_matrix(name):
    """Return a matrix from practice.

    Parameters
    ----------
    name : str
        General: "west0067", a chemical plant (67 x 67, condition number 130), "bfwa62", a waveguide
        (62 x 62, 553), "well1033" and "illc1033", two least squares problems of a land survey
        (1033 x 320; 166 and 1.9e4), which have a right-hand side each: `read_right_hand_side`.
        Symmetric positive definite: "bcsstk03", a small frame (n = 112, condition number 6.8e6),
        "nos1", a beam (237, 2.0e7), "nos4", another (100, 1.6e3), "LFAT5", a third (14, 1.4e8),
        "nos5", a building (468, 1.1e4), "bcsstm22", the masses of a frame, diagonal (138, 9.4e2),
        "494_bus", a power network (494, 2.4e6), "nos7", diffusion in a cube of unlike materials
        (729, 2.4e9), "mesh3e1", a mesh (289, 8.9), and "model_48_8_3", a full matrix with a
        spectrum that is hard for conjugate gradients (48, 1e3).

    Returns
    -------
    scipy.sparse.csr_array, float64

    Raises
    ------
    ValueError
        If there is no matrix of this name.

    References
    ----------
    Davis & Hu, The University of Florida sparse matrix collection, ACM Trans. Math. Softw. 38
    (2011). For the last matrix, Chen & Carson, SIAM J. Sci. Comput. 42 (2020).

    Examples
    --------
    >>> read_matrix("west0067").nnz
    294
    """
    import scipy.sparse  # here, as most of what imports this module needs no SciPy

    if not isinstance(name, str) or name not in MATRICES:
        raise ValueError(f"no matrix {name!r}: choose one of {', '.join(MATRICES)}")
    return scipy.sparse.csr_array(_market(name))


def read_right_hand_side(name):
    """Return the measured right-hand side of a matrix that has one: "well1033" or "illc1033".

    Raises
    ------
    ValueError
        If there is none of this name.

    Examples
    --------
    >>> float(read_right_hand_side("illc1033")[0])
    -30.33558609
    """
    if not isinstance(name, str) or name not in MEASURED:
        raise ValueError(f"no right-hand side of a matrix {name!r}: choose one of "
                         f"{', '.join(MEASURED)}")
    return _market(f"{name}_rhs1").ravel()


def read_cg_counts(name):
    """Return how many steps of conjugate gradients were published for a matrix of `read_matrix`.

    Counted is up to the first x_k with norm(x - x_k) <= 1e-5 norm(x) in the norm sqrt(e^T A e), in
    float64, from x_0 = 0 to x = ones / sqrt(n), with the method of Hestenes and Stiefel.

    Parameters
    ----------
    name : {"494_bus", "bcsstk03", "bcsstm22", "model_48_8_3", "nos1", "nos4", "nos5", "nos7"}

    Returns
    -------
    dict of str to int
        "none" without a preconditioner, and "jacobi" with the diagonal of A, except for
        "bcsstm22", which is its diagonal.

    Raises
    ------
    ValueError
        If there are no counts for this name.

    References
    ----------
    Chen & Carson, Predict-and-recompute conjugate gradient variants, SIAM J. Sci. Comput. 42
    (2020), arXiv:1905.01549.

    Examples
    --------
    >>> read_cg_counts("bcsstk03")
    {'none': 364, 'jacobi': 118}
    """
    if not isinstance(name, str) or name not in COUNTED:
        raise ValueError(f"no count of steps for a matrix {name!r}: choose one of "
                         f"{', '.join(COUNTED)}")
    path = data_file("matrix", "cg_reference", "matrices")
    published = json.loads(path.read_text(encoding="utf-8"))["data"][name]
    return {key.lower(): int(counts["iterations"]["hs"]) for key, counts in published.items()}


def _market(name):
    """Return what a file in Matrix Market format holds: a sparse matrix, or an array.

    SciPy's own reader starts threads, which a browser refuses.

    References
    ----------
    Boisvert, Pozo & Remington, The Matrix Market exchange formats, NISTIR 5935 (1996).
    """
    import scipy.sparse  # here, as most of what imports this module needs no SciPy

    path = data_file("matrix", name, "matrices")
    content = path.read_bytes()
    if path.name.endswith(".gz"):
        content = gzip.decompress(content)
    kind, *lines = content.decode("ascii").lower().splitlines()
    size, *values = [line.split() for line in lines if not line.startswith("%") and line.strip()]
    shape, values = (int(size[0]), int(size[1])), np.array(values, dtype=float)
    if kind.endswith("array real general"):
        return values.reshape(shape, order="F")
    if kind.endswith("array real symmetric"):  # the lower triangle, column by column
        j, i = np.triu_indices(shape[0])
    else:
        i, j = values[:, :2].T.astype(int) - 1
    values = values[:, -1]
    if kind.endswith("symmetric"):
        below = i != j
        i, j = np.append(i, j[below]), np.append(j, i[below])
        values = np.append(values, values[below])
    return scipy.sparse.coo_array((values, (i, j)), shape)
