"""Networks of dense layers as plain functions: initial weights, activations, normalisation, skips.

Samples stand in rows, and weights of shape (fan_in, fan_out) multiply from the right. Parameters
are a flat list: each matrix is followed by the vector of its biases, or, where it has none, by the
next matrix. A hidden layer makes of h the activation of the normalised h W + b; with a branch s it
is residual, and adds s times that to h. Only operations of NumPy are used, so that all of this also
runs on values of a tape.
"""

from itertools import pairwise

import numpy as np

from lib.gradients.parameters import as_layers, float_array, is_recorded
from lib.linear import checked_finite, householder_qr
from lib.numbers import random_source, real_number, truth_value, whole_number

EPS = 1e-5  # added to variances, as PyTorch does by default
# The variance of a weight by fan-in and fan-out.
VARIANCES = {
    "glorot_uniform": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "glorot_normal": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he_normal": lambda fan_in, fan_out: 2 / fan_in,
    "lecun_normal": lambda fan_in, fan_out: 1 / fan_in,
    "orthogonal": lambda fan_in, fan_out: 1 / max(fan_in, fan_out),
    "torch_default": lambda fan_in, fan_out: 1 / (3 * fan_in),
}
UNIFORM = ("glorot_uniform", "torch_default")
AXES = {None: None, "batch": -2, "layer": -1}


def weight_variance(fan_in, fan_out, kind, gain=1.0):
    """Return the variance of an initial weight.

    Parameters
    ----------
    fan_in, fan_out : int
        Of the layer, 1 or more.
    kind : str
        Of these, times gain**2:
        "glorot_uniform", "glorot_normal": 2 / (fan_in + fan_out), also called Xavier's;
        "he_normal": 2 / fan_in, also called Kaiming's;
        "lecun_normal": 1 / fan_in, to be scaled by a gain;
        "orthogonal": 1 / max(fan_in, fan_out);
        "torch_default": 1 / (3 fan_in), what nn.Linear of PyTorch does, a sixth of He's.
    gain : float
        Positive.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If there is no such kind, or a fan or the gain is not positive.

    References
    ----------
    LeCun et al., Efficient BackProp (1998); Glorot & Bengio, AISTATS (2010), equations 12 and 16;
    He et al., ICCV (2015), equation 10; Saxe et al., ICLR (2014). nn.Linear calls
    kaiming_uniform_(weight, a=sqrt(5)), whose gain is sqrt(2 / (1 + 5)).

    Examples
    --------
    >>> weight_variance(512, 512, "he_normal") / weight_variance(512, 512, "torch_default")
    6.0
    """
    if not isinstance(kind, str) or kind not in VARIANCES:
        raise ValueError(f"no kind {kind!r:.80} of initial weights: choose "
                         f"{', '.join(VARIANCES)}")
    gain = real_number(gain, "gain")
    if not 1e-100 < gain < 1e100:
        raise ValueError(f"gain = {gain}: weights are scaled by a positive number of moderate size")
    fans = whole_number(fan_in, "fan_in", 1), whole_number(fan_out, "fan_out", 1)
    return gain**2 * VARIANCES[kind](*fans)


def initial_weights(fan_in, fan_out, kind, rng, gain=1.0):
    """Return random weights of a layer.

    Parameters
    ----------
    fan_in, fan_out, kind, gain
        As for `weight_variance`.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64, shape (fan_in, fan_out)
        Independent, with mean zero and this variance. Glorot's uniform and PyTorch's default lie
        between -b and b, with b the root of three times the variance: for the default, 1 /
        sqrt(fan_in). Normal ones are not truncated, as those of Keras are. Orthogonal ones are
        gain times a random matrix with orthonormal rows or columns, whichever are fewer, uniform
        among all such.

    Raises
    ------
    TypeError, ValueError
        As `weight_variance`; if rng is no generator.

    References
    ----------
    As for `weight_variance`; Mezzadri, Notices AMS 54 (2007), for the signs that make Q uniform.

    Examples
    --------
    >>> W = initial_weights(100, 50, "torch_default", np.random.default_rng(7))
    >>> W.shape, bool(abs(W).max() <= 0.1), bool(abs(W).max() > 0.099)
    ((100, 50), True, True)
    """
    deviation = np.sqrt(weight_variance(fan_in, fan_out, kind, gain))
    rng = random_source(rng)
    if kind == "orthogonal":
        long, short = max(fan_in, fan_out), min(fan_in, fan_out)
        Q, R = householder_qr(rng.standard_normal((long, short)))
        Q = real_number(gain, "gain") * (Q * np.sign(np.diagonal(R)))
        return Q if long == fan_in else Q.T
    if kind in UNIFORM:
        return np.sqrt(3) * deviation * rng.uniform(-1, 1, (fan_in, fan_out))
    return deviation * rng.standard_normal((fan_in, fan_out))


