"""Show a figure that moves: one drawing function, and a control for each of its parameters.

With a kernel the controls are live widgets and every step is drawn anew. On the built page, where
no kernel is, they move through frames drawn beforehand: SVG whose pieces, letters among them, are
stored once and shared by all frames. Both show the same grid of values, the same axes and words.
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
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

STYLE = matplotlib.rc_params_from_file(
    str(files("lib") / "book.mplstyle"), use_default_template=False
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
    pairs = options if isinstance(options, Mapping) else {str(value): value for value in options}
    texts, values = tuple(map(str, pairs)), tuple(pairs.values())
    if len(texts) < 2:
        raise ValueError(f"Choice needs two options or more with different texts, got {options}")
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
    """Where the frames are drawn, one at a time: equal axes in equal places."""

    def __init__(self, draw, panels, figsize):
        self.draw, self.panels, self.figsize = draw, panels, figsize
        self.figure, self.limits, self.boxes = None, {}, []

    def frame(self, values):
        """Draw one frame; return what it says in words, if anything, and the error of draw."""
        with matplotlib.rc_context(STYLE), np.errstate(all="ignore"):
            axes, error = self._empty(), None
            try:
                self.draw(axes[0] if self.panels == 1 else axes, **values)
                words = ["" if _visible(ax) else "Nothing finite to draw." for ax in axes]
            except Exception as caught:
                axes, error = self._empty(), caught
                words = [f"Cannot be drawn. {type(caught).__name__}: {caught}"]
                for ax in axes:
                    ax.set_axis_off()
            for ax, text in zip(axes, words, strict=False):
                ax.text(0.5, 0.5, textwrap.fill(text, 36), transform=ax.transAxes,
                        ha="center", va="center")
            self._hold()
        return " ".join(filter(None, words)), error

    def survey(self, grid, start):
        """Draw all frames to learn limits that hold each of them and one place for the axes.

        Raises the error of draw if it fails on every frame.
        """
        errors = []
        for values in grid:
            errors.append(self.frame(values)[1])
            self._widen()
        if all(errors):
            raise errors[0]
        with matplotlib.rc_context(STYLE):
            layouts = [self._layout(grid[index]) for index in {0, start, len(grid) - 1}]
        boxes = [_common(places) for places in zip(*layouts, strict=False)]
        bottom = max(box[1] for box in boxes[: self.panels])
        top = min(box[3] for box in boxes[: self.panels])
        panels = [(left, bottom, right, top) for left, _, right, _ in boxes[: self.panels]]
        self.boxes = panels + boxes[self.panels :]

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
        self.figure = Figure(figsize=self.figsize, layout="none")
        parts = self.figure.subfigures(1, self.panels, squeeze=False)[0]
        return tuple(part.subplots() for part in parts)

    def _free(self):
        """Yield the axes whose limits draw has left to be chosen, with a setter of limits."""
        for number, ax in enumerate(self.figure.axes):
            for name in "xy":
                if getattr(ax, f"get_autoscale{name}_on")():
                    yield (number, name, getattr(ax, f"get_{name}scale")()), ax

    def _widen(self):
        for key, ax in self._free():
            if _visible(ax) and ax.axison:
                low, high = getattr(ax, f"get_{key[1]}lim")()
                old = self.limits.get(key, (low, high))
                self.limits[key] = min(low, old[0]), max(high, old[1])

    def _hold(self):
        for key, ax in self._free():
            if self.boxes and key in self.limits:
                getattr(ax, f"set_{key[1]}lim")(self.limits[key])
        for ax, (left, bottom, right, top) in zip(self.figure.axes, self.boxes, strict=False):
            ax.set_position((left, bottom, right - left, top - bottom))

    def _layout(self, values):
        self.frame(values)
        self.figure.set_layout_engine("constrained")
        self.figure.draw_without_rendering()
        return [ax.get_position(original=True).extents for ax in self.figure.axes]


def _common(boxes):
    """Return the part that the boxes (left, bottom, right, top) have in common."""
    left, bottom, right, top = zip(*boxes, strict=True)
    return max(left), max(bottom), min(right), min(top)


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


# --- Packing the frames --------------------------------------------------------------------------

ID = "\ue000"  # Stands for the start of every id until all is drawn, and its digest known.
COLOURS = {"#000000": "currentColor", "#ffffff": "var(--lib-explore-paper,#fff)"} | {
    colour: f"var(--lib-explore-{number},{colour})"
    for number, colour in enumerate(STYLE["axes.prop_cycle"].by_key()["color"])
}


class Pieces:
    """The drawn pieces of all frames and the shapes that they refer to, each stored once."""

    def __init__(self):
        self.shapes, self.pieces = {}, {}

    def pack(self, svg):
        """Return a picture as the numbers of its pieces, in the order of drawing."""
        root, ids = ET.fromstring(svg), {}
        for shape in root.iterfind(".//{*}defs/*[@id]"):
            number = self.shapes.setdefault(_markup(shape, ids), len(self.shapes))
            ids[shape.get("id")] = f"{ID}{number:x}"
        return [self.pieces.setdefault(_markup(node, ids), len(self.pieces))
                for node in _drawn(root)]


def _drawn(node):
    """Yield the elements that draw, without the groups that do nothing but name them."""
    for child in node:
        name = child.tag.split("}")[1]
        if name == "g" and not set(child.attrib) - {"id"}:
            yield from _drawn(child)
        elif name not in ("defs", "metadata"):
            yield child


def _markup(node, ids):
    """Return an element as text: short numbers, the page's colours, the shapes' own names."""
    name = node.tag.split("}")[1]
    text = f"<{name}"
    for key, value in node.attrib.items():
        key = key.split("}")[-1]
        if key == "d":
            value = _path(value, _grain(node))
        elif key == "style":
            value = re.sub("#[0-9a-f]{6}", lambda colour: COLOURS.get(colour[0], colour[0]), value)
            value = value.replace(": ", ":").replace("; ", ";")
        elif "#" in value:
            value = re.sub(r"#([\w.-]+)", lambda shape: "#" + ids[shape[1]], value)
        elif key != "id" and not value.startswith("data:"):
            value = re.sub(r"[1-9]\d*\.\d+", lambda x: _short(round(float(x[0]), 1)), value)
        if key != "id":
            text += f' {key}="{html.escape(value)}"'
    inside = "".join(_markup(child, ids) for child in node if not child.tag.endswith("}defs"))
    return text + (f">{inside}</{name}>" if inside else "/>")


def _grain(node):
    """Return the units that a point of a path is rounded to: letters are drawn 64 times too big."""
    if "transform" in node.attrib:
        return 1
    return 0.01 if "id" in node.attrib else 0.1


def _path(data, grain):
    """Return a path of absolute steps as one of rounded relative steps."""
    text, here, origin = "", (0, 0), (0, 0)
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        rounded = [round(float(number) / grain) for number in numbers.split()]
        points = list(zip(rounded[::2], rounded[1::2], strict=True))
        steps = [_short((point[i] - here[i]) * grain) for point in points for i in (0, 1)]
        text += command.lower() + " ".join(steps).replace(" -", "-")
        here = points[-1] if points else origin
        origin = here if command == "M" else origin
    return text.replace("z m", "zm")


def _short(number):
    return f"{round(number, 2):g}"


# --- The two forms -------------------------------------------------------------------------------


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
    stage = Stage(draw, panels, figsize or (5.2 if panels == 1 else 3.9 * panels, 3.4))
    names, parameters = list(params), list(params.values())
    grid = [dict(zip(names, values, strict=True))
            for values in itertools.product(*(parameter.values for parameter in parameters))]
    sizes = [len(parameter.values) for parameter in parameters]
    start = int(np.ravel_multi_index([parameter.start for parameter in parameters], sizes))
    stage.survey(grid, start)
    form = page if os.environ.get("EXPLORE_STATIC") == "1" else live
    display(Shown(params, form(stage, params, grid, start, alt)))


class Shown:
    """What a cell displays: a bundle of forms, of which a notebook stores only the words."""

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
    for name, parameter in params.items():
        if not isinstance(parameter, Parameter):
            raise TypeError(f"{name}={parameter!r} is no parameter: use Slider, LogSlider, "
                            "IntSlider or Choice")
    try:
        inspect.signature(draw).bind(None, **params)
    except TypeError as error:
        raise TypeError(f"draw must take axes, then {', '.join(params)}: {error}") from error
    sizes = [len(parameter.values) for parameter in params.values()]
    if math.prod(sizes) > FRAMES:
        raise ValueError(f"{' x '.join(map(str, sizes))} = {math.prod(sizes)} frames are more than "
                         f"{FRAMES}: give the sliders fewer values, as in Slider(0, 1, 15)")


def page(stage, params, grid, start, alt):
    """Return the form that moves without a kernel: controls, the first frame, all pieces."""
    pieces, frames, words = Pieces(), [], {}
    for number, values in enumerate(grid):
        said, _ = stage.frame(values)
        frames.append(pieces.pack(stage.svg()))
        if said:
            words[number] = said
    stage.frame(grid[start])
    data = json.dumps(
        {"alt": alt, "frames": frames, "pieces": list(pieces.pieces), "words": words,
         "texts": [parameter.texts for parameter in params.values()]},
        separators=(",", ":"), ensure_ascii=False,
    ).replace("<", r"\u003c")
    drawn = "".join(list(pieces.pieces)[piece] for piece in frames[start])
    shapes = "".join(re.sub(r"^<\w+", rf'\g<0> id="{ID}{number:x}"', shape)
                     for number, shape in enumerate(pieces.shapes))
    text = html.escape(alt)
    code = (
        '<div class="lib-explore" role="group" aria-label="Interactive figure">'
        f'<div class="lib-explore-controls">{_controls(params)}</div>'
        f'<div class="lib-explore-picture" role="img" aria-label="{text}" data-frame="{start}">'
        f'{_windows(stage, shapes, drawn)}</div>'
        f'<p class="lib-explore-words" role="status">{html.escape(words.get(start, ""))}</p>'
        f'<script type="application/json">{data}</script></div>'
    )
    code = code.replace(ID, f"x{hashlib.sha256(code.encode()).hexdigest()[:8]}-")
    weight = len(gzip.compress(code.encode(), 6))
    if weight > BUDGET:
        raise ValueError(f"explore: {len(grid)} frames weigh {weight // 1000} kB after gzip, more "
                         f"than {BUDGET // 1000}: take fewer values or draw fewer points and lines")
    return {"text/html": code, "image/png": base64.b64encode(stage.png()).decode()}


def _windows(stage, shapes, drawn):
    """Return the picture as one window for each panel, so that a narrow page can stack them."""
    width, height = (72 * inches for inches in stage.figsize)
    width /= stage.panels
    inside = [f'<defs>{shapes}</defs><g id="{ID}">{drawn}</g>']
    inside += [f'<use href="#{ID}"/>'] * (stage.panels - 1)
    return "".join(
        f'<svg viewBox="{number * width:g} 0 {width:g} {height:g}" aria-hidden="true" '
        f'style="max-width:{width / 72 * PIXELS:.0f}px">{one}</svg>'
        for number, one in enumerate(inside)
    )


def _controls(params):
    """Return a control for each parameter; they are disabled until the script takes them over."""
    code = ""
    for name, one in params.items():
        label, text = html.escape(one.label or name), html.escape(one.texts[one.start])
        common = f'id="{ID}{name}" autocomplete="off" disabled'
        code += f'<label for="{ID}{name}">{label}</label>'
        if one.control == "slider":
            code += (
                f'<button type="button" aria-label="Play {label}" disabled>▶</button>'
                f'<input {common} type="range" min="0" max="{len(one.values) - 1}" '
                f'value="{one.start}" aria-valuetext="{text}">'
                f'<span aria-hidden="true">{text}</span>'
            )
        else:
            options = "".join(
                f'<option value="{i}"{" selected" * (i == one.start)}>{html.escape(text)}</option>'
                for i, text in enumerate(one.texts))
            code += f"<select {common}>{options}</select>"
    return code


HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"


def live(stage, params, grid, start, alt):
    """Return the form that a kernel draws anew at each step, on the same grid of values."""
    import ipywidgets as widgets

    sizes = [len(one.values) for one in params.values()]
    rows, controls = zip(*(_widget(name, one) for name, one in params.items()), strict=True)
    width = stage.figsize[0]
    picture = widgets.Image(format="png", tooltip=alt, layout={
        "width": f"{width * PIXELS:.0f}px", "max_width": "100%", "object_fit": "contain"})
    words = widgets.HTML()

    def repaint():
        number = np.ravel_multi_index([control.index for control in controls], sizes)
        said, _ = stage.frame(grid[number])
        picture.value = stage.png()
        words.value = f'<span role="status" style="{HIDDEN}">{html.escape(said)}</span>'

    repaint()
    later = Latest(repaint)
    for control in controls:
        control.observe(later, "index")
    box = widgets.VBox([*rows, picture, words])
    view = box._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]
    return {"application/vnd.jupyter.widget-view+json": view,
            "image/png": base64.b64encode(picture.value).decode()}


def _widget(name, one):
    """Return the row of a parameter's control, and the control, whose index is the grid's."""
    import ipywidgets as widgets

    options = [(text, number) for number, text in enumerate(one.texts)]
    label = {"description": one.label or name, "style": {"description_width": "initial"}}
    if one.control == "choice":
        control = widgets.Dropdown(options=options, index=one.start, **label)
        return control, control
    control = widgets.SelectionSlider(options=options, index=one.start, **label)
    play = widgets.Play(value=one.start, max=len(options) - 1, interval=250)
    widgets.jslink((play, "value"), (control, "index"))
    return widgets.HBox([control, play]), control


class Latest:
    """Call an action soon after a change, once for all the changes that come in until then."""

    def __init__(self, action, delay=0.005):
        self.action, self.delay, self.waiting = action, delay, False

    def __call__(self, change=None):
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # No event loop, no queue of changes: act at once.
            return self.action()
        if not self.waiting:
            self.waiting = True
            loop.call_later(self.delay, self._act)

    def _act(self):
        self.waiting = False
        self.action()
