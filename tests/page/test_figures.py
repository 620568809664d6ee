"""Still figures: what is drawn is what was given, and can be told apart by every reader."""

import os
import re
import subprocess
import sys
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")

import matplotlib.pyplot as plt

from lib.page import figures

ROOT = Path(__file__).resolve().parents[2]
N = np.array([10, 100, 1000])


@pytest.fixture(autouse=True)
def in_style():
    """Draw in the book's style, and leave nothing behind."""
    with matplotlib.rc_context():
        figures.use_style()
        yield
        plt.close("all")


def data(line):
    """Return what a line draws, as lists."""
    return [values.tolist() for values in line.get_data()]


# --- What is drawn -------------------------------------------------------------------------------


def test_errors_are_drawn_in_order_with_label_and_marker_on_log_axes():
    errors = {"naive": N * 1e-16, "better": N * 1e-17}
    ax = figures.error_against_size(N, errors, guide=("$n u$", N * 2e-16))
    assert [line.get_label() for line in ax.lines][:3] == ["naive", "better", "$n u$"]
    assert [data(line) for line in ax.lines[:2]] == [[N.tolist(), y.tolist()]
                                                      for y in errors.values()]
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert len({line.get_marker() for line in ax.lines[:3]}) == 3
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$n$", "relative error")


@pytest.mark.parametrize("limits", [None, (1e-20, 1), (1e-3, 1)])
def test_a_zero_is_drawn_at_the_bottom_edge(limits):
    ax = figures.error_against(N, {"exact": [0, 0, 1e-16]}, xlabel="$x$")
    if limits:
        ax.set_ylim(limits)
    curve, zeros = ax.lines
    ax.figure.canvas.draw()
    at = zeros.get_transform().transform(np.column_stack(zeros.get_data()))
    assert ax.transData.inverted().transform(at)[:, 0] == pytest.approx([10, 100])
    assert at[:, 1] == pytest.approx(ax.bbox.y0)
    assert zeros.get_marker() == curve.get_marker() and not zeros.get_clip_on()


def test_zeros_take_the_marker_of_their_own_curve_on_axes_with_others():
    ax = figures.error_against(N, {"first": N}, xlabel="$x$")
    figures.error_against(N, {"second": N, "third": [0, 1, 1]}, xlabel="$x$", ax=ax)
    [third] = [line for line in ax.lines if line.get_label() == "third"]
    [zeros] = [line for line in ax.lines if line.get_xdata().tolist() == [10]]
    assert (zeros.get_marker(), zeros.get_color()) == (third.get_marker(), third.get_color())


def test_errors_that_are_all_zero_are_drawn():
    ax = figures.error_against(N, {"exact": np.zeros(3)}, xlabel="$x$")
    ax.figure.canvas.draw()
    assert len(ax.lines[1].get_xdata()) == 3


