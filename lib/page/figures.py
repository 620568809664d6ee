"""Draw the book's figures: arrays in, Axes out, nothing computed.

Every function draws on the Axes that it is given or on a new half-width figure, takes its look
from ``book.mplstyle``, and tells methods apart by colour, dash and marker.

A nan or an infinity among the values of a curve is a gap. All else that a figure would leave out
in silence, or show as what it is not, is refused by name: masked or complex values, curves of
another shape than x, values for which a log axis or a histogram has no place.
"""

import logging
import sys
from collections.abc import Mapping
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
    if not isinstance(size, str) or size not in SIZES:
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

    Raises
    ------
    TypeError, ValueError
        If values cannot be drawn as they are, as the head of this module says.
    """
    ax = ax or new_axes()
    x = _places(x)
    ys = _curves(ys, "ys", x.shape)
    _check_log(ax, x, ys)
    for number, (label, y) in enumerate(ys.items()):
        marker = MARKERS[number % len(MARKERS)] if markers else None
        ax.plot(x, y, marker=marker, label=label)
    if guide:
        y = _numbers(guide[1], "guide", x.shape)
        _check_log(ax, x, {"guide": np.where(y == 0, np.nan, y)})
        ax.plot(x, y, color="black", linestyle=":", linewidth=1.2, label=guide[0])
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
        log axis would drop, are drawn as markers on the bottom edge, infinities on the top edge.
    xlabel, ylabel : str
        Names of the axes.
    guide : (str, array_like), optional
        Label and values of a dotted curve to compare with, such as ("n u", n * u).
    ax : Axes, optional
        Where to draw; a new half-width figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If values cannot be drawn as they are, as the head of this module says.
    """
    ax = ax or new_axes()
    x = _places(x)
    errors = _curves(errors, "errors", x.shape)
    ax.loglog()
    before = len(ax.lines)
    inside = {label: np.where((y == 0) | (y == np.inf), np.nan, y) for label, y in errors.items()}
    curves(x, inside, xlabel=xlabel, ylabel=ylabel, guide=guide, markers=True, ax=ax)
    for line, y in zip(ax.lines[before:], errors.values(), strict=False):
        for edge, value in enumerate((0, np.inf)):
            if np.any(y == value):
                there = x[y == value]
                ax.plot(there, np.full(len(there), edge), transform=ax.get_xaxis_transform(),
                        clip_on=False, color=line.get_color(), marker=line.get_marker(),
                        linestyle="none", zorder=3)
    return ax


def error_against_size(n, errors, *, guide=None, ax=None):
    """Draw relative error against problem size, on log-log axes.

    Parameters
    ----------
    n : array_like, shape (k,)
        Problem sizes.
    errors : dict of str to array_like, shape (k,)
        One curve per method, drawn in the dict's order and labelled by its key.
        Zeros are drawn at the bottom edge, infinities at the top edge, not dropped.
    guide : (str, array_like), optional
        Label and values of a dotted reference curve, such as ("n u", n * u).
    ax : Axes, optional
        Where to draw; a new half-width figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If values cannot be drawn as they are, as the head of this module says.
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

    Raises
    ------
    TypeError, ValueError
        If values cannot be drawn as they are, as the head of this module says.
    """
    ax = ax or new_axes()
    x = _places(x)
    ax.step(x, _numbers(y, "y", x.shape), where="mid", linestyle="-", label="computed")
    if ideal is not None:
        ax.plot(x, _numbers(ideal, "ideal", x.shape), color="black", linestyle=":", linewidth=1.2,
                label="exact")
        ax.legend()
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return ax


