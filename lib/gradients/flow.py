"""How signals and gradients grow from layer to layer: exact Jacobians, their products, and rates.

The Jacobian of a layer is never differentiated by a program here, but written down: of the weights,
of the slopes of the activation, of what a normalisation takes away. All is computed in float64.
"""

from dataclasses import dataclass

import numpy as np

from lib.gradients.network import (
    affine,
    fitting_layers,
    hidden_states,
    is_residual,
    layer_kind,
    standardised,
    states_of,
    weight_variance,
)
from lib.gradients.parameters import float_array, is_recorded, norm
from lib.linear import checked_finite, householder_qr, jacobi_svd
from lib.numbers import random_source, whole_number

# Midpoints of the normal distribution, of which all but 1e-32 lies from -12 to 12. For squares of
# tanh(a z) the error of this rule is about exp(-pi**2 / (STEP * a)), for those of its slope some
# 1e5 times that, which is still below u for a up to STEEPEST; for relu and z it is far less.
STEP = 0.005
NODES = STEP * (np.arange(-2400, 2400) + 0.5)
WEIGHTS = STEP * np.exp(-NODES**2 / 2) / np.sqrt(2 * np.pi)
STEEPEST = 35


@dataclass(frozen=True, eq=False)
class LayerJacobian:
    """The derivative of a hidden layer at given samples, as two products and as a matrix.

    Attributes
    ----------
    weights : ndarray, shape (fan_in, fan_out)
    slopes : ndarray, shape (samples, fan_out)
        Of the activation.
    normal : ndarray, shape (samples, fan_out)
        What the activation was given.
    deviation : ndarray or None
        By which that was divided, if the layer normalises.
    axis : {None, -2, -1}
        Along which it does: over the samples, or over the layer.
    branch : float or None
        The scale of the layer beside the identity, if it is residual.
    """

    weights: np.ndarray
    slopes: np.ndarray
    normal: np.ndarray
    deviation: np.ndarray | None
    axis: int | None
    branch: float | None

    def forward(self, tangents):
        """Return J applied to tangents of shape (..., samples, fan_in)."""
        change = self.slopes * self._through_normalisation(tangents @ self.weights)
        return change if self.branch is None else tangents + self.branch * change

    def backward(self, gradients):
        """Return the transpose of J applied to gradients of shape (..., samples, fan_out)."""
        change = self._through_normalisation(self.slopes * gradients) @ self.weights.T
        return change if self.branch is None else gradients + self.branch * change

    def _through_normalisation(self, z):
        """Return the derivative of the normalisation, which is symmetric, applied to z.

        It takes from z its mean and its part along what has been normalised.
        """
        if self.axis is None:
            return z
        mean = np.mean(z, axis=self.axis, keepdims=True)
        along = np.mean(self.normal * z, axis=self.axis, keepdims=True)
        return (z - mean - self.normal * along) / self.deviation

    @property
    def matrix(self):
        """Return J, shape (samples * fan_out, samples * fan_in), sample after sample."""
        samples, fan_in = len(self.slopes), len(self.weights)
        units = np.eye(samples * fan_in).reshape(-1, samples, fan_in)
        return self.forward(units).reshape(len(units), -1).T


@np.errstate(all="ignore")  # what overflows is found at once
def layer_jacobians(parameters, x, activation="relu", normalisation=None, branch=None):
    """Return the Jacobian of each layer at the samples x, all layers being hidden ones.

    Parameters
    ----------
    parameters, x, activation, normalisation, branch
        As for `hidden_states`, but no values of a tape.

    Returns
    -------
    list of LayerJacobian
        Exact but for rounding; at 0, the slope of relu is 0.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `hidden_states`.

    Examples
    --------
    >>> W = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> layer_jacobians([W, -W], np.array([[1.0, 1.0]]))[0].matrix
    array([[1., 3.],
           [2., 4.]])
    """
    layers, x = fitting_layers(parameters, x)
    layers, x = [(_wide(W), _wide(b)) for W, b in layers], _wide(x)
    states = states_of(layers, x, activation, normalisation, branch)
    _, slope, axis, branch = layer_kind(activation, normalisation, branch)
    jacobians = []
    for h, (W, b) in zip(states, layers, strict=False):
        z, deviation = affine(h, W, b), None
        if axis is not None:
            z, deviation = standardised(z, axis)
        own = branch if is_residual(W, branch) else None
        jacobians.append(LayerJacobian(W, slope(z), z, deviation, axis, own))
    return jacobians


def _wide(part):
    """Return an array in float64, or refuse a value of a tape."""
    if is_recorded(part):
        raise TypeError("parameters or x hold a value of a tape: give arrays, as a Jacobian is "
                        "written down and not recorded")
    return part if part is None else part.astype(float)


