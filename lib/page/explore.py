"""Show a figure that moves: one drawing function, and a control for each of its parameters.

With a kernel the controls are live widgets and every step is drawn anew. On the built page, where
no kernel is, they move through frames drawn beforehand, which share their pieces. Both show the
same grid of values, the same axes, the same words.
"""

import asyncio
import base64
import gzip
import hashlib
import html
import inspect
import io
import itertools
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from textwrap import fill, shorten

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from lib.page.pieces import Pieces

STYLE = matplotlib.rc_params_from_file(
    str(files("lib.page") / "book.mplstyle"), use_default_template=False
) | {"svg.fonttype": "path", "svg.hashsalt": "explore", "path.simplify_threshold": 0.2}
FRAMES = 400  # A grid of more would take a build minutes to draw.
BUDGET = 80_000  # Bytes of a figure on the page, after gzip.
PIXELS = 96  # CSS pixels in an inch.


# --- Parameters ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """The grid of one parameter: its values, how each is written, and the one to start from."""

    values: tuple
    texts: tuple
    start: int
    label: str | None
    control: str = "slider"


def Slider(lo, hi, n=31, init=None, label=None, fmt=".3g"):
    """Return a parameter of n evenly spaced values from lo to hi.

    Parameters
    ----------
    lo, hi : float
        The first and the last value, lo < hi.
    n : int
        How many values, at least 2.
    init : float, optional
        Where to start: the nearest value of the grid; lo by default.
    label : str, optional
        What the control is called; the parameter's name by default.
    fmt : str
        How a value is written. Values are rounded to what is written, so that what is shown is
        what is drawn.

    Raises
    ------
    ValueError
        If the grid is empty, or fmt writes two of its values alike.

    Examples
    --------
    >>> Slider(0, 1, 5).texts
    ('0', '0.25', '0.5', '0.75', '1')
    """
    _check_range("Slider", lo, hi, n)
    return _numbers(np.linspace(lo, hi, n), init, label, fmt)


def LogSlider(lo, hi, n=31, init=None, label=None, fmt=".3g"):
    """Return a parameter of n values from lo > 0 to hi, each the same multiple of the last.

    Arguments and errors are those of `Slider`.

    Examples
    --------
    >>> LogSlider(1e-8, 1e-6, 5).texts
    ('1e-8', '3.16e-8', '1e-7', '3.16e-7', '1e-6')
    """
    _check_range("LogSlider", lo, hi, n)
    if lo <= 0:
        raise ValueError(f"LogSlider needs lo > 0, got {lo}: a Slider may start there")
    return _numbers(np.geomspace(lo, hi, n), init, label, fmt)


def IntSlider(lo, hi, step=1, init=None, label=None):
    """Return a parameter of the integers lo, lo + step, ..., up to hi.

    Arguments and errors are those of `Slider`.

    Examples
    --------
    >>> IntSlider(2, 10, step=4).values
    (2, 6, 10)
    """
    if not all(isinstance(value, int) for value in (lo, hi, step)) or step < 1:
        raise ValueError(f"IntSlider needs integers and step > 0, got {lo}, {hi}, step={step}")
    values = range(lo, hi + 1, step)
    _check_range("IntSlider", lo, hi, len(values))
    return _numbers(values, init, label, "d")


def Choice(options, init=None, label=None):
    """Return a parameter that takes one of the options.

    Parameters
    ----------
    options : dict of str to object, or iterable
        What to choose from: text and value, or values that are written as ``str`` writes them.
    init : object, optional
        The option to start from, by its text or its value; the first by default.
    label : str, optional
        What the control is called; the parameter's name by default.

    Raises
    ------
    ValueError
        If there are fewer than two options, two are written alike, or init is none of them.

    Examples
    --------
    >>> Choice({"half": np.float16, "single": np.float32}, init="single").start
    1
    """
    values = tuple(options.values() if isinstance(options, Mapping) else options)
    texts = tuple(map(str, options if isinstance(options, Mapping) else values))
    if len(set(texts)) < max(2, len(texts)):
        raise ValueError(f"Choice needs two or more options with different texts, got {options}")
    if init is not None and init not in texts and init not in values:
        raise ValueError(f"Choice cannot start from {init!r}: give one of {', '.join(texts)}")
    start = 0 if init is None else texts.index(init) if init in texts else values.index(init)
    return Parameter(values, texts, start, label, "choice")


def _check_range(name, lo, hi, n):
    if not (math.isfinite(lo) and math.isfinite(hi) and lo < hi):
        raise ValueError(f"{name} needs finite lo < hi, got {lo} and {hi}")
    if n < 2:
        raise ValueError(f"{name} needs at least 2 values, got {n}: raise n or lower step")


