"""Search as you type: the words of a query, and which places come first.

The script that finds runs here in QuickJS, the same one as in the browser.
"""

import functools
import json

import pytest
import quickjs

from web import modules, search


@functools.cache
def engine():
    """Return a JavaScript engine with the library and what knows words and ranks."""
    context = quickjs.Context()
    context.set_max_stack_size(8 * 2**20)
    library = modules.modules() / search.LIBRARY
    for path in (library, *(search.HERE / name for name in ("words.js", "rank.js"))):
        context.eval(search.bare(path.read_text(encoding="utf-8")) + "\n;0")
    return context


def run(code, *values):
    """Return what a JavaScript function says about some values."""
    given = ", ".join(json.dumps(value) for value in values)
    return json.loads(engine().eval(f"JSON.stringify(({code})({given}))"))


# --- Words ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, words", [
    ("0.1 + 0.2 == 0.3", ["0.1", "+", "0.2", "==", "0.3"]),
    ("16\u202f777\u202f217, 16 777 217, 16,777,217 and 16_777_217", ["16777217"] * 3 + [
        "and", "16777217"]),
    ("1e-8 2**24 2^−53 10¹⁵⁵", ["1e-8", "2^24", "2^-53", "10^155"]),
    ("log-sum-exp", ["logsumexp"]),
    ("np.mean(x, axis=0)", ["npmean", "x", "axis", "0"]),
    ("P @ A is not L @ U.", ["p", "@", "a", "is", "not", "l", "@", "u"]),
    ("float16 E4M3 BatchNorm", ["float16", "e4m3", "batchnorm"]),
    ("κ(A), Householder’s, Padé", ["kappa", "a", "householder", "pade"]),
    ("compare floats with ==?", ["compare", "floats", "with", "=="]),
    ("— … ()", []),
])
def test_digits_operators_and_names_are_words(text, words):
    assert run("text => finderWords.units(text).map(one => one.joined)", text) == words


def test_a_compound_has_parts():
    units = run("finderWords.units", "log-sum-exp np.linalg.lstsq 1e-8")
    assert [one["parts"] for one in units] == [["log", "sum", "exp"], ["np", "linalg", "lstsq"],
                                               ["1e-8"]]


@pytest.mark.parametrize("words", [
    "round rounds rounding rounded", "loss losses", "matrix matrices", "scale scales scaling",
    "sum sums summation", "cancel cancelled cancellation", "stop stopped stopping",
    "dependency dependencies", "normalise normalised normalisation normalization", "step steps",
])
def test_forms_of_a_word_have_one_stem(words):
    assert len({run("finderWords.stem", word) for word in words.split()}) == 1


@pytest.mark.parametrize("word", ["axis", "bias", "class", "float32", "string", "lu", "0.1"])
def test_what_is_no_ending_stays(word):
    assert run("finderWords.stem", word) == word


# --- Ranks ----------------------------------------------------------------------------------------

PLACES = [
    ("symptom", "The loss is inf, or nan.", "exp has overflowed.", "Inf and nan", ""),
    ("term", "log-sum-exp", "A logarithm of a sum of exponentials.", "", ""),
    ("term", "condition number", "How far errors grow.", "", ""),
    ("law", "Rounding errors of a sum grow with 16\u202f777\u202f216.", "", "Sums", ""),
    ("section", "Jitter by reasoning", "A little on the diagonal.", "Cholesky", "nugget"),
    ("section", "Cholesky", "A triangle.", "Cholesky", "cholesky factor"),
    ("exercise", "The price of a condition number", "", "Conditioning", ""),
    ("section", "Two numbers", "A condition of one number.", "Conditioning", ""),
    ("symptom", "0.1 + 0.2 == 0.3 is false.", "", "Sums", ""),
]
CALLED = {"overflow": ["inf"], "eps": ["rounding errors"], "out range": ["inf, or nan"]}


def found(typed, places=PLACES, called=CALLED):
    """Return the titles that some words find, in order."""
    keys = ("kind", "title", "text", "where", "more")
    rows = [{"number": at, "page": "p", "anchor": "a", **dict(zip(keys, row, strict=True))}
            for at, row in enumerate(places)]
    code = "(index, typed) => finder.make(index).find(typed).map(one => one.title)"
    return run(code, {"entries": rows, "synonyms": called}, typed)


@pytest.mark.parametrize("typed, first", [
    ("loss nan", "The loss is inf, or nan."),
    ("losses", "The loss is inf, or nan."),
    ("logsumexp", "log-sum-exp"), ("log-sum-exp", "log-sum-exp"), ("log sum exp", "log-sum-exp"),
    ("condit", "condition number"),
    ("the condition number", "condition number"),
    ("conditoin number", "condition number"),
    ("choleski", "Cholesky"),
    ("cholesky jitter", "Jitter by reasoning"),
    ("nugget", "Jitter by reasoning"),
    ("round", "Rounding errors of a sum grow with 16\u202f777\u202f216."),
    ("16777216", "Rounding errors of a sum grow with 16\u202f777\u202f216."),
    ("16777217", "Rounding errors of a sum grow with 16\u202f777\u202f216."),
    ("0.1 + 0.2", "0.1 + 0.2 == 0.3 is false."),
    ("==", "0.1 + 0.2 == 0.3 is false."),
    ("eps", "Rounding errors of a sum grow with 16\u202f777\u202f216."),
    ("range is out", "The loss is inf, or nan."),
])
def test_what_is_typed_finds_its_place(typed, first):
    assert found(typed)[0] == first


def test_terms_come_before_exercises_and_exercises_of_the_words_before_scattered_ones():
    assert found("condition number") == ["condition number", "The price of a condition number",
                                         "Two numbers"]


def test_a_place_with_half_of_the_words_gives_way_to_one_with_all():
    assert found("loss nan") == ["The loss is inf, or nan."]
    assert len(found("loss jitter")) == 2


@pytest.mark.parametrize("typed", ["", "  ", "zyxwvut", "…", "99999999"])
def test_what_is_nowhere_finds_nothing(typed):
    assert found(typed) == []


def test_digits_are_not_misspelt():
    places = [("term", "float32", "", "", ""), ("term", "float16", "", "", "")]
    assert found("float16", places) == ["float16"]
