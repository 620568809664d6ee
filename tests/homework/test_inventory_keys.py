"""Each key of the concept inventory is computed here, in both forms; so are its wrong options.

`n, form` below are those of the file; what it says in `verified` is what is asserted.
"""

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest

from homework.exams.inventory import inventory
from lib.calculus import adaptive, explicit_euler
from lib.linear import (
    NotPositiveDefiniteError,
    cg,
    cholesky,
    eigh,
    least_squares,
    lu,
    normal_equations,
    solve,
)
from lib.numbers import (
    backward_error,
    condition,
    formats,
    least_squares_backward_error,
    logsumexp,
    round_to,
    ulp,
)
from lib.problems import random_orthogonal, with_eigenvalues, with_singular_values

ITEMS = {one["n"]: one for one in inventory()["items"]}
U = 2.0**-53


def off(x, right):
    """Return the relative error in the largest entry."""
    return np.max(np.abs(x - right)) / np.max(np.abs(right))


def key(n, form):
    """Return the right option."""
    return ITEMS[n][form]["right"]


@pytest.mark.parametrize("form, kind, x", [("A", np.float32, 1e8), ("B", np.float16, 4096)])
def test_1_one_is_less_than_half_the_gap(form, kind, x):
    assert kind(x) + kind(1) == kind(x) == float(key(1, form).replace(" ", ""))
    assert np.spacing(kind(x)) == {"A": 8, "B": 4}[form]


@pytest.mark.parametrize("form", "AB")
def test_2_only_the_order_of_two_does_not_matter(form):
    a, b, c = np.random.default_rng(7).normal(size=(3, 100_000))
    rows = [ITEMS[2][form]["right"], *(one["option"] for one in ITEMS[2][form]["distractors"])]
    shares = [np.mean(eval(row, {"a": a, "b": b, "c": c})) for row in rows]
    assert shares[0] == 1 and max(shares[1:]) < 0.95


@pytest.mark.parametrize("form, operation", [("A", lambda x, y: x * y), ("B", lambda x, y: x / y)])
def test_3_the_error_is_relative(form, operation):
    source = np.random.default_rng(7)
    x, y = 10.0 ** source.uniform(-100, 100, (2, 500)) * source.random((2, 500))
    errors = [abs(Fraction(float(operation(p, q))) / operation(Fraction(p), Fraction(q)) - 1)
              for p, q in zip(x.tolist(), y.tolist(), strict=True)]
    assert max(errors) <= U
    p, q = (123456789.12, 98765432.1) if form == "A" else (123456789.12, 1e-9)
    assert abs(Fraction(operation(p, q)) - operation(Fraction(p), Fraction(q))) > 0.1
    short = operation(0.1, 3.0)
    assert Fraction(short) != operation(Fraction(0.1), Fraction(3.0))


@pytest.mark.parametrize("form, fmt, start, step, count", [
    ("A", formats.FP16, 4.0, 0.001, 2000), ("B", formats.BF16, 1.0, 0.002, 400)])
def test_4_no_step_moves_the_weight(form, fmt, start, step, count):
    weight = start
    for _ in range(count):
        weight = round_to(weight + step, fmt)
    assert weight == start == float(key(4, form).split(":")[0]) and step < ulp(start, fmt) / 2


@pytest.mark.parametrize("form, scale", [("A", 1), ("B", 4096)])
def test_5_another_order_rounds_differently_in_float64_too(form, scale):
    x = np.random.default_rng(7).random(4096)

    def sums(kind):
        parts = [[np.add.accumulate(x.astype(kind)[at::n])[-1] for at in range(n)]
                 for n in (1, 2, 4, 8)]
        return [float(np.add.accumulate(np.array(part))[-1]) / scale for part in parts]

    single, double = sums(np.float32), sums(np.float64)
    assert len(set(single)) == 4 and len(set(double)) > 1
    assert 1e-8 < (max(single) - min(single)) / single[0] < 1e-4
    assert key(5, form).startswith("Nothing is broken")


@pytest.mark.parametrize("form, a, b, shown", [
    ("A", 1.000000001, 1.0, "1.000000082740371e-09"),
    ("B", 2.0000001, 2.0, "9.999999983634211e-08")])
def test_6_the_subtraction_is_exact(form, a, b, shown):
    assert Fraction(a - b) == Fraction(a) - Fraction(b) and repr(a - b) == shown
    assert shown in ITEMS[6][form]["question"]


