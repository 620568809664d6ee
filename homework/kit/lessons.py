"""Read a chapter as an instructor does: its parts, predictions, exercises, outcomes and minutes.

What the contract of a chapter fixes (CONTRIBUTING.md) is read here and nowhere else in the kit.
"""

import re
from dataclasses import dataclass
from functools import cache

from chapter import paths, read
from homework import Trouble
from homework.kit import ROOT
from reading import is_core
from tasks import ABOUT, OPTION, QUESTION, TIME, answer_cell
from web.contents import HEADING

FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>|</details>", re.DOTALL)
LEDGER = re.compile(r"\n*<!-- *ledger:[^>]*-->\s*$")


@dataclass(frozen=True)
class Prediction:
    """A question of a chapter: what leads to it, its options, and what is behind wrong ones."""

    id: str
    heading: str
    context: str
    question: str
    options: tuple
    answer: int  # counted from 1; 0 where a number is asked for
    misconceptions: dict  # number of a wrong option -> clause that follows "you thought that"
    number: dict  # number, unit, within or factor; empty where there are options
    output: str  # what the code that answers prints
    setting: str  # what it speaks of, for who has not read the section before it

    @property
    def right(self):
        """The answer in words."""
        if self.options:
            return self.options[self.answer - 1]
        return f"{self.number['number']:.10g} {self.number.get('unit', '')}".strip()


@dataclass(frozen=True)
class Task:
    """An exercise or a question: its cell, title, kind, outcome, minutes, text and hints."""

    id: str
    title: str
    kind: str
    outcome: int
    minutes: int
    core: bool
    text: str
    hints: tuple


@cache
def order():
    """Return the topics of the chapters in the order of the book."""
    listed = re.findall(r"file: chapters/(\w+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    known = {path.stem for path in paths()}
    return tuple(topic for topic in listed if topic in known)


@cache
def lesson(topic):
    """Return the Chapter of a topic; raise Trouble with the topics that there are."""
    if topic not in order():
        raise Trouble(f"There is no chapter {topic!r}. Chapters: {', '.join(order())}")
    return read(ROOT / "chapters" / f"{topic}.ipynb")


def source(cell):
    """Return the text of a cell without the note that ties it to the ledger."""
    return LEDGER.sub("", cell.source)


def title(chapter):
    """Return the chapter's title."""
    return re.search(r"^# (.+)$", chapter.by_id["title"].source, re.MULTILINE)[1]


def promise(chapter):
    """Return the sentence that says what a reader will be able to do."""
    return re.search(r"^\*([^*].*)\*$", chapter.by_id["title"].source, re.MULTILINE)[1]


def outcomes(chapter):
    """Return {number: outcome}, as the title cell lists them."""
    listed = chapter.by_id["title"].source.partition("You will be able to")[2]
    found = re.findall(r"^(\d)\. (.+)$", listed.partition("**Needs**")[0], re.MULTILINE)
    return {int(number): text.rstrip(";.") for number, text in found}


def minutes(chapter):
    """Return the stated minutes: whole lesson, core path, all exercises, core exercises."""
    return tuple(map(int, TIME.search(chapter.by_id["title"].source).groups()))


def question(chapter):
    """Return the question of the chapter."""
    text = source(chapter.of("riddle")[0])
    return text.partition("**The question of this chapter.**")[2].strip() or text


def sections(chapter):
    """Return (heading, cells, whether it is core) for each section of the lesson.

    A cell with a heading inside it begins a section; what precedes all has the title's.
    """
    parts = [(title(chapter), [])]
    for cell in chapter.lesson:
        found = [*HEADING.finditer(cell.source)] if cell.kind == "markdown" else []
        found = [one for one in found if not one[0].startswith("# ")]
        if found:
            parts.append((found[-1][1], []))
        parts[-1][1].append(cell)
    return with_core(parts)


def with_core(parts):
    """Add to each part whether it is core; a part of the third level follows its section."""
    core, made = True, []
    for heading, cells in parts:
        if cells and re.search(r"^## ", cells[0].source, re.MULTILINE):
            core = is_core(cells)
        made.append((heading, cells, core))
    return made


def predictions(chapter):
    """Return the predictions of a chapter in order."""
    made = []
    for heading, cells, _ in sections(chapter):
        made += [prediction(chapter, cell, heading) for cell in cells if cell.step == "predict"]
    return made


def prediction(chapter, cell, heading):
    """Return the Prediction of a cell."""
    text = HEADING.sub("", source(cell)).replace("*Beyond the core path.*", "").strip()
    context, _, asked = text.partition("**Predict**")
    data = cell.metadata["prediction"]
    options = ()
    if "number" not in data:
        asked, options = asked_and_options(asked)
    answers = answer_cell(chapter.cells[chapter.cells.index(cell) + 1:])
    wrong = {int(number): words for number, words in data.get("misconceptions", {}).items()}
    return Prediction(cell.id, heading, context.strip(), asked.lstrip(":, ").strip(), options,
                      data.get("answer", 0), wrong, data if "number" in data else {},
                      answers.text_output.rstrip(), data["context"])


def asked_and_options(text):
    """Return a question and the options below it."""
    asked, listed = re.match(r"(.*?)\n\s*\n(1\. .*)\Z", text.strip(), re.DOTALL).groups()
    parts = OPTION.split("\n" + listed)[1:]
    return asked, tuple(" ".join(part.split()) for part in parts[1::2])


def exercises(chapter):
    """Return the exercises of a chapter in order."""
    return [task(cell, ABOUT) for cell in chapter.of("exercise")]


def questions(chapter):
    """Return the questions of a chapter, as asked in an interview."""
    return [task(cell, QUESTION) for cell in chapter.of("question")]


def task(cell, pattern):
    """Return the Task of a cell whose heading matches a pattern."""
    head = pattern.search(cell.source).groupdict()
    text = cell.source[pattern.search(cell.source).end():]
    heading = re.search(r"^### \w+: (.+)$", cell.source, re.MULTILINE)[1]
    return Task(cell.id, heading.strip('"'), head.get("kind", "Question"), int(head["outcome"]),
                int(head.get("minutes") or 0), bool(head.get("core")),
                LEDGER.sub("", FOLD.split(text)[0]).strip(), tuple(folded(text)))


def folded(text):
    """Return the texts of the folds of an exercise, one after another."""
    parts = FOLD.split(text)
    return [part.strip() for name, part in zip(parts[1::2], parts[2::2], strict=True)
            if name and part.strip()]


def sentence(text):
    """Return a text with a capital letter at its start."""
    return text[:1].upper() + text[1:]


def misconception(words):
    """Return a clause as a sentence."""
    return sentence(words.rstrip(".")) + "."
