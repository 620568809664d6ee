"""The contract of what a chapter asks: outcomes, predictions, exercises and questions.

What a reader will be able to do stands numbered in `title`; each exercise and each question names
the outcome that it assesses. A prediction has its options in the text, its answer and the
misconception behind each wrong option in the metadata, from which the page makes buttons.
"""

import ast
import re

from reading import core_minutes, minutes
from story import folds

KINDS = ("Predict", "Debug", "Break it", "Build", "Design", "Read", "Judge")
ABOUT = re.compile(r"^### Exercise: \S.*\n\n\*(?P<kind>[A-Z][a-z ]+) · outcome (?P<outcome>\d) · "
                   r"(?P<minutes>\d+) minutes(?P<core> · core)?\*$", re.MULTILINE)
QUESTION = re.compile(r"^### Question: \S.*\n\n\*Outcome (?P<outcome>\d)\*$", re.MULTILINE)
TIME = re.compile(r"^\*\*Time\*\*: (\d+) minutes, core path (\d+); "
                  r"exercises (\d+) more, core (\d+)\.$", re.MULTILINE)
OPTION = re.compile(r"^(\d)\. ", re.MULTILINE)


def title(chapter):
    """The title cell says what the reader will be able to do, what it needs, how long it takes."""
    for cell in chapter.of("title"):
        if not cell.source.startswith("# "):
            yield "title: starts with `# ` and the chapter's title"
        if not re.search(r"^[*_][^*_].*[*_]$", cell.source, re.MULTILINE):
            yield "title: one line in *italics* says what you will be able to do"
        if not re.search(r"^\*\*Needs\*\*: ", cell.source, re.MULTILINE):
            yield "title: name the prerequisites: a line `**Needs**: {doc}`…`` (or Python only)"
        if not 3 <= (count := len(outcomes(chapter))) <= 6:
            yield f"title: {count} outcomes; number 3 to 6 after a line `You will be able to`"
        yield from times(chapter, cell)


def times(chapter, cell):
    """Yield what is wrong with the minutes that the title cell states."""
    whole, core = minutes(chapter.lesson), core_minutes(chapter)
    heads = [head for cell in chapter.of("exercise") if (head := ABOUT.search(cell.source))]
    tasks = sum(int(head["minutes"]) for head in heads)
    core_tasks = sum(int(head["minutes"]) for head in heads if head["core"])
    right = (f"**Time**: {nearest(whole)} minutes, core path {nearest(core)}; "
             f"exercises {nearest(tasks)} more, core {nearest(core_tasks)}.")
    found = TIME.search(cell.source)
    if not found:
        yield f"title: say the computed time in a line of its own: {right}"
    elif any(abs(int(said) - computed) > 5 for said, computed in
             zip(found.groups(), (whole, core, tasks, core_tasks), strict=True)):
        yield f"title: the time is {right}"
    if not 60 <= whole <= 110:
        yield f"the lesson takes {whole:.0f} minutes; a chapter has 60 to 110"
    if not 30 <= core <= 50:
        yield (f"the core path takes {core:.0f} minutes, 30 to 50 are right: write `*Beyond the "
               "core path.*` below the heading of what may be left out")


def nearest(value):
    """Return minutes rounded to 5."""
    return 5 * round(value / 5)


def outcomes(chapter):
    """Return the numbers of the outcomes that the title cell lists."""
    for cell in chapter.of("title"):
        after = cell.source.partition("You will be able to")[2].partition("**Needs**")[0]
        return [int(number) for number in OPTION.findall(after)]
    return []


def predictions(chapter):
    """A prediction offers options that somebody would choose, and its answer is hidden."""
    if not 3 <= (count := len(chapter.of("predict"))) <= 7:
        yield f"{count} predict cells; a chapter has 3 to 7"
    for cell in chapter.cells:
        if cell.step == "predict":
            yield from prediction(chapter, cell)
        elif cell.kind == "markdown" and "**Predict" in cell.source:
            yield f"{cell.id}: a question stands in a predict cell of its own"


def prediction(chapter, cell):
    """Yield what is wrong with one prediction."""
    if cell.source.count("**Predict**") != 1:
        yield f"{cell.id}: asks one question, after the word **Predict**"
    following = answer_cell(chapter.cells[chapter.cells.index(cell) + 1:])
    if following is None or following.step == "claim":
        yield f"{cell.id}: the next cell is the code that answers, with an output"
    asked, offered = cell.metadata.get("prediction", {}), options(cell)
    context = str(asked.get("context", ""))
    if not 6 <= len(context.split()) <= 60 or not context.endswith("."):
        yield (f"{cell.id}: metadata `prediction` has `context`, a sentence or two on what the "
               "question speaks of: on a worksheet and in a poll the section before it is missing")
    if "number" in asked:
        if offered or not {"within", "factor"} & set(asked):
            yield f"{cell.id}: a number to give has `within` or `factor`, and no list of options"
        return
    if not 2 <= len(offered) <= 5:
        yield f"{cell.id}: ends in a numbered list of 2 to 5 options, or asks for one number"
    wrong = {str(number) for number in offered} - {str(asked.get("answer"))}
    if len(wrong) != len(offered) - 1:
        yield f"{cell.id}: metadata `prediction` has `answer`, the number of one option"
    reasons = asked.get("misconceptions", {})
    if set(reasons) != wrong or any(len(str(text).split()) < 3 or str(text).endswith(".")
                                    for text in reasons.values()):
        yield (f"{cell.id}: `misconceptions` says of each wrong option why somebody chooses it: a "
               "clause that follows “you thought that”, without a full stop")


