"""Go down along gradients: plainly, with momentum, and by Adam's steps.

Each function takes a gradient and a start, and returns an iterator without end over records: the
start itself, then what is reached after each step. Nothing is computed before it is asked for, one
gradient for each record, so that `itertools.islice` says how far to go. The function that is
minimised may be any, as long as it has a gradient; for least squares, `landweber` in `lib.linear`
tells beforehand what a number of plain steps keeps.

x is an array or a list of arrays, such as the parameters of a network; then so is the gradient.
"""

from dataclasses import dataclass
from itertools import count, repeat
from math import isfinite

import numpy as np

from lib.gradients.parameters import as_parts, is_recorded, norm
from lib.linear import checked_finite
from lib.numbers import real_array, real_number


@dataclass(frozen=True, eq=False)
class Step:
    """Where a descent is after a number of steps.

    Attributes
    ----------
    number : int
        How many steps were taken; 0 at the start.
    x : ndarray or list of ndarray
        Read-only, of the dtypes that the start had.
    gradient_norm : float
        The norm of the gradient there, with that of the penalty, over all parts together.
    """

    number: int
    x: np.ndarray | list
    gradient_norm: float


def gradient_descent(gradient, x, step, penalty=0.0, decay=0.0):
    """Return an iterator over x <- x - step g, with the gradient g at x.

    Parameters
    ----------
    gradient : callable
        Of x, as it was given: one array, or a list of arrays. It may differ from call to call, as
        that of a batch does.
    x : ndarray or list of ndarray, float32 or float64
        The start.
    step : float, or callable
        Positive; or a function of the number of the step, 1, 2, ..., that returns a float which is
        not negative.
    penalty : float
        The factor lam of a penalty lam norm(x)**2 / 2, whose gradient lam x is added to g.
    decay : float
        The factor of a decay of weights that is decoupled from the gradient: before each step, x is
        multiplied by 1 - step decay. Here that is the same as a penalty; with momentum, and even
        more in Adam, it is not.

    Returns
    -------
    iterator of Step
        On a function with a constant Hessian A, positive definite, each step multiplies the error
        by I - step A: below 2 / lambda_max it converges from every start, and fastest for
        2 / (lambda_min + lambda_max), by (kappa - 1) / (kappa + 1) a step.

    Raises
    ------
    TypeError, ValueError
        At once, if an argument is not finite or not of the kind or range that is asked for; on the
        way, if the gradient has not the shape and dtype of x, or a later step is negative.
    OverflowError
        On the way, if x or the gradient is no longer finite: most often the step is too large; or
        if the step itself is no normal number of the dtype of x.

    References
    ----------
    Cauchy, C. R. Acad. Sci. Paris 25 (1847); Polyak, Introduction to Optimization (1987), section
    1.4.

    Examples
    --------
    >>> from itertools import islice
    >>> path = gradient_descent(lambda x: 2 * x, np.array([8.0, -4.0]), 0.25)
    >>> [record.x.tolist() for record in islice(path, 4)]
    [[8.0, -4.0], [4.0, -2.0], [2.0, -1.0], [1.0, -0.5]]
    """
    return _descent(gradient, x, step, _momentum(0.0), penalty, decay)


def heavy_ball(gradient, x, step, momentum=0.9, penalty=0.0, decay=0.0):
    """Return an iterator over v <- momentum v + g, x <- x - step v, from v = 0.

    Parameters
    ----------
    gradient, x, step, penalty, decay
        As for `gradient_descent`.
    momentum : float
        At least 0, below 1.

    Returns
    -------
    iterator of Step
        As momentum of PyTorch's SGD. With a Hessian as in `gradient_descent` it converges for
        step < 2 (1 + momentum) / lambda_max, and fastest for step = 4 / (sqrt(lambda_max) +
        sqrt(lambda_min))**2 and momentum = ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))**2, by the root
        of this momentum a step; but first the error may grow, to about sqrt(kappa) / e times what
        it was.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `gradient_descent`.

    References
    ----------
    Polyak, USSR Comput. Math. Math. Phys. 4 (1964).

    Examples
    --------
    >>> from itertools import islice
    >>> path = heavy_ball(lambda x: x, np.array([4.0]), 0.5, 0.5)
    >>> [float(record.x[0]) for record in islice(path, 4)]
    [4.0, 2.0, 0.0, -1.0]
    """
    return _descent(gradient, x, step, _momentum(momentum), penalty, decay)


