"""Choose what a chapter's slides show: failure, prediction, figure, law; the prose becomes notes.

What a slide shows has at most 40 words, counted as they stand on it: formulas, code and what is
inside a figure do not count. `deck` writes the slides as a page.
"""

import html
from dataclasses import dataclass, field

from chapter import bold_sentences
from homework.kit import lessons, markup
from homework.kit.pieces import clause, last_sentence, pieces, suffix, without_asides
from reading import draws

WORDS = 40  # a slide
ROWS, COLUMNS = 15, 76  # of code and output, at 24 pixels of 720 by 1280


@dataclass
class Slide:
    """What is shown, what is said, the cell whose figure belongs to it, and steps to its answer."""

    kind: str
    label: str
    body: str
    notes: list = field(default_factory=list)
    figure: str = ""
    steps: int = 0

    @property
    def words(self):
        """The number of words in sight; those inside a figure that moves are the figure's."""
        return len(markup.words(self.body))


def slides(chapter, core=False):
    """Return the slides of a chapter, in order; with `core` those of the core path."""
    made = [opening(chapter)]
    answering = ""
    for heading, cells, is_core in lessons.sections(chapter):
        if core and not is_core:
            continue
        predicted = {one.id: one for one in lessons.predictions(chapter)}
        for cell in cells:
            if cell.step == "predict":
                made += asked(predicted[cell.id])
                answering = cell.id
            elif shown := of_cell(cell, heading, bool(answering)):
                made.append(shown)
                answering = answering if cell.kind == "markdown" else ""
            elif cell.kind == "code" and cell.outputs:
                answering = ""
            if cell.kind == "markdown" and cell.step not in ("title", "predict"):
                made[-1].notes.append(lessons.source(cell))
    return [*made, again(chapter), lab(chapter)]


def opening(chapter):
    """Return the first slide."""
    listed = "\n".join(f"{number}. {text}" for number, text in lessons.outcomes(chapter).items())
    name = lessons.title(chapter)
    body = f"<h1>{markup.line(name)}</h1>\n<p>{markup.line(lessons.promise(chapter))}</p>"
    return Slide("title", markup.plain(name), body, [f"You will be able to\n\n{listed}"])


def of_cell(cell, heading, answers):
    """Return the slide of a cell; None if it goes into the notes, or is for readers alone."""
    if cell.step == "riddle":
        return question("The question", lessons.source(cell))
    if cell.step == "say":
        law = bold_sentences(cell.source)[0]
        return Slide("law-slide", "Law", f'{head(heading)}<p class="law">{markup.line(law)}</p>')
    if cell.kind == "code" and draws(cell):
        return Slide("figure", markup.plain(heading), head(heading), figure=cell.id)
    if cell.kind == "code" and (cell.id.endswith("-loop") or tells(cell, answers)):
        return Slide("code", markup.plain(heading), head(heading) + listing(cell, answers))
    return None


def tells(cell, answers):
    """Return whether a cell of code shows the failure, or answers a prediction."""
    return (bool(cell.text_output.strip()) and "helper" not in cell.tags
            and cell.step not in ("setup", "claim") and (answers or cell.step == "failure"))


def head(heading):
    """Return the line at the top of a slide."""
    return f"<h2>{markup.line(heading)}</h2>"


def question(label, text):
    """Return a slide with the end of a text, its question."""
    asked = text.partition("**The question of this chapter.**")[2].strip() or text
    kept = suffix(pieces(asked), WORDS - len(label.split()))
    return Slide("question", label, head(label) + markup.block("\n\n".join(kept)))


