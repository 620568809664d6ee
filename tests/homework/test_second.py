"""A second reader: the sample, the page that names nobody, the sheet that comes back, agreement."""

import csv
import itertools
import json
import math
import random
import shutil
import statistics
from collections import Counter
from html.parser import HTMLParser

import pytest

from homework.course import Course, put
from homework.forget import main as forget
from homework.gradebook import Book
from homework.kappa import kappa, told
from homework.notebooks import Cell, text_of, written
from homework.problems import release_of
from homework.second import main
from tests.homework import small

PROSE = ("why", "how")
HOSTILE = {
    "script": "<script>alert(1)</script>", "handler": '<img src=x onerror="alert(1)">',
    "link": "[a](javascript:alert(1))", "macro": "$\\href{javascript:alert(1)}{x}$",
    "far": "![x](https://example.org/track.png)", "closing": "</div></section><h2>Answer 99</h2>",
    "style": '<p style="position:fixed">x</p><style>body {display:none}</style>',
    "frame": "<iframe src='https://example.org'></iframe>", "formula": "=cmd()"}


def master():
    """Return the cells of a set with two problems in prose."""
    cells = [Cell("markdown", "# A set", "title", small.marks("title"))]
    for name in PROSE:
        cells += [Cell("markdown", f"## The task {name}", f"task-{name}",
                       small.marks(f"task-{name}")),
                  Cell("markdown", f"### BEGIN SOLUTION\nRubric of {name}\n### END SOLUTION",
                       f"answer-{name}", small.marks(name, solution=True, grade=True, locked=False,
                                                     points=4.0))]
    return cells


def make(folder, texts):
    """Return a course in which texts, by student and problem, are graded and to be read."""
    course = Course(folder).made()
    place = course.folder / "source" / "words" / "words.ipynb"
    put(place, text_of(written(master())))
    cells = release_of(master())
    with Book(course) as book:
        book.assign("words", cells)
        for student, answers in texts.items():
            own = [Cell(cell.kind, answers.get(cell.grade_id, ""), cell.id, cell.marks)
                   if cell.is_answer else cell for cell in cells]
            put(course.place("autograded", student, "words"), text_of(written(own)))
            rows = [{"grade_id": name, "points": None, "of": 4.0, "state": "by hand",
                     "headline": "to be read", "cases": [], "note": "",
                     "text": f"{student} {name} {answers.get(name)}"} for name in PROSE]
            put(course.folder / "records" / "words" / f"{student}.json",
                json.dumps({"state": "graded", "problems": rows}))
            book.record("words", student, {"problems": rows})
    return course


def read(course, marks):
    """Give first marks, as formgrader does."""
    with Book(course) as book:
        for (student, name), mark in marks.items():
            grade = book.book.find_grade(name, "words", "words", student)
            grade.manual_score, grade.needs_manual_grade = mark, False
        book.book.db.commit()


