"""Show a figure that moves: one drawing function, and a control for each of its parameters.

With a kernel the controls are live widgets and every step is drawn anew. On the built page, where
no kernel is, they move through frames drawn beforehand, which share their pieces. Both show the
same grid of values, the same axes, the same words.
"""

import inspect
import itertools
import math
import os
from numbers import Integral

import numpy as np
from IPython.display import display

from lib.page.frames import page
from lib.page.live import live
from lib.page.parameters import Parameter
from lib.page.readout import sentences
from lib.page.stage import Stage

FRAMES = 400  # A grid of more would take a build minutes to draw.
# How a figure is shown, by what EXPLORE_STATIC says; without it, or another word, by a kernel. Who
# runs the chapters' cells elsewhere may add a form.
FORMS = {"1": page, "words": lambda *_: {}}


def explore(draw, *, alt, say=None, panels=1, figsize=None, **params):
    """Display a figure with a control for each parameter of draw; return None.

    Parameters
    ----------
    draw : callable
        Draws one frame with matplotlib: ``draw(ax, **values)`` gets empty Axes, a tuple of them for
        panels > 1, and a value of each parameter. Limits that it leaves alone hold all frames. A
        frame on which it raises, or draws nothing finite, or what cannot be drawn, such as a label
        ``"$x^{$"``, says so in words.
    alt : str
        What the figure shows, for those who do not see it.
    say : callable, optional
        ``say(**values)`` returns a sentence: what this frame shows, with its numbers. It stands
        below the picture for everybody, and is spoken when a control has moved.
    panels : int
        How many Axes stand side by side; on a narrow page they stack.
    figsize : (float, float), optional
        Width and height in inches, each from 1 to 50.
    **params : Parameter
        One to three of `Slider`, `LogSlider`, `IntSlider`, `Choice`, named as in draw.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, there are more than 400 frames, or, on the page, they
        weigh more than 80 kB after gzip.
        The same if say returns no sentence, or always the same one while a parameter moves.
    Exception
        What draw raises, or the drawing of it, if every frame fails; what say raises.

    Notes
    -----
    The environment variable ``EXPLORE_STATIC=1``, which the build of the book sets, chooses the
    form without a kernel; ``EXPLORE_STATIC=words`` draws one frame, and shows no more than a
    notebook stores; ``EXPLORE_STATIC=nothing`` checks the arguments, and draws and shows nothing.

    Examples
    --------
    >>> from lib.page import Slider
    >>> def draw(ax, k):
    ...     ax.plot([0, 1], [0, k])
    >>> explore(draw, alt="A line through the origin, of slope k.", k=Slider(0, 1, 3),
    ...         say=lambda k: f"The line rises by {k:g} in one step.")
    <explore: k (3)>
    """
    _check(draw, alt, panels, params)
    kind = os.environ.get("EXPLORE_STATIC")
    if kind == "nothing":  # A cell that is run for what it defines.
        return
    sizes = [len(one.values) for one in params.values()]
    if math.prod(sizes) > FRAMES:
        raise ValueError(f"{' x '.join(map(str, sizes))} = {math.prod(sizes)} frames are more than "
                         f"{FRAMES}: give the controls fewer values, as in Slider(0, 1, 15)")
    grid = [dict(zip(params, values, strict=True))
            for values in itertools.product(*(one.values for one in params.values()))]
    start = int(np.ravel_multi_index([one.start for one in params.values()], sizes))
    if kind == "words":  # The frame that is seen first stands for all.
        grid, start = [grid[start]], 0
    stage = Stage(draw, int(panels), _size(figsize, panels))
    stage.survey(grid, start)
    told = [] if say is None else sentences(say, grid)
    form = FORMS.get(kind, live)
    display(Shown(params, form(stage, params, grid, start, alt, told)))


class Shown:
    """What a cell displays: a bundle of forms, of which a notebook stores the words alone.

    The table of its numbers is for who asks IPython for CSV, as the build of the site does.
    """

    def __init__(self, params, bundle):
        self.params, self.bundle, self.csv = params, dict(bundle), bundle.get("text/csv")
        self.bundle.pop("text/csv", None)

    def __repr__(self):
        grids = (f"{name} ({len(one.values)})" for name, one in self.params.items())
        return f"<explore: {', '.join(grids)}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.bundle

    def _repr_csv_(self):
        return self.csv


def _check(draw, alt, panels, params):
    """Raise an error that names what is wrong with the arguments of explore, and the remedy."""
    if not (isinstance(alt, str) and alt.strip()):
        raise ValueError(f"explore needs alt, a sentence that says what is seen; got {alt!r}")
    if isinstance(panels, bool) or not isinstance(panels, Integral) or panels < 1:
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


def _size(figsize, panels):
    """Return width and height in inches, or raise an error that names what is wrong with them."""
    if figsize is None:
        figsize = 5.2 if panels == 1 else 3.9 * panels, 3.4
    try:
        width, height = map(float, figsize)
    except (TypeError, ValueError):
        width = height = math.nan
    if not (1 <= width <= 50 and 1 <= height <= 50):
        raise ValueError(f"explore needs figsize, width and height from 1 to 50 inches, as in "
                         f"(5.2, 3.4); got {figsize!r}")
    return width, height