def initial_parameters(widths, kind, rng, gain=1.0, biases=True):
    """Return the parameters of a network that is to be trained.

    Parameters
    ----------
    widths : sequence of int
        Of the input, of each hidden layer, and of the output.
    kind, rng, gain
        As for `initial_weights`, for all layers.
    biases : bool

    Returns
    -------
    list of ndarray
        W, b, W, b, ... or, without biases, only the matrices. Biases start as zeros; only PyTorch's
        default draws them, uniform between -1 / sqrt(fan_in) and 1 / sqrt(fan_in).

    Raises
    ------
    TypeError, ValueError
        As `initial_weights`; if there are less than two widths.

    Examples
    --------
    >>> parameters = initial_parameters([64, 32, 10], "he_normal", np.random.default_rng(7))
    >>> [p.shape for p in parameters]
    [(64, 32), (32,), (32, 10), (10,)]
    """
    if not isinstance(widths, list | tuple) or len(widths) < 2:
        raise TypeError(f"widths = {widths!r:.80}: give a list of two or more, from the input's "
                        "to the output's")
    biases, parameters = truth_value(biases, "biases"), []
    for fan_in, fan_out in pairwise(widths):
        parameters.append(initial_weights(fan_in, fan_out, kind, rng, gain))
        if biases:
            bound = 1 / np.sqrt(fan_in) if kind == "torch_default" else 0.0
            parameters.append(bound * rng.uniform(-1, 1, fan_out) if bound else np.zeros(fan_out))
    return parameters


# Each activation with its derivative, that of relu at 0 being 0, as PyTorch's; those of saturated
# units are no differences, and keep all of their digits.
ACTIVATIONS = {
    "linear": (lambda z: z, np.ones_like),
    "relu": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "sigmoid": (lambda z: 0.5 + 0.5 * np.tanh(0.5 * z), lambda z: (0.5 / np.cosh(0.5 * z)) ** 2),
    "tanh": (np.tanh, lambda z: (1 / np.cosh(z)) ** 2),
}


def batch_norm(z):
    """Return every column of z with mean 0 and variance 1, over the samples.

    Parameters
    ----------
    z : ndarray, shape (samples, width), float32 or float64
        At least two samples; or a value of a tape.

    Returns
    -------
    ndarray, shape (samples, width), of the dtype of z
        (z - mean) / sqrt(variance + 1e-5), in float64 and rounded once; the variance is the mean of
        the squares. As in training: there is no running mean, and no gain and shift, which start
        as 1 and 0.

    Raises
    ------
    TypeError, ValueError
        If z is no matrix of finite floats, or has a single row.
    OverflowError
        If a variance is out of the range.

    References
    ----------
    Ioffe & Szegedy, ICML (2015), algorithm 1.

    Examples
    --------
    >>> batch_norm(np.array([[1.0, 100.0], [3.0, 300.0]])).round(4)
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    return _normalised(z, "batch")


def layer_norm(z):
    """Return every row of z with mean 0 and variance 1, over the units of the layer.

    Parameters
    ----------
    z : ndarray, shape (samples, width), float32 or float64
        Of width 2 or more; or a value of a tape.

    Returns
    -------
    ndarray, shape (samples, width), of the dtype of z
        As `batch_norm`, with rows for columns.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `batch_norm`, with columns for rows.

    References
    ----------
    Ba, Kiros & Hinton, arXiv 1607.06450 (2016).

    Examples
    --------
    >>> layer_norm(np.array([[1.0, 3.0], [100.0, 300.0]])).round(4)
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    return _normalised(z, "layer")


@np.errstate(all="ignore")  # what overflows is found at once
def _normalised(z, kind):
    """Return z normalised over samples or over a layer, or refuse it."""
    z = float_array(z, "z")
    _check_samples(z, "z")
    _check_normal(z, kind)
    return standardised(z, AXES[kind])[0]


def _check_samples(x, name):
    """Refuse by name what has not one sample a row."""
    if len(x.shape) != 2:
        raise ValueError(f"{name} has shape {x.shape}, not (samples, width): use {name}[None] for "
                         "one sample")


def _check_normal(z, kind):
    """Refuse single numbers, which have no spread."""
    if kind is not None and z.shape[AXES[kind]] < 2:
        raise ValueError(f"z has shape {z.shape}: {kind} normalisation makes 0 of a single number; "
                         "it needs two or more")


def standardised(z, axis):
    """Return z with mean 0 and variance 1 along an axis, and the deviations that it had."""
    wide = z if is_recorded(z) else z.astype(float)
    centred = wide - np.mean(wide, axis=axis, keepdims=True)
    variance = np.mean(centred * centred, axis=axis, keepdims=True)
    deviation = _finite(np.sqrt(variance + EPS), "the deviation of z")
    normal = centred / deviation
    return normal if is_recorded(z) else normal.astype(z.dtype), deviation


