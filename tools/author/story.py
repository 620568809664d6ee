"""The contract of a chapter's text: its steps in order, its words, what it promises and repeats.

Each rule takes a Chapter and yields what is wrong, as a sentence that tells the author what to do.
"""

import re
from functools import cache
from pathlib import Path

from chapter import ROOT, prose
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
    for step, least, most in (("exercise", 5, 8), ("question", 3, 5), ("explore", 2, 4)):
        if not least <= (count := len(chapter.of(step))) <= most:
            yield f"{count} {step} cells; a chapter has {least} to {most}"
    if before != "references":
        yield f"the last cell is references, not {before or 'missing'}"


def rounds(chapter):
    """A figure that moves comes after the words that say what to change and what to look for."""
    if (count := len(chapter.of("claim"))) < 3:
        yield f"{count} claims: a chapter has at least three"
    for before, cell in zip(chapter.lesson, chapter.lesson[1:], strict=False):
        if cell.step == "explore" and (before.kind != "markdown" or before.step == "say"):
            yield f"{cell.id}: put a predict or explain cell before it: what to change, look for"


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
    """The summary repeats three to six claims word for word, and adds no number of its own.

    Its first paragraph is free; after it, each line is a claim, or says which follow.
    """
    for cell in chapter.of("summary"):
        laws = {plain_words(said) for said in chapter.claims.values()}
        for line in "\n\n".join(cell.source.split("\n\n")[2:]).splitlines():
            if line.strip() and not line.endswith(":") and plain_words(line) not in laws:
                yield f"summary: {line!r:.60} is no claim word for word"
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


RULES = (skeleton, rounds, order, failure, wording, advice, questions, summary, terms)
