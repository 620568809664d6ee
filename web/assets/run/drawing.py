"""Where matplotlib draws on a page: figures are shown as PNG, when a cell ends or asks for it.

Its name is given to matplotlib as that of a backend.
"""

import base64
import io

import matplotlib.pyplot as plt
import showing
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas  # noqa: F401

SHARP = 2  # pixels of a picture for one of a plain screen
LARGEST = 4000  # pixels of a plain screen, either way


def show(*_, **__):
    """Show the figures that are open, and close them."""
    for number in plt.get_fignums():
        figure = plt.figure(number)
        if not showing.now.quiet:
            showing.now.add(picture(figure))
    plt.close("all")


def picture(figure):
    """Return a figure as an output: PNG in base64, and its size on a plain screen."""
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    if max(width, height) > LARGEST:
        raise ValueError(f"a figure of {width} x {height} pixels is too large for a page: "
                         "give figsize in inches, such as (5, 3)")
    figure.savefig(data := io.BytesIO(), format="png", dpi=SHARP * figure.dpi)
    return {"image/png": base64.b64encode(data.getvalue()).decode(), "width": width,
            "height": height}
