"""Two pages of questions: what people believe, and a test that says where to begin.

`{quiz}` asks the questions of a file of TOML beside its page, grouped by the parts of the book;
`{self-test}` asks them in one row, and says in the end with which chapter to begin. They look and
work as the predictions of a chapter do; each answer ends with a link to the section that shows it.
"""

import tomllib
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from web.contents import chapters, is_task, parts, teaching, title
from web.places import anchor_of, link_to
from web.predictions import SUM, SWITCH, raw, tools, verdicts_on

NUMBERS = ("The first.", "The second.", "The third.", "The fourth.")
WORDS = {"what": "answer", "act": "choose", "some": "You were right in",
         "none": "Your answers on this page: none yet", "forget": "Forget my answers on this page",
         "hand_in": ""}
log = logging.getLogger(__name__)


def questions(path):
    """Return the questions of a file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))["question"]


class Quiz(SphinxDirective):
    """Ask the questions of a file, grouped by part."""

    required_arguments = 1

    def run(self):
        """Return the questions whose chapters are in the book."""
        path = Path(self.env.doc2path(self.env.docname)).with_name(self.arguments[0])
        self.env.note_dependency(str(path))
        self.books = {}
        for name, file, notebook in chapters(self.env):
            self.env.note_dependency(str(file))
            self.books[file.stem] = (name, title(notebook), teaching(notebook))
        found = [(topic, one) for one in questions(path) if (topic := self.topic(one))]
        found.sort(key=lambda pair: list(self.books).index(pair[0]))
        top = SWITCH.format(page=self.env.docname, asks=f"{len(found)} questions.", **WORDS)
        return [raw(top), *self.body(found), raw(SUM.format(count=len(found), **WORDS))]

    def topic(self, one):
        """Return the chapter that a question belongs to, or None if it is not in the book."""
        if "chapter" in one:
            return one["chapter"] if one["chapter"] in self.books else None
        return next((topic for topic, (_, _, taught) in self.books.items()
                     if one["ledger"] in taught), None)

    def body(self, found):
        """Return a section for each part of the book, its questions numbered through."""
        made, number = [], 0
        for caption, names in parts(self.env.config.external_site_map).items():
            own = [pair for pair in found if self.books[pair[0]][0] in names]
            if not own:
                continue
            section = nodes.section(ids=[nodes.make_id(caption)])
            section += nodes.title("", caption)
            for topic, one in own:
                number += 1
                section += self.question(number, topic, one)
            made.append(section)
        return made

    def question(self, number, topic, one):
        """Return one question: what is asked, its options, and the answer."""
        name = anchor_of(one["asks"])
        asked = self.markdown(one["asks"])[0]
        asked.insert(0, [nodes.strong("", f"{number}."), nodes.Text("\N{NO-BREAK SPACE} ")])
        asked += [nodes.Text(" "), link_to(name, "question")]
        options = nodes.enumerated_list(enumtype="arabic", classes=["prediction-options"])
        options += [nodes.list_item("", *self.markdown(text)) for text in one["options"]]
        for item in options:
            if [type(part) for part in item] != [nodes.paragraph]:
                log.warning("an option of %r is not one line of text", one["asks"],
                            location=self.get_location())
        verdicts = verdicts_on(options, one["answer"], {})
        box = nodes.container("", options, classes=["prediction"])
        box += tools({"cell": name, "answer": one["answer"]}, verdicts)
        answer = nodes.container("", self.answer(topic, one), classes=["answer", f"to-{name}"])
        return nodes.container("", asked, box, answer, ids=[name], classes=["quiz"])

    def answer(self, topic, one):
        """Return what is right, and where it is shown."""
        paragraph = self.markdown(f"*{NUMBERS[one['answer'] - 1]}* {one['because']}")[0]
        paragraph += [nodes.Text(" → "), *self.link(topic, one.get("ledger"))]
        return paragraph

    def link(self, topic, row):
        """Return a link to the section of a chapter that teaches a row, or to the chapter."""
        _, chapter, taught = self.books[topic]
        if row is None:
            return self.markdown(f"[{chapter}]({topic}.ipynb)")[0].children
        place, heading = taught[row]
        if is_task((place, heading)):
            heading = f"an {place.partition('-')[0]}".replace("an q", "a q")
        link = nodes.reference("", "", refuri=f"{topic}.html#{place}", internal=True)
        link += self.markdown(f"{chapter}: {heading}")[0].children
        return [link]

    def markdown(self, text):
        """Return the nodes of a line of Markdown."""
        box = nodes.Element()
        self.state.nested_parse(StringList([text]), self.content_offset, box)
        return box.children


class SelfTest(Quiz):
    """Ask the questions of a file in a row, then say with which chapter to begin."""

    def body(self, found):
        """Return the questions, and the chapters to which they lead."""
        asked = [self.question(number, *pair) for number, pair in enumerate(found, 1)]
        section = nodes.section(ids=["where-to-begin"])
        section += nodes.title("", "Where to begin")
        section += self.markdown("Begin with the first of these chapters whose question you "
                                 "missed, or guessed.")
        section += raw('<p class="begin-said" role="status"></p>')
        places = nodes.enumerated_list(enumtype="arabic", classes=["begin"])
        for topic, one in found:
            text = f"[{self.books[topic][1]}]({topic}.ipynb): {one['skill']}."
            name = anchor_of(one["asks"])
            places += nodes.list_item("", *self.markdown(text), classes=[f"for-{name}"])
        section += [places]
        return [*asked, section]


def setup(app):
    """Register the directives."""
    app.add_directive("quiz", Quiz)
    app.add_directive("self-test", SelfTest)
