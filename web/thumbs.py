"""The picture on a chapter's card: the first frame of one of its moving figures, without letters.

Letters would be too small to read on a card, so what is kept is the plot alone: curves, points and
bars between the axes, cut to the frame. All pictures lie in one file, one below the other, and each
is a view of it, which an address names after a "#": a browser fetches them at once, when the first
is near.
"""

import itertools
import re
import xml.etree.ElementTree as ET

WIDTH, HEIGHT = 320, 180
MARGIN = 4  # around the plot, in its own units
APART = 20  # from picture to picture in their file
WINDOW = re.compile(r"<svg\b.*?</svg>", re.S)
NUMBERS = re.compile(r"-?[\d.]+")
PAPER = "--lib-explore-paper"
TICK = re.compile(r"stroke:currentColor;stroke-width:0\.[68]")
COLOUR = re.compile(r"var\(--lib-explore-\w+,(#\w+)\)")
PICTURE = '<svg y="{y}" width="{width}" height="{height}" viewBox="{box}">{inside}</svg>'
VIEW = '<view id="{name}" viewBox="0 {y} {width} {height}"/>'
FILE = ('<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'viewBox="0 0 {width} {height}" color="#222">{inside}</svg>\n')


def sheet(pictures):
    """Return one file with all pictures, given by their names: (frame, what it holds)."""
    made = []
    for number, (name, (box, inside)) in enumerate(pictures.items()):
        place = {"y": number * (HEIGHT + APART), "width": WIDTH, "height": HEIGHT}
        made += [VIEW.format(name=name, **place), PICTURE.format(box=box, inside=inside, **place)]
    return FILE.format(width=WIDTH, height=HEIGHT, inside="\n".join(made))


def thumbnail(markup, name):
    """Return the frame of the first plot of a moving figure and what it holds, or None.

    The ids of its shapes begin with its name, so that pictures can lie in one file.
    """
    window = WINDOW.search(markup)
    root = window and ET.fromstring(window[0])
    drawn = list(root.find("g")) if window else []
    at = next((at for at, piece in enumerate(drawn) if at and is_ground(piece)), None)
    if at is None:
        return None
    kept = plot(drawn[at + 1:])
    shapes = {shape.get("id"): shape for shape in root.find("defs")}
    used = {one: shapes[one] for piece in kept for one in references(piece) if one in shapes}
    inside = f"<defs>{''.join(map(written, used.values()))}</defs>{''.join(map(written, kept))}"
    for number, one in enumerate(used):
        inside = re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", f"{name}-{number}", inside)
    return box_of(drawn[at]), COLOUR.sub(r"\1", inside)


def style(piece):
    """Return how a piece is drawn."""
    return piece.get("style", "")


def is_ground(piece):
    """Tell whether a piece is a rectangle of paper, as below a figure and below its axes."""
    return piece.tag == "path" and PAPER in style(piece) and "stroke:" not in style(piece)


def is_legend(piece):
    """Tell whether a piece is the box of a legend, which is drawn last in its axes."""
    return piece.tag == "path" and PAPER in style(piece) and "stroke:#909090" in style(piece)


def is_aside(piece):
    """Tell whether a piece is a letter, a mark at an axis or a line of the grid."""
    letters = piece.tag == "g" and "scale(" in piece.get("transform", "")
    mark = piece.tag == "use" and TICK.fullmatch(style(piece))
    return letters or bool(mark) or "stroke:#808080;stroke-opacity" in style(piece)


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