def asked(one):
    """Return the slides that ask a prediction: what leads to it first, where its words are many."""
    notes = [one.context, one.question, *[f"{number}. {text}" for number, text
                                          in enumerate(one.options, 1)]]
    notes = ["\n\n".join(notes), *behind(one)]
    context = without_asides(pieces(one.context))
    wanted = pieces(f"**Predict**: {one.question}")[:1]
    whole = [*context, *wanted]
    if room_for(head(one.heading) + markup.block("\n\n".join(whole)) + choices(one)) >= 0:
        return [predict(head(one.heading), whole, choices(one), notes)]
    for top, asks in ((head(one.heading), wanted), ("", wanted), ("", last_sentence(wanted[0]))):
        if len(markup.words(markup.block(asks[0]))) <= room_for(top + choices(one)):
            before = context if asks is wanted else whole
            first = [setting(one, before, notes)] if before else []
            return [*first, predict(top, asks, choices(one), notes)]
    short = choices(one, room_for(choices(one)) < 0)
    return [setting(one, whole, notes), predict("", [], short, notes)]


def room_for(page):
    """Return how many words may stand beside some HTML."""
    return WORDS - len(markup.words(page))


def setting(one, parts, notes):
    """Return the slide of what leads to a prediction: the end of it, the notes have it all."""
    kept = suffix(parts, room_for(head(one.heading)))
    body = head(one.heading) + markup.block("\n\n".join(kept))
    return Slide("setting", markup.plain(one.heading), body, list(notes[:1]))


def predict(top, parts, offered, notes):
    """Return the slide of a prediction, whose second step marks the answer."""
    body = top + markup.block("\n\n".join(parts)) + offered
    return Slide("predict", "Predict", body, list(notes), steps=1)


def choices(one, short=False):
    """Return the options of a prediction, or the room for its number."""
    right = f'<p class="answered">{markup.line(one.right)}</p>'
    if not one.options:
        return right
    items = "".join(
        f'<li{" class=is-answer" * (number == one.answer)}>'
        f"{markup.line(clause(text) if short else text)}</li>"
        for number, text in enumerate(one.options, 1))
    return f"<ol>{items}</ol>"


def behind(one):
    """Return the note that says what is behind the answers."""
    letters = "ABCDE"
    rows = [f"- {letters[number - 1]}: *{lessons.misconception(words)}*"
            for number, words in sorted(one.misconceptions.items())]
    answer = f"Right: {letters[one.answer - 1] + ': ' if one.options else ''}{one.right}"
    return [answer + "\n\n" + "\n".join(rows)]


def listing(cell, answers):
    """Return the code of a cell and what it prints, as far as they fit on a slide."""
    code, output = lessons.source(cell).splitlines(), cell.text_output.rstrip().splitlines()
    code = code if len(code) + len(output) <= ROWS else cell.code_lines
    wide = max(map(len, [*code, *output]), default=0) > COLUMNS
    if answers or len(code) + len(output) > ROWS or wide:
        code = code if not output else []
    made = [pre(code, "code")] if code else []
    return "".join([*made, *([pre(output, "output")] if output else [])])


def pre(lines, kind):
    """Return lines as they are; what is too long or too wide ends in dots."""
    if len(lines) > ROWS:
        lines = [*lines[:ROWS - 1], "…"]
    lines = [one if len(one) <= COLUMNS else one[:COLUMNS - 1] + "…" for one in lines]
    large = " large" * (len(lines) <= 8 and max(map(len, lines)) <= 50)
    return f'<pre class="{kind}{large}">{html.escape(chr(10).join(lines))}</pre>'


def again(chapter):
    """Return the slide that asks the question of the chapter once more."""
    slide = question("The question, again", lessons.source(chapter.of("riddle")[0]))
    laws = "\n".join(f"- {said}" for said in chapter.claims.values())
    slide.notes.append(f"Let them answer in pairs, before anybody looks at the laws:\n\n{laws}")
    return slide


def lab(chapter):
    """Return the last slide: the core exercises and their minutes."""
    tasks = [one for one in lessons.exercises(chapter) if one.core]
    rows = "".join(f"<li>{markup.line(one.title)}: {one.minutes} min</li>" for one in tasks)
    notes = [f"**{one.title}** ({one.kind})\n\n{one.text}" for one in tasks]
    return Slide("lab", "In the lab", f"{head('In the lab')}<ul>{rows}</ul>", notes)
