"""Tell where what a figure shows stands, in the numbers and the words of its axes."""

import numpy as np
from matplotlib.category import StrCategoryFormatter
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import IdentityTransform

AS_IT_IS = IdentityTransform()


def plain(label):
    """Return a label on one line, without the dollars of its formulas.

    Examples
    --------
    >>> plain("error in $n$ steps")
    'error in n steps'
    """
    return " ".join(label.replace("$", "").split())


def placed(artist, points, transform=None):
    """Return the columns x and y of points; a coordinate that is none of the axes' own is nan.

    The points are given as the artist holds them, before it transforms them.
    """
    ax = artist.axes
    if transform is None:
        transform = (artist.get_data_transform() if isinstance(artist, Patch)
                     else artist.get_transform())
    own = transform.contains_branch_seperately(ax.transData)
    points = np.ma.filled(np.ma.asarray(points, dtype=float).reshape(-1, 2), np.nan)
    if all(own):
        points = (transform - ax.transData).transform(points)
    return {side: column if inside else np.full(len(column), np.nan)
            for side, column, inside in zip("xy", points.T, own, strict=True)}


def named(axis, places):
    """Return the words that an axis has for places, if it has words for all of them."""
    form = axis.get_major_formatter()
    if isinstance(form, StrCategoryFormatter | FuncFormatter):
        words = [plain(form(place, None)) for place in places]
        return words if all(words) else places
    return places


def pieces(artist, path, before=AS_IT_IS):
    """Return the points of each unbroken piece of a path, in the artist's own coordinates."""
    if path.codes is None:
        return [before.transform(path.vertices)] if len(path.vertices) else []
    if np.isin(path.codes, (Path.CURVE3, Path.CURVE4)).any():  # as finely as it is drawn
        flat = path.to_polygons(before + artist.axes.transData, closed_only=False)
        return [artist.axes.transData.inverted().transform(one) for one in flat]
    starts = np.flatnonzero(path.codes == Path.MOVETO)
    points, ends = before.transform(path.vertices), np.flatnonzero(path.codes == Path.CLOSEPOLY)
    for end in ends:  # where the pen goes back to the start of its piece
        points[end] = points[starts[starts < end][-1]]
    return np.split(points, starts[1:])
