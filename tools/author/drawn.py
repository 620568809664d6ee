"""Note what the figures of the chapters show, coarsely, so that a changed picture is noticed.

    python tools/author/drawn.py          list the figures that show something else than noted
    python tools/author/drawn.py qr       the same for one chapter
    python tools/author/drawn.py note     note what they show now: look at them before

nbval compares texts, not pictures. Here a still figure is a grid of 24 by 16 shades of grey, and a
frame of a moving one a few averages: places and extents, in points, of its paths and its markers,
number and kind of its letters, shades of its images. They come from the outputs that the build of
the site keeps, and are compared with those in tests/book/figures.json. A figure of rounding errors
differs between machines: its entry has `room`, how far it may go, three times what it went on the
other BLAS and SIMD kernels of `make test`.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import base64
import io
import json
import re
import sys

import numpy as np
from PIL import Image

import book
from chapter import load
from environment import ROOT, Trouble, write

NOTED = ROOT / "tests" / "book" / "figures.json"
GRID = (24, 16)
FRAMES = 9  # of a figure that moves, from its first to its last
ROOM = {"still": 4, "moving": 0.2}  # shades of 256; points


def still(png):
    """Return the shades of a picture, given as PNG in base64, on a coarse grid: 0 is black."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return np.asarray(paper.convert("L").resize(GRID, Image.Resampling.BOX), dtype=float)


def moving(html):
    """Return where the paths, markers, letters and images of some frames stand: a row for each."""
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1])
    chosen = np.linspace(0, len(data["frames"]) - 1, FRAMES).round().astype(int)
    frames = ["".join(data["pieces"][piece] for piece in data["frames"][i]) for i in chosen]
    return np.array([summary(frame) for frame in frames])


def summary(frame):
    """Return the places and extents of paths, those of markers, the letters and shades in short."""
    paths = map(path_points, re.findall(r'<path [^>]*?d="([^"]*)"', frame))
    markers = re.findall(r'<use [^>]*?x="([-.\d]+)" y="([-.\d]+)"', frame)
    letters = [int(name) for name in re.findall(r'href="#x\w+-(\d+)"(?! x=)', frame)]
    images = re.findall(r'href="data:image/png;base64,([^"]*)"', frame)
    shades = still(images[0]) if images else [0]
    return [*where(paths), *where([np.array(markers, dtype=float)]),
            len(letters), np.mean(letters or [0]), np.mean(shades), np.std(shades)]


def where(shapes):
    """Return the mean place and the mean extent of shapes, each a list of points, as 4 numbers."""
    shapes = [np.array(points) for points in shapes if len(points)]
    places = [np.concatenate([points.mean(axis=0), points.std(axis=0)]) for points in shapes]
    return np.mean(places, axis=0).tolist() if places else [0, 0, 0, 0]


def path_points(steps):
    """Return the points of a path of relative steps; those of curves are none of its own."""
    here, points = np.zeros(2), []
    start = here
    for command, numbers in re.findall(r"([a-z])([^a-z]*)", steps):
        moves = np.array(re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers), dtype=float).reshape(-1, 2)
        for move in moves[-1:] if command in "cq" else moves:
            here = here + move
            points.append(here)
        start = here if command == "m" else start
        here = start if command == "z" else here
    return points


def shown(notebook):
    """Return {cell id: (kind, numbers)} for the figures in an executed notebook, a dict."""
    found = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            html = "".join(data.get("text/html", ""))
            if 'class="lib-explore"' in html:
                found[cell["id"]] = "moving", moving(html)
            elif "image/png" in data:
                found[cell["id"]] = "still", still("".join(data["image/png"]))
    return found


def all_shown(topics=None):
    """Return {chapter#cell: (kind, numbers)} from what the last build kept of chapters, or all."""
    found = {}
    with book.cache_of(book.BUILD) as cache:
        for path in book.paths():
            if topics and path.stem not in topics:
                continue
            try:
                kept = cache.get_cache_bundle(cache.match_cache_file(str(path)).pk).nb
            except KeyError:
                raise Trouble(f"What {path.name} shows now has not been run: make book, or "
                              f"make check CHAPTER={path.stem}, then this again") from None
            named = load(path)["cells"]
            ids = [cell["id"] for cell in named if cell["cell_type"] == "code"]
            code = [dict(cell, id=name) for cell, name in
                    zip((c for c in kept.cells if c.cell_type == "code"), ids, strict=True)]
            found |= {f"{path.stem}#{name}": picture
                      for name, picture in shown({"cells": code}).items()}
    return found


def entry(kind, numbers, room=None):
    """Return what figures.json holds of a figure."""
    if kind == "still":
        noted = {"still": numbers.round().astype(np.uint8).tobytes().hex()}
    else:
        noted = {"moving": [" ".join(f"{x:.1f}" for x in frame) for frame in numbers]}
    return noted | ({"room": room} if room else {})


def distance(kind, numbers, noted):
    """Return how far a figure is from its entry; inf where they cannot be compared."""
    if kind not in noted:
        return np.inf
    if kind == "still":
        old = np.frombuffer(bytes.fromhex(noted[kind]), np.uint8).reshape(numbers.shape)
    else:
        old = np.array([frame.split() for frame in noted[kind]], dtype=float)
    return float(np.max(np.abs(numbers - old))) if old.shape == numbers.shape else np.inf


def faults(found, noted):
    """Return what differs between the figures and the notes, one sentence each."""
    told = [f"{name}: noted, but no cell shows it" for name in noted.keys() - found.keys()]
    for name, (kind, numbers) in found.items():
        if name not in noted:
            told.append(f"{name}: a new figure")
        elif (far := distance(kind, numbers, noted[name])) > noted[name].get("room", ROOM[kind]):
            told.append(f"{name}: shows something else, by {far:.1f}")
    return sorted(told)


def main(arguments):
    """List what changed, or note it; return the exit status."""
    topics = [book.chapter_of(name).stem for name in arguments if name != "note"]
    if topics and "note" in arguments:
        raise Trouble("drawn.py notes the figures of all chapters at once: leave the names out")
    found = all_shown(topics)
    noted = json.loads(NOTED.read_text(encoding="utf-8")) if NOTED.exists() else {}
    if topics:
        noted = {name: one for name, one in noted.items() if name.partition("#")[0] in topics}
    told = faults(found, noted)
    print("\n".join(told) or f"{len(found)} figures show what is noted")
    if arguments == ["note"]:
        lines = [f"{json.dumps(name)}: " + json.dumps(
            entry(kind, numbers, noted.get(name, {}).get("room")))
            for name, (kind, numbers) in sorted(found.items())]
        write(NOTED, "{\n" + ",\n".join(lines) + "\n}\n")
        return 0
    return bool(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