@np.errstate(all="ignore")  # what overflows is found at once
def state_gradients(jacobians, gradient):
    """Return the gradient with respect to the input and to what each layer made, from the last one.

    Parameters
    ----------
    jacobians : list of LayerJacobian
        As `layer_jacobians` returns.
    gradient : ndarray, shape (samples, width)
        With respect to the last layer's result.

    Returns
    -------
    list of ndarray of float64
        In the order of `hidden_states`; the last is the gradient that was given.

    Raises
    ------
    TypeError, ValueError
        If jacobians is no list of Jacobians, or the gradient of another shape or not finite.
    OverflowError
        If a gradient leaves the range of float64.

    Examples
    --------
    >>> jacobians = layer_jacobians([np.diag([2.0, 5.0])], np.array([[1.0, -1.0]]))
    >>> state_gradients(jacobians, np.array([[1.0, 1.0]]))[0]
    array([[2., 0.]])
    """
    jacobians, gradient = _checked(jacobians), _wide(float_array(gradient, "gradient"))
    if gradient.shape != jacobians[-1].slopes.shape:
        raise ValueError(f"gradient has shape {gradient.shape}, but the last layer made "
                         f"{jacobians[-1].slopes.shape}: give one number for each")
    gradients = [gradient]
    for jacobian in reversed(jacobians):
        gradients.append(_finite(jacobian.backward(gradients[-1])))
    return gradients[::-1]


@np.errstate(all="ignore")  # what overflows is found at once
def product_singular_values(jacobians):
    """Return the singular values of the product of Jacobians, for each depth.

    The product itself, in floating point, has no digit of those below u times the largest. So it is
    kept as Q R_k ... R_1, with one Householder QR a layer: in the product of triangles small
    singular values stand in rows of their own.

    Parameters
    ----------
    jacobians : list of LayerJacobian
        As `layer_jacobians` returns; of small layers, as matrices of order samples * width are
        decomposed, one for each depth.

    Returns
    -------
    list of ndarray, shape (k,), k = samples * the least width so far
        For each depth the singular values, the largest first. For regular layers drawn at random,
        each has in practice a relative error of at most 100 depth u times the largest condition
        number of a layer, however small it is. Where a layer is singular, as with units of relu
        that are off, rounding errors below u times the largest may stand in place of zeros.

    Raises
    ------
    TypeError
        If jacobians is no list of Jacobians.
    OverflowError
        If the product leaves the range of float64.

    References
    ----------
    Benettin et al., Meccanica 15 (1980), for QR along a product.

    Examples
    --------
    >>> eye = np.eye(2)
    >>> product_singular_values(layer_jacobians([eye, 3 * eye], np.array([[1.0, 2.0]])))
    [array([1., 1.]), array([3., 3.])]
    """
    R, found = None, []
    for jacobian in _checked(jacobians):
        if R is None:
            Q, R = householder_qr(_finite(jacobian.matrix))
        else:
            Q, factor = householder_qr(_finite(jacobian.matrix @ Q))
            R = _finite(factor @ R)
        found.append(jacobi_svd(R).s)
    return found


def _finite(x):
    """Return x, or raise OverflowError."""
    return checked_finite(x, "the product of Jacobians")


def _checked(jacobians):
    """Return a list of Jacobians, or refuse what is none."""
    if not isinstance(jacobians, list | tuple) or not jacobians or not all(
            isinstance(one, LayerJacobian) for one in jacobians):
        raise TypeError(f"jacobians = {jacobians!r:.80}: give the list that layer_jacobians makes")
    return jacobians


@np.errstate(all="ignore")  # what overflows is found at once
def product_norm(jacobians, rng, steps=100):
    """Return an estimate from below of the largest singular value of the product of Jacobians.

    Parameters
    ----------
    jacobians : list of LayerJacobian
        Of any size: no matrix is formed.
    rng : numpy.random.Generator
        For the tangent to begin with.
    steps : int
        Of power iteration on J^T J, each one sweep forward and one backward.

    Returns
    -------
    float
        At most the largest singular value, up to u times the product of the layers' norms. Its
        square falls short of that one's by 0.871 log(n) / (steps - 1) of it on average at most, for
        n numbers in the input; mostly by far less, as products of many layers have singular values
        far apart.

    Raises
    ------
    TypeError, ValueError
        If jacobians is no list of Jacobians, rng no generator, or steps not 2 or more.
    OverflowError
        If the product leaves the range of float64.

    References
    ----------
    Kuczynski & Wozniakowski, SIAM J. Matrix Anal. Appl. 13 (1992), theorem 3.1.

    Examples
    --------
    >>> jacobians = layer_jacobians([np.diag([3.0, 1.0])], np.array([[1.0, 1.0]]))
    >>> round(product_norm(jacobians, np.random.default_rng(7)), 12)
    3.0
    """
    jacobians, steps = _checked(jacobians), whole_number(steps, "steps", 2)
    first = jacobians[0]
    tangent = random_source(rng).standard_normal((len(first.slopes), len(first.weights)))
    for step in range(steps):
        image = tangent / norm([tangent])
        for jacobian in jacobians:
            image = _finite(jacobian.forward(image))
        estimate = norm([image])
        if estimate == 0 or step == steps - 1:
            return estimate
        tangent = state_gradients(jacobians, image / estimate)[0]
    return None


