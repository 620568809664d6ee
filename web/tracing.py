"""The page on which a reader traces a function of their own, and the links to it.

`{tracing}` names the examples, files of the folder that is called as its page, in order; the first
one is shown with its story, made while the page is built. `assets/run/trace.js` brings the form to
life. Under each trace of the book stands a link to the page.
"""

import html
import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from web.contents import source

sys.path.append(str(Path(__file__).parent / "assets" / "run"))  # where the page's Python lies
import tracing as run

PAGE = "chapters/trace"
PRECISIONS = run.FORMATS
HEAD = re.compile(r"# (arguments|precision): (.*)\n")
FORM = """\
<form class="tracing" aria-label="Trace a function" onsubmit="return false">
<p><label for="tracing-example">Start from</label>
<select id="tracing-example" autocomplete="off">{examples}</select></p>
<p><label for="tracing-code">Your function, in Python</label>
<textarea id="tracing-code" rows="14" spellcheck="false" autocapitalize="off" autocomplete="off"
 wrap="off">
{code}</textarea></p>
<p><label for="tracing-arguments">Its arguments, as in the brackets of a call</label>
<input id="tracing-arguments" value="{arguments}" spellcheck="false" autocapitalize="off"
 autocomplete="off"></p>
<p><label for="tracing-precision">Computed in</label>
<select id="tracing-precision" autocomplete="off">{precisions}</select></p>
<p class="tracing-bar"><button type="submit">Run</button>
<button type="button" data-do="stop" disabled>Stop</button>
<button type="button" data-do="link">Copy link</button>
<button type="button" data-do="markdown">Copy as Markdown</button>
<span class="tracing-clock" role="timer" aria-label="Time since Run"></span></p>
<p class="tracing-note"></p>
<p class="tracing-said" role="status"></p>
</form>
<noscript><p>Without JavaScript this page cannot run anything.
On your machine, <code>python -m lib trace</code> does the same, as told below.</p></noscript>
<div class="tracing-result">
<p class="tracing-stale" role="status"></p>
<div class="tracing-back">{back}</div>
<div class="tracing-story" role="region" aria-label="The story">{story}</div>
</div>
<script type="application/json" class="tracing-examples">{data}</script>
<script type="application/json" class="tracing-told">{told}</script>
"""


@dataclass(frozen=True)
class Example:
    """A function to start from: its name and title, its code, and what it is called with."""

    name: str
    title: str
    code: str
    arguments: str
    precision: str = "float64"

    def told(self):
        """Return what the page shows of its trace."""
        return run.answer(self.code, self.arguments, self.precision)


def example(path):
    """Return the example that a file holds: docstring, arguments, code."""
    title, text = path.read_text(encoding="utf-8").split("\n", 1)
    settings = dict(HEAD.findall(text))
    return Example(path.stem, title.strip('"'), HEAD.sub("", text).strip("\n") + "\n", **settings)


def options(pairs):
    """Return the options of a list, each a value and its words."""
    return "".join(f'<option value="{value}">{html.escape(words)}</option>'
                   for value, words in pairs)


def data(thing):
    """Return a thing as JSON that may stand in a script, which "<" could end."""
    return json.dumps(thing, ensure_ascii=False).replace("<", "\\u003c")


def form(examples):
    """Return the form with its first example, and the story of that."""
    first, told = examples[0], examples[0].told()
    precisions = ((name, f"{name} ({fmt})") for name, fmt in PRECISIONS.items())
    return FORM.format(examples=options((one.name, one.title) for one in examples),
                       precisions=options(precisions), code=html.escape(first.code),
                       arguments=html.escape(first.arguments), story=told["html"],
                       back=told["back"][1], data=data([asdict(one) for one in examples]),
                       told=data({"text": told["text"], "back": told["back"][0]}))


class Tracing(SphinxDirective):
    """Show the form, with the examples that the directive names."""

    has_content = True

    def run(self):
        """Return the form."""
        folder = Path(self.env.doc2path(self.env.docname)).with_suffix("")
        names = [line.strip() for line in self.content if line.strip()]
        unlisted = {path.stem for path in folder.glob("*.py")} ^ set(names)
        if unlisted or not names:
            raise self.error(f"the examples named here are not those of {folder.name}/: "
                             f"{', '.join(sorted(unlisted))}")
        made = form([example(folder / f"{name}.py") for name in names])
        return [nodes.raw("", made, format="html")]


def link(app, doctree, docname):
    """Put a link to the page under each trace of another one."""
    if docname == PAGE or PAGE not in app.env.found_docs or app.builder.format != "html":
        return
    address = app.builder.get_relative_uri(docname, PAGE)
    line = f'<p class="own-trace"><a href="{address}">Trace your own function</a></p>'
    for raw in list(doctree.findall(nodes.raw)):
        if '<div class="lib-trace">' in raw.astext():
            raw.parent.insert(raw.parent.index(raw) + 1, nodes.raw("", line, format="html"))


def outdated(app, env, added, changed, removed):
    """Read the page again in every build: an example, or the tracer, may have changed."""
    return [name for name in env.found_docs if "{tracing}" in source(env, name)]


def setup(app):
    """Register the directive, and the links."""
    app.add_directive("tracing", Tracing)
    app.connect("env-get-outdated", outdated)
    app.connect("doctree-resolved", link)
