"""The contract of a chapter's text: its steps in order, its words, what it promises and repeats.

Each rule takes a Chapter and yields what is wrong, as a sentence that tells the author what to do.
"""

import re
from functools import cache
from pathlib import Path

from chapter import ROOT, prose, words
from numerals import numbers

ROUND = "predict run explain explore say"
FOLLOWS = {
    "": "title", "title": "setup", "setup": "failure", "failure": "failure riddle",
    "riddle": ROUND, "say": "claim",
    **dict.fromkeys(("predict", "run", "explain", "explore", "claim"), ROUND + " exercise"),
    "exercise": "try", "try": "check", "check": "solution", "solution": "exercise question",
    "question": "question card", "card": "summary", "summary": "references", "references": "",
}
MARKDOWN_ONLY = ("title", "riddle", "predict", "say", "exercise", "question", "card", "summary",
                 "references")
CODE_ONLY = ("setup", "run", "claim", "explore", "try", "check", "solution")
BANNED = re.compile(
    r"\b(simply|obvious(?:ly)?|clearly|trivial(?:ly)?|of course|as you can see|needless to say|"
    r"just(?! (?:above|below|under|over|before|after|inside|outside|beyond|past)\b))\b", re.I)


def skeleton(chapter):
    """The cells' ids tell the story in its order."""
    before = ""
    for cell in chapter.cells:
        if cell.step not in FOLLOWS:
            yield f"{cell.id}: an id starts with a step: {', '.join(filter(None, FOLLOWS))}"
            continue
        if cell.step in MARKDOWN_ONLY and cell.kind != "markdown":
            yield f"{cell.id}: a {cell.step} cell is Markdown"
        if cell.step in CODE_ONLY and cell.kind != "code":
            yield f"{cell.id}: a {cell.step} cell is code"
        if cell.step not in (allowed := FOLLOWS[before].split()):
            yield (f"{cell.id}: after {before or 'the start'} comes "
                   f"{' or '.join(allowed) or 'nothing'}, not {cell.step}")
        before = cell.step
    for step, least, most in (("exercise", 5, 8), ("question", 3, 5)):
        if not least <= (count := len(chapter.of(step))) <= most:
            yield f"{count} {step} cells; a chapter has {least} to {most}"
    if before != "references":
        yield f"the last cell is references, not {before or 'missing'}"


def rounds(chapter):
    """Each round asks before it runs, and says what it showed."""
    if (count := len(chapter.of("predict"))) < 3:
        yield f"{count} predict cells: a chapter has at least three rounds of predict, run, explain"
    if (count := len(chapter.of("claim"))) < 3:
        yield f"{count} claims: a chapter has at least three"
    if not 2 <= (count := len(chapter.of("explore"))) <= 4:
        yield f"{count} explore cells: a chapter has 2 to 4"
    asked = False
    for before, cell in zip(chapter.lesson, chapter.lesson[1:], strict=False):
        asked = cell.step == "predict" or (asked and cell.step not in ("claim", "explore"))
        if cell.step == "run" and not asked:
            yield (f"{cell.id}: no question since the last claim. Put a predict cell before it, or "
                   "call it explain if it answers the question before")
        if cell.step == "explore" and (before.kind != "markdown" or before.step == "say"):
            yield f"{cell.id}: put a predict or explain cell before it: what to change, look for"


def title(chapter):
    """The title cell says what the reader will be able to do, and how long it takes."""
    for cell in chapter.of("title"):
        if not cell.source.startswith("# "):
            yield "title: starts with `# ` and the chapter's title"
        if not re.search(r"^[*_][^*_].*[*_]$", cell.source, re.MULTILINE):
            yield "title: one line in *italics* says what you will be able to do"
        if (promised := minutes_promised(cell.source)) is None:
            yield "title: say how long the chapter takes: `Time: 90 minutes` or `Time: 2 hours`"
        elif not 1 / 2 <= promised / (computed := reading_minutes(chapter)) <= 2:
            yield f"title: promises {promised:g} minutes; counted are {computed:.0f}"
        if not re.search(r"\b(prerequisites?|you need|needs?)\b", cell.source, re.IGNORECASE):
            yield "title: name the prerequisites, as links (`Prerequisites: {doc}`…`` or none)"


def minutes_promised(text):
    """Return the minutes that a title cell promises, or None: "90 minutes", "2 hours"."""
    found = re.search(r"(\d+(?:\.\d+)?) (minute|hour)s?\b", text)
    return found and float(found[1]) * {"minute": 1, "hour": 60}[found[2]]


def reading_minutes(chapter):
    """Return the time that the lesson takes: 200 words a minute, 15 s a line, 3 min a question."""
    text = "\n\n".join(cell.source for cell in chapter.lesson if cell.kind == "markdown")
    lines = sum(len(cell.code_lines) for cell in chapter.lesson
                if cell.kind == "code" and not {"hide-cell", "hide-input"} & set(cell.tags))
    return len(words(text)) / 200 + lines * 15 / 60 + 3 * len(chapter.of("predict"))


