"""What comes off the wire never stops a batch, fills a machine or forges a line."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from homework import bench, farm, harmless, judging, report
from homework.plain import plain, table
from homework.running import ROOM, Run
from homework.summary import sentence
from homework.wire import WireError, pack, unpack
from tests.homework import small
from tests.homework.test_loop import make

PICTURE = "iVBORw0KGgo" + "A" * 3_000_001  # in base64


def graded(folder, name, source):
    """Return the result of one answer in place of the right one."""
    cells = small.master([name], prose=False)
    return small.result_of(small.submission(cells=cells, **{name: source}), folder, cells)


def test_half_a_character_is_gone_where_it_comes_in(tmp_path):
    result = graded(tmp_path, "half", "def half(x):\n    raise ValueError('\\ud800 gone')")
    assert small.points_of(result) == {"half": 0}
    assert "gone" in sentence({**result, "state": "graded"})
    assert result["notebook"].encode() and json.dumps(result, ensure_ascii=False).encode()
    found = unpack(json.dumps({"t": "dict", "v": [["\ud800", ["\udfff"]]]}), b"")
    assert found == {"?": ["?"]}


@pytest.mark.parametrize("forged", [
    {"output_type": np.array([1, 2])}, {"output_type": ["stream"]}, {"output_type": {}},
    {"output_type": "stream", "name": np.array([1, 2]), "text": np.ones(3)},
    {"output_type": "error", "ename": np.ones(2), "evalue": {}, "traceback": [np.ones(2)]},
    {"output_type": "display_data", "data": {"image/png": np.ones(2), "text/plain": [1]}}])
def test_an_output_of_any_types_is_shown_or_left_out(forged):
    assert json.dumps(harmless.outputs_of([forged, 3, None]))


def test_all_outputs_together_have_a_budget():
    picture = {"output_type": "display_data", "data": {"image/png": PICTURE}}
    run = Run(dict.fromkeys(range(14), ""), "bubblewrap")
    run.session = SimpleNamespace(alive=True, call=lambda *args: [picture] * 2,
                                  exported=[])
    for place in run.sources:
        run._cell(place)
    assert len(json.dumps(run.outputs)) < ROOM + 10_000
    assert len(run.outputs) == 14 and len(run.outputs[0]) == 2
    assert "too long" in run.outputs[13][0]["text"]


def test_whatever_one_grading_raises_makes_that_one_ungraded():
    def work(request):
        if request["k"] == 1:
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "not allowed")
        return request

    def unreadable():
        raise OSError("the disk\nis gone")

    requests = {f"s{k}": (lambda k=k: {"k": k}) for k in range(3)} | {"s3": unreadable}
    found = dict(farm.results(requests, workers=2, work=work))
    assert found["s0"] == {"k": 0} and found["s2"] == {"k": 2}
    assert "UnicodeEncodeError" in found["s1"]["ended"]
    assert found["s3"]["ended"] == "its grading failed: OSError: the disk is gone"


def test_a_bench_that_answers_with_an_error_makes_that_one_ungraded(monkeypatch):
    def call(*args):
        raise ValueError("a value of 207 MiB is too large to carry")

    monkeypatch.setattr(bench.kept, "bench", SimpleNamespace(alive=True, call=call), raising=False)
    assert "207 MiB" in bench.asked({"limits": {}})["ended"]


@pytest.mark.parametrize("shape", [[2**39, 0], [2**27, 0], [0, 2**20, 2**10], [2**26], [True], 3])
@pytest.mark.parametrize("kind", ["array", "objects"])
def test_elements_have_a_limit_and_not_bytes_alone(shape, kind):
    size = 2**26 if shape == [2**26] else 0
    forged = {"t": kind, "d": "|u1", "s": shape, "n": size, "v": []}
    with pytest.raises(WireError):
        unpack(json.dumps(forged), bytes(size))


def test_rows_without_elements_cost_no_memory_and_earn_nothing(tmp_path):
    with pytest.raises(ValueError, match="too large to carry"):
        pack(np.zeros((2**39, 0)))
    result = graded(tmp_path, "pair", "pair = np.zeros((2**39, 0))")
    assert small.points_of(result) == {"pair": 0}


@pytest.mark.parametrize("fault, points", [(MemoryError(), 0), (RecursionError(), 0),
                                           (TypeError(), None)])
def test_an_answer_that_its_judge_cannot_bear_is_wrong(fault, points):
    def check(answer, seed, variant):
        raise fault

    problem = SimpleNamespace(name="half", check="check_half")
    run = SimpleNamespace(answer=lambda name, place: 0.5)
    found, why = judging.verdict(problem, run, SimpleNamespace(check_half=check),
                                 {"seed": 3, "variant": ""})
    assert (found is None) == (points is None)
    assert "judge failed" in why if found is None else found.verdict == "wrong"


LIES = ["\n  ada   15 of 15 points\n", "\r\x1b[2K  mallory   15 of 15\x1b[8m", "\x1b]0;title\x07",
        "\u2028next\u202egnol\u200b", "\x85\x0b\x0c\x9b2K"]


@pytest.mark.parametrize("lie", LIES, ids=ascii)
def test_a_reason_is_one_line_that_can_be_printed(lie, tmp_path):
    assert plain(lie).isprintable()
    raised = f"raise ValueError({lie!a})"
    result = graded(tmp_path, "half", f"def half(x):\n    {raised}\n{raised}")
    rows = result["problems"]
    assert all(text.isprintable() for text in (rows[0]["headline"], rows[0]["note"]))
    assert all(case[2].isprintable() for case in rows[0]["cases"])
    assert sentence({**result, "state": "graded"}).isprintable()
    assert sentence({"state": "failed", "problems": [], "notes": [lie]}).isprintable()


@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", " \n=1+1", "\r+1", "\x1b-1", "@SUM(A1)",
                                     "\t=1"])
def test_no_field_of_a_table_is_a_formula(formula):
    assert table([[formula, 3]]).strip('"')[0] == "'"


def test_the_table_of_misconceptions_holds_no_formula(tmp_path):
    course = make(tmp_path, small.master(["half"], prose=False))
    row = {"grade_id": "grade-half", "points": 0, "of": 4, "headline": "half: wrong", "note": "",
           "state": "judged", "verdict": "wrong", "cases": [["x", "wrong", "=cmd|' /C calc'!A0"]]}
    place = course.folder / "records" / "small" / "ada.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"state": "graded", "problems": [row], "notes": []}))
    assert report.main(["small", "--course", str(course.folder)]) == 0
    text = (course.folder / "marks" / "small-misconceptions.csv").read_text()
    assert "cmd" in text and ",=" not in text