STUDENTS = [f"s{n:02}" for n in range(20)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the folder of a course of twenty students, all of whose prose has a first mark."""
    course = make(tmp_path_factory.mktemp("built"), {
        one: {name: f"Text {name} by {one}, of Zoe Zucker." for name in PROSE} for one in STUDENTS})
    put(course.folder / "students.csv", "id,name\n" + "".join(
        f"{one},Zoe Zucker\n" for one in STUDENTS))
    read(course, {(one, name): float(at % 5) for at, one in enumerate(STUDENTS) for name in PROSE})
    return course.folder


@pytest.fixture
def course(built, tmp_path):
    """Return a copy of that course."""
    return Course(shutil.copytree(built, tmp_path / "course"))


def run(course, *more):
    """Run the command; return its exit status."""
    return main(["words", "--course", str(course.folder), "--html", *more])


def sheet(course):
    """Return the path of the sheet, and its rows."""
    path = course.folder / "second" / "words" / "reader" / "sheet.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return path, list(csv.DictReader(file))


def key(course):
    """Return whose texts were drawn, by number."""
    return json.loads((course.folder / "second" / "words" / "key.json").read_text())


def fill(course, mark, comma=",", to=None):
    """Fill the sheet by mark(number, row of the key); return its path."""
    path, rows = sheet(course)
    path = to or path
    lines = [rows[0].keys(), *([*list(row.values())[:3], mark(row["answer"],
                                                              key(course)[row["answer"]]), "why"]
                               for row in rows)]
    path.write_text("\n".join(comma.join(map(str, line)) for line in lines), encoding="utf-8-sig")
    return path


def test_a_sample_is_drawn_of_each_problem_again_the_same_by_its_seed(course, capsys):
    assert run(course, "--part", "0.2", "--seed", "317") == 0
    first, (_, rows) = key(course), sheet(course)
    assert [row["problem"] for row in rows] == ["why"] * 4 + ["how"] * 4
    assert list(rows[0]) == ["answer", "problem", "of", "mark", "remark"]
    assert {row["of"] for row in rows} == {"4"} and not any(row["mark"] for row in rows)
    assert run(course, "--part", "0.2", "--seed", "317") == 0 and key(course) == first
    assert run(course, "--part", "0.2", "--seed", "318") == 0 and key(course) != first
    assert "8 answers" in capsys.readouterr().out


def test_the_reader_sees_texts_and_rubrics_and_neither_names_nor_marks(course):
    assert run(course, "--part", "1", "--seed", "5") == 0
    folder = course.folder / "second" / "words" / "reader"
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page.count('class="card"') == 40 and page.count("Rubric of") == 2
    assert "The task why" in page and "BEGIN SOLUTION" not in page
    seen = page + (folder / "sheet.csv").read_text(encoding="utf-8")
    assert not [one for one in STUDENTS if one in seen] and "Zucker" not in seen
    assert sorted(path.name for path in folder.iterdir()) == ["page.html", "sheet.csv"]


class Tags(HTMLParser):
    """The tags of a page, with their attributes, as a browser reads them."""

    def __init__(self, page):
        super().__init__()
        self.found, self.attributes, self.closed = Counter(), [], Counter()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found[tag] += 1
        self.attributes += attributes

    def handle_endtag(self, tag):
        self.closed[tag] += 1


def test_hostile_texts_are_text(tmp_path):
    course = make(tmp_path, {name: {"why": f"{text} Words."} for name, text in HOSTILE.items()})
    assert run(course, "--part", "1", "--seed", "5") == 0
    page = (course.folder / "second" / "words" / "reader" / "page.html").read_text()
    tags, number = Tags(page), len(HOSTILE)
    assert page.count("Words.") == number
    for tag, times in (("section", number + 1), ("div", number), ("h2", number + 1)):
        assert tags.found[tag] == tags.closed[tag] == times, tag
    assert tags.found["style"] == 1 and not {"script", "iframe", "img"} & set(tags.found)
    assert {name for name, _ in tags.attributes} <= {"lang", "charset", "class", "id", "href"}
    assert all(value.startswith("https://") for name, value in tags.attributes if name == "href")
    assert "\\href" not in page


def test_agreement_is_told_and_what_is_apart_is_listed(course, capsys):
    assert run(course, "--part", "1", "--seed", "5") == 0
    path = fill(course, lambda number, row: (
        STUDENTS.index(row["student"]) % 5 if row["student"] != "s09" else "0"))
    capsys.readouterr()
    assert run(course, "--back", str(path)) == 0
    said = capsys.readouterr().out
    assert said.count("20 answers: the same mark in 19") == 2
    assert "0.20 points less on average" in said and "20 answers are few" in said
    assert "To discuss, 1 points apart or more: 2." in said
    assert "  s09, why: 4 and 0 of 4. why\n" in said
    with (course.folder / "marks" / "words-second.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40 and {row["apart"] for row in rows} == {"0.0", "-4.0"}


def test_what_a_spreadsheet_makes_of_a_sheet_is_read(course, tmp_path, capsys):
    assert run(course, "--part", "0.5", "--seed", "5") == 0
    path = fill(course, lambda number, row: '2,5' if number == "1" else "", ";",
                tmp_path / "back.csv")
    assert run(course, "--back", str(path)) == 0
    assert "and 2.5 of 4" in capsys.readouterr().out


def test_a_new_text_and_a_missing_first_mark_are_left_out_and_named(course, capsys):
    assert run(course, "--part", "1", "--seed", "5") == 0
    path = fill(course, lambda number, row: 1)
    place = course.folder / "records" / "words" / "s03.json"
    place.write_text(place.read_text().replace("s03 why", "another"))
    with Book(course) as book:
        grade = book.book.find_grade("how", "words", "words", "s04")
        grade.manual_score, grade.needs_manual_grade = None, True
        book.book.db.commit()
    capsys.readouterr()
    assert run(course, "--back", str(path)) == 1
    said = capsys.readouterr().out
    assert "s03, why: the text is another one since" in said
    assert "s04, how: there is no first mark" in said
    assert said.count("19 answers: ") == 2


def test_who_is_forgotten_is_in_no_page_and_no_key_and_the_sheet_is_read_without(course, capsys):
    assert run(course, "--part", "1", "--seed", "5") == 0
    path = fill(course, lambda number, row: 1)
    before = path.read_bytes()
    where = ["--course", str(course.folder)]
    assert forget(["s07", *where]) == 0 and "s07" in str(key(course))
    assert forget(["s07", *where, "--yes"]) == 0
    assert "s07" not in str(key(course)) and path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["sheet.csv"]
    capsys.readouterr()
    assert run(course, "--back", str(path)) == 1
    said = capsys.readouterr().out
    assert said.count("its writer is forgotten; left out") == 2 and said.count("19 answers: ") == 2


@pytest.mark.parametrize("mark, words", [
    ("5", "'5' is no mark from 0 to 4"), ("-1", "is no mark"), ("good", "'good' is no mark"),
    ("nan", "'nan' is no mark"), ("inf", "is no mark"), ("", "has no marks")])
def test_a_mark_that_is_none_is_told(mark, words, course, tmp_path):
    assert run(course, "--part", "0.1", "--seed", "5") == 0
    path = fill(course, lambda number, row: mark, to=tmp_path / "back.csv")
    with pytest.raises(Exception, match=words):
        run(course, "--back", str(path))


@pytest.mark.parametrize("text, words", [
    ("", "is no sheet"), ("a,b\n1,2", "is no sheet"), (b"\xff\xfe\x00", "cannot be read"),
    ("answer,problem,of,mark,remark\n77,why,4,1,", "answer '77' of 'why', which was not drawn"),
    ("answer,problem,of,mark,remark\n1,how,4,1,", "answer '1' of 'how', which was not drawn"),
    ("answer,problem,of,mark,remark\n1,why,4,1,\n1,why,4,2,", "answer 1 twice")])
def test_another_file_is_told(text, words, course, tmp_path):
    assert run(course, "--part", "0.1", "--seed", "5") == 0
    path = tmp_path / "other.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Exception, match=words):
        run(course, "--back", str(path))


def test_a_sheet_with_marks_is_not_overwritten(course):
    assert run(course, "--part", "0.5", "--seed", "5") == 0
    path = fill(course, lambda number, row: 1)
    before = path.read_bytes()
    with pytest.raises(Exception, match="has marks: move it away"):
        run(course, "--part", "0.5", "--seed", "6")
    assert path.read_bytes() == before


@pytest.mark.parametrize("more, words", [
    ((), "Say --seed"), (("--seed", "5", "--part", "0"), "--part above 0"),
    (("--seed", "5", "--part", "2"), "--part above 0"), (("--back", "x.csv"), "draw a sample")])
def test_a_mistake_is_told(more, words, course):
    with pytest.raises(Exception, match=words):
        run(course, *more)


def test_without_prose_there_is_nothing_to_draw(course):
    shutil.rmtree(course.folder / "autograded")
    with pytest.raises(Exception, match="no graded prose of words"):
        run(course, "--seed", "5")


# --- Kappa ----------------------------------------------------------------------------------------

def table_kappa(counts):
    """Return weighted kappa of a table of counts, from the definition of Cohen (1968)."""
    n = sum(map(sum, counts))
    rows = [sum(row) / n for row in counts]
    columns = [sum(column) / n for column in zip(*counts, strict=True)]
    places = list(itertools.product(range(len(counts)), repeat=2))
    seen = sum((i - j) ** 2 * counts[i][j] / n for i, j in places)
    chance = sum((i - j) ** 2 * rows[i] * columns[j] for i, j in places)
    return 1 - seen / chance


COUNTS = [[8, 2, 0, 0], [1, 9, 3, 0], [0, 2, 7, 2], [0, 1, 1, 4]]


def marks_of(counts):
    """Return the marks of two readers that a table counts."""
    pairs = [(i, j) for i, row in enumerate(counts) for j, k in enumerate(row) for _ in range(k)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def test_kappa_and_its_error_are_those_of_the_table():
    value, low, high = kappa(*marks_of(COUNTS))
    assert value == pytest.approx(table_kappa(COUNTS), abs=1e-14)
    # The standard error by the delta method, with differences of the table in place of formulas.
    n, step, slopes = sum(map(sum, COUNTS)), 1e-6, {}
    for i, j in itertools.product(range(4), repeat=2):
        moved = [list(map(float, row)) for row in COUNTS]
        moved[i][j] += step * n
        slopes[i, j] = (table_kappa(moved) - table_kappa(COUNTS)) / step
    shares = {place: COUNTS[place[0]][place[1]] / n for place in slopes}
    mean = sum(shares[at] * slopes[at] for at in slopes)
    error = math.sqrt(sum(shares[at] * (slopes[at] - mean) ** 2 for at in slopes) / n)
    assert (high - low) / 2 == pytest.approx(1.96 * error, rel=1e-4, abs=0)


def test_the_interval_covers_kappa_about_as_often_as_it_says():
    rng, truth = random.Random(4711), table_kappa(COUNTS)
    pairs = list(zip(*marks_of(COUNTS), strict=True))
    hits = 0
    for _ in range(400):
        first, second = zip(*rng.choices(pairs, k=60), strict=True)
        _, low, high = kappa(first, second)
        hits += low <= truth <= high
    assert 0.90 <= hits / 400 <= 0.985  # 95 %, two standard errors of 400 tries and some bias


def test_readers_without_relation_agree_by_chance_alone():
    rng = random.Random(31)
    found = [kappa([rng.randrange(5) for _ in range(40)], [rng.randrange(5) for _ in range(40)])[0]
             for _ in range(200)]
    assert abs(statistics.fmean(found)) < 0.04
    assert told([], []) == ["No answer has two marks."]
    assert kappa([1, 1, 1], [1, 2, 3]) is None is kappa([1, 2, 3], [2, 2, 2])
    assert "no kappa" in " ".join(told([1, 2], [3, 3]))
    assert "all marks agree: no interval" in " ".join(told([1, 3], [1, 3]))
