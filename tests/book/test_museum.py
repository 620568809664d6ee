"""The museum: each bug shows, its fix mends it, and the tracer's verdict is the one told."""

import re

import numpy as np
import pytest

from environment import ROOT
from lib.digits import trace
from web import exhibits, museum

FOLDER = ROOT / "chapters" / "museum"
FOUND = exhibits.exhibits(FOLDER)
CHAPTERS = {path.stem for path in (ROOT / "chapters").glob("*.ipynb")}

# Name, report, year, state, chapter, and the lines that the fix changed: read at the source, and to
# be changed only after another look there.
TOLD = """
adam_epsilon google-deepmind/optax#1754 2026 proposed low_precision 2
angle godotengine/godot#8111 2017 merged eigenvalues 3,4
average_weights d8ahazard/sd_dreambooth_extension#1417 2023 merged low_precision 4
batch_norm tenstorrent/tt-metal#45968 2026 merged cancellation 3,4
centroid boostorg/geometry#155 2014 merged cancellation 5
complex_division numworks/epsilon#119 2017 merged floating_point 2,3
correlation_time IlyaKuprov/Spinach#399 2026 merged cancellation 4
double_mask NVIDIA-NeMo/Automodel#2658 2026 merged softmax 2
eigen_2x2 inducer/pytential#130 2022 merged eigenvalues 3,4
far_points elixir-nx/scholar#354 2026 merged cancellation -
frechet paul-buerkner/brms#1932 2026 merged cancellation 3,4
geometric_mean AffineFoundation/affine-cortex#346 2026 proposed floating_point 2,4,5
gradient_check jax-ml/jax#7742 2021 proposed derivatives 2
gradient_clip facebookresearch/fairscale#263 2020 merged low_precision 2,3
gram_svd scipy/scipy#11829 2020 merged svd 2,3,4,5
great_circle patrickrb/FT8AF#512 2026 merged eigenvalues 4
kalman zauberzeug/feldfreund_devkit#47 2026 merged choosing_a_solver 4
log_loss apache/spark#1659 2014 closed softmax 3
logdet pytorch/pytorch#18448 2019 closed cholesky 2,4,5
logit statsmodels/statsmodels#3923 2017 merged softmax 3,4
neighbour spotify/annoy#314 2018 merged cancellation 2,3,4
norm_overflow numpy/numpy#8775 2017 proposed floating_point -
norm_underflow JuliaArrays/StaticArrays.jl#913 2021 merged floating_point -
p_value CamDavidsonPilon/lifelines#73 2014 merged cancellation 3,4
pareto scipy/scipy#7448 2017 merged cancellation 3,4
regression simple-statistics/simple-statistics#857 2026 merged qr 2,3,4
ridge_path scikit-learn/scikit-learn#32459 2025 merged regularization 2,3,5
rms_norm xlite-dev/LeetCUDA#335 2025 merged low_precision 2,3
rotary EleutherAI/gpt-neox#1003 2023 merged low_precision 2,3,4
row_reduction twist-vector/elixir-matrix#10 2023 proposed lu -
softmax_shift FluxML/NNlib.jl#43 2018 merged softmax 2
softplus rushter/MLAlgorithms#30 2017 merged softmax 2,3
surrogate jeshraghian/snntorch#427 2026 merged derivatives 3,4
time_steps CATIA-Systems/FMPy#106 2020 closed floating_point 3,4
welford statrs-dev/statrs#408 2026 merged cancellation -
"""

every = pytest.mark.parametrize("one", FOUND, ids=lambda one: one.name)


@every
def test_the_bug_shows_and_the_fix_keeps_the_digits(one):
    # Half of the digits, for a narrow format has few, and a cosine of 1044 cannot keep them all.
    assert one.before.raised is None and one.after.raised is None
    assert one.before.digits < one.before.full - 1
    assert one.after.digits >= one.after.full / 2
    assert one.after.digits > one.before.digits + 1
    assert np.isfinite(np.array(one.after.value, dtype=float)).all()


def same(one):
    """Whether bug and fix, computed exactly, are one quantity."""
    exact = [np.array(run.exact, dtype=float) for run in (one.before, one.after)]
    return np.isfinite(exact).all() and np.allclose(*exact, rtol=1e-3, atol=0)


@every
def test_the_fix_computes_what_the_bug_should_have(one):
    # A gradient check has another step, so its exact value is another one, by less than 1e-3.
    assert same(one)


