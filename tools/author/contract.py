"""Hold a chapter against the contract of CONTRIBUTING.md: one small rule for each sentence of it.

`python tools/author/contract.py chapters/softmax.ipynb` prints all that is left to do.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import sys

import density
import laws
import story
import tasks
import uses
import workings
from chapter import asked, read

RULES = (*story.RULES, *workings.RULES, *tasks.RULES, *laws.RULES, *density.RULES, *uses.RULES)


def faults(chapter):
    """Return everything that a chapter leaves to do."""
    return [fault for rule in RULES for fault in rule(chapter)]


def main(arguments):
    """Print the faults of the named notebooks, or of all; return the exit status."""
    found = [f"{path}: {fault}" for path in asked(__doc__, arguments)
             for fault in faults(read(path))]
    print("\n".join(found) or "the contract is kept")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
