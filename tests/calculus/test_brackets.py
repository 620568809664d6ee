"""Brackets give one bit an evaluation, keep what they promise, and say where f only leaps."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from lib.calculus import bisect, safeguarded


def pole(x):
    """Return 1 / (x - 0.3)."""
    return 1 / (x - 0.3)


def cube_root(x):
    """Return the cube root, whose slope at 0 is infinite."""
    return np.cbrt(x)


# f, its derivative, the ends, the root.
ROOTS = {
    "square": (lambda x: x**2 - 2, lambda x: 2 * x, 0.0, 2.0, math.sqrt(2)),
    "arctangent": (np.arctan, lambda x: 1 / (1 + x**2), -10.0, 25.0, 0.0),
    "exponential": (lambda x: np.exp(x) - 1e-3, np.exp, -50.0, 50.0, math.log(1e-3)),
    "cube root": (cube_root, lambda x: 1 / (3 * np.cbrt(x) ** 2), -1.0, 2.0, 0.0),
    "ninth power": (lambda x: x**9, lambda x: 9 * x**8, -1.0, 1.5, 0.0),
    "steep": (lambda x: np.tanh(1e6 * (x - 0.3)), lambda x: 1e6 / np.cosh(1e6 * (x - 0.3)) ** 2,
              0.0, 1.0, 0.3),
    "of size 1e-170": (lambda x: 1e-170 * (x - 0.3), lambda x: 1e-170, 0.0, 1.0, 0.3),
    "of size 1e300": (lambda x: 1e300 * (x - 0.3), lambda x: 1e300, 0.0, 1.0, 0.3),
    "far": (lambda x: x - 1e8 / 3, lambda x: 1.0, 0.0, 1e8, 1e8 / 3),
    "wrong derivative": (lambda x: x**2 - 2, lambda x: -1.0, 0.0, 2.0, math.sqrt(2)),
    "derivative nan": (lambda x: x**2 - 2, lambda x: math.nan, 0.0, 2.0, math.sqrt(2)),
    "derivative that raises": (lambda x: x**2 - 2, lambda x: 1 // 0, 0.0, 2.0, math.sqrt(2)),
}


def cubic(rng):
    """Return a random cubic with one real root, its derivative, and the root."""
    root, centre = rng.uniform(-1, 1), rng.normal()
    height = rng.normal() ** 2 + 0.01

    def f(x):
        return (x - root) * (height + (x - centre) ** 2)

    def derivative(x):
        return height + (x - centre) ** 2 + 2 * (x - root) * (x - centre)

    return f, derivative, root


def by(method, f, derivative, a, b, tol=1e-12):
    """Return what a method finds."""
    return bisect(f, a, b, tol) if method is bisect else safeguarded(f, derivative, a, b, tol)


BOTH = pytest.mark.parametrize("method", [bisect, safeguarded])


# What is promised.


@BOTH
@pytest.mark.parametrize("tol", [1e-3, 1e-7, 1e-12])
@pytest.mark.parametrize("name", ROOTS)
def test_the_root_is_within_the_error_and_the_error_within_tol(method, name, tol):
    f, derivative, a, b, root = ROOTS[name]
    found = by(method, f, derivative, a, b, tol)
    assert found.converged or (name, tol) == ("steep", 1e-3)  # see below
    assert abs(found.root - root) <= found.error + np.spacing(root)
    assert found.error <= max(tol, np.spacing(root))


@BOTH
def test_every_bracket_holds_the_change_of_sign(method):
    for f, derivative, a, b, _ in ROOTS.values():
        for low, high in by(method, f, derivative, a, b, 1e-9).brackets:
            assert a <= low < high <= b and np.sign(f(low)) == -np.sign(f(high))


def test_random_cubics_take_a_handful_of_evaluations():
    rng, counts = np.random.default_rng(1969), []
    for _ in range(500):
        f, derivative, root = cubic(rng)
        found = safeguarded(f, derivative, -2.0, 2.5)
        assert abs(found.root - root) <= 1e-12
        counts.append(found.evaluations)
    halvings = bisect(f, -2.0, 2.5).evaluations
    assert np.median(counts) <= 12 and max(counts) <= 20 < halvings


@pytest.mark.parametrize("name", ROOTS)
def test_safeguarded_never_takes_more_than_it_says(name):
    f, derivative, a, b, _ = ROOTS[name]
    for tol in (1e-2, 1e-6, 1e-10, 1e-12):
        count = safeguarded(f, derivative, a, b, tol).evaluations
        assert count <= 24 + 2 * math.log2((b - a) / (2 * tol))


@BOTH
@pytest.mark.parametrize("tol", [0.5, 2000.0])
def test_a_tol_of_half_the_width_takes_the_two_ends(method, tol):
    found = by(method, lambda x: x - 0.3, lambda x: 1.0, 0.0, 1.0, tol)
    assert found.evaluations == 2 and found.root == 0.5 == found.error


def test_malicious_derivatives_cost_no_more_either():
    rng = np.random.default_rng(1970)
    for _ in range(200):
        root = rng.uniform(-1, 1)
        found = safeguarded(lambda x, root=root: np.sign(x - root) * abs(x - root) ** 5,
                            lambda x: rng.normal() * 10 ** rng.uniform(-9, 9), -1.5, 1.5)
        assert found.converged and abs(found.root - root) <= 1e-12
        assert found.evaluations <= 24 + 2 * math.log2(3 / 2e-12)


@pytest.mark.parametrize("end", [1.0, 1e6])
def test_a_derivative_that_makes_every_step_lazy_loses_patience(end):
    last = end / 2

    def lazy(x):
        nonlocal last
        moved, last = abs(x - last), float(x)
        step = moved * (0.49 if moved < 0.01 * x else 0.04)  # it halves, and narrows nothing
        return (x - 1e-9) / step if step else math.nan

    found = safeguarded(lambda x: x - 1e-9, lazy, 0.0, end)
    assert found.converged and abs(found.root - 1e-9) <= 1e-12
    halvings = math.log2(end / 2e-12)
    assert 2 * halvings < found.evaluations <= 21 + 2 * halvings  # without patience 500


# One bit an evaluation.


@pytest.mark.parametrize("f", [lambda x: x**9 - 0.1, pole, lambda x: 1e-170 * (x - 0.7),
                               lambda x: -1.0 if x < 0.4 else 1.0])
def test_each_evaluation_of_bisect_halves_the_width(f):
    found = bisect(f, 0.0, 1.0, 1e-9)
    widths = np.diff(found.brackets)[:, 0]
    assert np.array_equal(widths, 0.5 ** np.arange(len(widths)))  # powers of two are exact
    assert found.evaluations == 2 + math.ceil(math.log2(1 / 2e-9)) == len(widths) + 1


def test_the_error_of_bisect_need_not_fall_but_its_bound_does():
    found = bisect(lambda x: x - 0.3, 0.0, 1.0, 1e-6)
    errors = np.abs(found.iterates - 0.3)
    assert np.any(np.diff(errors) > 0)
    assert np.all(errors <= 0.5 ** np.arange(1, len(errors) + 1))


def test_signs_are_not_found_by_a_product_that_underflows():
    def f(x):
        return 1e-170 * (x - 0.3)

    assert f(0.0) * f(0.2) == 0 == f(0.0) * f(0.9)  # the product sees no difference
    assert abs(bisect(f, 0.0, 1.0).root - 0.3) <= 1e-12


# Where floats end.


@BOTH
@pytest.mark.parametrize("tol", [1e-10, 0.0])
def test_a_tol_below_the_spacing_ends_with_neighbours(method, tol):
    found = by(method, lambda x: x**2 - 2e16, lambda x: 2 * x, 0.0, 2e8, tol)
    low, high = found.brackets[-1]
    assert np.nextafter(low, high) == high and found.root in (low, high)
    assert found.converged and found.reason == "neighbours" and found.error == high - low > tol


@BOTH
@pytest.mark.parametrize(("below", "above"), [(-1.0, 3.0), (-3.0, 1.0)])
def test_of_two_neighbours_the_root_is_the_one_with_the_smaller_value(method, below, above):
    def f(x):
        return below if x < 0.3 else above

    found = by(method, f, lambda x: 0.0, 0.0, 1.0, 0.0)
    assert found.root == (0.3 if above < -below else np.nextafter(0.3, 0))


@BOTH
@pytest.mark.parametrize("root", [0.1, 1e-300, 7 * 5e-324, 1e308])
def test_the_whole_range_of_floats_is_searched(method, root):
    found = by(method, lambda x: x - root, lambda x: 1.0, -1.7e308, 1.7e308, 0.0)
    assert found.converged and found.root == root
    assert found.evaluations <= 2200


@BOTH
def test_a_root_at_0_is_found_to_the_last_float(method):
    found = by(method, cube_root, lambda x: 1 / (3 * np.cbrt(x) ** 2), -1.0, 2.0, 0.0)
    assert abs(found.root) <= 5e-324 and found.evaluations < 1200


@BOTH
@pytest.mark.parametrize("ends", [(0.0, 3.0), (3.0, 0.0), (-1.0, 0.0), (0.0, 0.0)])
def test_a_root_at_an_end_is_the_root(method, ends):
    found = by(method, lambda x: x, lambda x: 1.0, *ends)
    assert found.reason == "zero" and found.root == 0 == found.error
    assert found.evaluations == 2


@BOTH
def test_the_order_of_the_ends_does_not_matter(method):
    f, derivative, a, b, _ = ROOTS["exponential"]
    assert by(method, f, derivative, b, a).root == by(method, f, derivative, a, b).root


# No root, or none that is known.


@BOTH
@pytest.mark.parametrize("f", [pole, lambda x: -1.0 if x < 0.3 else 2.0,
                               lambda x: 1 / (x - 0.3) ** 3, lambda x: np.sign(x - 0.3)])
def test_a_pole_or_a_jump_is_no_root(method, f):
    found = by(method, f, lambda x: math.nan, 0.0, 1.0)
    assert not found.converged and found.reason == "leap"
    assert abs(found.root - 0.3) <= found.error <= 1e-12  # the leap itself is where it says
    assert "a pole, a jump" in found.message


def test_a_smaller_tol_tells_a_steep_root_from_a_jump():
    def steep(x):
        return np.tanh(1e6 * (x - 0.3))

    assert bisect(steep, 0.0, 1.0, 1e-3).reason == "leap"
    assert bisect(steep, 0.0, 1.0, 1e-9).reason == "bracket"


@BOTH
@pytest.mark.parametrize("f", [lambda x: x**2 + 1, lambda x: x**2, lambda x: 1.0,
                               lambda x: np.exp(x)])
def test_ends_of_one_sign_are_refused_with_their_values(method, f):
    with pytest.raises(ValueError, match=r"f\(-1.0\) = .* and f\(2.0\) = .*: between ends of one"):
        by(method, f, lambda x: 1.0, -1.0, 2.0)


@BOTH
def test_nan_is_named(method):
    with pytest.raises(ValueError, match=r"f\(-1.0\) is nan: a bracket needs a sign"):
        by(method, np.log, lambda x: 1 / x, -1.0, 2.0)
    found = by(method, lambda x: math.nan if 0.3 < x < 0.4 else x - 0.1, lambda x: 1.0, -0.3, 1.0)
    assert not found.converged and found.reason == "nan"
    assert "f(0.35) is nan" in found.message and abs(found.root - 0.1) <= found.error


@BOTH
def test_values_may_be_infinite_or_missing_at_a_point(method):
    found = by(method, np.log, lambda x: 1 / x, 0.0, 2.5)
    assert abs(found.root - 1) <= 1e-12
    found = by(method, lambda x: 1 / float(x) - 4 if x else np.inf, lambda x: -1 / x**2, 0.0, 1.0)
    assert abs(found.root - 0.25) <= 1e-12


@BOTH
@pytest.mark.parametrize(("bad", "said"), [
    ({"a": math.inf}, "a = inf"), ({"b": math.nan}, "b = nan"), ({"tol": -1e-9}, "tol = -1e-09"),
    ({"tol": math.inf}, "tol = inf"), ({"tol": math.nan}, "tol = nan")])
def test_numbers_out_of_range_are_refused(method, bad, said):
    arguments = {"a": 0.0, "b": 1.0, "tol": 1e-9} | bad
    with pytest.raises(ValueError, match=said):
        by(method, lambda x: x - 0.3, lambda x: 1.0, **arguments)


@BOTH
@pytest.mark.parametrize("truth", [bool, np.bool_])
def test_a_predicate_has_no_sign(method, truth):
    with pytest.raises(TypeError, match=r"f\(0.0\) is a truth value, False: give a number"):
        by(method, lambda x: truth(x > 1), lambda x: 1.0, 0.0, 2.0)
    found = by(method, lambda x: 2 * truth(x > 1) - 1, lambda x: 0.0, 0.0, 2.0)
    assert abs(found.root - 1) <= found.error <= 1e-12 and found.reason == "leap"


def test_what_f_returns_has_to_be_a_number():
    with pytest.raises(TypeError, match=r"f\(0.0\) = array\(\[0.\]\) is not a real number"):
        bisect(lambda x: np.array([x]), 0.0, 1.0)
    with pytest.raises(TypeError, match="f = 3: give a function"):
        bisect(3, 0.0, 1.0)


# Multiple roots.


@pytest.mark.parametrize("m", [3, 5, 7])
def test_a_multiple_root_is_known_to_the_mth_root_of_u(m):
    coefficients = np.poly(np.ones(m))
    u, errors = 2.0**-53, []
    for end in np.linspace(1.3, 1.9, 20):
        found = bisect(lambda x: np.polyval(coefficients, x), 0.5, end)
        errors.append(abs(found.root - 1))
        assert found.error <= 1e-12  # of the f that is computed, this is true
    assert max(errors) <= 10 * u ** (1 / m) and np.median(errors) >= u ** (1 / m) / 100
    factored = bisect(lambda x: (x - 1) ** m, 0.5, 1.7)
    assert abs(factored.root - 1) <= 1e-12  # without cancellation all digits are kept


# Others.


@pytest.mark.parametrize("name", ["square", "exponential", "arctangent", "far"])
def test_scipy_finds_the_same(name):
    f, derivative, a, b, _ = ROOTS[name]
    expected = brentq(f, a, b, xtol=1e-12, rtol=1e-15)
    assert abs(safeguarded(f, derivative, a, b).root - expected) <= 2e-12 + np.spacing(expected)


def test_the_result_says_what_happened():
    found = bisect(lambda x: x**2 - 2, 0.0, 2.0, 1e-3)
    assert repr(found) == ("root 1.41504 after 12 evaluations: f changes its sign within 9.8e-04")
    assert found.iterates[-1] == found.root and len(found.brackets) == found.evaluations - 1
    assert found.derivatives == 0
    assert repr(bisect(pole, 0.0, 1.0, 0.1)).startswith("not converged (leap) after 5 evaluations")
    with pytest.raises(AttributeError):
        found.root = 1.0
