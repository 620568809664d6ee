"""What the page of symptoms tells a reader to type works, and says what the page says."""

import re

import numpy as np
import pytest
from mdit_py_plugins.anchors.index import slugify

import chapter
import lib

PAGE = (chapter.ROOT / "chapters" / "symptoms.md").read_text(encoding="utf-8")
LOOK = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def look():
    """Return the function `look` of the page."""
    names = {"np": np}
    exec(LOOK, names)
    return names["look"]


@pytest.mark.parametrize("x, told", [
    (0.5, "float64: 0 inf, 0 nan, 0% zero, largest 0.5"),
    ([1.0, 0.0], "float64: 0 inf, 0 nan, 50% zero, largest 1"),
    (np.array([-128], np.int8), "int8: 0 inf, 0 nan, 0% zero, largest 128"),
    (np.float16([np.inf, np.nan, 3.0]), "float16: 1 inf, 1 nan, 0% zero, largest 3"),
    (np.array([[3.0, 4j]]), "complex128: 0 inf, 0 nan, 0% zero, largest 4"),
    (np.array(np.nan), "float64: 0 inf, 1 nan, 0% zero, largest 0"),
    (np.array([True, False]), "bool: 0 inf, 0 nan, 50% zero, largest 1"),
])
def test_look_looks_at_whatever_one_looks_at(look, capsys, x, told):
    look("x", x)
    assert capsys.readouterr().out == f"x {told}\n"


def test_a_nan_may_come_without_an_inf_before_it():
    # The three ways that the page names: outside a domain by a hair, twice, and 0/0.
    x = np.full(3, -10.999994, np.float32)
    variance = np.mean(x * x) - np.mean(x) ** 2
    guarded = variance + np.float32(1e-5)
    cosine = np.float32(1.0000001)
    guard = np.float16(0) + np.float16(1e-8)
    before = [x, variance, guarded, cosine, guard]
    with np.errstate(all="ignore"):
        after = [np.sqrt(guarded), np.arccos(cosine), np.float16(0) / guard]
    assert all(np.isfinite(value).all() for value in before)
    assert all(np.isnan(value) for value in after)


def test_the_numbers_of_the_rows_are_right():
    assert np.float32(1 - 1e-9) == 1 and 0 < np.float32(1e-9) < 2e-9
    assert 1 - np.nextafter(np.float32(1), np.float32(0)) == np.float32(2.0**-24)
    assert np.float16(1e-8) == 0 and np.float16(1e-4) > 0
    assert np.std([2.7] * 6) != 0
    from lib.numbers import BF16, round_to, sample_std

    assert round_to(1e-8, BF16) > 0 and np.isfinite(round_to(-1e9, BF16))
    assert sample_std([2.7] * 6) == 0


def slope_of_norm(x, guard):
    """Return the gradient of |x| as reverse mode computes it: slope by slope, from the root back.

    A `where` hands its slope to the branch taken and 0 to the other; with "before" it puts a 1
    under the root, with "after" it replaces what the root returned.
    """
    square = x @ x
    zero = square == 0
    into_root = np.where(zero, 0.0, 1.0) if guard == "after" else 1.0
    under_root = np.where(zero, 1.0, square) if guard == "before" else square
    with np.errstate(all="ignore"):
        into_square = into_root * 0.5 / np.sqrt(under_root)
        if guard == "before":
            into_square = into_square * np.where(zero, 0.0, 1.0)
        return into_square * 2 * x


def test_a_where_before_the_root_keeps_the_gradient_of_a_norm_and_one_after_it_does_not():
    assert np.isnan(slope_of_norm(np.zeros(2), None)).all()
    assert np.isnan(slope_of_norm(np.zeros(2), "after")).all()
    assert slope_of_norm(np.zeros(2), "before").tolist() == [0, 0]
    assert np.abs(slope_of_norm(np.array([3.0, 4.0]), "before") - [0.6, 0.8]).max() < 4 * 2.0**-53


def test_a_small_angle_keeps_its_digits_by_the_distance_of_unit_vectors():
    angle = 1e-9
    u, v = np.array([1.0, 0.0]), np.array([np.cos(angle), np.sin(angle)])
    by_cosine = np.arccos(np.clip(u @ v, -1, 1))
    by_distance = 2 * np.arcsin(np.linalg.norm(u - v) / 2)
    assert by_cosine == 0 and abs(by_distance / angle - 1) < 4 * 2.0**-53


def trained(X, y, steps):
    """Return the losses of a small tanh network that descends in float32."""
    rng = np.random.default_rng(8)
    W, v = np.float32(rng.normal(size=(2, 32))), np.float32(rng.normal(size=(32, 1)) / 6)
    losses = []
    for _ in range(steps):
        hidden = np.tanh(X @ W)
        wrong = hidden @ v - y
        losses.append(np.mean(wrong * wrong))
        pull = wrong * np.float32(0.3 / len(X))
        inner = (pull @ v.T) * (1 - hidden * hidden)
        v, W = v - hidden.T @ pull, W - X.T @ inner
    return np.array(losses)


def test_rows_in_another_order_leave_the_first_loss_within_its_bound_and_later_ones_not():
    rng = np.random.default_rng(7)
    X = np.float32(rng.uniform(-1, 1, size=(200, 2)))
    y = np.sin(3 * X[:, :1]) * np.cos(3 * X[:, 1:])
    order = rng.permutation(200)
    one, other = trained(X, y, 3000), trained(X[order], y[order], 3000)
    apart, bound = np.abs(one - other), 2 * 200 * 2.0**-24 * one
    assert apart[0] <= bound[0] and np.max(apart / bound) > 1000
    assert one[-1] < one[0] / 5  # a training that works


