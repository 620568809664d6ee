"""Draw the moving picture of the README from an explorable of a chapter.

    python tools/author/picture.py cancellation explore-variance exponent

runs the chapter up to that cell and lets one of its parameters run to and fro, with the others as
they start. The picture goes to web/readme/figure.webp.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import io
import os
import sys

import matplotlib
from matplotlib.figure import Figure
from PIL import Image

from chapter import ROOT, read

PICTURE = ROOT / "web" / "readme" / "figure.webp"
LIMIT = 500_000  # bytes
MILLISECONDS = 250
SIZE = (6.4, 3.6)  # inches
LEFT = 0.25  # where the axes begin, as a part of the width: names of bars stand before them


def captured(topic, name):
    """Return (draw, parameters) of a chapter's explore cell, after running what leads to it."""
    calls = []
    namespace = {}
    for cell in read(ROOT / "chapters" / f"{topic}.ipynb").cells:
        if cell.kind == "code" and (cell.step != "explore" or cell.id == name):
            exec(cell.source, namespace)
        if cell.step == "setup":
            namespace["explore"] = lambda draw, **settings: calls.append((draw, settings))
        if cell.id == name:
            break
    draw, settings = calls[-1]
    return draw, {key: value for key, value in settings.items() if hasattr(value, "texts")}


def frame(draw, parameters, moving, index):
    """Return one frame: the figure, and under it the control that moves it."""
    values = {key: one.values[index if key == moving else one.start]
              for key, one in parameters.items()}
    figure = Figure(figsize=SIZE, dpi=110, facecolor="white", layout="none")
    draw(figure.add_axes((LEFT, 0.33, 0.96 - LEFT, 0.62)), **values)
    one = parameters[moving]
    control = figure.add_axes((LEFT, 0.02, 0.96 - LEFT, 0.12))
    control.set(xlim=(-0.02, 1.02), ylim=(0, 1))
    control.axis("off")
    place = index / (len(one.values) - 1)
    control.plot([0, 1], [0.35, 0.35], color="0.8", linewidth=4, solid_capstyle="round")
    control.plot([place], [0.35], "o", color="black", markersize=11)
    control.text(0, 0.72, f"{one.label or moving}: {one.texts[index]}", va="bottom")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer).convert("RGB")


def main(topic, name, moving):
    """Draw the picture; return the exit status."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    matplotlib.use("agg")
    draw, parameters = captured(topic, name)
    there = range(len(parameters[moving].values))
    frames = [frame(draw, parameters, moving, index) for index in [*there, *reversed(there)][:-1]]
    PICTURE.parent.mkdir(exist_ok=True)
    frames[0].save(PICTURE, save_all=True, append_images=frames[1:], duration=MILLISECONDS,
                   loop=0, lossless=True, method=6)
    size = PICTURE.stat().st_size
    print(f"{PICTURE}: {len(frames)} frames, {size / 1000:.0f} kB")
    return size > LIMIT


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
