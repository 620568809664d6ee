"""Give a routine as a black box: queries are answered and counted, its source is not shown.

Each family is public, in `sums` and `systems`; which member of it answers is drawn from a number.
Whoever can read both can compute the member: only the instructor's own machine keeps it hidden.
"""

from lib.grade.blackbox.box import BUDGET, Box, Spent, check_broken, family
from lib.grade.blackbox.sums import SUMS
from lib.grade.blackbox.systems import SYSTEMS

TOPICS = tuple(sorted([*SUMS, *SYSTEMS]))

__all__ = ["BUDGET", "TOPICS", "Box", "Spent", "check_broken", "family"]
