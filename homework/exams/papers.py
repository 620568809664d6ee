"""Set questions and their key as HTML for A4, and print that to PDF where there is a Chromium."""

import html
import os
import subprocess
from pathlib import Path

from homework.exams.texts import right, tolerance
from homework.exams.words import markup, paragraphs
from homework.kit.markup import formula, sheet

STYLE = (Path(__file__).parent / "paper.css").read_text(encoding="utf-8")
LINES = {"predict": 2, "read": 2, "judge": 5, "cost": 2}
REASON = {"predict": "The rule, in a line:", "read": "Why this line?",
          "judge": "Your reasons, in three sentences:", "cost": "Your count:"}


def page(title, parts):
    """Return a whole page of HTML that needs no other file."""
    body = "\n".join(parts)
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{html.escape(title)}</title>\n<style>\n{STYLE}{sheet(body)}</style>\n</head>\n"
            f"<body>\n<h1>{html.escape(title)}</h1>\n{body}\n</body>\n</html>\n")


def shown(item):
    """Return stem and listing."""
    code = f"<pre>{html.escape(item.listing)}</pre>" if item.listing else ""
    return paragraphs(item.stem, formula) + code


def options(item, keyed=False):
    """Return the options as a list with letters; the key with what is behind each."""
    made = []
    for one in item.options:
        said = f" <em>Behind it: {markup(one.misconception, formula)}.</em>" if (
            keyed and one.misconception) else ""
        shade = ' class="right"' if keyed and not one.misconception else ""
        made.append(f"<li{shade}>{markup(one.text, formula)}{said}</li>")
    return f'<ol class="options">{"".join(made)}</ol>' if made else ""


def question(item, number):
    """Return one question with room to write."""
    blank = "" if item.options else f'<p>Your number: <span class="blank"></span> {item.unit}</p>'
    room = '<div class="line"></div>' * LINES[item.kind]
    return (f'<section><h2>{item.heading(number)} <small>{item.points} points, '
            f"{item.minutes} minutes</small></h2>{shown(item)}{options(item)}{blank}"
            f'<p class="reason">{REASON[item.kind]}</p>{room}</section>')


def answer(item, number, outcomes):
    """Return one question with its key, its marks and the outcome that it assesses."""
    filled = "" if item.options else f'<p class="right">{right(item)}{tolerance(item)}</p>'
    marks = "".join(f"<li>{points} point: {html.escape(what)}</li>" for points, what in item.marks)
    marks = f'<ul class="marks">{marks}</ul>' if marks else ""
    said = markup(outcomes.get((item.topic, item.outcome), ""), formula)
    assesses = (f'<p class="outcome">Outcome {item.outcome} of {item.topic}: {said}.</p>'
                if said else "")
    return (f"<section><h2>{item.heading(number)}</h2>{shown(item)}{options(item, True)}"
            f'{filled}<p class="why">{markup(item.why, formula)}</p>{marks}'
            f"{assesses}</section>")


def questions(title, items):
    """Return the question sheet as HTML."""
    total = f"{sum(item.points for item in items)} points, {sum(i.minutes for i in items)} minutes"
    head = (f'<p class="who">Name <span class="blank"></span> Number <span class="blank"></span>'
            f"</p><p>{total}. A simple calculator is allowed. Each answer needs its reason.</p>")
    return page(title, [head, *(question(item, at) for at, item in enumerate(items, 1))])


def survey(title, items):
    """Return a sheet without points: each question with a mark of confidence."""
    sure = '<p class="reason">I am ☐ sure &ensp; ☐ think so &ensp; ☐ guess</p>'
    head = ('<p class="who">Name <span class="blank"></span> Number <span class="blank"></span></p>'
            f"<p>{len(items)} questions, 25 minutes, no machine. This is not marked. Tick one "
            "answer to each question, and how sure you are. A number that is missing belongs to a "
            "question that is not asked.</p>")
    return page(title, [head, *(
        f"<section><h2>{item.heading(at)}</h2>{shown(item)}{options(item)}{sure}</section>"
        for at, item in enumerate(items, 1))])


def key(title, items, outcomes, note=""):
    """Return the key as HTML; the note on the seed stands first."""
    head = [f"<p>{html.escape(note)}</p>"] if note else []
    return page(f"{title}: key",
                [*head, *(answer(item, at, outcomes) for at, item in enumerate(items, 1))])


def to_pdf(path):
    """Print a page to a PDF beside it; return its path, or None where there is no Chromium."""
    from stages import browser

    program = browser()
    if not program:
        return None
    path = Path(path).resolve()
    target = path.with_suffix(".pdf")
    root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    done = subprocess.run([program, "--headless", *root, "--disable-gpu", "--no-pdf-header-footer",
                           f"--print-to-pdf={target}", path.as_uri()], capture_output=True,
                          timeout=120, check=False)
    return target if done.returncode == 0 and target.is_file() else None
