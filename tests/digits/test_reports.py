"""Public bug reports that are functions of floats: the line, the reason, and digits by mpmath."""

import math

import mpmath
import numpy as np
import pytest

from lib.digits import ShadowLost, trace

# The reports are numpy/numpy#20381 and #5702, scikit-learn/scikit-learn#29439,
# pytorch/pytorch#42479, #37154, #78064 and #28390, jax-ml/jax#30426, mapbox/mapbox-gl-native#3556,
# scikit-hep/pyhf#901, keras-team/keras#377, piskvorky/gensim#2735 and
# stackoverflow.com/questions/23372750; inputs and numbers are our own.


def z_score(x):
    centred = x - np.mean(x)
    return centred[0] / np.sqrt(np.mean(centred**2))


def test_the_variance_of_a_constant_column_is_not_zero():
    result = trace(z_score, np.full(6, 2.7))
    assert abs(result.value) == 1 and result.digits == 0 and mpmath.isnan(result.exact)
    assert result.cause.expression == "np.mean(x)" and result.cause.operation == "addition"
    assert result.shows.expression == "x - np.mean(x)"


def deviation(x):
    s = q = 0.0
    for v in x:
        s = s + v
        q = q + v * v
    return math.sqrt(q / len(x) - (s / len(x)) ** 2)


@pytest.mark.parametrize("terms", [[0.7] * 6, [0.1] * 3, [1.1] * 7])
def test_the_square_root_of_a_negative_variance(terms, line_of, refusal_of_sqrt):
    result = trace(deviation, terms)
    if result.raised is None:
        assert result.exact == 0
        return
    raised = result.raised
    assert raised.kind == "ValueError" and raised.text == refusal_of_sqrt(raised.values[0])
    assert raised.mark.operation == "sqrt" and raised.mark.number == line_of(result, "sqrt").number
    assert raised.values[0] < 0 and raised.exact == (0,) and raised.result == 0
    assert raised.digits == 0 and result.value is None and math.isnan(result.digits)
    assert result.shows.expression == "q / len(x) - (s / len(x)) ** 2"
    assert result.cause.operation in ("addition", "product", "division", "integer power")


def test_one_of_them_does_raise():
    assert trace(deviation, [0.7] * 6).raised and not trace(deviation, [0.5] * 6).raised


def added(values):  # as sum did before Python 3.12
    total = 0.0
    for value in values:
        total = total + value
    return total


def slope(xs, ys):
    n, sx, sy = len(xs), added(xs), added(ys)
    top = n * added(x * y for x, y in zip(xs, ys, strict=True)) - sx * sy
    bottom = n * added(x * x for x in xs) - sx * sx
    return top / bottom


def test_a_line_through_time_stamps(line_of):
    times = [1.7e9, 1.7e9 + 1, 1.7e9 + 2]
    result = trace(slope, times, [1.0, 2.0, 3.5])
    raised = result.raised
    assert raised.kind == "ZeroDivisionError" and raised.mark.expression == "top / bottom"
    assert raised.values[1] == 0 and raised.exact[1] == 6 and raised.exact[0] == 7.5
    assert raised.result == 1.25 and raised.digits == 0
    assert line_of(result, "bottom =").digits == 0
    assert "the exact result is 1.25" in line_of(result, "return").note
    assert result.shows.operation == "subtraction"
    shifted = trace(slope, [t - times[0] for t in times], [1.0, 2.0, 3.5])
    assert shifted.value == 1.25 and shifted.digits == 16
    # With NumPy's numbers nothing is raised, and the tracer follows that way.
    assert not math.isfinite(trace(slope, np.array(times), np.array([1.0, 2.0, 3.5])).value)


def distance(x, y):
    return np.sqrt(np.maximum(np.dot(x, x) - 2 * np.dot(x, y) + np.dot(y, y), 0.0))


