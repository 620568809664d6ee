"""Let a tool for authors run with any Python: importing this goes on in the book's environment.

It comes before every other import of a tool, since those may be of packages that only the
environment has. A tool that is imported, by another or by a test, is in the environment already.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent))

import environment  # noqa: E402  found by the line above

program = getattr(sys.modules["__main__"], "__file__", None)
if program and Path(program).resolve().parent == HERE:
    environment.enter(program, sys.argv[1:])