def test_logistic_weights_grow_where_a_category_occurs_in_one_class_only():
    x, y = np.array([0, 0, 0, 0, 1, 1]), np.array([1, -1, 1, -1, 1, 1])
    X = np.column_stack([np.ones(6), x])

    def descent(steps, penalty=0.0):
        w = np.zeros(2)
        for _ in range(steps):
            w = w + X.T @ (y / (1 + np.exp(y * (X @ w)))) / 6 - penalty * w
        return w

    few, some, many = (descent(steps) for steps in (100, 1000, 10_000))
    assert not np.all(np.sign(X @ many) == y)
    assert abs((many - some)[1] / (some - few)[1] - 1) < 0.1  # the same again
    assert np.abs(descent(10_000, 1e-2) - descent(1000, 1e-2)).max() < 1e-3


def test_an_array_that_must_not_be_written_finds_the_line_that_writes():
    def centre(X):
        X[:] = X - np.mean(X)
        return float(np.mean(X))  # shares no memory with X

    X = np.array([1.0, 3.0])
    X.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        centre(X)


def test_a_small_constant_in_the_logarithm_removes_the_gradient():
    from lib.gradients import grad

    def guarded(logits):
        weights = np.exp(logits - 800)
        return -np.log(weights[1] / np.sum(weights) + 1e-12)

    logits = np.array([800.0, 0.0])
    assert 27.6 < guarded(logits) < 27.7 and grad(guarded)(logits).tolist() == [0, 0]


def test_squares_of_float16_pass_the_range_from_256_on():
    below = np.nextafter(np.float16(256), np.float16(0))
    with np.errstate(over="ignore"):
        assert np.isfinite(below**2) and np.isinf(np.float16(256) ** 2)


@pytest.mark.parametrize("format, value, told", [
    ("float64", 1e300, "1e+300"), ("bfloat16", 2.0**100, "1.27e+30"),
    ("float16", 2.0**-24, "5.96e-08"),
])
def test_a_tensor_is_looked_at_unchanged(torch, look, capsys, format, value, told):
    loss = torch.tensor(value, dtype=getattr(torch, format), requires_grad=True)
    look("loss", loss.detach().cpu().double())
    expected = f"loss float64: 0 inf, 0 nan, 0% zero, largest {told}\n"
    assert capsys.readouterr().out == expected
    assert 'look("loss", loss.detach().cpu().double())' in PAGE


def test_pytorch_subtracts_first_where_it_is_told(torch):
    x = 1000 + torch.randn(26, 3, generator=torch.Generator().manual_seed(7))
    told = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist")
    assert torch.cdist(x, x).diagonal().max() > 0.1 and told.diagonal().max() == 0


ROOMS = "|".join(["calculus", "digits", "grade", "linear", "numbers", "page", "problems"])
MODULES = "formats|measure|stable|sums|figures"
NAMES = re.compile(rf"`(?:lib\.)?({ROOMS}|{MODULES})\.(\w+)")
GONE = re.compile(r"`(?:lib\.)?(factor|svd|jacobi|estimate|interpolation|show)\.\w+")
TEXTS = {path.name: path.read_text(encoding="utf-8")
         for path in [chapter.ROOT / "index.md", *sorted((chapter.ROOT / "chapters").glob("*.md"))]}
TEXTS |= {path.name: "\n".join(cell.source for cell in chapter.read(path).cells
                               if cell.kind == "markdown") for path in chapter.paths()}


def missing(text):
    """Return the names of lib that a text quotes and no door gives."""
    import importlib

    doors = {name: importlib.import_module(f"lib.{name}") for name in ROOMS.split("|")}
    doors |= {name: getattr(doors["page" if name == "figures" else "numbers"], name)
              for name in MODULES.split("|")}
    wrong = [match[0] for match in GONE.finditer(text)]
    return wrong + [match[0] for match in NAMES.finditer(text)
                    if not hasattr(doors[match[1]], match[2])]


@pytest.mark.parametrize("name", TEXTS)
def test_the_names_that_the_text_quotes_are_there(name):
    assert lib.__doc__ and not missing(TEXTS[name])


def test_a_name_that_is_not_there_is_told():
    assert missing("call `linear.sovle`") == ["`linear.sovle"]
    assert missing("call `factor.solve(A, b)`") == ["`factor.solve"]
    assert not missing("call `linear.solve(A, b)`, `measure.condition` or `svd`")


LINK = re.compile(r"\((?:chapters/)?(\w+)\.(ipynb|md)#([^)]+)\)")
HERE = ("index.md", "chapters/symptoms.md", "chapters/running.md", "chapters/claims.md",
        "chapters/notation.md", "chapters/glossary.md")


def places(topic, kind):
    """Return what a page has that a link may name: its headings as slugs, the ids of its cells."""
    path = chapter.ROOT / "chapters" / f"{topic}.{kind}"
    if kind == "md":
        text, ids = path.read_text(encoding="utf-8"), set()
    else:
        cells = chapter.read(path).cells
        text = "\n".join(cell.source for cell in cells if cell.kind == "markdown")
        ids = {cell.id for cell in cells}
    return ids | {slugify(title) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("page", HERE)
def test_links_into_chapters_name_a_heading_that_is_there(page):
    text = (chapter.ROOT / page).read_text(encoding="utf-8")
    links = LINK.findall(text)
    assert len(links) > 60 or page != "chapters/symptoms.md"
    assert [link for link in links if link[2] not in places(*link[:2])] == []


def test_a_link_to_a_heading_that_is_gone_is_seen():
    (link,) = LINK.findall("[x](eigenvalues.ipynb#no-such-heading)")
    assert link[2] not in places(*link[:2]) and "summary" in places(*link[:2])
