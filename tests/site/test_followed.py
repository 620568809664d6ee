"""The list of NumPy's functions that the tracer follows: found by calling them, and true."""

import html
import re

import numpy as np
import pytest

from lib.digits import ShadowLost, trace
from tests.site.visits import SITE
from web import followed

X, A = np.array([0.7, 0.3]), np.array([[0.7, 0.3], [0.2, 0.9]])


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """Return both lists, found in an empty folder that stays empty."""
    folder = tmp_path_factory.mktemp("here")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        found = followed.followed()
    assert not list(folder.iterdir())  # np.save and its like wrote nothing
    return [set(names) for names in found]


@pytest.mark.parametrize("name, f", [
    ("np.sum", lambda x, A: np.sum(x / 3)), ("np.var", lambda x, A: np.var(x)),
    ("np.dot", lambda x, A: np.dot(A, A / 3)), ("np.exp", lambda x, A: np.exp(A)),
    ("np.linalg.norm", lambda x, A: np.linalg.norm(A)), ("np.einsum", lambda x, A: np.einsum(
        "ij,jk", A, A)), ("np.arctan2", lambda x, A: np.arctan2(A, A / 3)),
])
def test_what_is_followed_has_digits_in_a_story(lists, name, f):
    assert name in lists[0] and name not in lists[1]
    found = trace(f, X, A)
    assert found.lines and np.all(np.asarray(found.exact) != 0)


@pytest.mark.parametrize("name, f", [
    ("np.linalg.solve", lambda x, A: np.linalg.solve(A, x)),
    ("np.linalg.svd", lambda x, A: np.linalg.svd(A)), ("np.fft.fft", lambda x, A: np.fft.fft(x)),
    ("np.interp", lambda x, A: np.interp(0.5, x, x)), ("np.cov", lambda x, A: np.cov(A)),
])
def test_what_is_not_followed_stops_a_story(lists, name, f):
    assert name in lists[1] and name not in lists[0]
    with pytest.raises(ShadowLost):
        trace(f, X, A)


def test_what_gives_no_digits_is_in_neither_list(lists):
    for name in ("np.argmax", "np.isfinite", "np.shape", "np.floor", "np.equal", "np.save"):
        assert name in followed.functions() and name not in lists[0] | lists[1]


def test_the_lists_are_kept_until_the_tracer_or_numpy_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(followed, "followed", lambda: [["np.first"], []])
    assert followed.kept(tmp_path) == [["np.first"], []]
    monkeypatch.setattr(followed, "followed", lambda: [["np.second"], []])
    assert followed.kept(tmp_path) == [["np.first"], []]
    monkeypatch.setattr(np, "__version__", "another")
    assert followed.kept(tmp_path) == [["np.second"], []]


@pytest.mark.browser
def test_the_page_folds_the_lists_that_were_found(lists):
    page = (SITE / "chapters" / "trace.html").read_text(encoding="utf-8")
    folds = re.findall(r'<details class="tracing-calls">(.*?)</details>', page, re.S)
    shown = [set(re.findall(r"<code>(.*?)</code>", html.unescape(fold))) for fold in folds]
    assert shown == lists
    for fold, names in zip(folds, lists, strict=True):
        assert str(len(names)) in fold.partition("</summary>")[0]