@pytest.mark.parametrize(("name", "old", "new"), [
    ("regression", "dx * dy)", "dx * dy) * 2"),
    ("correlation_time", "1 / (omega**2 * long)", "long"),
    ("p_value", "math.erfc(z)", "math.erfc(2 * z)"), ("softplus", "logaddexp(0.0, z)", "square(z)"),
    ("centroid", "return start + moment", "return y[0] + moment"),
    ("pareto", "    return ratio**exponent", "    return ratio")])
def test_a_fix_that_computes_something_else_is_seen(made, name, old, new):
    assert not same(made(name, old, new))


def test_a_fix_does_no_harm_where_the_bug_did_none():
    fixed = {one.name: one.fixed for one in FOUND}
    for norm in (fixed["norm_overflow"], fixed["norm_underflow"]):
        assert norm(np.zeros(2)) == 0 and norm(np.array([3.0, 4.0])) == 5
    assert given("norm_overflow", np.array([1e-5, 0.0]))[1] > 0
    hidden = np.array([0.0, -1e30])
    assert fixed["double_mask"](np.zeros(2), np.zeros(2), hidden).tolist() == [1, 0]
    assert fixed["double_mask"](np.zeros(2), hidden, np.zeros(2)).tolist() == [1, 0]
    quotient = fixed["complex_division"]
    for a, b, c, d in [(1.0, 0.0, 0.0, 1.0), (1.0, 2.0, 3.0, 4.0), (1.0, 2.0, -4.0, 3.0)]:
        expected = (complex(a, b) / complex(c, d)).real
        assert abs(quotient(a, b, c, d) - expected) <= 4 * np.finfo(float).eps * abs(expected)


@every
def test_the_tracer_blames_the_line_or_the_exhibit_says_why_not(one):
    assert one.blamed == (not one.miss)


def test_the_share_is_at_least_what_it_is():
    # The tracer names the line that loses digits. The fix is elsewhere in 9 of 35 exhibits: 5 only
    # insert lines, which changes none, 3 change another one, and one trace names no line.
    hits, chance = exhibits.share(FOUND)
    assert len(FOUND) >= 24 and hits >= 26 and 0 < chance < hits


def test_the_page_says_in_how_many_exhibits_the_count_could_be_another():
    sure, lost, either = exhibits.split(FOUND)
    assert len(sure) + len(lost) + len(either) == len(FOUND)
    assert all(one.blamed for one in sure) and not any(one.blamed for one in lost)
    hits, chance = exhibits.share(either)
    assert hits + len(sure) == exhibits.share(FOUND)[0] and hits > chance
    told = museum.verdict(FOUND)
    assert f"In {len(sure)} exhibits nothing could miss, in {len(lost)} nothing could hit" in told
    assert f"of the other {len(either)} the tracer hits {hits}, chance {chance:.0f}." in told


def test_each_mark_and_the_last_two_lines_are_counted_by_themselves():
    some = [one for one in FOUND if one.name in ("log_loss", "time_steps", "softmax_shift")]
    assert exhibits.each_mark(some) == (2, 1, 1)
    assert exhibits.last_lines(some) == 2


@every
def test_an_exhibit_is_short_and_says_where_it_comes_from(one):
    written = [line for line in one.listing.splitlines() if line.strip()]
    assert len(written) <= 10 and max(map(len, written)) < 80
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", report) for report in (one.report, one.fix)
               if report is not None)
    assert 2010 <= one.year <= 2026 and one.state in ("merged", "closed", "proposed")
    assert one.chapter in CHAPTERS
    assert one.title and one.title[-1] not in ".?!" and one.story.endswith(".")
    assert one.cure.endswith(".")


def given(name, *values):
    """Return what bug and fix make of other numbers, in the format of the exhibit, and its text."""
    [one] = [one for one in FOUND if one.name == name]
    before, after = (float(trace(function, *values, fmt=one.format).value)
                     for function in (one.broken, one.fixed))
    return before, after, f"{one.story} {one.cure}"


def test_the_thresholds_that_a_story_tells_are_those_of_the_code():
    surrogate = {x: given("surrogate", x, 25.0) for x in (-1.77, -1.78, -3.42, -3.43, 0.66, 0.68)}
    before = {x: told[0] for x, told in surrogate.items()}
    assert all(number in surrogate[-1.77][2] for number in ("−1.78", "−3.43", "0.67"))
    assert before[-1.77] > 0 == before[-1.78] == before[-3.42] and np.isnan(before[-3.43])
    assert surrogate[0.66][1] > 0 == surrogate[0.68][1] and before[0.68] > 0
    vectors = np.array([1.0, 2.0]), np.array([1.0, 2 + 2.0**-12])
    assert given("angle", *vectors)[0] == 0 < given("angle", *vectors)[1]


