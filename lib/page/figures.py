"""Draw the book's figures: arrays in, Axes out, nothing computed.

Every function draws on the Axes that it is given or on a new half-width figure, takes its look
from ``book.mplstyle``, and tells methods apart by colour, dash and marker.
"""

import logging
import sys
from importlib.resources import files

# The first import on a machine lists its fonts and would say so below a reader's first cell.
_fonts = logging.getLogger("matplotlib.font_manager")
_level = _fonts.level
_fonts.setLevel(logging.ERROR)

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib import style  # noqa: E402

_fonts.setLevel(_level)

SIZES = {"half": (4.8, 3.2), "full": (7.2, 3.6)}  # inches
MARKERS = "osD^vP"


def use_style():
    """Draw all figures from here on in the book's style, in a notebook sharply and uncropped."""
    style.use(files("lib.page") / "book.mplstyle")
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina", bbox_inches=None)


def new_axes(size="half"):
    """Return the Axes of a new figure: size "half" or "full" of the text's width."""
    if size not in SIZES:
        raise ValueError(f"no figure size {size!r}: choose from {', '.join(SIZES)}")
    return plt.subplots(figsize=SIZES[size])[1]


def curves(x, ys, *, xlabel, ylabel, guide=None, markers=False, ax=None):
    """Draw curves over one x, on linear axes.

    Parameters
    ----------
    x : array_like, shape (k,)
        Where the curves are known.
    ys : dict of str to array_like, shape (k,)
        One curve per key, drawn in the dict's order and labelled by its key.
    xlabel, ylabel : str
        Names of the axes.
    guide : (str, array_like), optional
        Label and values of a thin dotted curve to compare with, such as ("exact", x).
    markers : bool
        Whether to mark each point: for few points, or points that are no samples of a curve.
    ax : Axes, optional
        Where to draw; a new half-width figure by default. Its scales are kept.

    Returns
    -------
    Axes
    """
    ax = ax or new_axes()
    for number, (label, y) in enumerate(ys.items()):
        marker = MARKERS[number % len(MARKERS)] if markers else None
        ax.plot(x, y, marker=marker, label=label)
    if guide:
        ax.plot(x, guide[1], color="black", linestyle=":", linewidth=1.2, label=guide[0])
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if guide or len(ys) > 1:
        ax.legend()
    return ax


def error_against(x, errors, *, xlabel, ylabel="relative error", guide=None, ax=None):
    """Draw errors against x, on log-log axes.

    Parameters
    ----------
    x : array_like, shape (k,)
        What the error depends on, positive.
    errors : dict of str to array_like, shape (k,)
        One curve per method, drawn in the dict's order and labelled by its key. Zeros, which a
        log axis would drop, are drawn as markers on the bottom edge.
    xlabel, ylabel : str
        Names of the axes.
    guide : (str, array_like), optional
        Label and values of a dotted curve to compare with, such as ("n u", n * u).
    ax : Axes, optional
        Where to draw; a new half-width figure by default.

    Returns
    -------
    Axes
    """
    ax = ax or new_axes()
    ax.loglog()
    x, before = np.asarray(x), len(ax.lines)
    positive = {label: np.where(np.asarray(y) == 0, np.nan, y) for label, y in errors.items()}
    curves(x, positive, xlabel=xlabel, ylabel=ylabel, guide=guide, markers=True, ax=ax)
    for line, y in zip(ax.lines[before:], errors.values(), strict=False):
        zero = x[np.asarray(y) == 0]
        ax.plot(zero, np.zeros(len(zero)), transform=ax.get_xaxis_transform(), clip_on=False,
                color=line.get_color(), marker=line.get_marker(), linestyle="none", zorder=3)
    return ax


def error_against_size(n, errors, *, guide=None, ax=None):
    """Draw relative error against problem size, on log-log axes.

    Parameters
    ----------
    n : array_like, shape (k,)
        Problem sizes.
    errors : dict of str to array_like, shape (k,)
        One curve per method, drawn in the dict's order and labelled by its key.
        Zeros are drawn at the bottom edge, not dropped.
    guide : (str, array_like), optional
        Label and values of a dotted reference curve, such as ("n u", n * u).
    ax : Axes, optional
        Where to draw; a new half-width figure by default.

    Returns
    -------
    Axes
    """
    return error_against(n, errors, xlabel="$n$", guide=guide, ax=ax)


def staircase(x, y, *, ideal=None, xlabel, ylabel, ax=None):
    """Draw a function that rounding has broken into steps, and the line it should be.

    Parameters
    ----------
    x, y : array_like, shape (k,)
        The rounded function, k dense samples in ascending order of x.
    ideal : array_like, shape (k,), optional
        The function without rounding.
    xlabel, ylabel : str
        Names of the axes.
    ax : Axes, optional
        Where to draw; a new half-width figure by default.

    Returns
    -------
    Axes
    """
    ax = ax or new_axes()
    ax.step(x, y, where="mid", linestyle="-", label="computed")
    if ideal is not None:
        ax.plot(x, ideal, color="black", linestyle=":", linewidth=1.2, label="exact")
        ax.legend()
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return ax


def histogram(values, *, xlabel, bounds=None, bins=40, ax=None):
    """Draw how values, such as rounding errors in units of u, are distributed.

    Parameters
    ----------
    values : dict of str to array_like
        The samples of each method, drawn as outlines and labelled by their key.
    xlabel : str
        Name of the horizontal axis.
    bounds : (float, float), optional
        Two values to mark, such as the bounds of a theorem.
    bins : int or array_like
        As in ``numpy.histogram``; the bins of all methods together.
    ax : Axes, optional
        Where to draw; a new half-width figure by default.

    Returns
    -------
    Axes
    """
    ax = ax or new_axes()
    edges = np.histogram_bin_edges(np.concatenate([np.ravel(v) for v in values.values()]), bins)
    for number, (label, sample) in enumerate(values.items()):
        dashes = plt.rcParams["axes.prop_cycle"].by_key().get("linestyle", ["-"])
        ax.hist(np.ravel(sample), edges, histtype="step", linewidth=1.8, label=label,
                linestyle=dashes[number % len(dashes)])
    for bound in bounds or ():
        ax.axvline(bound, color="black", linestyle=":", linewidth=1.2)
    ax.set(xlabel=xlabel, ylabel="how many")
    if len(values) > 1:
        ax.legend()
    return ax
