"""Show a figure that moves on a page without a kernel: all its frames, drawn beforehand."""

import gzip
import hashlib
import html
import json

import numpy as np

from lib.page.pieces import Pieces
from lib.page.readout import chosen
from lib.page.shapes import shown
from lib.page.stage import PIXELS, STYLE
from lib.page.tables import sentence, written

BUDGET = 80_000  # Bytes of a figure on the page, after gzip.
ID = "\ue000"  # Stands for the start of every id until all is drawn, and its digest known.
COLOURS = {"#000000": "currentColor", "#ffffff": "var(--lib-explore-paper,#fff)"} | {
    colour: f"var(--lib-explore-{number},{colour})"
    for number, colour in enumerate(STYLE["axes.prop_cycle"].by_key()["color"])
}


def page(stage, params, grid, start, alt, told=()):
    """Return the form that moves without a kernel: controls, the first frame, all pieces.

    What a frame says of an error stands in the picture too; what `told` says of it, below. All that
    the frames show is another form, a table of numbers.
    """
    pieces, frames, words, numbers = Pieces(COLOURS, ID), [], {}, []
    for number, values in enumerate(grid):
        svg, said = stage.svg(values)
        frames.append(pieces.pack(svg))
        said = chosen(said, told[number] if told else "")
        words |= {number: said} if said else {}
        numbers.append((_setting(params, number), shown(stage.figure) + sentence(said)))
    data = {"alt": alt, "frames": frames, "pieces": list(pieces.pieces), "words": words,
            "texts": [one.texts for one in params.values()]}
    # A "<" in the data could end the script element.
    data = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", r"\u003c")
    code = (
        '<div class="lib-explore" role="group" aria-label="Interactive figure">'
        '<div class="lib-explore-controls">'
        f'{"".join(_control(name, one) for name, one in params.items())}</div>'
        f'<div class="lib-explore-picture" role="img" aria-label="{html.escape(alt)}" '
        f'data-frame="{start}">{windows(stage, pieces, frames[start])}</div>'
        f'<p class="lib-explore-words{" lib-explore-told" * bool(told)}" role="status">'
        f'{html.escape(words.get(start, ""))}</p>'
        f'<script type="application/json">{data}</script></div>'
    )
    code = code.replace(ID, f"x{hashlib.sha256(code.encode()).hexdigest()[:8]}-")
    _check_weight(code, len(grid))
    return {"text/html": code, "image/png": stage.still(grid[start]), "text/csv": written(numbers)}


def _check_weight(code, frames):
    """Raise ValueError if a figure weighs more than its budget."""
    weight = len(gzip.compress(code.encode()))
    if weight > BUDGET:
        raise ValueError(f"explore: {frames} frames weigh {weight // 1000} kB after gzip, more "
                         f"than {BUDGET // 1000}: take fewer values or draw fewer points and lines")


def _setting(params, number):
    """Return what the controls show at a frame: the text of each by its name."""
    places = np.unravel_index(number, [len(one.values) for one in params.values()])
    return {one.label or name: one.texts[place]
            for (name, one), place in zip(params.items(), places, strict=True)}


def windows(stage, pieces, frame):
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