def test_the_distance_of_a_point_to_itself(digits_left):
    x = np.array([1.0, 0.3, -0.2, 1.1, 4.4, -22.1])
    y = x.copy()
    y[0] += 1e-9
    result, exact = trace(distance, x, y), mpmath.mpf(y[0]) - 1
    assert abs(result.exact - exact) < 1e-40 and result.digits == digits_left(result.value, exact)
    assert result.digits == 0
    assert result.shows.expression == "np.dot(x, x) - 2 * np.dot(x, y) + np.dot(y, y)"
    assert result.cause.expression.startswith("np.dot")
    own = trace(distance, x, x.copy())
    assert own.exact == 0 and own.digits == (16 if own.value == 0 else 0)


def squared_distance(x, y):
    return x * x + y * y - 2.0 * x * y


def test_a_squared_distance_in_float64_keeps_what_float32_loses(digits_left):
    with pytest.raises(TypeError, match="float64 numbers only"):
        trace(squared_distance, np.float32(900017), np.float32(900090))
    result = trace(squared_distance, 900017.0, 900090.0)
    assert result.value == result.exact == 73**2 and result.digits == 16
    larger = trace(squared_distance, 9000000017.0, 9000000090.0)
    assert larger.exact == 73**2 and larger.digits == digits_left(larger.value, 73**2) == 0


def gradient_of_norm(x):
    return 0.5 / np.sqrt(x @ x) * 2 * x


def test_the_gradient_of_a_norm_at_zero(line_of):
    result = trace(gradient_of_norm, np.zeros(2))
    assert np.isnan(result.value).all() and result.digits == 0
    note = line_of(result, "return").note
    assert "division by zero" in note and "nan: no real number is the result" in note


def standardise(x):
    variance = np.mean(x * x) - np.mean(x) ** 2
    return (x - np.mean(x)) / np.sqrt(variance)


def test_a_variance_below_zero_makes_nan_without_an_inf():
    columns = [np.full(n, v) for n in (3, 5, 6, 7) for v in (0.1, 0.7, 10.999994)]
    traces = [trace(standardise, column) for column in columns]
    negative = [t for t in traces if "nan: no real number is the result (the sqrt" in str(
        t.lines[-1].note)]
    assert negative
    for result in negative:
        assert np.isnan(result.value).all() and "inf" not in result.lines[0].note
        assert result.lines[0].digits == 0 and result.digits == 0
        assert result.shows.operation == "subtraction"


def angle(u, v):
    return np.arccos(u @ v / (np.sqrt(u @ u) * np.sqrt(v @ v)))


@pytest.mark.parametrize("factor", [1, 2, 3])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 7])
def test_the_angle_of_a_vector_with_itself(n, factor):
    u = np.arange(1.0, n + 1)
    result = trace(angle, u, factor * u)
    assert result.exact == 0 and result.digits == (16 if result.value == 0 else 0)
    assert "no real result" not in repr(result)
    if result.digits == 0:
        assert result.shows.operation == "arccos" and result.cause.operation != "arccos"


def great_circle(module, a1, b1, a2, b2):
    c = module.sin(a1) * module.sin(a2) + module.cos(a1) * module.cos(a2) * module.cos(b1 - b2)
    return 6371000.0 * (module.acos if module is math else module.arccos)(c)


def over_one():
    """A latitude at which sin**2 + cos**2 is above 1 in floats."""
    latitudes = np.linspace(0.1, 1.5, 200).tolist()
    return next(a for a in latitudes if math.sin(a) ** 2 + math.cos(a) ** 2 > 1)


def test_the_great_circle_from_a_point_to_itself(line_of):
    a = over_one()
    result = trace(great_circle, math, a, 0.3, a, 0.3)
    raised = result.raised
    assert raised.kind == "ValueError" and raised.mark.operation == "arccos"
    assert raised.values == (1 + 2.0**-52,) and raised.exact == (1,) and raised.result == 0
    assert 15 < raised.digits < 16
    assert result.shows == raised.mark and result.cause.number == line_of(result, "c =").number
    with_numpy = trace(great_circle, np, a, 0.3, a, 0.3)
    assert math.isnan(with_numpy.value) and with_numpy.exact == 0 and with_numpy.digits == 0
    assert with_numpy.shows.operation == "arccos"
    assert with_numpy.cause.number == line_of(with_numpy, "c =").number


