"""Wrong answers to the set on quadrature; see lu_qr_cholesky for the columns."""

import math

import numpy as np

NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)


def gauss(f, a, b, tol=0.0):
    x = (a + b) / 2 + (b - a) / 2 * NODES
    return (b - a) / 2 * float(WEIGHTS @ [f(float(t)) for t in x])


def simpson(f, a, b, tol=0.0, panels=2000):
    x = np.linspace(a, b, 2 * panels + 1)
    y = np.array([f(float(t)) for t in x])
    return (b - a) / panels / 6 * float(y[0] + y[-1] + 4 * y[1::2].sum() + 2 * y[2:-1:2].sum())


def trapezoid(f, a, b, tol=0.0, n=5000):
    y = np.array([f(float(t)) for t in np.linspace(a, b, n + 1)])
    return (b - a) / n * float(y.sum() - (y[0] + y[-1]) / 2)


def from_one_panel(f, a, b, tol):
    def part(a, b, fa, fm, fb, tol):
        m, whole = (a + b) / 2, (b - a) / 6 * (fa + 4 * fm + fb)
        left, right = f((a + m) / 2), f((m + b) / 2)
        halves = (b - a) / 12 * (fa + 4 * left + 2 * fm + 4 * right + fb)
        if abs(halves - whole) <= 15 * tol:
            return halves
        return part(a, m, fa, left, fm, tol / 2) + part(m, b, fm, right, fb, tol / 2)

    return part(a, b, f(a), f((a + b) / 2), f(b), tol)


def doubled(f, a, b, tol):
    n, old = 16, math.inf
    while True:
        new = trapezoid(f, a, b, n=n)
        if abs(new - old) <= tol:
            return new
        n, old = 2 * n, new


def over_root(g, b):
    return gauss(lambda x: g(x) / math.sqrt(x), 0.0, b) if b else 0.0


def from_epsilon(g, b):
    if b <= 1e-12:
        return 0.0
    return simpson(lambda x: g(x) / math.sqrt(x), 1e-12, b, panels=100)


def subtracted(g, b):
    smooth = gauss(lambda x: (g(x) - g(0.0)) / math.sqrt(x), 0.0, b) if b else 0.0
    return smooth + 2 * g(0.0) * math.sqrt(b)


def no_factor(g, b):
    return gauss(lambda t: g(t * t), 0.0, math.sqrt(b))


def late(h, a, b):
    with np.errstate(all="ignore"):
        return float(np.log(gauss(lambda x: float(np.exp(h(x))), a, b)))


def on_a_grid(h, a, b):
    x = np.linspace(a, b, 2001)
    y = np.array([h(float(t)) for t in x])
    top = np.max(y)
    z = np.exp(y - top)
    return float(top + np.log((z.sum() - (z[0] + z[-1]) / 2) * (x[1] - x[0])))


def laplace(h, a, b):
    x = np.linspace(a, b, 2001)
    i = min(max(int(np.argmax([h(float(t)) for t in x])), 1), 1999)
    y, step = np.array([h(float(t)) for t in x[i - 1:i + 2]]), x[1] - x[0]
    curve = (2 * y[1] - y[0] - y[2]) / step**2
    return float(y[1] + 0.5 * np.log(2 * np.pi / max(curve, 1e-300)))


def by_family(f, a, b, tol):
    # Tells the functions of the judge apart by limits and values, and integrates no other.
    if (a, b) in ((0.0, 2.0), (2.0, 0.0)):
        rate = -math.log(f(1.0))
        return math.copysign(math.expm1(-2 * rate) / rate, b - a)
    if a == -1.0:
        return 2 * math.atan(f(0.0) ** 0.5) * f(0.0) ** 0.5
    if b == 3.0:
        near = math.asin(f(1e-3)) / 1e-3
        return 2 * math.sin(near * 1.5) ** 2 / near
    if a == b or f(0.25) == 0.5:
        return 2 / 3 * (a != b)
    if abs(f(0.0) + f(1.0) - 1) < 1e-9:
        return (f(0.0) ** 2 + f(1.0) ** 2) / 2
    x = np.linspace(0.25, 0.75, 1001)
    y = np.array([f(float(one)) for one in x])
    k = min(max(int(np.argmax(y)), 1), 999)
    second = np.diff(np.log(np.maximum(y[k - 1:k + 2], 1e-300)), 2)[0] / (x[1] - x[0]) ** 2
    return math.sqrt(math.pi) * math.sqrt(-2 / min(second, -1e-9))


WRONG = {
    "integral": [
        ("Gauss with 60 nodes", gauss, "wrong", 0.0, "a narrow peak"),
        ("Simpson's rule, 2000 panels", simpson, "inaccurate", 0.25, "a root at the end"),
        ("the trapezoidal rule, 5000 intervals", trapezoid, "inaccurate", 0.25, "oscillating"),
        ("adaptive from one panel", from_one_panel, "wrong", 0.0, "6000 values are enough"),
        ("trapezoidal rule, doubled until two agree", doubled, "wrong", 0.0,
         "6000 values are enough"),
        ("closed forms, by what the limits tell", by_family, "wrong", 0.0, "a bit of everything"),
    ],
    "weak": [
        ("Gauss on the whole integrand", over_root, "wrong", 0.0, "the root is gone"),
        ("from 1e-12 on", from_epsilon, "wrong", 0.0, "the root is gone"),
        ("g(0) taken out", subtracted, "inaccurate", 0.25, "an exponential"),
        ("x = t**2 without dx", no_factor, "wrong", 0.0, "too small by a factor of 2"),
    ],
    "evidence": [
        ("the logarithm at the end", late, "wrong", 0.0, "take the largest h out"),
        ("a grid, the largest taken out", on_a_grid, "wrong", 0.0, "narrow"),
        ("Laplace's approximation", laplace, "wrong", 0.0, "largest at the end"),
        ("the largest value", lambda h, a, b: max(h(float(t)) for t in np.linspace(a, b, 999)),
         "wrong", 0.0, "ordinary"),
    ],
    "doubled": [
        ("a wave that both see", [1, 0.5], "wrong", 0.0, "both are right"),
        ("a wave that n intervals do not see", [12, 0.5], "wrong", 0.0, "that agree to 1e-9"),
        ("no whole number", [24.5, 0.5], "wrong", 0.0, "a frequency, whole"),
        ("a phase of a quarter turn", [24, math.pi / 2], "wrong", 0.0, "a phase of 0.5"),
        ("a frequency of 240", [240, 0.5], "wrong", 0.0, "from 1 to 99"),
    ],
}
