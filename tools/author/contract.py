"""Hold a chapter against the contract of CONTRIBUTING.md: one small rule for each sentence of it.

A rule takes a Chapter and yields what is wrong, each as a sentence that tells the author what to
do. `python tools/author/contract.py chapters/softmax.ipynb` prints them all.
"""

import enter  # noqa: F401  runs this with any Python

# isort: split
import ast
import re
import sys
from statistics import median

from chapter import ROOT, bold_sentences, paths, prose, read, words
from claims import numbers, unstated

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
TAGS = {"hide-cell", "hide-input", "raises-exception", "nbval-ignore-output", "invert-dark"}
LONG = ("longdouble", "float128", "clongdouble", "complex256")
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
        if not re.search(r"\b(minutes?|hours?)\b", cell.source):
            yield "title: say how long the chapter takes, in hours or minutes"
        if not re.search(r"\b(prerequisites?|you need|needs?)\b", cell.source, re.IGNORECASE):
            yield "title: name the prerequisites, as links (`Prerequisites: {doc}`…`` or none)"


def setup(chapter):
    """The setup cell is short, holds the only imports and sets the figures' style."""
    for cell in chapter.of("setup"):
        if len(cell.code_lines) > 8:
            yield f"setup: {len(cell.code_lines)} lines; at most 8"
        if not cell.code_lines or cell.code_lines[-1].strip() != "figures.use_style()":
            yield "setup: ends with figures.use_style()"
    for cell, node in code_nodes(chapter):
        if isinstance(node, ast.Import | ast.ImportFrom) and cell.step != "setup":
            yield f"{cell.id}: move the import of line {node.lineno} to the setup cell"
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
            yield f"{cell.id}: import by name; a star hides where a name comes from"


def failure(chapter):
    """Code that breaks stands among the first five cells."""
    if not any(cell.step == "failure" and cell.kind == "code" for cell in chapter.cells[:5]):
        yield "failure: code that breaks (id failure-…) stands among the first five cells"


def cell_sizes(chapter):
    """Cells are short: one idea each."""
    cells = [cell for cell in chapter.lesson if cell.kind == "code"]
    if not 20 <= len(cells) <= 32:
        yield f"{len(cells)} code cells before the exercises; a chapter has 20 to 32"
    for cell in cells:
        if not 1 <= len(cell.code_lines) <= 10:
            yield f"{cell.id}: {len(cell.code_lines)} lines; split it into ideas of 1 to 10 lines"
    if cells and (middle := median(len(cell.code_lines) for cell in cells)) > 6:
        yield f"the median cell has {middle:g} lines; at most 6"
    for cell in chapter.of("check", "solution"):
        if len(cell.code_lines) > 25:
            yield f"{cell.id}: {len(cell.code_lines)} lines; at most 25"


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


def code_style(chapter):
    """The code prints what every machine prints and leaves nothing to the reader's luck."""
    for cell, node in code_nodes(chapter):
        if isinstance(node, ast.Attribute) and node.attr in LONG:
            yield f"{cell.id}: {node.attr} has 80, 64 or 128 bits by platform: use lib or mpmath"
        if isinstance(node, ast.Call) and (problem := bad_seed(node)):
            yield f"{cell.id}: {problem}"
    for cell in chapter.cells:
        if cell.kind != "code":
            continue
        if not cell.tree.body:
            yield f"{cell.id}: is no Python (magic commands are not)"
        if any(line.split("#")[0].rstrip().endswith(";") for line in cell.source.splitlines()):
            yield f"{cell.id}: no `;` at a line's end: end figure cells with an assignment"
        for tag in set(cell.tags) - TAGS:
            yield f"{cell.id}: tag {tag!r} is not used here; known are {', '.join(sorted(TAGS))}"
        if "hide-cell" in cell.tags and cell.step != "solution":
            yield f"{cell.id}: only solutions hide; a reader needs everything else"
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"{cell.id}: writes to stderr: use np.errstate or mend the cause of the warning"
    ignored = [cell for cell in chapter.cells if "nbval-ignore-output" in cell.tags]
    if len(ignored) > 2:
        yield f"{len(ignored)} cells are tagged nbval-ignore-output; at most 2"
    for cell in ignored:
        following = chapter.cells[chapter.cells.index(cell):][:3]
        if not any("assert " in near.source for near in following if near.kind == "code"):
            yield f"{cell.id}: its output is not compared, so an assert must guard it"


