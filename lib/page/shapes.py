"""Read from a figure what it shows: the numbers of its lines, bars, outlines, images, letters.

A shape is a dict of columns. Each is a text that holds for the whole shape, or has a number, nan
where there is none, or a text for each of its points. Two entries are no columns: `axes`, the
number of the panel, and `labels`, what the axes of x and y are called.
"""

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.contour import ContourSet
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Annotation, Text
from matplotlib.transforms import IdentityTransform

from lib.page.places import named, pieces, placed, plain

EDGES = {0: "points at the lower edge", 1: "points at the upper edge"}


def shown(figure):
    """Return the shapes of a figure, in the order in which each panel draws them.

    Raises
    ------
    TypeError
        If something is drawn whose numbers are not known here.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> [line] = figure.subplots().plot([1, 2], [3, 5], label="computed")
    >>> figure.axes[0].set(xlabel="$n$", ylabel="steps")
    [Text(0.5, 0, '$n$'), Text(0, 0.5, 'steps')]
    >>> [line] = shown(figure)
    >>> line["axes"], line["labels"], line["curve"], line["drawn as"]
    (1, {'x': 'n', 'y': 'steps'}, 'computed', 'line')
    >>> line["x"].tolist(), line["y"].tolist()
    ([1.0, 2.0], [3.0, 5.0])
    """
    panels = [ax for ax in figure.axes if not hasattr(ax, "_colorbar")]
    found = []
    for number, ax in enumerate(panels, 1):
        title = plain(ax.get_title())
        name = ": ".join(filter(None, (str(number) * (len(panels) > 1), title)))
        about = {"axes": number, "labels": {"x": plain(ax.get_xlabel()),
                                            "y": plain(ax.get_ylabel())}}
        about |= {"panel": name} if name else {}
        found += [about | shape for shape in on(ax)]
    return found


def on(ax):
    """Return the shapes on axes, without frames, grids and legends."""
    groups = {id(one): group for group in ax.containers for one in group.get_children()}
    found, count = [], {}
    for artist in (*ax.images, *ax.collections, *ax.patches, *ax.lines, *ax.texts, *ax.tables):
        group = groups.get(id(artist))
        for shape in of(artist, group) if artist.get_visible() else ():
            kind = shape.pop("drawn as")
            count[kind] = count.get(kind, 0) + 1
            labels = [str(one.get_label() or "_") for one in (artist, group) if one is not None]
            label = next((plain(text) for text in labels if not text.startswith("_")), "")
            label = label or ("" if kind == "text" else f"{kind} {count[kind]}")
            found.append({"curve": label, "drawn as": kind, **shape})
    return found


def of(artist, group):
    """Return the shapes of what is drawn; its group may be the bars that it belongs to."""
    if isinstance(artist, Rectangle) and getattr(group, "orientation", None):
        return [bar(artist, group.orientation == "horizontal")]
    for kind, read in READERS.items():
        if isinstance(artist, kind):
            return read(artist)
    raise unknown(artist)


def unknown(artist):
    """Return the error for what nobody here can read: leaving it out would be silent."""
    return TypeError(f"a figure shows {artist}, of which lib.page.shapes reads no numbers: draw it "
                     "by lines, bars, outlines or an image, or teach shapes.py to read it")


def curve(artist):
    """Return a line; what stands at an edge, or goes from edge to edge, has one coordinate."""
    points = np.ma.column_stack([artist.get_xdata(orig=False), artist.get_ydata(orig=False)])
    own = artist.get_transform().contains_branch_seperately(artist.axes.transData)
    bare = artist.get_linestyle().lower() in ("none", " ", "")
    kind = "points" if bare else "line" if artist.get_drawstyle() == "default" else "steps"
    if not any(own) or not len(points):
        return []
    if not all(own):  # so lib.page.figures shows errors of 0 and infinity, and axvline its line
        held, free = points.T if own[0] else points.T[::-1]
        if bare:
            kind = EDGES.get(free[0], kind)
        elif len(set(held)) == 1:
            kind, points = "vertical line" if own[0] else "horizontal line", points[:1]
    return [{"drawn as": kind, **placed(artist, points)}]


