"""The playable figure of the first page: a running sum, the gap beside the next pixel, the mean.

`{sum-figure}` draws it while the page is built, in the form of the book's moving figures
(`lib/page/frames.py`): a frame is a list of pieces, which `explore.js` exchanges. A frame has two
parts: the floats beside the sum, on a ruler of pixels, and below it the mean so far.
"""

import html
import json
import math

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from web.pixels import LIMIT, LOOKS, WAYS, looks
from web.sum_words import counted, number, power_of_two, sentence, stuck

WIDTH, HEIGHT = 440, 340
SUM, SCALE = 6, 0.7  # where the sum stands on the ruler, and how long a pixel of value 1 is
RULER, REACH = 88, 434  # how low it lies, and where it ends
LEFT, RIGHT = 52, 432  # of the chart of the mean
TOP, BOTTOM, HIGHEST = 192, 308, 140
DENSE = 2  # ticks nearer to one another than this become a band
START = 2**20  # pixels in the first frame
ALT = ("A ruler of floats that begins at the running sum, with the next pixel as an arrow; below "
       "it, the mean so far")
NAMES = ("pixels added", "added in")

BOX = """<div class="lib-explore sum-figure" role="group" aria-label="A running sum of pixels">
<div class="lib-explore-controls">{controls}</div>
<div class="lib-explore-picture" role="img" aria-label="{alt}" data-frame="{start}">\
<svg viewBox="0 0 {width} {height}" aria-hidden="true"><g>{first}</g></svg></div>
<p class="lib-explore-words lib-explore-told" role="status">{said}</p>
<script type="application/json">{data}</script></div>
"""
SLIDER = ('<label for="sum-count">{name}</label>'
          '<button type="button" aria-label="Play {name}" disabled>▶</button>'
          '<input id="sum-count" type="range" autocomplete="off" disabled min="0" max="{last}" '
          'value="{at}" aria-valuetext="{text}"><span aria-hidden="true">{text}</span>')
CHOICE = ('<label for="sum-way">{name}</label>'
          '<select id="sum-way" autocomplete="off" disabled>{options}</select>')


def text(x, y, words, kind="", anchor="start"):
    """Return a line of letters."""
    return (f'<text x="{x:.4g}" y="{y:.4g}" text-anchor="{anchor}" class="{kind}">'
            f"{html.escape(words)}</text>")


def line(x, y, to_x, to_y, kind):
    """Return a line that is drawn."""
    return f'<path class="{kind}" d="M{x:.4g} {y:.4g}L{to_x:.4g} {to_y:.4g}"/>'


# --- The ruler ------------------------------------------------------------------------------------

def ruler(look):
    """Return the floats from the sum on: a tick for each, or a band where they are dense."""
    step, end = float(look.gap) * SCALE, REACH
    if step < DENSE:
        return [f'<path class="band" d="M{SUM} {RULER - 9}H{end}V{RULER + 9}H{SUM}z"/>']
    ticks = "".join(f"M{SUM + at * step:.4g} {RULER - 9}v18"
                    for at in range(int((end - SUM) / step) + 1))
    return [f'<path class="ticks" d="{ticks}"/>']


def beside(look):
    """Return the gap and its half, if they are wide enough to be seen."""
    gap = float(look.gap)
    low, end = RULER + 24, SUM + gap * SCALE
    drawn = [text(SUM, low + 22, f"next float: + {number(gap)}", "quiet")]
    if gap * SCALE > 20:
        drawn.append(f'<path class="gap" d="M{SUM} {low - 5}v10m0-5H{end:.4g}m0-5v10"/>')
    if gap * SCALE > 40:
        half = (SUM + end) / 2
        drawn.append(line(half, RULER - 38, half, RULER + 14, "half"))
    if gap * SCALE > 120:
        drawn.append(text(half + 6, RULER + 6, "half way", "quiet"))
    return drawn