def nesterov(gradient, x, step, momentum=0.9, penalty=0.0, decay=0.0):
    """Return an iterator over v <- momentum v + g, x <- x - step (g + momentum v), from v = 0.

    Parameters
    ----------
    gradient, x, step, momentum, penalty, decay
        As for `heavy_ball`.

    Returns
    -------
    iterator of Step
        As Nesterov's momentum of PyTorch's SGD: x is the point ahead, y + momentum (y - z) of
        Nesterov's points y, and z before it, at which gradients are taken. With a Hessian as in
        `gradient_descent`, step = 1 / lambda_max and momentum = (sqrt(kappa) - 1) /
        (sqrt(kappa) + 1) make the error shrink by 1 - 1 / sqrt(kappa) a step, in the end.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `gradient_descent`.

    References
    ----------
    Nesterov, Soviet Math. Dokl. 27 (1983); Sutskever et al., ICML (2013), for the form.

    Examples
    --------
    >>> from itertools import islice
    >>> path = nesterov(lambda x: x, np.array([4.0]), 0.5, 0.5)
    >>> [float(record.x[0]) for record in islice(path, 3)]
    [4.0, 1.0, -0.25]
    """
    return _descent(gradient, x, step, _momentum(momentum, ahead=True), penalty, decay)


def adam(gradient, x, step=1e-3, betas=(0.9, 0.999), eps=1e-8, penalty=0.0, decay=0.0):
    """Return an iterator over Adam's steps, each coordinate in units of its own gradients.

    Running means of the gradient and of its square, m <- b m + (1 - b) g and
    v <- c v + (1 - c) g**2, start as 0 and are corrected for that:
    x <- x - step m / (1 - b**k) / (sqrt(v / (1 - c**k)) + eps) at step k.

    Parameters
    ----------
    gradient, x, step
        As for `gradient_descent`.
    betas : (float, float)
        The numbers b and c, each at least 0 and below 1.
    eps : float
        It stands outside the root, as PyTorch's does: gradients far below it make no progress. At
        least 1e-138 (float32: 1e-12), so that it counts wherever a square underflows.
    penalty : float
        As for `gradient_descent`. Its gradient is divided as the rest is, so that weights with
        large gradients are penalised less.
    decay : float
        As for `gradient_descent`; not divided by anything. See `adamw`.

    Returns
    -------
    iterator of Step
        The first step is of size step in each coordinate, whatever the gradient, as long as it is
        far above eps.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `gradient_descent`; also if eps is too small, and where the square of a gradient
        overflows, as a division by it would stop everything in silence.

    References
    ----------
    Kingma & Ba, ICLR (2015), algorithm 1.

    Examples
    --------
    >>> from itertools import islice
    >>> path = adam(lambda x: np.array([1e-3, 1e3]) * x, np.array([1.0, 1.0]), 0.25)
    >>> [record.x.round(4).tolist() for record in islice(path, 2)]
    [[1.0, 1.0], [0.75, 0.75]]
    """
    return _descent(gradient, x, step, _adam(betas, eps), penalty, decay)


def adamw(gradient, x, step=1e-3, betas=(0.9, 0.999), eps=1e-8, decay=0.01):
    """Return an iterator over Adam's steps with decoupled decay of the weights.

    Parameters
    ----------
    gradient, x, step, betas, eps, decay
        As for `adam`. As in PyTorch the decay of a step is step decay; Loshchilov & Hutter's
        lambda, which the size of steps does not multiply, is this product.

    Returns
    -------
    iterator of Step
        That of `adam` with this decay and no penalty: it does not go where a penalty leads, not
        even in the end.

    Raises
    ------
    TypeError, ValueError, OverflowError
        As `adam`.

    References
    ----------
    Loshchilov & Hutter, ICLR (2019), algorithm 2.

    Examples
    --------
    >>> from itertools import islice
    >>> path = adamw(np.zeros_like, np.array([1.0]), 0.5, decay=0.5)
    >>> [float(record.x[0]) for record in islice(path, 3)]
    [1.0, 0.75, 0.5625]
    """
    return adam(gradient, x, step, betas, eps, decay=decay)


def _momentum(beta, ahead=False):
    """Return the rule of momentum, from memory and gradient to new memory and direction."""
    beta = _share(beta, "momentum")

    def rule(velocity, g, number):
        velocity = g if velocity is None else beta * velocity + g
        return velocity, g + beta * velocity if ahead else velocity

    return rule


def _adam(betas, eps):
    """Return the rule of Adam, from memory and gradient to new memory and direction."""
    try:
        first, second = betas
    except (TypeError, ValueError):
        raise TypeError(f"betas = {betas!r:.80}: give two numbers, such as (0.9, 0.999)") from None
    first, second = _share(first, "betas[0]"), _share(second, "betas[1]")
    eps = real_number(eps, "eps")
    if not 0 < eps < np.inf:
        raise ValueError(f"eps = {eps}: it must be positive, as gradients may be 0")

    def rule(memory, g, number):
        if memory is None:  # only now is the dtype known
            _refuse_eps(eps, g.dtype)
            memory = np.zeros_like(g), np.zeros_like(g)
        mean, square = memory
        mean = first * mean + (1 - first) * g
        square = checked_finite(second * square + (1 - second) * g * g, "the square of a gradient")
        root = np.sqrt(square / (1 - second**number))
        return (mean, square), mean / (1 - first**number) / (root + eps)

    return rule


