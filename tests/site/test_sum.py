"""The figure of the first page: its numbers are those of real additions, and its words are its own.

The sums are held against `lib.numbers`, against exact integers, and against the spacing of floats;
nothing is compared with what the figure said last week.
"""

import json
import math
import re

import numpy as np
import pytest

from lib.numbers import FP32, FP64, naive_sum, pairwise_sum, ulp
from web import pixels, sum_figure, sum_words

FOUND = pixels.looks()
LOOKS = [(way, at) for way in pixels.WAYS for at in range(len(pixels.LOOKS))]


def look(way, at):
    """Return one look."""
    return FOUND[way][at]


# --- Sums -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("start", [0.0, 3.5, 2.0**24, 2.0**31 - 300, 2.0**32])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_terms_are_added_one_by_one_and_rounded(start, kind):
    terms = np.random.default_rng(11331).random(3000, dtype=np.float32) * np.float32(255)
    one_by_one = naive_sum(np.concatenate([[kind(start)], terms.astype(kind)]))
    made = pixels.add(kind(start), terms)
    assert made == one_by_one and made.dtype == kind


def test_the_first_pixels_are_added_as_the_library_does():
    rng, blocks = np.random.default_rng(2018), pixels.LOOKS[0] // pixels.BLOCK
    drawn = [pixels.pixels(rng) for _ in range(blocks + 1)]
    terms = np.concatenate(drawn[:-1])
    float32, float64, pairs = (look(way, 0) for way in pixels.WAYS)
    assert float32.total == naive_sum(terms) and float32.term == drawn[-1][0]
    assert float64.total == naive_sum(terms.astype(np.float64))
    assert pairs.after == pairwise_sum(np.array([np.sum(block) for block in drawn[:-1]]))
    exact = math.fsum(terms.tolist())
    assert abs(float(pairs.after) / exact - 1) <= 20 * 2.0**-24  # at most 20 additions a term


def test_pixels_are_random_from_0_to_255():
    drawn = pixels.pixels(np.random.default_rng(7))
    assert drawn.dtype == np.float32 and drawn.min() >= 0 and drawn.max() <= pixels.LIMIT
    # The mean of n has the standard deviation 255 / sqrt(12 n); five of them are never seen.
    assert abs(drawn.mean() - 127.5) < 5 * 255 / math.sqrt(12 * len(drawn))


def test_the_last_look_is_the_story_that_was_reported():
    assert pixels.ALL == 1024 * 256 * 256 == pixels.LOOKS[-1]
    last = look(pixels.WAYS[0], -1)
    assert last.total == 2**32 and last.mean == 64.0 and last.gap == 512


@pytest.mark.parametrize("way, at", LOOKS)
def test_a_look_is_one_addition_in_its_format(way, at):
    seen = look(way, at)
    kind = np.float64 if "float64" in way else np.float32
    assert {seen.total.dtype, seen.term.dtype, seen.after.dtype} == {np.dtype(kind)}
    assert seen.after == kind(float(seen.total) + float(seen.term))  # float64 holds the sum of two
    one = float(seen.after if seen.pairs else seen.total)
    assert float(seen.gap) == ulp(one, FP64 if kind is np.float64 else FP32)
    assert seen.count == pixels.LOOKS[at]


@pytest.mark.parametrize("way", pixels.WAYS[1:])
def test_the_cures_keep_the_mean(way):
    # 27 additions a pixel in pairs, 2**26 in float64: both errors are far below one half of 0.1.
    for at in range(len(pixels.LOOKS)):
        assert abs(look(way, at).mean - look(pixels.WAYS[1], at).mean) < 27 * 2.0**-24 * 127.5


def test_the_sum_in_float32_stands_still_from_2_to_the_32_on_and_not_before():
    stuck = [sum_words.stuck(look(pixels.WAYS[0], at)) for at in range(len(pixels.LOOKS))]
    totals = [float(look(pixels.WAYS[0], at).total) for at in range(len(pixels.LOOKS))]
    assert stuck == [total == 2**32 for total in totals] and 0 < sum(stuck) < 8
    assert np.float32(2**32) + np.float32(pixels.LIMIT) == 2**32  # the largest pixel is lost
    assert np.float32(2**32) + np.float32(257) > 2**32  # what is beyond half of the gap is not
    below = np.float32(2**32 - 256)
    assert below + np.float32(pixels.LIMIT) == 2**32  # one float earlier it counts


