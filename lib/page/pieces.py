"""Store many pictures in SVG as one set of pieces.

The frames of a moving figure share most of what they draw: axes, letters, curves that stand still.
Each piece is kept once, as short as the eye allows, and a picture is a list of pieces.
"""

import html
import re
import xml.etree.ElementTree as ET


class Pieces:
    """The drawn pieces of all pictures and the shapes, such as letters, that they refer to.

    Parameters
    ----------
    colours : dict of str to str
        What to write for a colour such as "#000000"; others stay.
    prefix : str
        How the id of each shape begins: an HTML page must hold it once.

    Examples
    --------
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1.23 4 L {} 4"/></svg>'
    >>> pieces = Pieces({}, "figure-")
    >>> pieces.pack(svg.format(7)), pieces.pack(svg.format(8)), pieces.pack(svg.format(7.01))
    ([0], [1], [0])
    >>> pieces.drawn([0, 1])
    '<path d="m1.2 4l5.8 0"/><path d="m1.2 4l6.8 0"/>'
    """

    def __init__(self, colours, prefix):
        self.colours, self.prefix = colours, prefix
        self.shapes, self.pieces = {}, {}

    def pack(self, svg):
        """Return the picture as the numbers of its pieces, in the order of drawing."""
        root, ids = ET.fromstring(svg), {}
        for shape in root.iterfind(".//{*}defs/*[@id]"):
            number = self.shapes.setdefault(self._markup(shape, ids), len(self.shapes))
            ids[shape.get("id")] = f"{self.prefix}{number}"
        return [self.pieces.setdefault(self._markup(node, ids), len(self.pieces))
                for node in _drawn(root)]

    def drawn(self, numbers):
        """Return the markup of the pieces with these numbers."""
        pieces = list(self.pieces)
        return "".join(pieces[number] for number in numbers)

    def defined(self):
        """Return the markup of all shapes, each with its id."""
        return "".join(re.sub(r"^<\w+", rf'\g<0> id="{self.prefix}{number}"', shape)
                       for number, shape in enumerate(self.shapes))

    def _markup(self, node, ids):
        """Return an element as text, where ids says how the shapes that it may use are named."""
        name = _name(node)
        text = f"<{name}"
        for key, value in node.attrib.items():
            if key == "d":
                value = relative_path(value, _grain(node))
            elif key == "style":
                value = re.sub("#[0-9a-f]{6}", lambda c: self.colours.get(c[0], c[0]), value)
                value = value.replace(": ", ":").replace("; ", ";")
            elif "#" in value:  # A reference, to be redirected to the shape that is kept.
                value = re.sub(r"#([\w.-]+)", lambda shape: "#" + ids[shape[1]], value)
            elif not value.startswith("data:"):
                value = re.sub(r"[1-9]\d*\.\d+", lambda x: _short(round(float(x[0]), 1)), value)
            if key != "id":
                text += f' {key.split("}")[-1]}="{html.escape(value)}"'
        inside = "".join(self._markup(child, ids) for child in node if _name(child) != "defs")
        return text + (f">{inside}</{name}>" if inside else "/>")


def relative_path(data, grain):
    """Return a path of absolute steps as one of relative steps between points rounded to grain.

    Examples
    --------
    >>> relative_path("M 10.04 20 L 10.08 21.26 z", 0.1)
    'm10 20l.1 1.3z'
    """
    text, here, origin = "", (0, 0), (0, 0)
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        rounded = [round(float(number) / grain) for number in numbers.split()]
        points = list(zip(rounded[::2], rounded[1::2], strict=True))
        steps = [_short((point[i] - here[i]) * grain) for point in points for i in (0, 1)]
        text += command.lower() + " ".join(steps).replace(" -", "-")
        here = points[-1] if points else origin
        origin = here if command == "M" else origin
    return text


def _drawn(node):
    """Yield the elements that draw, without the groups that do nothing but name them."""
    for child in node:
        if _name(child) == "g" and not set(child.attrib) - {"id"}:
            yield from _drawn(child)
        elif _name(child) not in ("defs", "metadata"):
            yield child


def _name(node):
    return node.tag.split("}")[1]


def _grain(node):
    """Return what the points of a path are rounded to: letters are drawn 64 times too large."""
    if "transform" in node.attrib:
        return 1
    return 0.01 if "id" in node.attrib else 0.1


def _short(number):
    return re.sub(r"^(-?)0\.", r"\1.", f"{round(number, 2):g}")
