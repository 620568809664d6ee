"""What an instructor takes from the cells of a chapter: slides, polls, worksheets, pages for TAs.

`lessons` reads a chapter's notebook, `markup` typesets its Markdown, `pictures` takes figures from
the built site. Each of `slides`, `polls`, `worksheet`, `guide`, `outcomes` and `cartridge` is a
command with a parser of its own, `main(arguments)`, which returns the exit status.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Chapters are read by the tools of their authors, which import each other by their names.
for _folder in (ROOT, ROOT / "tools", ROOT / "tools" / "author"):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))