def test_the_great_circle_over_six_millimetres():
    a = over_one()
    result = trace(great_circle, np, a, 0.3, a + 1e-9, 0.3)
    step = mpmath.mpf(a + 1e-9) - mpmath.mpf(a)
    assert abs(result.exact - 6371000 * step) < 1e-30
    assert result.digits == 0 and result.shows.operation == "arccos"


def tail(z):
    cdf = 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
    return 2.0 * (1.0 - cdf)


@pytest.mark.parametrize("z", [3.0, 6.0, 8.0, 8.94])
def test_a_p_value_that_is_zero(z, digits_left):
    result = trace(tail, z)
    exact = mpmath.erfc(mpmath.mpf(z) / mpmath.mpf(math.sqrt(2.0)))  # the root is exact data
    assert abs(result.exact - exact) < 1e-30 * exact
    assert result.digits == pytest.approx(digits_left(result.value, exact), abs=1e-9)
    assert result.shows.expression == "1.0 - cdf"
    assert result.cause.expression in ("1.0 + math.erf(z / math.sqrt(2.0))",
                                       "math.erf(z / math.sqrt(2.0))")


def cross_entropy(p, least):
    p = min(max(p, least), 1.0 - least)
    return -math.log(1.0 - p)


def test_a_clip_that_does_nothing(line_of):
    result = trace(cross_entropy, 1.0, 1e-17)
    raised = result.raised
    assert raised.kind == "ValueError" and raised.mark.expression == "math.log(1.0 - p)"
    # 1 - 1e-17 is no float: the bound is 1, min keeps p, and exact numbers would not have done so.
    assert raised.values == raised.exact == (0,) and raised.result == -mpmath.inf
    assert raised.digits == 16
    assert "branch: the exact numbers decide otherwise" in line_of(result, "p = min").note
    assert result.branch.expression == "min(max(p, least), 1.0 - least)"
    assert trace(cross_entropy, 1.0, 1e-9).digits > 7


def cumulative(p):
    c, total = [], 0.0
    for v in p:
        total = total + v
        c.append(total)
    return c


def test_a_class_that_is_never_drawn(line_of):
    flat = trace(cumulative, [3e14, 2e-14, 2e-14])
    assert flat.digits == 16 and "absorbed" in line_of(flat, "total = total").note
    width = trace(lambda p: cumulative(p)[2] - cumulative(p)[1], [3e14, 2e-14, 2e-14])
    assert width.value == 0 and abs(width.exact - mpmath.mpf(2e-14)) < 1e-40
    assert width.digits == 0 and width.cause.expression == "total + v"


def test_a_total_that_stands_still(line_of):
    def total_loss(start, loss):
        total = start
        for _ in range(10):
            total += loss
        return total

    result = trace(total_loss, 2.0**53, 1.0)  # as 2**27 in float32, with losses of 4
    assert result.value == 2.0**53 and result.exact == 2**53 + 10 and result.digits > 14
    assert "1 is absorbed by 9.01e+15" in repr(result)


def test_a_text_with_three_decimals_is_no_number():
    with pytest.raises(ShadowLost, match=r"round\(x, 3\)"):
        trace(lambda x: float(f"{x:.3f}"), 0.12345)
    result = trace(lambda x: round(x, 3), 0.12345)
    assert result.value == 0.123 and int(result.digits) == 2


@pytest.mark.parametrize("f, x, value", [
    (lambda x: x + 1.0 if isinstance(x, float) else -1.0, 0.1, 1.1),
    (lambda x: 42.0 if x == 0 else 1.0 / x, 0.0, 42.0),
])
def test_a_way_taken_because_of_a_type_or_a_comparison_is_the_plain_one(f, x, value):
    result = trace(f, x)
    assert result.value == result.plain == value and not result.note


@pytest.mark.parametrize("f, x", [
    (lambda x: x + 1.0 if type(x) is float else -1.0, 0.1),
    (lambda x: np.nan_to_num(x).sum(), np.array([1.0, np.nan])),
    (lambda x: x / 3 if x.dtype == float else -x, np.array([0.1])),
])
def test_another_way_is_not_put_down_to_numpy(f, x):
    result = trace(f, x)
    assert "a plain run took another way: it returns" in result.note
    assert "order" not in result.note and "digits right" not in result.note
