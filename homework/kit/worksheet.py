"""Make two pages A4 of a chapter for the pencil, and their key.

    python -m homework worksheet softmax

Predictions with blanks, one figure, one trace to annotate, the pencil derivation with gaps. As
HTML, and as PDF where there is a Chromium; the figure comes from the built site, if there is one.
"""

import ast
import html
import re
import subprocess

from homework import Trouble
from homework.kit import ROOT, files, gaps, lessons, markup, pictures
from homework.kit.pieces import pieces, suffix

QUESTIONS, CONTEXT, PENCIL = 5, 45, 230  # predictions; words before one; words of a derivation
SHEET = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}: {kind}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body>{pages}<script>{script}</script></body></html>
"""
HEAD = """<header><h1>{title}</h1><p>{about}</p></header>"""
NAME = "Name <span class=\"rule\"></span> Date <span class=\"rule short\"></span>"
SURE = ('<p class="sure">☐ sure ☐ think ☐ guess &ensp; because <span class="rule long"></span>'
        "</p>")
LISTING = re.compile(r"```text\n(?P<text>.*?)```|(?:^\|[^\n]*\n)+", re.DOTALL | re.MULTILINE)
# An aside on a cell that paper does not have.
ELSEWHERE = re.compile(r"\(.*\b(?:folded|above)\b.*\)")


def predictions(chapter):
    """Return a few predictions, those of the core path first, in the order of the chapter."""
    core = {cell.id for _, cells, core in lessons.sections(chapter) if core for cell in cells}
    made = lessons.predictions(chapter)
    chosen = sorted(made, key=lambda one: one.id not in core)[:QUESTIONS]
    return [one for one in made if one in chosen]


def asked(one, number, key):
    """Return a prediction with blanks, or with its answer."""
    marks = "".join(f"<li>{box(key and at == one.answer)} {markup.line(text)}{behind(one, at, key)}"
                    "</li>" for at, text in enumerate(one.options, 1))
    name = f"<h3>{number}. {markup.line(one.heading)}</h3>"
    if key:
        right = "" if one.options else f"<p><strong>{markup.line(one.right)}</strong></p>"
        return f'<section>{name}<ol class="key">{marks}</ol>{right}</section>'
    told = [part for part in pieces(one.context) if not ELSEWHERE.fullmatch(part)]
    before = suffix(told, CONTEXT)
    body = f'<p class="setting">{markup.line(one.setting)}</p>' + markup.block(
        "\n\n".join([*before, f"**Predict**: {one.question}"]))
    room = f"<ol>{marks}</ol>" if marks else '<p>Your number: <span class="rule"></span></p>'
    spare = ' class="spare"' if number > 2 else ""
    return f"<section{spare}>{name}{body}{room}{SURE}</section>"


def behind(one, number, key):
    """Return what is behind a wrong option, for the key."""
    words = one.misconceptions.get(number)
    return f": <em>{markup.line(words)}</em>" if key and words else ""


def box(ticked):
    """Return a box to tick."""
    return "☒" if ticked else "☐"


def drawing(chapter):
    """Return the cell of the figure of the central idea, else of the first that moves."""
    drawn = [cell for cell in chapter.lesson
             if cell.kind == "code" and cell.word.split("-")[-1] == "drawing"]
    return (drawn or chapter.of("explore"))[0]


def figure(chapter, site, key):
    """Return the part of the sheet with one figure; its caption is the key."""
    cell = drawing(chapter)
    picture = pictures.still(pictures.figure(site, chapter.topic, cell.id)) if site else ""
    caption = cell.metadata["mystnb"]["figure"]["caption"]
    below = (f"<p><strong>{markup.line(caption)}</strong></p>" if key else
             '<p>What does it show? One sentence: <span class="rule full"></span>'
             '<span class="rule full"></span></p>')
    return f"<section><h2>One figure</h2><figure>{picture}</figure>{below}</section>"


def reading(chapter):
    """Return the exercise that has something printed to be read."""
    tasks = [one for one in lessons.exercises(chapter) if LISTING.search(one.text)]
    return sorted(tasks, key=lambda one: one.kind != "Read")[0]


def trace(chapter, key):
    """Return the part of the sheet with one trace, without its digits."""
    one = reading(chapter)
    found = LISTING.search(one.text)
    listing = (found["text"] or "").rstrip()
    without = gaps.trace_with_gaps(listing)
    shown = f"<pre>{html.escape(listing if key else without)}</pre>" if listing else (
        markup.block(found[0]))
    wanted = "Write beside it what you read." if without == listing else (
        "Write at each line how many digits are left.")
    before, after = (markup.block(text) for text in (
        one.text[:found.start()], f"{wanted} {task(one)}"))
    solved = f"<p><strong>{html.escape(solution(chapter, one))}</strong></p>" if key else (
        '<p><span class="rule full"></span><span class="rule full"></span></p>')
    return (f"<section><h2>One trace: {markup.line(one.title)}</h2>{before}{shown}{after}"
            f"{solved}</section>")


def task(one):
    """Return what an exercise asks, for the pencil: the tuple is for Python."""
    text = one.text[LISTING.search(one.text).end():].strip()
    return re.sub(r"\bgive (?:a tuple )?`\w+`( of\b)?", "write down", text).strip()


def solution(chapter, one):
    """Return the value that the solution of an exercise assigns."""
    cell = chapter.by_id[f"solution-{one.id.partition('-')[2]}"]
    values = [node.value for node in cell.tree.body if isinstance(node, ast.Assign)
              and getattr(node.targets[0], "id", "").endswith("_solution")]
    return ast.unparse(values[0]) if values else ""


def pencil(chapter, key):
    """Return the part of the sheet with the derivation, its gaps open or filled."""
    cells = [cell for cell in chapter.lesson
             if cell.kind == "markdown" and cell.word.split("-")[-1] == "pencil"]
    texts = [shortened(lessons.source(cell)) for cell in cells]
    # The first with enough to fill in.
    text = max(texts, key=lambda one: min(gaps.with_gaps(one).count(r"\underset"), 3))
    return (f"<section><h2>By pencil</h2>"
            f"{markup.block(gaps.with_gaps(text, filled=key))}</section>")


def shortened(text):
    """Return the first paragraphs of a derivation, without headings and tables."""
    text = re.sub(r"^#+ .*$|^\*Beyond the core path\.\*$|^\|.*$", "", text, flags=re.MULTILINE)
    kept, count = [], 0
    for part in re.split(r"\n\s*\n", text.strip()):
        count += len(markup.words(markup.block(part)))
        if kept and count > PENCIL:
            break
        kept.append(part)
    return "\n\n".join(kept)


def sheet(chapter, site=None, key=False):
    """Return the worksheet of a chapter, or its key, as one page of HTML."""
    name = markup.line(lessons.title(chapter))
    about = "Key. Not for the students." if key else NAME
    first = "".join(asked(one, number, key)
                    for number, one in enumerate(predictions(chapter), 1))
    second = figure(chapter, site, key) + trace(chapter, key) + pencil(chapter, key)
    pages = "".join(f'<main class="sheet">{part}</main>' for part in (
        f"{HEAD.format(title=name, about=about)}<h2>Before you run it</h2>{first}", second))
    own = ROOT / "homework" / "kit" / "assets"
    style = "".join((own / one).read_text(encoding="utf-8") for one in ("sheet.css", "paper.css"))
    return SHEET.format(title=html.escape(markup.plain(lessons.title(chapter))), pages=pages,
                        kind="key" if key else "worksheet", style=markup.sheet(pages) + style,
                        script=(own / "paper.js").read_text(encoding="utf-8"))


def as_pdf(path, browser):
    """Print a page as a PDF beside it, by Chromium; return its path."""
    target = path.with_suffix(".pdf")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
               "--virtual-time-budget=3000", f"--print-to-pdf={target}", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode or not target.is_file():
        raise Trouble(f"Chromium did not print {path.name}: {done.stderr.strip()[-200:]}. Open "
                      "the page in a browser and print it there.")
    return target


def site_or_none(topic, asked):
    """Return the folder of the built site; None, and a word about it, where there is none."""
    try:
        return pictures.site_of(topic, asked)
    except Trouble as trouble:
        if asked:
            raise
        print(f"Without its figure: {trouble}")
        return None


def main(arguments=None):
    """Write worksheets and keys; return the exit status."""
    from stages import browser

    options = files.parser("worksheet", __doc__, site=True).parse_args(arguments)
    program = browser()
    if program is None:
        print("No PDF: there is no Chromium. Print the pages in any browser, or install chromium.")
    for topic in files.topics(options.topic):
        site = site_or_none(topic, options.site)
        for name in ("worksheet", "key"):
            page = sheet(lessons.lesson(topic), site, name == "key")
            path = files.write(options.out, topic, f"{name}.html", page)
            made = as_pdf(path.resolve(), program) if program else path
            print(made)
    return 0