# --- Words ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("way, at", LOOKS)
def test_a_sentence_says_what_its_look_shows(way, at):
    seen = look(way, at)
    said = sum_words.sentence(seen).replace("\u202f", "")
    assert len(said.split()) <= 25
    if seen.pairs:
        assert f"{float(seen.total):.0f} + {float(seen.term):.0f}" in said
    else:
        gap = re.search(r"The next float is (\S+)( × 10(\S+))? away", said)
        power = gap[3].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) if gap[3] else "0"
        # Rounded to one digit, of which the first may be 1.
        assert abs(float(f"{gap[1]}e{power}") / float(seen.gap) - 1) <= 0.35
        lost = "is lost" in said or "stays 2³²" in said
        assert lost == (seen.after == seen.total)
    if "mean" in said:
        assert f"{seen.mean:.1f}" in said


def test_the_last_sentence_answers_the_question():
    assert sum_words.sentence(look(pixels.WAYS[0], -1)).endswith(
        "the sum stays 2³², and 2³² / 2²⁶ is 64.")


# --- Frames ---------------------------------------------------------------------------------------

def test_a_frame_for_each_look_draws_its_sum_its_term_and_its_mean():
    start, data = sum_figure.frames()
    assert len(data["frames"]) == len(data["words"]) == len(LOOKS)
    for number, pieces in enumerate(data["frames"]):
        at, way = divmod(number, len(pixels.WAYS))
        seen, drawn = look(pixels.WAYS[way], at), "".join(data["pieces"][one] for one in pieces)
        bare = drawn.replace("\u202f", "")
        assert f">sum: {float(seen.total):.0f}" in bare and f">mean: {seen.mean:.1f}<" in bare
        assert data["words"][number] == sum_words.sentence(seen)
    first = look(pixels.WAYS[0], pixels.LOOKS.index(sum_figure.START))
    assert data["words"][start] == sum_words.sentence(first)


@pytest.mark.parametrize("at, ticks", [(-1, 2), (-5, 3), (-9, 5)])
def test_the_ruler_has_a_tick_for_each_float_that_it_reaches(at, ticks):
    seen = look(pixels.WAYS[0], at)
    [drawn] = sum_figure.ruler(seen)
    reach = (sum_figure.REACH - sum_figure.SUM) / sum_figure.SCALE
    assert drawn.count("v18") == int(reach / float(seen.gap)) + 1 == ticks


def test_an_arrow_is_as_long_as_its_pixel_and_the_sum_lands_on_a_float():
    for at in range(len(pixels.LOOKS)):
        seen = look(pixels.WAYS[0], at)
        drawn = "".join(sum_figure.arrow(seen))
        tip = float(re.search(r'class="arrow" d="M\S+ \S+?H([\d.]+)M', drawn)[1])
        land = float(re.search(r'class="land" cx="([\d.]+)"', drawn)[1])
        assert abs(tip - sum_figure.SUM - float(seen.term) * sum_figure.SCALE) < 0.1
        floats = (land - sum_figure.SUM) / sum_figure.SCALE / float(seen.gap)
        assert abs(floats - round(floats)) * float(seen.gap) < 0.2  # a coordinate has four digits


def test_the_figure_shows_its_first_frame_and_its_sentence_without_scripts():
    page = sum_figure.figure()
    start, data = sum_figure.frames()
    picture, script = page.split('<script type="application/json">')
    assert f'role="status">{data["words"][start]}</p>' in picture
    assert all(data["pieces"][piece] in picture for piece in data["frames"][start])
    assert json.loads(script.split("</script>")[0])["frames"] == data["frames"]
    assert picture.count("disabled") == 3  # until the script is there


def test_numbers_are_written_to_be_read():
    written = [sum_words.number(one) for one in (0.0, 2.0**32, 0.5, 157.88, 8556433356.5)]
    assert [one.replace("\u202f", " ") for one in written] == [
        "0", "4 294 967 296", "0.5", "157.9", "8 556 433 356"]
    assert [sum_words.counted(one) for one in (65536, 2**26)] == ["65\u202f536", "67.1 million"]