def bad_seed(call):
    """Return what is wrong with a call that seeds a random generator, or nothing."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in ("default_rng", "RandomState", "seed", "SeedSequence"):
        return ""
    if not call.args:
        return f"{name}() differs from run to run: give it a seed"
    seed = call.args[0]
    if isinstance(seed, ast.Constant) and seed.value in (0, 1, 42):
        return f"the seed {seed.value} looks chosen: take another, such as a year"
    return ""


def claims(chapter):
    """Each claim is one bold sentence before its asserts, which state all its numbers."""
    for cell in chapter.of("say"):
        if len(said := bold_sentences(cell.source)) != 1:
            yield f"{cell.id}: exactly one **bold sentence**, the claim; it has {len(said)}"
        elif not said[0].endswith((".", "?", "!")):
            yield f"{cell.id}: the bold text is a sentence: its full stop stands inside"
        claim = chapter.by_id.get(f"claim-{cell.word}")
        if claim is None:
            yield f"{cell.id}: no cell claim-{cell.word} asserts it"
            continue
        if chapter.cells[chapter.cells.index(cell) + 1] is not claim:
            yield f"{cell.id}: claim-{cell.word} stands directly after it"
        for number in unstated(" ".join(said), claim.tree):
            yield (f"{claim.id}: the sentence says {number}; write that number into the code "
                   "(2^{53} as 2**53, 10^{-8} as 1e-8)")
    for cell in chapter.of("claim"):
        if not any(isinstance(node, ast.Assert) for node in ast.walk(cell.tree)):
            yield f"{cell.id}: holds no assert"
        if cell.outputs:
            yield f"{cell.id}: a claim cell shows nothing; show the value in a run cell before it"
        if f"say-{cell.word}" not in chapter.by_id:
            yield f"{cell.id}: no cell say-{cell.word} says it"


def figures(chapter):
    """Every figure has a label, a caption and a text for those who do not see it."""
    names = []
    for cell in chapter.cells:
        if cell.kind != "code" or not (kind := figure_kind(cell)):
            continue
        mystnb = cell.metadata.get("mystnb", {})
        name, caption = (mystnb.get("figure", {}).get(key, "") for key in ("name", "caption"))
        names.append(name)
        if not re.fullmatch(r"fig(-[a-z0-9]+)+", name):
            yield f'{cell.id}: label the figure: "mystnb": {{"figure": {{"name": "fig-…"}}}}'
        if len(caption) < 15 or not caption.rstrip().endswith("."):
            yield f'{cell.id}: give the figure a "caption" in mystnb.figure: a sentence'
        alt = explore_alt(cell) if kind == "explore" else mystnb.get("image", {}).get("alt", "")
        where = "the argument alt of explore" if kind == "explore" else '"mystnb": {"image": {"alt"'
        if len(alt) < 25:
            yield f"{cell.id}: say in {where} what the figure shows to those who cannot see it"
        if kind == "figure" and cell.tree.body and not isinstance(cell.tree.body[-1], ast.Assign):
            yield f"{cell.id}: end the figure cell in an assignment (`ax = figures.…`)"
    for name in {name for name in names if name and names.count(name) > 1}:
        yield f"the figure label {name} occurs twice"


def figure_kind(cell):
    """Return "explore" or "figure" for a cell that draws, else nothing."""
    if "<explore:" in cell.text_output:
        return "explore"
    if "<Figure size" in cell.text_output:
        return "figure"
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore":
            return "explore"
    return ""


def explore_alt(cell):
    """Return the literal text of explore's argument alt."""
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore":
            for keyword in node.keywords:
                if keyword.arg == "alt" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return ""


def exercises(chapter):
    """Every exercise has stars, hints in folds, a stub, a check and a solution that passes it."""
    for cell in chapter.of("exercise"):
        if not re.search(r"^### Exercise: \S.* ★{1,3}$", cell.source, re.MULTILINE):
            yield f"{cell.id}: needs the heading `### Exercise: title ★` with one to three stars"
        yield from folds(cell, "Hint")
        for step in ("try", "check", "solution"):
            if f"{step}-{cell.word}" not in chapter.by_id:
                yield f"{cell.id}: no cell {step}-{cell.word}"
    for cell in chapter.of("try"):
        name = stub_name(cell)
        if not name:
            yield f"{cell.id}: one stub and nothing else: `def name(x): ...` or `name = ...`"
            continue
        check = chapter.by_id.get(f"check-{cell.word}")
        if check and not uses(check, name):
            yield f"{check.id}: checks {name}, the name of its try cell"
        if check and "not attempted" not in check.text_output:
            yield f"{check.id}: is stored as *not attempted*: run it with the stub untouched"
        solution = chapter.by_id.get(f"solution-{cell.word}")
        if solution and not uses(solution, f"{name}_solution"):
            yield f"{solution.id}: defines {name}_solution"
    for cell in chapter.of("solution"):
        if "hide-cell" not in cell.tags:
            yield f'{cell.id}: fold it: metadata {{"tags": ["hide-cell"]}}'
        if not any(isinstance(node, ast.Assert) and "passed" in ast.unparse(node)
                   for node in ast.walk(cell.tree)):
            yield f"{cell.id}: asserts that its report passes (`assert check(…).passed`)"


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


def uses(cell, name):
    """Return whether a cell reads, sets or defines a name."""
    return any(name in (getattr(node, "id", ""), getattr(node, "name", ""))
               for node in ast.walk(cell.tree))


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
        if numbers(rest):
            yield f"summary: {', '.join(numbers(rest))} stands in no claim that it repeats"


def plain_words(text):
    """Return a text on one line without bold marks."""
    return " ".join(text.replace("**", "").split())


def terms(chapter):
    """Terms are linked to the glossary, where they stand."""
    known = glossary()
    for cell in chapter.cells:
        for found in re.finditer(r"\{term\}`([^`]+)`", cell.source):
            term = re.sub(r".*<(.*)>$", r"\1", " ".join(found[1].split()))
            if term.lower() not in known:
                yield f"{cell.id}: the glossary has no entry {term!r}: add it to glossary.md"


def glossary(path=ROOT / "chapters" / "glossary.md"):
    """Return the terms of the glossary, in lower case."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.findall(r"^(\S.*)\n(?=(?:\S.*\n)*(?:: | +)\S)", text, re.MULTILINE)
    return {term.split(" : ")[0].strip().lower() for term in found}


def code_nodes(chapter):
    """Yield the syntax nodes of all code cells, each with its cell."""
    for cell in chapter.cells:
        for node in ast.walk(cell.tree):
            yield cell, node


RULES = (skeleton, rounds, title, setup, failure, cell_sizes, word_count, wording, code_style,
         claims, figures, exercises, questions, summary, terms)


def faults(chapter):
    """Return everything that a chapter leaves to do."""
    return [fault for rule in RULES for fault in rule(chapter)]


def main(arguments):
    """Print the faults of the named notebooks, or of all; return the exit status."""
    found = [f"{path}: {fault}" for path in arguments or paths() for fault in faults(read(path))]
    print("\n".join(found) or "the contract is kept")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
