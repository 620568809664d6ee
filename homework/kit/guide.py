"""Make the page of a chapter for teaching assistants: aim, stops of the lab, wrong answers.

    python -m homework guide softmax

For each exercise: its minutes, and the wrong answers that the tests of its check know, what the
check says of each, and a question to ask. The wrong answers run when the page is made, so it says
what a student reads. Solutions are not on it; they are folded in the chapter.
"""

import ast
import html
import importlib.util
import warnings

from homework.kit import ROOT, files, lessons, markup

LINES = 4  # of a wrong answer that is a function
MOST = 4  # wrong answers of an exercise, those first whose mistake the check knows
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}: for assistants</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>{title}: for assistants</h1>
{body}</main></body></html>
"""
RULES = """<p class="quiet">Ask, and wait: no question below contains the answer. Who is right by
another road has to say what it costs. A verdict is of the answer, never of the person.</p>"""


def answers_file(topic):
    """Return the path of the wrong answers that the tests of a chapter's checks know."""
    return ROOT / "tests" / "grade" / "answers" / f"{topic}.py"


def wrong_answers(topic):
    """Return {word of a check: [(its source, the answer)]}."""
    path = answers_file(topic)
    spec = importlib.util.spec_from_file_location(f"answers_{topic}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = sources(path.read_text(encoding="utf-8"))
    return {word: [(written.get((word, said), repr(answer)), answer)
                   for said, answer in told.items()] for word, told in module.WRONG.items()}


def sources(text):
    """Return {(word, what is said): how the answer is written} of a file of wrong answers."""
    tree = ast.parse(text)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    table = next(node.value for node in tree.body if isinstance(node, ast.Assign)
                 and node.targets[0].id == "WRONG")
    found = {}
    for word, told in zip(table.keys, table.values, strict=True):
        if not isinstance(told, ast.Dict):
            continue
        for said, answer in zip(told.keys, told.values, strict=True):
            if isinstance(said, ast.Constant):
                found[word.value, said.value] = shape(answer, functions)
    return found


def shape(answer, functions):
    """Return how an answer is written: an expression, or the start of the function it names."""
    if isinstance(answer, ast.Lambda):
        return ast.unparse(answer.body)
    if isinstance(answer, ast.Name) and answer.id in functions:
        body = functions[answer.id].body
        body = body[1:] if isinstance(body[0], ast.Expr) and len(body) > 1 else body
        lines = "\n".join(map(ast.unparse, body)).splitlines()
        return "\n".join([*lines[:LINES], *["…"] * (len(lines) > LINES)])
    return ast.unparse(answer)


def judged(topic, word, answer):
    """Return the report of a check on an answer; None where it cannot be made here."""
    module = importlib.import_module(f"lib.grade.exercises.{topic}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(module, f"check_{word}")(answer)


def meaning(report):
    """Return what a report says of a wrong answer: the mistake that it knows, or the worst case."""
    if report.note:
        return report.advice
    bad = worst(report)
    return f"{bad.name}: {bad.shown}. {bad.reason}".strip() if bad else report.headline


def worst(report):
    """Return the first case with the worst verdict; None if all is well."""
    return next((one for one in report.cases if one.verdict == report.verdict), None) \
        if not report.passed and report.verdict != "not attempted" else next(
            (one for one in report.cases if one.verdict != "stable"), None)


def to_ask(report):
    """Return a question that leads to the mistake and does not name it."""
    bad = worst(report)
    if bad is None:
        return "What does your answer say of the smallest case that you can do by hand?"
    if bad.verdict == "another road":
        return "Which words of the task say how it is to be done? Where does your code do so?"
    if report.good == "stable":
        return (f"Take the case “{bad.name}”. Go through your code line by line: what is the first "
                "number that is not what you expect?")
    if report.good == "breaks":
        return f"Your input has to do something: “{bad.name}”. Which line of the code decides it?"
    if "'" in bad.reason:  # a word was asked for
        return f"What in the task makes you say so of “{bad.name}”? Point to it."
    return f"How did you get “{bad.name}”? Say each step aloud, with its number."


def told(topic, word):
    """Return a few wrong answers and their reports: those whose mistake the check knows first."""
    known, others, seen = [], [], set()
    for source, answer in wrong_answers(topic).get(word, []):
        report = judged(topic, word, answer)
        if meaning(report) not in seen:
            (known if report.note else others).append((source, report))
        seen.add(meaning(report))
        if len(known) == MOST:
            break
    return [*known, *others][:MOST]


def task(topic, one, number):
    """Return the part of the page on one exercise."""
    rows = [f"<tr><td><pre>{html.escape(source)}</pre></td>"
            f"<td>{html.escape(meaning(report))}</td><td>{html.escape(to_ask(report))}</td></tr>"
            for source, report in told(topic, one.id.partition("-")[2].replace("-", "_"))]
    core = ", core" if one.core else ""
    say = "Ask first." if one.hints and "?" in one.hints[0] else "First hint."
    first = f"<p><strong>{say}</strong> {markup.line(one.hints[0])}</p>" if one.hints else ""
    table = ('<table><thead><tr><th scope="col">wrong answer</th><th scope="col">misconception, or '
             'what the check says</th><th scope="col">ask</th></tr></thead><tbody>'
             f'{"".join(rows)}</tbody></table>') if rows else ""
    return (f"<h3>{number}. {markup.line(one.title)} <span class=\"quiet\">({one.kind}, outcome "
            f"{one.outcome}, {one.minutes} min{core})</span></h3>{first}{table}")


def stops(chapter):
    """Return the stops of a lab of a hundred minutes: the core exercises, then what fits."""
    tasks = lessons.exercises(chapter)
    ordered = [one for one in tasks if one.core] + [one for one in tasks if not one.core]
    left, chosen = 75, []  # beside 25 minutes to begin, to talk and to end
    for one in ordered:
        if one.core or (one.minutes <= left and len(chosen) < 5):
            chosen.append(one)
            left -= one.minutes
    rows = "".join(f"<li>{markup.line(one.title)}: {one.minutes} min</li>" for one in chosen)
    return ("<h2>Stops of a lab of 100 minutes</h2><ol><li>The question of the chapter, in pairs: "
            f"10 min</li>{rows}<li>One wrong answer of today, anonymous, at the board: 15 min</li>"
            "</ol>")


def predictions(chapter):
    """Return the table of the predictions: wrong option, misconception, question to ask."""
    rows = "".join(
        f"<tr><td>{markup.line(one.options[number - 1])}</td>"
        f"<td>{markup.line(lessons.misconception(words))}</td>"
        f"<td>If that were so, what would you see at <code>{one.id}</code> for another number? "
        "Try it.</td></tr>"
        for one in lessons.predictions(chapter) for number, words in one.misconceptions.items())
    return ('<h2>Predictions</h2><table><thead><tr><th scope="col">they choose</th>'
            '<th scope="col">because they think</th><th scope="col">ask</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>")


def page(chapter):
    """Return the page of a chapter."""
    listed = "".join(f"<li>{markup.line(text)}</li>" for text in lessons.outcomes(chapter).values())
    whole, core, tasks, core_tasks = lessons.minutes(chapter)
    body = [f"<p><strong>Aim.</strong> {markup.line(lessons.promise(chapter))} Students will be "
            f"able to</p><ol>{listed}</ol>",
            f"<p><strong>Minutes.</strong> Reading {whole}, core path {core}; exercises {tasks}, "
            f"core {core_tasks}.</p>{RULES}", stops(chapter), "<h2>Exercises</h2>"]
    body += [task(chapter.topic, one, number)
             for number, one in enumerate(lessons.exercises(chapter), 1)]
    body = "\n".join([*body, predictions(chapter)])
    style = (ROOT / "homework" / "kit" / "assets" / "sheet.css").read_text(encoding="utf-8")
    return PAGE.format(title=html.escape(markup.plain(lessons.title(chapter))), body=body,
                       style=markup.sheet(body) + style)


def main(arguments=None):
    """Write the pages; return the exit status."""
    options = files.parser("guide", __doc__).parse_args(arguments)
    for topic in files.topics(options.topic):
        text = page(lessons.lesson(topic))
        path = files.write(options.out, topic, "guide.html", text)
        print(f"{path}: {text.count('<tr><td>')} wrong answers and options")
    return 0