def order(chapter):
    """The chapter has its place in _toc.yml, and what it needs stands before it."""
    pages = contents()
    if chapter.topic not in pages:
        yield f"no page of _toc.yml lists it: add `- file: chapters/{chapter.topic}`"
        return
    for cell in chapter.of("title"):
        for line in re.findall(r"^.*\b(?:prerequisites?|needs?)\b.*$", cell.source, re.I | re.M):
            for name in re.findall(r"\{doc\}`(?:[^`<]*<)?(\w+)>?`|\]\((\w+)\.(?:ipynb|md)", line):
                if "".join(name) not in pages:
                    yield f"title: needs {''.join(name)}, which _toc.yml does not list"
                elif pages.index(chapter.topic) < pages.index("".join(name)):
                    yield f"title: needs {''.join(name)}, which _toc.yml lists after it"


@cache
def contents(path=ROOT / "_toc.yml"):
    """Return the pages of the table of contents, in order."""
    return re.findall(r"^[^#\n]*(?:root|file): chapters/(\w+)", path.read_text(encoding="utf-8"),
                      re.MULTILINE)


def failure(chapter):
    """Code that breaks stands among the first five cells."""
    if not any(cell.step == "failure" and cell.kind == "code" for cell in chapter.cells[:5]):
        yield "failure: code that breaks (id failure-…) stands among the first five cells"


def word_count(chapter):
    """The lesson has 2000 to 4000 words, not counting formulas, code and tags."""
    texts = [cell.source for cell in chapter.lesson if cell.kind == "markdown"]
    if not 2000 <= (count := len(words("\n\n".join(texts)))) <= 4000:
        yield f"{count} words before the exercises; a chapter has 2000 to 4000"


def wording(chapter):
    """The prose does not tell readers that what they find hard is easy."""
    for cell in chapter.cells:
        if cell.kind == "markdown":
            for found in BANNED.finditer(prose(cell.source)):
                yield f"{cell.id}: leave out {found[0]!r}: what is easy needs no saying"


def advice(chapter):
    """The advice of the skeleton has given way to the chapter's own text."""
    for cell in chapter.cells:
        if left := [line for line in cell.source.splitlines() if line.strip() in skeleton_lines()]:
            yield f"{cell.id}: still says {left[0].strip()!r}, the advice of new_chapter.txt"


@cache
def skeleton_lines():
    """Return the sentences of the skeleton of a new chapter, which no chapter should repeat."""
    text = Path(__file__).with_name("new_chapter.txt").read_text(encoding="utf-8")
    lines = map(str.strip, text.splitlines())
    return {line for line in lines if len(line) > 40 and re.match(r"\*?[A-Z].*[.?*]$", line)
            and not line.startswith("Prerequisites")}


def questions(chapter):
    """Every question has its answer folded."""
    for cell in chapter.of("question"):
        if not re.search(r"^### Question: \S", cell.source, re.MULTILINE):
            yield f"{cell.id}: needs the heading `### Question: …`"
        yield from folds(cell, "Answer")


def folds(cell, summary):
    """Yield what is wrong with the folded parts of a cell."""
    opened, closed = cell.source.count("<details"), cell.source.count("</details>")
    if not opened or opened != closed:
        yield (f"{cell.id}: fold it as <details><summary>{summary}…</summary>, a blank line, the "
               f"text, a blank line, </details> ({opened} opened, {closed} closed)")
    if not re.search(rf"<summary>{summary}\b", cell.source):
        yield f"{cell.id}: a fold is headed <summary>{summary}…</summary>"
    if re.search(r"</summary>[ \t]*\n?[ \t]*\S", cell.source.replace("</summary>\n\n", "")):
        yield f"{cell.id}: leave a blank line after </summary>, or its Markdown stays raw"


def summary(chapter):
    """The summary repeats three to six claims word for word, and adds no number of its own."""
    for cell in chapter.of("summary"):
        rest = plain_words(cell.source)
        repeated = [said for said in chapter.claims.values() if plain_words(said) in rest]
        if not 3 <= len(repeated) <= 6:
            yield (f"summary: repeats {len(repeated)} of the claims' bold sentences word for word; "
                   "3 to 6 are asked for")
        for said in repeated:
            rest = rest.replace(plain_words(said), " ")
        if extra := [spelling for spelling, _ in numbers(rest)]:
            yield f"summary: {', '.join(extra)} stands in no claim that it repeats"


def plain_words(text):
    """Return a text on one line without bold marks."""
    return " ".join(text.replace("**", "").split())


def terms(chapter):
    """Terms are linked to the glossary, where they stand, each under a name of its own."""
    known = glossary()
    for cell in chapter.cells:
        for found in re.finditer(r"\{term\}`([^`]+)`", cell.source):
            shown, _, target = " ".join(found[1].split()).lower().rstrip(">").rpartition("<")
            shown = shown.strip()
            if target not in known:
                yield f"{cell.id}: the glossary has no entry {target!r}: add it to glossary.md"
            elif other := {shown, shown.removesuffix("s")} & known - {target}:
                yield f"{cell.id}: {shown!r} leads to {target!r}, but is the term {other.pop()!r}"


@cache
def glossary(path=ROOT / "chapters" / "glossary.md"):
    """Return the terms of the glossary, in lower case."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.findall(r"^(\S.*)\n(?=(?:\S.*\n)*(?:: | +)\S)", text, re.MULTILINE)
    return {term.split(" : ")[0].strip().lower() for term in found}


RULES = (skeleton, rounds, title, order, failure, word_count, wording, advice, questions, summary,
         terms)
