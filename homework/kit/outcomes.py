"""List the outcomes of chapters, and what assesses each: exercises, questions, predictions.

    python -m homework outcomes softmax
    python -m homework outcomes all

As CSV for a spreadsheet and as a page for an accreditation file. An outcome is named LO-softmax-2.
"""

import html

from homework import plain
from homework.kit import ROOT, files, lessons, markup

FIELDS = ("outcome", "chapter", "statement", "assessed_by", "kind", "minutes", "core", "title",
          "cell")
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Outcomes</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>Outcomes and what assesses them</h1>
<p>Each outcome is observable: an exercise has a check with cases, a question a model answer.</p>
{tables}</main></body></html>
"""


def rows(chapter):
    """Return a dict for each exercise and question, by the outcome that it assesses."""
    made = []
    for number, statement in lessons.outcomes(chapter).items():
        for what, tasks in (("exercise", lessons.exercises(chapter)),
                            ("question", lessons.questions(chapter))):
            made += [row(chapter, number, statement, what, one)
                     for one in tasks if one.outcome == number]
    return made


def row(chapter, number, statement, what, task):
    """Return the row of one exercise or question."""
    values = (f"LO-{chapter.topic}-{number}", lessons.title(chapter), markup.plain(statement), what,
              task.kind, task.minutes or "", "core" if task.core else "", markup.plain(task.title),
              f"{chapter.topic}#{task.id}")
    return dict(zip(FIELDS, values, strict=True))


def as_csv(table):
    """Return the rows as CSV."""
    return plain.table([FIELDS, *([one[name] for name in FIELDS] for one in table)])


def section(chapter):
    """Return the table of one chapter as HTML."""
    made = rows(chapter)
    body = []
    for number, statement in lessons.outcomes(chapter).items():
        name = f"LO-{chapter.topic}-{number}"
        own = [one for one in made if one["outcome"] == name]
        for at, one in enumerate(own):
            first = (f'<th scope="rowgroup" rowspan="{len(own)}">{name}<br>'
                     f"<span>{markup.line(statement)}</span></th>" if at == 0 else "")
            time = f"{one['minutes']} min" if one["minutes"] else "oral"
            core = " · core" if one["core"] else ""
            body.append(f"<tr>{first}<td>{one['kind']}</td><td>{html.escape(one['title'])}</td>"
                        f"<td>{time}{core}</td></tr>")
    return (f"<h2>{markup.line(lessons.title(chapter))}</h2><table><thead><tr>"
            '<th scope="col">outcome</th><th scope="col">kind</th><th scope="col">assessed by</th>'
            f'<th scope="col">time</th></tr></thead><tbody>{"".join(body)}</tbody></table>')


def page(topics):
    """Return the tables of some chapters as one page."""
    tables = "\n".join(section(lessons.lesson(topic)) for topic in topics)
    style = (ROOT / "homework" / "kit" / "assets" / "sheet.css").read_text(encoding="utf-8")
    return PAGE.format(style=markup.sheet(tables) + style, tables=tables)


def main(arguments=None):
    """Write the table as CSV and as a page; return the exit status."""
    options = files.parser("outcomes", __doc__).parse_args(arguments)
    chosen = files.topics(options.topic)
    table = [one for topic in chosen for one in rows(lessons.lesson(topic))]
    files.write(options.out, options.topic, "outcomes.html", page(chosen))
    path = files.write(options.out, options.topic, "outcomes.csv", as_csv(table))
    print(f"{path} and .html: {len({one['outcome'] for one in table})} outcomes, "
          f"{len(table)} exercises and questions")
    return 0
