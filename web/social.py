"""Draw what is seen of a page elsewhere: the card of a link that is shared, the icon of a bookmark.

A card has the title, the sentence that the page begins with and, of a chapter, what its failure
prints. The same page gives the same bytes.
"""

import textwrap
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
GROUND, PANEL, INK, QUIET, MARK = "#10202b", "#1a3140", "#ffffff", "#b6c7d2", "#ffb454"
FONTS = Path(get_data_path(), "fonts", "ttf")
LOGO = Path(__file__).parent / "assets" / "logo.svg"
LINES, LETTERS = 4, 60  # of what a failure prints
COLOURS = 48  # more of them make a larger file and no better letters


@cache
def font(name, size):
    """Return one of the fonts that come with matplotlib."""
    return ImageFont.truetype(str(FONTS / f"DejaVu{name}.ttf"), size)


def failure(doctree):
    """Return the lines that a chapter's failure prints, as far as a card has room for them."""
    for cell in doctree.findall(nodes.container):
        if "step-failure" in cell["classes"]:
            printed = (one for one in cell.findall(nodes.literal_block)
                       if "stream" in one["classes"])
            for one in printed:
                lines = one.astext().rstrip().splitlines()[:LINES]
                return [textwrap.shorten(line, LETTERS, placeholder=" …")
                        if len(line) > LETTERS else line for line in lines]
    return []


def wrapped(text, face, width):
    """Return a text in lines that are no wider than so many pixels.

    Examples
    --------
    >>> wrapped("one two three", font("Sans", 30), 130)
    ['one two', 'three']
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def heading(title, width):
    """Return the font for a title and its lines: at most two, and as large as they can be."""
    for size in (76, 66, 56, 48):
        face = font("Sans-Bold", size)
        lines = wrapped(title, face, width)
        if len(lines) <= 2:
            break
    return face, lines[:2]


def card(book, title, sentence, printed=()):
    """Return the picture of a card."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw, width = ImageDraw.Draw(image), WIDTH - 2 * MARGIN
    image.paste(logo(56), (MARGIN, 56), logo(56))
    draw.text((MARGIN + 80, 84), book, QUIET, font("Sans", 30), anchor="lm")
    y = 150
    face, lines = heading(title, width)
    for line in lines:
        draw.text((MARGIN, y), line, INK, face)
        y += round(1.2 * face.size)
    y += 20
    room = 3 if len(lines) == 1 or not printed else 2
    for line in clipped(wrapped(sentence, font("Sans", 31), width), room):
        draw.text((MARGIN, y), line, QUIET, font("Sans", 31))
        y += 45
    if printed:
        panel(draw, printed, y + 20)
    else:
        image.paste(logo(230), (WIDTH - MARGIN - 230, HEIGHT - 56 - 230), logo(230))
    return image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def clipped(lines, most):
    """Return at most so many lines; the last one says if more would follow."""
    return lines if len(lines) <= most else [*lines[:most - 1], f"{lines[most - 1]} …"]


def panel(draw, lines, top):
    """Draw printed lines at the foot of a card, below `top`, as many and as large as they fit."""
    for size in (40, 33, 27):
        face, step = font("SansMono", size), round(1.5 * size)
        room = (HEIGHT - 56 - 40 - top) // step
        if room >= len(lines) and max(map(face.getlength, lines)) <= WIDTH - 2 * MARGIN - 56:
            break
    lines = lines[:room]
    y = HEIGHT - 56 - 40 - step * len(lines)
    draw.rounded_rectangle((MARGIN, y, WIDTH - MARGIN, HEIGHT - 56), 10, PANEL)
    for at, line in enumerate(lines):
        draw.text((MARGIN + 28, y + 20 + step * at), line, MARK, face)


@cache
def logo(size, fine=8):
    """Return the book's mark in so many pixels: the rectangles of the logo, drawn large, shrunk."""
    tree = ElementTree.parse(LOGO).getroot()
    scale = size * fine / float(tree.get("viewBox").split()[2])
    image = Image.new("RGBA", (size * fine, size * fine))
    for one in tree.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, wide, high, round_ = (float(one.get(key, 0)) * scale
                                    for key in ("x", "y", "width", "height", "rx"))
        layer = Image.new("RGBA", image.size)
        colour = Image.new("RGBA", (1, 1), one.get("fill", "#fff")).getpixel((0, 0))[:3]
        shade = round(255 * float(one.get("opacity", 1)))
        ImageDraw.Draw(layer).rounded_rectangle((x, y, x + wide - 1, y + high - 1), round_,
                                                (*colour, shade))
        image = Image.alpha_composite(image, layer)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def icon(size=180):
    """Return the book's mark on a square: what shows it rounds the corners itself."""
    image = Image.new("RGB", (size, size), logo(size).getpixel((size // 2, 4))[:3])
    image.paste(logo(size), (0, 0), logo(size))
    return image


def write(image, path):
    """Write a picture as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, "PNG", optimize=True)
