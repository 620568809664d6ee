"""Show on which line of a function the digits go."""

from lib.digits.story import Line
from lib.digits.tracer import ShadowLost, Trace, trace

__all__ = [
    "Line",
    "ShadowLost",
    "Trace",
    "trace",
]
