"""Let the reader predict: options to choose from, and an answer that is covered until then.

A cell `predict-x` whose metadata has `prediction` ends in an ordered list of options, or asks for a
number. The list gets buttons (`assets/predict.js`), and what answers, the output of the next code
cell and the text after it, lies in containers of the class `answer`, which the script covers. All
stands on the page as plain text, so that without scripts, in print and in searches nothing is
missing. Guesses stay in the reader's browser.
"""

import html
import json
from importlib import metadata

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

log = logging.getLogger(__name__)

NUMBER = """<form class="prediction-number">
<label>Your number <input type="text" autocomplete="off" spellcheck="false"></label>
<span class="prediction-unit">{unit}</span>
<button type="submit">Predict</button>
</form>"""
# Asked before the answer is seen, and never needed: whoever passes it by has said nothing.
SURE = """<div class="prediction-sure" role="radiogroup"
aria-label="How sure are you? You may skip this.">
<span aria-hidden="true">How sure?</span>
{labels}
</div>"""
LEVEL = ('<label><input type="radio" name="sure-{cell}" value="{word}"><span>{word}</span>'
         "</label>")
LEVELS = ("guess", "think so", "sure")
REVEAL = ' <button type="button" class="prediction-reveal">Show me</button>'
SWITCH = """<div class="prediction-switch" data-page="{page}" data-what="{what}" data-act="{act}">
<p>{asks} Each answer is covered until you {act}.</p>
<label><input type="checkbox" role="switch"> Show all answers</label>
<p class="prediction-said visually-hidden" role="status"></p>
</div>"""
SUM = """<div class="prediction-sum" data-none="{none}" data-some="{some}">
<p>{none}, of {count}.</p>
<button type="button">{forget}</button>{hand_in}
</div>"""
# What a teacher may ask for: a file of the choices, which the script saves and sends nowhere.
HAND_IN = """
<button type="button" class="prediction-hand-in" data-version="{version}">Hand in my predictions
(saves a file)</button>"""
# The words of a page with predictions; a quiz has others.
WORDS = {"what": "prediction", "act": "predict", "some": "You predicted",
         "none": "Your predictions in this chapter: none yet",
         "forget": "Forget my predictions of this chapter"}


class PredictionError(ValueError):
    """A prediction that cannot be shown."""


def cover(cells, blocks, page):
    """Make the predictions of a page, and say at its top and its end how many there are."""
    made = 0
    for number, cell in enumerate(cells):
        prediction = cell["metadata"].get("prediction")
        own = [block for at, block in blocks if at == number]
        if prediction is None or not own:
            continue
        try:
            make(cells, blocks, number, prediction)
            made += 1
        except PredictionError as fault:
            log.warning("%s: %s", cell.get("id"), fault, location=own[0])
    if made:
        asks = "This chapter asks you once what will happen." if made == 1 else (
            f"This chapter asks you {made} times what will happen.")
        put_after_cell(cells, blocks, "title", raw(SWITCH.format(page=page, asks=asks, **WORDS)))
        hand_in = HAND_IN.format(version=html.escape(version()))
        put_after_cell(cells, blocks, "summary",
                       raw(SUM.format(count=made, hand_in=hand_in, **WORDS)))


def version():
    """Return the version of the book, as its package is installed."""
    try:
        return metadata.version("where-the-digits-go")
    except metadata.PackageNotFoundError:
        return "unknown"


def raw(text):
    """Return a node of HTML."""
    return nodes.raw("", text, format="html")


def put_after_cell(cells, blocks, name, node):
    """Put a node after the last block of a cell, or of the page if it has no such cell."""
    ids = [cell.get("id") for cell in cells]
    number = ids.index(name) if name in ids else len(ids) - 1
    last = [block for at, block in blocks if at <= number][-1]
    if isinstance(last, nodes.section):  # a heading alone
        last.append(node)
    else:
        put_after(last, node)


def put_after(block, node):
    """Put a node after a block."""
    block.parent.insert(block.parent.index(block) + 1, node)


def make(cells, blocks, number, prediction):
    """Turn the end of a cell into options or a field, and wrap what answers."""
    own = [block for at, block in blocks if at == number and not is_unseen(block)]
    if not own:
        raise PredictionError("the cell asks nothing")
    box = nodes.container("", sure(cells[number]["id"]), classes=["prediction"])
    if "number" in prediction:
        verdicts, data = judge_number(prediction)
        put_after(own[-1], box)
        box += raw(NUMBER.format(unit=html.escape(prediction.get("unit", ""))))
    else:
        options = own[-1]
        verdicts, data = judge_options(options, prediction)
        options.replace_self(box)
        box += options
        options["classes"].append("prediction-options")
        blocks[blocks.index((number, options))] = (number, box)
    box += tools({"cell": cells[number]["id"], **data}, verdicts)
    wrap_answer(cells, blocks, number)


def sure(cell):
    """Return a row in which the reader may say how sure a guess is."""
    labels = "\n".join(LEVEL.format(cell=html.escape(cell), word=word) for word in LEVELS)
    return raw(SURE.format(labels=labels))


def tools(data, verdicts):
    """Return what the script finds below a question: its data, and what is said after a guess."""
    told = nodes.container("", *verdicts, classes=["prediction-verdicts"])
    asked = html.escape(json.dumps(data))
    return [raw(f'<div class="prediction-tools" data-prediction="{asked}">'), told, raw("</div>")]