def test_the_results_that_a_story_tells_are_those_of_the_code():
    x, y = np.arange(5.0), 1 + 2 * np.arange(5.0)
    slopes = [given("regression", offset + x, y) for offset in (1e8, 1e9, 1e10)]
    assert f"{1 - slopes[0][0] / 2:.0%}".replace("%", " %") in slopes[0][2]
    assert slopes[1][0] < 0 and np.isinf(slopes[2][0]) and all(slope[1] == 2 for slope in slopes)
    tail = given("frechet", 50.0, 20)
    assert f"{tail[1]:.2f}".replace("-", "−") in tail[2] and np.isinf(tail[0])


def told_of(one):
    """Return what the page says of an exhibit, as the table above has it."""
    changed = ",".join(map(str, sorted(one.changed))) or "-"
    return f"{one.name} {one.report} {one.year} {one.state} {one.chapter} {changed}"


def test_reports_states_chapters_and_changed_lines_are_those_that_were_read():
    assert [told_of(one) for one in FOUND] == TOLD.split("\n")[1:-1]


def texts(function):
    return [line.strip() for line in exhibits.body(function)]


def honest(one):
    """Whether the lines called changed are those in which bug and fix differ, all of them."""
    changed = [one.lines[number].strip() for number in sorted(one.changed)]
    if one.marked:
        return changed == one.marked and f"{one.name}_fixed" not in one.source
    fixed = texts(one.segment(f"{one.name}_fixed"))
    kept = iter(fixed)
    return (not set(changed) & set(fixed)
            and all(line.strip() in kept for number, line in one.lines.items()
                    if number not in one.changed))


@every
def test_the_lines_called_changed_are_those_in_which_bug_and_fix_differ(one):
    assert honest(one)


def test_a_line_that_the_bug_has_not_is_seen(made):
    assert not honest(made("rms_norm", 'CHANGED = [', 'CHANGED = ["no such line", '))
    one = made("pareto", "    cdf = 1 - ratio**exponent\n", "    cdf = 1 - ratio**exponent\n")
    assert honest(one)
    one.changed = {2}
    assert not honest(one)


@every
def test_the_listing_runs_by_itself_and_gives_the_trace(one, tmp_path):
    page = (FOLDER.parent / "museum.md").read_text(encoding="utf-8")
    imports = re.search(r"```python\n(.*?)```", page, re.S)[1]
    path = tmp_path / "listing.py"
    path.write_text(f"{imports}\n{one.listing.replace('trace(', 'told = trace(')}\n")
    told = exhibits.loaded(path).told
    assert np.array_equal(told.value, one.before.value, equal_nan=True)
    assert told.digits == one.before.digits


def test_titles_and_names_are_taken_once():
    assert len({one.title for one in FOUND}) == len(FOUND)


@pytest.fixture
def made(tmp_path):
    """Write an exhibit with another fix, or another word in it, and read it."""
    def write(name, old, new):
        text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / f"{name}.py"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return exhibits.Exhibit(path)

    return write


def test_a_fix_elsewhere_is_no_hit(made):
    # As reported, but mended by a line before the two that the tracer names.
    one = made("log_loss", "    p = np.exp(margin)\n    return np.log1p(p)",
               "    p = np.exp(margin + 1)\n    return np.log(1.0 + p)")
    assert not one.blamed and one.named and one.changed == {min(one.lines)}
    assert one.chance == 0.5


def test_a_line_that_the_fix_inserts_changes_none():
    [one] = [one for one in FOUND if one.name == "far_points"]
    assert not one.changed and sum(line[0] == "+" for line in one.difference) == 2


def test_a_fix_by_a_wider_format_changes_the_lines_that_it_names(made):
    one = made("rms_norm", 'CHANGED = ["square = x * x", "total = np.sum(square)"]',
               'CHANGED = ["root = np.sqrt(total / len(x))"]')
    assert [one.lines[number] for number in one.changed] == ["root = np.sqrt(total / len(x))"]
    assert not one.blamed


def test_what_the_page_says_of_a_number():
    assert museum.shown(np.array([np.nan, 0.5])) == "[nan, 0.5]"
    assert museum.shown(491166.5148864022) == "491166.51"
    assert museum.address("numpy/numpy#8775") == "https://github.com/numpy/numpy/issues/8775"