@pytest.mark.parametrize("form, x", [("A", 1e-9), ("B", 3e-9)])
def test_7_only_the_rewritten_line_keeps_digits(form, x):
    names = {"x": x, "sqrt": math.sqrt}
    right = float(Fraction(x) ** 2 / 2)
    assert math.isclose(eval(key(7, form), names), right, rel_tol=1e-15)
    for wrong in ITEMS[7][form]["distractors"]:
        assert eval(wrong["option"].partition(", printed")[0], names) == 0


@pytest.mark.parametrize("form, centre, scatter", [("A", 300.0, 1e-6), ("B", 1e9, 1e-3)])
def test_8_a_shift_cures_the_variance(form, centre, scatter):
    negative = 0
    for seed in range(100, 140):
        x = centre + scatter * np.random.default_rng(seed).normal(size=1000)
        negative += np.mean(x * x) - np.mean(x) ** 2 < 0
        y = x - centre
        shifted = np.mean(y * y) - np.mean(y) ** 2
        assert math.isclose(shifted, np.var(x), rel_tol=1e-3)
        assert 0.7 * scatter**2 < shifted < 1.4 * scatter**2
    assert 0 < negative < 40
    assert str(int(centre)) in key(8, form) or "1e9" in key(8, form)


@pytest.mark.parametrize("form, z", [("A", (2000.0, 1998.0)), ("B", (0.0, 2000.0))])
def test_9_only_the_shift_by_the_maximum_is_right(form, z):
    z = np.array(z)
    names = {"z": z, "m": z.max(), "sum": np.sum, "exp": np.exp, "log": np.log, "clip": np.clip,
             "mean": np.mean}
    assert eval(key(9, form), names) == pytest.approx(float(logsumexp(z)), rel=1e-15, abs=0)
    with np.errstate(over="ignore"):
        for wrong in ITEMS[9][form]["distractors"]:
            assert not abs(eval(wrong["option"], names) - logsumexp(z)) < 100


def systems(kappa):
    """Return residual and error of a good solver on 30 systems of a condition number."""
    found = []
    for seed in range(100, 130):
        source = np.random.default_rng(seed)
        A = with_singular_values(np.logspace(0, -math.log10(kappa), 20), rng=source)
        x = source.normal(size=20)
        b = A @ x
        found.append((backward_error(A, solve(A, b), b), off(solve(A, b), x)))
    return np.median(found, axis=0), np.max(found, axis=0)


@pytest.mark.parametrize("form, kappa, error", [("A", 1e12, 1e-5), ("B", 1e9, 1e-8)])
def test_10_and_11a_the_problem_amplifies(form, kappa, error):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        typical, worst = systems(kappa)
    assert worst[0] < 20 * U and error / 100 < typical[1] < 10 * error
    assert f"{error:.0e}".replace("e-0", "e-") in ITEMS[10][form]["question"]


def test_11b_a_small_gradient_is_a_problem_nearby():
    source = np.random.default_rng(7)
    X = with_singular_values(np.logspace(0, -10, 4), rng=source)
    X = random_orthogonal(30, 4, source) @ X
    y = X @ np.ones(4) + 1e-3 * source.normal(size=30)
    w = least_squares(X, y)
    moved = least_squares(X * (1 + 4 * U * source.choice([-1, 1], X.shape)), y)
    assert least_squares_backward_error(X, w, y) < 100 * U and off(w, moved) > 1e-8


def test_12_a_determinant_says_nothing():
    with np.errstate(all="ignore"):
        assert np.linalg.det(0.1 * np.eye(30)) == pytest.approx(1e-30)
    assert condition(0.1 * np.eye(30)) == pytest.approx(1)
    A = np.array([[1, 1e8], [0, 1]])
    assert np.linalg.det(A) == 1 and condition(A) == pytest.approx(1e16)
    first = [1e8 + 1 - 1e8 * last for last in (1, 1 + 2 * U)]
    assert abs(first[1] - first[0]) > 1e7 * 2 * U


@pytest.mark.parametrize("form, tiny, first", [("A", 1e-18, 0.0), ("B", 1e-12, 1.00009)])
def test_13_no_exchange_loses_digits(form, tiny, first):
    A, b = np.array([[tiny, 2], [3, 5]]), np.array([2.0, 8.0])
    factors = lu(A, pivot=False)
    y = b[1] - factors.lower[1, 0] * b[0]
    x1 = y / factors.upper[1, 1]
    x0 = (b[0] - factors.upper[0, 1] * x1) / factors.upper[0, 0]
    assert (round(x0, 5), round(x1, 5)) == (first, 1)
    assert solve(A, b) == pytest.approx([1, 1], rel=1e-11, abs=0) and condition(A) < 10


