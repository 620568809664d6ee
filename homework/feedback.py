"""Write a page for each student: python -m homework feedback TOPIC."""

import html
import logging
import re

from homework import formulas, harmless, returning
from homework.course import Course, parser, put
from homework.gradebook import Book
from homework.heading import Headings
from homework.plain import plain

ABOUT = """Write a page of feedback for each graded submission, by nbgrader: the notebook with its
outputs, the report on each answer, marks and comments. feedback/ID/TOPIC/TOPIC.html is to be sent
to that student alone. Where prose is still to be read the page says so, and no mark is shown: make
the pages again when it is read.

Of the pages of this run zips are made, in which Canvas, Moodle and you find whose each is:
feedback/TOPIC-canvas.zip, -moodle.zip and -plain.zip. Pages with unread prose stay out, unless
you say --partial."""


def main(arguments):
    """Write feedback; return the exit status."""
    made = parser("feedback", ABOUT, "svd")
    made.add_argument("--student", action="append", metavar="ID", help="only this one; repeatable")
    made.add_argument("--partial", action="store_true",
                      help="put pages into the zips whose prose is still to be read, too")
    options = made.parse_args(arguments)
    course = Course(options.course).made()
    course.master(options.topic)
    done, early, failed = pages(course, options.topic, options.student)
    print(f"{len(done)} pages of feedback are written to {course.folder / 'feedback'}.")
    tell(failed, early)
    files = {student: page for student, page in done.items()
             if options.partial or student not in early}
    for line in returning.zips(course, options.topic, files):
        print(plain(line))
    return 1 if failed or not done else 0


def pages(course, topic, wanted):
    """Write the pages; return them by student, whose prose is unread, and who has no page."""
    done, early, failed = {}, [], []
    with Book(course) as book:
        marks = book.marks(topic)
    headings = Headings(course, topic, marks)
    for student, record in course.records(topic).items():
        if wanted and student not in wanted:
            continue
        source = course.place("autograded", student, topic)
        if record["state"] != "graded" or not source.is_file():
            failed.append(student)
            continue
        unread = [name for name, mark, _ in marks.get(student, []) if mark is None]
        try:
            done[student] = written(course, topic, student, unread, headings.of(student, record))
            early += [student] if unread else []
        except Exception as problem:  # of this notebook: the others have their pages
            print(plain(f"{student}: no page: {type(problem).__name__}: {problem}", 300))
            failed.append(student)
    return done, early, failed


def tell(failed, early):
    """Print who has no page, and whose was made before the prose was read."""
    if early:
        print(f"Prose is not yet read, as their pages say, of {', '.join(early)}: mark it in "
              "formgrader, then run this again; in the zips they are with --partial alone.")
    if failed:
        print(f"None for what is ungraded or cannot be shown: {', '.join(failed)}.")


def written(course, topic, student, unread=(), heading=""):
    """Write one page by nbgrader's own exporter; return its path."""
    exporter, resources = exporter_of(course, topic, student)
    source = course.place("autograded", student, topic)
    page, _ = exporter.from_filename(str(source), resources=resources)
    place = course.place("feedback", student, topic).with_suffix(".html")
    put(place, without(alone(page), unread).replace("</h4>", f"</h4>{heading}", 1))
    return place


def without(page, unread):
    """Return a page that says of some grade_ids that they are not yet read, in place of a score.

    Examples
    --------
    >>> page = ('<h4>svd (Score: 3.0 / 7.0)</h4><a href="#why">Written response</a> (Score: 0.0 / '
    ...         '4.0)<a name="why"></a>Score: 0.0 / 4.0')
    >>> without(page, ["why"])  # doctest: +NORMALIZE_WHITESPACE
    '<h4>svd (Score so far: 3.0 / 7.0, not all of it is read)</h4><a href="#why">Written
     response</a> (not yet read, of 4.0)<a name="why"></a>not yet read, of 4.0'
    """
    if unread:
        page = re.sub(r"(<h4>[^<]*)\(Score: ([\d. /]+)\)",
                      r"\1(Score so far: \2, not all of it is read)", page, count=1)
    for name in map(re.escape, map(html.escape, unread)):
        page = re.sub(rf'(<a href="#{name}">[^<]*</a> )\(Score: [\d.]+ / ([\d.]+)\)',
                      r"\1(not yet read, of \2)", page, count=1)
        page = re.sub(rf'(<a name="{name}"></a>.*?)Score: [\d.]+ / ([\d.]+)',
                      r"\1not yet read, of \2", page, count=1, flags=re.DOTALL)
    return page


def exporters():
    """Return nbconvert's exporter to HTML: no Markdown does harm, and a page loads nothing."""
    from jinja2 import pass_context
    from nbconvert.exporters import HTMLExporter
    from nbconvert.filters.markdown_mistune import MarkdownWithMath

    class Page(HTMLExporter):
        @pass_context
        def markdown2html(self, context, source):
            kept = formulas.Kept()
            made = formulas.renderer(kept)(
                escape=False, attachments=context.get("cell", {}).get("attachments", {}),
                anchor_link_text=self.anchor_link_text,
                exclude_anchor_links=self.exclude_anchor_links)
            return kept.filled(harmless.page(MarkdownWithMath(renderer=made).render(
                formulas.readable(source))))

    return Page


def alone(page):
    """Return a page without the scripts that it would load or that would wait for them.

    Examples
    --------
    >>> alone('<script src="https://a.example/b.js"></script><p><script>x()</script></p>')
    '<p></p>'
    """
    return re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)


def exporter_of(course, topic, student):
    """Return nbgrader's exporter of feedback, and what it has to know."""
    from nbgrader.converters.generate_feedback import GenerateFeedback
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    config = Config()
    config.CourseDirectory.root = str(course.folder)
    config.CourseDirectory.course_id = course.folder.name
    maker = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
    exporter = exporters()(config=maker.config)
    for preprocessor in maker.preprocessors:
        exporter.register_preprocessor(preprocessor, enabled=True)
    return exporter, {"nbgrader": {
        "student": student, "assignment": topic, "notebook": topic,
        "db_url": f"sqlite:///{course.folder / 'gradebook.db'}"}, "unique_key": topic,
        "metadata": {"name": topic}}