def answer_cell(cells):
    """Return the first cell with an output; None if text stands before it."""
    for cell in cells:
        if cell.kind != "code" or cell.outputs:
            return cell if cell.kind == "code" else None
    return None


def options(cell):
    """Return the numbers of the list at the end of a predict cell."""
    last = re.split(r"\n\s*\n", cell.source.strip())[-1]
    return [int(number) for number in OPTION.findall(last)] if OPTION.match(last) else []


def exercises(chapter):
    """Each exercise assesses an outcome, and one line judges the answer."""
    heads = {cell.id: ABOUT.search(cell.source) for cell in chapter.of("exercise")}
    for cell in chapter.of("exercise"):
        head = heads[cell.id]
        if not head or head["kind"] not in KINDS:
            yield (f"{cell.id}: below `### Exercise: title` stands a line such as "
                   f"`*Build · outcome 2 · 10 minutes · core*`; kinds: {', '.join(KINDS)}")
        yield from folds(cell, "Hint")
        for step in ("try", "check", "solution"):
            if f"{step}-{cell.word}" not in chapter.by_id:
                yield f"{cell.id}: no cell {step}-{cell.word}"
    found = [head for head in heads.values() if head]
    for kind in {"Read", "Judge"} - {head["kind"] for head in found}:
        yield f"no exercise of the kind {kind}; each chapter has one"
    if (core := sum(bool(head["core"]) for head in found)) != 3:
        yield f"{core} exercises are marked core; the core path has three"
    assessed = {int(head["outcome"]) for head in found}
    for outcome in sorted(set(outcomes(chapter)) - assessed):
        yield f"title: no exercise assesses outcome {outcome}"
    for cell in chapter.of("question"):
        head = QUESTION.search(cell.source)
        if not head:
            yield f"{cell.id}: below `### Question: …` stands a line `*Outcome 1*`"
        else:
            assessed.add(int(head["outcome"]))
    for outcome in sorted(assessed - set(outcomes(chapter))):
        yield f"an exercise or question names outcome {outcome}, which the title does not list"


def answers(chapter):
    """A stub, a check in one line that gives nothing away, and a solution that passes it."""
    for cell in chapter.of("try"):
        name = stub_name(cell)
        if not name:
            yield f"{cell.id}: one stub and nothing else: `def name(x): ...` or `name = ...`"
            continue
        call = f"exercises.check_{cell.word.replace('-', '_')}({name}"
        check = chapter.by_id.get(f"check-{cell.word}")
        if check and check.source.strip() != f"{call})":
            yield f"{check.id}: is one line, `{call})`"
        if check and "not attempted" not in check.text_output:
            yield f"{check.id}: is stored as *not attempted*: run it with the stub untouched"
        solution = chapter.by_id.get(f"solution-{cell.word}")
        if solution and f"assert {call}_solution).passed" not in solution.source:
            yield f"{solution.id}: defines {name}_solution, `assert {call}_solution).passed`"
    for cell in chapter.of("exercise"):
        solution = chapter.by_id.get(f"solution-{cell.word}")
        for printed in re.findall(r"^```text\n(.*?)^```$", cell.source, re.DOTALL | re.MULTILINE):
            if solution and not set(printed.splitlines()) <= set(solution.text_output.splitlines()):
                yield f"{cell.id}: prints what {solution.id} does not show: copy its output"
    for cell in chapter.of("solution"):
        if "hide-cell" not in cell.tags:
            yield f'{cell.id}: fold it: metadata {{"tags": ["hide-cell"]}}'
    for cell in chapter.of("setup"):
        if not re.search(rf"^from lib\.grade\.exercises import {chapter.topic} as exercises$",
                         cell.source, re.MULTILINE):
            yield f"setup: `from lib.grade.exercises import {chapter.topic} as exercises`"


def stub_name(cell):
    """Return the name that a try cell leaves to the student; nothing if it is no lone stub."""
    body = cell.tree.body
    if len(body) != 1:
        return ""
    node = body[0]
    if isinstance(node, ast.FunctionDef) and is_ellipsis(getattr(node.body[-1], "value", None)) \
            and len(node.body) <= 2:
        return node.name
    if isinstance(node, ast.Assign) and is_ellipsis(node.value) \
            and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


def is_ellipsis(node):
    return isinstance(node, ast.Constant) and node.value is ...


def pieces(chapter):
    """One derivation by pencil, one drawing that does not move, one loop to copy."""
    for word, kind, what in (("pencil", "markdown", "a derivation by pencil, half a page"),
                             ("drawing", "code", "a figure of the central idea"),
                             ("loop", "code", "the central algorithm as a loop")):
        found = [cell for cell in chapter.lesson
                 if cell.kind == kind and cell.word.split("-")[-1] == word]
        if not found:
            yield f"no {kind} cell whose id ends in -{word}: {what}"
        for cell in found:
            shown = cell.text_output if "source(" in cell.source else "\n".join(cell.code_lines)
            if word == "loop" and (len(shown.splitlines()) > 12
                                   or not re.search(r"^\s*(for|while) ", shown, re.MULTILINE)):
                yield f"{cell.id}: a loop of at most 12 lines, which a reader can copy"


RULES = (title, predictions, exercises, answers, pieces)