def bar(artist, flat):
    """Return a bar: where it stands, where it ends, and where it begins unless that is at 0."""
    (left, low), (right, high) = artist.get_bbox().get_points()
    ends, middle = ((left, right), (low + high) / 2) if flat else ((low, high), (left + right) / 2)
    points = [[end, middle] if flat else [middle, end] for end in ends[int(ends[0] == 0):]]
    columns = placed(artist, points)
    side, axis = ("y", artist.axes.yaxis) if flat else ("x", artist.axes.xaxis)
    return {"drawn as": "bar", **columns, side: named(axis, columns[side])}


def outline(artist):
    """Return an outline, piece by piece; of a band from edge to edge, where it begins and ends."""
    points = pieces(artist, artist.get_path(), artist.get_patch_transform())
    if isinstance(artist, Rectangle):
        points = [artist.get_bbox().get_points()]
    return numbered(artist, "outline", points)


def numbered(artist, kind, points, **more):
    """Return one shape of pieces, which are numbered where there are several."""
    if not points:
        return []
    part = {"part": np.repeat(np.arange(1, len(points) + 1), list(map(len, points)))}
    columns = placed(artist, np.concatenate(points))
    if np.isnan([*columns.values()]).all():
        return []
    return [{"drawn as": kind, **(part if len(points) > 1 else {}), **columns, **more}]


def collection(artist):
    """Return lines or areas that are drawn as one."""
    if not isinstance(artist.get_offset_transform(), IdentityTransform):
        raise unknown(artist)  # arrows of a field: outlines in pixels, at places of their own
    kind = "line" if isinstance(artist, LineCollection) else "area"
    points = [one for path in artist.get_paths() for one in pieces(artist, path)]
    return numbered(artist, kind, points)


def contour(artist):
    """Return the lines of each level."""
    found = []
    for level, path in zip(artist.levels, artist.get_paths(), strict=False):
        points = pieces(artist, path)
        values = np.full(sum(map(len, points)), float(level))
        found += numbered(artist, "area" if artist.filled else "contour", points, value=values)
    return found


def scatter(artist):
    """Return the points of a scatter plot, with the value that their colours show, if any."""
    columns = placed(artist, artist.get_offsets(), artist.get_offset_transform())
    colours = artist.get_array()
    return [{"drawn as": "points", **columns, **({} if colours is None else {"value": colours})}]


def image(artist):
    """Return the middle and the value of each pixel; of a coloured one red, green and blue."""
    values = np.ma.filled(np.ma.asarray(artist.get_array(), dtype=float), np.nan)
    (left, right, bottom, top), (height, width) = artist.get_extent(), values.shape[:2]
    across = left + (np.arange(width) + 0.5) * (right - left) / width
    down = np.linspace(top, bottom, 2 * height + 1)[1::2]
    down = down[::-1] if artist.origin == "lower" else down
    points = np.column_stack([np.tile(across, height), np.repeat(down, width)])
    inks = ("value",) if values.ndim == 2 else ("red", "green", "blue", "opacity")
    colours = dict(zip(inks, values.reshape(len(points), -1).T, strict=False))
    return [{"drawn as": "pixels", **placed(artist, points), **colours}]


def letters(artist):
    """Return a text with its place; of an arrow the text's place, then what it points at."""
    said, transform, arrow = plain(artist.get_text()), None, False
    points = [artist.get_position()]
    if isinstance(artist, Annotation):
        arrow, transform = artist.arrow_patch is not None, artist.axes.transData
        ends = [(artist.xyann, artist.anncoords)] * arrow + [(artist.xy, artist.xycoords)]
        points = [point for point, kind in ends if kind == "data"] or [(np.nan, np.nan)]
    if not (said or arrow):
        return []
    kind = "arrow" if arrow else "text"
    return [{"drawn as": kind, **placed(artist, points, transform), "text": said}]


READERS = {AxesImage: image, ContourSet: contour, PathCollection: scatter,
           LineCollection: collection, PolyCollection: collection, Patch: outline, Line2D: curve,
           Text: letters}