def test_14_an_inverse_costs_more_and_leaves_larger_residuals():
    worse = 0
    for seed in range(100, 110):
        source = np.random.default_rng(seed)
        A = with_singular_values(np.logspace(0, -8, 40), rng=source)
        b = A @ source.normal(size=40)
        residuals = [np.linalg.norm(b - A @ x) for x in (solve(A, b), np.linalg.inv(A) @ b)]
        worse += residuals[1] > 100 * residuals[0]
    assert worse == 10
    assert Fraction(2) / Fraction(2, 3) == 3  # n**3 of an inverse and of the factors


@pytest.mark.parametrize("form, kappa, kind, least, most", [
    ("A", 1e6, np.float64, 10, 5.9), ("B", 1e2, np.float32, 5, 4.9)])
def test_15_normal_equations_square_the_condition(form, kappa, kind, least, most):
    digits = []
    for seed in range(100, 130):
        source = np.random.default_rng(seed)
        s = with_singular_values(np.logspace(0, -math.log10(kappa), 5), rng=source)
        X = (random_orthogonal(40, 5, source) @ s).astype(kind)
        w = source.normal(size=5)
        y = (X.astype(float) @ w).astype(kind)
        digits.append([-math.log10(off(f(X, y), w)) for f in (least_squares, normal_equations)])
    typical, worst = np.median(digits, axis=0), np.min(digits, axis=0)
    # A digit more or less than kappa u and kappa**2 u promise; kernels of BLAS differ by less.
    assert least < typical[0] < least + 2 and worst[0] > least - 0.5
    assert most - 2 < worst[1] <= typical[1] < most


@pytest.mark.parametrize("form, n, length", [("A", 200, 0.3), ("B", 100, 0.5)])
def test_16_a_smooth_kernel_is_refused(form, n, length):
    x = np.linspace(0, 1, n)
    K = np.exp(-0.5 * ((x[:, None] - x) / length) ** 2)
    with pytest.raises(NotPositiveDefiniteError):
        cholesky(K)
    assert np.isfinite(cholesky(K + 1e-10 * np.eye(n))).all() and np.array_equal(K, K.T)
    assert str(n) in ITEMS[16][form]["question"]


def halves(X, y):
    """Return the weights of two halves and how far their predictions differ on average."""
    n = len(y) // 2
    one, two = (np.linalg.lstsq(X[part], y[part], rcond=None)[0]
                for part in (slice(0, n), slice(n, None)))
    return one, two, np.mean(np.abs(X @ (one - two)))


def test_17_data_leave_a_combination_open():
    source = np.random.default_rng(322)
    x1, x2 = source.normal(size=400), source.normal(size=400)
    X = np.column_stack([x1, x2, x1 + x2 + 1e-3 * source.normal(size=400)])
    one, two, apart = halves(X, X @ [1, 1, 0] + 0.01 * source.normal(size=400))
    shown = [f"({', '.join(f'{value:.2f}' for value in w)})" for w in (one, two)]
    assert all(text in ITEMS[17]["B"]["question"] for text in shown)
    assert round(apart, 3) == 0.003
    for w in (one, two):
        assert w[:2] + w[2] == pytest.approx([1, 1], abs=0.01)
    far = []
    for seed in range(300, 310):
        source = np.random.default_rng(seed)
        common = source.normal(size=400)
        X = np.column_stack([common, common + math.sqrt(2e-6) * source.normal(size=400)])
        a, b, apart = halves(X, X.sum(axis=1) / 2 + 0.1 * source.normal(size=400))
        assert abs(a.sum() - b.sum()) < 0.1 and apart < 0.1
        far.append(abs(a[0] - b[0]))
    assert np.median(far) > 1


@pytest.mark.parametrize("form", "AB")
def test_18_values_are_safe_and_vectors_need_a_gap(form):
    turned = []
    for seed in range(100, 120):
        source = np.random.default_rng(seed)
        A = with_eigenvalues(np.array([5, 1.0000001, 1]), rng=source)
        E = source.normal(size=(3, 3))
        E = 1e-6 * (E + E.T) / np.linalg.norm(E + E.T, 2)
        before, after = eigh(A), eigh(A + E)
        assert np.max(np.abs(before.values - after.values)) <= 1e-6 * (1 + 1e-6)
        overlap = np.abs(np.sum(before.vectors * after.vectors, axis=0))
        turned.append(np.degrees(np.arccos(np.minimum(1, overlap))))
    at = int(np.argmax(before.values))
    others = [one for one in range(3) if one != at]
    assert np.max(np.array(turned)[:, at]) < 1e-3
    assert np.median(np.array(turned)[:, others]) > 10