def _refuse_eps(eps, dtype):
    """Refuse eps where it would be small beside gradients whose squares underflow."""
    info = np.finfo(dtype)
    least = float(np.sqrt(info.tiny) / info.eps)
    if not least <= eps <= info.max:
        raise OverflowError(f"eps = {eps}: with {dtype} it must be {least:.1g} or more, as squares "
                            "of smaller gradients underflow, and in its range")


def _share(beta, name):
    """Return the share of what is remembered, or refuse it."""
    beta = real_number(beta, name)
    if not 0 <= beta < 1:
        raise ValueError(f"{name} = {beta}: a share of what is remembered is at least 0, below 1")
    return beta


def _factor(x, name):
    """Return the factor of a penalty or a decay, or refuse it."""
    x = real_number(x, name)
    if not 0 <= x < np.inf:
        raise ValueError(f"{name} = {x}: it must be finite and not negative")
    return x


def _descent(gradient, x, step, rule, penalty, decay):
    """Return the iterator, or refuse its arguments."""
    if not callable(gradient):
        raise TypeError(f"gradient = {gradient!r:.80}: give a function of x")
    parts, is_list = as_parts(x, "x")
    if any(map(is_recorded, parts)):
        raise TypeError("x is a value of a tape: give an array, the gradient may use a tape")
    if not callable(step) and not 0 < real_number(step, "step") < np.inf:
        raise ValueError(f"step = {step}: descent needs a positive one")
    penalty, decay = _factor(penalty, "penalty"), _factor(decay, "decay")
    parts = [part.copy() for part in parts]
    sizes = _sizes(step, [part.dtype for part in parts])
    return _records(gradient, parts, is_list, sizes, rule, penalty, decay)


def _sizes(step, dtypes):
    """Yield the sizes of the steps, from that of step 1 on; a fixed one is looked at once."""
    if not callable(step):
        yield from repeat(_size(step, dtypes))
    for number in count(1):
        yield _size(step(number), dtypes)


def _size(step, dtypes):
    """Return the size of a step, or refuse one that a dtype does not hold."""
    size = _factor(step, "step")
    for info in map(np.finfo, dtypes):
        if size != 0 and not info.tiny <= size <= info.max:
            raise OverflowError(f"step = {size} is no normal number of {info.dtype}: scale the "
                                "problem, or use float64")
    return size


def _records(gradient, parts, is_list, sizes, rule, penalty, decay):
    """Yield the start and what is reached after each step."""
    memories = [None] * len(parts)
    for number in count():
        for part in parts:
            part.flags.writeable = False
        x = list(parts) if is_list else parts[0]
        with np.errstate(over="ignore", invalid="ignore"):  # the result is looked at
            slopes = gradient(list(parts) if is_list else x)
        slopes = _slopes(slopes if is_list else [slopes], parts, penalty)
        length = norm(slopes)
        if not isfinite(length):
            _refuse_infinite(slopes, number)
        yield Step(number, x, length)
        size = next(sizes)
        moved = [_moved(*each, number + 1, size, rule, decay)
                 for each in zip(parts, slopes, memories, strict=True)]
        parts, memories = zip(*moved, strict=True)


def _slopes(slopes, parts, penalty):
    """Return the gradient with that of the penalty, part by part, or refuse it by name."""
    if not isinstance(slopes, list | tuple) or len(slopes) != len(parts):
        raise TypeError(f"gradient returned {slopes!r:.80}: for a list of {len(parts)} arrays it "
                        "returns a list of as many")
    return [_slope(slope, part, penalty) for slope, part in zip(slopes, parts, strict=True)]


@np.errstate(all="ignore")  # what overflows is found at once
def _slope(slope, part, penalty):
    """Return the gradient of a part with that of the penalty, or refuse it by name."""
    if type(slope) is not np.ndarray or slope.dtype != part.dtype:
        slope = real_array(slope, "the result of gradient", part.dtype, finite=False)
    if slope.shape != part.shape:
        raise ValueError(f"gradient returned shape {slope.shape}: give one number for each of x, "
                         f"of shape {part.shape}")
    if slope.dtype != part.dtype:
        raise TypeError(f"gradient returned {slope.dtype}: x is of {part.dtype}, convert one")
    return slope + penalty * part


def _refuse_infinite(slopes, number):
    """Refuse a gradient with nan or inf; it may be its norm alone that is out of the range."""
    if not all(np.isfinite(slope).all() for slope in slopes):
        raise OverflowError(f"after {number} steps the gradient holds nan or inf: take smaller "
                            "steps, or look where the function has none")


@np.errstate(all="ignore")  # what overflows is found at once
def _moved(part, slope, memory, number, size, rule, decay):
    """Return a part of x after a step, and what the rule remembers of it."""
    memory, direction = rule(memory, slope, number)
    part = np.asarray((1 - size * decay) * part - size * direction)
    what = f"x, by step {number} of size {size:.3g}, most likely too large,"
    return checked_finite(part, what), memory
