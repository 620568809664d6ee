"""An identity is judged on the scale of errors, one property by one."""

import numpy as np

from lib.grade import check_identity

ARRAY = {"array": np.array([1.0, 2.0])}


def test_an_identity_is_judged_on_the_same_scale():
    for factor, verdict in ((0, "stable"), (1e-12, "unstable"), (1e-5, "inaccurate"), (1, "wrong")):
        report = check_identity(lambda x, off=factor: x * x * (1 + off),
                                lambda y, x: y / x**2 - 1, [3.0], bound=1e-15)
        assert report.verdict == verdict
    assert "residual" in report.cases[0].reason
    assert not check_identity(lambda x: [1.0, 2.0, 3.0], lambda y, x: y @ x, ARRAY, bound=1).passed


def test_an_identity_is_silent_about_what_a_reader_returned():
    report = check_identity(lambda x: 0.0, lambda y, x: np.float64(x) / y, [1.0], bound=1)
    assert report.verdict == "wrong" and "residual inf" in report.cases[0].reason
