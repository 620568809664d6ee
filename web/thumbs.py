"""The picture on a chapter's card: the first frame of one of its moving figures, without letters.

Letters would be too small to read on a card, so what is kept is the plot alone: curves, points and
bars between the axes, cut to the frame, as a file of its own that a browser loads when it is near.
"""

import itertools
import re
import xml.etree.ElementTree as ET

WIDTH, HEIGHT = 320, 180
MARGIN = 4  # around the plot, in its own units
WINDOW = re.compile(r"<svg\b.*?</svg>", re.S)
NUMBERS = re.compile(r"-?[\d.]+")
PAPER = "--lib-explore-paper"
COLOUR = re.compile(r"var\(--lib-explore-\w+,(#\w+)\)")
SIZED = ('<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
         'viewBox="{box}" color="#222">{inside}</svg>')


def thumbnail(markup):
    """Return the first frame of a moving figure as a small picture in SVG, or None without one."""
    window = WINDOW.search(markup)
    if not window:
        return None
    root = ET.fromstring(window[0])
    drawn = list(root.find("g"))
    at = next((at for at, piece in enumerate(drawn) if is_axes(piece, root)), None)
    if at is None:
        return None
    kept = plot(drawn[at + 1:])
    shapes = {shape.get("id"): shape for shape in root.find("defs")}
    used = {name: shapes[name] for piece in kept for name in references(piece) if name in shapes}
    defined = "".join(written(shape) for shape in used.values())
    inside = f"<defs>{defined}</defs>{''.join(map(written, kept))}"
    for number, name in enumerate(used):
        inside = re.sub(rf"\b{re.escape(name)}\b", f"s{number}", inside)
    return SIZED.format(width=WIDTH, height=HEIGHT, box=box_of(drawn[at]),
                        inside=COLOUR.sub(r"\1", inside))


def style(piece):
    """Return how a piece is drawn."""
    return piece.get("style", "")


def is_ground(piece):
    """Tell whether a piece is a rectangle of paper, as below a figure and below its axes."""
    return piece.tag == "path" and PAPER in style(piece) and "stroke:" not in style(piece)


def is_axes(piece, root):
    """Tell whether a piece is the ground of axes, and not that of the whole figure."""
    return is_ground(piece) and piece is not root.find("g")[0]


def is_legend(piece):
    """Tell whether a piece is the box of a legend, which is drawn last in its axes."""
    return piece.tag == "path" and PAPER in style(piece) and "stroke:#909090" in style(piece)


def is_aside(piece):
    """Tell whether a piece is a letter, a mark at an axis or a line of the grid."""
    letters = piece.tag == "g" and "scale(" in piece.get("transform", "")
    mark = piece.tag == "use" and style(piece) == "stroke:currentColor;stroke-width:0.8"
    return letters or mark or "stroke:#808080;stroke-opacity" in style(piece)


def plot(pieces):
    """Return what is plotted in the first axes: to the next ones, or to the legend."""
    kept = []
    for piece in pieces:
        if is_ground(piece) or is_legend(piece):
            break
        if not is_aside(piece):
            kept.append(piece)
    return kept


def references(piece):
    """Return the ids that a piece and what it holds refer to."""
    return [name for one in piece.iter() for value in one.attrib.values()
            for name in re.findall(r"#([\w-]+)\)?$", value)]


def box_of(ground):
    """Return the frame of a plot as a viewBox, from the rectangle below it."""
    steps = [float(number) for number in NUMBERS.findall(ground.get("d"))]
    across, down = (list(itertools.accumulate(steps[first::2])) for first in (0, 1))
    sides = (min(across), min(down), max(across) - min(across), max(down) - min(down))
    wider = (-MARGIN, -MARGIN, 2 * MARGIN, 2 * MARGIN)
    return " ".join(f"{side + more:g}" for side, more in zip(sides, wider, strict=True))


def written(piece):
    """Return a piece as text."""
    return ET.tostring(piece, encoding="unicode")
