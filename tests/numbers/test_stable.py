"""Hold the stable formulas against mpmath in hostile sweeps, and show that naive ones fail."""

import functools
import re
import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from lib.numbers import (
    cross_entropy,
    log1mexp,
    log_softmax,
    logsumexp,
    quadratic_roots,
    running_moments,
    sample_std,
    softmax,
)
from lib.problems import read_strd
from tests.hostile import answer, arrays, floats, same, steady, vectors

DTYPES = [np.float64, np.float32]


def stated(function):
    """Return how many ulp the docstring of a function promises, read from its text.

    So a change of the docstring alone makes the tests fail that hold the promise against examples.
    """
    return int(re.search(r"\b(\d+) ulp", function.__doc__)[1])


@pytest.fixture(autouse=True)
def many_digits():
    with mpmath.workprec(400):
        yield


def ulps(value, exact, dtype):
    """Return |value - exact| in spacings of the dtype at the exact result."""
    nearest = dtype(abs(float(exact)))
    return float(abs(mpf(float(value)) - exact) / mpf(float(np.spacing(nearest))))


def worst(values, exacts, dtype):
    return max(ulps(v, e, dtype) for v, e in zip(values, exacts, strict=True))


@functools.cache
def excess(dtype, *functions):
    """Return by how many ulp NumPy's elementary functions are worse than the 1 ulp assumed."""
    rng = np.random.default_rng(17)
    range_of = {
        np.exp: -rng.uniform(0, 80, 1500),
        np.expm1: -np.exp(rng.uniform(-60, -0.4, 1500)),
        np.log: np.exp(-rng.uniform(0.7, 80, 1500)),
        np.log1p: np.exp(rng.uniform(-60, 10, 1500)),
    }
    total = 0
    for f in functions:
        x = range_of[f].astype(dtype)
        exact = [getattr(mpmath, f.__name__)(mpf(float(t))) for t in x]
        total += max(0, worst(f(x), exact, dtype) - 1)
    return total


def parts(x):
    """Return max(x), and the sum of exp(x - max) over all terms but one maximal one."""
    top = int(np.argmax(x))
    m = mpf(float(x[top]))
    return m, mpmath.fsum(mpmath.exp(mpf(float(t)) - m) for i, t in enumerate(x) if i != top)


def exact_logsumexp(x):
    m, rest = parts(x)
    return m + mpmath.log1p(rest)