def test_curves_keep_the_scales_of_the_axes_given():
    own = figures.new_axes("full")
    own.set_xscale("log")
    ax = figures.curves(N, {"a": N, "b": -N}, xlabel="x", ylabel="y", ax=own)
    assert ax is own and (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    assert [data(line) for line in ax.lines] == [[N.tolist(), N.tolist()],
                                                  [N.tolist(), (-N).tolist()]]


def test_one_curve_needs_no_legend():
    assert figures.curves(N, {"a": N}, xlabel="x", ylabel="y").get_legend() is None
    assert figures.curves(N, {"a": N, "b": N}, xlabel="x", ylabel="y").get_legend()


def test_a_staircase_stands_beside_its_line():
    x = np.linspace(0, 1, 50)
    ax = figures.staircase(x, np.round(4 * x) / 4, ideal=x, xlabel="x", ylabel="y")
    steps, ideal = ax.lines
    assert steps.get_drawstyle() == "steps-mid" and data(ideal) == [x.tolist()] * 2


def test_a_histogram_counts_every_value_once_in_common_bins():
    rng = np.random.default_rng(11)
    samples = {"nearest": rng.uniform(-1, 1, 500), "down": rng.uniform(-2, 0, (20, 15))}
    ax = figures.histogram(samples, xlabel="error / $u$", bounds=(-1, 1), bins=16)
    outlines = [patch.get_xy() for patch in ax.patches]
    counts = [xy[1:-1:2, 1].sum() for xy in outlines]
    assert counts == [500, 300]
    assert np.array_equal(outlines[0][:, 0], outlines[1][:, 0])
    assert [line.get_xdata()[0] for line in ax.lines] == [-1, 1]
    assert len({patch.get_linestyle() for patch in ax.patches}) == 2


# --- What would be left out in silence -----------------------------------------------------------

MASKED = np.ma.array([1.0, 500.0, 3.0], mask=[0, 1, 0])
NAMES = {"xlabel": "x", "ylabel": "y"}
DRAWN = {  # Each argument of each function that takes values, by its name in a message.
    "curves x": lambda v: figures.curves(v, {"a": N}, **NAMES),
    "curves ys['a']": lambda v: figures.curves(N, {"b": N, "a": v}, **NAMES),
    "curves guide": lambda v: figures.curves(N, {"a": N}, guide=("g", v), **NAMES),
    "error_against x": lambda v: figures.error_against(v, {"a": N}, xlabel="x"),
    "error_against errors['a']": lambda v: figures.error_against(N, {"b": N, "a": v}, xlabel="x"),
    "error_against guide":
        lambda v: figures.error_against(N, {"a": N}, guide=("g", v), xlabel="x"),
    "error_against_size x": lambda v: figures.error_against_size(v, {"a": N}),
    "error_against_size errors['a']": lambda v: figures.error_against_size(N, {"a": v}),
    "staircase x": lambda v: figures.staircase(v, N, **NAMES),
    "staircase y": lambda v: figures.staircase(N, v, **NAMES),
    "staircase ideal": lambda v: figures.staircase(N, N, ideal=v, **NAMES),
    "histogram values['a']": lambda v: figures.histogram({"b": N, "a": v}, xlabel="x"),
}


@pytest.mark.parametrize("values, told", [
    (MASKED, "is masked: fill it"), ([1.0, np.ma.masked, 3.0], "is masked: fill it"),
    (N * 1j, "holds no array of real numbers (complex128)"),
    (["1", "2", "3"], "holds no array of real numbers (<U1)"),
    ([1, [2, 3], 4], "holds no array of real numbers"),
    ([1, 1j, np.float64], "holds no array of real numbers"),
])
@pytest.mark.parametrize("where", DRAWN)
def test_what_cannot_be_drawn_as_it_is_is_named(where, values, told):
    with pytest.raises(TypeError, match=re.escape(f"{where.split(' ')[1]} {told}")):
        DRAWN[where](values)


@pytest.mark.parametrize("where", [where for where in DRAWN if "histogram" not in where])
def test_another_shape_than_that_of_x_is_named(where):
    name = where.split(" ")[1]
    told = (r"x has shape \(3, 1\): give one" if name == "x"
            else re.escape(f"{name} has shape (3, 1), x has (3,): give one value to each x"))
    with pytest.raises(ValueError, match=told):
        DRAWN[where](N[:, None])


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("where", [where for where in DRAWN if where.endswith(" x")])
def test_a_place_that_is_none_is_named(where, value):
    with pytest.raises(ValueError, match=f"x holds {value}, where nothing can be drawn: leave"):
        DRAWN[where]([1, value, 3])


@pytest.mark.parametrize("draw, told", [
    (lambda: DRAWN["error_against x"]([-2, 1, 2]), "x holds -2, for which a log axis"),
    (lambda: DRAWN["error_against_size x"]([0, 1, 2]), "x holds 0, for which a log axis"),
    (lambda: DRAWN["error_against errors['a']"]([1, -1e-3, 1]), "a holds -0.001, for which a log"),
    (lambda: DRAWN["error_against errors['a']"]([1, -np.inf, 1]), "a holds -inf, for which a log"),
    (lambda: DRAWN["error_against guide"]([1, -1, 1]), "guide holds -1, for which a log axis"),
])
def test_what_a_log_axis_has_no_place_for_is_named(draw, told):
    with pytest.raises(ValueError, match=told):
        draw()


def test_curves_on_a_log_axis_that_is_given_are_positive():
    own = figures.new_axes()
    own.set_yscale("log")
    with pytest.raises(ValueError, match="b holds 0, for which a log axis has no place"):
        figures.curves(N, {"a": N, "b": 0 * N}, ax=own, **NAMES)


def test_a_nan_is_a_gap():
    ax = figures.error_against(N, {"a": [1, np.nan, 3]}, xlabel="x")
    [curve] = ax.lines
    assert np.isnan(curve.get_ydata()).tolist() == [False, True, False]


def test_an_infinite_error_is_drawn_at_the_top_edge():
    ax = figures.error_against(N, {"a": [0, 1, np.inf]}, xlabel="x")
    ax.figure.canvas.draw()
    heights = {line.get_xdata()[0]: line.get_transform().transform(line.get_xydata())[0, 1]
               for line in ax.lines[1:]}
    assert heights == pytest.approx({10: ax.bbox.y0, 1000: ax.bbox.y1})


def test_fractions_are_numbers():
    ax = figures.curves(N, {"a": [Fraction(1, 4)] * 3}, **NAMES)
    assert ax.lines[0].get_ydata().tolist() == [0.25] * 3


@pytest.mark.parametrize("name", ["curves", "error_against"])
def test_curves_without_labels_are_named(name):
    with pytest.raises(TypeError, match="must be a dict of labels and values, as in"):
        getattr(figures, name)(N, N, **NAMES)


@pytest.mark.parametrize("values, options, told", [
    ({}, {}, "values must be a dict of labels and samples, with one or more, as in {'error': e}"),
    (N, {}, "values must be a dict of labels and samples"),
    ({"a": N, "b": [1, np.nan]}, {}, "values['b'] holds nan, for which there is no bin: leave it"),
    ({"a": [1, -np.inf]}, {"bins": [0, 1]}, "values['a'] holds -inf, for which there is no bin"),
    ({"a": [0, 1, 3.5]}, {"bins": [0, 1, 2]},
     "values['a'] holds 3.5, beyond the bins from 0 to 2: widen bins"),
])
def test_a_sample_without_a_bin_is_named(values, options, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        figures.histogram(values, xlabel="x", **options)


# --- Sizes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", figures.SIZES)
def test_sizes_come_from_the_table(size):
    assert tuple(figures.new_axes(size).figure.get_size_inches()) == figures.SIZES[size]


def test_an_unknown_size_is_named():
    with pytest.raises(ValueError, match="no figure size 'huge': choose from half, full"):
        figures.new_axes("huge")


# --- The style -----------------------------------------------------------------------------------

# Machado, Oliveira & Fernandes, IEEE TVCG 15 (2009): no working red, green or blue cones.
VISION = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    """Return a colour such as "#064cbd" as linear red, green and blue."""
    c = np.array([int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(colour, vision):
    """Return the CIELAB coordinates of a colour as it is seen."""
    seen = np.clip(np.asarray(VISION[vision]) @ linear(colour), 0, 1)
    t = XYZ @ seen / XYZ.sum(axis=1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def closest(colours, vision):
    """Return the distance in CIELAB of the two colours that are seen as most alike."""
    return min(np.linalg.norm(lab(a, vision) - lab(b, vision))
               for a, b in combinations(colours, 2))


def contrast(colour, ground):
    """Return the contrast ratio of WCAG 2."""
    dark, light = sorted(float(XYZ[1] @ linear(one)) for one in (colour, ground))
    return (light + 0.05) / (dark + 0.05)


def cycle():
    """Return the style's cycle: lists of colours and of dashes."""
    return matplotlib.rcParams["axes.prop_cycle"].by_key()


def dark_colours():
    """Return the colours that stand for the cycle's in the dark theme."""
    css = (ROOT / "web/assets/explore.css").read_text(encoding="utf-8")
    return re.findall(r"--lib-explore-\d: (#[0-9a-f]{6})", css)


# A distance of 2.3 is just noticeable; thin lines want ten times that.
@pytest.mark.parametrize("vision", VISION)
def test_colours_differ_for_every_kind_of_colour_vision(vision):
    assert closest(cycle()["color"], vision) >= 23
    assert closest(dark_colours(), vision) >= 23


def test_the_distance_sees_that_red_and_green_are_alike_without_green_cones():
    ten = ["#d62728", "#2ca02c"]    # of matplotlib's own cycle
    assert closest(ten, "all cones") > 100 and closest(ten, "deuteranopia") < 23


def test_colours_stand_out_from_their_ground():
    # WCAG 2.2, 1.4.11: graphical objects 3:1. The dark ground is the theme's.
    assert all(contrast(colour, "#ffffff") >= 3 for colour in cycle()["color"])
    assert all(contrast(colour, "#14181e") >= 3 for colour in dark_colours())


def test_each_colour_has_a_dash_of_its_own_and_a_dark_counterpart():
    assert len(cycle()["color"]) == len(dark_colours()) == len(set(map(str, cycle()["linestyle"])))
    assert len(figures.MARKERS) >= len(cycle()["color"])


def test_letters_are_legible_and_legends_opaque():
    style = matplotlib.rcParams
    assert all(style[name] >= 10 for name in (
        "font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize", "legend.fontsize"))
    assert style["legend.framealpha"] == 1


def test_the_style_does_not_need_ipython(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    figures.use_style()


# A machine on which matplotlib has never run; its patience of five seconds is used up at once.
FIRST_RUN = """
import threading

class Impatient:
    def __init__(self, seconds, action):
        self.start, self.cancel = action, lambda: None

threading.Timer = Impatient
{first_import}
import matplotlib.font_manager
assert not matplotlib.font_manager._log.disabled and matplotlib.font_manager._log.isEnabledFor(30)
"""


@pytest.mark.parametrize("first_import, told", [
    ("from lib.page import figures", False), ("import matplotlib.pyplot", True)])
def test_a_reader_is_not_told_of_a_font_cache(first_import, told, tmp_path):
    program = FIRST_RUN.format(first_import=first_import)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT,
                         env={**os.environ, "MPLCONFIGDIR": str(tmp_path)}, check=True)
    assert ("building the font cache" in run.stderr) == told
    assert told or not run.stderr


def test_what_numpy_or_python_would_refuse_without_a_name_is_refused_by_name():
    with pytest.raises(TypeError, match=r"ys\['a'\] holds no array of real numbers \(int"):
        figures.curves([1.0, 2.0], {"a": [10**400, 1]}, xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match=r"bins = 10 are none for these values \(Too many bins"):
        figures.histogram({"a": [1e17, 1e17]}, xlabel="x", bins=10)
    for size in (["half"], "third", None):
        with pytest.raises(ValueError, match=r"no figure size .*: choose from half, full"):
            figures.new_axes(size)
