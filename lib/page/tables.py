"""Write the numbers behind a figure as one table in CSV.

A row is a point: of a line, of a bar, of an outline. The columns of its coordinates are named by
the labels of the axes; others say at which values of the controls it is drawn, in which panel, and
of which curve it is. What does not follow a control is written once, with its cell left empty.
"""

import csv
import io
import math

import numpy as np

FIRST = ("panel", "curve", "drawn as", "part")  # where a figure has them, before the coordinates
LAST = ("value", "text", "label of x", "label of y")
ABOUT = ("axes", "labels")  # no columns


def written(frames):
    r"""Return frames as one table in CSV, which begins with Excel's mark of UTF-8.

    Parameters
    ----------
    frames : list of (dict of str to str, list of dict)
        Of each frame the values of the controls, and its shapes as `lib.page.shapes.shown` gives
        them: a text or an array for each column.

    Examples
    --------
    >>> labels = {"x": "k", "y": ""}
    >>> line = {"axes": 1, "labels": labels, "curve": "sum", "x": [0, 0.5], "y": [1, 2]}
    >>> written([({"k": "2"}, [line]), ({"k": "3"}, sentence("More."))])
    '\ufeffk,curve,drawn as,k (axis),y,text\n2,sum,,0,1,\n2,sum,,0.5,2,\n3,,sentence,,,More.\n'
    """
    controls = list(dict.fromkeys(name for values, _ in frames for name in values))
    frames = with_names(frames)
    names = in_order(dict.fromkeys(name for _, shapes in frames for one in shapes for name in one))
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write([*controls, *(f"{name} (axis)" if name in controls else name for name in names)])
    for setting, shape in once(frames):
        size = max(len(part) for part in shape.values() if not isinstance(part, str))
        columns = (cells(shape.get(name, ""), size) for name in names)
        for row in zip(*columns, strict=True):
            write([*setting, *row])
    return "\ufeff" + text.getvalue()


def sentence(said):
    """Return the shape of what a frame says, beside those of what it draws; none if it is mute."""
    return [{"axes": 0, "labels": {}, "drawn as": "sentence", "text": [said]}] if said else []


def once(frames):
    """Return (setting, shape) of all frames; at "" of a control stands what it does not change.

    Examples
    --------
    >>> still, moving = {"x": [0.0]}, [{"x": [1.0]}, {"x": [2.0]}]
    >>> once([({"k": str(k)}, [still, moving[k]]) for k in (0, 1)])
    [(('',), {'x': [0.0]}), (('0',), {'x': [1.0]}), (('1',), {'x': [2.0]})]
    """
    choices = [set(texts) for texts in zip(*(values.values() for values, _ in frames), strict=True)]
    found, rows = {}, []  # of a shape: the settings at which it is drawn, and the first frame
    for number, (values, shapes) in enumerate(frames):
        for shape in shapes:
            places = found.setdefault(signature(shape), (shape, {}))[1]
            places.setdefault(tuple(values.values()), number)
    for shape, places in found.values():
        for at, texts in enumerate(choices):
            moved = ((*place[:at], text, *place[at + 1:]) for place in places for text in texts)
            if len(texts) > 1 and all(place in places for place in moved):
                late_first = sorted(places.items(), key=lambda one: one[1], reverse=True)
                places = {(*place[:at], "", *place[at + 1:]): number
                          for place, number in late_first}
        rows += [(number, place, shape) for place, number in places.items()]
    return [row[1:] for row in sorted(rows, key=lambda row: row[0])]


def signature(shape):
    """Return what two shapes have in common if they are the same."""
    return tuple((name, part if isinstance(part, str) else np.asarray(part).tobytes())
                 for name, part in shape.items())


def with_names(frames):
    """Return the frames with columns called as the axes are; one that changes its name is x or y.

    Examples
    --------
    >>> shapes = [{"axes": 1, "labels": {"x": "n", "y": f"rank {k}"}, "y": [k]} for k in (1, 2)]
    >>> with_names([({}, shapes)])
    [({}, [{'y': [1], 'label of y': 'rank 1'}, {'y': [2], 'label of y': 'rank 2'}])]
    """
    seen = {}
    for _, shapes in frames:
        for one in shapes:
            for side, label in one["labels"].items():
                seen.setdefault((one["axes"], side), set()).add(label)
    return [(values, [renamed(one, seen) for one in shapes]) for values, shapes in frames]


def renamed(shape, seen):
    """Return a shape with the names of its coordinates, given all that each axis is called."""
    labels, found = shape["labels"], {}
    only = {side: "".join(called) if len(called := seen[shape["axes"], side]) == 1 else ""
            for side in labels}
    alike = len(set(only.values())) < 2
    for name, part in shape.items():
        if only.get(name):
            found[f"{only[name]} ({name})" if alike else only[name]] = part
        elif name not in ABOUT:
            found[name] = part
        if name in only and labels[name] != only[name]:
            found[f"label of {name}"] = labels[name]
    return found


def in_order(names):
    """Return names of columns: what it is, where it is, what it says.

    Examples
    --------
    >>> in_order(["text", "n", "error", "curve"])
    ['curve', 'n', 'error', 'text']
    """
    places = [name for name in names if name not in FIRST + LAST]
    return [*filter(names.__contains__, FIRST), *places, *filter(names.__contains__, LAST)]


def cells(part, size):
    """Return a column of a shape: its text in each row, or its numbers; what is none stays empty.

    Examples
    --------
    >>> cells("line", 2), cells([0.1, 3.0, float("nan")], 3)
    (['line', 'line'], ['0.1', '3', ''])
    """
    if isinstance(part, str):
        return [part] * size
    return [one if isinstance(one, str) else "" if math.isnan(one)
            else repr(float(one)).removesuffix(".0") for one in part]
