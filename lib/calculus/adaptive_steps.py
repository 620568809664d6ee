"""Solve y' = f(t, y) by steps whose size follows from an estimate of the error of each.

Two results of different order share one step; their difference is the estimate. What is controlled
is the error of one step: how errors of many steps add up, grow or die out is a matter of the
equation.
"""

import numpy as np

from lib.calculus.odes import Attempt, Problem, Stopped
from lib.calculus.stability import DIAGONAL
from lib.linear import SingularMatrixError, lu
from lib.numbers import real_array, real_number, whole_number

SAFETY, LEAST, MOST = 0.9, 0.2, 10.0  # of the factor by which a step is changed

# Dormand & Prince's tableau: where each slope is taken, as a combination of those before it. The
# last row is the step itself, and its slope the first one of the next step.
ROWS = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
TIMES = (1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1)
DIFFERENCE = (71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


def dormand_prince(f, y, span, rtol=1e-3, atol=1e-6, max_steps=100_000):
    """Return the solution of y' = f(t, y) by the pair of Dormand and Prince, of orders 5 and 4.

    Parameters
    ----------
    f, y, span
        As for `explicit_euler`.
    rtol, atol : float; atol also ndarray, shape (n,)
        In each step the estimated error, divided by atol + rtol max(|before|, |after|), is to have
        a root mean square of at most 1. Neither is a bound for the error at the end. rtol is 0 or
        at least 10 u; where an element may be small beside others, atol decides what counts.
    max_steps : int
        The most steps to try. A stiff equation needs many times more than its solution shows, and
        about as many whatever the tolerance is: then an implicit method is the cure, not a larger
        number here.

    Returns
    -------
    Trajectory
        With `.t`, `.y`, `.reached`, `.attempts` and what it cost: six evaluations of f for each
        step that is tried, and two. The step follows h <- 0.9 h / error**(1/5), changed by factors
        from 0.2 to 10, and not enlarged after a rejected one. Where stability decides, h |lambda|
        stays near 3.3. A singularity between the times at which f is taken may be leapt over.
        Where stability decides, the estimate may pass through 0 as h grows, and a far too long step
        be accepted now and then: if a solution ends beside the one that is followed, as on
        Robertson's problem with the default atol, the run ends there with "underflow". An atol well
        below each element prevents it.

    Raises
    ------
    TypeError, ValueError
        If an argument, or what f returns, is of the wrong kind, shape or dtype, or out of range.
        What happens on the way is said in the result.

    References
    ----------
    Dormand & Prince, J. Comput. Appl. Math. 6 (1980); Hairer, Nørsett & Wanner, Solving Ordinary
    Differential Equations I (1993), section II.4, for the control of the step.

    Examples
    --------
    >>> found = dormand_prince(lambda t, y: -y, np.array([1.0]), (0.0, 1.0), rtol=1e-9, atol=1e-9)
    >>> bool(abs(found.y[-1, 0] - np.exp(-1.0)) < 1e-9)
    True
    >>> dormand_prince(lambda t, y: y**2, np.array([1.0]), (0.0, 2.0)).reason
    'underflow'
    """
    def attempt(problem, t, y, h, slope, scale):
        slopes = np.empty((7, len(y)), y.dtype)
        slopes[0] = slope
        for k, (row, time) in enumerate(zip(ROWS, TIMES, strict=True), 1):
            new = y + h * _combined(row, slopes)
            slopes[k] = problem.slope(t + time * h, new)
        return new, h * _combined(DIFFERENCE, slopes), slopes[-1]

    return _adapted(Problem(f, y, span), rtol, atol, max_steps, attempt, order=5)


def tr_bdf2(f, jacobian, y, span, rtol=1e-3, atol=1e-6, max_steps=100_000):
    """Return the solution of y' = f(t, y), stiff or not, by a trapezoid and BDF2 in each step.

    The trapezoidal rule goes 2 - sqrt(2) of the step, and BDF2 through both values the rest: then
    both equations have one matrix, I - (1 - sqrt(1/2)) h J. Modes that decay very fast are
    forgotten at once.

    Parameters
    ----------
    f, jacobian, y, span
        As for `implicit_euler`.
    rtol, atol, max_steps
        As for `dormand_prince`.

    Returns
    -------
    Trajectory
        As from `dormand_prince`, with the order 2, and an estimated error of order 3, from which
        the same matrix takes what fast modes add. Each equation is solved by Newton's method to
        1/100 of the tolerance; where that fails, the step is rejected. A wrong Jacobian moves no
        solution of these, but it is in the estimate, and may move the steps. The step follows
        h <- 0.9 h / error**(1/3), less where errors have been growing.

    Raises
    ------
    TypeError, ValueError
        As `dormand_prince`.

    References
    ----------
    Bank et al., IEEE Trans. Electron Devices 32 (1985); Hosea & Shampine, Appl. Numer. Math. 20
    (1996), for the estimate.

    Examples
    --------
    >>> def f(t, y):
    ...     return -1e6 * (y - np.cos(t))
    >>> found = tr_bdf2(f, lambda t, y: np.array([[-1e6]]), np.array([0.0]), (0.0, 1.0))
    >>> found.reached, found.steps < 100, bool(abs(found.y[-1, 0] - np.cos(1.0)) < 1e-3)
    (True, True, True)
    """
    def attempt(problem, t, y, h, slope, scale):
        # Slopes are taken from the equations that were solved: f would enlarge what these lack.
        ch, share = float(DIAGONAL) * h, float(np.sqrt(0.125)) * h
        small = np.maximum(scale / 100, 10 * problem.u * np.abs(y))
        inner = problem.stage(t + 2 * ch, y + ch * slope, ch, y, small)
        second = (inner - y) / ch - slope
        constant = y + share * (slope + second)
        new = problem.stage(t + h, constant, ch, inner, small)
        third = (new - constant) / ch
        raw = (4 * share - h) / 3 * slope - h / 3 * second + 2 / 3 * ch * third
        return new, _filtered(problem, t + h, new, ch, raw), third

    if jacobian is None:
        raise TypeError("jacobian = None: an implicit step solves with it, give a function")
    return _adapted(Problem(f, y, span, jacobian), rtol, atol, max_steps, attempt, order=3,
                    predict=True)


def _combined(weights, slopes):
    """Return a linear combination of slopes, added one by one in their dtype."""
    total = weights[0] * slopes[0]
    for weight, slope in zip(weights[1:], slopes[1:], strict=False):
        total = total + weight * slope
    return total


def _filtered(problem, t, y, ch, raw):
    """Return the solution e of (I - c h J) e = raw."""
    matrix = problem.identity - ch * problem.jacobian(t, y)
    problem.factorisations += 1
    try:
        return lu(matrix).solve(raw)
    except (SingularMatrixError, OverflowError, ValueError) as error:
        raise Stopped("singular", f"not reached: at {t:.9g}, {error}") from None


@np.errstate(all="ignore")  # what is not finite is found in its step
def _adapted(problem, rtol, atol, max_steps, attempt, order, predict=False):
    """Return the trajectory of steps whose size is adapted, or where it stopped."""
    # The one loop of both methods: try, judge, keep or reject, and change the step.
    allowed, max_steps = _allowed(rtol, atol, problem), whole_number(max_steps, "max_steps", 1)
    attempts, trouble = [], None
    try:
        slope = problem.slope(problem.start, problem.y[0])
        h = _first_step(problem, slope, allowed, order)
        while problem.t[-1] != problem.end:
            t = _next_time(problem, h, attempts, max_steps, trouble)
            step = t - problem.t[-1]
            found, error, new_trouble = _tried(problem, step, slope, allowed, attempt)
            # What kept a longer step from being taken is not forgotten after the next one.
            after_rejected = attempts and not attempts[-1].accepted
            trouble = new_trouble or (trouble if after_rejected else None)
            attempts.append(Attempt(problem.t[-1], step, error, error <= 1))
            if error <= 1:
                new, slope = found
                problem.add(t, new)
            h = abs(step) * _change(attempts, order, predict)
    except Stopped as stopped:
        return problem.trajectory(stopped, attempts)
    return problem.trajectory(None, attempts)


def _allowed(rtol, atol, problem):
    """Return the function that says what error is allowed at given states."""
    rtol, least = real_number(rtol, "rtol"), 10 * problem.u
    if not (rtol == 0 or least <= rtol < np.inf):
        raise ValueError(f"rtol = {rtol}: give 0, or at least 10 u = {least:.1g}; below, rounding "
                         "decides")
    atol = real_array(atol, "atol").astype(float)
    if np.any(atol < 0) or atol.shape not in ((), problem.y[0].shape):
        raise ValueError(f"atol = {atol}: give a number that is not negative, or one for each of "
                         f"{len(problem.y[0])} elements")
    if rtol == 0 and not np.all(atol > 0):
        raise ValueError(f"rtol = 0 and atol = {atol}: some error has to be allowed, make one "
                         "positive")
    floor = np.finfo(float).tiny  # where an element is 0, and none is allowed

    def allowed(*states):
        return np.maximum(atol + rtol * np.max(np.abs(states), axis=0).astype(float), floor)

    return allowed


def _first_step(problem, slope, allowed, order):
    """Return a first step at which the first two terms of the solution are small."""
    start, length = problem.y[0], abs(problem.end - problem.start)
    scale = allowed(start)
    size, rate = _rms(start / scale), _rms(slope / scale)
    h = min(1e-6 if min(size, rate) < 1e-5 else 0.01 * size / rate, length)
    direction = 1 if problem.end > problem.start else -1
    later = problem.f(problem.start + direction * h, start + direction * h * slope)
    rate = max(rate, _rms((later - slope) / scale) / h)
    longer = max(1e-6, 1e-3 * h) if rate <= 1e-15 else (0.01 / rate) ** (1 / order)
    return min(100 * h, longer if np.isfinite(rate) else h, length)


def _next_time(problem, h, attempts, max_steps, trouble):
    """Return where a step of size h leads, or stop where there are too many or it is too small."""
    t, end = problem.t[-1], problem.end
    if len(attempts) == max_steps:
        advice = "allow more steps, or a larger error" if problem.jacobian else (
            "if a larger tolerance does not enlarge it, the equation is stiff, use tr_bdf2")
        raise Stopped("max_steps", f"{end:.6g} not reached with max_steps = {max_steps}: the next "
                      f"step is {h:.1e}; {advice}")
    if h < 10 * np.spacing(abs(t)):
        if trouble is not None:
            raise trouble
        raise Stopped("underflow", f"{end:.6g} not reached: steps of {h:.1e} are lost beside "
                      f"t = {t:.9g}; the solution ends here, or a step before led to one that "
                      "ends (try a smaller atol), or less error is allowed than rounding makes")
    after = t + h if end > t else t - h
    return end if h >= abs(end - t) or after == end else after


def _tried(problem, step, slope, allowed, attempt):
    """Return the new state and slope, the error in units of what is allowed, and any trouble."""
    y = problem.y[-1]
    try:
        new, error, slope = attempt(problem, problem.t[-1], y, step, slope, allowed(y))
    except Stopped as trouble:
        return None, np.inf, trouble
    size = _rms(error / allowed(y, new))
    return (new, slope), size if np.isfinite(size) else np.inf, None


def _change(attempts, order, predict):
    """Return the factor for the next step; just after a rejected one it does not grow.

    The error of the next step is taken to be that of the last one, or with predict to change once
    more as it did from the one before (Gustafsson, ACM Trans. Math. Softw. 20 (1994)).
    """
    now, most = attempts[-1], MOST
    change = SAFETY * now.error ** (-1 / order) if now.error else MOST
    if not now.accepted or (len(attempts) > 1 and not attempts[-2].accepted):
        most = 1.0
    taken = [attempt for attempt in attempts[-4:] if attempt.accepted]
    if predict and now.accepted and now.error and len(taken) > 1:
        before = taken[-2]
        trend = (max(before.error, 0.01) / now.error) ** (1 / order)
        change *= min(1.0, now.step / before.step * trend)
    return min(max(LEAST, change), most)


def _rms(x):
    """Return the root mean square of x, in float64."""
    largest = float(np.max(np.abs(x)))
    return largest and largest * float(np.sqrt(np.mean((x.astype(float) / largest) ** 2)))