@pytest.mark.parametrize("form, best", [("A", 8), ("B", 5)])
def test_19_the_error_falls_and_rises(form, best):
    errors = {}
    for k in range(1, 17):
        h = 10.0**-k
        low = 0.0 if form == "A" else h
        slope = (np.exp(1 + h) - np.exp(1 - low)) / (h + low)
        errors[k] = abs(slope - math.e) / math.e
    smallest = min(errors, key=errors.get)
    assert abs(smallest - best) <= 1 and errors[1] > 1e-4 < errors[16]
    assert f"1e-{best}" in key(19, form)


@pytest.mark.parametrize("form, c, layers, share", [("A", 0.9, 50, 0.5), ("B", 0.8, 40, 0.013)])
def test_20_layers_multiply(form, c, layers, share):
    source = np.random.default_rng(7)
    product = np.eye(3)
    for _ in range(layers):
        product = c * random_orthogonal(3, 3, source) @ product
    s = np.linalg.svd(product, compute_uv=False)
    assert s == pytest.approx([c**layers] * 3)
    assert 100 * s[0] == pytest.approx(share, rel=0.05, abs=0)
    assert f"{share:g} %" in key(20, form) and s[0] > np.finfo(np.float32).tiny


@pytest.mark.parametrize("form, flat, steep, step", [("A", 1, 100, 0.03), ("B", 2, 50, 0.05)])
def test_21_the_steep_direction_diverges(form, flat, steep, step):
    assert abs(1 - step * flat) ** 20 < 1 < 1000 < abs(1 - step * steep) ** 20
    assert step > 2 / steep and "steep" in key(21, form)


@pytest.mark.parametrize("form, lone", [
    ("A", np.r_[1e6, np.ones(999)]), ("B", np.resize([1.0, 1e3, 1e6], 1000))])
def test_22_the_spectrum_decides(form, lone):
    b = np.random.default_rng(7).normal(size=1000)
    spread = np.logspace(0, 6, 1000)
    many, few = (cg(lambda v, d=d: d * v, b, tol=1e-8, maxiter=20_000).steps
                 for d in (spread, lone))
    assert many > 2000 and few <= (3 if form == "A" else 6)


def test_23_samples_that_meet_no_peak():
    def peak(x):
        return np.exp(-0.5 * ((x - 312.7) / 0.01) ** 2) / (0.01 * math.sqrt(2 * math.pi))

    blind = adaptive(peak, 0.0, 1000.0)
    assert blind.value == 0 and blind.error < 1e-300
    assert adaptive(peak, 312.6, 312.8).value == pytest.approx(1)
    points = np.random.default_rng(7).random((100, 10))
    values = np.where(np.max(np.abs(points - 0.3), axis=1) < 0.05, 1e10, 0)
    assert values.mean() == values.std() == 0 and pytest.approx(1) == 0.1**10 * 1e10


def test_24_a_wider_range_is_paid_in_digits():
    assert round_to(70001.0, formats.FP16) == math.inf
    assert round_to(70001.0, formats.BF16) == 70144
    assert ulp(1.0, formats.BF16) == 8 * ulp(1.0, formats.FP16)
    assert not np.isfinite(round_to(1000.0, formats.E4M3))
    assert round_to(1000.0, formats.E5M2) == 1024
    assert ulp(1.0, formats.E5M2) == 2 * ulp(1.0, formats.E4M3)
    for small, wide in ((formats.FP16, formats.BF16), (formats.E4M3, formats.E5M2)):
        assert round_to(2.0**-16, wide) == 2.0**-16 and wide.exponent_bits > small.exponent_bits


@pytest.mark.parametrize("form, steps, digits", [("A", 100, 90), ("B", 400, 63)])
def test_25_stability_limits_the_step(form, steps, digits):
    def slope(t, y):
        return -1000 * (y - np.cos(t))

    wild, calm = (explicit_euler(slope, np.ones(1), (0.0, 1.0), n).y[-1, 0]
                  for n in (steps, 1000))
    assert digits - 1 < math.log10(abs(wild)) < digits + 2 and abs(calm - math.cos(1)) < 2e-3


def test_every_item_is_verified_in_both_forms():
    assert sorted(ITEMS) == list(range(1, 26))
    for one in ITEMS.values():
        for form in "AB":
            held = one[form]
            options = [held["right"], *(each["option"] for each in held["distractors"])]
            assert len(set(options)) == 4 and held["verified"]
            assert all(each["misconception"] for each in held["distractors"])
        assert one["A"]["question"] != one["B"]["question"]
