"""Figures that move, drawn one frame at a time: the page asks for the frame that it wants."""

import showing

showing.install()  # before lib.page asks IPython for its display

from lib.page import explore as _explore  # noqa: E402, F401  loads the module of this name
from lib.page import frames, pieces, readout  # noqa: E402

FIGURES = {}  # name: what draws its frames
cell = ""  # the one that runs


def begin(name):
    """Forget the figures of a cell, which is run again."""
    global cell
    cell = name
    for one in [one for one in FIGURES if one.rpartition("-")[0] == name]:
        del FIGURES[one]


def form(stage, params, grid, start, alt, told=()):
    """Return what a page needs to show a figure: its controls, its first frame, its words.

    Drawn are only the frames that set the limits of the axes; others when they are asked for.
    """
    name = f"{cell}-{sum(one.rpartition('-')[0] == cell for one in FIGURES)}"
    FIGURES[name] = stage, grid, told
    controls = [{"label": one.label or key, "texts": list(one.texts), "start": one.start,
                 "choice": one.control == "choice"} for key, one in params.items()]
    return {showing.MOVING: {"figure": name, "alt": alt, "controls": controls, "start": start,
                             "told": bool(told), **answer(name, start)}}


def answer(figure, number):
    """Return a frame of a figure: the picture as SVG, and what it says.

    Parameters
    ----------
    figure : str
        Its name, as `form` gave it.
    number : int
        Of the frame, the last control running fastest.
    """
    stage, grid, told = FIGURES.get(figure, (None, (), ()))
    if number not in range(len(grid)):  # asked for while its cell ran again
        return {"picture": "", "said": "This figure is of an earlier run."}
    drawn = pieces.Pieces(frames.COLOURS, f"run-{figure}-")
    svg, said = stage.svg(grid[number])
    markup = frames.windows(stage, drawn, drawn.pack(svg)).replace(frames.ID, f"run-{figure}-all")
    return {"picture": markup, "said": readout.chosen(said, told[number] if told else "")}
