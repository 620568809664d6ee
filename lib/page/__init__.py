"""What a chapter shows: figures in the book's style, figures that move, source code."""

from lib.page import figures
from lib.page.explore import explore
from lib.page.parameters import Choice, IntSlider, LogSlider, Slider
from lib.page.source import source

__all__ = [
    "Choice",
    "IntSlider",
    "LogSlider",
    "Slider",
    "explore",
    "figures",
    "source",
]
