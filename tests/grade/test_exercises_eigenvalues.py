"""The references of the chapter's checks are those of the mathematics, found another way."""

import numpy as np
import pytest
import scipy.linalg

from lib import digits
from lib.grade.exercises import eigenvalues


def smaller(a, b, c):
    middle = (a + c) / 2
    radius = np.hypot((a - c) / 2, b)
    return middle - radius


def test_the_trace_shows_what_the_reading_says():
    trace = digits.trace(smaller, 1e8, 10.0, 1.0)
    made, shows, power, _ = eigenvalues.READING
    assert shows - made == 1 and 10.0 ** (power - 1) < 5e7 < 10.0**power
    assert "made in the hypot" in repr(trace)
    assert "lost in the subtraction `middle - radius`" in repr(trace)


def test_the_proposed_quotient_is_a_cure():
    def cured(a, b, c):
        radius = np.hypot((a - c) / 2, b)
        return (a * c - b * b) / ((a + c) / 2 + radius)

    assert eigenvalues.READING[3] == "cure"
    trace = digits.trace(cured, 1e8, 10.0, 1.0)
    assert min(line.digits for line in trace.lines if line.digits is not None) >= 15


def test_the_judged_angle_bounds_how_far_a_plane_turns():
    rng = np.random.default_rng(2015)
    A = np.diag([41.3, eigenvalues.ABOVE, eigenvalues.BELOW, 5.0])
    farthest = 0.0
    for _ in range(200):
        E = rng.standard_normal((4, 4))
        E = E + E.T
        E = eigenvalues.CHANGE * E / np.linalg.norm(E, 2)
        plane = np.linalg.eigh(A + E)[1][:, -2:]
        turned = np.degrees(scipy.linalg.subspace_angles(plane, np.eye(4)[:, :2])[0])
        farthest = max(farthest, turned)
    # Half of the bound is what the worst change of this size does, to first order.
    assert farthest <= eigenvalues.JUDGEMENT[1] < 3 * farthest


def test_the_spaces_have_the_angles_that_they_are_made_with():
    rng = np.random.default_rng(1974)
    wanted = np.array([0.7, 0.3, 1e-3])
    U, V = eigenvalues._two_spaces(wanted, rng)
    found = scipy.linalg.subspace_angles(U, V)
    # SciPy takes sines of small angles and cosines of large ones; rounding of numbers near 1.
    assert found == pytest.approx(wanted, rel=0, abs=1e-14)


@pytest.mark.parametrize("shape", [(30, 4), (4, 7), (2, 2)])
def test_the_deviations_are_those_of_the_covariance(shape):
    X = np.random.default_rng(1902).standard_normal(shape) + 3.0
    found = eigenvalues._deviations(X, np.ones(shape[0]))
    variances = np.linalg.eigvalsh(np.cov(X.T))[::-1][:min(shape)]
    # Of squares, so that rounding of the zero among them is as small as that of the others.
    assert found**2 == pytest.approx(variances, rel=0, abs=1e-13 * variances[0])


def test_no_triangle_of_order_three_grows_so_far():
    # Its powers are at most those of 0.9 I + 10 (N with ones), by absolute values.
    A = 0.9 * np.eye(3) + 10 * np.triu(np.ones((3, 3)), 1)
    largest = max(np.max(np.linalg.matrix_power(A, k)) for k in range(1, 101))
    assert largest < 2e4 / 2
    A = 0.9 * np.eye(4) + 10 * np.triu(np.ones((4, 4)), 1)
    largest = max(np.max(np.linalg.matrix_power(A, k)) for k in range(1, 101))
    assert largest > 2 * 2e4


def test_products_are_counted():
    def greedy(product, n):
        for _ in range(eigenvalues.PRODUCTS + 1):
            v = product(np.ones(n))
        return v[0]

    assert "more than 60 products" in repr(eigenvalues.check_top(greedy))


def test_a_weighted_table_has_the_deviations_of_its_samples():
    rng = np.random.default_rng(1903)
    X = rng.standard_normal((12, 4)) + 3.0
    counts = rng.integers(1, 8, 12)
    samples = np.repeat(X, counts, axis=0)
    found = eigenvalues._deviations(X, counts)
    variances = np.linalg.eigvalsh(np.cov(samples.T))[::-1]
    assert found**2 == pytest.approx(variances, rel=0, abs=1e-13 * variances[0])


def test_all_angles_come_in_order_with_their_sines():
    wanted = np.array([0.7, 0.3, 1e-9])
    U, V = eigenvalues._two_spaces(wanted, np.random.default_rng(1975))
    cosines, sines = eigenvalues._cosines_and_sines(U, V)
    assert np.arctan2(sines, cosines) == pytest.approx(wanted, rel=0, abs=1e-14)


def test_a_block_method_finds_two_equal_ones():
    # Another right road: both starts at once, and Ritz values of the whole space.
    def block(product, n):
        Q = np.linalg.qr(np.random.default_rng(1965).standard_normal((n, 2)))[0]
        image = np.stack([product(v) for v in Q.T], axis=1)
        products = [image]
        for _ in range(min(29, n // 2)):
            fresh = image - Q @ (Q.T @ image)
            fresh = fresh - Q @ (Q.T @ fresh)
            left, sizes, _ = np.linalg.svd(fresh, full_matrices=False)
            kept = left[:, sizes > 1e-10]
            if kept.shape[1] == 0:
                break
            Q = np.hstack([Q, kept])
            image = np.stack([product(v) for v in kept.T], axis=1)
            products.append(image)
        T = Q.T @ np.hstack(products)
        return np.linalg.eigvalsh((T + T.T) / 2)[:-3:-1]

    assert eigenvalues.check_top(block).passed, eigenvalues.check_top(block)


def test_a_note_on_growth_is_for_what_the_task_admits():
    full = np.full((3, 3), 10.0)
    report = repr(eigenvalues.check_growth(full))
    assert "not admitted" in report and "order 3" not in report