def is_unseen(block):
    """Tell whether a block is the section itself, or a note for the book's own tests."""
    return isinstance(block, nodes.section | nodes.comment) or (
        isinstance(block, nodes.raw) and block.astext().lstrip().startswith("<!--"))


def judge_options(options, prediction):
    """Return what is said after each choice, and the data for the script."""
    if not isinstance(options, nodes.enumerated_list):
        raise PredictionError("the cell does not end in an ordered list of options")
    answer, thoughts = prediction.get("answer"), prediction.get("misconceptions", {})
    count = len(options)
    if not 2 <= count <= 5:
        raise PredictionError(f"there are {count} options, not 2 to 5")
    if answer not in range(1, count + 1):
        raise PredictionError(f"the answer {answer!r} is not the number of an option, 1 to {count}")
    wrong = [number for number in range(1, count + 1) if number != answer]
    if sorted(thoughts) != [str(number) for number in wrong]:
        raise PredictionError(f"misconceptions are named for {sorted(thoughts)}, "
                              f"not for each of {wrong}")
    for item in options:
        if len(item) != 1 or not isinstance(item[0], nodes.paragraph):
            raise PredictionError("an option is more than one paragraph")
    return verdicts_on(options, answer, thoughts), {"answer": answer}


def verdicts_on(options, answer, thoughts):
    """Return what is said after each choice; `thoughts` may name what is behind a wrong one."""
    for item in options:
        unlink(item)
    right = options[answer - 1][0].children
    verdicts = [verdict("start", "Choose one before you read on.", raw(REVEAL))]
    for number in range(1, len(options) + 1):
        if number == answer:
            verdicts.append(verdict(number, "Right."))
            continue
        behind = thoughts.get(str(number))
        why = (["Perhaps you thought that ", thought(behind), "."] if behind else [])
        verdicts.append(verdict(number, "Not right: it is “", *copies(right), "”. ", *why))
    verdicts.append(verdict("shown", "It is “", *copies(right), "”."))
    return verdicts


def judge_number(prediction):
    """Return what is said after each kind of number, and the data for the script."""
    data = {name: prediction[name] for name in ("number", "within", "factor") if name in prediction}
    if ("within" in data) == ("factor" in data):
        raise PredictionError("a number has either `within` or `factor`")
    if not all(isinstance(value, int | float) for value in data.values()):
        raise PredictionError(f"these are not all numbers: {data}")
    what = f"{data['number']:.10g} {prediction.get('unit', '')}".strip()
    return [
        verdict("start", "Give one number before you read on.", raw(REVEAL)),
        verdict("right", f"Right: {what}."),
        verdict("wrong", f"Not right: it is {what}."),
        verdict("shown", f"It is {what}."),
        verdict("unread", "Write one number, such as 0.25, 1e-8 or 2^-13.", raw(REVEAL)),
    ], data


def verdict(name, *parts):
    """Return a sentence that is shown in one case; its parts are texts and nodes."""
    children = [nodes.Text(part) if isinstance(part, str) else part for part in parts]
    return nodes.paragraph("", "", *children, classes=["prediction-verdict", f"is-{name}"])


def thought(words):
    """Return a misconception, in which `code` may occur."""
    box = nodes.inline(classes=["prediction-thought"])
    for at, part in enumerate(words.rstrip(".").split("`")):
        box += nodes.literal(part, part) if at % 2 else nodes.Text(part)
    return box


def copies(children):
    """Return copies of inline nodes without the stop at their end."""
    made = [child.deepcopy() for child in children]
    if made and isinstance(made[-1], nodes.Text):
        made[-1] = nodes.Text(made[-1].rstrip(".;,?"))
    return made


def unlink(item):
    """Take the links out of an option: it becomes a button, which may hold none."""
    for link in list(item.findall(lambda node: isinstance(node, nodes.reference
                                                          | addnodes.pending_xref))):
        link.replace_self(link.children)


def wrap_answer(cells, blocks, number):
    """Wrap the output of the code that follows and the text that goes with it."""
    cell = answer_cell([block for at, block in blocks if at > number])
    classes = ["answer", f"to-{cells[number]['id']}"]
    cell[-1]["classes"] += classes
    after = answering(cells, blocks[[block for _, block in blocks].index(cell) + 1:])
    if after:
        section = cell.parent
        first, last = section.index(after[0]), section.index(after[-1])
        box = nodes.container("", *section[first:last + 1], classes=classes)
        section[first:last + 1] = [box]


def answer_cell(blocks):
    """Return the first cell of code with an output; only code may stand before it."""
    for place, cell in enumerate(blocks):
        if cell.get("nb_element") != "cell_code":
            raise PredictionError("the code in the next cell puts nothing out" if place else
                                  "the next cell is not code that answers")
        if cell[-1].get("nb_element") == "cell_code_output":
            return cell
    raise PredictionError("the next cell is not code that answers")


def answering(cells, blocks):
    """Return the first of some blocks: up to code in sight, a heading or the next prediction."""
    after = []
    for number, block in blocks:
        code = block.get("nb_element") == "cell_code"
        if (isinstance(block, nodes.section) or (code and "hide_mode" not in block)
                or cells[number].get("id", "").startswith("predict")):
            break
        after.append(block)
    return after
