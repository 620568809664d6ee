"""Show a figure that moves with a kernel, which draws it anew at each step of a control."""

import asyncio
import html

import numpy as np

from lib.page.readout import chosen
from lib.page.stage import PIXELS

VIEW = "application/vnd.jupyter.widget-view+json"
UNSEEN = "position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%)"
WORDS = '<p style="' + UNSEEN + '">{}</p><p role="status" style="{}">{}</p>'


def live(stage, params, grid, start, alt, told=()):
    """Return the form that a kernel draws anew at each step, on the same grid of values."""
    box = widget(stage, params, alt, told)
    return {VIEW: box._repr_mimebundle_()[VIEW], "image/png": stage.still(grid[start])}


def widget(stage, params, alt, told=()):
    """Return a box of the rows of controls, the picture, and its words for screen readers."""
    import ipywidgets as widgets

    rows, controls = zip(*(_row(name, one) for name, one in params.items()), strict=True)
    picture = widgets.Image(format="png", layout={
        "width": f"{stage.figsize[0] * PIXELS:.0f}px", "max_width": "100%"})
    words = widgets.HTML()  # The image has no alt of its own, and fails on a tooltip.
    sizes = [len(one.values) for one in params.values()]

    def repaint():
        values = {name: one.values[control.index]
                  for (name, one), control in zip(params.items(), controls, strict=True)}
        picture.value, said = stage.png(values)
        if told:
            place = [control.index for control in controls]
            said = chosen(said, told[np.ravel_multi_index(place, sizes)])
        setting = ", ".join(f"{control.description} = {control.label}" for control in controls)
        words.value = WORDS.format(html.escape(f"{alt} ({setting})"), "" if told else UNSEEN,
                                   html.escape(said))

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
