"""Mark the paths through a chapter: what an exercise costs, and what lies beyond the core.

An exercise begins with a line such as `*Predict · outcome 1 · 5 minutes · core*`, a question with
`*Outcome 2*`. A section that begins with `*Beyond the core path.*` has a mark in its heading and in
the list of the page's contents; a word says what the mark means, and no colour is needed.
"""

from docutils import nodes

BEYOND = "Beyond the core path."
MARK = ('<span class="beyond-mark"><span aria-hidden="true">◇</span>'
        '<span class="visually-hidden"> (beyond the core path)</span></span>')


def mark(doctree, contents):
    """Mark the sections of a page and their entries in its table of contents."""
    beyond = set()
    for section in doctree.findall(nodes.section):
        line = first_line(section)
        if line is None:
            continue
        if line.astext() == BEYOND:
            line["classes"].append("beyond-line")
            section["classes"].append("beyond")
            beyond.add("#" + section["ids"][0])
        elif {"exercise", "question"} & set(section["classes"]):
            set_apart(section, line)
    for entry in contents.findall(nodes.reference):
        if entry["anchorname"] in beyond:
            entry += [nodes.Text("\N{NO-BREAK SPACE}"), nodes.raw("", MARK, format="html")]


def first_line(section):
    """Return the paragraph after a section's heading if all of it is in italics, else None."""
    line = section[1] if len(section) > 1 else None
    whole = (isinstance(line, nodes.paragraph) and len(line) == 1
             and isinstance(line[0], nodes.emphasis))
    return line if whole else None


def set_apart(section, line):
    """Give the line about an exercise a class, and each of its parts a span."""
    parts = line.astext().split(" · ")
    line["classes"].append("exercise-line")
    line[:] = []
    for part in parts:
        line += [nodes.Text(" · ")] if len(line) else []
        line += nodes.inline("", part, classes=[kind(part)])
    if parts[-1] == "core":
        section["classes"].append("core")


def kind(part):
    """Return the class of a part: `core`, `minutes`, `outcome`, or else `kind`."""
    words = part.lower().split()
    return next((name for name in ("core", "minutes", "outcome") if name in words), "kind")