def _numbers(grid, init, label, fmt):
    """Return the parameter that takes the grid's values as fmt writes them."""
    number = int if fmt == "d" else float
    written = [format(number(value), fmt) for value in grid]
    try:
        values = tuple(map(number, written))
    except ValueError as error:
        raise ValueError(f"fmt={fmt!r} writes {written[0]!r}, which is no number") from error
    if len(set(values)) < len(values):
        raise ValueError(f"fmt={fmt!r} writes two values alike: show more digits or lower n")
    if init is not None and not values[0] <= init <= values[-1]:
        raise ValueError(f"init={init} lies outside of {values[0]} ... {values[-1]}")
    start = 0 if init is None else min(range(len(values)), key=lambda i: abs(values[i] - init))
    texts = tuple(re.sub(r"e([+-])0*", lambda e: "e" + e[1].strip("+"), text) for text in written)
    return Parameter(values, texts, start, label)


# --- Drawing one frame ---------------------------------------------------------------------------


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


# --- A figure that moves -------------------------------------------------------------------------


def explore(draw, *, alt, panels=1, figsize=None, **params):
    """Display a figure with a control for each parameter of draw; return None.

    Parameters
    ----------
    draw : callable
        Draws one frame with matplotlib: ``draw(ax, **values)`` gets empty Axes, a tuple of them for
        panels > 1, and a value of each parameter. Limits that it leaves alone hold all frames. A
        frame on which it raises, or draws nothing finite, says so in words.
    alt : str
        What the figure shows, for those who do not see it.
    panels : int
        How many Axes stand side by side; on a narrow page they stack.
    figsize : (float, float), optional
        Width and height in inches.
    **params : Parameter
        One to three of `Slider`, `LogSlider`, `IntSlider`, `Choice`, named as in draw.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, there are more than 400 frames, or, on the page, they
        weigh more than 80 kB after gzip.
    Exception
        What draw raises, if it raises on every frame.

    Notes
    -----
    The environment variable ``EXPLORE_STATIC=1``, which the build of the book sets, chooses the
    form without a kernel.

    Examples
    --------
    >>> def draw(ax, k):
    ...     ax.plot([0, 1], [0, k])
    >>> explore(draw, alt="A line through the origin, of slope k.", k=Slider(0, 1, 3))
    <explore: k (3)>
    """
    _check(draw, alt, panels, params)
    sizes = [len(one.values) for one in params.values()]
    if math.prod(sizes) > FRAMES:
        raise ValueError(f"{' x '.join(map(str, sizes))} = {math.prod(sizes)} frames are more than "
                         f"{FRAMES}: give the controls fewer values, as in Slider(0, 1, 15)")
    grid = [dict(zip(params, values, strict=True))
            for values in itertools.product(*(one.values for one in params.values()))]
    start = int(np.ravel_multi_index([one.start for one in params.values()], sizes))
    stage = Stage(draw, panels, figsize or (5.2 if panels == 1 else 3.9 * panels, 3.4))
    stage.survey(grid, start)
    form = page if os.environ.get("EXPLORE_STATIC") == "1" else live
    display(Shown(params, form(stage, params, grid, start, alt)))


class Shown:
    """What a cell displays: a bundle of forms, of which a notebook stores the words alone."""

    def __init__(self, params, bundle):
        self.params, self.bundle = params, bundle

    def __repr__(self):
        grids = (f"{name} ({len(one.values)})" for name, one in self.params.items())
        return f"<explore: {', '.join(grids)}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.bundle


def _check(draw, alt, panels, params):
    """Raise an error that names what is wrong with the arguments of explore, and the remedy."""
    if not (isinstance(alt, str) and alt.strip()):
        raise ValueError(f"explore needs alt, a sentence that says what is seen; got {alt!r}")
    if not (isinstance(panels, int) and panels >= 1):
        raise ValueError(f"explore needs panels, an integer from 1 on; got {panels!r}")
    if not 1 <= len(params) <= 3:
        raise ValueError(f"explore takes one to three parameters, got {len(params)}")
    for name, one in params.items():
        if not isinstance(one, Parameter):
            raise TypeError(f"{name}={one!r} is no parameter: use Slider, LogSlider or the like")
    try:
        inspect.signature(draw).bind(None, **params)
    except TypeError as error:
        raise TypeError(f"draw must take axes, then {', '.join(params)}: {error}") from error


# --- On the page ---------------------------------------------------------------------------------

ID = "\ue000"  # Stands for the start of every id until all is drawn, and its digest known.
COLOURS = {"#000000": "currentColor", "#ffffff": "var(--lib-explore-paper,#fff)"} | {
    colour: f"var(--lib-explore-{number},{colour})"
    for number, colour in enumerate(STYLE["axes.prop_cycle"].by_key()["color"])
}