def _finite(x, what):
    """Return x, or raise OverflowError; a recorded value passes, as its gradient tells."""
    return x if is_recorded(x) else checked_finite(x, what)


def affine(h, W, b):
    """Return h W + b."""
    z = h @ W
    return z if b is None else z + b


def layer_kind(activation, normalisation, branch):
    """Return the two functions of an activation, an axis, and a branch or None, or refuse them."""
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise ValueError(f"no activation {activation!r:.80}: choose {', '.join(ACTIVATIONS)}")
    if not isinstance(normalisation, str | None) or normalisation not in AXES:
        raise ValueError(f"no normalisation {normalisation!r:.80}: choose batch, layer or None")
    if branch is not None:
        branch = real_number(branch, "branch")
        if not abs(branch) < np.inf:
            raise ValueError(f"branch = {branch}: the scale of a branch is finite")
    return *ACTIVATIONS[activation], AXES[normalisation], branch


def fitting_layers(parameters, x):
    """Return parameters by layers, and x, or refuse what cannot act one after the other on x."""
    layers, x = as_layers(parameters), float_array(x, "x")
    _check_samples(x, "x")
    width = x.shape[1]
    for k, (W, _) in enumerate(layers):
        if W.shape[0] != width:
            raise ValueError(f"matrix {k} of parameters has shape {W.shape}, but gets {width} "
                             f"columns: its rows must be as many; x has shape {x.shape}")
        width = W.shape[1]
    arrays = [part for part in (x, *sum(layers, ())) if isinstance(part, np.ndarray)]
    if len({part.dtype for part in arrays}) > 1:
        raise TypeError("parameters and x are of float32 and of float64: convert one of them")
    return layers, x


@np.errstate(all="ignore")  # what overflows is found at once
def hidden_states(parameters, x, activation="relu", normalisation=None, branch=None):
    """Return the input and what each layer makes of it, all layers being hidden ones.

    Parameters
    ----------
    parameters : list of ndarray
        Flat: each matrix (fan_in, fan_out), then its biases (fan_out,) if it has any. They and x
        may be values of a tape.
    x : ndarray, shape (samples, width), of the same dtype, float32 or float64
    activation : {"relu", "linear", "sigmoid", "tanh"}
    normalisation : {None, "batch", "layer"}
        Of h W + b, as `batch_norm` and `layer_norm`.
    branch : float, optional
        The scale s of residual branches, h + s f(h), in layers with a square matrix. Others, which
        change the width, have none: a first hidden layer not as wide as the input is plain.

    Returns
    -------
    list of ndarray
        One more than there are layers; the first is x.

    Raises
    ------
    TypeError, ValueError
        If an argument is not finite or not of the kind, shape or dtype that is asked for.
    OverflowError
        If a layer leaves the range of the dtype. Values of a tape are not looked at.

    References
    ----------
    He et al., CVPR (2016), for residual layers.

    Examples
    --------
    >>> hidden_states([2 * np.eye(2)], np.array([[1.0, -1.0]]), branch=0.5)[-1]
    array([[ 2., -1.]])
    """
    layers, x = fitting_layers(parameters, x)
    return states_of(layers, x, activation, normalisation, branch)


def states_of(layers, x, activation, normalisation, branch):
    """Return x and what each layer makes of it."""
    activate, _, axis, branch = layer_kind(activation, normalisation, branch)
    states = [x]
    for k, (W, b) in enumerate(layers):
        z = affine(states[-1], W, b)
        _check_normal(z, normalisation)
        a = activate(z if axis is None else standardised(z, axis)[0])
        h = states[-1] + branch * a if is_residual(W, branch) else a
        states.append(_finite(h, f"layer {k} of these parameters"))
    return states


def is_residual(W, branch):
    """Return whether a layer adds to what it is given: with a branch, and of one width."""
    return branch is not None and W.shape[0] == W.shape[1]


@np.errstate(all="ignore")  # what overflows is found at once
def mlp(parameters, x, activation="relu", normalisation=None, branch=None):
    """Return the output of a network: hidden layers, then h W + b, the logits of a classifier.

    Parameters
    ----------
    parameters, x, activation, normalisation, branch
        As for `hidden_states`; the last matrix and its biases make the output.

    Returns
    -------
    ndarray, shape (samples, outputs)

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `hidden_states`.

    Examples
    --------
    >>> mlp([np.array([[1.0, -1.0]]), np.array([[1.0], [1.0]])], np.array([[-3.0]]))  # |x|
    array([[3.]])
    """
    layers, x = fitting_layers(parameters, x)
    states = states_of(layers[:-1], x, activation, normalisation, branch)
    return _finite(affine(states[-1], *layers[-1]), "the output of these parameters")