def arrow(look):
    """Return the number that is added, as an arrow, and where the sum lands."""
    high, term = RULER - 30, float(look.term)
    tip, land = SUM + term * SCALE, SUM + look.moved * SCALE
    far = tip > REACH
    tip = min(tip, REACH)
    head = f"M{tip - 7:.4g} {high - 5}L{tip:.4g} {high}L{tip - 7:.4g} {high + 5}"
    what = "the other half: +" if look.pairs else "next pixel: +"
    drawn = [text(SUM, high - 12, f"{what} {number(round(term, 1))}", "term"),
             f'<path class="arrow" d="M{SUM} {high}H{tip:.4g}{head}"/>']
    if far:
        return drawn
    drawn += [line(tip, high + 6, land, RULER - 8, "fall"),
              f'<circle class="land" cx="{land:.4g}" cy="{RULER}" r="6"/>']
    return drawn


def heading(look):
    """Return the sum, above its ruler."""
    power = f" = {power_of_two(look.total)}" if stuck(look) else ""
    return [text(SUM, 16, f"sum: {number(float(look.total))}{power}", "head"),
            line(SUM, RULER - 40, SUM, RULER + 14, "axis")]


# --- The mean -------------------------------------------------------------------------------------

def place(look):
    """Return where a look stands on the chart."""
    first, last = math.log2(LOOKS[0]), math.log2(LOOKS[-1])
    share = (math.log2(look.count) - first) / (last - first)
    return LEFT + share * (RIGHT - LEFT), BOTTOM - look.mean / HIGHEST * (BOTTOM - TOP)


def chart():
    """Return what all frames share: the axes, and the mean that is right."""
    right = BOTTOM - LIMIT / 2 / HIGHEST * (BOTTOM - TOP)
    wrong = BOTTOM - 64 / HIGHEST * (BOTTOM - TOP)
    ends = [(LEFT, LOOKS[0], "start"), (RIGHT, LOOKS[-1], "end")]
    return [f'<path class="axis" d="M{LEFT} {TOP - 6}V{BOTTOM}H{RIGHT}"/>',
            line(LEFT, right, RIGHT, right, "half"),
            text(LEFT - 6, right + 5, f"{LIMIT / 2:g}", "quiet", "end"),
            text(LEFT - 6, wrong + 5, "64", "quiet", "end"),
            text(LEFT - 6, BOTTOM + 2, "0", "quiet", "end"),
            *(text(x, BOTTOM + 20, counted(count), "quiet", anchor) for x, count, anchor in ends)]


def mean(taken):
    """Return the mean of each look so far as a line, and the last as a dot."""
    points = [place(look) for look in taken]
    x, y = points[-1]
    path = "L".join(f"{at:.1f} {height:.1f}" for at, height in points)
    return [text(SUM, TOP - 22, f"mean: {taken[-1].mean:.1f}", "head"),
            f'<path class="mean" d="M{path}"/>',
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>']


# --- All frames -----------------------------------------------------------------------------------

def frames():
    """Return the number of the first frame, and the data of all: pieces, frames, words, texts."""
    pieces, made, words = {}, [], {}
    found = looks()
    for at in range(len(LOOKS)):
        for way in WAYS:
            look = found[way][at]
            drawn = [*chart(), *heading(look), *ruler(look), *beside(look), *arrow(look),
                     *mean(found[way][:at + 1])]
            words[len(made)] = sentence(look)
            made.append([pieces.setdefault(one, len(pieces)) for one in drawn])
    texts = [[counted(count) for count in LOOKS], list(WAYS)]
    return LOOKS.index(START) * len(WAYS), {"alt": ALT, "frames": made, "pieces": list(pieces),
                                            "words": words, "texts": texts}


def figure():
    """Return the figure as HTML: controls, the first frame, the data of the others."""
    start, data = frames()
    at = start // len(WAYS)
    options = "".join(f'<option value="{number}">{way}</option>' for number, way in enumerate(WAYS))
    controls = SLIDER.format(name=NAMES[0], last=len(LOOKS) - 1, at=at, text=data["texts"][0][at])
    return BOX.format(
        controls=controls + CHOICE.format(name=NAMES[1], options=options), alt=ALT, start=start,
        width=WIDTH, height=HEIGHT, said=data["words"][start],
        first="".join(data["pieces"][piece] for piece in data["frames"][start]),
        data=json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", r"\u003c"))


class SumFigure(SphinxDirective):
    """Draw the figure."""

    def run(self):
        """Return it as HTML."""
        return [nodes.raw("", figure(), format="html")]


def setup(app):
    """Register the directive."""
    app.add_directive("sum-figure", SumFigure)