def page(stage, params, grid, start, alt):
    """Return the form that moves without a kernel: controls, the first frame, all pieces."""
    pieces, frames, words = Pieces(COLOURS, ID), [], {}
    for number, values in enumerate(grid):
        said, _ = stage.frame(values)
        frames.append(pieces.pack(stage.svg()))
        words |= {number: said} if said else {}
    data = {"alt": alt, "frames": frames, "pieces": list(pieces.pieces), "words": words,
            "texts": [one.texts for one in params.values()]}
    # A "<" in the data could end the script element.
    data = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", r"\u003c")
    code = (
        '<div class="lib-explore" role="group" aria-label="Interactive figure">'
        '<div class="lib-explore-controls">'
        f'{"".join(_control(name, one) for name, one in params.items())}</div>'
        f'<div class="lib-explore-picture" role="img" aria-label="{html.escape(alt)}" '
        f'data-frame="{start}">{_windows(stage, pieces, frames[start])}</div>'
        '<p class="lib-explore-words" role="status">'
        f'{html.escape(words.get(start, ""))}</p>'
        f'<script type="application/json">{data}</script></div>'
    )
    code = code.replace(ID, f"x{hashlib.sha256(code.encode()).hexdigest()[:8]}-")
    weight = len(gzip.compress(code.encode()))
    if weight > BUDGET:
        raise ValueError(f"explore: {len(grid)} frames weigh {weight // 1000} kB after gzip, more "
                         f"than {BUDGET // 1000}: take fewer values or draw fewer points and lines")
    return {"text/html": code, "image/png": _still(stage, grid[start])}


def _still(stage, values):
    """Return one frame as PNG in base64, for readers of notebooks that show nothing better."""
    stage.frame(values)
    return base64.b64encode(stage.png()).decode()


def _windows(stage, pieces, frame):
    """Return the picture as one window for each panel, so that a narrow page can stack them."""
    width, height = 72 * stage.figsize[0] / stage.panels, 72 * stage.figsize[1]
    inside = [f'<defs>{pieces.defined()}</defs><g id="{ID}">{pieces.drawn(frame)}</g>']
    inside += [f'<use href="#{ID}"/>'] * (stage.panels - 1)
    return "".join(
        f'<svg viewBox="{number * width:g} 0 {width:g} {height:g}" aria-hidden="true" '
        f'style="max-width:{width * PIXELS / 72:.0f}px">{one}</svg>'
        for number, one in enumerate(inside)
    )


def _control(name, one):
    """Return the row of a parameter; the script enables its control and the button that plays."""
    label, text = html.escape(one.label or name), html.escape(one.texts[one.start])
    common = f'id="{ID}{name}" autocomplete="off" disabled'
    if one.control == "choice":
        options = "".join(f'<option value="{i}"{" selected" * (i == one.start)}>'
                          f"{html.escape(text)}</option>" for i, text in enumerate(one.texts))
        control = f"<select {common}>{options}</select>"
    else:
        control = (f'<input {common} type="range" min="0" max="{len(one.values) - 1}" '
                   f'value="{one.start}" aria-valuetext="{text}">'
                   f'<span aria-hidden="true">{text}</span>')
    return (f'<label for="{ID}{name}">{label}</label><button type="button" '
            f'aria-label="Play {label}" disabled>▶</button>{control}')


# --- With a kernel -------------------------------------------------------------------------------

VIEW = "application/vnd.jupyter.widget-view+json"
HIDDEN = ('<div style="position:absolute; width:1px; height:1px; overflow:hidden; '
          'clip-path:inset(50%)"><p>{}</p><p role="status">{}</p></div>')


def live(stage, params, grid, start, alt):
    """Return the form that a kernel draws anew at each step, on the same grid of values."""
    box = widget(stage, params, alt)
    return {VIEW: box._repr_mimebundle_()[VIEW], "image/png": _still(stage, grid[start])}


def widget(stage, params, alt):
    """Return a box of the rows of controls, the picture, and its words for screen readers."""
    import ipywidgets as widgets

    rows, controls = zip(*(_row(name, one) for name, one in params.items()), strict=True)
    picture = widgets.Image(format="png", layout={
        "width": f"{stage.figsize[0] * PIXELS:.0f}px", "max_width": "100%"})
    words = widgets.HTML()  # The image has no alt of its own, and fails on a tooltip.

    def repaint():
        values = {name: one.values[control.index]
                  for (name, one), control in zip(params.items(), controls, strict=True)}
        said, _ = stage.frame(values)
        picture.value = stage.png()
        setting = ", ".join(f"{control.description} = {control.label}" for control in controls)
        words.value = HIDDEN.format(html.escape(f"{alt} ({setting})"), html.escape(said))

    repaint()
    later = Latest(repaint)  # A slider that is dragged sends more values than can be drawn.
    for control in controls:
        control.observe(later, "index")
    return widgets.VBox([*rows, picture, words])


def _row(name, one):
    """Return the row of a parameter, and its control, whose index is that of the grid."""
    import ipywidgets as widgets

    kind, interval = (widgets.Dropdown, 1000) if one.control == "choice" else (
        widgets.SelectionSlider, 200)
    control = kind(options=one.texts, index=one.start, description=one.label or name,
                   style={"description_width": "initial"})
    play = widgets.Play(value=one.start, max=len(one.values) - 1, interval=interval)
    widgets.jslink((play, "value"), (control, "index"))
    return widgets.HBox([control, play]), control


class Latest:
    """Call an action soon after a change, once for all the changes that come in until then."""

    def __init__(self, action, delay=0.005):
        self.action, self.delay, self.waiting = action, delay, False

    def __call__(self, change=None):
        """Note a change; without a running event loop, and so without a queue, act at once."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._act()
        else:
            if not self.waiting:
                self.waiting = True
                loop.call_later(self.delay, self._act)

    def _act(self):
        self.waiting = False
        self.action()
