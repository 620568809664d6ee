"""Draw the frames of a figure that moves, one at a time, on the same limits and in one place."""

import base64
import io
import re
from importlib.resources import files
from textwrap import fill, shorten

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

STYLE = matplotlib.rc_params_from_file(
    str(files("lib.page") / "book.mplstyle"), use_default_template=False
) | {"svg.fonttype": "path", "svg.hashsalt": "explore", "path.simplify_threshold": 0.2}
PIXELS = 96  # CSS pixels in an inch.
EMPTY = "Nothing finite to draw."
# Where an axis ends. Beyond it lie margins and ticks, on a log axis one more beyond each side, and
# all must be floats; else matplotlib raises an error, or in silence shows an axis from 1 to 10.
REACH = {"linear": 1e300, "log": 1e100}
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # What XML 1.0 has no place for.


class Stage:
    """Where the frames are drawn, one at a time: the same limits, axes in the same place."""

    def __init__(self, draw, panels, figsize):
        self.draw, self.panels, self.figsize = draw, panels, figsize
        self.figure, self.limits, self.boxes, self.surveyed = None, {}, [], False

    def frame(self, values):
        """Draw one frame; return what it says in words, if anything, and the error of draw."""
        with matplotlib.rc_context(STYLE), np.errstate(all="ignore"):
            try:
                axes = self._empty()
                self.draw(axes[0] if self.panels == 1 else axes, **values)
                words = ["" if _visible(ax) else EMPTY for ax in axes]
                for ax, (_, name, scale) in self._free():
                    _check_reach(ax, name, scale)
                (self._hold if self.surveyed else self._widen)()
            except Exception as caught:
                return self._refuse(caught), caught
            _say(axes, words)
        return " ".join(filter(None, words)), None

    def survey(self, grid, start):
        """Draw all frames to learn limits that hold each of them, and one place for the axes.

        Raises the error of draw, or of what it has asked to be drawn, if every frame fails.
        """
        errors = [self.frame(values)[1] for values in grid]
        if all(errors):
            raise errors[0]
        self.surveyed = True
        layouts, errors = zip(*(self._layout(grid[index]) for index in {0, start, len(grid) - 1}),
                              strict=True)
        if all(errors) and all(self._layout(values)[1] for values in grid):
            raise errors[0]
        self.boxes = [_common(places) for places in zip(*layouts, strict=False)]
        for side, choose in ((1, max), (3, min)):  # The panels stand on one level.
            level = choose(box[side] for box in self.boxes[: self.panels])
            for box in self.boxes[: self.panels]:
                box[side] = level

    def svg(self, values):
        """Return one frame as SVG, and what it says in words, if anything."""
        return self._shown(values, _svg)[:2]

    def png(self, values):
        """Return one frame as PNG, at twice the resolution of a plain screen, and its words."""
        return self._shown(values, _png)[:2]

    def still(self, values):
        """Return one frame as PNG in base64, for readers of notebooks that show nothing better."""
        return base64.b64encode(self.png(values)[0]).decode()

    def _shown(self, values, write):
        """Return what write makes of a frame, the words of the frame, and its error.

        Labels and ticks are read only now, so that what draw has asked for may still fail.
        """
        said, error = self.frame(values)
        with matplotlib.rc_context(STYLE), np.errstate(all="ignore"):
            try:
                return write(self.figure), said, error
            except Exception as caught:
                said = self._refuse(caught)
                return write(self.figure), said, caught

    def _refuse(self, error):
        """Draw nothing but words that tell an error; return them."""
        axes = self._empty()
        for ax in axes:
            ax.set_axis_off()
        if self.surveyed:
            self._hold()
        text = f"Cannot be drawn. {type(error).__name__}: {error}"
        words = shorten(re.sub(CONTROLS, " ", text), 200)
        _say(axes, [words])
        return words

    def _empty(self):
        """Start a new figure and return its axes: that costs no more than clearing an old one."""
        self.figure = Figure(figsize=self.figsize, layout="constrained")
        parts = self.figure.subfigures(1, self.panels, squeeze=False)[0]
        return tuple(part.subplots() for part in parts)

    def _free(self):
        """Yield axes and key of the limits that draw has left alone; the key names the scale."""
        for number, ax in enumerate(self.figure.axes):
            for name in "xy":
                if getattr(ax, f"get_autoscale{name}_on")():
                    yield ax, (number, name, getattr(ax, f"get_{name}scale")())

    def _widen(self):
        for ax, key in self._free():
            if _visible(ax):
                low, high = getattr(ax, f"get_{key[1]}lim")()
                old = self.limits.get(key, (low, high))
                self.limits[key] = min(low, old[0]), max(high, old[1])

    def _hold(self):
        free = list(self._free())
        for ax, _ in free:  # Nothing positive on a log axis would be warned of.
            ax.autoscale(False)
        for ax, key in free:
            if key in self.limits:
                getattr(ax, f"set_{key[1]}lim")(self.limits[key])
        if self.boxes:
            self.figure.set_layout_engine("none")
        for ax, (left, bottom, right, top) in zip(self.figure.axes, self.boxes, strict=False):
            ax.set_position((left, bottom, right - left, top - bottom))

    def _layout(self, values):
        """Return where the axes stand in a frame that is laid out alone, and its error."""
        *_, error = self._shown(values, Figure.draw_without_rendering)
        return [ax.get_position(original=True).extents for ax in self.figure.axes], error


def _svg(figure):
    """Return a figure as SVG; the canvas, unlike savefig, draws it only once."""
    FigureCanvasSVG(figure).print_svg(text := io.StringIO())
    return re.sub(CONTROLS, "", text.getvalue())  # Its comments quote the texts as they are.


def _png(figure):
    figure.dpi = 144
    FigureCanvasAgg(figure).print_png(data := io.BytesIO(), pil_kwargs={"compress_level": 1})
    return data.getvalue()


def _say(axes, words):
    """Write words into the middle of axes, as they are: a dollar in them is no formula."""
    for ax, text in zip(axes, words, strict=False):
        ax.text(0.5, 0.5, fill(text, 36), transform=ax.transAxes, ha="center", va="center",
                parse_math=False)


def _common(boxes):
    """Return what the boxes (left, bottom, right, top) have in common."""
    left, bottom, right, top = zip(*boxes, strict=True)
    return [max(left), max(bottom), min(right), min(top)]


def _visible(ax):
    """Whether the axes show something: text, or data of which a part is finite and in range."""
    if not (ax.lines or ax.patches or ax.collections or ax.images):
        return bool(ax.texts or ax.tables or ax.artists)
    limits = ax.dataLim
    shown = [np.isfinite(ends).all() and (scale == "linear" or smallest < np.inf)
             for ends, scale, smallest in ((limits.intervalx, ax.get_xscale(), limits.minposx),
                                           (limits.intervaly, ax.get_yscale(), limits.minposy))
             if np.isfinite(ends).any()]
    return bool(shown) and all(shown)


def _check_reach(ax, name, scale):
    """Raise an error if an axis would have to reach further than matplotlib can follow."""
    low, high = getattr(ax.dataLim, f"interval{name}")
    largest = high if scale == "log" else max(-low, high)
    if REACH.get(scale, np.inf) < largest < np.inf:
        raise OverflowError(f"{largest:.3g} is beyond the {REACH[scale]:g} that a {scale} axis can "
                            "reach: scale the values, or draw their logarithms")
