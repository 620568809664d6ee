"""Time one step of a moving figure: as a kernel repaints it, and as a build packs it.

Run as `python benchmarks/explore.py`. CPU time, median over the steps of a slider over a plot of
three curves with a legend. A step in a kernel should stay under 100 ms.
"""

import statistics
import time

import numpy as np

from lib.page import LogSlider
from lib.page.live import widget
from lib.page.pieces import Pieces
from lib.page.stage import Stage


def draw(ax, k):
    """Draw three curves of 200 points and a legend."""
    x = np.linspace(0, 1, 200)
    for number in range(1, 4):
        ax.plot(x, np.exp(-number * k * x), label=f"curve {number}")
    ax.set(xlabel="$x$", ylabel="$y$", title=f"k = {k:.3g}")
    ax.legend()


def milliseconds(action, values):
    """Return the median CPU time of an action over values."""
    times = []
    for value in values:
        start = time.process_time()
        action(value)
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times)


def main():
    """Print the medians."""
    control = LogSlider(0.1, 10, 31)
    grid = [{"k": value} for value in control.values]
    stage = Stage(draw, 1, (5.2, 3.4))
    start = time.process_time()
    stage.survey(grid, 0)
    print(f"survey of 31 frames, once     {1000 * (time.process_time() - start):6.0f} ms")
    row, *_ = widget(stage, {"k": control}, "three curves").children
    slider = row.children[0]
    step = milliseconds(lambda index: setattr(slider, "index", index), range(1, 31))
    print(f"one step with a kernel        {step:6.0f} ms")
    pieces = Pieces({}, "")
    packed = milliseconds(lambda one: pieces.pack(stage.svg(one)[0]), grid)
    print(f"one frame of the built page   {packed:6.0f} ms")


if __name__ == "__main__":
    main()