@dataclass(frozen=True)
class Rates:
    """By which factor a layer changes the size of signals and of gradients, on geometric average.

    Attributes
    ----------
    forward : float
        Of the root mean square of what the layers make.
    backward : float
        Of the root mean square of the gradient, from the last layer to the input.
    """

    forward: float
    backward: float


def measured_rates(parameters, x, rng, activation="relu", normalisation=None, branch=None):
    """Return by which factor per layer signals and gradients change in a network as it is.

    Parameters
    ----------
    parameters, x, activation, normalisation, branch
        As for `layer_jacobians`.
    rng : numpy.random.Generator
        For the gradient with respect to the last layer, independent normal numbers.

    Returns
    -------
    Rates
        Of this one draw. In n wide layers of independent normal weights the logarithm of such a
        rate has a standard deviation of about 1 / sqrt(2 n depth), with relu sqrt(2.5) times that.

    Raises
    ------
    TypeError, ValueError
        As `layer_jacobians`; if x is 0, or rng no generator.
    OverflowError
        If signal or gradient leave the range of float64, or are 0 in the end.

    References
    ----------
    Hanin & Nica, Commun. Math. Phys. 376 (2020), for the spread.

    Examples
    --------
    >>> measured_rates([np.eye(2), 4 * np.eye(2)], np.ones((1, 2)), np.random.default_rng(7))
    Rates(forward=2.0, backward=2.0)
    """
    kind = activation, normalisation, branch
    jacobians = layer_jacobians(parameters, x, *kind)
    states = hidden_states(parameters, x, *kind)
    if not np.any(states[0]):
        raise ValueError("x is 0 everywhere: the growth of nothing is no number")
    gradients = state_gradients(jacobians, random_source(rng).standard_normal(states[-1].shape))
    return Rates(_rate(states[0], states[-1], len(jacobians)),
                 _rate(gradients[-1], gradients[0], len(jacobians)))


def _rate(start, end, depth):
    """Return the factor per layer by which the root mean square changes."""
    first, last = (norm([part]) / np.sqrt(part.size) for part in (start, end))
    if not np.finfo(end.dtype).tiny <= last < np.inf:
        raise OverflowError(f"after {depth} layers of these parameters {last:.1g} is left: use "
                            "fewer layers, or other weights")
    return float(np.exp((np.log(last) - np.log(first)) / depth))


@np.errstate(all="ignore")  # what overflows is found at once
def predicted_rates(kind, activation, depth, gain=1.0):
    """Return the rates of infinitely wide layers without biases, normalisation and branches.

    The mean square q of what a layer makes, and c by which it multiplies that of gradients, follow
    from the mean square before: with z normal and a = sqrt(fan_in * variance * q),

        q <- mean of f(a z)**2,  c = fan_in * variance * mean of f'(a z)**2.

    Parameters
    ----------
    kind, gain
        As for `weight_variance`, with fan_in = fan_out.
    activation : {"relu", "linear", "sigmoid", "tanh"}
    depth : int
        How many layers, 1 or more. The input has mean square 1.

    Returns
    -------
    Rates
        The root of the mean over all draws of the weights. A single draw of width n has typically
        less: linear layers exp(-1 / (2 n)) times that, relu exp(-5 / (4 n)). The integrals have a
        relative error of a few u.

    Raises
    ------
    TypeError, ValueError
        If there is no such kind or activation, or a number is out of range: for tanh and sigmoid,
        a is at most 35.
    OverflowError
        If a mean square leaves the range of float64.

    References
    ----------
    Poole et al., NeurIPS (2016); Schoenholz et al., ICLR (2017); Hanin & Rolnick, NeurIPS (2018),
    for the width.

    Examples
    --------
    >>> round(predicted_rates("torch_default", "relu", 30).backward, 12)  # sqrt(1 / 6)
    0.408248290464
    """
    activate, slope, *_ = layer_kind(activation, None, None)
    variance = weight_variance(1, 1, kind, gain)  # times the fan-in, if both fans are equal
    depth, square, logarithm = whole_number(depth, "depth", 1), 1.0, 0.0
    for layer in range(depth):
        a = np.sqrt(variance * square)
        if a > STEEPEST and activation in ("tanh", "sigmoid"):
            raise ValueError(f"gain = {gain} makes a = {a:.3g}: {activation} is integrated here up "
                             f"to a = {STEEPEST}; take a smaller one")
        z = a * NODES
        square = float(WEIGHTS @ activate(z) ** 2)
        if not np.finfo(float).tiny <= square < np.inf:
            raise OverflowError(f"after {layer + 1} layers the mean square is {square:.1g}: depth "
                                f"= {depth} is too much for float64")
        logarithm += np.log(variance * float(WEIGHTS @ slope(z) ** 2))
    return Rates(square ** (0.5 / depth), float(np.exp(logarithm / (2 * depth))))
