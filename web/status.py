"""A generated page: when each chapter last ran, what it cost, and with which versions.

The run of a chapter leaves its costs in `_build/costs` (`tools/cost.py`); the page sets them beside
their budgets.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from web.claims import claims, last_run_of, table, versions
from web.contents import chapters, title

# Column: key of the costs, unit, budget. A test holds each chapter to its budgets.
BUDGETS = {
    "Lesson": ("lesson", "CPU s", 30),
    "With frames": ("all", "CPU s", 60),
    "Memory": ("memory", "MB", 500),
}
UNKNOWN = "not known"


class cost_of(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801, a node's name
    """A place for a cost of a chapter, or for what all chapters say, known when all have run."""


def costs(env, topic):
    """Return the costs of a chapter's last run; nothing where none are known."""
    path = Path(env.srcdir) / "_build" / "costs" / f"{topic}.json"
    if not path.exists():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return {**found, "all": found["lesson"] + found["frames"]}


class Status(SphinxDirective):
    """Say when each chapter last ran, what that cost, and with which versions."""

    def run(self):
        """Return two tables, with the machine between them."""
        rows, topics = [], []
        for name, path, notebook in chapters(self.env):
            self.env.note_dependency(str(path))
            topics.append(path.stem)
            link = nodes.reference("", title(notebook), refuri=f"{path.stem}.html", internal=True)
            rows.append([link, nodes.Text(str(len(claims(notebook)))), last_run_of(chapter=name),
                         *(cost_of(topic=path.stem, key=key) for key, _, _ in BUDGETS.values())])
        heads = [f"{head}, {unit} of {most}" for head, (_, unit, most) in BUDGETS.items()]
        packages = [[nodes.Text(name), nodes.Text(number)] for name, number in versions()]
        machines = nodes.paragraph("", "Machine: ", cost_of(topics=topics), nodes.Text("."))
        return [table(["Chapter", "Claims", "Last run", *heads], rows), machines,
                table(["Package", "Version"], packages)]


def written(env, place):
    """Return the words for a place: a number, or the kinds of machines."""
    if "topics" in place:
        kinds = {costs(env, topic).get("machine", UNKNOWN) for topic in place["topics"]}
        return "; ".join(sorted(kinds))
    cost = costs(env, place["topic"]).get(place["key"])
    return UNKNOWN if cost is None else f"{cost:.0f}"


def fill(app, doctree, docname):
    """Write the costs into their places."""
    for place in list(doctree.findall(cost_of)):
        place.replace_self(nodes.Text(written(app.env, place)))


def setup(app):
    """Register the directive."""
    app.add_node(cost_of)
    app.add_directive("status", Status)
    app.connect("doctree-resolved", fill)
