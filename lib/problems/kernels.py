"""The Gaussian kernel matrix of many points, known by its products: it is never stored."""

from dataclasses import dataclass

import numpy as np

from lib.numbers import plain_array, real_array, real_number, unit_roundoff

ELEMENTS = 2**19  # of the matrix that exist at a time: 4 MiB, so that they stay in a cache


def gaussian_kernel(X, length):
    """Return the matrix of exp(-norm(x_i - x_j)**2 / (2 length**2)), as a function v -> K v.

    Parameters
    ----------
    X : ndarray, shape (n, d), float32 or float64
        One point a row.
    length : float
        The distance over which the kernel falls to 0.61, positive.

    Returns
    -------
    GaussianKernel
        Symmetric positive semidefinite, with ones on the diagonal, so that its eigenvalues add up
        to n. Each element has a relative error of at most 2 (d + 4) u R**2, where R is the largest
        distance of a point from the mean of all, in units of the length, and at least 1.

    Raises
    ------
    TypeError, ValueError
        If X is complex, empty, not finite or no matrix; if the length is not positive, or so small
        that this error would be above 1 percent.

    References
    ----------
    Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), equation 4.9.

    Examples
    --------
    >>> K = gaussian_kernel(np.array([[0.0], [1.0], [9.0]]), 1.0)
    >>> K(np.array([1.0, 0.0, 0.0])).round(6)
    array([1.      , 0.606531, 0.      ])
    """
    X = real_array(X, "X")
    if X.ndim != 2 or X.dtype == object:
        raise ValueError(f"X has shape {X.shape} and is of {X.dtype}: give floats, one point a row")
    length = real_number(length, "length")
    if not 0 < length < np.inf:
        raise ValueError(f"length = {length}: give a positive distance")
    with np.errstate(all="ignore"):  # what overflows is too far apart
        wide = X.astype(float)
        wide = (wide - np.mean(wide, axis=0)) / length
        radius = max(1.0, float(np.sqrt(np.max(np.sum(wide * wide, axis=1)))))
    error = 2 * (X.shape[1] + 4) * unit_roundoff(X.dtype) * radius**2
    if not error <= 0.01:
        raise ValueError(f"length = {length}: points lie {radius:.2g} lengths from their mean, and "
                         f"in {X.dtype} the kernel of neighbours has an error of {error:.1g}: use "
                         "float64, or a larger length")
    half = np.sum(wide * wide, axis=1, keepdims=True) / 2
    one = np.ones_like(half)
    # An inner product of these is x_i . x_j - norm(x_i)**2 / 2 - norm(x_j)**2 / 2.
    left = np.hstack([wide, -half, -one]).astype(X.dtype)
    return GaussianKernel(left, np.hstack([wide, one, half]).T.astype(X.dtype, order="C"))


@dataclass(frozen=True, eq=False)
class GaussianKernel:
    """A matrix K of n rows and columns, from `gaussian_kernel`: K(v) is the product K v.

    For K + lam I use lambda v: K(v) + lam * v.

    Attributes
    ----------
    left, right : ndarray, shape (n, d + 2) and (d + 2, n)
        Their product holds the logarithms of the elements.
    """

    left: np.ndarray
    right: np.ndarray

    @property
    def shape(self):
        """Return (n, n)."""
        return len(self.left), len(self.left)

    @property
    def dtype(self):
        """Return the dtype of the points, in which the elements are computed."""
        return self.left.dtype

    def __call__(self, v):
        """Return K v, for v of shape (n,) or (n, k) and of K's dtype, in n**2 / 2 exponentials."""
        v = real_array(v, "v", self.dtype)
        n = len(self.left)
        if v.ndim not in (1, 2) or len(v) != n or v.dtype != self.dtype:
            raise ValueError(f"v is of {v.dtype} and of shape {v.shape}: this kernel takes "
                             f"{self.dtype}, {n} rows")
        product, rows = np.zeros_like(v), max(1, ELEMENTS // n)
        for start in range(0, n, rows):
            stop = start + rows
            block = self._elements(slice(start, stop), slice(start, None))
            product[start:stop] += block @ v[start:]
            product[stop:] += block[:, rows:].T @ v[start:stop]  # the other half, by symmetry
        return product

    def columns(self, chosen):
        """Return the columns with these indices, shape (n, k)."""
        chosen = plain_array(chosen, "chosen")
        if chosen.ndim != 1 or chosen.dtype.kind not in "iu" or not chosen.size:
            raise TypeError(f"chosen is of {chosen.dtype} and of shape {chosen.shape}: give a list "
                            "of indices")
        if chosen.min() < 0 or chosen.max() >= len(self.left):
            raise ValueError(f"chosen holds {chosen.min()} to {chosen.max()}: there are the "
                             f"columns 0 to {len(self.left) - 1}")
        return self._elements(slice(None), chosen)

    def _elements(self, rows, columns):
        """Return a part of the matrix; logarithms that rounding made positive become 0."""
        block = self.left[rows] @ self.right[:, columns]
        np.minimum(block, 0, out=block)
        return np.exp(block, out=block)
