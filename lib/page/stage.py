"""Draw the frames of a figure that moves, one at a time, on the same limits and in one place."""

import base64
import io
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


class Stage:
    """Where the frames are drawn, one at a time: the same limits, axes in the same place."""

    def __init__(self, draw, panels, figsize):
        self.draw, self.panels, self.figsize = draw, panels, figsize
        self.figure, self.limits, self.boxes, self.surveyed = None, {}, [], False

    def frame(self, values):
        """Draw one frame; return what it says in words, if anything, and the error of draw."""
        with matplotlib.rc_context(STYLE), np.errstate(all="ignore"):
            axes, error = self._empty(), None
            try:
                self.draw(axes[0] if self.panels == 1 else axes, **values)
                words = ["" if _visible(ax) else "Nothing finite to draw." for ax in axes]
            except Exception as caught:
                axes, error = self._empty(), caught
                words = [shorten(f"Cannot be drawn. {type(caught).__name__}: {caught}", 200)]
                for ax in axes:
                    ax.set_axis_off()
            (self._hold if self.surveyed else self._widen)()
            for ax, text in zip(axes, words, strict=False):
                ax.text(0.5, 0.5, fill(text, 36), transform=ax.transAxes, ha="center", va="center")
        return " ".join(filter(None, words)), error

    def survey(self, grid, start):
        """Draw all frames to learn limits that hold each of them, and one place for the axes.

        Raises the error of draw if it fails on every frame.
        """
        errors = [self.frame(values)[1] for values in grid]
        if all(errors):
            raise errors[0]
        self.surveyed = True
        layouts = [self._layout(grid[index]) for index in {0, start, len(grid) - 1}]
        self.boxes = [_common(places) for places in zip(*layouts, strict=False)]
        for side, choose in ((1, max), (3, min)):  # The panels stand on one level.
            level = choose(box[side] for box in self.boxes[: self.panels])
            for box in self.boxes[: self.panels]:
                box[side] = level

    def svg(self):
        """Return the figure as SVG; the canvas, unlike savefig, draws it only once."""
        with matplotlib.rc_context(STYLE):
            FigureCanvasSVG(self.figure).print_svg(text := io.StringIO())
        return text.getvalue()

    def png(self):
        """Return the figure as PNG, at twice the resolution of a plain screen."""
        with matplotlib.rc_context(STYLE):
            self.figure.dpi = 144
            canvas = FigureCanvasAgg(self.figure)
            canvas.print_png(data := io.BytesIO(), pil_kwargs={"compress_level": 1})
        return data.getvalue()

    def still(self, values):
        """Return one frame as PNG in base64, for readers of notebooks that show nothing better."""
        self.frame(values)
        return base64.b64encode(self.png()).decode()

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
        self.frame(values)
        with matplotlib.rc_context(STYLE):
            self.figure.draw_without_rendering()
        return [ax.get_position(original=True).extents for ax in self.figure.axes]


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