def rows(dtype, count, seed):
    """Yield rows of 1 to 10^4 terms, drawn to make log-sum-exp lose digits in each way it can.

    Of 350 rows or 700, seven have thousands of terms, one of each kind.
    """
    rng = np.random.default_rng(seed)
    kinds = [
        lambda n: rng.uniform(-1e4, 1e4, n),
        lambda n: rng.normal(size=n) * 10 ** rng.uniform(-5, 1),
        lambda n: -np.log(n) * rng.uniform(0.3, 1.2) + rng.normal(size=n) * 0.1,  # sum near 1
        lambda n: np.append(0.0, -rng.exponential(10, n)),
        lambda n: rng.uniform(-1e4, 1e4) + rng.uniform(-40, 0, n),
        lambda n: np.append(np.full(n - 1, -rng.uniform(0, 700)), 0),  # the rest far below u
        lambda n: np.append(np.full(n - 1, -9 * rng.uniform(0.5, 1.5)), 0) + rng.uniform(1, 99),
    ]
    for i in range(count):
        n = int(rng.integers(1, 40)) if i % max(count // 7, 50) else int(rng.integers(5000, 10001))
        yield kinds[i % 7](n).astype(dtype)


@functools.cache
def judged_rows(dtype, count, seed):
    """Return rows with their parts, which take most of the time: once for all that judge them."""
    return [(x, *parts(x)) for x in rows(dtype, count, seed)]


def logsumexp_misses(f, dtype, count=700, seed=5):
    """Return by which factor f exceeds each bound at worst: absolute, 4 ulp, and underflow."""
    kind = np.finfo(dtype)
    promised = stated(logsumexp)
    slack = 1 + excess(dtype, np.exp, np.log1p) / promised
    absolute = relative = underflow = 0
    for x, m, rest in judged_rows(dtype, count, seed):
        exact, scale = m + mpmath.log1p(rest), abs(m) + mpmath.log1p(rest)
        error = float(abs(mpf(float(f(x))) - exact))
        if scale < len(x) * float(kind.tiny):
            underflow = max(underflow, error / (len(x) * float(kind.smallest_subnormal)))
            continue
        absolute = max(absolute, error / float(promised * float(kind.eps) / 2 * scale) / slack)
        if m == 0 or abs(exact) >= np.max(np.abs(x)) / 2:
            relative = max(relative, ulps(f(x), exact, dtype) / promised / slack)
    return absolute, relative, underflow


@pytest.mark.parametrize("dtype", DTYPES)
def test_logsumexp_meets_its_bounds(dtype):
    absolute, relative, underflow = logsumexp_misses(logsumexp, dtype)
    # From above the bounds hold; from below, none of them could be ten times smaller.
    assert 0.1 < absolute <= 1 and 0.1 < relative <= 1 and underflow <= 1
    assert re.search(r"at most 4u\(\|m\| \+ log\(1 \+ r\)\); at most 4 ulp", logsumexp.__doc__)


def shifted_logsumexp(x):
    return np.max(x) + np.log(np.sum(np.exp(x - np.max(x))))


def left_to_right(x):
    m = np.max(x)
    others = np.delete(np.exp(x - m), np.argmax(x))
    return m + np.log1p(np.cumsum(np.append(x.dtype.type(0), others))[-1])


def test_the_4_ulp_reject_the_logarithm_without_log1p():
    assert logsumexp_misses(shifted_logsumexp, np.float64, count=14)[1] > 1e3


def test_the_bounds_reject_adding_from_left_to_right():
    x = np.append(np.full(9999, -9.1), 0).astype(np.float32)
    exact = exact_logsumexp(x)
    assert ulps(left_to_right(x), exact, np.float32) > 20
    assert ulps(logsumexp(x), exact, np.float32) <= 4


def test_the_bounds_reject_the_plain_form():
    x = np.array([800.0, 799.0])
    with np.errstate(over="ignore"):
        assert np.isinf(np.log(np.sum(np.exp(x))))
    assert ulps(logsumexp(x), exact_logsumexp(x), np.float64) <= 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_logsumexp_works_along_each_axis_in_the_dtype_given(dtype):
    x = np.random.default_rng(3).normal(size=(4, 3, 5)).astype(dtype)
    for axis in (0, 1, 2, -1):
        result = logsumexp(x, axis=axis)
        one = np.apply_along_axis(logsumexp, axis, x)
        assert result.dtype == dtype and result.shape == one.shape and np.all(result == one)
    assert logsumexp(x) == logsumexp(x.ravel()) and isinstance(logsumexp(x), dtype)


def test_logsumexp_leaves_its_argument_alone_and_one_term_as_it_is():
    x = np.array([3.5, -2.0, 3.5])
    logsumexp(x), softmax(x), log_softmax(x)
    assert x.tolist() == [3.5, -2.0, 3.5] and logsumexp(np.array([-7.25])) == -7.25


inf, nan, huge = np.inf, np.nan, np.finfo(float).max


@pytest.mark.parametrize(
    "x, log_sum, p, logs",
    [
        ([1.0, -inf, 1.0], 1 + np.log(2), [0.5, 0, 0.5], [-np.log(2), -inf, -np.log(2)]),
        ([-inf, 5.0], 5.0, [0, 1], [-inf, 0]),
        ([-inf, -inf], -inf, [nan, nan], [nan, nan]),
        ([inf, 0.0], inf, [nan, nan], [nan, nan]),
        ([inf, -inf], inf, [nan, nan], [nan, nan]),
        ([nan, 0.0], nan, [nan, nan], [nan, nan]),
        ([nan, inf], nan, [nan, nan], [nan, nan]),
        ([huge, -huge], huge, [1, 0], [0, -inf]),
        ([-huge, -huge], -huge, [0.5, 0.5], [-np.log(2), -np.log(2)]),
    ],
)
def test_edge_rows_give_what_is_documented_without_a_warning(x, log_sum, p, logs):
    with np.errstate(all="raise"):
        np.testing.assert_array_max_ulp(logsumexp(x), log_sum, 1)
        np.testing.assert_array_equal(softmax(x), p)
        np.testing.assert_array_max_ulp(log_softmax(x), np.array(logs), 1)


def test_a_fully_masked_row_does_not_touch_its_neighbours():
    x = np.array([[0.0, 1.0], [-inf, -inf], [nan, 2.0]])
    for f in (softmax, log_softmax):
        assert np.isnan(f(x)).all(axis=1).tolist() == [False, True, True]
        assert np.all(f(x)[0] == f(x[0]))


@pytest.mark.parametrize("f", [logsumexp, softmax, log_softmax])
def test_integers_and_empty_rows_are_refused_by_name(f):
    with pytest.raises(TypeError, match=f"{f.__name__} needs float32 or float64, got int64"):
        f(np.array([1, 2]))
    with pytest.raises(ValueError, match=r"no terms .* shape \(3, 0\)"):
        f(np.zeros((3, 0)), axis=1)


def softmax_misses(f, g, dtype, seed=29):
    """Return the worst error of a softmax f and a log-softmax g, in units of their bounds."""
    of_p = of_log = 0
    slack = excess(dtype, np.exp, np.log1p)
    for x, m, rest in judged_rows(dtype, 350, seed):
        exact = [mpf(float(t)) - m - mpmath.log1p(rest) for t in x[:40]]
        of_p = max(of_p, worst(f(x)[:40], map(mpmath.exp, exact), dtype))
        of_log = max(of_log, worst(g(x)[:40], exact, dtype))
    return of_p / (stated(softmax) + slack), of_log / (stated(log_softmax) + slack)


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_and_log_softmax_have_4_ulp(dtype):
    of_p, of_log = softmax_misses(softmax, log_softmax, dtype)
    assert 0.1 < of_p <= 1 and 0.1 < of_log <= 1


def absorbed_by_pairs(dtype, depth=14):
    """Return logits 0, 0 and terms of which adding in pairs loses one u at every level.

    One of the zeros is the maximum; the sum of the others is 1 and, to 1 / depth, no more than u
    times the depth, which the compensation has to keep.
    """
    x = np.full(2**depth, -np.inf, dtype=dtype)
    x[:2] = 0
    x[2 ** np.arange(1, depth)] = np.log(np.finfo(dtype).eps / 2) - dtype(0.02)
    return x


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("f", [logsumexp, softmax, log_softmax])
def test_what_adding_in_pairs_loses_is_kept(f, dtype):
    x = absorbed_by_pairs(dtype)
    exact = exact_logsumexp(x)
    uncompensated = np.log1p(dtype(1))  # what pairs without their errors make of the sum
    assert ulps(uncompensated, exact, dtype) > stated(f)
    if f is not logsumexp:
        exact = mpmath.exp(-exact) if f is softmax else -exact
    value = f(x) if f is logsumexp else f(x)[0]
    assert ulps(value, exact, dtype) <= 1.5  # rounding log1p and the last sum; 4 are promised


def test_the_4_ulp_reject_exp_of_log_softmax_and_subtracting_the_logarithm():
    of_p, of_log = softmax_misses(
        lambda x: np.exp(x - logsumexp(x)), lambda x: x - shifted_logsumexp(x), np.float64
    )
    assert of_p > 100 and of_log > 1e6


def test_the_top_class_keeps_a_small_relative_error():
    exact = -mpmath.log1p(mpmath.exp(-40))
    assert ulps(log_softmax([20.0, -20.0])[0], exact, np.float64) <= 1
    x = np.array([20.0, -20.0])
    assert (x - shifted_logsumexp(x))[0] == 0


def test_rows_sum_to_one_and_a_shift_changes_nothing():
    x = np.random.default_rng(11).integers(-50, 50, (100, 30)) / 4.0
    p = softmax(x)
    assert np.max(np.abs(p.sum(axis=1) - 1)) <= 30 * 2.0**-53
    assert np.all(softmax(x + 1024) == p) and np.all(softmax(x.T, axis=0) == p.T)


@pytest.mark.parametrize("dtype", DTYPES)
def test_cross_entropy_is_the_mean_over_rows(dtype):
    rng = np.random.default_rng(23)
    logits = rng.normal(size=(50, 7)).astype(dtype) * 30
    labels = rng.integers(0, 7, 50)
    exact = mpmath.fsum(
        exact_logsumexp(row) - mpf(float(row[y])) for row, y in zip(logits, labels, strict=True)
    ) / 50
    error = ulps(cross_entropy(logits, labels), exact, dtype)
    assert error <= stated(cross_entropy) + excess(dtype, np.exp, np.log1p)
    assert cross_entropy(logits, labels).dtype == dtype


def test_the_mean_of_many_float32_losses_is_not_added_one_by_one():
    # 2**24 + 1 is no float32: one after the other, 0.3 + 0.3 + ... ends in a standstill.
    losses = np.full(100_000, 0.3, np.float32)
    logits = np.stack([np.zeros_like(losses), np.log(np.expm1(losses))], axis=1)
    labels = np.zeros(len(losses), int)
    exact = exact_logsumexp(logits[0]) - mpf(float(logits[0, 0]))
    assert ulps(cross_entropy(logits, labels), exact, np.float32) <= stated(cross_entropy)
    for order in (logits.T.copy().T, logits[::-1]):  # whatever the layout is
        assert cross_entropy(order, labels) == cross_entropy(logits, labels)
    assert abs(np.cumsum(losses)[-1] / len(losses) - 0.3) > 100 * np.spacing(np.float32(0.3))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_mean_of_losses_near_the_largest_number_does_not_overflow(dtype):
    top = np.finfo(dtype).max
    logits = np.array([[top, 0.0]] * 3, dtype=dtype)
    assert cross_entropy(logits, [1, 1, 1]) == top
    assert cross_entropy(logits, [1, 0, 1]) == pytest.approx(float(top / 3 * 2))
    assert np.isnan(cross_entropy(np.array([[np.nan, 0.0], [top, 0]], dtype=dtype), [0, 1]))


@pytest.mark.parametrize("dtype, lost", [(np.float64, -707.5), (np.float32, -86.5)])
@pytest.mark.parametrize("rows", [1, 40, 100_000])
def test_a_mean_of_losses_near_the_smallest_normal_number_keeps_its_digits(dtype, lost, rows):
    logits = np.tile(np.array([0, lost], dtype), (rows, 1))
    loss = cross_entropy(logits, np.zeros(rows, int))
    assert loss >= np.finfo(dtype).smallest_normal
    assert ulps(loss, exact_logsumexp(logits[0]), dtype) <= stated(cross_entropy)


def test_cross_entropy_where_log_of_softmax_is_infinite():
    logits = np.array([800.0, 0.0])
    with np.errstate(divide="ignore"):
        assert -np.log(softmax(logits)[1]) == inf
    assert cross_entropy(logits, 1) == 800
    assert str(cross_entropy(logits, 0)) == "0.0"
    assert cross_entropy([0.0, -inf], 1) == inf


def test_the_gradient_of_cross_entropy_is_p_minus_y():
    rng = np.random.default_rng(31)
    z, h = rng.normal(size=5), 1e-5
    steps = h * np.eye(5)
    slope = [(cross_entropy(z + s, 2) - cross_entropy(z - s, 2)) / (2 * h) for s in steps]
    # The truncation error is h^2/6 times a third derivative below 1; the rounding error is u/h.
    assert np.max(np.abs(softmax(z) - np.eye(5)[2] - slope)) <= h**2 + 8 * 2.0**-53 / h


@pytest.mark.parametrize(
    "logits, labels, error, message",
    [
        ([[1, 2]], [0], TypeError, "cross_entropy needs float32 or float64, got int64"),
        ([[1.0, 2.0]], [0.0], TypeError, "integer class labels, got float64"),
        ([[1.0, 2.0]], [True], TypeError, "integer class labels, got bool"),
        ([[1.0, 2.0]], [2], ValueError, "label 2 is not a class: there are 2"),
        ([[1.0, 2.0]], [-1], ValueError, "label -1 is not a class"),
        ([[1.0, 2.0]], [0, 1], ValueError, r"shape \(2,\) .* shape \(1, 2\)"),
        ([[1.0, 2.0]], 0, ValueError, r"shape \(\) .* shape \(1, 2\)"),
        (np.zeros((0, 2)), np.zeros(0, int), ValueError, "labels of shape"),
    ],
)
def test_cross_entropy_refuses_bad_labels(logits, labels, error, message):
    with pytest.raises(error, match=message):
        cross_entropy(logits, labels)


def exact_log1mexp(a):
    return mpmath.log(-mpmath.expm1(-mpf(float(a))))


def log1mexp_arguments(dtype):
    rng = np.random.default_rng(37)
    low = np.log(np.finfo(dtype).tiny) if dtype == np.float32 else np.log(1e-300)
    spread = np.exp(rng.uniform(low, np.log(1e3), 2000))
    return np.concatenate([spread, np.log(2) + rng.normal(size=300) * 0.01]).astype(dtype)


@functools.cache
def exact_log1mexps(dtype):
    """Return the exact values for the arguments of a dtype, once for all forms."""
    with mpmath.workprec(1600):
        return [exact_log1mexp(a) for a in log1mexp_arguments(dtype)]


@pytest.mark.parametrize("dtype", DTYPES)
def test_log1mexp_has_4_ulp(dtype):
    a = log1mexp_arguments(dtype)
    bound = stated(log1mexp) + excess(dtype, np.exp, np.expm1, np.log, np.log1p)
    with mpmath.workprec(1600):
        assert bound / 10 < worst(log1mexp(a), exact_log1mexps(dtype), dtype) <= bound
    assert log1mexp(a).dtype == dtype


@pytest.mark.parametrize(
    "form", [lambda a: np.log(-np.expm1(-a)), lambda a: np.log1p(-np.exp(-a)),
             lambda a: np.log(1 - np.exp(-a))]
)
def test_4_ulp_reject_every_single_branch(form):
    a = log1mexp_arguments(np.float64)
    with mpmath.workprec(1600), np.errstate(divide="ignore"):
        assert worst(np.clip(form(a), -1e4, 1e4), exact_log1mexps(np.float64), np.float64) > 1e3


def test_log1mexp_at_its_limits():
    assert log1mexp(inf) == 0 and np.isnan(log1mexp(nan)) and isinstance(log1mexp(1.0), float)
    for a in (0.0, -1.0, [1.0, -2.0]):
        with pytest.raises(ValueError, match="log1mexp needs a > 0, got"):
            log1mexp(a)
    with pytest.raises(ValueError, match=r"got -3\.0: no probability is above 1"):
        log1mexp([nan, -3.0, 2.0])
    with pytest.raises(TypeError, match="log1mexp needs"):
        log1mexp(1)


def exact_roots(a, b, c):
    """Return the real and imaginary parts of the exact roots, in the order of quadratic_roots."""
    a, b, c = (mpf(float(t)) for t in (a, b, c))
    D = b * b - 4 * a * c
    if D < 0:
        re, im = -b / (2 * a), mpmath.sqrt(-D) / abs(2 * a)
        return re, -im, re, im
    # At any fixed precision -b + sqrt(D) would cancel for some b: the product of the roots is c/a.
    q = -(b + mpmath.sign(b or 1) * mpmath.sqrt(D)) / 2
    x, y = q / a, (c / q if q else q)
    return min(x, y), 0, max(x, y), 0


def coefficients(dtype, count, seed=41):
    """Yield coefficients with roots that coincide, differ widely, overflow and underflow."""
    rng = np.random.default_rng(seed)
    widest = 900 if dtype == np.float64 else 110
    for i in range(count):
        a, b, c = (dtype(t) for t in rng.choice([-1, 1], 3) * rng.uniform(0.5, 2, 3))
        if i % 4 == 0:  # b^2 within a few u of 4ac
            c = dtype(float(b) ** 2 / (4 * float(a)) * (1 + rng.integers(-9, 10) * 2.0**-53))
        elif i % 4 == 1:  # exact coincidence, and its neighbours
            r, s = (dtype(rng.integers(1, 2**11)) for _ in range(2))
            a, b, c = r * r, 2 * r * s, dtype(s * s * dtype(1 + rng.integers(-2, 3) * 2.0**-23))
        elif i % 4 == 2:
            powers = rng.integers(-widest, widest, 3)
            a, b, c = (np.ldexp(t, p) for t, p in zip((a, b, c), powers, strict=True))
        else:
            b = dtype(b * 10 ** rng.uniform(-12, 12))
        if i % 50 == 3:
            b = dtype(0)
        elif i % 50 == 6:
            c = dtype(0)
        yield a, b, c


def roots_miss(solve, dtype, count=4000):
    """Return the worst error of the parts of the roots, in ulp; a root out of range must be inf."""
    largest, worst_ulps = float(np.finfo(dtype).max), 0
    for abc in coefficients(dtype, count):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            roots = solve(*abc)
        parts = [part for x in roots for part in (x.real, x.imag)]
        for part, exact in zip(parts, exact_roots(*abc), strict=True):
            if abs(exact) > largest:
                assert abs(part) >= largest
            else:
                worst_ulps = max(worst_ulps, ulps(part, exact, dtype))
    return worst_ulps


@pytest.mark.parametrize("dtype", DTYPES)
def test_quadratic_roots_have_4_ulp(dtype):
    promised = stated(quadratic_roots)
    assert promised / 10 < roots_miss(quadratic_roots, dtype) <= promised


def test_4_ulp_reject_the_textbook_and_the_rounded_discriminant():
    def textbook(a, b, c):
        s = np.sqrt(complex(b * b - 4 * a * c))
        x, y = (-b - s) / (2 * a), (-b + s) / (2 * a)
        return sorted((x, y), key=lambda t: (t.real, t.imag))

    def vieta(a, b, c):
        D = b * b - 4 * a * c
        if D < 0 or not np.isfinite(D):
            return quadratic_roots(a, b, c)
        q = -(b + np.copysign(np.sqrt(D), b)) / 2
        return sorted((q / a, c / q if q else q))

    cases = [(1.0, 1e8, 1.0), (94906265.625, -189812534.0, 94906268.375)]
    for solve, (a, b, c) in zip((textbook, vieta), cases, strict=True):
        exact = exact_roots(a, b, c)
        assert ulps(solve(a, b, c)[1].real, exact[2], np.float64) > 1e5
        assert ulps(quadratic_roots(a, b, c)[1], exact[2], np.float64) <= 4


def test_quadratic_roots_are_ordered_and_typed():
    x, y = quadratic_roots(-1.0, 3.0, -2.0)
    assert (x, y) == (1, 2) and isinstance(x, np.float64)
    x, y = quadratic_roots(*np.array([1, 2, 5], np.float32))
    assert (x, y) == (-1 - 2j, -1 + 2j) and isinstance(x, np.complex64)
    assert [str(x) for x in quadratic_roots(1.0, 0.0, 0.0)] == ["0.0", "0.0"]
    assert quadratic_roots(1.0, 2.0, 1.0) == (-1, -1)


def test_quadratic_roots_refuse_and_warn():
    for a, b, c in [(0.0, 1.0, 1.0), (1.0, inf, 1.0), (1.0, 1.0, nan)]:
        with pytest.raises(ValueError, match="quadratic_roots needs finite coefficients"):
            quadratic_roots(a, b, c)
    with pytest.raises(TypeError, match="quadratic_roots needs"):
        quadratic_roots(1, 2, 1)
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert quadratic_roots(1e-300, 1e300, 1.0)[0] == -inf


UNIVARIATE = ["PiDigits", "Lottery", "Michelso", "NumAcc1", "NumAcc3"]


def exact_std(x):
    x = [mpf(float(t)) for t in x]
    mean = mpmath.fsum(x) / len(x)
    return mpmath.sqrt(mpmath.fsum((t - mean) ** 2 for t in x) / (len(x) - 1))


def correct_digits(value, certified):
    """Return the digits that agree with the certified value, at most 15."""
    error = abs(mpf(float(value)) - certified) / certified
    return 15.0 if error == 0 else min(15.0, float(-mpmath.log10(error)))


@pytest.mark.parametrize("name", UNIVARIATE)
def test_sample_std_is_within_its_ceiling(name):
    sample = read_strd(name)
    certified = mpf(sample.certified["std"])
    ceiling = correct_digits(exact_std(sample.data), certified)
    assert correct_digits(sample_std(sample.data), certified) >= ceiling - 0.3
    assert correct_digits(running_moments(sample.data).std, certified) >= ceiling - 2


def one_pass(x):
    return np.sqrt(abs(np.sum(x * x) - np.sum(x) ** 2 / x.size) / (x.size - 1))


def test_the_ceiling_rejects_the_one_pass_form():
    sample = read_strd("NumAcc3")
    certified = mpf(sample.certified["std"])
    ceiling = correct_digits(exact_std(sample.data), certified)
    assert correct_digits(one_pass(sample.data), certified) < ceiling - 3


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("mean", [0.0, 1.0, 1e7, 1e30])
def test_sample_std_has_a_relative_error_of_a_few_u(dtype, mean):
    x = np.random.default_rng(43).normal(mean, max(1, mean * 3e-7), 3000).astype(dtype)
    exact = exact_std(x)
    # "a few u"
    assert abs(mpf(float(sample_std(x))) - exact) <= 4 * float(np.finfo(dtype).eps) / 2 * exact
    assert sample_std(x).dtype == dtype


def test_sample_std_at_its_limits():
    assert sample_std([0.1] * 11) == 0 and sample_std([0.0, 0.0]) == 0
    for x in ([huge, 0.0, huge], [5e-324, 0.0, 5e-324]):
        assert ulps(sample_std(x), exact_std(x), np.float64) <= 2
    for x in ([1.0], [], [1.0, nan], [[1.0, 2.0]]):
        with pytest.raises(ValueError, match="sample_std needs a vector of two or more finite"):
            sample_std(x)
    with pytest.raises(TypeError, match="sample_std needs float32 or float64, got int64"):
        sample_std([1, 2])


# --- any floats ----------------------------------------------------------------------------


ROWS = st.sampled_from(DTYPES).flatmap(lambda dtype: vectors(dtype, min_size=1))


def is_plain(x):
    """Return whether a row has a finite maximum, so that it has a softmax."""
    return not np.isnan(x).any() and np.isfinite(np.max(x))


@settings(steady, max_examples=40)  # with so many digits each takes its time
@given(ROWS)
def test_any_row_has_its_logarithms_or_documented_nans(x):
    dtype, kind = x.dtype.type, np.finfo(x.dtype)
    slack = excess(dtype, np.exp, np.log1p)
    value, p, logs = logsumexp(x), softmax(x), log_softmax(x)
    if not is_plain(x):
        assert same(value, np.max(x)) and np.isnan(p).all() and np.isnan(logs).all()
        return
    with mpmath.workprec(2300):  # from the least float to the largest
        m, rest = parts(x)
        exact, scale = m + mpmath.log1p(rest), abs(m) + mpmath.log1p(rest)
        allowed = (stated(logsumexp) + slack) * float(kind.eps) / 2 * scale
        tiny = len(x) * float(kind.smallest_subnormal)
        assert abs(exact) > float(kind.max) or abs(mpf(float(value)) - exact) <= allowed + tiny
        for entry, share, logarithm in zip(x, p, logs, strict=True):
            right = mpf(float(entry)) - exact
            assert ulps(share, mpmath.exp(right), dtype) <= stated(softmax) + slack
            if abs(right) >= float(kind.max):
                assert logarithm <= -kind.max
            else:
                assert ulps(logarithm, right, dtype) <= stated(log_softmax) + slack


@settings(steady, max_examples=40)
@given(st.sampled_from(DTYPES).flatmap(lambda dtype: arrays((2, 3), dtype)),
       st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_any_logits_have_their_mean_loss(logits, labels):
    value, kind = cross_entropy(logits, labels), np.finfo(logits.dtype)
    if not all(map(is_plain, logits)):
        assert np.isnan(value)
        return
    with mpmath.workprec(2300):
        losses = [exact_logsumexp(row) - mpf(float(row[y])) for row, y in
                  zip(logits, labels, strict=True)]
        exact = mpmath.fsum(losses) / 2
        if value == inf:  # one loss rounds to what is beyond the range
            assert max(losses) > float(kind.max)
        else:
            miss = abs(mpf(float(value)) - exact)
            allowed = (stated(cross_entropy) + excess(logits.dtype.type, np.exp, np.log1p))
            assert miss <= allowed * float(np.spacing(value)) + 2 * float(kind.smallest_subnormal)


@steady
@given(st.sampled_from(DTYPES).flatmap(floats))
def test_any_positive_number_has_its_log1mexp(a):
    for value in answer(lambda: log1mexp(a), "a"):
        assert not a <= 0
        if np.isnan(a) or a == inf:
            assert same(value, a * 0 + a if np.isnan(a) else a.dtype.type(-0.0))
            return
        slack = excess(a.dtype.type, np.exp, np.expm1, np.log, np.log1p)
        with mpmath.workprec(1600):
            assert ulps(value, exact_log1mexp(a), a.dtype.type) <= stated(log1mexp) + slack


@steady
@given(st.sampled_from(DTYPES).flatmap(lambda dtype: st.tuples(*[floats(dtype)] * 3)))
def test_any_coefficients_have_their_roots(abc):
    for roots in answer(lambda: quadratic_roots(*abc), "a"):
        assert abc[0] != 0 and np.isfinite(abc).all()
        largest, dtype = float(np.finfo(abc[0]).max), type(abc[0])
        with mpmath.workprec(4400):  # so that b**2 - 4 a c is exact
            for part, exact in zip([part for x in roots for part in (x.real, x.imag)],
                                   exact_roots(*abc), strict=True):
                if abs(exact) > largest:
                    assert abs(part) >= largest
                else:
                    assert ulps(part, exact, dtype) <= stated(quadratic_roots)


@steady
@given(ROWS)
def test_any_sample_has_its_standard_deviation(x):
    for value in answer(lambda: sample_std(x), "x"):
        assert len(x) > 1 and np.isfinite(x).all()
        with mpmath.workprec(4400):
            exact = exact_std(x)
            if exact > float(np.finfo(x.dtype).max):
                assert value == inf
            else:
                u = float(np.finfo(x.dtype).eps) / 2
                assert abs(mpf(float(value)) - exact) <= (
                    8 * u * exact + float(np.finfo(x.dtype).smallest_subnormal))


def test_values_agree_with_torch(torch):
    for x in rows(np.float64, 70, seed=47):
        z = torch.tensor(x)
        m, rest = parts(x)
        # torch adds from left to right, and takes log instead of log1p.
        bound = (4 + len(x)) * 2.0**-53 * float(abs(m) + mpmath.log1p(rest) + 1)
        assert abs(logsumexp(x) - torch.logsumexp(z, 0).item()) <= bound
        label = len(x) // 2
        loss = torch.nn.functional.cross_entropy(z[None], torch.tensor([label])).item()
        assert abs(cross_entropy(x, label) - loss) <= 2 * bound + 4 * 2.0**-53 * loss


def test_the_gradient_agrees_with_torch(torch):
    rng = np.random.default_rng(53)
    logits, labels = rng.normal(size=(20, 6)) * 40, rng.integers(0, 6, 20)
    z = torch.tensor(logits, requires_grad=True)
    torch.nn.functional.cross_entropy(z, torch.tensor(labels)).backward()
    gradient = (softmax(logits) - np.eye(6)[labels]) / 20
    # exp amplifies the error u |z| of the shift that torch rounds.
    assert np.max(np.abs(gradient - z.grad.numpy())) <= 2.0**-53 * np.max(np.abs(logits))


def test_masked_rows_are_as_in_torch(torch):
    masked = np.full(3, -inf)
    z = torch.tensor(masked)
    assert torch.logsumexp(z, 0).item() == logsumexp(masked)
    assert torch.isnan(torch.softmax(z, 0)).all() and np.isnan(softmax(masked)).all()
    assert torch.isnan(torch.log_softmax(z, 0)).all() and np.isnan(log_softmax(masked)).all()


def test_a_whole_coefficient_that_no_float_holds_is_refused():
    with pytest.raises(TypeError, match="b = 9007199254740993 would be rounded"):
        quadratic_roots(1.0, 2**53 + 1, 1)
    assert quadratic_roots(1.0, 2**53, 0) == (-(2.0**53), 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_loss_beyond_the_range_leaves_a_mean_within_it(dtype):
    top = np.ldexp(dtype(1), int(np.finfo(dtype).maxexp) - 1)
    logits = np.zeros((4, 2), dtype)
    logits[0] = top, -top
    # The losses are 2 top and three times log 2, far below its last digit.
    assert cross_entropy(logits, [1, 0, 0, 0]) == top / 2
    assert cross_entropy(logits, [0, 0, 0, 0]) == pytest.approx(0.75 * np.log(2), rel=1e-6, abs=0)
    assert cross_entropy(logits[:1], [1]) == np.inf  # 2 top is beyond the range
    full = np.full((1, 2), np.finfo(dtype).max, dtype) * [[1, -1]]
    assert cross_entropy(full.astype(dtype), [1]) == np.inf
    assert cross_entropy([[0.0, -np.inf], [1e308, -1e308]], [1, 1]) == np.inf


def test_a_deviation_beyond_the_range_is_infinite_with_a_warning():
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert sample_std([-1.7e308, 1.7e308]) == np.inf