def histogram(values, *, xlabel, bounds=None, bins=40, ax=None):
    """Draw how values, such as rounding errors in units of u, are distributed.

    Parameters
    ----------
    values : dict of str to array_like
        The samples of each method, finite, drawn as outlines and labelled by their key.
    xlabel : str
        Name of the horizontal axis.
    bounds : (float, float), optional
        Two values to mark, such as the bounds of a theorem.
    bins : int or array_like
        As in ``numpy.histogram``; the bins of all methods together, which must hold all samples.
    ax : Axes, optional
        Where to draw; a new half-width figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If values cannot be drawn as they are, as the head of this module says.
    """
    ax = ax or new_axes()
    values = _samples(values)
    edges = _edges(values, bins)
    for number, (label, sample) in enumerate(values.items()):
        dashes = plt.rcParams["axes.prop_cycle"].by_key().get("linestyle", ["-"])
        ax.hist(sample, edges, histtype="step", linewidth=1.8, label=label,
                linestyle=dashes[number % len(dashes)])
    for bound in bounds or ():
        ax.axvline(bound, color="black", linestyle=":", linewidth=1.2)
    ax.set(xlabel=xlabel, ylabel="how many")
    if len(values) > 1:
        ax.legend()
    return ax


def _numbers(values, name, shape=None):
    """Return values as an array of floats of a shape; refuse what would not be drawn as it is."""
    parts = values if isinstance(values, list | tuple) else ()
    if any(map(np.ma.isMaskedArray, (values, *parts))):
        raise TypeError(f"{name} is masked: fill it, as in y.filled(np.nan), which leaves a gap")
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biufO":
            raise TypeError(array.dtype)
        array = array.astype(float)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} holds no array of real numbers ({error}): give floats, such as "
                        "the np.abs of complex numbers") from error
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, x has {shape}: give one value to each x")
    return array


def _places(x):
    """Return x as an array of floats; refuse one that is no row of places on an axis."""
    x = _numbers(x, "x")
    if x.ndim != 1:
        raise ValueError(f"x has shape {x.shape}: give one dimension, as in np.ravel(x)")
    lost = x[~np.isfinite(x)]
    if lost.size:
        raise ValueError(f"x holds {lost[0]}, where nothing can be drawn: leave these points out")
    return x


def _curves(ys, name, shape):
    """Return the values of each curve as an array of floats of a shape."""
    if not isinstance(ys, Mapping):
        raise TypeError(f"{name} must be a dict of labels and values, as in {{'computed': y}}; "
                        f"got {ys!r}")
    return {label: _numbers(y, f"{name}[{label!r}]", shape) for label, y in ys.items()}


def _check_log(ax, x, ys):
    """Refuse values for which a log axis has no place."""
    for scale, arrays in ((ax.get_xscale(), {"x": x}), (ax.get_yscale(), ys)):
        for name, values in arrays.items() if scale == "log" else ():
            if np.any(values <= 0):
                raise ValueError(f"{name} holds {values[values <= 0][0]:.3g}, for which a log axis "
                                 "has no place: give positive values, such as absolute errors")


def _samples(values):
    """Return the samples of each method as a flat array of finite floats."""
    if not (isinstance(values, Mapping) and values):
        raise ValueError("values must be a dict of labels and samples, with one or more, as in "
                         f"{{'error': e}}; got {values!r}")
    flat = {label: _numbers(one, f"values[{label!r}]").ravel() for label, one in values.items()}
    for label, sample in flat.items():
        lost = sample[~np.isfinite(sample)]
        if lost.size:
            raise ValueError(f"values[{label!r}] holds {lost[0]}, for which there is no bin: leave "
                             "it out, as in e[np.isfinite(e)], and say how many")
    return flat


def _edges(samples, bins):
    """Return the edges of bins that hold all samples."""
    try:
        edges = np.histogram_bin_edges(np.concatenate(list(samples.values())), bins)
    except (TypeError, ValueError) as error:  # NumPy's message knows no name
        raise ValueError(f"bins = {bins!r} are none for these values ({error}): give their edges, "
                         "in ascending order, or fewer of them") from error
    for label, sample in samples.items():
        lost = sample[(sample < edges[0]) | (sample > edges[-1])]
        if lost.size:
            raise ValueError(f"values[{label!r}] holds {lost[0]:.3g}, beyond the bins from "
                             f"{edges[0]:.3g} to {edges[-1]:.3g}: widen bins")
    return edges
