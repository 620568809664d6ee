"""Show on which line of a function the digits go."""

from lib.digits.losses import ShadowLost
from lib.digits.story import Line, Mark, Raised
from lib.digits.tracer import Trace, trace, trace_call

__all__ = [
    "Line",
    "Mark",
    "Raised",
    "ShadowLost",
    "Trace",
    "trace",
    "trace_call",
]
